"""Booking: an appointment for who is on the phone, or for whom they call."""

from datetime import datetime
from typing import Any

from django.db import transaction

from assistants import preferences, times
from assistants.callers import Caller
from assistants.hearing import When
from assistants.outcomes import ToolOutcome, Understood
from bookings import appointments, patients
from bookings.models import Appointment, Patient, ServiceType
from bookings.outcomes import AlreadyBooked, Booked, SlotTaken, WhichPatient


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
    known = {"date_of_birth": heard["date_of_birth"], "email": heard["patient_email"]}
    patient = patients.recognise(name=heard["patient_name"], phone=heard["patient_phone"], **known)
    if isinstance(patient, WhichPatient):
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
    if isinstance(outcome, Booked):
        patients.complete(patient, **known)
    if isinstance(outcome, AlreadyBooked) and not is_theirs(patient, caller):
        return SlotTaken(outcome.wanted, outcome.alternatives)
    return outcome


def is_theirs(patient: Patient, caller: Caller) -> bool:
    """Whether this caller may hear of the patient's visits: the number said opens nothing."""
    return patient.phone == caller.number
