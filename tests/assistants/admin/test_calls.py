"""The front desk's record of calls: to look at, linked both ways, and edited by nobody."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Call, CallPolicy, ToolCall
from bookings.models import Appointment
from tests.conftest import Door
from tests.desk import HISTORY, Desk
from tests.payloads import payload

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def talked(door: Door) -> Call:
    for number in ("15", "60", "74"):
        door.post(payload(number))
    return Call.objects.get()


def page(desk: Desk, path: str) -> str:
    response = desk.get(path)
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_a_call_shows_what_was_said_and_what_came_of_it(desk: Desk, talked: Call) -> None:
    shown = page(desk, f"assistants/call/{talked.pk}/change/")

    assert "<strong>User</strong> Two thirty." in shown
    for row in (ToolCall.objects.get(), Appointment.objects.get()):
        assert f"/{row._meta.model_name}/{row.pk}/change/" in shown
    [recording] = re.findall(r'<a href="https://storage.vapi.ai/[^>]*>', shown)
    assert 'rel="noopener noreferrer"' in recording


def test_an_appointment_and_a_tool_call_lead_to_their_call(desk: Desk, talked: Call) -> None:
    for row in (ToolCall.objects.get(), Appointment.objects.get()):
        path = f"{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"
        assert f"/admin/assistants/call/{talked.pk}/change/" in page(desk, path)


def test_many_calls_of_an_appointment_take_as_few_queries_as_one(desk: Desk, talked: Call) -> None:
    row = Appointment.objects.get()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(f"bookings/appointment/{row.pk}/change/")
        return len(asked)

    few = queries()
    for number in range(5):
        ToolCall.objects.create(conversation=f"call-{number}", key=f"{number}", appointment=row)

    assert queries() == few


def test_an_appointment_is_saved_with_its_calls_beside_it(desk: Desk, talked: Call) -> None:
    row = Appointment.objects.get()
    data: dict[str, Any] = {
        "practitioner": row.practitioner_id,
        "start_0": "2026-12-03",
        "start_1": "15:30",
        "notes": "Moved by the desk.",
        **HISTORY,
    }

    assert desk.post(f"bookings/appointment/{row.pk}/change/", data).status_code == 302

    row.refresh_from_db()
    assert row.notes == "Moved by the desk."


def test_what_a_caller_says_is_no_html(desk: Desk, talked: Call) -> None:
    Call.objects.update(transcript="User: <script>alert(1)</script>\n<b>", summary="<i>")

    shown = page(desk, f"assistants/call/{talked.pk}/change/")

    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_nobody_edits_or_deletes_a_call(desk: Desk, talked: Call) -> None:
    for verb, data in (("change", {"summary": "x"}), ("delete", {"post": "yes"})):
        assert desk.post(f"assistants/call/{talked.pk}/{verb}/", data).status_code == 403

    talked.refresh_from_db()
    assert talked.summary.startswith("Dana")


def test_a_call_that_was_erased_is_still_a_page(desk: Desk, talked: Call, door: Door) -> None:
    door.post(payload("82"))

    shown = page(desk, f"assistants/call/{talked.pk}/change/")

    assert "Dana" not in shown
    assert "Erased" in page(desk, "assistants/call/")


def test_the_list_of_calls_takes_few_queries(
    desk: Desk, talked: Call, django_assert_max_num_queries: Any
) -> None:
    Call.objects.bulk_create(Call(conversation=f"c{number}") for number in range(50))

    with django_assert_max_num_queries(19):  # four ask who reads, one for callbacks
        page(desk, "assistants/call/")


@pytest.mark.parametrize(("days", "kept"), [("0", None), ("-1", None), ("3651", None), ("30", 30)])
def test_staff_say_how_long_calls_are_kept(days: str, kept: int | None, desk: Desk) -> None:
    desk.post("assistants/callpolicy/add/", {"keep_days": days})

    assert CallPolicy.objects.values_list("keep_days", flat=True).first() == kept
