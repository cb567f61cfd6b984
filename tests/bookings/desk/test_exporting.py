"""The lists as files: what is in them, who gets them, and what is kept of it."""

import csv
import io
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Call
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants import exporting, spreadsheets
from tenants.models import Organization
from tenants.sites import front_desk
from tests.conftest import at
from tests.desk import Desk
from tests.everything import put_one_of_everything
from tests.visits import row

pytestmark = pytest.mark.usefixtures("monday")


def text_of(answer: Any, organization: Organization) -> str:
    assert answer.status_code == 200, answer
    try:
        return b"".join(answer.streaming_content).decode()
    finally:
        organization.activate()


def exported(desk: Desk, path: str) -> list[dict[str, str]]:
    text = text_of(desk.get(path), desk.organization)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_every_list_is_exported_or_says_why_not(elm: Organization, furnish: Any) -> None:
    furnish(
        {
            "services": [{"name": "Cleaning", "minutes": 30, "rooms": ["Blue room"]}],
            "practitioners": [{"name": "Dr. Ada", "services": ["Cleaning"]}],
            "rooms": [{"name": "Blue room"}],
        }
    )
    desk = Desk(elm)
    put_one_of_everything("Heron")
    Call.objects.create(conversation="call-1", summary="Ben called.")

    for model, admin in front_desk._registry.items():
        path = f"{model._meta.app_label}/{model._meta.model_name}/"
        button = f'href="/admin/{path}export/'
        is_exported = not getattr(admin, "not_exported", "")
        page = desk.get(f"{path}?when=all" if model is Appointment else path)
        assert (button in page.content.decode()) == (is_exported and page.status_code == 200)
        if is_exported:
            rows = exported(desk, f"{path}export/")
            assert len(rows) == model._default_manager.count() > 0, path
        else:
            assert "text/csv" not in desk.get(f"{path}export/").headers.get("Content-Type", "")


def test_cells_are_shown_and_not_computed_and_numbers_can_be_dialled(
    desk: Desk, ada: Practitioner, cleaning: ServiceType
) -> None:
    ben = Patient.objects.create(
        name='=HYPERLINK("http://x.example")',
        phone="+12025550177",
        other_phones=["+4930123456"],
        email="+1@example.com",
    )
    visit = row(patient=ben, practitioner=ada, notes=" @SUM(1)\nand more")
    visit.save()

    [patient] = exported(desk, "bookings/patient/export/")
    [found] = exported(desk, "bookings/appointment/export/?when=all")

    assert patient["name"] == '\'=HYPERLINK("http://x.example")'
    assert patient["email"] == "'+1@example.com"
    assert (patient["phone"], patient["other phones"]) == ("(202) 555-0177", "011 49 30 123456")
    assert (found["start"], found["minutes"]) == ("2026-12-03T14:30:00-05:00", "30")
    assert (found["notes"], found["status"]) == ("' @SUM(1)\nand more", "Booked")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", " =1", "\u200b=1", "'=1"])
def test_what_was_defused_is_read_back(text: str) -> None:
    assert spreadsheets.defused(text) == f"'{text}"
    assert spreadsheets.as_written(f"'{text}") == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("a;=1", "a;'=1"), ("one\n=1", "one\n'=1"), ("a; '=1", "a; ''=1"), ("-1;@x", "'-1;'@x")],
)
def test_where_a_semicolon_separates_nothing_is_computed_either(text: str, written: str) -> None:
    """A spreadsheet of a German machine splits our cells there."""
    assert spreadsheets.defused(text) == written
    assert spreadsheets.as_written(written) == text


def test_the_file_has_the_rows_of_the_list_in_its_order_and_the_log_says_so(
    desk: Desk, ben: Patient, cat: Patient, ada: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    for day in (1, 2, 3, 4, 7):
        row(patient=cat, practitioner=ada, start=at(f"2026-12-0{day} 09:00")).save()
    row(patient=ben, practitioner=ada, start=at("2026-12-02 11:00")).save()
    asked = f"?when=ahead&practitioner__id__exact={ada.pk}&q=Ruiz&o=-1"

    with CaptureQueriesContext(connection) as few:
        answer = desk.get(f"bookings/appointment/export/{asked}")
        parts = [part.decode() for part in answer.streaming_content]
        desk.organization.activate()

    rows = list(csv.DictReader(io.StringIO("".join(parts)[1:], newline="")))
    assert [row["start"][:10] for row in rows] == [f"2026-12-0{day}" for day in (7, 4, 3, 2, 1)]
    assert {row["patient"] for row in rows} == {"Cat Ruiz"}
    assert len(parts) == 4  # the titles, and at most two rows at once
    reads = [q for q in few if 'FROM "bookings_appointment"' in q["sql"] and " IN ('" in q["sql"]]
    assert len(reads) == 3
    entry = LogEntry.objects.latest("pk")
    assert entry.user.get_username() == "desk"
    assert entry.change_message == (
        f"Exported 5 rows as CSV: when=ahead; practitioner__id__exact={ada.pk}; a search."
    )


def test_who_may_not_see_a_list_cannot_export_it(desk: Desk) -> None:
    desk.may_only("view_practitioner")

    assert desk.get("bookings/patient/export/").status_code == 403
    assert desk.get("bookings/practitioner/export/").status_code == 200
