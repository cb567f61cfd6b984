"""Erasure: removes a patient's identity from all that is stored. The visits stay, without a name.

Source: Regulation (EU) 2016/679, article 17, the right to erasure.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

from bookings import diaries, names, patients
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

# Other apps erase what they keep of a patient: each adds a function here in its `ready`. It is
# called with `now` inside the transaction, while the record still has its name and numbers.
on_erase: list[Callable[[Patient, datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Claims:
    """Records that unproven callers made under a verified patient's name.

    `going` are erased with the patient: they share a number or the birthday with the patient, or
    have nothing to come. `kept` stay unless staff choose them: they share neither, and have a
    visit, a place on the waitlist or a call back to come. They may be another person, who would
    lose it. `callbacks` are pending, at a number that no patient has, and stay for that reason.
    """

    going: tuple[Patient, ...] = ()
    kept: tuple[Patient, ...] = ()
    callbacks: tuple[Callback, ...] = ()


def erase(patient: Patient, *, chosen: Collection[str] = (), now: datetime) -> Erased | StillComing:
    """Erase the identity of `patient`, and of unproven callers under the same name (see Claims).

    `chosen` are the ids of those of `Claims.kept` to erase as well. Refused while one of them has a
    visit to come. Locks the patients' diaries, so that nothing is booked meanwhile.
    """
    with diaries.writing():
        keys = [patient.pk, *(row.pk for row in claims_to(patient))]
        locked = Patient.objects.filter(pk__in=keys).lock()
        [patient] = [row for row in locked if row.pk == patient.pk]
        claimed = claims(patient, now=now)
        rows = [patient, *claimed.going, *(row for row in claimed.kept if str(row.pk) in chosen)]
        visits = Appointment.objects.occupying().filter(patient__in=rows, end__gt=now)
        if coming := tuple(visits.order_by("start")):
            return StillComing(patient, coming)
        for row in rows:
            for forget in on_erase:
                forget(row, now)
            forget_log(row)
            forget_requests(row)
        for row in rows:
            forget_words(row)
            forget_identity(row)
        forget_messages()
    return Erased(patient)


def claims(patient: Patient, *, now: datetime) -> Claims:
    rows = claims_to(patient)
    kept = [row for row in rows if not is_close(row, patient) and has_something_ahead(row, now=now)]
    numbers = {number for row in kept for number in (row.claimed_by, *row.numbers)}
    return Claims(
        going=tuple(row for row in rows if row not in kept),
        kept=tuple(kept),
        callbacks=tuple(
            row
            for row in callbacks_elsewhere(patient)
            if row.status == Callback.Status.PENDING and row.phone not in numbers
        ),
    )


def claims_to(patient: Patient) -> list[Patient]:
    """The unproven records of the same name. For an unproven patient there are none."""
    rows = Patient.objects.exclude(claimed_by="").order_by("created", "pk")
    return [row for row in rows if patient.is_verified and patients.is_named(patient, row.name)]


def is_close(claimed: Patient, patient: Patient) -> bool:
    """Whether the caller gave, or called from, a number of the patient's, or gave the birthday."""
    numbers = {claimed.claimed_by, *claimed.numbers} & set(patient.numbers)
    born = patient.date_of_birth
    return bool(numbers) or (born is not None and claimed.date_of_birth == born)


def has_something_ahead(claimed: Patient, *, now: datetime) -> bool:
    """A visit, a place on the waitlist, or a call back that was promised."""
    return (
        visits_ahead(claimed, now=now).exists()
        or claimed.waiting.open().exists()
        or bool(callbacks_to(claimed))
    )


def visits_ahead(patient: Patient, *, now: datetime) -> "QuerySet[Appointment]":
    return patient.appointments.occupying().filter(end__gt=now).order_by("start")


def callbacks_to(claimed: Patient) -> list[Callback]:
    numbers = [claimed.claimed_by, *claimed.numbers]
    rows = Callback.objects.open().filter(phone__in=numbers)
    return [row for row in rows if patients.is_named(claimed, row.name)]


def callbacks_elsewhere(patient: Patient) -> list[Callback]:
    """Call backs for the same name at numbers of no verified patient. Anybody may have asked."""
    rows = Callback.objects.exclude(phone__in=patient.numbers)
    named = [row for row in rows if patient.is_verified and patients.is_named(patient, row.name)]
    return [row for row in named if not Patient.objects.verified().reached_at(row.phone).exists()]


def forget_requests(patient: Patient) -> None:
    """Deletes the patient's waitlist entries, holds and call backs. At a number that others have
    as well, a call back is deleted only under the patient's name."""
    patient.waiting.all().delete()
    callers = [patient.claimed_by] if patient.claimed_by else patient.numbers
    Offer.objects.filter(caller__in=callers).exclude(caller="").delete()
    others = names_of_others(patient)
    for callback in Callback.objects.filter(phone__in=patient.numbers):
        if name_key(callback.name) not in others and is_of(patient, callback):
            forget_callback(callback)
    for callback in callbacks_elsewhere(patient):
        if callback.status != Callback.Status.PENDING:
            forget_callback(callback)


def forget_callback(callback: Callback) -> None:
    log_of(Callback, [callback.pk]).update(object_repr=ERASED, change_message="")
    callback.delete()


def names_of_others(patient: Patient) -> set[str]:
    """Name keys of the other verified patients at the same numbers."""
    family = Patient.objects.verified().reached_at(*patient.numbers).exclude(pk=patient.pk)
    return {name_key(name) for row in family for name in row.names}


def is_of(patient: Patient, callback: Callback) -> bool:
    """Whether the call back is the patient's. At the number of a verified patient it is, under any
    name. At a number that was only said, the names have to be alike."""
    return patient.is_verified or names.is_nearly_of(patient, callback.name)


def forget_identity(patient: Patient) -> None:
    """Clears name, numbers, birthday, who claimed the record, and the link to a similar patient,
    which would identify them too. Records that the patient's number claimed belong to staff alone
    from now on."""
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
    """A verified patient's numbers that no other verified patient has."""
    others = Patient.objects.verified().exclude(pk=patient.pk)
    own = patient.numbers if patient.is_verified else []
    return [number for number in own if not others.reached_at(number).exists()]


def forget_words(patient: Patient) -> None:
    """Clears notes and reasons of their visits."""
    rows = Appointment.objects.filter(patient=patient)
    rows.update(notes="", contact_phone="", cancellation_reason="")
    AppointmentChange.objects.filter(appointment__patient=patient).update(reason="")


def forget_log(patient: Patient) -> None:
    """Clears the admin's log of their rows, and its other entries that name them."""
    visits = Appointment.objects.filter(patient=patient).values_list("pk", flat=True)
    waiting = patient.waiting.values_list("pk", flat=True)
    for entries in (
        log_of(Patient, [patient.pk]),
        log_of(Appointment, visits),
        log_of(WaitlistEntry, waiting),
        LogEntry.objects.filter(pk__in=naming(patient)),
    ):
        entries.update(object_repr=ERASED, change_message="")


def log_of(model: type[Model], keys: Iterable[int | UUID]) -> "QuerySet[LogEntry]":
    kind = ContentType.objects.get_for_model(model)
    return LogEntry.objects.filter(content_type=kind, object_id__in=[str(key) for key in keys])


def naming(patient: Patient) -> list[int]:
    mentions = mentions_of(patient)
    entries = LogEntry.objects.values_list("pk", "object_repr", "change_message")
    return [key for key, row, message in entries if mentions.are_in(f"{row} {message}")]


def mentions_of(patient: Patient) -> Mentions:
    """What identifies `patient` in texts: names, numbers, address. A number that a family shares
    identifies nobody."""
    phones = numbers_of_nobody_else(patient)
    return Mentions(names=patient.names, phones=phones, email=patient.email)


def forget_messages() -> None:
    """Deletes the unread messages to staff, which are stored in their sessions."""
    for session in Session.objects.all():
        kept = session.get_decoded()
        if kept.pop(SessionStorage.session_key, None) is not None:
            session.session_data = SessionStore().encode(kept)
            session.save()
