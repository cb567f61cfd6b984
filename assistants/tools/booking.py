"""Booking: an appointment for who is on the phone, or for whom they call."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from assistants import callers, preferences, times
from assistants.callers import Caller
from assistants.hearing import When
from assistants.outcomes import ToolOutcome, Understood
from bookings import appointments, patients
from bookings.models import Appointment, Patient, ServiceType
from bookings.outcomes import Booked
from bookings.patients import Wish


def book_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Book for a patient recognised or registered. A patient is registered only with a booking."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    start = times.start(when, service=service, now=now)
    with transaction.atomic():
        outcome = book_for_patient(heard, service=service, start=start, caller=caller, now=now)
        if not isinstance(outcome, Booked):
            transaction.set_rollback(True)
    return Understood(when.day, outcome) if when.day and when.year_corrected else outcome


def book_for_patient(
    heard: dict[str, Any],
    *,
    service: ServiceType,
    start: datetime,
    caller: Caller,
    now: datetime,
) -> ToolOutcome:
    said = callers.details(heard, caller)
    wish = Wish(service, start, heard["practitioner"])
    patient = patients.recognise(said, wish=wish)
    if not isinstance(patient, Patient):
        return patient
    outcome = appointments.book(
        service=service,
        start=start,
        patient=patient,
        practitioner=heard["practitioner"],
        notes=heard["notes"],
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        preference=preferences.of_call(caller, now=now),
        now=now,
    )
    if not isinstance(outcome, Booked):
        return outcome
    corrected = patients.learn(patient, said)
    patients.note_contact(outcome.appointment, said)
    return replace(outcome, corrected=corrected)
