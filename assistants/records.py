"""Records: the requests of calls, and what is left of them when a patient is forgotten."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from assistants.callers import is_name_of, is_nearly_name_of
from assistants.models import Call, ToolCall
from bookings import names
from bookings.erasure import ERASED
from bookings.models import Patient
from bookings.outcomes import AlikePatient


def forget(patient: Patient, now: datetime) -> None:
    """Take the words out of every request that was made for `patient`, and out of its answer:
    one may end in digits of their number; and out of the calls they were made in. What came of it
    stays.

    Theirs is a request that has their whole name, or a name they had; one that booked or changed an
    appointment of theirs; and, in a call that named one of their appointments, one with a part of
    their name, with a slip of it, or with nobody's.
    """
    theirs = conversations_about(patient.appointments.values_list("reference", flat=True))
    said_in = set(theirs)
    forget_questions(patient)
    for record in ToolCall.objects.exclude(arguments={}).select_related("appointment").iterator():
        if is_for(patient, record, theirs):
            said_in.add(record.conversation)
            record.erase(sentence=ERASED, now=now)
    Call.objects.filter(conversation__in=said_in).remembered().forget(now=now)
    forget_numbers(patient)


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
    if any(names.are_same(name, known) for name in said for known in patient.names):
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
