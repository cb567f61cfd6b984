"""Undo: the last change of an appointment taken back, while its time is free.

A change is taken back only as the newest of its appointment: what somebody did since is not lost.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings import appointments
from bookings.appointments import Kind, writes_diary
from bookings.models import Appointment, AppointmentChange, Practitioner
from bookings.outcomes import NotChangeable, Stale, Undone, UndoOutcome

Status, Source = Appointment.Status, Appointment.Source


@dataclass(frozen=True, slots=True)
class State:
    """How an appointment stood. `start` and `end` are UTC instants."""

    status: str
    start: datetime
    end: datetime
    practitioner: Practitioner


@writes_diary
def undo(change: AppointmentChange, *, now: datetime, by: str) -> UndoOutcome:
    """Let the appointment stand as it did before `change`, through the same walls.

    A booking that is undone was entered in error. Stale when `change` is not the newest;
    SlotTaken when the time is no longer free; NotChangeable for what was undone itself.
    """
    before = state_before(change)
    appointment = appointments.held(change.appointment, before.practitioner)
    newest = appointment.changes.last()
    if newest is None or newest.pk != change.pk:
        return Stale(appointment, newest or change)
    if change.kind == Kind.UNDONE:
        return NotChangeable(appointment)
    restored = restore(appointment, before)
    if restored.occupies and appointments.is_given_away(restored):
        return appointments.taken(restored)
    restored.save()
    appointments.record(restored, Kind.UNDONE, Source.STAFF, now=now, by=by)
    return Undone(restored)


def state_before(change: AppointmentChange) -> State:
    """From the history; an appointment older than its history was booked where it stands."""
    earlier = change.appointment.changes.filter(pk__lt=change.pk).select_related("practitioner")
    last = earlier.last()
    if last is not None:
        return State(last.status, last.start, last.end, last.practitioner)
    status = Status.ENTERED_IN_ERROR if change.kind == Kind.BOOKED else Status.BOOKED
    return State(status, change.start, change.end, change.practitioner)


def restore(appointment: Appointment, before: State) -> Appointment:
    """As it was, with the buffers its service has. Not saved."""
    if before.status != Status.CANCELLED:
        appointment.cancellation_reason = ""
    appointment.status, appointment.practitioner = before.status, before.practitioner
    appointment.start, appointment.end = before.start, before.end
    appointment.blocked = DateTimeTZRange(
        before.start - appointment.service.buffer_before,
        before.end + appointment.service.buffer_after,
    )
    return appointment
