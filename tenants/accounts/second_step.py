"""The second step of a sign-in: a code of the user's telephone, or a backup code."""

import secrets
from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from urllib.parse import quote, urlencode

import segno
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Subquery
from django_otp import verify_token

from tenants.accounts.models import DIGITS, STEP, BackupCode, SignInPolicy, TotpDevice

KEY_BYTES = 20  # RFC 4226
CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look alike
CODE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """`device` is the id of the user's confirmed device, as sessions keep it, or ""."""

    device: str = ""
    is_required: bool = False


def standing(user: User) -> Standing:
    """In one query, as each page asks."""
    device = TotpDevice.objects.filter(user=user.pk, confirmed=True).values("pk")
    policy = SignInPolicy.objects.filter(requires_second_step=True)
    found = User.objects.filter(pk=user.pk).values_list(Subquery(device[:1]), Exists(policy))
    key, is_required = found.first() or (None, False)
    return Standing(f"{TotpDevice.model_label()}/{key}" if key else "", bool(is_required))


def begin(user: User) -> TotpDevice:
    """A new device that is not confirmed yet, in place of one that never was. A confirmed one stays
    as it is."""
    with transaction.atomic():
        device: TotpDevice
        device, _ = TotpDevice.objects.select_for_update().get_or_create(user=user)
        if not device.confirmed:
            device.seal(secrets.token_bytes(KEY_BYTES))
            device.save()
    return device


def begun(user: User) -> TotpDevice | None:
    """The device that waits for its first code."""
    found: TotpDevice | None = TotpDevice.objects.filter(user=user, confirmed=False).first()
    return found


def confirm(user: User, code: str) -> TotpDevice | None:
    """The device, from now on asked for at each sign-in; None if the code is not right."""
    device = begun(user)
    if device is None or not verify_token(user, device.persistent_id, code):
        return None
    return device if TotpDevice.objects.filter(pk=device.pk).update(confirmed=True) else None


def verified(user: User, code: str) -> TotpDevice | None:
    """The user's device, if the code is right. It is used up then."""
    device = standing(user).device
    found: TotpDevice | None = verify_token(user, device, code) if device else None
    return found


def seconds_to_wait(user: User, *, now: datetime) -> int:
    """Until another code may be tried."""
    device = TotpDevice.objects.filter(user=user).first()
    is_allowed, why = device.verify_is_allowed() if device else (True, None)
    if is_allowed or why is None:
        return 0
    left: timedelta = why["locked_until"] - now
    return max(1, ceil(left.total_seconds()))


def end(user: User) -> bool:
    """Whether there was one."""
    BackupCode.objects.filter(user=user).delete()
    return bool(TotpDevice.objects.filter(user=user).delete()[0])


def new_backup_codes(user: User) -> list[str]:
    """In place of the old ones. They are not stored, and cannot be shown again."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    with transaction.atomic():
        BackupCode.objects.filter(user=user).delete()
        BackupCode.objects.bulk_create(
            BackupCode(user=user, digest=BackupCode.digest_of(user.pk, code)) for code in codes
        )
    half = CODE_LENGTH // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def codes_left(user: User) -> int:
    return BackupCode.objects.filter(user=user).count()


def typed_key(key: bytes) -> str:
    """As a user types it where no picture can be taken."""
    text = b32encode(key).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(key: bytes, *, user: str, place: str) -> str:
    """What the picture says; see https://github.com/google/google-authenticator/wiki/Key-Uri-Format.
    A colon would end the name of the place."""
    place = place.replace(":", " ")
    said = {"secret": b32encode(key).decode(), "issuer": place, "digits": DIGITS, "period": STEP}
    return (
        f"otpauth://totp/{quote(f'{place}:{user}', safe=':@')}?{urlencode(said, quote_via=quote)}"
    )


def picture(address: str) -> str:
    """A QR code as SVG, black on white in either theme."""
    return segno.make(address, error="m", micro=False).svg_inline(
        scale=5, dark="#000", light="#fff", border=4
    )
