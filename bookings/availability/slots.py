"""Slots: the times a practitioner could still be booked. Computed, never stored.

One calculation serves offering and booking, so that what is offered can be booked, and nothing else
can. A visit has to be inside the hours worked; its buffers may reach beyond them. Buffers of two
neighbours add up: each blocks its own. Times are added in UTC, as whole numbers (see `periods`).
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import chain, groupby, repeat
from operator import attrgetter, itemgetter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bookings.availability import hours, rooms
from bookings.availability.hours import Period, Timetable
from bookings.availability.periods import (
    MINUTE,
    WEEK,
    Blocked,
    Stretch,
    in_numbers,
    moment,
    number,
)
from bookings.availability.reading import ANYBODY, Requester, Seen, Visit, read, to_see
from bookings.availability.rooms import Rooms
from bookings.models import (
    BookingPolicy,
    Practitioner,
    ServiceType,
)
from tenants.postgresql import statements
from tenants.postgresql.statements import Answers, Bound

# How many days around a wished one to look for others: those near it, or all of any horizon.
NEAR_DAYS, ALL_DAYS = 2, 731
# How far around a start other rows can matter: its whole local day, and the longest visit with its
# buffers.
AROUND = timedelta(hours=36)
LONGEST_VISIT = timedelta(hours=10)  # with the buffer on one side (ServiceType)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that could be booked. `start` is a UTC instant; `room` the key of one free then."""

    practitioner: Practitioner
    service: ServiceType
    start: datetime
    room: int | None = field(default=None, compare=False)

    @property
    def end(self) -> datetime:
        return self.start + self.service.duration

    @property
    def blocked(self) -> Period:
        """The time it takes in a diary: the visit with its buffers."""
        return self.start - self.service.buffer_before, self.end + self.service.buffer_after


PERIOD = itemgetter(*map(Visit._fields.index, ("blocked_from", "blocked_until")))


class Busy(dict[int, Blocked]):
    """The blocked periods of each practitioner, or of each room, by key. They are put in order when
    they are first asked for."""

    def __init__(self, visits: Sequence[Visit], *, by: str) -> None:
        """`by` is the field of a visit that holds the key."""
        super().__init__()
        self.visits, self.key = visits, itemgetter(Visit._fields.index(by))
        self.unsorted: defaultdict[int | None, list[Stretch]] = defaultdict(list)

    def __missing__(self, key: int) -> Blocked:
        if not self.unsorted:
            key_of, unsorted = self.key, self.unsorted
            for visit in self.visits:
                unsorted[key_of(visit)].append(PERIOD(visit))
        found = self[key] = Blocked(self.unsorted.get(key, ()))
        return found


class Opened:
    """The hours of each practitioner in whole numbers, computed when they are first looked at: four
    weeks at a time, since most calendars are long and most looks are short.

    Each part holds the local days before and after it as well, so that hours which reach over
    midnight are whole, and visits that begin in it can end behind it.
    """

    PART = 4 * WEEK

    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable
        self.start, self.end = number(timetable.start), number(timetable.end)
        self.known: dict[tuple[int, int], list[Stretch]] = {}

    def at(self, person: Practitioner, at: int) -> list[Stretch]:
        """The hours around that instant. Those before the first part belong to it, as far as they
        are known, and those behind the last part belong to that."""
        last = max(0, (self.end - 1 - self.start) // self.PART)
        return self.of_part(person, min(max(0, (at - self.start) // self.PART), last))

    def parts(
        self, person: Practitioner, start: int, end: int
    ) -> Iterator[tuple[list[Stretch], int, int]]:
        """The hours for each part of [start, end), and the bounds of it."""
        while start < end:
            following = start + self.PART - (start - self.start) % self.PART
            yield self.at(person, start), start, min(end, following)
            start = following

    def of_part(self, person: Practitioner, part: int) -> list[Stretch]:
        key = (person.pk, part)
        if key not in self.known:
            start = self.start + part * self.PART
            end = min(start + self.PART, self.end)
            here = replace(self.timetable, start=moment(start), end=moment(end))
            self.known[key] = in_numbers(here.opened(person))
        return self.known[key]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The hours worked and the periods blocked of some practitioners on some days, read once.

    `start` and `end` bound what is offered of it; `bookable` is what the policy allows.
    """

    people: tuple[Practitioner, ...]
    start: datetime
    end: datetime
    bookable: Period
    policy: BookingPolicy
    zone: ZoneInfo
    opened: Opened
    visits: Sequence[Visit]
    busy: Mapping[int, Blocked]
    rooms: Rooms
    requester: Requester
    elsewhere: Blocked  # other visits of the patient, if known

    def free(self, service: ServiceType) -> list[Slot]:
        """Every slot that starts in [start, end), by start, then by practitioner."""
        return list(self.upcoming(service))

    def upcoming(self, service: ServiceType) -> Iterator[Slot]:
        """As `free`, lazily: taking three computes only three."""
        return (self.slot(person, service, at) for at, person in self.numbers(service))

    def times(self, service: ServiceType) -> Iterator[Slot]:
        """As `upcoming`, with one slot a time: the first of those that start together."""
        for _, at_once in groupby(self.numbers(service), key=itemgetter(0)):
            at, person = next(at_once)
            yield self.slot(person, service, at)

    def times_in(self, service: ServiceType, periods: Iterable[Period]) -> Iterator[Slot]:
        """What starts in these periods, which are in order and apart, one slot a time."""
        return (slot for start, end in periods for slot in self.between(start, end).times(service))

    def upcoming_with(self, person: Practitioner, service: ServiceType) -> Iterator[Slot]:
        return (self.slot(person, service, at) for at in self.starts(person, service))

    def slot(self, person: Practitioner, service: ServiceType, at: int) -> Slot:
        return Slot(person, service, moment(at), next(iter(self.rooms.free(service, at)), None))

    def is_free(self, slot: Slot) -> bool:
        """Whether `slot` is among those `free` offers."""
        person, service, at = slot.practitioner, slot.service, number(slot.start)
        return (
            person.is_active
            and service.is_active
            and self.start <= slot.start < self.end
            and self.is_start(slot, self.busy[person.pk])
            and self.may_begin(at, service, self.full_days(person, service))
        )

    def is_worked(self, slot: Slot) -> bool:
        """Whether `slot` could be booked if the diaries were empty."""
        here = self.rooms.without_visits()
        return self.is_start(slot, Blocked()) and here.has_one(slot.service, number(slot.start))

    def is_taken(self, slot: Slot) -> bool:
        """Whether only other visits and holds keep `slot` from being booked."""
        has_room = self.rooms.has_one(slot.service, number(slot.start))
        free = has_room and self.is_start(slot, self.busy[slot.practitioner.pk])
        return not free and self.is_worked(slot)

    def is_start(self, slot: Slot, busy: Blocked) -> bool:
        at = number(slot.start)
        opened = self.opened.at(slot.practitioner, at)
        return is_start(at, opened, busy, Lengths.of(slot.service, self.policy))

    def is_any_held(self, asked: Iterable[Slot]) -> bool:
        """Whether only holds of other calls block one of these slots."""
        bare = self.without_holds()
        return any(not self.is_free(slot) and bare.is_free(slot) for slot in asked)

    def rooms_for(self, slot: Slot) -> list[int]:
        return self.rooms.free(slot.service, number(slot.start))

    def without_holds(self) -> "Calendar":
        booked = [visit for visit in self.visits if not visit.conversation]
        return self if len(booked) == len(self.visits) else self.with_visits(booked)

    def with_holds(self, held: Iterable[Slot]) -> "Calendar":
        """The calendar as it would be with these slots held for one more call."""
        return self.with_visits([*self.visits, *map(as_visit, held)])

    def with_visits(self, visits: Sequence[Visit]) -> "Calendar":
        in_rooms = replace(self.rooms, busy=Busy(visits, by="room"))
        return replace(self, visits=visits, busy=Busy(visits, by="practitioner"), rooms=in_rooms)

    def numbers(self, service: ServiceType) -> Iterator[tuple[int, Practitioner]]:
        """Every start with whom it is, by start, then by practitioner."""
        people = sorted(self.people, key=attrgetter("pk"))
        each = (zip(self.starts(one, service), repeat(one), strict=False) for one in people)
        return merge(*each, key=itemgetter(0))

    def starts(self, person: Practitioner, service: ServiceType) -> Iterator[int]:
        """Where a visit of `service` with `person` can begin in [start, end)."""
        if not (person.is_active and service.is_active):
            return iter(())
        busy, lengths = self.busy[person.pk], Lengths.of(service, self.policy)
        parts = self.opened.parts(person, number(self.start), number(self.end))
        every = chain.from_iterable(
            some for part in parts for some in starts(*part, busy=busy, lengths=lengths)
        )
        full = self.full_days(person, service)
        if not (full or self.elsewhere or service.pk in self.rooms.needed):
            return every
        return (at for at in every if self.may_begin(at, service, full))

    def may_begin(self, at: int, service: ServiceType, full: Collection[date]) -> bool:
        """Whether neither a `full` day, nor another visit of the patient, nor rooms prevent it."""
        return (
            not (full and self.day_of(moment(at)) in full)
            and self.elsewhere.is_clear(at, at + service.minutes * MINUTE)
            and self.rooms.has_one(service, at)
        )

    def is_elsewhere(self, start: datetime, end: datetime) -> bool:
        """Whether the patient has another visit in [start, end)."""
        return not self.elsewhere.is_clear(number(start), number(end))

    def full_days(self, person: Practitioner, service: ServiceType) -> set[date]:
        """The local days on which `person` has as many visits of `service` as they may have. The
        holds of one call count as one visit.
        """
        if service.most_a_day is None:
            return set()
        counted = {
            (self.day_of(visit.start), visit.conversation or number)
            for number, visit in enumerate(self.visits)
            if (visit.practitioner, visit.service) == (person.pk, service.pk)
        }
        days = Counter(day for day, _ in counted)
        return {day for day, count in days.items() if count >= service.most_a_day}

    def works_on(self, at: datetime) -> bool:
        """Whether any of the practitioners works on that local day."""
        start, end = map(number, days_near(at, 0, self.zone))
        return any(
            opening < end and closing > start
            for person in self.people
            for opening, closing in self.opened.at(person, number(at))
        )

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def covers(self, people: Iterable[Practitioner], start: datetime, end: datetime) -> bool:
        """Whether it holds all of [start, end) that can be booked with `people`."""
        first, last = self.bookable
        is_whole = self.start <= max(start, first) and min(end, last) <= self.end
        return is_whole and set(people) <= set(self.people)

    def only(self, start: datetime, end: datetime) -> "Calendar":
        """The part as it would have been read alone: with the visits and holds around it."""
        first, last = number(start - AROUND), number(end + AROUND)
        near = [
            visit
            for visit in self.visits
            if first < visit.blocked_until and visit.blocked_from < last
        ]
        return self.between(start, end).with_visits(near)

    def between(self, start: datetime, end: datetime) -> "Calendar":
        """The part with the starts in [start, end)."""
        return replace(self, start=max(self.start, start), end=min(self.end, end))


def calendar(
    practitioners: Iterable[Practitioner],
    *,
    start: datetime,
    end: datetime | None = None,
    now: datetime,
    requester: Requester = ANYBODY,
    seen: Seen | None = None,
) -> Calendar:
    """The part of [start, end) that the policy allows, to the end of the horizon if there is no
    `end`. `now` is `Organization.now()`. `seen` is what was read already of all that is near it.

    One round trip, however long the period and however many the practitioners, and those for the
    configuration.
    """
    people, zone, policy = tuple(practitioners), zone_of(now), BookingPolicy.current()
    first, last = allowed = bookable(policy, now)
    start = max(start.astimezone(UTC), first)
    end = max(start, min(end.astimezone(UTC), last) if end else last)
    if seen is None:
        keys = [person.pk for person in people]
        seen = read(keys, start - AROUND, end + AROUND, requester, now=now)
    timetable = hours.timetable(people, start=start, end=end, zone=zone)
    return Calendar(
        people,
        start,
        end,
        allowed,
        policy,
        zone,
        Opened(timetable),
        seen.visits,
        Busy(seen.visits, by="practitioner"),
        rooms_in(timetable, seen.visits),
        requester,
        seen.elsewhere,
    )


def rooms_in(timetable: Timetable, visits: Sequence[Visit]) -> Rooms:
    """The rooms in use, with what blocks them."""
    needed = rooms.needed()
    every = set(chain.from_iterable(needed.values()))
    closed = {room: Blocked(in_numbers(timetable.closed(room=room))) for room in every}
    return Rooms(needed, Busy(visits, by="room"), closed)


def as_visit(slot: Slot) -> Visit:
    start, (blocked_from, blocked_until) = number(slot.start), map(number, slot.blocked)
    who, service = slot.practitioner.pk, slot.service.pk
    return Visit(who, slot.room, service, start, blocked_from, blocked_until, "to be held")


def bookable(policy: BookingPolicy, now: datetime) -> Period:
    """The period that can be booked: from the clinic's notice to the end of the horizon's last
    day."""
    zone = zone_of(now)
    soonest = max(
        now.astimezone(UTC) + max(policy.notice, INSTANT),
        instant(now.date() + timedelta(days=policy.notice_days), zone),
    )
    return soonest, instant(now.date() + timedelta(days=policy.horizon_days + 1), zone)


def around(
    wanted: datetime,
    *,
    practitioners: Sequence[Practitioner],
    now: datetime,
    days: int = NEAR_DAYS,
    requester: Requester = ANYBODY,
) -> Calendar:
    """The clinic's day of `wanted`, and so many whole `days` before and after it."""
    start, end = days_near(wanted, days, zone_of(now))
    return calendar(practitioners, start=start, end=end, now=now, requester=requester)


def day_of(
    start: datetime,
    practitioners: Sequence[Practitioner],
    requester: Requester,
    found: Answers,
    *,
    now: datetime,
) -> Calendar:
    """The clinic's day of `start`, of what the statements `to_see_day_of` have found."""
    begin, end = days_near(start, 0, zone_of(now))
    seen = Seen.of(found)
    return calendar(practitioners, start=begin, end=end, now=now, requester=requester, seen=seen)


def days_near(wanted: datetime, days: int, zone: ZoneInfo) -> Period:
    day, many = wanted.astimezone(zone).date(), timedelta(days=days)
    return instant(day - many, zone), instant(day + many + timedelta(days=1), zone)


def chosen(ranked: Sequence[Slot], count: int) -> tuple[Slot, ...]:
    """The first `count` of `ranked`, which is best first; in the order of the clock."""
    return tuple(sorted(ranked[:count], key=attrgetter("start")))


class Lengths(NamedTuple):
    """What the grid is made of, in microseconds. `behind`: from the start to the end of the
    buffer after the visit."""

    step: int
    duration: int
    before: int
    behind: int

    @classmethod
    def of(cls, service: ServiceType, policy: BookingPolicy) -> "Lengths":
        minutes, after = service.minutes, service.minutes_after
        every = (policy.step_minutes, minutes, service.minutes_before, minutes + after)
        return cls(*(length * MINUTE for length in every))


def starts(
    opened: Sequence[Stretch], start: int, end: int, *, busy: Blocked, lengths: Lengths
) -> Iterator[range]:
    """Where a visit can begin in [start, end): every step from each opening, visit inside, blocked
    period free. The grid starts anew at every opening. Each gap of a diary is one range, so that
    what is taken costs as much as the gaps in it.
    """
    step, duration, before, behind = lengths
    first = bisect_left(opened, start, key=itemgetter(1))
    last = bisect_left(opened, end, key=itemgetter(0))
    here = opened[first:last]
    untils = [*(opening for opening, _ in here[1:]), end]
    for (opening, closing), until in zip(here, untils, strict=False):
        earliest, latest = max(opening, start), min(closing - duration, until - 1)
        following = busy.following(earliest - before)
        while earliest <= latest:
            taken = following < len(busy)
            at_most = min(latest, busy.starts[following] - behind) if taken else latest
            yield range(opening - (opening - earliest) // step * step, at_most + 1, step)
            if not taken:
                break
            earliest = max(earliest, busy.ends[following] + before)
            following += 1


def is_start(at: int, opened: Sequence[Stretch], busy: Blocked, lengths: Lengths) -> bool:
    """Whether `at` is among `starts`, without going through them."""
    step, duration, before, behind = lengths
    place = bisect_right(opened, at, key=itemgetter(0)) - 1
    if place < 0:
        return False
    opening, closing = opened[place]
    is_inside = (at - opening) % step == 0 and at + duration <= closing
    return is_inside and busy.is_clear(at - before, at + behind)


def to_see_day_of(
    start: datetime, people: Iterable[int], requester: Requester, *, now: datetime
) -> list[Bound[statements.Value]]:
    """What matters to visits that begin on the same local day."""
    begin, end = days_near(start, 0, zone_of(now))
    return to_see(people, begin - LONGEST_VISIT, end + LONGEST_VISIT, requester, now=now)


def instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return hours.instant(day, time.min, zone)


def zone_of(now: datetime) -> ZoneInfo:
    """The org's zone, which `Organization.now()` carries. Raises TypeError for another clock."""
    if not isinstance(now.tzinfo, ZoneInfo):
        raise TypeError("`now` must be Organization.now()")
    return now.tzinfo
