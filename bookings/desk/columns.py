"""Columns: what the files of the lists have in common."""

from functools import lru_cache

import phonenumbers
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef

from bookings import phones
from bookings.models import Practitioner, Room, ServiceType
from tenants import organizations
from tenants.exporting import Column
from tenants.spreadsheets import defused


def yes_if_empty(text: str) -> bool:
    return not text


def phone(number: str) -> str:
    """A number (E.164) as it is dialled at the clinic, such as “(202) 555-0177”.

    A spreadsheet would take +12025550177 for a sum, lose the plus and round what is left. What is
    written here is text to it, and is read back as the same number; where it would not be, the
    number keeps its plus, behind an apostrophe.
    """
    return as_dialled(number, organizations.current().phone_region)


@lru_cache(maxsize=20_000)
def as_dialled(number: str, region: str) -> str:
    try:
        written = dialled(phonenumbers.parse(number), region)
        is_the_same = phones.canonical(written, region) == number
    except (phonenumbers.NumberParseException, ValidationError):
        return number
    is_text = not written.isdecimal() and defused(written) == written
    return written if is_text and is_the_same else number


def dialled(number: phonenumbers.PhoneNumber, region: str) -> str:
    if number.country_code == phonenumbers.country_code_for_region(region):
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_out_of_country_calling_number(number, region)


def each_phone(numbers: list[str]) -> str:
    """Separated by “; ”, as every list in a cell."""
    return "; ".join(map(phone, numbers))


PATIENT = (
    Column("name"),
    Column("phone", write=phone),
    Column("other phones", write=each_phone),
    Column("date of birth"),
    Column("email"),
    Column("also known as", "other_names"),
    Column("verified", "claimed_by", yes_if_empty),
    Column("created"),
)
APPOINTMENT = (
    Column("reference"),
    Column("start"),
    Column("end"),
    Column("minutes", F("end") - F("start")),
    Column("patient", "patient__name"),
    Column("phone", "patient__phone", phone),
    Column("date of birth", "patient__date_of_birth"),
    Column("verified", "patient__claimed_by", yes_if_empty),
    Column("service", "service__name"),
    Column("practitioner", "practitioner__name"),
    Column("room", "room__name"),
    Column("status"),
    Column("source"),
    Column("notes"),
    Column("contact phone", write=phone),
    Column("cancellation reason"),
    Column("created"),
)
CALLBACK = (
    Column("created"),
    Column("name"),
    Column("phone", write=phone),
    Column("number is proven", "phone_is_proven"),
    Column("reason"),
    Column("best time"),
    Column("status"),
    Column("owner"),
    Column("done by"),
    Column("done at"),
    Column("note"),
)
WAITLIST = (
    Column("created"),
    Column("patient", "patient__name"),
    Column("phone", "patient__phone", phone),
    Column("contact phone", write=phone),
    Column("service", "service__name"),
    Column("practitioner", "practitioner__name"),
    Column("weekdays"),
    Column("parts"),
    Column("not before", "first_day"),
    Column("not after", "last_day"),
    Column("only days"),
    Column("excluded days"),
    Column("from", "starts_from"),
    Column("before", "starts_before"),
    Column("status"),
)
PRACTITIONER = (
    Column("name"),
    Column("also called", "aliases"),
    Column(
        "services",
        ArraySubquery(
            ServiceType.objects.filter(practitioners=OuterRef("pk")).order_by("name").values("name")
        ),
    ),
    Column("taking appointments", "is_active"),
)
SERVICE = (
    Column("name"),
    Column("minutes"),
    Column("minutes before"),
    Column("minutes after"),
    Column("at most a day", "most_a_day"),
    Column("also called", "aliases"),
    Column(
        "rooms",
        ArraySubquery(Room.objects.filter(services=OuterRef("pk")).order_by("name").values("name")),
    ),
    Column(
        "practitioners",
        ArraySubquery(
            Practitioner.objects.filter(services=OuterRef("pk")).order_by("name").values("name")
        ),
    ),
    Column("offered", "is_active"),
)
ROOM = (Column("name"), Column("in use", "is_active"))
CLOSURE = (
    Column("start"),
    Column("end"),
    Column("practitioner", "practitioner__name"),
    Column("room", "room__name"),
    Column("reason"),
    Column("every year", "is_yearly"),
)
OPENING = (
    Column("start"),
    Column("end"),
    Column("practitioner", "practitioner__name"),
    Column("reason"),
)
