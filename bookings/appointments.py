"""Appointments: book, reschedule, cancel. Each returns what happened; only faults are raised."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError
from django.db.models import Q

from bookings import diaries, slots
from bookings.models import (
    Appointment,
    AppointmentQuerySet,
    Patient,
    Practitioner,
    Room,
    RoomQuerySet,
    ServiceType,
)
from bookings.outcomes import (
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
from bookings.slots import Calendar, Slot

Arguments = ParamSpec("Arguments")
Outcome = TypeVar("Outcome")

# https://www.postgresql.org/docs/current/errcodes-appendix.html
EXCLUSION_VIOLATION, UNIQUE_VIOLATION = "23P01", "23505"
DEADLOCK, SERIALIZATION_FAILURE = "40P01", "40001"
LOCK_NOT_AVAILABLE, QUERY_CANCELED = "55P03", "57014"


def sqlstate(error: BaseException) -> str:
    return getattr(error.__cause__, "sqlstate", None) or ""


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
) -> BookOutcome:
    """Book `patient` at the instant `start`, with `practitioner` or with any who offers `service`.

    `now` is `Organization.now()`. Asking again for what is already booked gives the same
    appointment. With no practitioner named, SlotTaken means that all of them are taken.
    """
    start = start.astimezone(UTC)
    wanted = Wanted(service.name, start, practitioner.name if practitioner else None)
    able = list(Practitioner.objects.filter(services=service, is_active=True).order_by("pk"))
    asked = [person for person in able if practitioner in (None, person)]
    if not asked or not service.is_active:
        return NobodyOffers(wanted, tuple(person.name for person in able))
    hold([person.pk for person in asked], Room.objects.filter(services=service))
    if already := same_visits(patient.pk, service, start).first():
        return Booked(already, again=True)
    calendar = slots.around(start, practitioners=asked, now=now)
    slot = next(filter(calendar.is_free, (Slot(who, service, start) for who in asked)), None)
    if slot is None:
        return refusal(wanted, calendar, service, now=now)
    appointment = Appointment(
        practitioner=slot.practitioner,
        room_id=next(iter(calendar.rooms.free(service, start)), None),
        service=service,
        patient=patient,
        start=start,
        source=source,
        notes=notes,
    )
    appointment.save()
    return Booked(appointment)


def same_visits(patient: UUID, service: ServiceType, start: datetime) -> AppointmentQuerySet:
    """What the patient has booked of this service at this very time: one at most."""
    return Appointment.objects.occupying().filter(patient=patient, service=service, start=start)


def hold(practitioners: Iterable[int], rooms: RoomQuerySet) -> None:
    """Queue at these diaries. Everybody takes practitioners first, then rooms."""
    Practitioner.objects.filter(pk__in=practitioners).hold()
    rooms.hold()


def refusal(
    wanted: Wanted,
    calendar: Calendar,
    service: ServiceType,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
) -> SlotTaken | OutsideHours | SlotPassed | TooFarAhead:
    """Why nobody of `calendar` is free then."""
    if wanted.start <= now:
        return SlotPassed(wanted)
    end = calendar.bookable[1]
    if wanted.start >= end:
        return TooFarAhead(wanted, end - slots.INSTANT)
    alternatives = slots.nearest(
        calendar, service=service, wanted=wanted.start, now=now, ignoring=ignoring
    )
    if any(calendar.is_taken(Slot(who, service, wanted.start)) for who in calendar.people):
        return SlotTaken(wanted, alternatives)
    return OutsideHours(wanted, alternatives)


@writes_diary
def reschedule(
    appointment: Appointment,
    *,
    start: datetime,
    now: datetime,
    practitioner: Practitioner | None = None,
) -> RescheduleOutcome:
    """Move `appointment` to the instant `start`, in one change: the old time is let go with it.

    It keeps its practitioner unless another is named, never stands in its own way, and takes the
    length and buffers its service has today: that is what was offered. It stays in its room while
    that is free.
    """
    start = start.astimezone(UTC)
    person = practitioner or appointment.practitioner
    hold({appointment.practitioner_id, person.pk}, rooms_of(appointment))
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.status not in CHANGEABLE or appointment.start <= now:
        return NotChangeable(appointment)
    if (appointment.start, appointment.practitioner_id) == (start, person.pk):
        return Rescheduled(appointment, moved=False)
    service = appointment.service
    able = Practitioner.objects.filter(services=service, is_active=True)
    if person not in able:
        wanted = Wanted(service.name, start, person.name)
        return NobodyOffers(wanted, tuple(who.name for who in able))
    calendar = slots.around(start, practitioners=[person], now=now, ignoring=appointment)
    wanted = Wanted(service.name, start, person.name)
    if not calendar.is_free(Slot(person, service, start)):
        return refusal(wanted, calendar, service, now=now, ignoring=appointment)
    same = same_visits(appointment.patient_id, service, start)
    if same.exclude(pk=appointment.pk).exists():
        near = slots.nearest(calendar, service=service, wanted=start, now=now, ignoring=appointment)
        return SlotTaken(wanted, tuple(slot for slot in near if slot.start != start))
    free = calendar.rooms.free(service, start)
    if appointment.room_id not in free:
        appointment.room_id = next(iter(free), None)
    was = appointment.start
    appointment.start, appointment.practitioner = start, person
    appointment.take(service)
    appointment.save()
    return Rescheduled(appointment, was=was)


def rooms_of(appointment: Appointment) -> RoomQuerySet:
    """Where it is, and where it could be."""
    could = Room.objects.filter(services=appointment.service_id).values("pk")
    return Room.objects.filter(Q(pk=appointment.room_id) | Q(pk__in=could))


CHANGEABLE = {Appointment.Status.PENDING, Appointment.Status.BOOKED}


@writes_diary
def cancel(appointment: Appointment, *, now: datetime) -> CancelOutcome:
    """Give the time back. Cancelling what is cancelled changes nothing and is no refusal."""
    hold({appointment.practitioner_id}, rooms_of(appointment))
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.status == Appointment.Status.CANCELLED:
        return Cancelled(appointment, again=True)
    if appointment.status not in CHANGEABLE or appointment.start <= now:
        return NotChangeable(appointment)
    appointment.status = Appointment.Status.CANCELLED
    appointment.save(update_fields=["status"])
    return Cancelled(appointment)


# What a status may be reached from. Back to booked: a mark set by mistake.
MARKABLE = {
    Appointment.Status.BOOKED: {Appointment.Status.ARRIVED, Appointment.Status.FULFILLED},
    Appointment.Status.ARRIVED: {Appointment.Status.BOOKED},
    Appointment.Status.FULFILLED: {Appointment.Status.BOOKED, Appointment.Status.ARRIVED},
    Appointment.Status.NO_SHOW: {Appointment.Status.BOOKED},
}


@writes_diary
def mark(
    appointment: Appointment, status: Appointment.Status, *, now: datetime
) -> Marked | NotChangeable:
    """Record that the patient arrived, was seen, or did not come. Marking twice changes nothing.

    Nobody has failed to come before the visit begins.
    """
    hold({appointment.practitioner_id}, rooms_of(appointment))
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if appointment.status == status:
        return Marked(appointment)
    too_soon = status == Appointment.Status.NO_SHOW and appointment.start > now
    if too_soon or appointment.status not in MARKABLE[status]:
        return NotChangeable(appointment)
    appointment.status = status
    appointment.save(update_fields=["status"])
    return Marked(appointment)
