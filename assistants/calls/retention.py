"""Retention: what was said in calls is erased after a time, or with the patient it was about.

That there was a call, and how it ended, is kept.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from assistants.models import Call, CallQuerySet, ToolCall, ToolCallQuerySet
from bookings import diaries, erasure, names, patients
from bookings.erasure import ERASED
from bookings.mentions import Mentions
from bookings.models import Callback, Patient
from bookings.outcomes import AlikePatient

AT_ONCE = 1000  # rows that are erased in one transaction


@dataclass(frozen=True, slots=True)
class ErasedRows:
    """How many rows lost their words."""

    calls: int
    tool_calls: int


def forget_old(*, before: datetime, now: datetime) -> ErasedRows:
    """Erase what was said in calls that were first heard of before the instant `before`."""
    calls, tool_calls = due(before)
    return ErasedRows(in_pieces(calls, now=now), in_pieces(tool_calls, now=now))


def in_pieces(rows: CallQuerySet | ToolCallQuerySet, *, now: datetime) -> int:
    """Forget the rows, however many: all of a year in one statement would exceed its time limit."""
    keys = list(rows.values_list("pk", flat=True))
    done = 0
    for first in range(0, len(keys), AT_ONCE):
        with diaries.writing():
            done += rows.filter(pk__in=keys[first : first + AT_ONCE]).forget(now=now)
    return done


def count_old(*, before: datetime) -> ErasedRows:
    """What `forget_old` would erase."""
    calls, tool_calls = due(before)
    return ErasedRows(calls.count(), tool_calls.count())


def due(before: datetime) -> tuple[CallQuerySet, ToolCallQuerySet]:
    return (
        Call.objects.remembered().filter(received__lt=before),
        ToolCall.objects.remembered().filter(received__lt=before),
    )


def forget_patient(patient: Patient, now: datetime) -> None:
    """Erase the words of every request made for `patient`, its answer (which may hold digits of
    their number) and the calls they were made in. What was done is kept.

    A request was made for them if it has their whole name, a name they had, their number or e-mail
    address, or if it booked or changed an appointment of theirs. In a call that had such a request
    or named one of their appointments, it is theirs too if it has a part of their name, a name that
    is nearly theirs, or no name.
    """
    theirs = conversations_of(patient)
    forget_callbacks(patient, theirs)
    mentions = erasure.mentions_of(patient)
    records = ToolCall.objects.exclude(arguments={})
    said_in = theirs | forget_tool_calls(records, patient, mentions, theirs, now=now)
    in_their_calls = records.filter(conversation__in=said_in)
    forget_tool_calls(in_their_calls, patient, mentions, said_in, now=now)
    forget_calls(mentions, said_in, now=now)
    forget_questions(patient)
    forget_numbers(patient)


def conversations_of(patient: Patient) -> set[str]:
    """The ids of calls that named an appointment of theirs, or in which they gave their details."""
    known = {patient.given_in, *patient.waiting.values_list("conversation", flat=True)}
    references = patient.appointments.values_list("reference", flat=True)
    return (conversations_about(references) | known) - {""}


def forget_callbacks(patient: Patient, conversations: Iterable[str]) -> None:
    """The callbacks that they asked for in their own calls, whatever the number."""
    for callback in Callback.objects.filter(conversation__in=conversations):
        if patients.is_named(patient, callback.name):
            erasure.forget_callback(callback)


def forget_tool_calls(
    records: ToolCallQuerySet,
    patient: Patient,
    mentions: Mentions,
    theirs: set[str],
    *,
    now: datetime,
) -> set[str]:
    """Returns the ids of the calls they were in."""
    said_in = set()
    for record in records.select_related("appointment").iterator():
        words = f"{json.dumps(record.arguments, ensure_ascii=False)} {record.sentence}"
        if is_for(patient, record, theirs) or mentions.are_in(words):
            said_in.add(record.conversation)
            record.erase(sentence=ERASED, now=now)
    return said_in - {""}


def forget_calls(mentions: Mentions, said_in: Iterable[str], *, now: datetime) -> None:
    """Erase the words of their calls, and of every other call that names them."""
    calls = Call.objects.remembered()
    calls.filter(conversation__in=said_in).forget(now=now)
    words = calls.values_list("pk", "summary", "transcript", "structured_outputs", "recording_url")
    named = [pk for pk, *said in words.iterator() if mentions.are_in(" ".join(map(str, said)))]
    calls.filter(pk__in=named).forget(now=now)


def conversations_about(references: Iterable[str]) -> set[str]:
    named = Q(pk=None)
    for reference in references:
        named |= Q(sentence__contains=reference) | Q(arguments__reference=reference)
    found = ToolCall.objects.filter(named).exclude(conversation="")
    return set(found.values_list("conversation", flat=True))


def is_for(patient: Patient, record: ToolCall, theirs: set[str]) -> bool:
    said = record.said_names()
    if record.appointment and record.appointment.patient_id == patient.pk:
        return True
    if any(patients.is_named(patient, name) for name in said):
        return True
    return record.conversation in theirs and all(
        names.is_of(patient, name) or names.is_nearly_of(patient, name) for name in said
    )


def forget_questions(patient: Patient) -> None:
    """A question whether somebody else is the patient has the patient's name in it."""
    asked = ToolCall.objects.filter(outcome=AlikePatient.__name__)
    asked.filter(sentence__contains=patient.name).update(sentence=ERASED)


def forget_numbers(patient: Patient) -> None:
    """Erase the numbers they call from, unless somebody else calls from them too."""
    callers = [patient.claimed_by] if patient.claimed_by else patient.numbers
    for number in callers:
        others = Patient.objects.exclude(pk=patient.pk).filter(
            Q(pk__in=Patient.objects.verified().reached_at(number)) | Q(claimed_by=number)
        )
        if not others.exists():
            ToolCall.objects.filter(caller=number).update(caller="")
