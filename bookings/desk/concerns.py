"""Concerns: visits that a change of hours, people, rooms or services affects: lines of HTML."""

from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bookings.availability import conflicts
from bookings.models import (
    Appointment,
    AppointmentChange,
    AppointmentQuerySet,
    Closure,
    Opening,
    Practitioner,
    Room,
    ServiceType,
)
from tenants import organizations
from tenants.moments import moment_in_words

LINE = '<a class="underline" href="{}" target="_blank">{}</a> {}{}'
CALL = ' <a class="underline" href="tel:{}">{}</a>'


def of_practitioner(practitioner: Practitioner) -> list[str]:
    visits = practitioner.appointments.all()
    not_done = visits.exclude(service__in=practitioner.services.all())
    return [
        *overnight(practitioner),
        *outside([practitioner]),
        *still_booked(practitioner.is_active, visits),
        *of_each(not_done, f"is booked with {practitioner}, who does not do it."),
    ]


def of_service(service: ServiceType) -> list[str]:
    """A visit keeps the length and the room that its service had when it was booked."""
    visits = service.appointments.all()
    return [
        *still_booked(service.is_active, visits),
        *of_another_length(service),
        *of_each(in_no_room_of(service, visits), "is in no room of this service."),
    ]


def of_room(room: Room) -> list[str]:
    return still_booked(room.is_active, room.appointments.all())


def of_another_length(service: ServiceType) -> list[str]:
    """Visits whose length with buffers differs from the service's today, except those whose length
    staff chose."""
    chosen = AppointmentChange.objects.filter(
        appointment=OuterRef("pk"), overrides__contains=[AppointmentChange.Override.LENGTH]
    )
    before, after = service.buffer_before, service.duration + service.buffer_after
    as_it_is = Q(
        end=F("start") + service.duration,
        blocked__startswith=F("start") - before,
        blocked__endswith=F("start") + after,
    )
    others = service.appointments.exclude(as_it_is).exclude(Exists(chosen))
    now = f"{service.minutes_before} + {service.minutes} + {service.minutes_after} minutes"
    return of_each(others, f"stays as it was booked, and does not take {now}.")


def in_no_room_of(service: ServiceType, visits: AppointmentQuerySet) -> AppointmentQuerySet:
    """Visits in a room that is not one of the service's, or in none if it needs one."""
    rooms = service.rooms.all()
    astray = Q(room__isnull=False) & ~Q(room__in=rooms)
    return visits.filter(astray | Q(room=None) if rooms.exists() else astray)


def of_closure(closure: Closure) -> list[str]:
    now = organizations.current().now()
    booked = [line(row, "is booked inside it.") for row in conflicts.inside(closure, now=now)]
    opened = conflicts.openings_inside(closure, now=now)
    return booked + [f"{opening.practitioner} is open inside this closure." for opening in opened]


def of_opening(opening: Opening) -> list[str]:
    return outside([opening.practitioner])


def outside(people: Iterable[Practitioner]) -> list[str]:
    rows = conflicts.outside_hours(people, now=organizations.current().now())
    return [line(row, "is outside the hours.") for row in rows]


def still_booked(is_in_use: bool, appointments: AppointmentQuerySet) -> list[str]:
    """Visits to come that need something that is taken out of use."""
    return [] if is_in_use else of_each(appointments, "stays booked.")


def of_each(appointments: AppointmentQuerySet, what: str) -> list[str]:
    """One line for each visit to come: the visit, then `what`, which says what is wrong with it."""
    now = organizations.current().now()
    rows = appointments.occupying().filter(end__gt=now).order_by("start")
    return [line(row, what) for row in rows.select_related("patient", "service", "practitioner")]


def overnight(practitioner: Practitioner) -> list[str]:
    """Hours that end before they start: over midnight, or a slip."""
    return [
        f"{row} ends on the next day: is that meant?"
        for row in practitioner.schedules.all()
        if row.ends < row.starts
    ]


def line(row: Appointment, what: str) -> SafeString:
    """The visit, which opens beside the page that asks; `what`; and the patient's numbers."""
    page = reverse("admin:bookings_appointment_change", args=[row.pk])
    numbers = filter(None, (row.patient.phone, row.contact_phone))
    calls = format_html_join("", CALL, ((number, number) for number in numbers))
    return format_html(LINE, page, named(row), what, calls)


def named(row: Appointment) -> str:
    when = moment_in_words(row.start)
    return f"{row.reference}, {row.patient.name}, {row.service}, {when} with {row.practitioner}"
