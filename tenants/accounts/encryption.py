"""Encryption of what has to be read again, unlike a digest. The key is not in the database: it is
made of SECRET_KEY, so whoever has only a backup reads nothing."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

# What a Fernet token begins with: its version, and the first bytes of a time.
VERSION = "gAAAA"


def seal(secret: bytes, *purpose: str) -> str:
    """To be opened for the same purpose only."""
    return fernet(purpose).encrypt(secret).decode()


def opened(sealed: str, *purpose: str) -> bytes | None:
    """None if it was sealed for another purpose, with another SECRET_KEY, or has been altered."""
    try:
        return fernet(purpose).decrypt(sealed.encode())
    except InvalidToken:
        return None


def is_sealed(text: str) -> bool:
    return text.startswith(VERSION)


def fernet(purpose: tuple[str, ...]) -> Fernet:
    """Each purpose has a key of its own (RFC 5869)."""
    info = "\0".join(purpose).encode()
    derived = HKDF(SHA256(), length=32, salt=None, info=info).derive(
        str(settings.SECRET_KEY).encode()
    )
    return Fernet(urlsafe_b64encode(derived))
