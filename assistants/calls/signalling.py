"""Signalling: the number a call shows, and whether it is a person's.

`identified` sets the caller of every tool call. A number that is not a person's proves nothing: a
caller who shows one is treated as a caller without a number.
"""

from collections.abc import Iterable
from dataclasses import replace

import phonenumbers
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast
from phonenumbers import PhoneNumberType, ValidationResult

from assistants.conversation import VoiceMessage
from assistants.hearing.phones import is_placeholder
from assistants.models import ClinicNumber, TransferNumber
from bookings import diaries, phones
from bookings.models import Patient, PatientQuerySet
from tenants import organizations

# What a network shows for a number that is withheld, typed on a telephone's keys: “anonymous” is
# +266696687. The first five come in from networks; the others are what telephones display. A
# number that happens to spell one of these is withheld as well: its owner is asked for a number.
KEYPAD_WORDS = (
    "anonymous", "restricted", "unavailable", "blocked", "unknown",
    "private", "private number", "private caller", "withheld", "hidden", "unlisted",
    "no caller id", "no number", "not available", "out of area",
    "unknown number", "unknown caller", "caller unknown",
)  # fmt: skip
# ITU-T E.161: the letters on the keys.
KEYS = {
    letter: key
    for key, letters in zip(
        "23456789", ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"), strict=True
    )
    for letter in letters
}
# Lines of companies: everybody who works there may show the number.
COMPANY_LINES = (phones.COSTLY_LINES - {PhoneNumberType.PERSONAL_NUMBER}) | {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}


def typed(words: str) -> str:
    """The keys that spell the words."""
    return "".join(KEYS[letter] for letter in words if letter != " ")


# The number as it is, and after a 1, if a network took it for a number in North America.
KEYPAD_NUMBERS = frozenset(
    f"+{country}{typed(words)}" for words in KEYPAD_WORDS for country in ("", "1")
)


def identified(message: VoiceMessage) -> VoiceMessage:
    """The message with the number that proves who calls. Remembers the number that was called."""
    remember(message.called)
    return replace(message, caller=message.signalled if is_a_persons(message.signalled) else "")


def remember(called: Iterable[str]) -> None:
    """Store the clinic's numbers: a forwarded call may show one of them as the caller's."""
    numbers = set(filter(None, map(canonical, called)))
    if not numbers or numbers <= ClinicNumber.known():
        return
    # One message at a time, so that many calls at once change the configuration once.
    with diaries.writing(turn=diaries.lock_named("clinic numbers")):
        stored = ClinicNumber.objects.filter(phone__in=numbers).values_list("phone", flat=True)
        if new := sorted(numbers - set(stored)):
            rows = [ClinicNumber(phone=phone) for phone in new]
            ClinicNumber.objects.bulk_create(rows, ignore_conflicts=True)


def canonical(called: str) -> str:
    """E.164 of a number of the clinic, which may be written as in its country; "" when it is none,
    such as the address of a SIP trunk."""
    if phones.is_e164(called):
        return called
    try:
        return phones.canonical(called, organizations.current().phone_region)
    except ValidationError:
        return ""


def is_a_persons(number: str) -> bool:
    """Whether the number (E.164, or "") may be one person's, or one family's, own."""
    return bool(number) and could_be_a_persons(number) and not is_the_clinics(number)


def could_be_a_persons(number: str) -> bool:
    """Whether a person may have the number, judged by the number alone. A number outside every
    numbering plan counts if its country has numbers of that length: new numbers are assigned before
    `phonenumbers` knows them."""
    if number in KEYPAD_NUMBERS:
        return False
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    has_length = phonenumbers.is_possible_number_with_reason(parsed) == ValidationResult.IS_POSSIBLE
    is_company = phonenumbers.number_type(parsed) in COMPANY_LINES
    return has_length and not is_company and not is_placeholder(parsed)


def is_the_clinics(number: str) -> bool:
    """Whether calls come in at it, or are put through to it."""
    return (
        number == settings.FALLBACK_NUMBER
        or any(number == row.phone for row in TransferNumber.known())
        or number in ClinicNumber.known()
    )


def wrongly_verified() -> PatientQuerySet:
    """Patients who are verified by nothing but a number that spells a word or is the clinic's own:
    from before such calls were known as withheld. Patients whom staff entered or changed are left
    out."""
    written = LogEntry.objects.filter(
        content_type__app_label=Patient._meta.app_label,
        content_type__model=Patient._meta.model_name,
        object_id=Cast(OuterRef("pk"), CharField()),
    )
    is_nobodys = Q(phone__in={settings.FALLBACK_NUMBER, *KEYPAD_NUMBERS} - {""})
    for model in (TransferNumber, ClinicNumber):
        is_nobodys |= Q(phone__in=model.objects.values("phone"))
    return Patient.objects.verified().filter(is_nobodys, ~Exists(written)).exclude(phone="")
