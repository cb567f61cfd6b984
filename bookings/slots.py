"""Slots: the times a practitioner could still be booked. Computed, never stored.

One calculation serves offering and booking, so what is offered can be booked and what is not
offered cannot. A visit has to lie inside the hours worked; buffers may reach past them. Buffers of
two neighbours add up: each blocks its own. All sums are done in UTC.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.models import Appointment, Closure, Practitioner, Schedule, ServiceType

STEP = timedelta(minutes=15)
HORIZON = timedelta(days=365)
# How far around a wished time to look for others, nearest first.
WINDOWS = (timedelta(days=2), timedelta(days=14), timedelta(days=90), HORIZON)
# The longest visit with the longest buffer on either side.
LONGEST_SPAN = timedelta(hours=12)
DAY = timedelta(days=1)

Period = tuple[datetime, datetime]  # UTC instants: from the first, up to the second


@dataclass(frozen=True, slots=True)
class Slot:
    """A time that could be booked. `start` is a UTC instant."""

    practitioner: Practitioner
    service: ServiceType
    start: datetime

    @property
    def end(self) -> datetime:
        return self.start + self.service.duration


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours worked and periods blocked of some practitioners over some days, read once."""

    people: tuple[Practitioner, ...]
    start: datetime
    end: datetime
    opened: dict[int, list[Period]]
    busy: dict[int, list[Period]]

    def free(self, service: ServiceType) -> list[Slot]:
        """Every slot that starts in [start, end), by start, then by practitioner."""
        slots = [
            Slot(person, service, at)
            for person in self.people
            if person.is_active and service.is_active
            for at in starts(self.opened[person.pk], self.busy[person.pk], service)
            if self.start <= at < self.end
        ]
        return sorted(slots, key=lambda slot: (slot.start, slot.practitioner.pk))

    def is_free(self, slot: Slot) -> bool:
        """Whether `slot` is among those `free` offers."""
        return slot in self.free(slot.service)

    def is_worked(self, slot: Slot) -> bool:
        """Whether somebody with an empty diary could have had it."""
        return slot.start in starts(self.opened[slot.practitioner.pk], [], slot.service)


def calendar(
    practitioners: Iterable[Practitioner],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
) -> Calendar:
    """What of [start, end) lies after `now` and within the horizon. `now` is `Organization.now()`.

    `ignoring` is an appointment about to leave its place. Three queries, however long the period
    and however many the practitioners.
    """
    people = tuple(practitioners)
    start = max(start, now + timedelta(microseconds=1)).astimezone(UTC)
    end = max(start, min(end, now + HORIZON).astimezone(UTC))
    return Calendar(
        people,
        start,
        end,
        open_periods(people, start, end, zone=zone_of(now)),
        busy_periods(people, start - LONGEST_SPAN, end + LONGEST_SPAN, ignoring),
    )


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


def around(
    wanted: datetime,
    *,
    practitioners: Sequence[Practitioner],
    now: datetime,
    window: timedelta = WINDOWS[0],
    ignoring: Appointment | None = None,
) -> Calendar:
    return calendar(
        practitioners, start=wanted - window, end=wanted + window, now=now, ignoring=ignoring
    )


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

    `near` is the calendar around `wanted`; further ones are read only when it is too full. Of two
    as near, the later one. A time several practitioners have counts once.
    """
    found = one_a_time(near.free(service))
    for window in WINDOWS[1:]:
        if len(found) >= count:
            break
        wider = around(wanted, practitioners=near.people, now=now, window=window, ignoring=ignoring)
        found = one_a_time(wider.free(service))
    by_distance = sorted(found, key=lambda slot: (abs(slot.start - wanted), wanted > slot.start))
    return tuple(sorted(by_distance[:count], key=lambda slot: slot.start))


def one_a_time(slots: Iterable[Slot]) -> list[Slot]:
    first: dict[datetime, Slot] = {}
    for slot in slots:
        first.setdefault(slot.start, slot)
    return list(first.values())


def starts(
    opened: Sequence[Period], busy: Sequence[Period], service: ServiceType
) -> list[datetime]:
    """Where a visit can begin: every step from each opening, visit inside, blocked period free.

    `busy` periods do not overlap, so their ends are in the order of their starts.
    """
    busy = sorted(busy)
    ends = [taken_until for _, taken_until in busy]
    found = []
    for opening, closing in opened:
        for at in steps(opening, closing - service.duration):
            following = bisect_right(ends, at - service.buffer_before)
            until = at + service.duration + service.buffer_after
            if following == len(busy) or until <= busy[following][0]:
                found.append(at)
    return found


def steps(first: datetime, last: datetime) -> Iterator[datetime]:
    """`first`, and every step after it up to and including `last`."""
    while first <= last:
        yield first
        first += STEP


def open_periods(
    practitioners: Iterable[Practitioner], start: datetime, end: datetime, *, zone: ZoneInfo
) -> dict[int, list[Period]]:
    """The hours each works on the days that [start, end) touches: schedules less closures."""
    people = {person.pk for person in practitioners}
    first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    worked: dict[int, list[Period]] = {pk: [] for pk in people}
    for schedule in Schedule.objects.filter(practitioner__in=people):
        worked[schedule.practitioner_id] += periods_worked(schedule, first, last, zone)
    closed = closed_periods(people, instant(first, zone), instant(last + DAY, zone))
    return {pk: subtract(joined(worked[pk]), closed[pk]) for pk in people}


def periods_worked(schedule: Schedule, first: date, last: date, zone: ZoneInfo) -> list[Period]:
    """The schedule's stretch on each of its weekdays from `first` to `last`, both included."""
    first = max(first, schedule.valid_from or first)
    last = min(last, schedule.valid_until or last)
    day = first + timedelta(days=(schedule.weekday - first.weekday()) % 7)
    periods = []
    while day <= last:
        opening = datetime.combine(day, schedule.starts, tzinfo=zone).astimezone(UTC)
        closing = datetime.combine(day, schedule.ends, tzinfo=zone).astimezone(UTC)
        if opening < closing:  # not one that a clock change swallowed
            periods.append((opening, closing))
        day += timedelta(days=7)
    return periods


def closed_periods(people: set[int], start: datetime, end: datetime) -> dict[int, list[Period]]:
    closed: dict[int, list[Period]] = {pk: [] for pk in people}
    closures = Closure.objects.filter(
        Q(practitioner__in=people) | Q(practitioner=None), start__lt=end, end__gt=start
    )
    for closure in closures:
        whom = people if closure.practitioner_id is None else {closure.practitioner_id}
        for pk in whom:
            closed[pk].append((closure.start, closure.end))
    return closed


def busy_periods(
    practitioners: Iterable[Practitioner],
    start: datetime,
    end: datetime,
    ignoring: Appointment | None,
) -> dict[int, list[Period]]:
    """What is blocked in each diary, of everything that touches [start, end)."""
    busy: dict[int, list[Period]] = {person.pk: [] for person in practitioners}
    taken = Appointment.objects.blocking(start, end).filter(practitioner__in=busy)
    if ignoring is not None:
        taken = taken.exclude(pk=ignoring.pk)
    for practitioner, blocked in taken.values_list("practitioner", "blocked").order_by():
        busy[practitioner].append((blocked.lower, blocked.upper))
    return busy


def joined(periods: Iterable[Period]) -> list[Period]:
    """Stretches that meet or overlap become one: a visit may run from one into the next."""
    whole: list[Period] = []
    for start, end in sorted(periods):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def subtract(periods: Iterable[Period], closed: Iterable[Period]) -> list[Period]:
    """What of `periods` is left outside `closed`. Steps are counted anew after a closure."""
    left = list(periods)
    for shut, reopened in joined(closed):
        left = [
            (start, end)
            for opening, closing in left
            for start, end in ((opening, min(closing, shut)), (max(opening, reopened), closing))
            if start < end
        ]
    return left


def instant(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def zone_of(now: datetime) -> ZoneInfo:
    """The org's zone, which `Organization.now()` carries. Raises TypeError for another clock."""
    if not isinstance(now.tzinfo, ZoneInfo):
        raise TypeError("`now` must be Organization.now()")
    return now.tzinfo
