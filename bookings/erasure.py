"""Erasure: a patient's identity taken out of everything kept here; what was booked stays on record.

Regulation (EU) 2016/679, article 17: who asks to be forgotten is.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db.models import Model, QuerySet

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

# Other apps erase what they keep of a patient: each adds a function here in its `ready`. It is
# called with `now` inside the transaction, while the record still has its name and numbers.
on_erase: list[Callable[[Patient, datetime], None]] = []


@dataclass(frozen=True, slots=True)
class Claims:
    """What callers without a proof made of a verified patient's name.

    `going` is erased with the patient: who gave a number or the birthday of theirs, and who has
    nothing to come. `kept` stays unless it is chosen: no number and no birthday in common, and a
    visit, a place on the waitlist or a call back to come. It may be somebody else, who would lose
    that. `callbacks` stay for the same reason: still to be made, at a number that is nobody's.
    """

    going: tuple[Patient, ...] = ()
    kept: tuple[Patient, ...] = ()
    callbacks: tuple[Callback, ...] = ()


def erase(patient: Patient, *, chosen: Collection[str] = (), now: datetime) -> Erased | StillComing:
    """Leave of `patient` only that somebody was here then, and of whoever called in their name
    without a proof (see Claims). `chosen`: whom of `Claims.kept` it includes, by their ids. Of none
    of them may a visit to come be booked.

    Holds the patients' diaries, so that nothing is booked meanwhile.
    """
    with diaries.writing():
        claimed = [row.pk for row in claims_to(patient)]
        held = Patient.objects.filter(pk__in=[patient.pk, *claimed]).hold()
        [patient] = [row for row in held if row.pk == patient.pk]
        said = claims(patient, now=now)
        rows = [patient, *said.going, *(row for row in said.kept if str(row.pk) in chosen)]
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
    """The unproven records of the same name. An unproven patient has none: it is one of them."""
    rows = Patient.objects.exclude(claimed_by="").order_by("created", "pk")
    return [row for row in rows if patient.is_verified and has_a_name_of(patient, row.name)]


def is_close(claimed: Patient, patient: Patient) -> bool:
    """Whether the caller gave, or called from, a number of the patient's, or gave the birthday."""
    numbers = {claimed.claimed_by, *claimed.numbers} & set(patient.numbers)
    born = patient.date_of_birth
    return bool(numbers) or (born is not None and claimed.date_of_birth == born)


def has_something_ahead(claimed: Patient, *, now: datetime) -> bool:
    """A visit, a place on the waitlist, or a call back that was promised."""
    return (
        visits_ahead(claimed, now=now).exists()
        or claimed.waiting.filter(status=WaitlistEntry.Status.WAITING).exists()
        or bool(callbacks_to(claimed))
    )


def visits_ahead(patient: Patient, *, now: datetime) -> "QuerySet[Appointment]":
    return patient.appointments.occupying().filter(end__gt=now).order_by("start")


def callbacks_to(claimed: Patient) -> list[Callback]:
    numbers = [claimed.claimed_by, *claimed.numbers]
    rows = Callback.objects.filter(status=Callback.Status.PENDING, phone__in=numbers)
    return [row for row in rows if has_a_name_of(claimed, row.name)]


def callbacks_elsewhere(patient: Patient) -> list[Callback]:
    """Of the same name, at numbers of no verified patient: anybody may have asked for them."""
    rows = Callback.objects.exclude(phone__in=patient.numbers)
    named = [row for row in rows if patient.is_verified and has_a_name_of(patient, row.name)]
    return [row for row in named if not Patient.objects.verified().reached_at(row.phone).exists()]


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
    for callback in callbacks_elsewhere(patient):
        if callback.status != Callback.Status.PENDING:
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
