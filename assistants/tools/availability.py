"""Availability: a search for free times, and what is offered where there are none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from assistants.hearing import When
from assistants.outcomes import NoOpenings, Openings
from assistants.tools import others, preferences
from bookings.availability import slots
from bookings.availability.alternatives import AWAY
from bookings.availability.hours import Period
from bookings.availability.reading import Requester
from bookings.availability.slots import Calendar, Slot
from bookings.models import BookingPolicy, Offer, Practitioner, ServiceType
from bookings.preferences import ANY, Preference, minutes

MOST_OFFERED = Offer.MOST_A_CALL
# How far ahead a wish (such as "evenings") is searched.
WISHES_LOOK = timedelta(days=60)
# Two times closer than this are hardly a choice for somebody who named none.
APART = timedelta(hours=3)
# How far before a day that was named an earlier one may be offered.
JUST_BEFORE = timedelta(days=14)
DAY, CLOCKS_CHANGE = timedelta(days=1), timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. `now` is the org's; `requester` is the call; `colleagues` do it as
    well, where somebody was asked for by name. `after` and `before` are instants between which
    times are looked for, both excluded; those near `told` do not suit. `read` are the calendars
    that were read for it."""

    service: ServiceType
    people: Sequence[Practitioner]
    when: When
    preference: Preference
    requester: Requester
    now: datetime
    colleagues: Sequence[Practitioner] = ()
    after: datetime | None = None
    before: datetime | None = None
    told: tuple[datetime, ...] = ()
    read: list[Calendar] = field(default_factory=list, compare=False)

    def likes(self, slot: Slot) -> bool:
        too_early = self.after is not None and slot.start <= self.after
        too_late = self.before is not None and slot.start >= self.before
        if too_early or too_late or others.is_near(slot.start, self.told):
            return False
        local = slot.start.astimezone(slots.zone_of(self.now))
        return self.is_at(local.time()) and not self.preference.misses(local, slot.practitioner.pk)

    def is_at(self, at: time) -> bool:
        """Whether the time fits. If a day was named, every time fits: the nearest are offered."""
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
        """The end of the last day asked about; None if there is no last day."""
        zone, day = slots.zone_of(self.now), self.last_day
        return slots.instant(day + DAY, zone) if day else None


def found(search: Search) -> Openings | NoOpenings:
    free = openings(search)
    if not free and search.told and search.end:  # all of these days was told
        search = replace(
            search,
            when=When(),
            preference=search.preference.without_days(),
            after=search.after or search.end,
        )
        free = openings(search)
    if not free:
        return nothing(search)
    return Openings(search.service.name, search.when.day, free, wish=searched(search))


def searched(search: Search) -> Preference:
    """What was searched, as the caller hears it: nothing, where one day or none was named."""
    wish, when = search.preference, search.when
    if when.day and not when.one_day:
        wish = replace(wish, first_day=when.day, last_day=when.last_day)
    elif when.day or not (wish.has_days or wish.weekdays):
        return ANY
    part = preferences.part_named(when)
    if part and not wish.parts:
        wish = replace(wish.without_hours(), parts=(preferences.part_of_day(part),))
    return wish


def beside_colleague(outcome: Openings | NoOpenings, search: Search) -> Openings | NoOpenings:
    """The outcome with a colleague's slot added, if the practitioner asked for has no slot then,
    none soon, or not at the time named. It takes the place of the practitioner's last slot."""
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
    """A colleague's slot: at the time named, else one that fits what was asked for, else one
    that is sooner than the next slot of the practitioner asked for."""
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
    next_own = outcome.offered[0].start if outcome.offered else None
    near = other_hours(others) or other_days(others)
    return next((slot for slot in near if next_own is None or slot.start < next_own), None)


def at_the_time(found: Iterable[Slot], search: Search) -> list[Slot]:
    zone, named = slots.zone_of(search.now), (search.when.time, search.when.other_time)
    return [slot for slot in found if slot.start.astimezone(zone).time() in named]


def is_away(outcome: Openings, search: Search) -> bool:
    """Whether no day was named and the named practitioner has no free time for a week."""
    return search.first_day is None and outcome.slots[0].start > search.now + AWAY


def openings(search: Search) -> tuple[Slot, ...]:
    """The slots to offer. On days that were named: the nearest to the time named, or else slots
    spread over these days. If no days were named, the soonest."""
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
    return list(calendar(search, search.start, end).times(search.service))


def nearest_to(
    search: Search, free: Sequence[Slot], *, most: int = MOST_OFFERED
) -> tuple[Slot, ...]:
    """The slots nearest to the time of day. “Around three” means both threes if no half of the day
    was said."""
    named = (search.when.time, search.when.other_time)
    times = [minutes(at) for at in named if at]
    zone = slots.zone_of(search.now)

    def distance(slot: Slot) -> int:
        local = minutes(slot.start.astimezone(zone).time())
        return min(abs(local - at) for at in times)

    return slots.chosen(sorted(free, key=lambda slot: (distance(slot), slot.start)), most)


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
    """What is free from `after` to `until`, or to the end of the horizon, on days that may suit;
    one slot a time, computed as they are taken.

    One calendar is read, whether the next free time is tomorrow, in a year, or never.
    """
    whole = calendar(search, after)
    if until is None and search.preference == ANY:
        return whole.times(search.service)
    return whole.times_in(search.service, days_liked(search, after=after, until=until))


def calendar(search: Search, start: datetime, end: datetime | None = None) -> Calendar:
    """What is read of [start, end) for the search, or to the end of the horizon."""
    found = slots.calendar(
        search.people, start=start, end=end, now=search.now, requester=search.requester
    )
    search.read.append(found)
    return found


def days_liked(search: Search, *, after: datetime, until: datetime | None) -> Iterator[Period]:
    """The days that may suit, from the one of `after` to `until` or the end of the horizon: no
    times are computed for other days."""
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
    """When a search ends: after the days asked about; else, for a caller who wishes for hours,
    after some weeks. None: at the end of the horizon."""
    ends = [end for end in (search.end, search.before) if end]
    has_hours = search.preference.has_hours or search.when.time
    if not search.end and (has_hours or search.before):
        ends.append(after + WISHES_LOOK)
    return min(ends, default=None)


def apart(slots_in_order: Iterable[Slot]) -> tuple[Slot, ...]:
    """The first slot, and then each slot at least three hours after the one before it. If these are
    too few, slots between them are added."""
    chosen: list[Slot] = []
    between: list[Slot] = []
    for slot in slots_in_order:
        if len(chosen) == MOST_OFFERED or (chosen and slot.start > chosen[0].start + WISHES_LOOK):
            break
        if not chosen or slot.start >= chosen[-1].start + APART:
            chosen.append(slot)
        elif len(between) < MOST_OFFERED:
            between.append(slot)
    return slots.chosen([*chosen, *between], MOST_OFFERED)


def nothing(search: Search) -> NoOpenings:
    """The outcome that nothing is free, with other parts of the day or else other days."""
    has_window = bool(search.after or search.before)
    has_time = search.when.time is not None and search.when.day is None
    return NoOpenings(
        search.service.name,
        search.when.day,
        other_hours(search) or other_days(search),
        last_day=search.when.last_day,
        part=search.preference.has_hours or has_window or has_time,
        practitioner=search.people[0].name if search.colleagues else "",
        wish=searched(search),
        on_offer=bool(openings(over_holds(search))),
    )


def over_holds(search: Search) -> Search:
    """The same search, ignoring the holds of other callers."""
    return replace(search, requester=replace(search.requester, over_holds=True))


def other_hours(search: Search) -> tuple[Slot, ...]:
    """The free times on the days asked about that are nearest to the hours asked for."""
    if not search.preference.has_hours:
        return ()
    if search.end is None:
        return soonest(without_hours(search), after=search.start) if search.first_day else ()
    zone = slots.zone_of(search.now)

    def distance(slot: Slot) -> int:
        return search.preference.minutes_outside(slot.start.astimezone(zone))

    wider = without_hours(search)
    free = filter(wider.likes, free_then(wider, until=search.start + WISHES_LOOK))
    nearest = sorted(free, key=lambda slot: (distance(slot), slot.start))
    return slots.chosen(nearest, MOST_OFFERED)


def other_days(search: Search) -> tuple[Slot, ...]:
    """The free times nearest to the days asked about: on the weekdays liked if there are any, or
    else on the others of these days."""
    if search.after or search.before:
        return soonest(
            replace(without_hours(search), when=When()), after=search.after or search.start
        )
    open_days = replace(without_hours(search), when=When())
    liked = replace(open_days, preference=open_days.preference.without_days())
    found = outside(search, liked)
    if not found and search.preference.weekdays:
        any_weekday = replace(search.preference, weekdays=frozenset())
        found = openings(without_hours(replace(search, preference=any_weekday)))
    return found or outside(search, replace(liked, preference=ANY))


def outside(search: Search, liked: Search) -> tuple[Slot, ...]:
    """The slots that `liked` finds before and after the days of `search`: those on the nearest days
    are chosen, and they are told in the order of the clock."""
    behind = soonest(liked, after=search.end or search.start)
    if search.when.day or search.first_day is None:
        return behind or soonest(liked, after=search.start)
    before = [slot for slot in just_before(liked, search.start) if liked.likes(slot)]
    near = sorted((*before[-MOST_OFFERED:], *behind), key=lambda slot: days_from(search, slot))
    return slots.chosen(near, MOST_OFFERED)


def just_before(liked: Search, start: datetime) -> list[Slot]:
    """What is free in the two weeks before `start`."""
    return list(calendar(liked, start - JUST_BEFORE, start).times(liked.service))


def days_from(search: Search, slot: Slot) -> int:
    """How many days a time is before the first day of `search`, or after its last one."""
    day = slot.start.astimezone(slots.zone_of(search.now)).date()
    first, last = search.first_day or day, search.last_day or day
    return max((first - day).days, (day - last).days, 0)


def without_hours(search: Search) -> Search:
    wish = search.preference.without_hours()
    when = replace(search.when, time=None, other_time=None)
    return replace(search, preference=wish, when=when, after=None, before=None)
