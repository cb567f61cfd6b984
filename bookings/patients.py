"""Patients: recognised by phone and name, or registered."""

from datetime import date

from django.db.models import Q

from bookings.models import Patient, name_key
from bookings.outcomes import WhichPatient


def recognise(
    *, name: str, phone: str, date_of_birth: date | None = None, email: str = ""
) -> Patient | WhichPatient:
    """The patient of this phone (E.164) and name, registered when new.

    A family shares a phone, so a name is needed; a father and a son may share both, so a date of
    birth decides when one is said. Changes nobody who is known: see `complete`.
    """
    known = list(
        Patient.objects.filter(phone=phone, name_key=name_key(name)).filter(
            Q(date_of_birth=date_of_birth) | Q(date_of_birth=None) if date_of_birth else Q()
        )
    )
    exact = [patient for patient in known if patient.date_of_birth == date_of_birth]
    if date_of_birth and exact:
        known = exact
    if len(known) > 1:
        return WhichPatient(name)
    if known:
        return known[0]
    return register(name=name, phone=phone, date_of_birth=date_of_birth, email=email)


def complete(patient: Patient, *, date_of_birth: date | None = None, email: str = "") -> None:
    """Add what was missing; nothing already known is overwritten.

    Behind the diaries: who wrote here first and queued there afterwards would wait in a circle.
    """
    added = []
    if date_of_birth and patient.date_of_birth is None:
        patient.date_of_birth = date_of_birth
        added.append("date_of_birth")
    if email and not patient.email:
        patient.email = email
        added.append("email")
    if added:
        patient.save(update_fields=added)


def register(*, name: str, phone: str, date_of_birth: date | None, email: str) -> Patient:
    """One row, also when two calls register the same patient at the same time."""
    new = Patient(
        name=name, name_key=name_key(name), phone=phone, date_of_birth=date_of_birth, email=email
    )
    Patient.objects.bulk_create([new], ignore_conflicts=True)
    return Patient.objects.get(phone=phone, name_key=new.name_key, date_of_birth=date_of_birth)
