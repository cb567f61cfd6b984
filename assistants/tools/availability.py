"""Availability: the times a caller is told of, and that are kept for the call meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from assistants import times
from assistants.callers import Caller
from assistants.hearing import When
from assistants.outcomes import DayPassed, NoOpenings, Openings, ToolOutcome, Understood
from bookings import offers, slots
from bookings.models import BookingPolicy, Offer, Practitioner, ServiceType
from bookings.outcomes import NobodyOffers, TooFarAhead, Wanted
from bookings.preferences import ANY, Preference
from bookings.slots import Own, Slot

MOST_OFFERED = Offer.MOST_A_CALL
# Somebody who can only come in the evening waits for one so long, and not a year.
WISHES_LOOK = timedelta(days=60)
# Two times closer than this are hardly a choice for somebody who named none.
APART = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `now` is the org's; `own` is the call that asks."""

    service: ServiceType
    people: Sequence[Practitioner]
    when: When
    preference: Preference
    own: Own
    now: datetime

    def likes(self, slot: Slot) -> bool:
        local = slot.start.astimezone(slots.zone_of(self.now))
        return not self.preference.misses(local, slot.practitioner.pk)


def check_availability(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Up to three free times: nearest to a time named, spread otherwise; kept for this call."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    people = practitioners_for(service, heard["practitioner"])
    if not people:
        return nobody_offers(service, heard["practitioner"], now=now)
    if when.day and (when.last_day or when.day) < now.date():
        return DayPassed(when.day)
    if too_far := beyond_horizon(service, when, now=now):
        return too_far
    search = Search(
        service,
        people,
        when,
        preference(when, heard["weekdays"]),
        Own(conversation=caller.conversation),
        now,
    )
    outcome = offered(search, caller)
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def practitioners_for(service: ServiceType, named: Practitioner | None) -> list[Practitioner]:
    able = Practitioner.objects.filter(services=service, is_active=True).order_by("pk")
    return [person for person in able if named in (None, person)]


def nobody_offers(
    service: ServiceType, named: Practitioner | None, *, now: datetime
) -> NobodyOffers:
    able = tuple(person.name for person in practitioners_for(service, None))
    return NobodyOffers(Wanted(service.name, now, named.name if named else None), able)


def beyond_horizon(service: ServiceType, when: When, *, now: datetime) -> TooFarAhead | None:
    period, end = times.bounds(when, now=now), slots.bookable(BookingPolicy.current(), now)[1]
    if period is None or period[0] < end:
        return None
    return TooFarAhead(Wanted(service.name, period[0]), end - slots.INSTANT)


def preference(when: When, weekdays: frozenset[int]) -> Preference:
    """Of the weekdays liked, those count that the caller's own word for the day leaves open."""
    is_one_day = when.day is not None and when.last_day in (None, when.day)
    return Preference(when.earliest, when.latest, frozenset() if is_one_day else weekdays)


def offered(search: Search, caller: Caller) -> Openings | NoOpenings:
    kept = bool(caller.conversation) and offers.queue(search.service, search.people)
    found = openings(search)
    outcome = Openings(search.service.name, search.when.day, found) if found else nothing(search)
    if kept:
        told = outcome.slots if isinstance(outcome, Openings) else outcome.following
        offers.keep(told, conversation=caller.conversation, caller=caller.number)
    return outcome


def openings(search: Search) -> tuple[Slot, ...]:
    if search.when.day is None:
        return soonest(search, after=search.now)
    liked = list(filter(search.likes, slots.one_a_time(free_then(search))))
    return nearest_to(search, liked) if search.when.time else spread(liked)


def free_then(search: Search) -> list[Slot]:
    """What is free on the days that were asked about."""
    period = times.bounds(search.when, now=search.now)
    if period is None:
        return []
    start, end = period
    return slots.free(
        service=search.service,
        practitioners=search.people,
        start=start,
        end=end,
        now=search.now,
        own=search.own,
    )


def nearest_to(search: Search, free: Sequence[Slot]) -> tuple[Slot, ...]:
    """By the clock: “around three” counts for both threes when no half of the day was said."""
    named = (search.when.time, search.when.other_time)
    minutes = [at.hour * 60 + at.minute for at in named if at]
    zone = slots.zone_of(search.now)

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


def soonest(search: Search, *, after: datetime) -> tuple[Slot, ...]:
    """The next free time after `after`, and two that are a choice beside it; with a wish, those
    of the next weeks that meet it."""
    found: Iterable[Slot] = slots.soonest(
        service=search.service,
        practitioners=search.people,
        after=after,
        now=search.now,
        own=search.own,
    )
    if search.preference != ANY:
        found = takewhile(lambda slot: slot.start < after + WISHES_LOOK, found)
    return apart(filter(search.likes, found))


def apart(slots_in_order: Iterable[Slot]) -> tuple[Slot, ...]:
    """The first, and the next ones three hours and more behind the last; with too few of those,
    what lies between."""
    chosen: list[Slot] = []
    between: list[Slot] = []
    for slot in slots_in_order:
        if len(chosen) == MOST_OFFERED or (chosen and slot.start > chosen[0].start + WISHES_LOOK):
            break
        if not chosen or slot.start >= chosen[-1].start + APART:
            chosen.append(slot)
        elif len(between) < MOST_OFFERED:
            between.append(slot)
    filled = chosen + between[: MOST_OFFERED - len(chosen)]
    return tuple(sorted(filled, key=lambda slot: slot.start))


def nothing(search: Search) -> NoOpenings:
    """With what to offer instead: other parts of the day first, then the days after."""
    return NoOpenings(
        search.service.name,
        search.when.day,
        other_hours(search) or following(search),
        last_day=search.when.last_day,
        part=has_hours(search.preference),
    )


def has_hours(wish: Preference) -> bool:
    return bool(wish.earliest or wish.latest)


def other_hours(search: Search) -> tuple[Slot, ...]:
    """On the days that were asked about, the times nearest to the hours that were."""
    if not (has_hours(search.preference) and search.when.day):
        return ()
    zone = slots.zone_of(search.now)

    def distance(slot: Slot) -> int:
        return search.preference.minutes_outside(slot.start.astimezone(zone))

    free = filter(without_hours(search).likes, slots.one_a_time(free_then(search)))
    chosen = sorted(free, key=lambda slot: (distance(slot), slot.start))[:MOST_OFFERED]
    return tuple(sorted(chosen, key=lambda slot: slot.start))


def following(search: Search) -> tuple[Slot, ...]:
    """The next free times, on the weekdays liked if there are any."""
    period = times.bounds(search.when, now=search.now)
    after = period[0] if period else search.now
    return soonest(without_hours(search), after=after) or soonest(
        replace(search, preference=ANY), after=after
    )


def without_hours(search: Search) -> Search:
    return replace(search, preference=Preference(weekdays=search.preference.weekdays))
