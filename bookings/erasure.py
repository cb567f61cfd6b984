"""Erasure: a patient's identity taken out of everything kept here; what was booked stays on record.

Regulation (EU) 2016/679, article 17: who asks to be forgotten is.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Model, Q, QuerySet

from bookings import diaries, names
from bookings.mentions import Mentions
from bookings.models import (
    Appointment,
    AppointmentChange,
    Callback,
    Offer,
    Patient,
    WaitlistEntry,
    name_key,
)
from bookings.outcomes import Erased, StillComing

ERASED = "Erased"

# What other apps keep of a patient, they forget: each adds its function when it is ready. It is
# called inside the transaction, before the name and the number are gone.
also: list[Callable[[Patient, datetime], None]] = []


def erase(patient: Patient, *, now: datetime) -> Erased | StillComing:
    """Leave of `patient` only that somebody was here then, and of whoever called in their name
    without a proof. Nothing to come may be booked.

    Holds the patients' diaries, so that nothing is booked meanwhile.
    """
    with diaries.writing():
        chosen = [patient.pk, *(row.pk for row in said_to_be(patient))]
        rows = Patient.objects.filter(pk__in=chosen).hold()
        visits = Appointment.objects.occupying().filter(patient__in=rows, end__gt=now)
        if coming := tuple(visits.order_by("start")):
            return StillComing(patient, coming)
        for row in rows:
            for forget in also:
                forget(row, now)
            forget_log(row)
            forget_requests(row)
        for row in rows:
            forget_words(row)
            forget_identity(row)
        forget_messages()
    return Erased(next(row for row in rows if row.pk == patient.pk))


def said_to_be(patient: Patient) -> list[Patient]:
    """The records of callers who proved nothing, and gave the name with a number or the birthday of
    `patient`, who is verified."""
    claimed = Patient.objects.exclude(claimed_by="").exclude(pk=patient.pk)
    shared = Q(pk__in=claimed.reached_at(*patient.numbers)) | Q(claimed_by__in=patient.numbers)
    if patient.date_of_birth:
        shared |= Q(date_of_birth=patient.date_of_birth)
    rows = claimed.filter(shared) if patient.is_verified else claimed.none()
    return [row for row in rows if has_a_name_of(patient, row.name)]


def has_a_name_of(patient: Patient, name: str) -> bool:
    return any(names.are_same(name, known) for known in patient.names)


def forget_requests(patient: Patient) -> None:
    """What they wait for and were offered, and whom staff would call back: at a number that others
    have too, by name."""
    patient.waiting.all().delete()
    callers = [patient.claimed_by] if patient.claimed_by else patient.numbers
    Offer.objects.filter(caller__in=callers).exclude(caller="").delete()
    others = names_of_others(patient)
    for callback in Callback.objects.filter(phone__in=patient.numbers):
        if name_key(callback.name) not in others and is_of(patient, callback):
            forget_callback(callback)


def forget_callback(callback: Callback) -> None:
    log_of(Callback, [callback.pk]).update(object_repr=ERASED, change_message="")
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
    """Who the patient was, who said so, and whom they may be: that would tell it, too. Whom they
    called for is nobody's from now on but staff's."""
    for row in Patient.objects.filter(claimed_by__in=numbers_of_nobody_else(patient)):
        row.claimed_by = f"{ERASED} {row.pk}"
        row.save(update_fields=["claimed_by"])
    patient.name, patient.phone, patient.email = ERASED, "", ""
    patient.other_names, patient.other_phones = [], []
    patient.date_of_birth = None
    patient.claimed_by, patient.given_in, patient.given = "", "", []
    patient.may_be = None
    patient.save()
    Patient.objects.filter(may_be=patient).update(may_be=None)


def numbers_of_nobody_else(patient: Patient) -> list[str]:
    """Of a patient who is verified: those at which no other one is reached."""
    others = Patient.objects.verified().exclude(pk=patient.pk)
    own = patient.numbers if patient.is_verified else []
    return [number for number in own if not others.reached_at(number).exists()]


def forget_words(patient: Patient) -> None:
    """What was noted of them, and why they, or staff, cancelled."""
    rows = Appointment.objects.filter(patient=patient)
    rows.update(notes="", contact_phone="", cancellation_reason="")
    AppointmentChange.objects.filter(appointment__patient=patient).update(reason="")


def forget_log(patient: Patient) -> None:
    """Their name where the front desk's own log repeats it: of their rows, and of rows that are
    gone or somebody else's."""
    visits = Appointment.objects.filter(patient=patient).values_list("pk", flat=True)
    waiting = patient.waiting.values_list("pk", flat=True)
    for entries in (
        log_of(Patient, [patient.pk]),
        log_of(Appointment, visits),
        log_of(WaitlistEntry, waiting),
        LogEntry.objects.filter(pk__in=naming(patient)),
    ):
        entries.update(object_repr=ERASED, change_message="")


def log_of(model: type[Model], keys: Iterable[object]) -> "QuerySet[LogEntry]":
    kind = ContentType.objects.get_for_model(model)
    return LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])


def naming(patient: Patient) -> list[int]:
    mentions = mentions_of(patient)
    entries = LogEntry.objects.values_list("pk", "object_repr", "change_message")
    return [key for key, row, said in entries if mentions.are_in(f"{row} {said}")]


def mentions_of(patient: Patient) -> Mentions:
    """By what is the patient's alone: a number of the family names none of them."""
    phones = numbers_of_nobody_else(patient)
    return Mentions(names=patient.names, phones=phones, email=patient.email)


def forget_messages() -> None:
    """What pages had to say to staff, and nobody has read yet, stands in their sessions."""
    for session in Session.objects.all():
        kept = session.get_decoded()
        if kept.pop(SessionStorage.session_key, None) is not None:
            session.session_data = SessionStore().encode(kept)
            session.save()
