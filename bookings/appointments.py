"""Appointments: book, reschedule, cancel. Each returns what happened; only faults are raised."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial, wraps
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import OperationalError, transaction

from bookings import diaries
from bookings.availability import alternatives, holds, reading, slots
from bookings.availability import overrides as overriding
from bookings.availability.overrides import NONE, Overrides, Place
from bookings.availability.reading import Requester
from bookings.availability.slots import INSTANT, Calendar, Slot
from bookings.models import (
    NAME_LENGTH,
    PEOPLE,
    ROOMS,
    Appointment,
    AppointmentChange,
    AppointmentQuerySet,
    Offer,
    Patient,
    Practitioner,
    ServiceType,
)
from bookings.models.appointments import OF_REFERENCE
from bookings.outcomes import (
    AlreadyBooked,
    Booked,
    BookOutcome,
    Busy,
    Cancelled,
    CancelOutcome,
    NobodyOffers,
    NotChangeable,
    OutsideHours,
    Rescheduled,
    RescheduleOutcome,
    SlotPassed,
    SlotTaken,
    Stale,
    TooFarAhead,
    Wanted,
)
from bookings.preferences import Preference
from tenants import memory
from tenants.postgresql.statements import NOTHING, Answers, Bound, Given, Statement, Value
from tenants.sqlstates import sqlstate

Kind = AppointmentChange.Kind
Source = Appointment.Source
Status = Appointment.Status
LONGEST_REASON = 500
Arguments = ParamSpec("Arguments")
Outcome = TypeVar("Outcome")


def writes_diary(
    verb: Callable[Arguments, Outcome],
) -> Callable[Arguments, Outcome | Busy]:
    """Run `verb` in one writing transaction; once more after a deadlock or a lost race. Waiting too
    long gives Busy, with nothing changed.

    Inside of a writing that is open, that is for who opened it to do: nothing is caught here.
    """

    @wraps(verb)
    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Outcome | Busy:
        work = partial(verb, *args, **kwargs)
        try:
            return work() if diaries.is_open() else diaries.attempted(work)
        except OperationalError as error:
            if diaries.is_open() or sqlstate(error) not in diaries.WAITED:
                raise
            return Busy()

    return run


@writes_diary
def book(
    *,
    service: ServiceType,
    start: datetime,
    patient: Patient,
    now: datetime,
    source: Source,
    practitioner: Practitioner | None = None,
    without: Collection[int] = (),
    notes: str = "",
    by: str = "",
    caller: str = "",
    preference: Callable[[], Preference] = Preference,
    overrides: Overrides = NONE,
    key: UUID | None = None,
) -> BookOutcome:
    """Book `patient` at the instant `start`, with `practitioner` or with any who offers `service`
    and whose key is not in `without`.

    `now` is `Organization.now()`; `source` says whether a caller or staff asks, `by` is the id of
    that call or the user name; `caller` the number that proves who calls (E.164): times held for it
    count as free. A new patient is registered with the booking. Asking again for what is already
    booked gives the same appointment; if the patient has another visit then, or this one with
    another practitioner than those asked for, it is AlreadyBooked.
    With no practitioner named, the one with whom the call holds that time is tried first, and
    SlotTaken means that all of them are taken. `preference` gives what ranks the times that are
    offered then. `overrides` are rules that staff set aside. `key` becomes the appointment's, so
    that what is sent twice is not entered twice.
    """
    start = start.astimezone(UTC)
    able = able_to(service)
    to_try = [who for who in able if who.pk not in without and practitioner in (None, who)]
    whose = None if patient.is_new else patient.pk
    requester = Requester(conversation=by, patient=whose, caller=caller)
    people = [who.pk for who in to_try]
    visit = Appointment(
        id=key or uuid4(), patient=patient, start=start, source=source, notes=notes, created=now
    )
    locked, (offered, of_reference, *seen) = diaries.look(
        lock(people, service.pk, patient=whose),
        holds.OF_CALL.bound(conversation=by),
        OF_REFERENCE.bound(reference=visit.reference),
        *slots.to_see_day_of(start, people, requester, now=now),
    )
    visit.has_own_reference = not of_reference
    if whose and not patient.renew(locked):
        return Busy(is_another=True)
    # Staff lock these diaries while they take a service, a practitioner or a room out of use: all
    # is read anew. Whoever offers the service only since then is not tried, being not locked.
    service = overrides.of_length(ServiceType.known(service.pk) or service)
    able = able_to(service)
    asked = [who for who in able if who in to_try]
    wanted = Wanted(service.name, start, practitioner.name if practitioner else None)
    if not asked:
        return NobodyOffers(wanted, tuple(person.name for person in able))
    already = booked_before(seen, patient, service, start)
    if already and already.practitioner_id in people:
        return Booked(already, again=True)
    held_with = {hold.practitioner_id for hold in offered if hold.start == start}
    first_held = sorted(asked, key=lambda who: who.pk not in held_with)
    wishes = [Slot(who, service, start) for who in first_held]
    calendar = slots.day_of(start, asked, requester, seen, now=now)
    place = overriding.place(calendar, wishes, overrides)
    if place is None:
        others = [who for who in able if who not in asked and who.pk not in without]
        return refusal(wanted, wishes, calendar, others, now=now, preference=preference)
    if patient.is_new:
        patient.register()
    enter(visit, place, requester, offered)
    record(visit, Kind.BOOKED, source, now=now, by=by, overrides=place.used)
    return Booked(visit)


def booked_before(
    seen: Answers, patient: Patient, service: ServiceType, start: datetime
) -> Appointment | None:
    """The patient's visit of this service at this very time. `seen` is as in
    `reading.same_visit`."""
    same = reading.same_visit(seen, service.pk, start)
    if same is None:
        return None
    [already] = APPOINTMENT(appointment=same)
    already.patient = patient
    return already


def able_to(service: ServiceType) -> list[Practitioner]:
    """The practitioners who can be booked for the service now; none if it is not offered."""

    def read() -> tuple[Practitioner, ...]:
        offered = Practitioner.objects.filter(services=service, services__is_active=True)
        return tuple(offered.filter(is_active=True).order_by("pk"))

    return [*memory.recall(("able to", service.pk), read)]


def record(
    appointment: Appointment,
    kind: Kind,
    source: Source,
    *,
    now: datetime,
    by: str,
    reason: str = "",
    overrides: Iterable[AppointmentChange.Override] = (),
) -> AppointmentChange:
    """Add what was done to the appointment's history, in the transaction that does it."""
    return AppointmentChange.objects.create(
        appointment=appointment,
        kind=kind,
        at=now,
        source=source,
        by=by[:NAME_LENGTH],
        practitioner=appointment.practitioner,
        start=appointment.start,
        end=appointment.end,
        status=appointment.status,
        arrived_at=appointment.arrived_at,
        in_room_since=appointment.in_room_since,
        reason=reason[:LONGEST_REASON],
        overrides=list(overrides),
    )


def same_visits(patient: UUID, service: ServiceType, start: datetime) -> AppointmentQuerySet:
    """The patient's visit of this service at this very time: one at most."""
    return Appointment.objects.occupying().filter(patient=patient, service=service, start=start)


PATIENT = Statement(lambda: Patient.objects.filter(pk=Given("patient")).order_by("pk"))
APPOINTMENT = Statement(lambda: Appointment.objects.filter(pk=Given("appointment")).order_by("pk"))


def lock(
    practitioners: Iterable[int],
    service: int,
    *,
    room: int | None = None,
    patient: UUID | None,
) -> list[Bound[Value]]:
    """Locks the diaries of these practitioners, of the rooms that the service could be in, of the
    `room` that the visit is in, and of the patient. Every writer takes practitioners first, then
    rooms, then the patient, and then shares the configuration."""
    return [
        PEOPLE.bound(people=list(practitioners)).locking(),
        ROOMS.bound(service=service, room=room).locking(),
        PATIENT.bound(patient=patient).locking() if patient else NOTHING,
    ]


def refusal(
    wanted: Wanted,
    wishes: Sequence[Slot],
    calendar: Calendar,
    colleagues: Sequence[Practitioner],
    *,
    now: datetime,
    preference: Callable[[], Preference],
) -> AlreadyBooked | SlotTaken | OutsideHours | SlotPassed | TooFarAhead:
    """Why none of `wishes`, times of one day, can be had. `calendar` is of that day or of more,
    with the practitioners wished for. `colleagues` offer the service as well."""
    if wanted.start <= now:
        return SlotPassed(wanted)
    service, requester, end = wishes[0].service, calendar.requester, calendar.bookable[1]
    if wanted.start >= end:
        return TooFarAhead(wanted, end - INSTANT)
    near = alternatives.nearest(
        calendar, service=service, wanted=wanted.start, now=now, preference=preference()
    )
    if calendar.is_elsewhere(wanted.start, wanted.start + service.duration):
        other = requester.visits(wanted.start, wanted.start + service.duration).first()
        if other:
            return AlreadyBooked(wanted, other, near)
    colleague = alternatives.with_colleague(
        requester, colleagues, service=service, wanted=wanted.start, now=now, theirs=near
    )
    if any(map(calendar.is_taken, wishes)):
        on_offer = calendar.is_any_held(wishes)
        return SlotTaken(wanted, near, on_offer, colleague)
    return OutsideHours(wanted, near, not calendar.works_on(wanted.start), colleague)


@writes_diary
def reschedule(
    appointment: Appointment,
    *,
    start: datetime,
    now: datetime,
    practitioner: Practitioner | None = None,
    without: Collection[int] = (),
    source: Source = Source.STAFF,
    by: str = "",
    caller: str = "",
    preference: Callable[[], Preference] = Preference,
    overrides: Overrides = NONE,
) -> RescheduleOutcome:
    """Move `appointment` to the instant `start`, in one change that also gives the old time back.

    It keeps its practitioner unless another is named, does not block itself, and takes the length
    and buffers its service has today: that is what was offered. It stays in its room if that is
    free. No colleague whose key is in `without` is offered. `by`, `caller`, `preference` and
    `overrides` are as in `book`.
    """
    start = start.astimezone(UTC)

    def to_see(row: Appointment) -> list[Bound[Value]]:
        requester = Requester(row, by, row.patient_id, caller)
        people = [practitioner.pk if practitioner else row.practitioner_id]
        then = slots.to_see_day_of(start, people, requester, now=now)
        return [holds.OF_CALL.bound(conversation=by), *then]

    appointment, (offered, *seen) = locked_and_seen(appointment, practitioner, to_see)
    person = practitioner or appointment.practitioner
    if not is_changeable(appointment, overrides, now=now):
        return NotChangeable(appointment)
    stays = (appointment.start, appointment.practitioner_id) == (start, person.pk)
    if stays and overrides.minutes in (None, minutes_of(appointment)):
        return Rescheduled(appointment, moved=False)
    service = overrides.of_length(appointment.service)
    wanted = Wanted(service.name, start, person.name)
    able = able_to(service)
    if person not in able:
        return NobodyOffers(wanted, tuple(who.name for who in able))
    requester = Requester(appointment, by, appointment.patient_id, caller)
    wishes = [Slot(person, service, start)]
    calendar = slots.day_of(start, [person], requester, seen, now=now)
    place = overriding.place(calendar, wishes, overrides, stay_in=appointment.room_id)
    if place is None:
        others = [who for who in able if who != person and who.pk not in without]
        return refusal(wanted, wishes, calendar, others, now=now, preference=preference)
    was, used = appointment.start, [*begun(appointment, now=now), *place.used]
    enter(appointment, place, requester, offered)
    record(appointment, Kind.RESCHEDULED, source, now=now, by=by, overrides=used)
    return Rescheduled(appointment, was=was)


@writes_diary
def reschedule_as_shown(
    appointment: Appointment,
    *,
    seen: int,
    start: datetime,
    practitioner: Practitioner,
    now: datetime,
    by: str,
    overrides: Overrides,
) -> RescheduleOutcome | Stale:
    """`reschedule`, by staff, unless it has been changed since a page showed it. `seen` is as in
    `changed_since`, 0 if it had no change."""
    changed = changed_since(locked(appointment, practitioner), seen)
    return changed or reschedule(
        appointment, start=start, practitioner=practitioner, now=now, by=by, overrides=overrides
    )


def enter(
    appointment: Appointment, place: Place, requester: Requester, offered: Iterable[Offer]
) -> None:
    """Write it in its diary, which is locked. The holds `offered`, those of the call, are given
    back, and so are those that staff book over."""
    overriding.release_holds(place, requester)
    appointment.start, appointment.practitioner = place.slot.start, place.slot.practitioner
    appointment.service, appointment.room_id = place.slot.service, place.room
    appointment.take(place.slot.service)
    appointment.save()
    holds.remove([hold.pk for hold in offered])


def minutes_of(appointment: Appointment) -> int:
    return int((appointment.end - appointment.start) / timedelta(minutes=1))


def locked(appointment: Appointment, colleague: Practitioner | None = None) -> Appointment:
    """The row as it is now, with its diaries and the `colleague`'s locked."""
    return locked_and_seen(appointment, colleague)[0]


def locked_and_seen(
    appointment: Appointment,
    colleague: Practitioner | None,
    to_see: Callable[[Appointment], Iterable[Bound[Value]]] = lambda _: (),
) -> tuple[Appointment, Answers]:
    """The row as it is now, its diaries locked, and what the statements `to_see` find then.

    If it was moved to another practitioner or merged into another patient meanwhile, the locks are
    released and those of the right diaries are taken.
    """
    while True:
        people = {appointment.practitioner_id, *([colleague.pk] if colleague else [])}
        service, patient = appointment.service_id, appointment.patient_id
        locks = lock(people, service, room=appointment.room_id, patient=patient)
        locks.append(APPOINTMENT.bound(appointment=appointment.pk).locking())
        with transaction.atomic():
            rows, seen = diaries.look(locks, *to_see(appointment))
            fresh = next((row for row in rows if row == appointment), None)
            if fresh is None:
                raise Appointment.DoesNotExist
            if fresh.practitioner_id in people and fresh.patient_id == patient:
                return with_relations(fresh, rows), seen
            transaction.set_rollback(True)
        appointment = fresh


def with_relations(fresh: Appointment, locked: Iterable[object]) -> Appointment:
    """With the rows it refers to, as they were locked with it."""
    for row in locked:
        if isinstance(row, Practitioner) and row.pk == fresh.practitioner_id:
            fresh.practitioner = row
        elif isinstance(row, Patient):
            fresh.patient = row
    fresh.service = ServiceType.known(fresh.service_id) or fresh.service
    return fresh


CHANGEABLE = {Status.PENDING, Status.BOOKED}


def is_changeable(appointment: Appointment, overrides: Overrides, *, now: datetime) -> bool:
    """Whether it may be moved or cancelled: by staff who may, also once it has begun."""
    if appointment.start > now:
        return appointment.status in CHANGEABLE
    return overrides.begun and appointment.occupies


def begun(appointment: Appointment, *, now: datetime) -> list[AppointmentChange.Override]:
    return [AppointmentChange.Override.BEGUN] if appointment.start <= now else []


def changed_since(appointment: Appointment, seen: int | None) -> Stale | None:
    """Stale, if there is a newer change than `seen`: the key of the newest change when the page was
    shown, or None for no page. Call it when the diaries are locked.
    """
    newest = appointment.changes.last() if seen is not None else None
    if newest is None or newest.pk == seen:
        return None
    return Stale(appointment, newest)


@writes_diary
def cancel(
    appointment: Appointment,
    *,
    now: datetime,
    source: Source = Source.STAFF,
    by: str = "",
    reason: str = "",
    seen: int | None = None,
    overrides: Overrides = NONE,
) -> CancelOutcome:
    """Give the time back. Cancelling twice changes nothing, and is not refused.

    The first 500 characters of `reason` are kept with the appointment. `seen` is as in
    `changed_since`.
    """
    appointment = locked(appointment)
    if changed := changed_since(appointment, seen):
        return changed
    if appointment.status == Status.CANCELLED:
        return Cancelled(appointment, again=True)
    if not is_changeable(appointment, overrides, now=now):
        return NotChangeable(appointment)
    appointment.status = Status.CANCELLED
    appointment.cancellation_reason = reason[:LONGEST_REASON]
    appointment.save(update_fields=["status", "cancellation_reason"])
    used = begun(appointment, now=now)
    record(appointment, Kind.CANCELLED, source, now=now, by=by, reason=reason, overrides=used)
    return Cancelled(appointment)
