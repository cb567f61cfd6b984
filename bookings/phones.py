"""Phones: the canonical form of a number, E.164."""

import re

import phonenumbers
from django.core.exceptions import ValidationError

# ITU-T E.164: a plus, a country code, fifteen digits at most.
E164 = re.compile(r"\+[1-9][0-9]{6,14}")


def is_e164(text: str) -> bool:
    return E164.fullmatch(text) is not None


def validate(text: str) -> None:
    if not is_e164(text):
        raise ValidationError("Write it with a plus and the country code, such as +14155550123.")


def canonical(text: str, region: str) -> str:
    """E.164 of a number as people write it in `region`. Raises ValidationError."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_valid_number(number):
        raise ValidationError("This is no telephone number; with an area code it may be one.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
