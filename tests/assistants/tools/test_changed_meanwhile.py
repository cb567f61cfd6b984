"""A patient's record is erased, merged or renamed at the desk while its caller's request waits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from assistants.models import ToolCall
from assistants.prompts import facts
from assistants.provisioning.onboarding import Onboarded
from assistants.speech import FAULT, NOT_LOOKED_UP, UNCERTAIN
from assistants.tools import caps
from bookings import diaries, erasure, patients
from bookings.models import Appointment, Patient, Practitioner, ServiceType, WaitlistEntry
from bookings.outcomes import Erased
from config.operations.scratch import CLINIC
from tenants import budgets, organizations
from tenants.models import Organization
from tenants.postgresql.statements import together
from tests.conftest import BEN, NEW_YORK, wait_until, waiters
from tests.meanwhile import ask
from tests.sql import execute

SAID = {
    "service": "cleaning",
    "patient_name": "Ben Ode",
    "date_of_birth": "1990-01-01",
    "patient_email": "ben@example.com",
}
START = datetime.combine(datetime.now(NEW_YORK) + timedelta(days=9), time(14, 30), NEW_YORK)
BOOK = {"start": f"{START:%B %d at 2:30 pm}"}
EMERGENCY = "If this is an emergency, please hang up and call 911 now."
# Of less is known whose it is, so that nothing is compared before the COMMIT.
LATE = {"service": "cleaning", "patient_name": "Ben Ode"}
ALARMED = {**LATE, "notes": "I have chest pain and cannot breathe"}
HOWEVER_SAID = pytest.mark.parametrize("said", [SAID, LATE, ALARMED], ids=len)


@pytest.fixture
def clinic(committed: Callable[..., Onboarded]) -> Organization:
    return organizations.get(committed(clinic=CLINIC).org)


@pytest.fixture
def known(clinic: Organization) -> Patient:
    with organizations.within(clinic):
        return Patient.objects.create(name="Ben Ode", name_key="ben ode", phone=BEN)


def meanwhile(clinic: Organization, change: Callable[[], Any], tool: str, **said: str) -> str:
    """What the caller hears who asks before the desk's change is committed, and waits for it."""
    with organizations.within(clinic), ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            change()
            heard = threads.submit(ask, clinic, tool, {**SAID, **said})
            wait_until(lambda: bool(waiters(connection.connection)))
        return heard.result(timeout=30)


def nothing_is_said_of(patient: Patient) -> bool:
    row = Patient.objects.get(pk=patient.pk)
    return (row.name, row.phone, row.date_of_birth, row.email) == ("Erased", "", None, "")


def test_a_booking_that_meets_an_erasure_is_the_callers_own(
    clinic: Organization, known: Patient
) -> None:
    def erase() -> None:
        assert isinstance(erasure.erase(known, now=clinic.now()), Erased)

    heard = meanwhile(clinic, erase, "book_appointment", **BOOK)

    assert heard.startswith("You're booked"), heard
    with organizations.within(clinic):
        made = Appointment.objects.select_related("patient").get()
        assert (made.patient.name, made.patient.phone) == ("Ben Ode", BEN)
        assert nothing_is_said_of(known)
    assert made.reference in ask(clinic, "find_appointments", {})


def test_a_wait_that_meets_an_erasure_is_the_callers_own(
    clinic: Organization, known: Patient
) -> None:
    heard = meanwhile(clinic, lambda: erasure.erase(known, now=clinic.now()), "join_waitlist")

    assert heard.startswith("You're on the waitlist"), heard
    with organizations.within(clinic):
        assert WaitlistEntry.objects.get().patient.name == "Ben Ode"
        assert nothing_is_said_of(known)


@pytest.mark.parametrize("tool", ["book_appointment", "join_waitlist"])
def test_who_is_registered_at_the_desk_meanwhile_is_one_patient(
    tool: str, clinic: Organization
) -> None:
    """Both insert the same patient: the caller waits for the desk, and is recognised then."""

    def register() -> None:
        Patient.objects.create(name="Ben Ode", phone=BEN, date_of_birth=date(1990, 1, 1))

    heard = meanwhile(clinic, register, tool, **(BOOK if tool == "book_appointment" else {}))

    assert heard.startswith("You're"), heard
    with organizations.within(clinic):
        ben = Patient.objects.get()
        assert ben.appointments.count() + ben.waiting.count() == 1


@HOWEVER_SAID
def test_a_booking_that_waits_too_long_for_a_registration_is_told_so(
    said: dict[str, str], clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while a file of patients is imported, in one transaction."""
    monkeypatch.setattr(budgets, "LOCK", 0.5)
    with organizations.within(clinic), ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Patient.objects.create(name="Ben Ode", phone=BEN, date_of_birth=born_in(said))
            heard = threads.submit(ask, clinic, "book_appointment", {**said, **BOOK}).result(30)

        assert "very busy this very moment and nothing has been booked" in heard
        assert not Appointment.objects.exists()


def born_in(said: dict[str, str]) -> date | None:
    return date.fromisoformat(said["date_of_birth"]) if "date_of_birth" in said else None


def test_a_booking_that_meets_a_new_number_is_not_the_old_patients(
    clinic: Organization, known: Patient
) -> None:
    """Staff put right whose number it is: who calls from it is somebody else."""

    def correct() -> None:
        Patient.objects.filter(pk=known.pk).update(phone="+14155550199")

    heard = meanwhile(clinic, correct, "book_appointment", **BOOK)

    assert heard.startswith("You're booked"), heard
    with organizations.within(clinic):
        made = Appointment.objects.select_related("patient").get()
        assert made.patient.pk != known.pk
        assert Patient.objects.get(pk=known.pk).date_of_birth is None


@HOWEVER_SAID
def test_a_visit_that_is_there_as_it_is_written_was_taken(
    said: dict[str, str], clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that no queue kept from being written, as one inserted by hand: the constraint refuses
    the caller's, with the COMMIT, and the second look sees it."""
    looked = diaries.look

    def look(*asked: Any) -> Any:
        found = looked(*asked)
        if not tries:
            with ThreadPoolExecutor(1) as threads:
                threads.submit(insert, clinic).result(timeout=30)
        tries.append(1)
        return found

    tries: list[int] = []
    monkeypatch.setattr(diaries, "look", look)

    heard = ask(clinic, "book_appointment", {**said, **BOOK})

    assert "was just taken. I have" in heard, heard
    assert len(tries) == 2
    with organizations.within(clinic):
        assert [visit.patient.name for visit in Appointment.objects.all()] == ["Ada Ode"]
        assert [call.sentence for call in ToolCall.objects.all()] == [heard]
        assert not Patient.objects.filter(name="Ben Ode").exists()


def test_who_waits_for_another_call_of_the_number_counts_what_that_one_booked(
    clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "VISITS", replace(caps.VISITS, a_number=1))

    def book_in_another_call() -> None:
        together(patients.take_turn(BEN))
        visit = visit_at_half_past_two()
        visit.save()
        ToolCall.objects.create(
            conversation="call-2", caller=BEN, outcome="Booked", appointment=visit
        )

    heard = meanwhile(clinic, book_in_another_call, "book_appointment", start="next Friday at 9 am")

    with organizations.within(clinic):
        assert Appointment.objects.count() == 1, heard
        assert ToolCall.objects.latest("pk").outcome == "VisitsCapped"


def test_who_is_cut_off_while_the_emergency_sentence_is_read_hears_of_no_booking(
    clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That sentence is said without the database too; what was written is lost with it."""

    def cut(organization: Organization) -> str:
        execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return ""

    monkeypatch.setattr(facts, "emergency", cut)

    heard = ask(clinic, "book_appointment", {**ALARMED, **BOOK})

    assert heard.startswith(EMERGENCY)
    assert heard.removeprefix(EMERGENCY).strip() in (FAULT, UNCERTAIN, NOT_LOOKED_UP)
    with organizations.within(clinic):
        assert not Appointment.objects.exists()
        assert not Patient.objects.exists()


def insert(clinic: Organization) -> None:
    try:
        with organizations.within(clinic):
            Appointment.objects.bulk_create([visit_at_half_past_two()])
    finally:
        connection.close()


def visit_at_half_past_two() -> Appointment:
    """Ada Ode's."""
    visit = Appointment(
        practitioner=Practitioner.objects.get(),
        service=ServiceType.objects.get(),
        patient=Patient.objects.create(name="Ada Ode", phone="+12025550178"),
        start=START,
    )
    visit.take(visit.service)
    return visit
