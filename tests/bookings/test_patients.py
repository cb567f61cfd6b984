"""Patients: recognised by phone and name, told apart within a family, never written over."""

import threading
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bookings import diaries, patients
from bookings.models import Patient, ServiceType
from bookings.outcomes import WhichPatient
from bookings.patients import Details, Wish
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN, MONDAY, Committed
from tests.migrations import before, migrate

CALL = "call-1"


def said(name: str, **more: Any) -> Details:
    return Details(**{"proven": BEN, "call": CALL, "name": name, "phone": BEN, **more})


def asked(details: Details) -> Any:
    wish = Wish(ServiceType.objects.get(name="Cleaning"))
    return patients.recognise(details, wish=wish, now=MONDAY)


def recognise(name: str, **more: Any) -> Patient:
    """Recognised, and registered if new."""
    wish = Wish(ServiceType.objects.get(name="Cleaning"))
    with diaries.writing():
        patient = patients.recognise_and_lock(said(name, **more), wish=wish, now=MONDAY)
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


@pytest.mark.parametrize("proven", [BEN, "+12025550143", ""])
def test_two_requests_at_once_register_one_patient(proven: str, committed: Committed) -> None:
    """P10: with a proven number, and with a number that is only said."""
    organization = organizations.get(committed().org)
    gate, found = threading.Barrier(8), []

    def register() -> None:
        try:
            with organizations.within(organization):
                gate.wait(timeout=10)
                found.append(recognise("Ben Ode", proven=proven))
        finally:
            connection.close()

    callers = [threading.Thread(target=register) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert len(found) == 8
    assert len({patient.pk for patient in found}) == 1


def test_what_two_callers_claim_are_two_patients(elm: Organization) -> None:
    """Z03: no constraint tells one caller about the other's patient, or about a known patient."""
    known = recognise("Ben Ode")
    claims = [
        recognise("Ben Ode", proven=proven, call=call)
        for proven, call in (("+12025550143", "a"), ("", "b"), ("", "c"), ("", ""), ("", ""))
    ]

    assert len({patient.pk for patient in (known, *claims)}) == 6
    assert {patient.may_be for patient in claims} == {known}


def test_the_caller_whose_number_is_proven_finds_what_they_claimed(elm: Organization) -> None:
    father = recognise("Al Ode", phone="+14155550123")

    assert father.claimed_by == BEN
    assert recognise("Al Ode", call="later") == father
    assert recognise("Al Ode", call="later", phone="+14155550124") == father


def test_a_verified_patient_comes_before_a_claimed_one(ben: Patient) -> None:
    Patient.objects.create(name="Ben Ode", phone="+14155550123", claimed_by=BEN)

    assert recognise("Ode, Ben") == ben


@pytest.mark.usefixtures("elm")
def test_a_record_may_be_the_one_of_a_name_like_it_and_a_number_or_a_birthday() -> None:
    born = date(1988, 4, 17)
    known = Patient.objects.create(
        name="Shane Cole", phone=BEN, other_phones=["+14155550123"], date_of_birth=born
    )
    for name, phone, birthday, marked in (
        ("Shane Cole", BEN, None, True),
        ("Shayne Cole", "+14155550123", None, True),
        ("Cole, Shane", "+14155550199", born, True),
        ("Shane Cole", "+14155550199", None, False),
        ("Ann Cole", BEN, born, False),
    ):
        patient = recognise(
            name, proven="", call=f"{name} {phone}", phone=phone, date_of_birth=birthday
        )
        assert (patient.may_be == known) == marked, (name, phone, birthday)


def test_backwards_no_claimed_patient_is_taken_for_a_proven_one(committed: Committed) -> None:
    """The migrations back, with two who would be one to the older constraint, and forwards."""
    with organizations.within(organizations.get(committed().org)):
        ben = recognise("Ben Ode")
        claimed = recognise("Ben Ode", proven="", call="a")

        then = migrate(before("patient_claimed_by")).get_model("bookings", "Patient")
        phones = {row.pk: row.phone for row in then.objects.all()}
        assert phones == {ben.pk: BEN, claimed.pk: ""}
        migrate(*MigrationExecutor(connection).loader.graph.leaf_nodes("bookings"))

        assert all(row.is_verified for row in Patient.objects.all())
