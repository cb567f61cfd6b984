"""Merging: staff accept a claimed patient, check a birthday, or make one record of two."""

from collections.abc import Collection
from datetime import date
from uuid import uuid4

from django.contrib.admin.models import LogEntry

from bookings import patients
from bookings.appointments import writes_diary
from bookings.models import Appointment, Patient, PatientQuerySet, WaitlistEntry
from bookings.outcomes import Accepted, KnownAlready, MergeClash, Merged, NotMergeable


@writes_diary
def accept(patient: Patient) -> Accepted | KnownAlready:
    """Staff know who it is: the record becomes verified. From now on its number opens the
    appointments, and no longer the caller who claimed it. Its birthday is still only what that
    caller said, and proves nothing until staff have checked it."""
    [patient] = Patient.objects.filter(pk=patient.pk).lock()
    if known := same_verified(patient, date_of_birth=patient.date_of_birth):
        return KnownAlready(known)
    patient.claimed_by, patient.given_in, patient.given = "", "", []
    patient.may_be = None
    patient.save()
    return Accepted(patient)


def unverify(chosen: PatientQuerySet) -> int:
    """Make them unverified, and claimed by nobody who could call. Returns how many.

    No caller hears of their visits until staff accept them. Call it in a transaction.
    """
    rows = chosen.verified().lock()
    for patient in rows:
        patient.claimed_by = f"no call {uuid4()}"
        patient.birthday_proves = False
        patient.save(update_fields=["claimed_by", "birthday_proves"])
    return len(rows)


def same_verified(patient: Patient, *, date_of_birth: date | None) -> Patient | None:
    """Another verified patient of this name, number and birthday: one at most."""
    if not patient.phone:
        return None
    same = Patient.objects.verified().filter(
        name_key=patient.name_key, phone=patient.phone, date_of_birth=date_of_birth
    )
    return same.exclude(pk=patient.pk).first()


def to_be_kept(one: Patient, other: Patient) -> tuple[Patient, Patient]:
    """The record that stays when they are merged, and the one that is deleted. A verified one
    stays, else the older one."""
    kept, gone = sorted((one, other), key=lambda row: (not row.is_verified, row.created, row.pk))
    return kept, gone


@writes_diary
def merge(
    one: Patient,
    other: Patient,
    *,
    with_numbers: Collection[str] = (),
    birthday_is_checked: bool = False,
) -> Merged | MergeClash | NotMergeable:
    """Make one record of two, for good: appointments, waitlist, names, numbers, the admin's log,
    and a birthday and an e-mail address if there was none. Both are locked, so that nothing is
    booked meanwhile.

    `with_numbers` are the numbers (E.164) of the record that is deleted that shall open the
    appointments from now on. The number of a caller who only claimed it never does. A birthday that
    proved nothing before proves nothing afterwards, unless `birthday_is_checked` by staff.
    """
    pair = Patient.objects.filter(pk__in=[one.pk, other.pk]).lock()
    if len(pair) < 2 or not any(row.is_verified for row in pair):
        return NotMergeable()
    kept, gone = to_be_kept(*pair)
    if clash := overlapping(kept, gone):
        return MergeClash(clash)
    moved = tuple(gone.appointments.order_by("start"))
    move_waiting(kept, gone)
    Appointment.objects.filter(patient=gone).update(patient=kept)
    take_over(kept, gone, with_numbers=with_numbers, birthday_is_checked=birthday_is_checked)
    return Merged(kept, moved)


def overlapping(kept: Patient, gone: Patient) -> tuple[Appointment, ...]:
    theirs = list(gone.appointments.occupying().order_by("start"))
    pairs = [
        (row, other)
        for row in kept.appointments.occupying().order_by("start")
        for other in theirs
        if row.start < other.end and other.start < row.end
    ]
    return tuple(row for pair in pairs for row in pair)


def move_waiting(kept: Patient, gone: Patient) -> None:
    """Move the waitlist entries to `kept`. Two that wait for the same service become one, which
    keeps the older one's place; the other is marked as done."""
    for entry in gone.waiting.order_by("created", "pk"):
        same = kept.waiting.open().filter(service=entry.service)
        if entry.status == WaitlistEntry.Status.WAITING and (double := same.first()):
            double.created = min(double.created, entry.created)
            double.save(update_fields=["created"])
            entry.status = WaitlistEntry.Status.DONE
        entry.patient = kept
        entry.save(update_fields=["patient", "status"])


def take_over(
    kept: Patient, gone: Patient, *, with_numbers: Collection[str], birthday_is_checked: bool
) -> None:
    LogEntry.objects.filter(object_id=str(gone.pk)).update(
        object_id=str(kept.pk), object_repr=str(kept)
    )
    Patient.objects.filter(may_be=gone).exclude(pk=kept.pk).update(may_be=kept)
    kept.may_be = None if kept.may_be_id == gone.pk else kept.may_be
    numbers = [number for number in gone.numbers if number in with_numbers]
    Patient.objects.filter(pk=gone.pk).delete()
    kept.other_phones += [number for number in numbers if number not in kept.numbers]
    kept.other_names += [name for name in gone.names if not patients.is_named(kept, name)]
    take_over_birthday(kept, gone, is_checked=birthday_is_checked)
    kept.email = kept.email or gone.email
    kept.save()


def take_over_birthday(kept: Patient, gone: Patient, *, is_checked: bool) -> None:
    """If there was none. A birthday that both have proves something if it did in either record."""
    if kept.date_of_birth is None and not same_verified(kept, date_of_birth=gone.date_of_birth):
        kept.date_of_birth, kept.birthday_proves = gone.date_of_birth, False
    if gone.date_of_birth and kept.date_of_birth == gone.date_of_birth:
        kept.birthday_proves = kept.birthday_proves or gone.birthday_proves or is_checked


def check_birthday(patient: Patient) -> bool:
    """Staff have checked it: from now on it proves who calls. Returns whether that is new."""
    rows = Patient.objects.filter(pk=patient.pk, date_of_birth__isnull=False, birthday_proves=False)
    return bool(rows.update(birthday_proves=True))
