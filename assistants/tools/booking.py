"""Booking: an appointment for who is on the phone, or for whom they call."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from assistants import callers
from assistants.callers import Caller
from assistants.hearing import When
from assistants.outcomes import Answer, EmailSaid
from assistants.tools import addresses, availability, preferences, times
from assistants.tools.addresses import Address
from assistants.tools.catalogue import Choice
from bookings import appointments, patients
from bookings.models import Appointment, Patient, ServiceType
from bookings.outcomes import Booked, Busy, NobodyOffers, OutsideHours, SlotTaken
from bookings.patients import Wish

# Refusals of one practitioner, where another may have the time.
THEIRS_ALONE = (SlotTaken, OutsideHours, NobodyOffers)


def book_appointment(heard: dict[str, Any], *, caller: Caller, now: datetime) -> Answer:
    """Book for a patient recognised or registered. A patient is registered only with a booking."""
    service: ServiceType = heard["service"]
    when: When = heard["when"]
    if when.time is None:
        return availability.times_for(service, heard["practitioner"], when, caller=caller, now=now)
    start = times.start(when, service=service, now=now)
    with transaction.atomic():
        answer = book_for_patient(heard, service=service, start=start, caller=caller, now=now)
        if not isinstance(answer.outcome, Booked):
            transaction.set_rollback(True)
    return replace(answer, day=when.day if when.year_corrected else None)


def book_for_patient(
    heard: dict[str, Any],
    *,
    service: ServiceType,
    start: datetime,
    caller: Caller,
    now: datetime,
) -> Answer:
    """For the caller's patient, recognised again where the record has become another's."""
    booking = partial(
        book_as_recognised, heard, service=service, start=start, caller=caller, now=now
    )
    answer = booking()
    is_another = isinstance(answer.outcome, Busy) and answer.outcome.is_another
    return booking() if is_another else answer


def book_as_recognised(
    heard: dict[str, Any],
    *,
    service: ServiceType,
    start: datetime,
    caller: Caller,
    now: datetime,
) -> Answer:
    email = addresses.settled(heard["patient_email"], caller, is_confirmed=heard["email_confirmed"])
    said = callers.details(heard, caller, email=email)
    choice: Choice = heard["practitioner"]
    patient = patients.recognise(said, wish=Wish(service, start, choice.named))
    if not isinstance(patient, Patient):
        return Answer(patient)
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
        return Answer(outcome)
    corrected = patients.learn(patient, said)
    patients.note_contact(outcome.appointment, said)
    return Answer(
        replace(outcome, corrected=corrected),
        email=said_of_email(outcome.appointment, heard["patient_email"], email),
    )


def said_of_email(appointment: Appointment, said: Address, kept: str) -> EmailSaid | None:
    """What is asked of an address that was said, or that one was confirmed. `kept` is the address
    that may be stored now, or ""."""
    if said.is_missed:
        return EmailSaid()
    if said.is_spoken and not kept:
        return EmailSaid(said.address)
    was_confirmed = bool(kept) and (said.is_spoken or not said.address)
    patient = Patient.objects.get(pk=appointment.patient_id)
    is_noted = was_confirmed and patient.email == kept
    return EmailSaid(is_noted=True) if is_noted else None
