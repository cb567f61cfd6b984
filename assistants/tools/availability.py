"""Availability: the times a caller is told of, and that are kept for the call meanwhile."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from assistants.conversation import Caller
from assistants.hearing import Days, Part, When
from assistants.outcomes import DayPassed, NoOpenings, Openings, ToolOutcome, Understood
from assistants.tools import preferences
from assistants.tools.catalogue import Choice
from bookings.availability import holds, slots
from bookings.availability.alternatives import AWAY
from bookings.availability.hours import Period
from bookings.availability.preferences import ANY, Preference, minutes
from bookings.availability.slots import Own, Slot
from bookings.models import BookingPolicy, Offer, Practitioner, ServiceType
from bookings.outcomes import NobodyOffers, TooFarAhead, Wanted

MOST_OFFERED = Offer.MOST_A_CALL
# Somebody who can only come in the evening waits for one so long, and not a year.
WISHES_LOOK = timedelta(days=60)
# Two times closer than this are hardly a choice for somebody who named none.
APART = timedelta(hours=3)
# How far before a day that was named an earlier one may be offered.
JUST_BEFORE = timedelta(days=14)
DAY, CLOCKS_CHANGE = timedelta(days=1), timedelta(hours=2)


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
        return self.is_at(local.time()) and not self.preference.misses(local, slot.practitioner.pk)

    def is_at(self, at: time) -> bool:
        """Where no day was named the time counts; on a day, what is nearest to it."""
        is_on_days = self.when.day or self.preference.days
        return bool(is_on_days) or self.when.time in (None, at) or self.when.other_time == at

    @property
    def first_day(self) -> date | None:
        """The first of the days asked about; None where they begin today."""
        return self.when.day or min(self.preference.days, default=self.preference.first_day)

    @property
    def last_day(self) -> date | None:
        """The last of them, included; None where there is no end."""
        if self.when.day:
            return self.when.last_day or self.when.day
        return max(self.preference.days, default=self.preference.last_day)

    @property
    def start(self) -> datetime:
        zone, day = slots.zone_of(self.now), self.first_day
        return max(self.now, slots.instant(day, zone)) if day else self.now

    @property
    def end(self) -> datetime | None:
        """Behind the last day asked about."""
        zone, day = slots.zone_of(self.now), self.last_day
        return slots.instant(day + DAY, zone) if day else None


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
    search = Search(
        service,
        people,
        when,
        preference(when, heard["weekdays"], heard.get("days"), heard.get("parts", ())),
        own or Own(conversation=caller.conversation, caller=caller.number),
        now,
        colleagues=colleagues(able, choice),
        after=after,
        before=before,
    )
    if search.last_day and search.last_day < now.date():
        return DayPassed(search.last_day)
    if too_far := beyond_horizon(search):
        return too_far
    outcome = offered(search, caller)
    corrected = corrected_day(search, heard.get("days"))
    return Understood(corrected, outcome) if corrected else outcome


def corrected_day(search: Search, days: Days | None) -> date | None:
    """A day that was said with a year that is past, as it was taken."""
    said = days or search.when
    return (search.last_day or search.first_day) if said.year_corrected else None


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


def beyond_horizon(search: Search) -> TooFarAhead | None:
    end = slots.bookable(BookingPolicy.current(), search.now)[1]
    if search.start < end:
        return None
    return TooFarAhead(Wanted(search.service.name, search.start), end - slots.INSTANT)


def preference(
    when: When, weekdays: frozenset[int], days: Days | None, parts: Sequence[Part]
) -> Preference:
    """Of the weekdays liked, those count that the caller's own word for the day leaves open."""
    is_one_day = when.day is not None and when.last_day in (None, when.day)
    earliest, latest = preferences.between(when)
    if days:
        found = preferences.of_days(days, weekdays)
    else:
        found = Preference(weekdays=frozenset() if is_one_day else weekdays)
    named = found.parts or tuple(map(preferences.part_of_day, parts))
    return replace(found, earliest=earliest, latest=latest, parts=named)


def told(search: Search) -> Preference:
    """What was searched, as it is told to the caller: nothing, where one day or none was named."""
    wish, when = search.preference, search.when
    if when.day and when.last_day not in (None, when.day):
        wish = replace(wish, first_day=when.day, last_day=when.last_day)
    elif when.day or not (wish.has_days or wish.weekdays):
        return ANY
    part = preferences.part_named(when)
    if part and not wish.parts:
        wish = replace(wish.without_hours(), parts=(preferences.part_of_day(part),))
    return wish


def offered(search: Search, caller: Caller) -> Openings | NoOpenings:
    everybody = [*search.people, *search.colleagues]
    kept = bool(caller.conversation) and holds.queue(search.service, everybody)
    outcome = beside_colleague(found(search), search)
    if kept:
        may_be_kept = holds.that_may_be_kept(outcome.told, own=search.own, now=search.now)
        holds.keep(may_be_kept, conversation=caller.conversation, caller=caller.number)
    return outcome


def found(search: Search) -> Openings | NoOpenings:
    free = openings(search)
    if not free:
        return nothing(search)
    return Openings(search.service.name, search.when.day, free, wish=told(search))


def beside_colleague(outcome: Openings | NoOpenings, search: Search) -> Openings | NoOpenings:
    """With a time of a colleague, where who was asked for has none then, or none soon, or not the
    time that was named; it is kept in place of the last of theirs."""
    other = colleague_for(outcome, search) if search.colleagues else None
    if other is None:
        return outcome
    room = MOST_OFFERED - 1
    if isinstance(outcome, NoOpenings):
        return replace(outcome, following=outcome.following[:room], colleague=other)
    is_timed = search.first_day and search.when.time
    kept = nearest_to(search, outcome.slots, most=room) if is_timed else outcome.slots[:room]
    return replace(outcome, slots=kept, colleague=other)


def colleague_for(outcome: Openings | NoOpenings, search: Search) -> Slot | None:
    """At the time that was named where a colleague is free then, else what is asked for, else what
    is sooner than their next."""
    others = replace(search, people=search.colleagues, colleagues=())
    if isinstance(outcome, Openings):
        if is_away(outcome, search):
            sooner = (slot for slot in openings(others) if slot.start < outcome.slots[0].start)
            return next(sooner, None)
        if search.when.time and not at_the_time(outcome.slots, search):
            return next(iter(at_the_time(openings(others), search)), None)
        return None
    fitting = openings(others)
    if fitting:
        return (*at_the_time(fitting, search), *fitting)[0]
    next_own = outcome.told[0].start if outcome.told else None
    near = other_hours(others) or other_days(others)
    return next((slot for slot in near if next_own is None or slot.start < next_own), None)


def at_the_time(found: Iterable[Slot], search: Search) -> list[Slot]:
    zone, named = slots.zone_of(search.now), (search.when.time, search.when.other_time)
    return [slot for slot in found if slot.start.astimezone(zone).time() in named]


def is_away(outcome: Openings, search: Search) -> bool:
    """Whether who was asked for has nothing for a week, where no day was named."""
    return search.first_day is None and outcome.slots[0].start > search.now + AWAY


def openings(search: Search) -> tuple[Slot, ...]:
    """Nearest to a time on the days that were named, else spread over them; the soonest where
    they are not: by a day, from a day on, on a weekday."""
    if not (search.when.day or search.preference.days):
        return soonest(search, after=max(search.start, search.after or search.now))
    liked = list(filter(search.likes, free_then(search)))
    return nearest_to(search, liked) if search.when.time else spread(liked)


def free_then(search: Search, *, until: datetime | None = None) -> list[Slot]:
    """What is free on the days that were asked about, if they have an end; up to `until` at most,
    one slot a time."""
    end = min(until or search.end, search.end) if search.end else None
    if end is None:
        return []
    if search.preference.days:
        return list(looked_for(search, after=search.start, until=end))
    found = slots.free(
        service=search.service,
        practitioners=search.people,
        start=search.start,
        end=end,
        now=search.now,
        own=search.own,
    )
    return slots.one_a_time(found)


def nearest_to(
    search: Search, free: Sequence[Slot], *, most: int = MOST_OFFERED
) -> tuple[Slot, ...]:
    """By the clock: “around three” counts for both threes when no half of the day was said."""
    named = (search.when.time, search.when.other_time)
    minutes = [at.hour * 60 + at.minute for at in named if at]
    zone = slots.zone_of(search.now)

    def distance(slot: Slot) -> int:
        local = slot.start.astimezone(zone)
        return min(abs(local.hour * 60 + local.minute - minute) for minute in minutes)

    chosen = sorted(free, key=lambda slot: (distance(slot), slot.start))[:most]
    return tuple(sorted(chosen, key=lambda slot: slot.start))


def spread(free: Sequence[Slot]) -> tuple[Slot, ...]:
    """The first, one in the middle and the last: three next to each other are hardly a choice."""
    if len(free) <= MOST_OFFERED:
        return tuple(free)
    return free[0], free[len(free) // 2], free[-1]


def soonest(search: Search, *, after: datetime) -> tuple[Slot, ...]:
    """The next free time after `after`, and two that are a choice beside it; with a wish, those
    of the next weeks that meet it."""
    found = looked_for(search, after=after, until=looked_until(search, after=after))
    return apart(filter(search.likes, found))


def looked_for(search: Search, *, after: datetime, until: datetime | None) -> Iterator[Slot]:
    """What is free from `after` to `until`, or to the end of the horizon, on days that may suit."""
    is_open = until is None and search.preference == ANY
    return slots.soonest(
        service=search.service,
        practitioners=search.people,
        after=after,
        now=search.now,
        own=search.own,
        periods=None if is_open else days_liked(search, after=after, until=until),
    )


def days_liked(search: Search, *, after: datetime, until: datetime | None) -> Iterator[Period]:
    """The days that may suit, from the one of `after` to `until` or the end of the horizon: of the
    others not one time is computed."""
    zone = slots.zone_of(search.now)
    horizon = slots.bookable(BookingPolicy.current(), search.now)[1]
    end = min(until or horizon, horizon)
    day = after.astimezone(zone).date()
    while (start := slots.instant(day, zone)) < end:
        if search.preference.may_be_on(day):
            first, last = hours_liked(search.preference, start, slots.instant(day + DAY, zone))
            yield first, min(last, end)
        day += DAY


def hours_liked(wish: Preference, start: datetime, end: datetime) -> Period:
    """The stretch of a day, from `start` to `end`, in which all the hours wished for lie. It is
    wide enough for a day on which the clocks change."""
    since = timedelta(minutes=minutes(wish.earliest or time.min)) - CLOCKS_CHANGE
    until = timedelta(minutes=minutes(wish.latest)) + CLOCKS_CHANGE if wish.latest else DAY * 2
    return max(start, start + since), min(end, start + until)


def looked_until(search: Search, *, after: datetime) -> datetime | None:
    """Where a search ends: behind the days asked about, else after some weeks for who wishes for
    hours; None is the end of the horizon."""
    ends = [end for end in (search.end, search.before) if end]
    has_hours = search.preference.has_hours or search.when.time
    if not search.end and (has_hours or search.before):
        ends.append(after + WISHES_LOOK)
    return min(ends, default=None)


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
    """With what to offer instead: other parts of the day first, then other days."""
    has_window = bool(search.after or search.before)
    has_time = search.when.time is not None and search.when.day is None
    return NoOpenings(
        search.service.name,
        search.when.day,
        other_hours(search) or other_days(search),
        last_day=search.when.last_day,
        part=search.preference.has_hours or has_window or has_time,
        practitioner=search.people[0].name if search.colleagues else "",
        wish=told(search),
        on_offer=bool(openings(over_holds(search))),
    )


def over_holds(search: Search) -> Search:
    """The same, as if nobody were just being offered anything."""
    return replace(search, own=replace(search.own, over_holds=True))


def other_hours(search: Search) -> tuple[Slot, ...]:
    """On the days that were asked about, the times nearest to the hours that were."""
    if not search.preference.has_hours:
        return ()
    if search.end is None:
        return soonest(without_hours(search), after=search.start) if search.first_day else ()
    zone = slots.zone_of(search.now)

    def distance(slot: Slot) -> int:
        return search.preference.minutes_outside(slot.start.astimezone(zone))

    wider = without_hours(search)
    free = filter(wider.likes, free_then(wider, until=search.start + WISHES_LOOK))
    chosen = sorted(free, key=lambda slot: (distance(slot), slot.start))[:MOST_OFFERED]
    return tuple(sorted(chosen, key=lambda slot: slot.start))


def other_days(search: Search) -> tuple[Slot, ...]:
    """The free times nearest to the days asked about, on the weekdays liked if there are any."""
    if search.after or search.before:
        return soonest(replace(without_hours(search), when=When()), after=search.start)
    open_days = replace(without_hours(search), when=When())
    liked = replace(open_days, preference=open_days.preference.without_days())
    return outside(search, liked) or outside(search, replace(liked, preference=ANY))


def outside(search: Search, liked: Search) -> tuple[Slot, ...]:
    """What `liked` finds before the days of `search` and behind them, nearest first, by the day;
    in the order of the clock."""
    behind = soonest(liked, after=search.end or search.start)
    if search.when.day or search.first_day is None:
        return behind or soonest(liked, after=search.start)
    before = [slot for slot in just_before(liked, search.start) if liked.likes(slot)]
    near = sorted((*before[-MOST_OFFERED:], *behind), key=lambda slot: days_from(search, slot))
    return tuple(sorted(near[:MOST_OFFERED], key=lambda slot: slot.start))


def just_before(liked: Search, start: datetime) -> list[Slot]:
    """What is free in the two weeks before `start`."""
    found = slots.free(
        service=liked.service,
        practitioners=liked.people,
        start=start - JUST_BEFORE,
        end=start,
        now=liked.now,
        own=liked.own,
    )
    return slots.one_a_time(found)


def days_from(search: Search, slot: Slot) -> int:
    """How many days a time is before the days of `search`, or behind them."""
    day = slot.start.astimezone(slots.zone_of(search.now)).date()
    first, last = search.first_day or day, search.last_day or day
    return max((first - day).days, (day - last).days, 0)


def without_hours(search: Search) -> Search:
    wish = search.preference.without_hours()
    when = replace(search.when, time=None, other_time=None)
    return replace(search, preference=wish, when=when, after=None, before=None)
