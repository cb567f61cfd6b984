"""Reception: what a caller wants to know of the clinic, or whom to be put through to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from assistants.callers import Caller
from assistants.models import Reception, TransferNumber
from assistants.outcomes import ClinicHours, ClinicNote, ClinicOffers, ToolOutcome, Transfer
from bookings import slots
from bookings.models import Practitioner, ServiceType
from bookings.slots import Period

TOPICS = {
    "hours": {"hours", "open", "opening", "close", "closing", "closed", "when", "today"},
    "address": {"address", "where", "located", "location", "directions", "parking", "find"},
    "services": {"services", "service", "offer", "treatments", "treatment", "long", "take"},
    "practitioners": {"who", "doctor", "doctors", "dentist", "practitioner", "practitioners"},
}


def clinic_info(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """What was asked about; the hours when that is not clear."""
    match topic_of(heard["topic"]):
        case "address":
            return ClinicNote(Reception.current().address)
        case "services":
            services = ServiceType.objects.filter(is_active=True)
            return ClinicOffers(tuple((row.name, row.minutes) for row in services))
        case "practitioners":
            people = Practitioner.objects.filter(is_active=True)
            return ClinicNote(", ".join(person.name for person in people))
        case "hours":
            return hours(now)
        case _:
            return ClinicNote(Reception.current().notes) if heard["topic"] else hours(now)


def topic_of(text: str) -> str:
    said = set(text.casefold().replace("?", " ").split())
    return next((topic for topic, words in TOPICS.items() if said & words), "")


def hours(now: datetime) -> ClinicHours:
    """Today's hours as long as some are left, else those of the next day that has any."""
    people = list(Practitioner.objects.filter(is_active=True))
    zone = slots.zone_of(now)
    for ahead in range(15):
        day = now.date() + timedelta(days=ahead)
        start = slots.instant(day, zone)
        opened = slots.open_periods(people, start, start + timedelta(hours=20), zone=zone)
        on_the_day = [
            (opening, closing)
            for opening, closing in slots.joined(every(opened.values()))
            if opening.astimezone(zone).date() == day and closing > now
        ]
        if on_the_day:
            return ClinicHours(day, tuple(on_the_day))
    return ClinicHours(now.date(), ())


def every(periods: Iterable[list[Period]]) -> list[Period]:
    return [period for stretch in periods for period in stretch]


def transfer_to_staff(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """The number for the reason while the clinic is open; None when nobody would pick up."""
    opened = hours(now)
    is_open = any(opening <= now < closing for opening, closing in opened.periods)
    return Transfer(TransferNumber.for_reason(heard["reason"]) if is_open else "", opened)
