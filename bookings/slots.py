"""Slots: the times a practitioner could still be booked. Computed, never stored.

One calculation serves offering and booking, so what is offered can be booked and what is not
offered cannot. A visit has to lie inside the hours worked; buffers may reach past them. Buffers of
two neighbours add up: each blocks its own. All sums are done in UTC.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import groupby, zip_longest
from operator import attrgetter, itemgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import FloatField, Func, Q

from bookings import hours, rooms
from bookings.hours import Period, Timetable, joined
from bookings.models import Appointment, BookingPolicy, Practitioner, ServiceType
from bookings.rooms import Rooms

# How far around a wished time to look for others, nearest first; the last is past any horizon.
WINDOWS = tuple(timedelta(days=days) for days in (2, 14, 90, 731))
# What else decides about a start: its whole local day, and the longest visit with its buffers.
AROUND = timedelta(hours=36)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that could be booked. `start` is a UTC instant."""

    practitioner: Practitioner
    service: ServiceType
    start: datetime

    @property
    def end(self) -> datetime:
        return self.start + self.service.duration


class Visit(NamedTuple):
    """What a calendar has to know of an appointment. Instants are UTC."""

    practitioner: int
    room: int | None
    service: int
    start_seconds: float  # since 1970: only a daily cap asks for it, of few
    blocked_from: datetime
    blocked_until: datetime

    @property
    def start(self) -> datetime:
        return utc(self.start_seconds)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours worked and periods blocked of some practitioners over some days, read once.

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
    busy: dict[int, list[Period]]
    rooms: Rooms
    elsewhere: Sequence[Period] = ()  # where the patient is then, when it is known who it is

    def free(self, service: ServiceType) -> list[Slot]:
        """Every slot that starts in [start, end), by start, then by practitioner."""
        return list(self.upcoming(service))

    def upcoming(self, service: ServiceType) -> Iterator[Slot]:
        """The same, one after the other: whoever wants the first three pays for three."""
        people = sorted(self.people, key=attrgetter("pk"))
        by_person = [self.upcoming_with(person, service) for person in people]
        return merge(*by_person, key=attrgetter("start"))

    def upcoming_with(self, person: Practitioner, service: ServiceType) -> Iterator[Slot]:
        return (Slot(person, service, at) for at in self.starts(person, service))

    def is_free(self, slot: Slot) -> bool:
        """Whether `slot` is among those `free` offers."""
        here = self.between(slot.start, slot.start + INSTANT)
        return slot.start in here.starts(slot.practitioner, slot.service)

    def is_worked(self, slot: Slot) -> bool:
        """Whether somebody with an empty diary could have had it."""
        opened = self.opened[slot.practitioner.pk]
        return slot.start in starts(
            opened, [], slot.service, step=self.policy.step
        ) and self.rooms.without_visits().has_one(slot.service, slot.start)

    def is_taken(self, slot: Slot) -> bool:
        """Whether it is the visits of others that stand there."""
        opened, busy = self.opened[slot.practitioner.pk], self.busy[slot.practitioner.pk]
        free = slot.start in starts(
            opened, busy, slot.service, step=self.policy.step
        ) and self.rooms.has_one(slot.service, slot.start)
        return self.is_worked(slot) and not free

    def starts(self, person: Practitioner, service: ServiceType) -> Iterator[datetime]:
        """Where a visit of `service` with `person` can begin in [start, end)."""
        if not (person.is_active and service.is_active):
            return
        opened, full = self.opened[person.pk], self.full_days(person, service)
        first = bisect_left(opened, self.start, key=itemgetter(1))
        for at in starts(opened[first:], self.busy[person.pk], service, step=self.policy.step):
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
        """The local days on which `person` has all the visits of `service` they may have."""
        if service.most_a_day is None:
            return set()
        days = Counter(
            self.day_of(visit.start)
            for visit in self.visits
            if (visit.practitioner, visit.service) == (person.pk, service.pk)
        )
        return {day for day, count in days.items() if count >= service.most_a_day}

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def between(self, start: datetime, end: datetime) -> "Calendar":
        """The part of it that starts in [start, end)."""
        return replace(self, start=max(self.start, start), end=min(self.end, end))


def calendar(
    practitioners: Iterable[Practitioner],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
) -> Calendar:
    """What of [start, end) the policy allows. `now` is `Organization.now()`.

    `ignoring` is an appointment about to leave its place. Six queries, however long the period
    and however many the practitioners.
    """
    people, zone, policy = tuple(practitioners), zone_of(now), BookingPolicy.current()
    first, last = bookable(policy, now)
    start = max(start.astimezone(UTC), first)
    end = max(start, min(end.astimezone(UTC), last))
    return lay_out(
        people,
        policy,
        hours.timetable(people, start=start, end=end, zone=zone),
        read_visits(people, start - AROUND, end + AROUND, ignoring),
        rooms.read_needed(),
        now=now,
    )


def lay_out(
    people: tuple[Practitioner, ...],
    policy: BookingPolicy,
    timetable: Timetable,
    visits: Sequence[Visit],
    needed: Mapping[int, Sequence[int]],
    *,
    now: datetime,
) -> Calendar:
    """The calendar of what was read: no query from here on."""
    busy: dict[int, list[Period]] = {person.pk: [] for person in people}
    in_rooms: dict[int, list[Period]] = {room: [] for some in needed.values() for room in some}
    for visit in sorted(visits, key=attrgetter("blocked_from")):
        blocked = (visit.blocked_from, visit.blocked_until)
        busy.get(visit.practitioner, []).append(blocked)
        in_rooms.get(visit.room or 0, []).append(blocked)
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


def bookable(policy: BookingPolicy, now: datetime) -> Period:
    """From the notice the clinic wants up to the end of the horizon's last day at the clinic."""
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
) -> list[Slot]:
    """Every slot that starts in [start, end) and after `now`, by start, then by practitioner."""
    return calendar(practitioners, start=start, end=end, now=now).free(service)


def soonest(
    *,
    service: ServiceType,
    practitioners: Iterable[Practitioner],
    after: datetime,
    now: datetime,
) -> Iterator[Slot]:
    """The free times from `after` to the end of the horizon, one slot a time, as they are taken.

    One calendar is read, whether the next free time is tomorrow, in a year, or never.
    """
    whole = calendar(practitioners, start=after, end=after + WINDOWS[-1], now=now)
    return firsts(whole.upcoming(service))


def around(
    wanted: datetime,
    *,
    practitioners: Sequence[Practitioner],
    now: datetime,
    window: timedelta = WINDOWS[0],
    patient: UUID | None = None,
    ignoring: Appointment | None = None,
) -> Calendar:
    """With a `patient`, without the times at which they are elsewhere: one query more."""
    near = calendar(
        practitioners, start=wanted - window, end=wanted + window, now=now, ignoring=ignoring
    )
    if patient is None:
        return near
    visits = Appointment.objects.occupying().filter(patient=patient, end__gt=now)
    if ignoring is not None:
        visits = visits.exclude(pk=ignoring.pk)
    return replace(near, elsewhere=list(visits.values_list("start", "end")))


def nearest(
    near: Calendar,
    *,
    service: ServiceType,
    wanted: datetime,
    now: datetime,
    count: int = 3,
    ignoring: Appointment | None = None,
) -> tuple[Slot, ...]:
    """The `count` free times nearest to `wanted`, earliest first; fewer when there are no more.

    `near` is the calendar around `wanted`; when it is too full the whole horizon is read, once,
    and looked through nearest days first. Of two as near, the later one. A time several
    practitioners have counts once.
    """
    found = one_a_time(near.free(service))
    if len(found) < count:
        whole = around(
            wanted, practitioners=near.people, now=now, window=WINDOWS[-1], ignoring=ignoring
        )
        whole = replace(whole, elsewhere=near.elsewhere)
        for window in WINDOWS[1:]:
            found = one_a_time(whole.between(wanted - window, wanted + window).free(service))
            if len(found) >= count:
                break
    by_distance = sorted(found, key=lambda slot: (abs(slot.start - wanted), wanted > slot.start))
    return tuple(sorted(by_distance[:count], key=lambda slot: slot.start))


def one_a_time(slots: Iterable[Slot]) -> list[Slot]:
    return list(firsts(slots))


def firsts(slots: Iterable[Slot]) -> Iterator[Slot]:
    """Of those that start together, the first. `slots` come by start."""
    for _, together in groupby(slots, key=attrgetter("start")):
        yield next(together)


def starts(
    opened: Sequence[Period], busy: Sequence[Period], service: ServiceType, *, step: timedelta
) -> Iterator[datetime]:
    """Where a visit can begin: every step from each opening, visit inside, blocked period free.

    Steps are counted anew at every opening. `busy` periods are in order and do not overlap, so
    their ends are in order as well.
    """
    followings = [opening for opening, _ in opened[1:]]
    for (opening, closing), following in zip_longest(opened, followings):
        for earliest, latest in gaps(opening, closing, busy, service):
            at = opening + -((opening - earliest) // step) * step  # rounded up
            while at <= latest and (following is None or at < following):
                yield at
                at += step


def gaps(
    opening: datetime, closing: datetime, busy: Sequence[Period], service: ServiceType
) -> Iterator[Period]:
    """Between which instants, both included, a visit could begin, were there no steps."""
    before, behind = service.buffer_before, service.duration + service.buffer_after
    earliest, latest = opening, closing - service.duration
    following = bisect_right(busy, opening - before, key=itemgetter(1))
    while following < len(busy) and earliest <= latest:
        taken_from, taken_until = busy[following]
        yield earliest, min(latest, taken_from - behind)
        earliest = max(earliest, taken_until + before)
        following += 1
    yield earliest, latest


def read_visits(
    practitioners: Iterable[Practitioner],
    start: datetime,
    end: datetime,
    ignoring: Appointment | None,
) -> list[Visit]:
    """Every visit in these diaries, or in a room, that touches [start, end)."""
    people = [person.pk for person in practitioners]
    rows = Appointment.objects.blocking(start, end).filter(
        Q(practitioner__in=people) | Q(room__isnull=False)
    )
    if ignoring is not None:
        rows = rows.exclude(pk=ignoring.pk)
    columns = rows.order_by().values_list(
        "practitioner",
        "room",
        "service",
        Seconds("start"),
        Seconds("blocked__startswith"),
        Seconds("blocked__endswith"),
    )
    return [
        Visit(person, room, service, start, utc(blocked_from), utc(blocked_until))
        for person, room, service, start, blocked_from, blocked_until in columns
    ]


class Seconds(Func):
    """An instant as a number, which is read several times as fast; exact to the microsecond."""

    template = "extract(epoch FROM %(expressions)s)::float8"
    output_field = FloatField()


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
