"""Visits as rows of the diary, made without the checks of our code; and a diary that is held."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction

from bookings import appointments
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked, BookOutcome
from tests.conftest import at

START = at("2026-12-03 14:30")


def book(
    service: ServiceType, patient: Patient, start: str | datetime, now: datetime, **more: Any
) -> BookOutcome:
    """Book, by telephone unless said; `start` is an instant, or the clinic's wall-clock time."""
    instant = at(start) if isinstance(start, str) else start
    described = {"source": Appointment.Source.VOICE, **more}
    return appointments.book(service=service, start=instant, patient=patient, now=now, **described)


def booked(
    service: ServiceType, patient: Patient, start: str | datetime, now: datetime, **more: Any
) -> Appointment:
    """The same, at a time that is free."""
    outcome = book(service, patient, start, now, **more)
    assert isinstance(outcome, Booked)
    return outcome.appointment


def have(
    who: Practitioner, service: ServiceType, patient: Patient, start: str, **more: Any
) -> Appointment:
    """A visit that is there, without a history; `start` is the clinic's wall-clock time."""
    described = {"source": Appointment.Source.VOICE, "start": at(start), **more}
    return Appointment.objects.create(
        practitioner=who, service=service, patient=patient, **described
    )


def row(**changes: Any) -> Appointment:
    """Ben's cleaning with Dr. Ada, unless changed; neither checked nor saved yet."""
    service = changes.pop("service", None) or ServiceType.objects.get(name="Cleaning")
    appointment = Appointment(
        practitioner=changes.pop("practitioner", None)
        or Practitioner.objects.get(name="Dr. Ada Moss"),
        service=service,
        patient=changes.pop("patient", None) or Patient.objects.get(name="Ben Ode"),
        start=changes.pop("start", START),
        source="staff",
    )
    appointment.take(service)
    for name, value in changes.items():
        setattr(appointment, name, value)
    return appointment


def insert(appointment: Appointment) -> None:
    """As raw SQL would, with none of our code in between (C20)."""
    with transaction.atomic():
        Appointment.objects.bulk_create([appointment])


@contextmanager
def held_diary(
    schema: str, name: str = "Dr. Ada Moss", kind: str = "practitioner"
) -> Iterator[psycopg.Connection[Any]]:
    """Another session that is writing in the diary and has not committed."""
    parameters = connection.get_connection_params()
    for ours in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(ours)
    with psycopg.connect(**parameters) as other:
        other.execute(f"SET search_path = {schema}, extensions")
        other.execute(f"SELECT id FROM bookings_{kind} WHERE name = %s FOR NO KEY UPDATE", [name])
        yield other
        other.rollback()
