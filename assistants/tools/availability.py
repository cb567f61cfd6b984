"""Availability: the times a caller is told of, and that are kept for the call meanwhile."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from assistants import preferences, times
from assistants.callers import Caller
from assistants.catalogue import Choice
from assistants.hearing import When
from assistants.outcomes import DayPassed, NoOpenings, Openings, ToolOutcome, Understood
from bookings import offers, slots
from bookings.alternatives import AWAY
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
    """What is looked for. `now` is the org's; `own` is the call that asks; `colleagues` do it as
    well, where somebody was asked for by name. `after` and `before` are instants between which
    times are looked for, both excluded."""

    service: ServiceType
    people: Sequence[Practitioner]
    when: When
    preference: Preference
    own: Own
    now: datetime
    colleagues: Sequence[Practitioner] = ()
    after: datetime | None = None
    before: datetime | None = None

    def likes(self, slot: Slot) -> bool:
        too_early = self.after is not None and slot.start <= self.after
        if too_early or (self.before is not None and slot.start >= self.before):
            return False
        local = slot.start.astimezone(slots.zone_of(self.now))
        return not self.preference.misses(local, slot.practitioner.pk)


def check_availability(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Up to three free times: nearest to a time named, spread otherwise; kept for this call."""
    return looked_up(heard, caller=caller, now=now)


def looked_up(
    heard: dict[str, Any],
    *,
    caller: Caller,
    now: datetime,
    own: Own | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> ToolOutcome:
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    choice: Choice = heard["practitioner"]
    able = list(Practitioner.objects.filter(services=service, is_active=True).order_by("pk"))
    people = choice.among(able)
    if not people:
        named = choice.named.name if choice.named else None
        return NobodyOffers(Wanted(service.name, now, named), tuple(who.name for who in able))
    if when.day and (when.last_day or when.day) < now.date():
        return DayPassed(when.day)
    if too_far := beyond_horizon(service, when, now=now):
        return too_far
    search = Search(
        service,
        people,
        when,
        preference(when, heard["weekdays"]),
        own or Own(conversation=caller.conversation, caller=caller.number),
        now,
        colleagues=colleagues(able, choice),
        after=after,
        before=before,
    )
    outcome = offered(search, caller)
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def times_for(
    service: ServiceType,
    choice: Choice,
    when: When,
    *,
    caller: Caller,
    now: datetime,
    own: Own | None = None,
    after: datetime | None = None,
    before: datetime | None = None,
) -> ToolOutcome:
    """What is free on the day that was named without a time, kept for the call, as
    `check_availability` has it. `after` and `before` are instants, both excluded; `own` is what
    may move."""
    heard = {"service": service, "practitioner": choice, "when": when, "weekdays": frozenset()}
    return looked_up(heard, caller=caller, now=now, own=own, after=after, before=before)


def colleagues(able: Sequence[Practitioner], choice: Choice) -> list[Practitioner]:
    if choice.named is None:
        return []
    return [who for who in able if who != choice.named and who.pk not in choice.without]


def beyond_horizon(service: ServiceType, when: When, *, now: datetime) -> TooFarAhead | None:
    period, end = times.bounds(when, now=now), slots.bookable(BookingPolicy.current(), now)[1]
    if period is None or period[0] < end:
        return None
    return TooFarAhead(Wanted(service.name, period[0]), end - slots.INSTANT)


def preference(when: When, weekdays: frozenset[int]) -> Preference:
    """Of the weekdays liked, those count that the caller's own word for the day leaves open."""
    is_one_day = when.day is not None and when.last_day in (None, when.day)
    earliest, latest = preferences.between(when)
    return Preference(earliest, latest, frozenset() if is_one_day else weekdays)


def offered(search: Search, caller: Caller) -> Openings | NoOpenings:
    everybody = [*search.people, *search.colleagues]
    kept = bool(caller.conversation) and offers.queue(search.service, everybody)
    outcome = beside_colleague(found(search), search)
    if kept:
        offers.keep(outcome.told, conversation=caller.conversation, caller=caller.number)
    return outcome


def found(search: Search) -> Openings | NoOpenings:
    free = openings(search)
    return Openings(search.service.name, search.when.day, free) if free else nothing(search)


def beside_colleague(outcome: Openings | NoOpenings, search: Search) -> Openings | NoOpenings:
    """With the soonest time of a colleague, where who was asked for has none then, or none soon;
    it is kept in place of the last of theirs."""
    if not search.colleagues or not is_away(outcome, search):
        return outcome
    others = replace(search, people=search.colleagues, colleagues=())
    other = next(iter(openings(others) or following(others)), None)
    if other is None or (outcome.told and other.start >= outcome.told[0].start):
        return outcome
    theirs = outcome.told[: MOST_OFFERED - 1]
    if isinstance(outcome, Openings):
        return replace(outcome, slots=theirs, colleague=other)
    return replace(outcome, following=theirs, colleague=other)


def is_away(outcome: Openings | NoOpenings, search: Search) -> bool:
    if isinstance(outcome, NoOpenings):
        return True
    return search.when.day is None and outcome.slots[0].start > search.now + AWAY


def openings(search: Search) -> tuple[Slot, ...]:
    if search.when.day is None:
        return soonest(search, after=max(search.now, search.after or search.now))
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
    if search.preference != ANY or search.before:
        end = min(after + WISHES_LOOK, search.before or after + WISHES_LOOK)
        found = takewhile(lambda slot: slot.start < end, found)
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
        part=has_hours(search.preference) or bool(search.after or search.before),
        practitioner=search.people[0].name if search.colleagues else "",
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
        replace(without_hours(search), preference=ANY), after=after
    )


def without_hours(search: Search) -> Search:
    wish = Preference(weekdays=search.preference.weekdays)
    return replace(search, preference=wish, after=None, before=None)
