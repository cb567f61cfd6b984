"""Pages as a receptionist reads them: every sentence is true, and no link leads to a refusal."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Model

from assistants.models import CallPolicy, Reception
from bookings.models import Appointment, BookingPolicy, Patient, Practitioner, Room, ServiceType
from tenants.sites import front_desk
from tests.conftest import MONDAY, Call
from tests.desk import Desk, fields_in

pytestmark = pytest.mark.usefixtures("monday")

CLEANING = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}


@pytest.fixture
def row(call: Call) -> Appointment:
    call("book_appointment", **CLEANING)
    return Appointment.objects.get()


@pytest.mark.parametrize("by_action", [False, True])
@pytest.mark.parametrize(
    ("model", "instead"),
    [
        (Practitioner, "switch “Taking appointments” off instead"),
        (ServiceType, "switch “Offered” off instead"),
        (Room, "switch “In use” off instead"),
        (Patient, "erase the patient instead, by the action of the list"),
    ],
)
def test_what_has_visits_is_not_deleted_and_the_page_says_why(
    model: Any, instead: str, by_action: bool, desk: Desk, row: Appointment
) -> None:
    """L09: it used to say to a superuser that they lacked a right."""
    if model is Room:
        row.room = Room.objects.create(name="Room 1")
        row.save()
    kept = getattr(row, "service" if model is ServiceType else model._meta.model_name)
    base = f"bookings/{model._meta.model_name}/"
    picked = {"action": "delete_selected", "_selected_action": [str(kept.pk)], "post": "yes"}

    page = (
        desk.post(base, picked)
        if by_action
        else desk.post(f"{base}{kept.pk}/delete/", {"post": "yes"})
    ).content.decode()

    assert "have permission" not in page
    assert row.reference in page
    assert instead in page
    assert model.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("rights", [["view_appointment"], ["view_call"]])
def test_no_page_links_to_one_that_its_reader_may_not_open(
    rights: list[str], desk: Desk, row: Appointment, door: Any
) -> None:
    from assistants.models import Call, ToolCall

    Call.objects.create(conversation="call-1", received=MONDAY)
    desk.may_only(*rights)
    tool_call, told_of = ToolCall.objects.get(), Call.objects.get()
    path = {
        "view_appointment": f"bookings/appointment/{row.pk}/change/",
        "view_call": f"assistants/call/{told_of.pk}/change/",
    }[rights[0]]

    page = desk.get(path).content.decode()

    assert "book_appointment, " in page
    assert f"/admin/assistants/toolcall/{tool_call.pk}/" not in page
    if rights == ["view_call"]:
        assert row.reference in page
        assert f"/admin/bookings/appointment/{row.pk}/" not in page


def test_a_call_without_a_report_is_said_to_have_none(desk: Desk, row: Appointment) -> None:
    page = desk.get(f"bookings/appointment/{row.pk}/change/").content.decode()

    assert "a call that Vapi has not reported yet" in page
    assert "not told of" not in page


def test_a_day_that_is_no_date_is_named_by_its_place(desk: Desk) -> None:
    sent = {**fields_in(desk.get("bookings/waitlistentry/add/")), "only_days": "tuesday"}

    page = desk.post("bookings/waitlistentry/add/", sent).content.decode()

    assert "Entry 1: Write the day as 2026-12-31" in page
    assert "in the array" not in page
    assert "such as 2026-12-31" in page


@pytest.mark.parametrize(
    ("page", "model"),
    [
        ("bookings/bookingpolicy", BookingPolicy),
        ("assistants/callpolicy", CallPolicy),
        ("assistants/reception", Reception),
    ],
)
def test_what_there_is_one_of_is_a_form_and_no_list(
    page: str, model: type[Model], desk: Desk
) -> None:
    opened = desk.get(f"{page}/")
    assert opened["Location"] == f"/admin/{page}/add/"
    form = desk.get(f"{page}/add/").content
    assert b"_addanother" not in form
    assert b"arrow_back" not in form
    assert b"addlink" not in form
    assert f'href="/admin/{page}/"'.encode() in form

    desk.post(f"{page}/add/", fields_in(desk.get(f"{page}/add/")))
    [row] = model._default_manager.all()

    assert desk.get(f"{page}/")["Location"] == f"/admin/{page}/{row.pk}/change/"


def test_what_cannot_be_marked_says_how_it_stands(desk: Desk, row: Appointment) -> None:
    picked = {"action": "mark_no_show", "_selected_action": [str(row.pk)], "post": "yes"}
    desk.post("bookings/appointment/", picked)

    page = desk.get("bookings/appointment/?when=all").content.decode()

    told = f"{row.reference}: It is booked, Thu 3 Dec 2026 14:30, and stays as it is."
    assert told in page
    assert row.start > MONDAY + timedelta(days=1)


def test_no_page_that_adds_a_row_shows_what_the_database_will_fill_in(desk: Desk) -> None:
    found = [
        f"{model._meta.app_label}/{model._meta.model_name}/add/" for model in front_desk._registry
    ]

    pages = {path: desk.get(path) for path in found}

    shown = {path: page.content.decode() for path, page in pages.items() if page.status_code == 200}
    assert len(shown) > 10
    assert [path for path, page in shown.items() if "DatabaseDefault" in page] == []
