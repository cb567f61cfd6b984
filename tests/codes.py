"""Codes as the app on a telephone shows them (RFC 6238), computed here from the key on the page."""

import base64
import hashlib
import hmac
import re
import struct
import time

KEY = re.compile(r'account-key">([A-Z2-7 ]+)<')
BACKUP = re.compile(r"<li><code>([\w-]+)</code></li>")


def key_in(page: str) -> str:
    [key] = KEY.findall(page)
    return str(key).replace(" ", "")


def code(key: str, steps: int = 0) -> str:
    """The code of now, or of so many steps of 30 seconds later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    mac = hmac.new(base64.b32decode(key), counter, hashlib.sha1).digest()
    [number] = struct.unpack_from(">I", mac, mac[-1] & 15)
    return str((number & 0x7FFFFFFF) % 1_000_000).zfill(6)
