"""Tools: what an assistant can ask of us. One entry in TOOLS, one serializer, one function each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from assistants import times
from assistants.hearing import NotUnderstood, When
from assistants.outcomes import (
    DayPassed,
    Garbled,
    NoOpenings,
    Openings,
    ToolOutcome,
    Unclear,
    Understood,
    UnknownTool,
)
from assistants.serializers import (
    BookAppointmentSerializer,
    CheckAvailabilitySerializer,
    ToolSerializer,
)
from assistants.vapi import ToolRequest
from bookings import appointments, patients, slots
from bookings.models import Appointment, Practitioner, ServiceType
from bookings.outcomes import Booked, NobodyOffers, Wanted, WhichPatient
from bookings.slots import Slot
from tenants import organizations

log = structlog.get_logger(__name__)

MOST_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Tool:
    serializer: type[ToolSerializer]
    run: Callable[..., ToolOutcome]
    writes: bool


def run(request: ToolRequest, *, caller: str, now: datetime) -> ToolOutcome:
    """Hear the arguments, then do what was asked. `caller` is the number signalled, or ""."""
    tool = TOOLS.get(request.name)
    if tool is None:
        return UnknownTool()
    if request.arguments is None or (tool.writes and not request.id):
        return Garbled()
    context: dict[str, Any] = {
        "organization": organizations.current(),
        "now": now,
        "caller": caller,
        "normalised": set(),
    }
    serializer = tool.serializer(data=request.arguments, context=context)
    heard = serializer.is_valid()
    if context["normalised"]:
        log.info("Data normalized", tool=request.name, fields=sorted(context["normalised"]))
    if not heard:
        return unclear(serializer.problems())
    try:
        return tool.run(serializer.validated_data, now=now)
    except NotUnderstood as error:
        return unclear({error.part: f"{error.part}.{error.reason}"})


def bare(outcome: ToolOutcome) -> ToolOutcome:
    """What happened, without how the day was understood."""
    return outcome.outcome if isinstance(outcome, Understood) else outcome


def unclear(problems: dict[str, str]) -> Unclear:
    """With the names there are, where the caller's words were none of them."""
    services: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()
    if "service" in problems:
        services = tuple(map(str, ServiceType.objects.filter(is_active=True)))
    if "practitioner" in problems:
        practitioners = tuple(map(str, Practitioner.objects.filter(is_active=True)))
    return Unclear(problems, services, practitioners)


def check_availability(heard: dict[str, Any], *, now: datetime) -> ToolOutcome:
    """Up to three free times: nearest to a time named, spread over the day otherwise."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    people = practitioners_for(service, heard["practitioner"])
    if not people:
        return nobody_offers(service, heard["practitioner"], now=now)
    if when.day and (when.last_day or when.day) < now.date():
        return DayPassed(when.day)
    found = openings(service, people, when, now=now)
    outcome: ToolOutcome = Openings(service.name, when.day, found)
    if not found:
        outcome = NoOpenings(service.name, when.day, following(service, people, when, now=now))
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def practitioners_for(service: ServiceType, named: Practitioner | None) -> list[Practitioner]:
    able = Practitioner.objects.filter(services=service, is_active=True).order_by("pk")
    return [person for person in able if named in (None, person)]


def nobody_offers(
    service: ServiceType, named: Practitioner | None, *, now: datetime
) -> NobodyOffers:
    able = tuple(person.name for person in practitioners_for(service, None))
    return NobodyOffers(Wanted(service.name, now, named.name if named else None), able)


def openings(
    service: ServiceType, people: Sequence[Practitioner], when: When, *, now: datetime
) -> tuple[Slot, ...]:
    period = times.bounds(when, now=now)
    if period is None:
        return soonest(service, people, when, after=now, now=now)
    start, end = period
    free = slots.one_a_time(
        slots.free(service=service, practitioners=people, start=start, end=end, now=now)
    )
    liked = times.preferred(free, when, now=now)
    if when.time is None:
        return spread(liked)
    return nearest_to(when, liked, now=now)


def nearest_to(when: When, free: Sequence[Slot], *, now: datetime) -> tuple[Slot, ...]:
    """By the clock: “around three” counts for both threes when no half of the day was said."""
    minutes = [at.hour * 60 + at.minute for at in (when.time, when.other_time) if at]
    zone = slots.zone_of(now)

    def distance(slot: Slot) -> int:
        local = slot.start.astimezone(zone)
        return min(abs(local.hour * 60 + local.minute - minute) for minute in minutes)

    chosen = sorted(free, key=lambda slot: (distance(slot), slot.start))[:MOST_OFFERED]
    return tuple(sorted(chosen, key=lambda slot: slot.start))


def spread(free: Sequence[Slot]) -> tuple[Slot, ...]:
    """The first, one in the middle and the last: three next to each other are hardly a choice."""
    if len(free) <= MOST_OFFERED:
        return tuple(free)
    return free[0], free[len(free) // 2], free[-1]


def soonest(
    service: ServiceType,
    people: Sequence[Practitioner],
    when: When,
    *,
    after: datetime,
    now: datetime,
) -> tuple[Slot, ...]:
    """The next free times after `after`, looking further ahead only when the near days are full."""
    for window in slots.WINDOWS:
        free = slots.one_a_time(
            slots.free(
                service=service, practitioners=people, start=after, end=after + window, now=now
            )
        )
        if liked := times.preferred(free, when, now=now):
            return tuple(liked[:MOST_OFFERED])
    return ()


def following(
    service: ServiceType, people: Sequence[Practitioner], when: When, *, now: datetime
) -> tuple[Slot, ...]:
    """What to offer instead of a full day: other parts of it first, then the days after."""
    period = times.bounds(when, now=now)
    if period is None:
        return ()
    return soonest(service, people, When(), after=period[0], now=now)


def book_appointment(heard: dict[str, Any], *, now: datetime) -> ToolOutcome:
    """Book for a patient recognised or registered. A patient is registered only with a booking."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    try:
        start = times.start(when, service=service, now=now)
    except times.Unsettled as error:
        return unclear({error.argument: error.code})
    with transaction.atomic():
        outcome = book_for_patient(heard, service=service, start=start, now=now)
        if not isinstance(outcome, Booked):
            transaction.set_rollback(True)
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def book_for_patient(
    heard: dict[str, Any], *, service: ServiceType, start: datetime, now: datetime
) -> ToolOutcome:
    patient = patients.recognise(
        name=heard["patient_name"],
        phone=heard["patient_phone"],
        date_of_birth=heard["date_of_birth"],
        email=heard["patient_email"],
    )
    if isinstance(patient, WhichPatient):
        return patient
    return appointments.book(
        service=service,
        start=start,
        patient=patient,
        practitioner=heard["practitioner"],
        notes=heard["notes"],
        source=Appointment.Source.VOICE,
        now=now,
    )


TOOLS = {
    "check_availability": Tool(CheckAvailabilitySerializer, check_availability, writes=False),
    "book_appointment": Tool(BookAppointmentSerializer, book_appointment, writes=True),
}
