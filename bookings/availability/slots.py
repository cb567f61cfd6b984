"""Slots: the times a practitioner could still be booked. Computed, never stored.

One calculation serves offering and booking, so that what is offered can be booked, and nothing else
can. A visit has to be inside the hours worked; its buffers may reach beyond them. Buffers of two
neighbours add up: each blocks its own. Times are added in UTC.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import groupby, starmap, zip_longest
from operator import attrgetter, itemgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Field, Func, Q

from bookings.availability import hours, rooms
from bookings.availability.hours import Period, Timetable, joined
from bookings.availability.rooms import Rooms
from bookings.models import (
    Appointment,
    AppointmentQuerySet,
    BookingPolicy,
    Offer,
    OfferQuerySet,
    Practitioner,
    ServiceType,
)

# How many days around a wished one to look for others, nearest first; the last is past any horizon.
DAYS = (2, 14, 90, 731)
# How far around a start other rows can matter: its whole local day, and the longest visit with its
# buffers.
AROUND = timedelta(hours=36)
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


@dataclass(frozen=True, slots=True)
class Requester:
    """The person for whom times are searched. Three things do not block them: the appointment that
    is to move, what is held for their call, and what is held for an earlier call from the same
    number, whose line dropped. `caller` is the number that proves who calls (E.164), or "". All
    other visits of the patient block them."""

    appointment: Appointment | None = None
    conversation: str = ""
    patient: UUID | None = None
    caller: str = ""
    over_holds: bool = False  # what is held for other callers does not block them either

    def visits(self, start: datetime, end: datetime | None = None) -> AppointmentQuerySet:
        """The patient's other visits from `start` on; none if the patient is not known."""
        if self.patient is None:
            return Appointment.objects.none()
        others = Appointment.objects.seeing(self.patient, start, end).order_by("start")
        return others.exclude(pk=self.appointment.pk) if self.appointment else others

    def holds_of_others(self, start: datetime, end: datetime) -> OfferQuerySet:
        """The holds in [start, end) that block them."""
        if self.over_holds:
            return Offer.objects.none()
        others = Offer.objects.unexpired().of_others(self.conversation, self.caller)
        return others.blocking(start, end)


ANYBODY = Requester()


class Visit(NamedTuple):
    """What a calendar has to know of an appointment, or of a hold.

    Instants are seconds since 1970 in UTC, exact to the microsecond: thousands are put in order,
    and few of them looked at.
    """

    practitioner: int
    room: int | None
    service: int
    starts: float
    blocked_from: float
    blocked_until: float
    conversation: str = ""  # the call it is held for; "" for an appointment

    @property
    def start(self) -> datetime:
        return utc(self.starts)


class Blocked:
    """Periods in order that do not overlap. Each is made from its seconds when it is read."""

    __slots__ = ("ends", "starts")

    def __init__(self) -> None:
        self.starts: list[float] = []
        self.ends: list[float] = []

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> Period:
        return utc(self.starts[number]), utc(self.ends[number])

    def add(self, start: float, end: float) -> None:
        """Periods are added in order. Those that touch are joined, since no visit fits between
        them. So are those that overlap, as the holds of one call may.
        """
        if self.ends and self.ends[-1] >= start:
            self.ends[-1] = max(self.ends[-1], end)
        else:
            self.starts.append(start)
            self.ends.append(end)

    def following(self, at: datetime) -> int:
        """The number of the first period that ends after `at`."""
        return bisect_right(self.ends, at.timestamp())


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
    opened: dict[int, list[Period]]
    visits: Sequence[Visit]
    busy: Mapping[int, Blocked]
    rooms: Rooms
    requester: Requester = ANYBODY
    elsewhere: Sequence[Period] = ()  # other visits of the patient, if known

    def free(self, service: ServiceType) -> list[Slot]:
        """Every slot that starts in [start, end), by start, then by practitioner."""
        return list(self.upcoming(service))

    def upcoming(self, service: ServiceType) -> Iterator[Slot]:
        """The same, lazily: taking three computes only three."""
        people = sorted(self.people, key=attrgetter("pk"))
        by_person = [self.upcoming_with(person, service) for person in people]
        return merge(*by_person, key=attrgetter("start"))

    def upcoming_with(self, person: Practitioner, service: ServiceType) -> Iterator[Slot]:
        return (
            Slot(person, service, at, next(iter(self.rooms.free(service, at)), None))
            for at in self.starts(person, service)
        )

    def is_free(self, slot: Slot) -> bool:
        """Whether `slot` is among those `free` offers."""
        here = self.between(slot.start, slot.start + INSTANT)
        return slot.start in here.starts(slot.practitioner, slot.service)

    def is_worked(self, slot: Slot) -> bool:
        """Whether `slot` could be booked if the diaries were empty."""
        opened = self.opened[slot.practitioner.pk]
        return slot.start in starts(
            opened, Blocked(), slot.service, step=self.policy.step
        ) and self.rooms.without_visits().has_one(slot.service, slot.start)

    def is_taken(self, slot: Slot) -> bool:
        """Whether only other visits and holds keep `slot` from being booked."""
        opened, busy = self.opened[slot.practitioner.pk], self.busy[slot.practitioner.pk]
        free = slot.start in starts(
            opened, busy, slot.service, step=self.policy.step
        ) and self.rooms.has_one(slot.service, slot.start)
        return self.is_worked(slot) and not free

    def is_held(self, slot: Slot) -> bool:
        """Whether only holds of other calls block `slot`."""
        return not self.is_free(slot) and self.without_holds().is_free(slot)

    def without_holds(self) -> "Calendar":
        visits = [visit for visit in self.visits if not visit.conversation]
        busy, in_rooms = blocked_periods(self.people, self.rooms.needed, visits)
        return replace(self, visits=visits, busy=busy, rooms=replace(self.rooms, busy=in_rooms))

    def with_holds(self, held: Iterable[Slot]) -> "Calendar":
        """The calendar as it would be with these slots held for one more call."""
        visits = [*self.visits, *map(as_visit, held)]
        busy, in_rooms = blocked_periods(self.people, self.rooms.needed, visits)
        return replace(self, visits=visits, busy=busy, rooms=replace(self.rooms, busy=in_rooms))

    def starts(self, person: Practitioner, service: ServiceType) -> Iterator[datetime]:
        """Where a visit of `service` with `person` can begin in [start, end)."""
        if not (person.is_active and service.is_active):
            return
        opened, full = self.opened[person.pk], self.full_days(person, service)
        first = bisect_left(opened, self.start, key=itemgetter(1))
        last = bisect_left(opened, self.end, key=itemgetter(0))
        for at in starts(opened[first:last], self.busy[person.pk], service, step=self.policy.step):
            if at >= self.end:
                return
            if at < self.start or (full and self.day_of(at) in full):
                continue
            if self.is_elsewhere(at, at + service.duration):
                continue
            if self.rooms.has_one(service, at):
                yield at

    def is_elsewhere(self, start: datetime, end: datetime) -> bool:
        """Whether the patient has another visit in [start, end)."""
        return any(begins < end and start < ends for begins, ends in self.elsewhere)

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
        day = self.day_of(at)
        start, end = instant(day, self.zone), instant(day + timedelta(days=1), self.zone)
        return any(
            opening < end and closing > start
            for opened in self.opened.values()
            for opening, closing in opened
        )

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def between(self, start: datetime, end: datetime) -> "Calendar":
        """The part with the starts in [start, end)."""
        return replace(self, start=max(self.start, start), end=min(self.end, end))


def calendar(
    practitioners: Iterable[Practitioner],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    requester: Requester = ANYBODY,
) -> Calendar:
    """The part of [start, end) that the policy allows. `now` is `Organization.now()`.

    Seven queries, however long the period and however many the practitioners; one more for where
    a patient is.
    """
    people, zone, policy = tuple(practitioners), zone_of(now), BookingPolicy.current()
    first, last = bookable(policy, now)
    start = max(start.astimezone(UTC), first)
    end = max(start, min(end.astimezone(UTC), last))
    laid = lay_out(
        people,
        policy,
        hours.timetable(people, start=start, end=end, zone=zone),
        read_visits(people, start - AROUND, end + AROUND, requester),
        rooms.needed(),
        now=now,
    )
    return replace(laid, requester=requester, elsewhere=read_elsewhere(requester, now=now))


def lay_out(
    people: tuple[Practitioner, ...],
    policy: BookingPolicy,
    timetable: Timetable,
    visits: Sequence[Visit],
    needed: Mapping[int, Sequence[int]],
    *,
    now: datetime,
) -> Calendar:
    """The calendar of the rows that were read. No query is made from here on."""
    busy, in_rooms = blocked_periods(people, needed, visits)
    closed = {room: joined(timetable.closed(room=room)) for room in in_rooms}
    return Calendar(
        people,
        timetable.start,
        timetable.end,
        bookable(policy, now),
        policy,
        timetable.zone,
        {person.pk: timetable.opened(person) for person in people},
        visits,
        busy,
        Rooms(needed, in_rooms, closed),
    )


def as_visit(slot: Slot) -> Visit:
    blocked_from, blocked_until = slot.blocked
    return Visit(
        slot.practitioner.pk,
        slot.room,
        slot.service.pk,
        slot.start.timestamp(),
        blocked_from.timestamp(),
        blocked_until.timestamp(),
        "to be held",
    )


def blocked_periods(
    people: Iterable[Practitioner], needed: Mapping[int, Sequence[int]], visits: Iterable[Visit]
) -> tuple[dict[int, Blocked], dict[int, Blocked]]:
    """The blocked periods of each practitioner, and of each room, by keys."""
    busy = {person.pk: Blocked() for person in people}
    in_rooms = {room: Blocked() for some in needed.values() for room in some}
    for visit in sorted(visits, key=attrgetter("blocked_from")):
        if visit.practitioner in busy:
            busy[visit.practitioner].add(visit.blocked_from, visit.blocked_until)
        if visit.room in in_rooms:
            in_rooms[visit.room].add(visit.blocked_from, visit.blocked_until)
    return busy, in_rooms


def bookable(policy: BookingPolicy, now: datetime) -> Period:
    """The period that can be booked: from the clinic's notice to the end of the horizon's last
    day."""
    zone = zone_of(now)
    soonest = max(
        now.astimezone(UTC) + max(policy.notice, INSTANT),
        instant(now.date() + timedelta(days=policy.notice_days), zone),
    )
    return soonest, instant(now.date() + timedelta(days=policy.horizon_days + 1), zone)


def free(
    *,
    service: ServiceType,
    practitioners: Iterable[Practitioner],
    start: datetime,
    end: datetime,
    now: datetime,
    requester: Requester = ANYBODY,
) -> list[Slot]:
    """Every slot that starts in [start, end) and after `now`, by start, then by practitioner."""
    return calendar(practitioners, start=start, end=end, now=now, requester=requester).free(service)


def soonest(
    *,
    service: ServiceType,
    practitioners: Iterable[Practitioner],
    after: datetime,
    now: datetime,
    requester: Requester = ANYBODY,
    periods: Iterable[Period] | None = None,
) -> Iterator[Slot]:
    """The free times from `after` to the end of the horizon, one slot a time, computed as they are
    taken. If `periods` are given, only times that start in them; they are in order and apart.

    One calendar is read, whether the next free time is tomorrow, in a year, or never.
    """
    end = after + timedelta(days=DAYS[-1])
    whole = calendar(practitioners, start=after, end=end, now=now, requester=requester)
    if periods is None:
        return firsts(whole.upcoming(service))
    parts = (whole.between(start, end).upcoming(service) for start, end in periods)
    return (slot for part in parts for slot in firsts(part))


def around(
    wanted: datetime,
    *,
    practitioners: Sequence[Practitioner],
    now: datetime,
    days: int = DAYS[0],
    requester: Requester = ANYBODY,
) -> Calendar:
    """The clinic's day of `wanted`, and so many whole `days` before and after it."""
    start, end = days_near(wanted, days, zone_of(now))
    return calendar(practitioners, start=start, end=end, now=now, requester=requester)


def days_near(wanted: datetime, days: int, zone: ZoneInfo) -> Period:
    day, many = wanted.astimezone(zone).date(), timedelta(days=days)
    return instant(day - many, zone), instant(day + many + timedelta(days=1), zone)


def chosen(ranked: Sequence[Slot], count: int) -> tuple[Slot, ...]:
    """The first `count` of `ranked`, which is best first; in the order of the clock."""
    return tuple(sorted(ranked[:count], key=attrgetter("start")))


def one_a_time(slots: Iterable[Slot]) -> list[Slot]:
    return list(firsts(slots))


def firsts(slots: Iterable[Slot]) -> Iterator[Slot]:
    """The first of those that start together. `slots` are in order of their start."""
    for _, together in groupby(slots, key=attrgetter("start")):
        yield next(together)


def starts(
    opened: Sequence[Period], busy: Blocked, service: ServiceType, *, step: timedelta
) -> Iterator[datetime]:
    """Where a visit can begin: every step from each opening, visit inside, blocked period free.

    The grid starts anew at every opening.
    """
    followings = [opening for opening, _ in opened[1:]]
    for (opening, closing), following in zip_longest(opened, followings):
        for earliest, latest in gaps(opening, closing, busy, service):
            at = opening + -((opening - earliest) // step) * step  # rounded up
            while at <= latest and (following is None or at < following):
                yield at
                at += step


def gaps(
    opening: datetime, closing: datetime, busy: Blocked, service: ServiceType
) -> Iterator[Period]:
    """The periods, both ends included, in which a visit could begin, before the grid is applied."""
    before, behind = service.buffer_before, service.duration + service.buffer_after
    earliest, latest = opening, closing - service.duration
    following = busy.following(opening - before)
    while following < len(busy) and earliest <= latest:
        taken_from, taken_until = busy[following]
        yield earliest, min(latest, taken_from - behind)
        earliest = max(earliest, taken_until + before)
        following += 1
    yield earliest, latest


def read_visits(
    practitioners: Iterable[Practitioner], start: datetime, end: datetime, requester: Requester
) -> list[Visit]:
    """Every visit and hold in these diaries, or in a room, that touches [start, end)."""
    whose = Q(practitioner__in=[person.pk for person in practitioners]) | Q(room__isnull=False)
    booked = Appointment.objects.blocking(start, end).filter(whose)
    if requester.appointment is not None:
        booked = booked.exclude(pk=requester.appointment.pk)
    held = requester.holds_of_others(start, end).filter(whose)
    return [
        *starmap(Visit, booked.order_by().values_list(*COLUMNS)),
        *starmap(Visit, held.order_by().values_list(*COLUMNS, "conversation")),
    ]


def read_elsewhere(requester: Requester, *, now: datetime) -> list[Period]:
    return list(requester.visits(now).values_list("start", "end"))


class Seconds(Func):
    """An instant as a number, which is read several times as fast; exact to the microsecond.

    A plain Field is used because FloatField would convert each value again.
    """

    function = "date_part"  # `extract` would give a numeric first
    template = "%(function)s('epoch', %(expressions)s)"
    output_field = Field()


COLUMNS = (
    "practitioner",
    "room",
    "service",
    Seconds("start"),
    Seconds("blocked__startswith"),
    Seconds("blocked__endswith"),
)


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return hours.instant(day, time.min, zone)


def zone_of(now: datetime) -> ZoneInfo:
    """The org's zone, which `Organization.now()` carries. Raises TypeError for another clock."""
    if not isinstance(now.tzinfo, ZoneInfo):
        raise TypeError("`now` must be Organization.now()")
    return now.tzinfo
