"""Entering: a visit that staff book, once for each form, with what it answers closed."""

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest

from bookings import appointments, callbacks, diaries, merging, reopening
from bookings.appointments import writes_diary
from bookings.availability.overrides import NONE, Overrides
from bookings.callbacks import Changed
from bookings.models import (
    Appointment,
    AppointmentChange,
    Callback,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from bookings.outcomes import Booked, BookOutcome, KnownAlready
from tenants import sight
from tenants.sites import front_desk

DONE = "Marked as done: booked."
USED = "Please close this form, and open a new one."


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` is that of the form, and becomes the appointment's. `waiting` and `callback` are what
    the visit answers. `start` is an instant."""

    key: UUID
    patient: Patient
    service: ServiceType
    practitioner: Practitioner
    start: datetime
    notes: str = ""
    waiting: WaitlistEntry | None = None
    callback: Callback | None = None
    overrides: Overrides = NONE


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing was booked, if it is not about the time; for staff."""

    said: str


@writes_diary
def enter(
    request: HttpRequest, entry: Entry, *, now: datetime
) -> BookOutcome | KnownAlready | Refused:
    """Book the visit, register a new patient and close what it answers, in one transaction.

    The same form sent again finds the visit it made. Forms with the same key take turns.
    """
    entry = replace(entry, patient=copy(entry.patient))  # as it is, should this be undone
    with diaries.writing(turn=diaries.lock_named("form", str(entry.key))):
        if made := Appointment.objects.filter(pk=entry.key).first():
            return again(made) if sight.sees(made, request.user) else Refused(USED)
        is_new = entry.patient.is_new
        if is_new and (known := same(entry.patient)):
            return KnownAlready(known)
        outcome = book(request, entry, now=now)
        if not isinstance(outcome, Booked) or outcome.again:
            return outcome
        if is_new:
            page = front_desk.get_model_admin(Patient)
            page.log_addition(request, entry.patient, [{"added": {}}])
        if not close_all(request, entry, outcome.appointment, now=now):
            transaction.set_rollback(True)
            return Refused("A colleague has just dealt with this request. Nothing was booked.")
        return outcome


def again(made: Appointment) -> Booked | Refused:
    """The outcome of a form that was sent before, unless its visit has changed since."""
    change = made.changes.last()
    if change is not None and change.kind == AppointmentChange.Kind.BOOKED:
        return Booked(made)
    status = made.get_status_display().lower()
    return Refused(f"This form has booked {made.reference} before, which is {status} now.")


def same(patient: Patient) -> Patient | None:
    return merging.same_verified(patient, date_of_birth=patient.date_of_birth)


def book(request: HttpRequest, entry: Entry, *, now: datetime) -> BookOutcome:
    return appointments.book(
        service=entry.service,
        start=entry.start,
        patient=entry.patient,
        practitioner=entry.practitioner,
        notes=entry.notes,
        source=Appointment.Source.STAFF,
        by=request.user.get_username(),
        now=now,
        overrides=entry.overrides,
        key=entry.key,
    )


def close_all(request: HttpRequest, entry: Entry, visit: Appointment, *, now: datetime) -> bool:
    """Mark as done what `visit` answers. False if somebody else has done so meanwhile. What the
    user may not change stays open."""
    waiting, callback = waited_for(entry), entry.callback
    if waiting and request.user.has_perm("bookings.change_waitlistentry"):
        open_rows = WaitlistEntry.objects.open().filter(pk=waiting.pk)
        if not open_rows.update(status=WaitlistEntry.Status.DONE, appointment=visit):
            return False
        front_desk.log_change(request, waiting, DONE)
    if callback and request.user.has_perm("bookings.change_callback"):
        by = request.user.get_username()
        outcome = callbacks.finish(callback.pk, by=by, note=reopening.BOOKED, now=now, visit=visit)
        if not isinstance(outcome, Changed):
            return False
        front_desk.log_change(request, callback, DONE)
    return True


def waited_for(entry: Entry) -> WaitlistEntry | None:
    """The place on the waitlist, unless another patient or service was booked in its place."""
    waiting = entry.waiting
    if waiting is None or waiting.patient_id != entry.patient.pk:
        return None
    return waiting if waiting.service_id == entry.service.pk else None
