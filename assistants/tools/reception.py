"""Reception: what a caller wants to know of the clinic, or whom to be put through to."""

from datetime import date, datetime, timedelta
from typing import Any

from assistants import preferences
from assistants.callers import Caller
from assistants.models import Reception, ToolCall, TransferNumber
from assistants.outcomes import ClinicHours, ClinicNote, ClinicOffers, ToolOutcome, Transfer
from assistants.serializers import text_of
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
            return opening_hours(now, day=day_in(heard["topic"], now=now))
        case _:
            return ClinicNote(Reception.current().notes) if heard["topic"] else opening_hours(now)


def day_in(text: str, *, now: datetime) -> date | None:
    """“Are you open on Saturday?”: the one day that is asked about, if it is still to come."""
    day = preferences.hours_in(text, now=now).day
    return day if day and day >= now.date() else None


def topic_of(text: str) -> str:
    said = set(text.casefold().replace("?", " ").split())
    return next((topic for topic, words in TOPICS.items() if said & words), "")


def opening_hours(now: datetime, *, day: date | None = None) -> ClinicHours:
    """The hours of `day`, of today when none is named; else of the next day that has any left."""
    people = list(Practitioner.objects.filter(is_active=True))
    zone = slots.zone_of(now)
    asked = day or now.date()
    start = max(now, slots.instant(asked, zone).astimezone(zone))
    end = start + timedelta(days=DAYS_TOLD)
    written = hours.timetable(people, start=start, end=end, zone=zone)
    opened = hours.joined(period for person in people for period in written.opened(person))
    ahead = [(opening, closing) for opening, closing in opened if closing > start]
    if not ahead:
        return ClinicHours(asked, asked, ())
    first = max(start, ahead[0][0].astimezone(zone)).date()
    then = tuple(period for period in ahead if period[0].astimezone(zone).date() <= first)
    return ClinicHours(asked, first, then)


def transfer_to_staff(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Whom the caller can be put through to, while the clinic is open."""
    return transfer_for(heard["reason"], now=now)


def put_through(wish: str, *, caller: Caller, now: datetime) -> Transfer:
    """Whom a caller is put through to who was asked by `transfer_to_staff`, and said yes.

    Vapi's request may hold no words: then what this call told `transfer_to_staff` counts.
    """
    return transfer_for(wish, reason_told(caller), now=now)


def transfer_for(*said: str, now: datetime) -> Transfer:
    opened = opening_hours(now)
    numbers = list(TransferNumber.objects.all())
    if not any(opening <= now < closing for opening, closing in opened.periods):
        return Transfer("", opened, has_numbers=bool(numbers))
    if fitting := TransferNumber.for_reason(*said):
        return Transfer(fitting.phone, opened)
    only = numbers[0].phone if len(numbers) == 1 else ""
    topics = tuple(number.reason for number in numbers)
    return Transfer(only, opened, topics, has_numbers=bool(numbers))


def can_put_through(now: datetime) -> bool:
    """Whether there is anybody a caller can be put through to, whatever it is about."""
    transfer = transfer_for(now=now)
    return bool(transfer.phone or transfer.topics)


def reason_told(caller: Caller) -> str:
    """What this call last told `transfer_to_staff` it is about, in the model's words."""
    if not caller.conversation:
        return ""
    asked = ToolCall.objects.filter(
        conversation=caller.conversation, tool=transfer_to_staff.__name__
    )
    latest = asked.order_by("-received", "-pk").first()
    return text_of(latest.arguments.get("reason")) or "" if latest else ""
