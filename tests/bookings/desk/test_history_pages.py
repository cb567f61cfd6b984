"""The pages called History: what happened to a row, at the desk and elsewhere, and the way back."""

from typing import Any

import pytest

from bookings.models import Appointment, Callback, Patient, Practitioner, WaitlistEntry
from tests.conftest import Call
from tests.desk import Desk, as_opened, fields_in

pytestmark = pytest.mark.usefixtures("monday")

CLEANING = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
NO_HISTORY = "have a change history"


@pytest.fixture
def row(call: Call) -> Appointment:
    call("book_appointment", **CLEANING)
    return Appointment.objects.get()


def history_of(desk: Any, row: Any) -> str:
    page = desk.get(f"{row._meta.app_label}/{row._meta.model_name}/{row.pk}/history/")
    return " ".join(page.content.decode().split())


def events_in(desk: Any, row: Any) -> list[tuple[str, str]]:
    page = desk.get(f"{row._meta.app_label}/{row._meta.model_name}/{row.pk}/history/")
    return [(event.by, event.what) for event in page.context["events"]]


def test_what_callers_did_stands_in_the_history_of_a_visit(
    desk: Desk, row: Appointment, call: Call
) -> None:
    call("reschedule_appointment", start="2026-12-03T14:45")
    call("cancel_appointment", reason="I am travelling")

    page = history_of(desk, row)

    assert NO_HISTORY not in page
    assert events_in(desk, row) == [
        ("a caller, by telephone", "Booked: Thu 3 Dec 2026 14:30 with Dr. Ada Moss."),
        ("a caller, by telephone", "Rescheduled: Thu 3 Dec 2026 14:45 with Dr. Ada Moss."),
        (
            "a caller, by telephone",
            "Cancelled: Thu 3 Dec 2026 14:45 with Dr. Ada Moss. Reason: I am travelling.",
        ),
    ]
    assert "call-1" not in page


def test_what_staff_typed_stands_beside_it(desk: Desk, row: Appointment) -> None:
    path = f"bookings/appointment/{row.pk}/change/"
    page = desk.get(path)
    desk.post(path, as_opened(page, {**fields_in(page), "notes": "Afraid of needles"}))

    assert events_in(desk, row)[1:] == [("desk", "Changed Notes.")]


@pytest.mark.parametrize("model", [Callback, WaitlistEntry])
def test_what_a_caller_left_says_where_it_came_from(model: Any, desk: Desk, call: Call) -> None:
    call("request_callback", patient_name="Ben Ode", reason="a bill")
    call("join_waitlist", patient_name="Ben Ode", service="cleaning")

    assert events_in(desk, model.objects.get()) == [("a caller, by telephone", "Added.")]


def test_who_was_done_with_a_callback_is_kept(desk: Desk, call: Call) -> None:
    call("request_callback", patient_name="Ben Ode", reason="a bill")
    call("join_waitlist", patient_name="Ben Ode", service="cleaning")

    for model in (Callback, WaitlistEntry):
        row = model.objects.get()
        base = f"bookings/{model._meta.model_name}/"
        desk.post(base, {"action": "mark_done", "_selected_action": [str(row.pk)]})

        assert events_in(desk, row)[1:] == [("desk", "Marked as done.")]


def test_a_patient_of_a_call_and_one_of_the_desk(desk: Desk, row: Appointment) -> None:
    page = desk.get("bookings/patient/add/")
    desk.post("bookings/patient/add/", {**fields_in(page), "name": "Cat Ruiz"})

    told = {who.name: events_in(desk, who) for who in Patient.objects.all()}

    assert told == {
        "Ben Ode": [("not the front desk", "Added.")],
        "Cat Ruiz": [("desk", "Added.")],
    }


def test_what_nobody_changed_says_so(desk: Desk, ada: Practitioner) -> None:
    page = history_of(desk, ada)

    assert "Nobody has changed this here yet." in page
    assert NO_HISTORY not in page


# --- the way back


def test_a_move_can_be_undone_at_once(desk: Desk, row: Appointment) -> None:
    path = f"bookings/appointment/{row.pk}/change/"
    page = desk.get(path)
    desk.post(path, as_opened(page, {**fields_in(page), "start_1": "14:45:00"}))
    newest = row.changes.latest("pk")

    told = desk.get("bookings/appointment/?when=all").content.decode()

    assert f"/admin/bookings/appointment/undo/{newest.pk}/" in told
    desk.post(f"bookings/appointment/undo/{newest.pk}/", {})
    row.refresh_from_db()
    assert f"{row.start:%H:%M}" == "19:30"


def test_and_an_hour_later_from_the_page_of_the_visit(desk: Desk, row: Appointment) -> None:
    """The way back of the newest change alone, and none of what was undone itself."""
    picked = {"action": "cancel", "_selected_action": [str(row.pk)], "post": "yes"}
    desk.post("bookings/appointment/", picked)
    desk.get("bookings/appointment/?when=all")  # its message is gone

    for path in ("change", "history"):
        page = desk.get(f"bookings/appointment/{row.pk}/{path}/").content.decode()
        links = [f"appointment/undo/{one.pk}/" in page for one in row.changes.all()]
        assert links == [False, True], path

    desk.post(f"bookings/appointment/undo/{row.changes.latest('pk').pk}/", {})
    assert "appointment/undo/" not in history_of(desk, row)


def test_a_user_who_may_only_look_sees_the_history_and_cannot_undo(
    desk: Desk, row: Appointment
) -> None:
    desk.may_only("view_appointment")

    for path in ("change", "history"):
        page = desk.get(f"bookings/appointment/{row.pk}/{path}/").content.decode()
        assert "a caller, by telephone" in page
        assert "appointment/undo/" not in page
