"""What a tool wrote is undone where it could not end, and the request is answered all the same."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from assistants.models import ToolCall
from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Patient, Practitioner
from config.operations.scratch import CLINIC
from tenants import budgets, organizations
from tenants.models import Organization
from tests.meanwhile import ask
from tests.visits import held_diary, insert, row

SAID = {"service": "cleaning", "patient_name": "Ben Ode"}


@pytest.fixture
def clinic(committed: Callable[..., Onboarded]) -> Organization:
    return organizations.get(committed(clinic=CLINIC).org)


def ten(clinic: Organization) -> Any:
    day = clinic.now() + timedelta(days=7)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


def book(clinic: Organization) -> str:
    return ask(clinic, "book_appointment", {**SAID, "start": f"{ten(clinic):%Y-%m-%dT%H:%M}"})


def test_a_race_lost_at_the_constraint_is_told_as_lost(
    clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who does not queue takes the time between the look and the write. What was written
    is undone; the claim and its turn are kept."""
    save = Appointment.save

    def take_it() -> None:
        with organizations.within(clinic):
            rival = Patient.objects.create(name="Cat Ruiz", phone="+12025550188")
            scratch = Practitioner.objects.get()
            insert(row(patient=rival, practitioner=scratch, start=ten(clinic)))
        connection.close()

    def save_too_late(self: Appointment, *args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(Appointment, "save", save)
        with ThreadPoolExecutor(1) as threads:
            threads.submit(take_it).result()
        save(self, *args, **kwargs)

    monkeypatch.setattr(Appointment, "save", save_too_late)

    heard = book(clinic)

    assert "was just taken" in heard, heard
    with organizations.within(clinic):
        assert ToolCall.objects.get().outcome == "SlotTaken"
        assert [visit.patient.name for visit in Appointment.objects.all()] == ["Cat Ruiz"]
        assert [patient.name for patient in Patient.objects.all()] == ["Cat Ruiz"]


def test_who_is_refused_is_never_registered(clinic: Organization) -> None:
    """Nothing is written for them but their request, so that nothing has to be undone."""
    book(clinic)
    said = {**SAID, "patient_name": "Cat Ruiz", "start": f"{ten(clinic):%Y-%m-%dT%H:%M}"}
    request = ToolRequest("2", "book_appointment", dict(said), key=None)
    message = VoiceMessage(Kind.TOOLS, "call-2", "+12025550188")

    with organizations.within(clinic), CaptureQueriesContext(connection) as queries:
        heard = answering.answer(request, message, now=clinic.now())

    assert "was just taken" in heard, heard
    done = [query["sql"] for query in queries.captured_queries]
    inserted = [table for sql in done for table in re.findall(r'INSERT INTO "(\w+)"', sql)]
    assert inserted == ["assistants_toolcall"]
    assert not any(sql.startswith("ROLLBACK") for sql in done)


def test_who_waits_too_long_for_a_diary_hears_so_and_it_is_recorded(
    clinic: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "LOCK", 0.2)

    with held_diary(clinic.schema_name, "Dr. Scratch"):
        heard = book(clinic)

    assert "nothing has been booked or changed" in heard, heard
    with organizations.within(clinic):
        assert ToolCall.objects.get().outcome == "Busy"
        assert not Patient.objects.exists()
    assert book(clinic).startswith("You're booked")
