"""Replays: the requests of a recorded call are run again, each at its own time, in a copy of the
clinic.

The copy has the clinic's services, people, hours and policy as they are now, and its diary as it
stood at each request: what was made since is left out, and what callers cancelled or moved since
is put back. What staff changed since stays changed: that is one thing a replay shows.
"""

from collections.abc import Iterable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from assistants.models import ClinicNumber, Reception, ToolCall, TransferNumber
from bookings.models import (
    Appointment,
    BookingPolicy,
    Closure,
    Opening,
    Patient,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
)
from config.operations import scratch
from tenants import organizations
from tenants.models import Organization
from tenants.organizations import Refused

# In an order in which each finds what it refers to.
AS_THEY_ARE: tuple[type[Model], ...] = (
    BookingPolicy,
    Room,
    ServiceType,
    ServiceType.rooms.through,
    Practitioner,
    Practitioner.services.through,
    Schedule,
    Opening,
    Closure,
    Reception,
    TransferNumber,
    ClinicNumber,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One request, when it was asked, and the sentences then and now."""

    tool: str
    received: datetime
    then: str
    now: str

    @property
    def is_same(self) -> bool:
        return self.then == self.now


@dataclass(frozen=True)
class Recording:
    """The requests of a call, and everything in the clinic that their answers may depend on."""

    asked: list[ToolCall]
    unchanged: list[list[Model]]
    patients: list[Patient]
    appointments: list[Appointment]
    changes: list[ToolCall]

    @property
    def made(self) -> set[UUID]:
        """Appointments the call itself made: the replay makes them again."""
        began = self.asked[0].received
        booked = [row.appointment for row in self.asked if row.outcome == "Booked"]
        return {row.pk for row in booked if row and row.created >= began}

    @property
    def touched(self) -> set[UUID]:
        return {record.appointment_id for record in self.asked if record.appointment_id}


def replay(organization: Organization, conversation: str) -> list[Answer]:
    """Raises Refused where there is nothing to replay."""
    with organizations.within(organization):
        recording = record_of(conversation)
    with scratch.double_of(organization) as double, organizations.within(double):
        for rows in recording.unchanged:
            if rows:
                type(rows[0])._default_manager.bulk_create(rows)
        return [ask_again(record, recording, double) for record in recording.asked]


def record_of(conversation: str) -> Recording:
    asked = list(
        ToolCall.objects.filter(conversation=conversation)
        .select_related("appointment")
        .order_by("received", "pk")
    )
    if not asked:
        raise Refused("call", "no tool was called in a call of this id")
    if any(record.forgotten for record in asked):
        raise Refused("call", "what was said in it has been forgotten")
    began = asked[0].received
    changes = ToolCall.objects.filter(
        received__gte=began, outcome__in=["Cancelled", "Rescheduled"]
    ).exclude(appointment=None)
    return Recording(
        asked=asked,
        unchanged=[list(model._default_manager.all()) for model in AS_THEY_ARE],
        patients=[without_likeness(row) for row in Patient.objects.all()],
        appointments=list(Appointment.objects.select_related("service")),
        changes=list(changes.order_by("received", "pk")),
    )


def without_likeness(patient: Patient) -> Patient:
    """The patient without the link `may_be`, which may point to a patient who is not copied yet."""
    patient.may_be = None
    return patient


def ask_again(record: ToolCall, recording: Recording, double: Organization) -> Answer:
    bring_up_to(record.received, recording)
    again = VoiceMessage(Kind.TOOLS, record.conversation, record.caller)
    request = ToolRequest(
        id="replayed" if record.key or record.outcome == "Fault" else "",
        name=record.tool,
        arguments=None if record.outcome == "Garbled" else record.arguments,
        key=record.key,
        is_too_long=record.outcome == "TooMuch",
    )
    sentence = answering.answer(request, again, now=record.received.astimezone(double.zone))
    return Answer(record.tool, record.received, record.sentence, adopted(sentence, record))


def bring_up_to(moment: datetime, recording: Recording) -> None:
    """Brings the copy's diary to its state at `moment`, without what this call did."""
    Patient.objects.bulk_create(
        (row for row in recording.patients if row.created <= moment), ignore_conflicts=True
    )
    known = set(Patient.objects.values_list("pk", flat=True))
    there = {row.pk: row for row in Appointment.objects.all()}
    others = [
        as_it_stood(row, moment, recording.changes)
        for row in recording.appointments
        if row.created <= moment and row.pk not in recording.made and row.patient_id in known
    ]
    # Rows that free their time come first.
    for row in sorted(others, key=lambda row: row.occupies):
        if row.pk in there and row.pk not in recording.touched:
            bring_over(row, there[row.pk])
    # What staff moved since may stand in the way of what callers had: then it is left out.
    Appointment.objects.bulk_create(
        (row for row in others if row.pk not in there), ignore_conflicts=True
    )


def as_it_stood(row: Appointment, moment: datetime, changes: Iterable[ToolCall]) -> Appointment:
    """The visit before the changes that callers made from `moment` on; the last is undone first."""
    row = copy(row)
    since = [change for change in changes if change.appointment_id == row.pk]
    for change in reversed([change for change in since if change.received >= moment]):
        if change.outcome == "Cancelled":
            row.status = Appointment.Status.BOOKED
        elif change.moved_from:
            row.start = change.moved_from
            row.take(row.service)
    return row


def bring_over(row: Appointment, there: Appointment) -> None:
    if (row.status, row.start) == (there.status, there.start):
        return
    with suppress(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=row.pk).update(
            status=row.status, start=row.start, end=row.end, blocked=row.blocked
        )


def adopted(sentence: str, record: ToolCall) -> str:
    """The copy creates new references; replaces them by those that the caller heard."""
    made = ToolCall.objects.filter(key=record.key).select_related("appointment").first()
    if record.outcome != "Booked" or not (record.appointment and made and made.appointment):
        return sentence
    told = sentence.replace(made.appointment.reference, record.appointment.reference)
    Appointment.objects.filter(pk=made.appointment.pk).update(
        reference=record.appointment.reference
    )
    ToolCall.objects.filter(pk=made.pk).update(sentence=told)
    return told
