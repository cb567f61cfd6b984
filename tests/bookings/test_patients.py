"""Patients: recognised by phone and name, told apart within a family, never written over."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection

from assistants.onboarding import Onboarded
from bookings import patients
from bookings.models import Patient, ServiceType
from bookings.outcomes import WhichPatient
from bookings.patients import Details, Wish
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN

CALL = "call-1"


def said(name: str, **more: Any) -> Details:
    return Details(**{"proven": BEN, "call": CALL, "name": name, "phone": BEN, **more})


def asked(details: Details, start: datetime | None = None) -> Any:
    return patients.recognise(details, wish=Wish(ServiceType.objects.get(name="Cleaning"), start))


def recognise(name: str, **more: Any) -> Patient:
    patient = asked(said(name, **more))
    assert isinstance(patient, Patient)
    return patient


def test_a_new_patient_is_registered(elm: Organization) -> None:
    patient = recognise("Ben Ode")

    assert (patient.name, patient.phone, patient.email) == ("Ben Ode", BEN, "")


@pytest.mark.parametrize("said", ["Ben Ode", "ben ode", "BEN  ODE"])
def test_a_known_patient_is_recognised_however_the_name_is_written(said: str, ben: Patient) -> None:
    assert recognise(said) == ben
    ben.refresh_from_db()
    assert ben.name == "Ben Ode"


def test_a_family_shares_a_phone(ben: Patient) -> None:
    """P06."""
    other = recognise("Ann Ode")

    assert other != ben
    assert Patient.objects.count() == 2


def test_what_was_missing_is_added_and_what_is_known_is_kept(ben: Patient) -> None:
    for call, day, email in (("one", 17, "ben@example.com"), ("two", 18, "other@example.com")):
        patients.learn(
            ben, said("Ben Ode", call=call, date_of_birth=date(1988, 4, day), email=email)
        )

    ben.refresh_from_db()
    assert (ben.date_of_birth, ben.email) == (date(1988, 4, 17), "ben@example.com")


def test_a_date_of_birth_tells_father_and_son_apart(elm: Organization) -> None:
    father = recognise("Ben Ode", date_of_birth=date(1960, 1, 1))
    son = recognise("Ben Ode", date_of_birth=date(1988, 4, 17))

    assert father != son
    assert recognise("Ben Ode", date_of_birth=date(1988, 4, 17)) == son
    assert asked(said("Ben Ode")) == WhichPatient("Ben Ode")


def test_nothing_is_ever_sent_to_a_placeholder(ben: Patient) -> None:
    assert ben.email_or_placeholder == f"{ben.id}@patient.invalid"
    ben.email = "ben@example.com"
    assert ben.email_or_placeholder == "ben@example.com"


def test_two_calls_at_once_register_one_patient(committed: Callable[..., Onboarded]) -> None:
    """P10."""
    organization = organizations.get(committed().org)
    gate, found = threading.Barrier(8), []

    def register() -> None:
        try:
            with organizations.within(organization):
                gate.wait(timeout=10)
                found.append(recognise("Ben Ode"))
        finally:
            connection.close()

    callers = [threading.Thread(target=register) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(found) == 8
    assert len({patient.pk for patient in found}) == 1
