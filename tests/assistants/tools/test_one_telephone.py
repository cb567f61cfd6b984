"""Calls of one telephone at the same moment, with a slip in the name, are for one patient."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from assistants.models import ToolCall
from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, AppointmentChange, Patient
from config.operations import races
from config.operations.races import Race
from config.operations.scratch import CLINIC
from tenants import budgets, organizations
from tenants.models import Organization
from tenants.postgresql import statements
from tenants.postgresql.statements import Bound
from tests.conftest import BEN

NAMES = ("Kit Moran", "Kitt Moran")
FOUR = [{**CLINIC["practitioners"][0], "name": f"Dr. {letter}"} for letter in "ABCD"]


@pytest.fixture
def clinic(committed: Callable[..., Onboarded]) -> Organization:
    return organizations.get(committed(clinic={**CLINIC, "practitioners": FOUR}).org)


def race(clinic: Organization, number: int) -> tuple[int, int]:
    """Six calls of one telephone book one time at once; how many patients and visits that makes."""

    def ask(caller: int, slot: int, start: datetime) -> str:
        said: dict[str, Any] = {
            "service": "cleaning",
            "start": f"{start:%Y-%m-%dT%H:%M}",
            "patient_name": NAMES[caller % 2],
        }
        request = ToolRequest("1", "book_appointment", said, key=None)
        with organizations.within(clinic):
            message = VoiceMessage(Kind.TOOLS, f"call-{number}-{caller}", BEN)
            return answering.answer(request, message, now=clinic.now())

    races.together(Race(callers=6, slots=1, rounds=1), number, clinic, ask)
    with organizations.within(clinic):
        found = Patient.objects.count(), Appointment.objects.count()
        ToolCall.objects.all().delete()
        AppointmentChange.objects.all().delete()
        Appointment.objects.all().delete()
        Patient.objects.all().delete()
    return found


@pytest.fixture
def patient_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow this machine is, nobody gives up waiting."""
    monkeypatch.setattr(budgets, "LOCK", 60.0)
    monkeypatch.setattr(budgets, "STATEMENT", 60.0)


@pytest.mark.usefixtures("patient_machine")
def test_a_slip_in_the_name_is_one_patient(clinic: Organization) -> None:
    assert race(clinic, 0) == (1, 1)


@pytest.mark.usefixtures("patient_machine")
def test_without_turns_it_is_two(clinic: Organization, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(statements, "try_turn", lambda key: Bound("SELECT true"))

    for number in range(20):
        if race(clinic, number) != (1, 1):
            return
    pytest.fail("nobody was two patients in twenty rounds")
