"""Appointments: book, reschedule, cancel. Each returns what happened; only faults are raised."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q

from bookings import alternatives, diaries, offers, slots
from bookings.models import (
    NAME_LENGTH,
    Appointment,
    AppointmentChange,
    AppointmentQuerySet,
    Patient,
    Practitioner,
    Room,
    RoomQuerySet,
    ServiceType,
)
from bookings.outcomes import (
    AlreadyBooked,
    Booked,
    BookOutcome,
    Busy,
    Cancelled,
    CancelOutcome,
    Marked,
    NobodyOffers,
    NotChangeable,
    OutsideHours,
    Rescheduled,
    RescheduleOutcome,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
    Wanted,
)
from bookings.preferences import ANY, Preference
from bookings.slots import Calendar, Own, Slot
from tenants.sqlstates import (
    DEADLOCK,
    EXCLUSION_VIOLATION,
    LOCK_NOT_AVAILABLE,
    QUERY_CANCELED,
    SERIALIZATION_FAILURE,
    UNIQUE_VIOLATION,
    sqlstate,
)

Arguments = ParamSpec("Arguments")
Outcome = TypeVar("Outcome")


def writes_diary(
    verb: Callable[Arguments, Outcome],
) -> Callable[Arguments, Outcome | Busy]:
    """Run `verb` in one writing transaction; once more after a deadlock or a lost race.

    A race lost at the constraint is run again as well: the second look sees who won. Whoever waits
    too long is Busy, with nothing changed.
    """

    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Outcome | Busy:
        for last_try in (False, True):
            try:
                with diaries.writing():
                    return verb(*args, **kwargs)
            except (IntegrityError, OperationalError) as error:
                state = sqlstate(error)
                if state in {LOCK_NOT_AVAILABLE, QUERY_CANCELED}:
                    return Busy()
                again = {EXCLUSION_VIOLATION, UNIQUE_VIOLATION, DEADLOCK, SERIALIZATION_FAILURE}
                if last_try or state not in again:
                    raise
        raise AssertionError("the second try returns or raises")

    run.__name__, run.__doc__ = verb.__name__, verb.__doc__
    return run


@writes_diary
def book(
    *,
    service: ServiceType,
    start: datetime,
    patient: Patient,
    now: datetime,
    source: Appointment.Source,
    practitioner: Practitioner | None = None,
    notes: str = "",
    by: str = "",
    preference: Preference = ANY,
) -> BookOutcome:
    """Book `patient` at the instant `start`, with `practitioner` or with any who offers `service`.

    `now` is `Organization.now()`; `by` the id of the call that asks, or the user name of staff.
    Asking again for what is already booked gives the same appointment; who has another visit then
    is AlreadyBooked. With no practitioner named, SlotTaken means that all of them are taken.
    `preference` ranks what is offered then.
    """
    start = start.astimezone(UTC)
    wanted = Wanted(service.name, start, practitioner.name if practitioner else None)
    able = list(Practitioner.objects.filter(services=service, is_active=True).order_by("pk"))
    asked = [person for person in able if practitioner in (None, person)]
    if not asked or not service.is_active:
        return NobodyOffers(wanted, tuple(person.name for person in able))
    rooms = Room.objects.filter(services=service)
    if not hold([person.pk for person in asked], rooms, patient.pk):
        return Busy()
    if already := same_visits(patient.pk, service, start).first():
        return Booked(already, again=True)
    own = Own(conversation=by, patient=patient.pk)
    calendar = slots.around(start, practitioners=asked, now=now, own=own)
    slot = next(filter(calendar.is_free, (Slot(who, service, start) for who in asked)), None)
    if slot is None:
        return refusal(wanted, calendar, service, now=now, preference=preference)
    room = next(iter(calendar.rooms.free(service, start)), None)
    appointment = enter(slot, room=room, patient=patient, source=source, notes=notes)
    record(appointment, Kind.BOOKED, now=now, by=by)
    offers.release(by)
    return Booked(appointment)


def enter(
    slot: Slot, *, room: int | None, patient: Patient, source: Appointment.Source, notes: str
) -> Appointment:
    """The slot written in its diary."""
    appointment = Appointment(
        practitioner=slot.practitioner,
        room_id=room,
        service=slot.service,
        patient=patient,
        start=slot.start,
        source=source,
        notes=notes,
    )
    appointment.save()
    return appointment


Kind = AppointmentChange.Kind


def record(appointment: Appointment, kind: Kind, *, now: datetime, by: str) -> None:
    """Add what was done to the appointment's history, in the transaction that does it."""
    AppointmentChange.objects.create(
        appointment=appointment,
        kind=kind,
        at=now,
        by=by[:NAME_LENGTH],
        practitioner=appointment.practitioner,
        start=appointment.start,
        end=appointment.end,
        status=appointment.status,
    )


def same_visits(patient: UUID, service: ServiceType, start: datetime) -> AppointmentQuerySet:
    """What the patient has booked of this service at this very time: one at most."""
    return Appointment.objects.occupying().filter(patient=patient, service=service, start=start)


def hold(practitioners: Iterable[int], rooms: RoomQuerySet, patient: UUID) -> bool:
    """Queue at these diaries. Everybody takes practitioners first, then rooms, then the patient.

    False when the patient is gone: merged with another meanwhile.
    """
    Practitioner.objects.filter(pk__in=practitioners).hold()
    rooms.hold()
    return bool(Patient.objects.filter(pk=patient).hold())


def refusal(
    wanted: Wanted,
    calendar: Calendar,
    service: ServiceType,
    *,
    now: datetime,
    preference: Preference,
) -> AlreadyBooked | SlotTaken | OutsideHours | SlotPassed | TooFarAhead:
    """Why the patient cannot be seen then by anybody of `calendar`."""
    if wanted.start <= now:
        return SlotPassed(wanted)
    end = calendar.bookable[1]
    if wanted.start >= end:
        return TooFarAhead(wanted, end - slots.INSTANT)
    near = alternatives.nearest(
        calendar, service=service, wanted=wanted.start, now=now, preference=preference
    )
    if other := calendar.own.visits(wanted.start, wanted.start + service.duration).first():
        return AlreadyBooked(wanted, other, near)
    asked = [Slot(who, service, wanted.start) for who in calendar.people]
    if any(map(calendar.is_taken, asked)):
        return SlotTaken(wanted, near, on_offer=any(map(calendar.is_on_offer, asked)))
    return OutsideHours(wanted, near, is_day_off=not calendar.works_on(wanted.start))


@writes_diary
def reschedule(
    appointment: Appointment,
    *,
    start: datetime,
    now: datetime,
    practitioner: Practitioner | None = None,
    by: str = "",
    preference: Preference = ANY,
) -> RescheduleOutcome:
    """Move `appointment` to the instant `start`, in one change: the old time is let go with it.

    It keeps its practitioner unless another is named, never stands in its own way, and takes the
    length and buffers its service has today: that is what was offered. It stays in its room while
    that is free. `by` and `preference` are as in `book`.
    """
    start = start.astimezone(UTC)
    appointment = held(appointment, practitioner)
    person = practitioner or appointment.practitioner
    if appointment.status not in CHANGEABLE or appointment.start <= now:
        return NotChangeable(appointment)
    if (appointment.start, appointment.practitioner_id) == (start, person.pk):
        return Rescheduled(appointment, moved=False)
    service = appointment.service
    wanted = Wanted(service.name, start, person.name)
    able = Practitioner.objects.filter(services=service, is_active=True)
    if person not in able:
        return NobodyOffers(wanted, tuple(who.name for who in able))
    own = Own(appointment, conversation=by, patient=appointment.patient_id)
    calendar = slots.around(start, practitioners=[person], now=now, own=own)
    if not calendar.is_free(Slot(person, service, start)):
        return refusal(wanted, calendar, service, now=now, preference=preference)
    was = appointment.start
    move(appointment, person, start, calendar)
    record(appointment, Kind.RESCHEDULED, now=now, by=by)
    offers.release(by)
    return Rescheduled(appointment, was=was)


def move(
    appointment: Appointment, person: Practitioner, start: datetime, calendar: Calendar
) -> None:
    free = calendar.rooms.free(appointment.service, start)
    if appointment.room_id not in free:
        appointment.room_id = next(iter(free), None)
    appointment.start, appointment.practitioner = start, person
    appointment.take(appointment.service)
    appointment.save()


def held(appointment: Appointment, colleague: Practitioner | None = None) -> Appointment:
    """The row as it is now, behind its diaries and the `colleague`'s.

    One that was moved to somebody else meanwhile, or merged with the visits of another patient, is
    in another diary: what was taken is let go, and it is queued for there.
    """
    while True:
        people = {appointment.practitioner_id, *([colleague.pk] if colleague else [])}
        with transaction.atomic():
            hold(people, rooms_of(appointment), appointment.patient_id)
            fresh = Appointment.objects.select_for_update().get(pk=appointment.pk)
            is_the_patients = fresh.patient_id == appointment.patient_id
            if fresh.practitioner_id in people and is_the_patients:
                return fresh
            transaction.set_rollback(True)
        appointment = fresh


def rooms_of(appointment: Appointment) -> RoomQuerySet:
    """Where it is, and where it could be."""
    could = Room.objects.filter(services=appointment.service_id).values("pk")
    return Room.objects.filter(Q(pk=appointment.room_id) | Q(pk__in=could))


CHANGEABLE = {Appointment.Status.PENDING, Appointment.Status.BOOKED}


@writes_diary
def cancel(appointment: Appointment, *, now: datetime, by: str = "") -> CancelOutcome:
    """Give the time back. Cancelling what is cancelled changes nothing and is no refusal."""
    appointment = held(appointment)
    if appointment.status == Appointment.Status.CANCELLED:
        return Cancelled(appointment, again=True)
    if appointment.status not in CHANGEABLE or appointment.start <= now:
        return NotChangeable(appointment)
    appointment.status = Appointment.Status.CANCELLED
    appointment.save(update_fields=["status"])
    record(appointment, Kind.CANCELLED, now=now, by=by)
    return Cancelled(appointment)


# What a status may be reached from. To booked: a request is confirmed, or a mark was a mistake.
MARKABLE = {
    Appointment.Status.BOOKED: {
        Appointment.Status.PENDING,
        Appointment.Status.ARRIVED,
        Appointment.Status.FULFILLED,
    },
    Appointment.Status.ARRIVED: {Appointment.Status.BOOKED},
    Appointment.Status.FULFILLED: {Appointment.Status.BOOKED, Appointment.Status.ARRIVED},
    Appointment.Status.NO_SHOW: {Appointment.Status.BOOKED},
}


@writes_diary
def mark(
    appointment: Appointment, status: Appointment.Status, *, now: datetime, by: str = ""
) -> Marked | NotChangeable:
    """Confirm a request, or record that the patient arrived, was seen, or did not come.

    Marking twice changes nothing.

    Nobody has failed to come before the visit begins.
    """
    appointment = held(appointment)
    if appointment.status == status:
        return Marked(appointment)
    too_soon = status == Appointment.Status.NO_SHOW and appointment.start > now
    if too_soon or appointment.status not in MARKABLE[status]:
        return NotChangeable(appointment)
    appointment.status = status
    appointment.save(update_fields=["status"])
    record(appointment, Kind.MARKED, now=now, by=by)
    return Marked(appointment)
