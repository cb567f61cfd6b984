"""Phones: the canonical form of a number, E.164."""

import re

from django.core.exceptions import ValidationError

# ITU-T E.164: a plus, a country code, fifteen digits at most.
E164 = re.compile(r"\+[1-9]\d{6,14}")


def is_e164(text: str) -> bool:
    return E164.fullmatch(text) is not None


def validate(text: str) -> None:
    if not is_e164(text):
        raise ValidationError("Write it with a plus and the country code, such as +14155550123.")
