"""Attendance: what became of a visit: confirmed, arrived, in the room, seen, missed, or none."""

from datetime import datetime

from django.db.models import Q

from bookings.appointments import Kind, Source, Status, changed_since, locked, record, writes_diary
from bookings.models import Appointment, Offer
from bookings.outcomes import Marked, MarkOutcome, NotChangeable, SlotTaken, Wanted

# By a status, those that it may follow. Booked follows pending when a request is confirmed, and a
# mark that was a mistake. Arrived also follows no-show, for a patient who comes after all.
MARKABLE = {
    Status.BOOKED: {Status.PENDING, Status.ARRIVED, Status.FULFILLED},
    Status.ARRIVED: {Status.BOOKED, Status.NO_SHOW},
    Status.FULFILLED: {Status.BOOKED, Status.ARRIVED},
    Status.NO_SHOW: {Status.BOOKED},
    Status.ENTERED_IN_ERROR: set(Status) - {Status.ENTERED_IN_ERROR},
}
WHEREABOUTS = ("arrived_at", "in_room_since")


@writes_diary
def mark(
    appointment: Appointment,
    status: Status,
    *,
    now: datetime,
    by: str = "",
    reason: str = "",
    seen: int | None = None,
) -> MarkOutcome:
    """Confirm a request, or record that the patient arrived, was seen, or did not come, or that
    there never was such a visit.

    Marking twice changes nothing. A visit can be marked as a no-show only after it has begun. A
    no-show can arrive only if nobody else has the time. `seen` is as in `changed_since`.
    """
    appointment = locked(appointment)
    if changed := changed_since(appointment, seen):
        return changed
    if appointment.status == status:
        return Marked(appointment, again=True)
    too_soon = status == Status.NO_SHOW and appointment.start > now
    if too_soon or appointment.status not in MARKABLE[status]:
        return NotChangeable(appointment)
    takes_time_again = status in Appointment.OCCUPYING and not appointment.occupies
    if takes_time_again and (taken := given_away(appointment)):
        return taken
    appointment.status = status
    follow_patient(appointment, now=now)
    appointment.save(update_fields=["status", *WHEREABOUTS])
    record(appointment, Kind.MARKED, Source.STAFF, now=now, by=by, reason=reason)
    return Marked(appointment)


@writes_diary
def take_in(
    appointment: Appointment, *, now: datetime, by: str = "", seen: int | None = None
) -> MarkOutcome:
    """Record that the patient is in the room, also if nobody recorded that they arrived.

    Doing it twice changes nothing. `seen` is as in `changed_since`.
    """
    appointment = locked(appointment)
    if changed := changed_since(appointment, seen):
        return changed
    if appointment.in_room_since and appointment.status == Status.ARRIVED:
        return Marked(appointment, again=True)
    if appointment.status not in {Status.BOOKED, Status.ARRIVED}:
        return NotChangeable(appointment)
    appointment.status = Status.ARRIVED
    appointment.arrived_at = appointment.arrived_at or now
    appointment.in_room_since = now
    appointment.save(update_fields=["status", *WHEREABOUTS])
    record(appointment, Kind.MARKED, Source.STAFF, now=now, by=by)
    return Marked(appointment)


def follow_patient(appointment: Appointment, *, now: datetime) -> None:
    """Set where the patient is, as the new status says. A visit that is over keeps it."""
    if appointment.status == Status.FULFILLED:
        return
    appointment.arrived_at = now if appointment.status == Status.ARRIVED else None
    appointment.in_room_since = None


def given_away(appointment: Appointment) -> SlotTaken | None:
    """SlotTaken if another visit or a hold has its time or its room, or its patient has another
    visit then. For an appointment that takes no time now, and shall take it again."""
    period = appointment.blocked.lower, appointment.blocked.upper
    here = Q(practitioner=appointment.practitioner_id)
    if appointment.room_id:
        here |= Q(room=appointment.room_id)
    visits = Appointment.objects.blocking(*period).filter(here)
    seen = Appointment.objects.seeing(appointment.patient_id, appointment.start, appointment.end)
    held = Offer.objects.unexpired().blocking(*period).filter(here)
    others = (rows.exclude(pk=appointment.pk) for rows in (visits, seen))
    if not any(rows.exists() for rows in (held, *others)):
        return None
    wanted = Wanted(appointment.service.name, appointment.start, appointment.practitioner.name)
    return SlotTaken(wanted, ())
