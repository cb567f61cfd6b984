"""The history of an appointment: what happened to it, once each, and who did it."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from bookings import appointments
from bookings.models import Appointment, AppointmentChange
from tenants.models import Organization
from tests.conftest import MONDAY, Call, at

pytestmark = pytest.mark.usefixtures("monday")

CLEANING = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}


def history(row: Appointment) -> list[tuple[str, Any, str]]:
    return [(change.kind, change.start, change.status) for change in row.changes.all()]


@pytest.fixture
def row(call: Call) -> Appointment:
    call("book_appointment", **CLEANING)
    return Appointment.objects.get()


def test_a_call_leaves_its_id_and_what_it_did(call: Call, row: Appointment) -> None:
    """L01: one row, moved onto a part of its own time; I10: twice said is done once."""
    for _ in range(2):
        call("reschedule_appointment", start="2026-12-03T14:45")
    for _ in range(2):
        call("cancel_appointment")

    assert history(row) == [
        ("booked", at("2026-12-03 14:30"), "booked"),
        ("rescheduled", at("2026-12-03 14:45"), "booked"),
        ("cancelled", at("2026-12-03 14:45"), "cancelled"),
    ]
    assert {change.by for change in row.changes.all()} == {"call-1"}


def test_what_was_refused_is_no_history(call: Call, row: Appointment) -> None:
    """L02."""
    call("reschedule_appointment", start="2026-12-05T14:30")

    assert [kind for kind, _, _ in history(row)] == ["booked"]


def test_staff_leave_their_name_and_read_it_at_the_appointment(
    elm: Organization, row: Appointment
) -> None:
    desk = Client(headers={"Host": "elm-street.localhost"})
    desk.force_login(get_user_model().objects.create_superuser("rosa"))

    picked = {"action": "mark_arrived", "_selected_action": [str(row.pk)]}
    desk.post("/admin/bookings/appointment/", picked)
    pages = [
        desk.get(f"/admin/bookings/appointment/{row.pk}/{where}/").content.decode()
        for where in ("change", "history")
    ]
    elm.activate()

    assert [change.by for change in row.changes.all()] == ["call-1", "rosa"]
    for page in pages:
        assert re.search(
            r"Mon 23 Nov 2026, 08:00.*Marked.*rosa|08:00.*rosa.*Marked", page, re.DOTALL
        )


def test_who_could_not_be_recorded_did_nothing(
    row: Appointment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The change and its history are one transaction: L02 with a fault after the time is let go."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(AppointmentChange, "save", fail)
    with pytest.raises(RuntimeError):
        appointments.reschedule(row, start=at("2026-12-04 09:00"), now=MONDAY)

    row.refresh_from_db()
    assert row.start == at("2026-12-03 14:30")
