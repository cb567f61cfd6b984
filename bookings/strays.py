"""Strays: what a change of hours left outside them. It stays booked, and is listed."""

from collections.abc import Iterable
from datetime import datetime

from bookings import hours, slots
from bookings.models import Appointment, BookingPolicy, Closure, Practitioner


def outside_hours(practitioners: Iterable[Practitioner], *, now: datetime) -> list[Appointment]:
    """What is to come in these diaries and lies outside the hours worked."""
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


def inside(closure: Closure, *, now: datetime) -> list[Appointment]:
    """What is booked in the closure, in each year in which it comes while the diary is open."""
    zone = slots.zone_of(now)
    end = slots.bookable(BookingPolicy.current(), now)[1].astimezone(zone)
    closed = Appointment.objects.all()
    if closure.practitioner_id:
        closed = closed.filter(practitioner=closure.practitioner_id)
    if closure.room_id:
        closed = closed.filter(room=closure.room_id)
    return [
        row
        for start, reopened in hours.periods_closed(closure, now.date(), end.date(), zone)
        for row in closed.blocking(start, reopened)
    ]
