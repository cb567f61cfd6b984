"""Erasure: a patient's identity taken out of everything kept here; what was booked stays on record.

Regulation (EU) 2016/679, article 17: who asks to be forgotten is.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.db.models import Q

from bookings import diaries, names
from bookings.models import Appointment, AppointmentChange, Callback, Offer, Patient, name_key
from bookings.outcomes import Erased, StillComing

ERASED = "Erased"

# What other apps keep of a patient, they forget: each adds its function when it is ready. It is
# called inside the transaction, before the name and the number are gone.
also: list[Callable[[Patient, datetime], None]] = []


def erase(patient: Patient, *, now: datetime) -> Erased | StillComing:
    """Leave of `patient` only that somebody was here then. Nothing to come may be booked.

    Holds the patient's diary, so that nothing is booked meanwhile.
    """
    with diaries.writing():
        [patient] = Patient.objects.filter(pk=patient.pk).hold()
        coming = patient.appointments.occupying().filter(end__gt=now).order_by("start")
        if coming:
            return StillComing(patient, tuple(coming))
        for forget in also:
            forget(patient, now)
        forget_requests(patient)
        forget_words(patient)
        forget_identity(patient)
    return Erased(patient)


def forget_requests(patient: Patient) -> None:
    """What they wait for and were offered, and whom staff would call back: at a number that others
    have too, by name."""
    patient.waiting.all().delete()
    callers = [patient.claimed_by] if patient.claimed_by else patient.numbers
    Offer.objects.filter(caller__in=callers).exclude(caller="").delete()
    others = names_of_others(patient)
    for callback in Callback.objects.filter(phone__in=patient.numbers):
        if name_key(callback.name) not in others and is_of(patient, callback):
            callback.delete()


def names_of_others(patient: Patient) -> set[str]:
    """Of the verified patients who are reached at the same numbers."""
    family = Patient.objects.verified().reached_at(*patient.numbers).exclude(pk=patient.pk)
    return {name_key(name) for row in family for name in row.names}


def is_of(patient: Patient, callback: Callback) -> bool:
    """At the number of a patient who is verified, whatever the name; at one that was only said, it
    may be somebody else's."""
    return patient.is_verified or any(
        names.are_alike(name, callback.name) for name in patient.names
    )


def forget_identity(patient: Patient) -> None:
    """Who the patient was, who said so, and whom they may be: that would tell it, too."""
    patient.name, patient.phone, patient.email = ERASED, "", ""
    patient.other_names, patient.other_phones = [], []
    patient.date_of_birth = None
    patient.claimed_by, patient.given_in, patient.given = "", "", []
    patient.may_be = None
    patient.save()
    Patient.objects.filter(may_be=patient).update(may_be=None)


def forget_words(patient: Patient) -> None:
    """What was noted of them, and their name where the front desk's own log repeats it."""
    rows = Appointment.objects.filter(patient=patient)
    rows.update(notes="", contact_phone="", cancellation_reason="")
    AppointmentChange.objects.filter(appointment__in=rows).update(reason="")
    named = [str(patient.pk), *map(str, rows.values_list("pk", flat=True))]
    log = Q(object_id__in=named)
    for name in patient.names:
        log |= Q(object_repr__icontains=name) | Q(change_message__icontains=name)
    if not names_of_others(patient):
        for phone in patient.numbers:
            log |= Q(object_repr__contains=phone) | Q(change_message__contains=phone)
    LogEntry.objects.filter(log).update(object_repr=ERASED, change_message="")
