"""Records: the requests of calls, and what is left of them when a patient is forgotten."""

import json
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from assistants.callers import is_name_of, is_nearly_name_of
from assistants.models import Call, ToolCall
from bookings import erasure
from bookings.erasure import ERASED
from bookings.mentions import Mentions
from bookings.models import Callback, Patient
from bookings.outcomes import AlikePatient


def forget(patient: Patient, now: datetime) -> None:
    """Take the words out of every request that was made for `patient`, and out of its answer:
    one may end in digits of their number; and out of the calls they were made in. What came of it
    stays.

    Theirs is a request that has their whole name, or a name they had, or their number or e-mail
    address; one that booked or changed an appointment of theirs; and, in a call that had such a
    request or named one of their appointments, one with a part of their name, with a slip of it, or
    with nobody's.
    """
    theirs = conversations_of(patient)
    forget_callbacks(patient, theirs)
    mentions = erasure.mentions_of(patient)
    said_in = theirs | forget_tool_calls(patient, mentions, theirs, now=now)
    forget_tool_calls(patient, mentions, said_in, now=now)
    forget_calls(mentions, said_in, now=now)
    forget_questions(patient)
    forget_numbers(patient)


def conversations_of(patient: Patient) -> set[str]:
    """The calls that named an appointment of theirs, and that they gave their details in."""
    known = {patient.given_in, *patient.waiting.values_list("conversation", flat=True)}
    references = patient.appointments.values_list("reference", flat=True)
    return (conversations_about(references) | known) - {""}


def forget_callbacks(patient: Patient, conversations: Iterable[str]) -> None:
    """Those they asked for in their own calls, at whatever number."""
    for callback in Callback.objects.filter(conversation__in=conversations):
        if erasure.has_a_name_of(patient, callback.name):
            erasure.forget_callback(callback)


def forget_tool_calls(
    patient: Patient, mentions: Mentions, theirs: set[str], *, now: datetime
) -> set[str]:
    """The calls they were in."""
    said_in = set()
    for record in ToolCall.objects.exclude(arguments={}).select_related("appointment").iterator():
        words = f"{json.dumps(record.arguments, ensure_ascii=False)} {record.sentence}"
        if is_for(patient, record, theirs) or mentions.are_in(words):
            said_in.add(record.conversation)
            record.erase(sentence=ERASED, now=now)
    return said_in - {""}


def forget_calls(mentions: Mentions, said_in: Iterable[str], *, now: datetime) -> None:
    """The words of their calls, and of every other call that names them."""
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
    if any(erasure.has_a_name_of(patient, name) for name in said):
        return True
    return record.conversation in theirs and all(
        is_name_of(patient, name) or is_nearly_name_of(patient, name) for name in said
    )


def forget_questions(patient: Patient) -> None:
    """Whether somebody else was the patient was asked with the patient's name."""
    asked = ToolCall.objects.filter(outcome=AlikePatient.__name__)
    asked.filter(sentence__contains=patient.name).update(sentence=ERASED)


def forget_numbers(patient: Patient) -> None:
    """The numbers they call from, unless somebody else does too."""
    callers = [patient.claimed_by] if patient.claimed_by else patient.numbers
    for number in callers:
        others = Patient.objects.exclude(pk=patient.pk).filter(
            Q(pk__in=Patient.objects.verified().reached_at(number)) | Q(claimed_by=number)
        )
        if not others.exists():
            ToolCall.objects.filter(caller=number).update(caller="")
