"""Hours: when practitioners can be seen, as periods of UTC. Schedules less closures.

Staff write the clock on the wall; a period holds instants, from the first up to the second.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from bookings.models import Closure, Practitioner, Schedule

Period = tuple[datetime, datetime]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """What staff wrote down about the days that [start, end) touches, read once."""

    schedules: Sequence[Schedule]
    closures: Sequence[Closure]
    start: datetime
    end: datetime
    zone: ZoneInfo

    def opened(self, practitioner: Practitioner) -> list[Period]:
        """The hours of `practitioner` on these days, those that meet joined to one."""
        worked = [
            period
            for schedule in self.schedules
            if schedule.practitioner_id == practitioner.pk
            for period in periods_worked(schedule, *self.days(), self.zone)
        ]
        return subtract(joined(worked), self.closed(practitioner))

    def closed(self, practitioner: Practitioner) -> list[Period]:
        return [
            (closure.start, closure.end)
            for closure in self.closures
            if closure.practitioner_id in (None, practitioner.pk)
        ]

    def days(self) -> tuple[date, date]:
        """The first and the last local day."""
        return self.start.astimezone(self.zone).date(), self.end.astimezone(self.zone).date()


def timetable(
    practitioners: Iterable[Practitioner], *, start: datetime, end: datetime, zone: ZoneInfo
) -> Timetable:
    """Two queries, however long the period and however many the practitioners."""
    people = [person.pk for person in practitioners]
    closures = Closure.objects.filter(
        Q(practitioner__in=people) | Q(practitioner=None), start__lt=end + DAY, end__gt=start - DAY
    )
    schedules = Schedule.objects.filter(practitioner__in=people)
    return Timetable(tuple(schedules), tuple(closures), start, end, zone)


def periods_worked(schedule: Schedule, first: date, last: date, zone: ZoneInfo) -> list[Period]:
    """The schedule's stretch on each of its weekdays from `first` to `last`, both included."""
    first = max(first, schedule.valid_from or first)
    last = min(last, schedule.valid_until or last)
    day = first + timedelta(days=(schedule.weekday - first.weekday()) % 7)
    periods = []
    while day <= last:
        opening = instant(day, schedule.starts, zone)
        closing = instant(day, schedule.ends, zone)
        if opening < closing:  # not one that a clock change swallowed
            periods.append((opening, closing))
        day += timedelta(days=7)
    return periods


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When the walls first show `clock` on `day`; when the clocks jump over it, their jump."""
    local = datetime.combine(day, clock.replace(fold=0), tzinfo=zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    return change_between(local.replace(fold=1).astimezone(UTC), found, zone)


def change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant from which the clocks of `zone` show another offset. `after` is behind it."""
    old = before.astimezone(zone).utcoffset()
    seconds = (after - before) // SECOND
    behind = bisect_left(
        range(seconds + 1),
        True,
        key=lambda passed: (before + passed * SECOND).astimezone(zone).utcoffset() != old,
    )
    return before + behind * SECOND


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
