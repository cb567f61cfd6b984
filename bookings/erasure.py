"""Erasure: a patient's identity taken out of everything kept here; what was booked stays on record.

Regulation (EU) 2016/679, article 17: who asks to be forgotten is.
"""

from collections.abc import Callable
from datetime import datetime

from django.contrib.admin.models import LogEntry

from bookings import diaries
from bookings.models import Appointment, Callback, Offer, Patient, name_key
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
        patient.name, patient.phone, patient.email = ERASED, "", ""
        patient.date_of_birth = None
        patient.save()
    return Erased(patient)


def forget_requests(patient: Patient) -> None:
    """What they wait for and were offered, and whom staff would call back: at a family's number,
    by name."""
    patient.waiting.all().delete()
    Offer.objects.filter(caller=patient.phone).exclude(caller="").delete()
    family = Patient.objects.filter(phone=patient.phone).exclude(pk=patient.pk)
    others = set(family.values_list("name_key", flat=True))
    for callback in Callback.objects.filter(phone=patient.phone).exclude(phone=""):
        if name_key(callback.name) not in others:
            callback.delete()


def forget_words(patient: Patient) -> None:
    """What was noted of them, and their name where the front desk's own log repeats it."""
    rows = Appointment.objects.filter(patient=patient)
    rows.update(notes="")
    named = [str(patient.pk), *map(str, rows.values_list("pk", flat=True))]
    LogEntry.objects.filter(object_id__in=named).update(object_repr=ERASED)
