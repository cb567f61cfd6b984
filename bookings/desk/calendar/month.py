"""The month: how many visits each practitioner has on each day, and how full the day is."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate

from bookings.availability import hours, slots
from bookings.desk.calendar import events
from bookings.desk.calendar.events import Asked
from bookings.models import AppointmentQuerySet, Practitioner

DAY = timedelta(days=1)
NONE = timedelta()
NOBODY = 0  # the key of no practitioner
PlaceInDiary = tuple[int, date]  # the key of a practitioner, and a day


@dataclass(frozen=True, slots=True)
class Booked:
    visits: int = 0
    time: timedelta = NONE


@dataclass(frozen=True, slots=True)
class Share:
    """What a practitioner has on a day. `percent` is how full the hours worked are, 100 at most;
    None on a day off."""

    practitioner: Practitioner
    visits: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class Day:
    """`closed` is why the clinic is, if it is. Who neither works nor has visits is left out."""

    day: date
    shares: tuple[Share, ...]
    closed: str

    @property
    def visits(self) -> int:
        return sum(share.visits for share in self.shares)


def next_after(day: date) -> date:
    """The first day of the next month."""
    return (day.replace(day=1) + 31 * DAY).replace(day=1)


def weeks(asked: Asked, shown: AppointmentQuerySet) -> list[list[Day]]:
    """The days asked for, seven in a row. Five queries: visits, practitioners, and their hours."""
    booked = read_booked(asked, shown)
    people = events.practitioners(asked, {person for person, _ in booked})
    written = hours.timetable(people, start=asked.start, end=asked.end, zone=asked.zone)
    worked: Counter[PlaceInDiary] = Counter()
    for person in people:
        for period in events.within(asked, written.opened(person)):
            worked.update(dict(by_day(person.pk, period, asked)))
    closed = dict(closures(asked, written))
    days = [
        Day(day, tuple(shares(day, people, booked, worked)), closed.get(day, ""))
        for day in asked.each_day()
    ]
    return [days[first : first + 7] for first in range(0, len(days), 7)]


def read_booked(asked: Asked, shown: AppointmentQuerySet) -> dict[PlaceInDiary, Booked]:
    """One row for each practitioner and day."""
    rows = shown.occupying().filter(start__gte=asked.start, start__lt=asked.end)
    if asked.only is not None:
        rows = rows.filter(practitioner=asked.only)
    found = (
        rows.order_by()
        .annotate(day=TruncDate("start", tzinfo=asked.zone))
        .values_list("practitioner", "day")
        .annotate(visits=Count("pk"), time=Sum(F("end") - F("start")))
    )
    return {(person, day): Booked(visits, time) for person, day, visits, time in found}


def by_day(person: int, period: hours.Period, asked: Asked) -> Iterator[tuple[PlaceInDiary, int]]:
    """The minutes of the period on each day that it touches."""
    start, end = period
    day = start.astimezone(asked.zone).date()
    while start < end:
        midnight = slots.instant(day + DAY, asked.zone)
        yield (person, day), (min(midnight, end) - start) // timedelta(minutes=1)
        start, day = midnight, day + DAY


def closures(asked: Asked, written: hours.Timetable) -> Iterator[tuple[date, str]]:
    for closure, period in events.closed(asked, written, NOBODY):
        for (_, day), _minutes in by_day(NOBODY, period, asked):
            yield day, closure.title


def shares(
    day: date,
    people: list[Practitioner],
    booked: Mapping[PlaceInDiary, Booked],
    worked: Mapping[PlaceInDiary, int],
) -> Iterator[Share]:
    for person in people:
        has, minutes = booked.get((person.pk, day), Booked()), worked.get((person.pk, day), 0)
        if has.visits or minutes:
            yield Share(person, has.visits, percent(has.time, minutes))


def percent(time: timedelta, minutes: int) -> int | None:
    return min(100, round(100 * (time / timedelta(minutes=1)) / minutes)) if minutes else None
