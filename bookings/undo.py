"""Undo: takes back the last change of an appointment, if its time is free.

Only the newest change can be taken back, so that nothing that was done since is lost.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from bookings import appointments, attendance, reopening
from bookings.appointments import Kind, writes_diary
from bookings.models import Appointment, AppointmentChange, Practitioner
from bookings.outcomes import NotChangeable, Stale, Undone, UndoOutcome

Status, Source = Appointment.Status, Appointment.Source


@dataclass(frozen=True, slots=True)
class State:
    """An appointment's fields at one point of its history. `start` and `end` are UTC instants."""

    status: str
    start: datetime
    end: datetime
    practitioner: Practitioner
    arrived_at: datetime | None = None
    in_room_since: datetime | None = None


@writes_diary
def undo(change: AppointmentChange, *, now: datetime, by: str) -> UndoOutcome:
    """Set the appointment back to what it was before `change`, through the same checks and locks.

    A booking that is undone becomes “entered in error”, and what it answered waits again.

    Stale if `change` is not the newest; SlotTaken if the time is no longer free; NotChangeable if
    `change` is an undo itself.
    """
    before = state_before(change)
    appointment = appointments.locked(change.appointment, before.practitioner)
    newest = appointment.changes.last()
    if newest is None or newest.pk != change.pk:
        return Stale(appointment, newest or change)
    if change.kind == Kind.UNDONE:
        return NotChangeable(appointment)
    restored = restore(appointment, before)
    if restored.occupies and (taken := attendance.given_away(restored)):
        return taken
    restored.save()
    appointments.record(restored, Kind.UNDONE, Source.STAFF, now=now, by=by)
    if restored.status == Status.ENTERED_IN_ERROR:
        return Undone(restored, reopening.reopen(restored))
    return Undone(restored)


def state_before(change: AppointmentChange) -> State:
    """The appointment's state before `change`, from its history. An appointment without earlier
    history was booked as `change` shows it."""
    earlier = change.appointment.changes.filter(pk__lt=change.pk).select_related("practitioner")
    last = earlier.last()
    if last is not None:
        return State(
            last.status, last.start, last.end, last.practitioner, last.arrived_at,
            last.in_room_since,
        )  # fmt: skip
    status = Status.ENTERED_IN_ERROR if change.kind == Kind.BOOKED else Status.BOOKED
    return State(status, change.start, change.end, change.practitioner)


def restore(appointment: Appointment, before: State) -> Appointment:
    """Set the fields back to `before`, with the buffers its service has today. Not saved."""
    if before.status != Status.CANCELLED:
        appointment.cancellation_reason = ""
    appointment.status, appointment.practitioner = before.status, before.practitioner
    appointment.start, appointment.end = before.start, before.end
    appointment.arrived_at, appointment.in_room_since = before.arrived_at, before.in_room_since
    appointment.blocked = DateTimeTZRange(
        before.start - appointment.service.buffer_before,
        before.end + appointment.service.buffer_after,
    )
    return appointment
