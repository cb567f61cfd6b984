"""Booking: an appointment for who is on the phone, or for whom they call."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from assistants import callers
from assistants.conversation import Caller
from assistants.hearing import When
from assistants.outcomes import ToolOutcome, Understood, WithEmail
from assistants.tools import addresses, availability, preferences, times
from assistants.tools.addresses import Address
from assistants.tools.catalogue import Choice
from bookings import appointments, patients
from bookings.models import Appointment, Patient, ServiceType
from bookings.outcomes import Booked, Busy, NobodyOffers, OutsideHours, SlotTaken
from bookings.patients import Wish

# Refusals of one practitioner, where another may have the time.
THEIRS_ALONE = (SlotTaken, OutsideHours, NobodyOffers)


def book_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """Book for a patient recognised or registered. A patient is registered only with a booking."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    if when.time is None:
        return availability.times_for(service, heard["practitioner"], when, caller=caller, now=now)
    start = times.start(when, service=service, now=now)
    with transaction.atomic():
        outcome = book_for_patient(heard, service=service, start=start, caller=caller, now=now)
        if not isinstance(outcome, Booked | WithEmail):
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
    """For the caller's patient, recognised again where the record has become another's."""
    booking = partial(
        book_as_recognised, heard, service=service, start=start, caller=caller, now=now
    )
    outcome = booking()
    is_another = isinstance(outcome, Busy) and outcome.is_another
    return booking() if is_another else outcome


def book_as_recognised(
    heard: dict[str, Any],
    *,
    service: ServiceType,
    start: datetime,
    caller: Caller,
    now: datetime,
) -> ToolOutcome:
    email = addresses.settled(heard["patient_email"], caller, is_confirmed=heard["email_confirmed"])
    said = callers.details(heard, caller, email=email)
    choice: Choice = heard["practitioner"]
    patient = patients.recognise(said, wish=Wish(service, start, choice.named))
    if not isinstance(patient, Patient):
        return patient
    booking = partial(
        appointments.book,
        service=service,
        start=start,
        patient=patient,
        without=choice.without,
        notes=heard["notes"],
        source=Appointment.Source.VOICE,
        by=caller.conversation,
        caller=caller.number,
        preference=preferences.of_call(caller, now=now),
        now=now,
    )
    outcome = booking(practitioner=choice.named)
    if choice.named and choice.or_anyone and isinstance(outcome, THEIRS_ALONE):
        outcome = booking(practitioner=None)
    if not isinstance(outcome, Booked):
        return outcome
    corrected = patients.learn(patient, said)
    patients.note_contact(outcome.appointment, said)
    return with_email(replace(outcome, corrected=corrected), heard["patient_email"], email)


def with_email(booked: Booked, said: Address, counts: str) -> Booked | WithEmail:
    """With what is asked of the address, or said of one that was confirmed."""
    if said.is_missed:
        return WithEmail(booked)
    if said.is_spoken and not counts:
        return WithEmail(booked, said.address)
    was_confirmed = bool(counts) and (said.is_spoken or not said.address)
    patient = Patient.objects.get(pk=booked.appointment.patient_id)
    is_noted = was_confirmed and patient.email == counts
    return WithEmail(booked, is_noted=True) if is_noted else booked
