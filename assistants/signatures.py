"""Signatures: prove that the vendor sent these bytes, and when. Optional, beside secrets.

The formats are those of Vapi's HMAC credential (server-url/server-authentication). A key is not
hashed as a secret is, but sealed: checking a signature takes the key itself.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from assistants.models import Secret, SigningKey
from assistants.models.credentials import MOST_IN_USE
from tenants import memory
from tenants.organizations import Refused

WINDOW = timedelta(minutes=10)
# Vapi does not say whether its timestamps are seconds or milliseconds. As seconds, such a number
# would be the year 5138, so it is milliseconds.
MILLISECONDS_FROM = 10**11
TIMESTAMP = re.compile(r"\d{9,14}")
PLACEHOLDER = re.compile(rb"\{(timestamp|body|method|url)\}")


class Reason(StrEnum):
    """Why a signature is refused, as the log says it."""

    NO_KEY = "no_key"
    UNREADABLE_KEY = "unreadable_key"
    NO_SIGNATURE = "no_signature"
    NO_TIMESTAMP = "no_timestamp"
    OUT_OF_TIME = "out_of_time"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Signed:
    """A request as it arrived. `body` is the raw one: a parsed one written anew may differ."""

    headers: Mapping[str, str]
    body: bytes
    method: str
    url: str

    @classmethod
    def of(cls, request: HttpRequest) -> "Signed":
        url = request.build_absolute_uri()
        return cls(request.headers, request.body, request.method or "", url)


def reason_to_refuse(signed: Signed, *, now: datetime) -> Reason | None:
    """None when a key in use in the current org signed it, ten minutes ago at most."""
    keys = memory.recall("signing keys", lambda: tuple(SigningKey.objects.in_use()))
    reasons = [refusal(signed, key, now=now) for key in keys]
    if None in reasons:
        return None
    return reasons[0] if reasons else Reason.NO_KEY


def refusal(signed: Signed, key: SigningKey, *, now: datetime) -> Reason | None:
    shown = signed.headers.get(key.signature_header, "").strip()
    timestamp = signed.headers.get(key.timestamp_header, "").strip()
    if key.key is None:
        return Reason.UNREADABLE_KEY
    if not shown:
        return Reason.NO_SIGNATURE
    if not TIMESTAMP.fullmatch(timestamp):
        return Reason.NO_TIMESTAMP
    due = signature(signed, key, key.key, timestamp)
    if not hmac.compare_digest(due.encode(), shown.encode()):
        return Reason.DIFFERENT
    return None if abs(now - instant(timestamp, now=now)) < WINDOW else Reason.OUT_OF_TIME


def signature(signed: Signed, form: SigningKey, key: str, timestamp: str) -> str:
    parts = {
        b"timestamp": timestamp.encode(),
        b"body": signed.body,
        b"method": signed.method.encode(),
        b"url": signed.url.encode(),
    }
    # One pass, so that a placeholder inside the body is not replaced.
    payload = PLACEHOLDER.sub(lambda found: parts[found[1]], form.payload_format.encode())
    digest = hmac.digest(key.encode(), payload, form.algorithm)
    is_hex = form.encoding == SigningKey.Encoding.HEX
    return form.prefix + (digest.hex() if is_hex else base64.b64encode(digest).decode())


def instant(timestamp: str, *, now: datetime) -> datetime:
    number = int(timestamp)
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    return datetime.fromtimestamp(seconds, tz=now.tzinfo)


def issue(**form: str) -> SigningKey:
    """A new key, valid beside the one there is and beside the secrets. Raises Refused."""
    if SigningKey.objects.in_use().count() >= MOST_IN_USE:
        raise Refused("org", "two keys are in use already; retire the old one first")
    key = SigningKey(**form)
    key.seal(secrets.token_hex(32))
    try:
        key.full_clean()
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Refused(f"--{field.replace('_', '-')}", problems[0]) from None
    key.save()
    return key


def insist(*, now: datetime) -> None:
    """End the secrets: from now on only signed requests are accepted. Raises Refused."""
    if all(key.key is None for key in SigningKey.objects.in_use()):
        raise Refused("--only", "there is no key that can be read, so nobody could come in")
    Secret.objects.in_use().update(retired=now)


def stop(*, now: datetime) -> None:
    """End the keys: a secret is enough again. Raises Refused."""
    if not Secret.objects.in_use().exists():
        raise Refused("--off", "there is no secret, so nobody could come in; see rotate_secret")
    SigningKey.objects.in_use().update(retired=now)
