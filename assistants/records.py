"""Records: the requests of calls, and what is left of them when a patient is forgotten."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from assistants.callers import is_name_of
from assistants.models import Call, ToolCall
from bookings.erasure import ERASED
from bookings.models import Patient, name_key

# The arguments, older names included, that say whose request it is.
NAMES = ("patient_name", "patientName", "name")


def forget(patient: Patient, now: datetime) -> None:
    """Take the words out of every request that was made for `patient`, and out of its answer:
    one may end in digits of their number; and out of the calls they were made in. What came of it
    stays.

    Theirs is a request that has their whole name; and, in a call that named one of their
    appointments, one with a part of their name, or with nobody's.
    """
    theirs = conversations_about(patient.appointments.values_list("reference", flat=True))
    said_in = set(theirs)
    for record in ToolCall.objects.exclude(arguments={}).iterator():
        if is_for(patient, record, theirs):
            said_in.add(record.conversation)
            record.erase(sentence=ERASED, now=now)
    Call.objects.filter(conversation__in=said_in).remembered().forget(now=now)
    if not Patient.objects.filter(phone=patient.phone).exclude(pk=patient.pk).exists():
        ToolCall.objects.filter(caller=patient.phone).update(caller="")


def conversations_about(references: Iterable[str]) -> set[str]:
    named = Q(pk=None)
    for reference in references:
        named |= Q(sentence__contains=reference) | Q(arguments__reference=reference)
    found = ToolCall.objects.filter(named).exclude(conversation="")
    return set(found.values_list("conversation", flat=True))


def is_for(patient: Patient, record: ToolCall, theirs: set[str]) -> bool:
    arguments = record.arguments if isinstance(record.arguments, dict) else {}
    said = [str(arguments[name]) for name in NAMES if arguments.get(name)]
    if any(name_key(name) == patient.name_key for name in said):
        return True
    return record.conversation in theirs and all(is_name_of(patient, name) for name in said)
