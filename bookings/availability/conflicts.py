"""Conflicts: visits that hours or a closure leave outside. They stay booked, and are listed."""

from collections.abc import Iterable
from datetime import datetime

from bookings.availability import hours, slots
from bookings.models import Appointment, BookingPolicy, Closure, Opening, Practitioner


def outside_hours(practitioners: Iterable[Practitioner], *, now: datetime) -> list[Appointment]:
    """Visits to come in these diaries that are outside the hours worked."""
    people = tuple(practitioners)
    coming = Appointment.objects.occupying().filter(practitioner__in=people, end__gt=now)
    rows = list(coming.order_by("start"))
    if not rows:
        return []
    written = hours.timetable(people, start=now, end=rows[-1].end, zone=slots.zone_of(now))
    opened = {person.pk: written.opened(person) for person in people}
    return [row for row in rows if not is_within(row, opened[row.practitioner_id])]


def is_within(appointment: Appointment, opened: Iterable[hours.Period]) -> bool:
    return any(
        opening <= appointment.start and appointment.end <= closing for opening, closing in opened
    )


def openings_inside(closure: Closure, *, now: datetime) -> list[Opening]:
    """Openings inside a closure of the clinic. The practitioner works there all the same."""
    if closure.practitioner_id or closure.room_id:
        return []
    openings = Opening.objects.filter(end__gt=now).select_related("practitioner")
    return [
        opening
        for start, reopened in periods(closure, now=now)
        for opening in openings.filter(start__lt=reopened, end__gt=start)
    ]


def inside(closure: Closure, *, now: datetime) -> list[Appointment]:
    """Visits in the closure, in each year in which it comes while the diary is open."""
    closed = Appointment.objects.all()
    if closure.practitioner_id:
        closed = closed.filter(practitioner=closure.practitioner_id)
    if closure.room_id:
        closed = closed.filter(room=closure.room_id)
    return [
        row
        for start, reopened in periods(closure, now=now)
        for row in closed.blocking(start, reopened)
    ]


def periods(closure: Closure, *, now: datetime) -> list[hours.Period]:
    zone = slots.zone_of(now)
    end = slots.bookable(BookingPolicy.current(), now)[1].astimezone(zone)
    return hours.periods_closed(closure, now.date(), end.date(), zone)
