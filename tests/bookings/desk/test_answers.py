"""Answers to a page's script: what was done, the way back, and what is free instead."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from bookings import appointments, attendance
from bookings.desk import answers
from bookings.models import Appointment, AppointmentChange, Patient, Practitioner, ServiceType
from bookings.outcomes import NotChangeable, SlotTaken
from tests.conftest import MONDAY, NEW_YORK, at
from tests.desk import Desk
from tests.visits import book, booked

pytestmark = pytest.mark.usefixtures("monday", "zone")


@pytest.fixture
def zone() -> Iterator[None]:
    """The clinic's zone, as in a request."""
    with timezone.override(NEW_YORK):
        yield


@pytest.fixture
def visit(cleaning: ServiceType, ben: Patient) -> Appointment:
    return booked(cleaning, ben, "2026-12-03 14:30", MONDAY)


def undo(desk: Desk, visit: Appointment, change: AppointmentChange | None) -> Any:
    """The answer to the script, with the row as it is now."""
    assert change is not None
    address = f"/admin/bookings/appointment/undo/{change.pk}/"
    answer = desk.client.post(address, headers={"Accept": "application/json"})
    desk.organization.activate()
    visit.refresh_from_db()
    return answer


def test_a_script_undoes_and_is_told_so(desk: Desk, visit: Appointment) -> None:
    appointments.cancel(visit, now=MONDAY, by="rosa")
    cancelled = visit.changes.last()

    answer = undo(desk, visit, cancelled)

    assert (answer.status_code, visit.status) == (200, "booked")
    assert answer.json() == {
        "said": f"Undone: {visit.patient.name}, Thu 3 Dec 14:30 with Dr. Ada Moss, booked.",
        "undo": None,
        "refused": False,
        "alternatives": [],
    }


def test_an_undo_is_refused_if_somebody_changed_the_row_since(
    desk: Desk, visit: Appointment
) -> None:
    appointments.cancel(visit, now=MONDAY, by="rosa")
    cancelled = visit.changes.last()
    attendance.mark(visit, Appointment.Status.ENTERED_IN_ERROR, now=MONDAY, by="mila")

    answer = undo(desk, visit, cancelled)

    assert (answer.status_code, visit.status) == (409, "entered-in-error")
    assert answer.json()["said"].startswith(
        "It has been changed since you looked: marked by mila, Mon 23 Nov 2026 08:00"
    )
    assert answer.json()["refused"] is True


def test_who_may_only_look_undoes_nothing(desk: Desk, visit: Appointment) -> None:
    desk.may_only("view_appointment")

    change = visit.changes.last()

    answer = undo(desk, visit, change)

    assert (answer.status_code, visit.status) == (403, "booked")


def test_a_form_is_still_answered_with_a_page(desk: Desk, visit: Appointment) -> None:
    change = visit.changes.get()

    assert desk.post(f"bookings/appointment/undo/{change.pk}/", {}).status_code == 302


def test_a_taken_time_comes_with_up_to_three_that_are_free(
    visit: Appointment, cleaning: ServiceType, ada: Practitioner, cat: Patient
) -> None:
    taken = book(cleaning, cat, "2026-12-03 14:30", MONDAY, practitioner=ada)
    assert isinstance(taken, SlotTaken)

    answer = answers.of(taken, said="Booked.")

    told = json.loads(answer.content)
    assert (answer.status_code, told["said"]) == (409, "This time is taken.")
    assert 1 <= len(told["alternatives"]) <= 3
    first = told["alternatives"][0]
    assert first["practitioner"] == ada.pk
    assert first["label"].endswith("with Dr. Ada Moss")
    again = booked(cleaning, cat, first["start"][:16].replace("T", " "), MONDAY, practitioner=ada)
    assert again.start == at(first["start"][:16].replace("T", " "))


def test_what_was_done_already_has_no_way_back(visit: Appointment) -> None:
    appointments.cancel(visit, now=MONDAY, by="rosa")

    again = answers.of(appointments.cancel(visit, now=MONDAY, by="mila"), said="Cancelled.")

    assert json.loads(again.content)["undo"] is None
    visit.refresh_from_db()
    stays = answers.of(NotChangeable(visit), said="")
    assert "cancelled, Thu 3 Dec 2026 14:30, and stays as it is" in stays.content.decode()
