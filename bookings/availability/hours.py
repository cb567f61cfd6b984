"""Hours: when practitioners can be seen, as periods of UTC: schedules, openings, closures.

Staff write the clock on the wall; a period holds instants, from the first up to the second.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.models import Closure, Opening, Practitioner, Schedule
from tenants import memory

Period = tuple[datetime, datetime]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
QUARTER = timedelta(days=92)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The rows that staff wrote for the days that [start, end) touches, read once."""

    schedules: Sequence[Schedule]
    openings: Sequence[Opening]
    closures: Sequence[Closure]
    start: datetime
    end: datetime
    zone: ZoneInfo

    def opened(self, practitioner: Practitioner) -> list[Period]:
        """A period from each opening of `practitioner` to the end of the hours that follow it.

        Hours that touch are joined, over midnight too: a visit may run from one into the next. If
        one begins inside another, there are two periods with the same end, because the grid starts
        anew at each opening.
        """
        key = practitioner.pk
        usual = [
            period
            for schedule in self.schedules
            if schedule.practitioner_id == key
            for period in periods_worked(schedule, *self.days(), self.zone)
        ]
        besides = [
            (opening.start, opening.end)
            for opening in self.openings
            if opening.practitioner_id == key
        ]
        left = joined([*subtract(joined(usual), self.closed()), *besides])
        left = subtract(left, self.closed(practitioner))
        return from_each_opening(left, sorted(opening for opening, _ in [*usual, *besides]))

    def closed(
        self, practitioner: Practitioner | None = None, *, room: int | None = None
    ) -> list[Period]:
        """The closures of `practitioner` or of `room` only. With neither, those of the clinic."""
        whose = (practitioner and practitioner.pk, room)
        return [
            period
            for closure in self.closures
            if (closure.practitioner_id, closure.room_id) == whose
            for period in periods_closed(closure, *self.days(), self.zone)
        ]

    def days(self) -> tuple[date, date]:
        return days_around(self.start, self.end, self.zone)


@dataclass(frozen=True, slots=True)
class Written:
    """All rows of everybody's hours, but for openings and closures that ended before `begins`."""

    schedules: Sequence[Schedule]
    openings: Sequence[Opening]
    closures: Sequence[Closure]
    begins: datetime

    @classmethod
    def since(cls, begins: datetime) -> "Written":
        later = Q(end__gt=begins)
        return cls(
            tuple(Schedule.objects.all()),
            tuple(Opening.objects.filter(later)),
            tuple(Closure.objects.filter(later | Q(is_yearly=True))),
            begins,
        )


def timetable(
    practitioners: Iterable[Practitioner], *, start: datetime, end: datetime, zone: ZoneInfo
) -> Timetable:
    """Three queries, however long the period and however many the practitioners; none if these
    hours are remembered. They are read from a quarter of a year before: whoever asks next may ask
    about an earlier day."""
    people = {person.pk for person in practitioners}
    first, last = days_around(start, end, zone)
    begins, ends = instant(first, time.min, zone), instant(last + DAY, time.min, zone)
    written = memory.recall(
        "hours", lambda: Written.since(begins - QUARTER), suffices=lambda it: it.begins <= begins
    )

    def is_then(row: Opening | Closure) -> bool:
        return row.start < ends and row.end > begins

    return Timetable(
        [row for row in written.schedules if row.practitioner_id in people],
        [row for row in written.openings if row.practitioner_id in people and is_then(row)],
        [
            row
            for row in written.closures
            if row.practitioner_id in people | {None} and (row.is_yearly or is_then(row))
        ],
        start,
        end,
        zone,
    )


def days_around(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The local days before `start` and after `end`: hours reach over midnight."""
    return start.astimezone(zone).date() - DAY, end.astimezone(zone).date() + DAY


def periods_worked(schedule: Schedule, first: date, last: date, zone: ZoneInfo) -> list[Period]:
    """The schedule's stretch on each of its weekdays from `first` to `last`, both included.

    An end that is not after the start is the next day's.
    """
    first = max(first, schedule.valid_from or first)
    last = min(last, schedule.valid_until or last)
    day = first + timedelta(days=(schedule.weekday - first.weekday()) % 7)
    until = DAY if schedule.ends <= schedule.starts else timedelta()
    periods = []
    while day <= last:
        opening = instant(day, schedule.starts, zone)
        closing = instant(day + until, schedule.ends, zone)
        if opening < closing:  # left out if a clock change made it empty
            periods.append((opening, closing))
        day += timedelta(days=7)
    return periods


def periods_closed(closure: Closure, first: date, last: date, zone: ZoneInfo) -> list[Period]:
    """The closure's period. For a yearly one, its period in each year that may touch the days."""
    if not closure.is_yearly:
        return [(closure.start, closure.end)]
    start, end = closure.start.astimezone(zone), closure.end.astimezone(zone)
    years = range(max(0, first.year - end.year), last.year - start.year + 1)
    periods = [(years_later(start, by, zone), years_later(end, by, zone)) for by in years]
    return [(shut, reopened) for shut, reopened in periods if shut < reopened]


def years_later(local: datetime, years: int, zone: ZoneInfo) -> datetime:
    """The same date and local time, so many years later. In a year without 29 February, the
    midnight at which that day would have ended."""
    if years == 0:
        return local.astimezone(UTC)
    year = local.year + years
    if (local.month, local.day) == (2, 29) and not isleap(year):
        return instant(date(year, 3, 1), time.min, zone)
    return instant(local.date().replace(year=year), local.time(), zone)


def from_each_opening(stretches: Iterable[Period], openings: Sequence[datetime]) -> list[Period]:
    """Each stretch, and its rest from each of the `openings` inside it. They are in order."""
    found = []
    for start, end in stretches:
        inside = openings[bisect_right(openings, start) : bisect_left(openings, end)]
        found += [(opening, end) for opening in dict.fromkeys([start, *inside])]
    return found


@lru_cache(maxsize=20_000)  # a year of a clinic's hours; the same for every practitioner and caller
def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks show `clock` on `day`. If they jump over it, the jump."""
    local = datetime.combine(day, clock.replace(fold=0), tzinfo=zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    return change_between(local.replace(fold=1).astimezone(UTC), found, zone)


def change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant between the two at which the offset of `zone` changes."""
    old = before.astimezone(zone).utcoffset()
    seconds = (after - before) // SECOND
    behind = bisect_left(
        range(seconds + 1),
        True,
        key=lambda passed: (before + passed * SECOND).astimezone(zone).utcoffset() != old,
    )
    return before + behind * SECOND


def joined(periods: Iterable[Period]) -> list[Period]:
    """Periods that touch or overlap become one: a visit may run from one into the next."""
    whole: list[Period] = []
    for start, end in sorted(periods):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def subtract(periods: Iterable[Period], closed: Iterable[Period]) -> list[Period]:
    """The parts of `periods` outside `closed`. The grid starts anew after a closure."""
    left = list(periods)
    for shut, reopened in joined(closed):
        left = [
            (start, end)
            for opening, closing in left
            for start, end in ((opening, min(closing, shut)), (max(opening, reopened), closing))
            if start < end
        ]
    return left
