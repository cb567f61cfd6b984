"""Reception: what a caller wants to know of the clinic, or whom to be put through to."""

from datetime import datetime, timedelta
from typing import Any

from assistants.callers import Caller
from assistants.models import Reception, TransferNumber
from assistants.outcomes import ClinicHours, ClinicNote, ClinicOffers, ToolOutcome, Transfer
from bookings import hours, slots
from bookings.models import Practitioner, ServiceType

DAYS_TOLD = 14
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
            return opening_hours(now)
        case _:
            return ClinicNote(Reception.current().notes) if heard["topic"] else opening_hours(now)


def topic_of(text: str) -> str:
    said = set(text.casefold().replace("?", " ").split())
    return next((topic for topic, words in TOPICS.items() if said & words), "")


def opening_hours(now: datetime) -> ClinicHours:
    """Today's hours as long as some are left, else those of the next day that has any."""
    people = list(Practitioner.objects.filter(is_active=True))
    zone = slots.zone_of(now)
    end = now + timedelta(days=DAYS_TOLD)
    written = hours.timetable(people, start=now, end=end, zone=zone)
    opened = hours.joined(period for person in people for period in written.opened(person))
    ahead = [(start, end) for start, end in opened if end > now]
    if not ahead:
        return ClinicHours(now.date(), ())
    day = max(now, ahead[0][0].astimezone(zone)).date()
    return ClinicHours(day, tuple(p for p in ahead if p[0].astimezone(zone).date() <= day))


def transfer_to_staff(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """The number for the reason while the clinic is open; None when nobody would pick up."""
    opened = opening_hours(now)
    is_open = any(opening <= now < closing for opening, closing in opened.periods)
    return Transfer(TransferNumber.for_reason(heard["reason"]) if is_open else "", opened)
