"""Phones: the canonical form of a number, E.164."""

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from phonenumbers import PhoneNumberType, number_type

# ITU-T E.164: a plus, a country code, fifteen digits at most.
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
LEFT_TO_RIGHT = "\u200e"
# “ext. 4”, “Extension 4”; and behind the digits of a number also “x4” and “#4”.
EXTENSION = re.compile(r"(?:\bext(?:n|ension)?\b\.?|(?<=\d)\s*[x#])\s*\d{1,7}\b", re.IGNORECASE)
NO_ROOM = (
    "There is no room for an extension here. Leave it out, and write it in the note of a visit."
)


# Calls to these cost much, or what their owner chooses, so nobody is called back there. The same is
# true of numbers of no country, such as those of satellites and international networks (country
# codes 870, 878, 881 to 883 and 979 of ITU-T E.164), except freephone, +800.
COSTLY_LINES = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER,
}
NO_COUNTRY, FREEPHONE = phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY, 800


def is_costly(number: str) -> bool:
    """Whether nobody should be called back at this number (E.164)."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    code = parsed.country_code or 0
    of_a_network = phonenumbers.region_code_for_country_code(code) == NO_COUNTRY
    return (of_a_network and code != FREEPHONE) or number_type(parsed) in COSTLY_LINES


def is_e164(text: str) -> bool:
    return E164.fullmatch(text) is not None


def validate(text: str) -> None:
    if not is_e164(text):
        raise ValidationError("Write it with a plus and the country code, such as +14155550123.")


def canonical(text: str, region: str) -> str:
    """E.164 of a number as people write it in `region`. Raises ValidationError, also for an
    extension, which E.164 has no room for."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = phonenumbers.PhoneNumber()
    if not phonenumbers.is_valid_number(number):
        raise ValidationError("This is no telephone number; with an area code it may be one.")
    if number.extension:
        raise ValidationError(NO_ROOM)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def beside(name: str, phone: str) -> str:
    """“Ann Lee, +12025550177”. Behind a name that is written from the right, a mark keeps the plus
    before its digits (UAX 9)."""
    is_from_the_right = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in name)
    return f"{name}{LEFT_TO_RIGHT if is_from_the_right else ''}, {phone}"
