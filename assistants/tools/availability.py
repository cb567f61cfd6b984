"""Availability: the times a caller is told of."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Any

from assistants import times
from assistants.callers import Caller
from assistants.hearing import When
from assistants.outcomes import DayPassed, NoOpenings, Openings, ToolOutcome, Understood
from bookings import slots
from bookings.models import BookingPolicy, Practitioner, ServiceType
from bookings.outcomes import NobodyOffers, TooFarAhead, Wanted
from bookings.slots import Slot

MOST_OFFERED = 3
# Somebody who can only come in the evening waits for one so long, and not a year.
WISHES_LOOK = timedelta(days=60)


def check_availability(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Up to three free times: nearest to a time named, spread over the day otherwise."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    people = practitioners_for(service, heard["practitioner"])
    if not people:
        return nobody_offers(service, heard["practitioner"], now=now)
    if when.day and (when.last_day or when.day) < now.date():
        return DayPassed(when.day)
    if too_far := beyond_horizon(service, when, now=now):
        return too_far
    found = openings(service, people, when, now=now)
    outcome: ToolOutcome = Openings(service.name, when.day, found)
    if not found:
        outcome = nothing_open(service, people, when, now=now)
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
    liked = list(times.preferred(free, when, now=now))
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
    """The next free times after `after`; with a wish for some hours, those of the next weeks."""
    found = slots.soonest(service=service, practitioners=people, after=after, now=now)
    if when.earliest or when.latest:
        found = takewhile(lambda slot: slot.start < after + WISHES_LOOK, found)
    return tuple(islice(times.preferred(found, when, now=now), MOST_OFFERED))


def beyond_horizon(service: ServiceType, when: When, *, now: datetime) -> TooFarAhead | None:
    period, end = times.bounds(when, now=now), slots.bookable(BookingPolicy.current(), now)[1]
    if period is None or period[0] < end:
        return None
    return TooFarAhead(Wanted(service.name, period[0]), end - slots.INSTANT)


def nothing_open(
    service: ServiceType, people: Sequence[Practitioner], when: When, *, now: datetime
) -> NoOpenings:
    """With what to offer instead: other parts of the day first, then the days after."""
    period = times.bounds(when, now=now)
    after = period[0] if period else now
    following = soonest(service, people, When(), after=after, now=now)
    return NoOpenings(
        service.name,
        when.day,
        following,
        last_day=when.last_day,
        part=bool(when.earliest or when.latest),
    )
