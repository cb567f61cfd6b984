"""Concerns: what a change of hours, people, rooms or services would leave behind, a line each."""

from collections.abc import Iterable

from django.utils import timezone

from bookings import strays
from bookings.models import (
    Appointment,
    AppointmentQuerySet,
    Closure,
    Opening,
    Practitioner,
    Room,
    ServiceType,
)
from tenants import organizations


def of_practitioner(practitioner: Practitioner) -> list[str]:
    return [
        *overnight(practitioner),
        *outside([practitioner]),
        *still_booked(practitioner.is_active, practitioner.appointments.all()),
    ]


def of_service(service: ServiceType) -> list[str]:
    return still_booked(service.is_active, service.appointments.all())


def of_room(room: Room) -> list[str]:
    return still_booked(room.is_active, room.appointments.all())


def of_closure(closure: Closure) -> list[str]:
    now = organizations.current().now()
    booked = [f"{told(row)} is booked inside it." for row in strays.inside(closure, now=now)]
    opened = strays.openings_inside(closure, now=now)
    return booked + [f"{opening.practitioner} is open inside this closure." for opening in opened]


def of_opening(opening: Opening) -> list[str]:
    return outside([opening.practitioner])


def outside(people: Iterable[Practitioner]) -> list[str]:
    rows = strays.outside_hours(people, now=organizations.current().now())
    return [f"{told(row)} is outside the hours." for row in rows]


def still_booked(is_in_use: bool, appointments: AppointmentQuerySet) -> list[str]:
    """What is to come with, in or of something that is taken out of use."""
    if is_in_use:
        return []
    now = organizations.current().now()
    rows = appointments.occupying().filter(end__gt=now).order_by("start")
    named = rows.select_related("patient", "service", "practitioner")
    return [f"{told(row)} stays booked." for row in named]


def overnight(practitioner: Practitioner) -> list[str]:
    """Hours that end before they start are over midnight, or a slip."""
    return [
        f"{row} ends on the next day: is that meant?"
        for row in practitioner.schedules.all()
        if row.ends < row.starts
    ]


def told(row: Appointment) -> str:
    when = f"{timezone.localtime(row.start):%a %d %b %Y %H:%M}"
    return f"{row.reference}, {row.patient.name}, {row.service}, {when} with {row.practitioner}"
