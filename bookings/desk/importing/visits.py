"""Visits: an appointment that a row of a file means. What is to come is booked as at the desk; what
is over is entered as it was. No visit goes over another one, and none is changed."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q

from bookings import appointments
from bookings.appointments import Kind
from bookings.availability import overrides as overriding
from bookings.availability.overrides import NONE, Overrides
from bookings.availability.reading import Requester
from bookings.availability.slots import Slot
from bookings.desk import refusals
from bookings.desk.importing import cells, people
from bookings.desk.importing.people import Person, Tally
from bookings.desk.importing.rows import Done, Means, Reader, Refusal, Refused
from bookings.desk.importing.sheets import Line
from bookings.models import Appointment, AppointmentChange, Patient, Practitioner, Room, ServiceType
from bookings.models.saving import Written
from bookings.outcomes import AlreadyBooked, Booked, BookOutcome, SlotTaken, Wanted

COLUMNS = {
    **{title: name for title, name in people.COLUMNS.items() if name != "other phones"},
    "start": "start",
    "service": "service",
    "practitioner": "practitioner",
    "status": "status",
    "minutes": "minutes",
    "notes": "notes",
    "reference": "reference",
}
NEEDED = ("name", "start", "service", "practitioner")
Status = Appointment.Status
Override = AppointmentChange.Override
# By what a file may call it.
STATUSES = {
    **{str(status.value).replace("-", " "): status for status in Status},
    **{str(status.label).casefold().replace("-", " "): status for status in Status},
    "no show": Status.NO_SHOW,
    "done": Status.FULFILLED,
    "canceled": Status.CANCELLED,
}
TO_COME = {Status.PENDING, Status.BOOKED, Status.CANCELLED}
OVER = {Status.BOOKED, Status.FULFILLED, Status.CANCELLED, Status.NO_SHOW}
MINUTES = range(5, 481)
LONGEST_NOTES, LONGEST_NAME = 2_000, 200


@dataclass(frozen=True, slots=True)
class Visit:
    """What a row says. `start` is UTC; `minutes` None: as long as the service."""

    line: Line
    person: Person
    start: datetime
    service: ServiceType
    practitioner: Practitioner
    status: Status
    minutes: int | None
    notes: str
    reference: str

    def is_over(self, now: datetime) -> bool:
        return self.start <= now

    @property
    def is_to_take_time(self) -> bool:
        return self.status in Appointment.OCCUPYING


class Catalogue:
    """The services and practitioners by what they are called."""

    def __init__(self) -> None:
        self.services = by_name(ServiceType.objects.prefetch_related("rooms"))
        self.practitioners = by_name(Practitioner.objects.all())


def by_name(rows: Iterable[Any]) -> dict[str, Any]:
    """Names come before other names. Of two that are called the same, neither is found by it."""
    found: dict[str, Any] = {}
    for row in rows:
        for name in row.aliases:
            key = name.casefold()
            found[key] = None if found.get(key, row) != row else row
    found.update({row.name.casefold(): row for row in rows})
    return found


def read(line: Line, means: Means, catalogue: Catalogue) -> Visit:
    """Raises Refused."""
    reader = Reader(line)
    person = people.read(reader, means)
    start = needed(reader, "start", partial(cells.instant, order=means.order, zone=means.zone))
    service = needed(reader, "service", partial(named, among=catalogue.services))
    practitioner = needed(reader, "practitioner", partial(named, among=catalogue.practitioners))
    status = reader.understood("status", status_of) or Status.BOOKED
    visit = Visit(
        line=line,
        person=person,
        start=start,
        service=service,
        practitioner=practitioner,
        status=status,
        minutes=reader.understood("minutes", minutes_in),
        notes=reader.lines("notes", LONGEST_NOTES),
        reference=reader.text("reference", LONGEST_NAME).upper(),
    )
    reader.finish()
    return visit


def needed(reader: Reader, column: str, understand: Callable[[str], object]) -> Any:
    """What the cell means. If it is empty, that is noted: `finish` raises it."""
    if not reader.cell(column):
        reader.refuse(column, "This cell is empty.")
    return reader.understood(column, understand)


def named(text: str, among: dict[str, Any]) -> Any:
    key = text.casefold()
    if found := among.get(key):
        return found
    if key in among:
        raise cells.NotUnderstood("Two are called so. Please write the whole name.")
    raise cells.NotUnderstood("Nothing here is called so. Please write the name as it is here.")


def status_of(text: str) -> Status:
    found = STATUSES.get(text.casefold().replace("-", " ").replace("_", " "))
    if found is None:
        said = "This is no status: booked, pending, fulfilled, no-show or cancelled."
        raise cells.NotUnderstood(said)
    return found


def minutes_in(text: str) -> int:
    if not text.isdecimal() or len(text) > 3 or int(text) not in MINUTES:
        raise cells.NotUnderstood("A visit takes 5 to 480 minutes.")
    return int(text)


def hold_diaries(visits: Iterable[Visit], *, now: datetime) -> None:
    """Lock the diaries of visits to come before any of them is booked, in the order in which every
    writer does. No caller can book what is over, so that needs none."""
    ahead = [visit for visit in visits if not visit.is_over(now)]
    if ahead:
        Practitioner.objects.filter(pk__in={one.practitioner.pk for one in ahead}).lock()
        rooms = Room.services.through.objects.filter(
            servicetype__in={one.service.pk for one in ahead}
        )
        Room.objects.filter(pk__in=rooms.values("room")).lock()


class Stored:
    """The visits that a file may mean: by their references, and by when they begin. Read at once;
    what the file enters itself is added."""

    def __init__(self, visits: Collection[Visit]) -> None:
        references = {visit.reference for visit in visits if visit.reference}
        starts = {visit.start for visit in visits}
        rows = Appointment.objects.filter(Q(reference__in=references) | Q(start__in=starts))
        self.by_reference: dict[str, Appointment] = {}
        self.by_identity: dict[tuple[UUID, int, datetime], list[Appointment]] = {}
        for row in rows:
            self.add(row)

    def add(self, row: Appointment) -> None:
        self.by_reference[row.reference] = row
        identity = row.patient_id, row.service_id, row.start
        self.by_identity.setdefault(identity, []).append(row)

    def discard(self, row: Appointment) -> None:
        del self.by_reference[row.reference]
        self.by_identity[row.patient_id, row.service_id, row.start].remove(row)


def bring_in(visit: Visit, means: Means, tally: Tally, stored: Stored) -> Done:
    """Enter the visit, and its patient if nobody knows them. Raises Refused."""
    if row := stored.by_reference.get(visit.reference):
        return compare(visit, row)
    _, patient = people.bring_in(visit.line, visit.person, means, tally)
    for row in stored.by_identity.get((patient.pk, visit.service.pk, visit.start), []):
        if row.occupies or row.status == visit.status:
            return compare(visit, row)
    refuse_unfit(visit, means)
    row = entered(visit, patient, means)
    stored.add(row)
    tally.note(partial(stored.discard, row))
    return Done.MADE


def entered(visit: Visit, patient: Patient, means: Means) -> Appointment:
    if not visit.is_to_take_time:
        return enter(visit, patient, means, room=None)
    return (enter_past if visit.is_over(means.now) else book)(visit, patient, means)


def compare(visit: Visit, row: Appointment) -> Done:
    """Unchanged, if `row` is that visit. An import changes none, so a difference is refused."""
    differences = {
        "start": row.start != visit.start,
        "service": row.service_id != visit.service.pk,
        "practitioner": row.practitioner_id != visit.practitioner.pk,
        "status": row.status != visit.status and bool(visit.line.cells.get("status")),
    }
    said = "{} is in the diary with another {}. Please change it there."
    if found := [
        Refusal(visit.line.number, column, said.format(row.reference, column))
        for column, differs in differences.items()
        if differs
    ]:
        raise Refused(*found)
    return Done.UNCHANGED


def refuse_unfit(visit: Visit, means: Means) -> None:
    """Raises Refused for all that can be said before the diary is looked at."""
    if found := [Refusal(visit.line.number, column, said) for column, said in unfit(visit, means)]:
        raise Refused(*found)


def unfit(visit: Visit, means: Means) -> Iterator[tuple[str, str]]:
    is_over = visit.is_over(means.now)
    if visit.status not in (OVER if is_over else TO_COME):
        when = "is over" if is_over else "is to come"
        yield "status", f"A visit that {when} is not entered with this status."
    if not visit.is_to_take_time:
        return
    if is_over and not means.may_enter_past:
        yield "start", "This time has passed, and you may not set rules aside."
    usual = visit.minutes in (None, visit.service.minutes)
    if not (is_over or usual or means.sets_rules_aside):
        said = f"The service takes {visit.service.minutes} minutes. Set the rules aside, or leave"
        yield "minutes", f"{said} the cell empty."


def refused_as(visit: Visit, outcome: BookOutcome) -> Refused:
    """In the words of the desk."""
    problem = refusals.refusal(outcome)
    column = next(iter(problem)) if isinstance(problem, dict) else ""
    elsewhere = "The patient has another visit then." if isinstance(outcome, AlreadyBooked) else ""
    return Refused(Refusal(visit.line.number, column, refusals.sentence(outcome), elsewhere))


def book(visit: Visit, patient: Patient, means: Means) -> Appointment:
    """As at the desk: through the verb, and rules are set aside only by choice."""
    chosen = Overrides(hours=True, holds=True, minutes=visit.minutes)
    outcome = appointments.book(
        service=visit.service,
        start=visit.start,
        patient=patient,
        practitioner=visit.practitioner,
        notes=visit.notes,
        source=Appointment.Source.STAFF,
        by=means.by,
        now=means.now,
        overrides=chosen if means.sets_rules_aside else NONE,
    )
    if not isinstance(outcome, Booked):
        raise refused_as(visit, outcome)
    row = outcome.appointment
    if visit.status == Status.PENDING:
        row.status = Status.PENDING
        row.save(update_fields=["status"])
        source = Appointment.Source.STAFF
        appointments.record(row, Kind.MARKED, source, now=means.now, by=means.by)
    return row


def enter_past(visit: Visit, patient: Patient, means: Means) -> Appointment:
    """Where the visit was, nobody else may have been: not the practitioner, nor the patient, nor
    another in the last free room."""
    service = Overrides(minutes=visit.minutes).of_length(visit.service)
    slot = Slot(visit.practitioner, service, visit.start)
    requester = Requester(patient=patient.pk)
    rooms = overriding.rooms_at_any_hour(slot, requester, over_holds=True)
    if rooms is None:
        other = requester.visits(slot.start, slot.end).first()
        wanted = Wanted(service.name, slot.start, visit.practitioner.name)
        raise refused_as(
            visit, AlreadyBooked(wanted, other, ()) if other else SlotTaken(wanted, ())
        )
    return enter(visit, patient, means, room=next(iter(rooms), None))


def enter(visit: Visit, patient: Patient, means: Means, *, room: int | None) -> Appointment:
    """Write it as it is. It waits for no diary: a visit that is over, or takes no time, is in no
    caller's way; and no constraint is set aside. A reference that is taken is a lost race."""
    row = Appointment(
        patient=patient,
        practitioner=visit.practitioner,
        service=visit.service,
        room_id=room,
        start=visit.start,
        status=visit.status,
        source=Appointment.Source.STAFF,
        notes=visit.notes,
        created=means.now,
    )
    row.take(Overrides(minutes=visit.minutes).of_length(visit.service))
    Written.save(row)
    used = overrides_of(visit, now=means.now)
    source = Appointment.Source.STAFF
    appointments.record(row, Kind.BOOKED, source, now=means.now, by=means.by, overrides=used)
    return row


def overrides_of(visit: Visit, *, now: datetime) -> Iterator[Override]:
    if visit.minutes not in (None, visit.service.minutes):
        yield Override.LENGTH
    if visit.is_over(now):
        yield Override.HOURS
