"""A patient's page: visits as links, what to do next, and the other record of one person."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Call
from bookings.models import Appointment, Callback, Patient, ServiceType, WaitlistEntry
from tests.conftest import BEN, MONDAY, at
from tests.desk import Desk
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")


def page_of(desk: Desk, patient: Patient) -> str:
    found: str = desk.get(f"bookings/patient/{patient.pk}/change/").content.decode()
    return found


def part(page: str, title: str) -> str:
    """What is listed below the heading."""
    return page.split(f"<h2>{title}</h2>")[1].split("</ul>")[0] if title in page else ""


def add(start: str, **changes: Any) -> Appointment:
    made = row(start=at(start), **changes)
    insert(made)
    return made


def test_what_comes_and_what_was_are_links(desk: Desk, ben: Patient) -> None:
    coming = add("2026-12-03 14:30", notes="brings a letter")
    seen = add("2026-11-02 09:00", status="fulfilled")
    missed = add("2026-11-09 09:00", status="noshow")
    called_off = add("2026-12-10 09:00", status="cancelled")
    error = add("2026-11-10 09:00", status="entered-in-error")

    page = page_of(desk, ben)

    assert f"/admin/bookings/appointment/{coming.pk}/change/" in part(page, "Coming")
    assert "brings a letter" in part(page, "Coming")
    past = part(page, "Past")
    for visit in (seen, missed, called_off):
        assert f"/admin/bookings/appointment/{visit.pk}/change/" in past
    assert str(error.pk) not in page
    assert "1 no-show" in page
    assert "1 cancelled" in page


def test_book_again_begins_with_the_patient_and_the_last_service(
    desk: Desk, ben: Patient, root_canal: ServiceType
) -> None:
    add("2026-11-02 09:00", status="fulfilled")
    add("2026-11-09 09:00", status="fulfilled", service=root_canal)

    page = page_of(desk, ben)

    assert "Book again" in page
    assert f"&quot;patient&quot;: &quot;{ben.pk}&quot;" in page
    assert f"&quot;service&quot;: {root_canal.pk}" in page


def test_a_long_past_is_cut_and_the_rest_is_a_link(desk: Desk, ben: Patient) -> None:
    for number in range(22):
        start = at("2026-10-01 09:00") + timedelta(days=number)
        insert(row(start=start, status="fulfilled"))

    page = page_of(desk, ben)

    assert part(page, "Past").count("<li") == 20
    assert "2 earlier" in page
    rest = desk.get(f"bookings/appointment/?patient__id__exact={ben.pk}&when=past")
    assert rest.status_code == 200
    assert rest.content.decode().count("Ben Ode") >= 22


def test_waiting_messages_and_calls_are_there(
    desk: Desk, call: Callable[..., str], ben: Patient, cleaning: ServiceType
) -> None:
    WaitlistEntry.objects.create(patient=ben, service=cleaning, parts=["morning"])
    Callback.objects.create(name="Ben's wife", phone=BEN, reason="a receipt", note="sent")
    Call.objects.create(conversation="call-1", received=MONDAY, summary="Ben asked for a time.")
    call("find_appointments", caller=BEN)

    page = page_of(desk, ben)

    assert "morning" in part(page, "Waiting for a time")
    messages = part(page, "Messages")
    assert "a receipt" in messages
    assert "sent" in messages
    assert "wife" in messages
    assert "Ben asked for a time." in part(page, "Calls")


def test_calls_of_others_are_not_there(
    desk: Desk, call: Callable[..., str], ben: Patient, cat: Patient
) -> None:
    Call.objects.create(conversation="call-1", received=MONDAY, summary="Ben asked for a time.")
    call("find_appointments", caller=BEN)

    assert "Ben asked" not in page_of(desk, cat)


def test_a_patient_without_a_number_has_nobodys_calls(desk: Desk, call: Callable[..., str]) -> None:
    Call.objects.create(conversation="call-1", received=MONDAY, summary="Somebody asked.")
    call("clinic_info", caller="")
    patient = Patient.objects.create(name="Mo")
    Callback.objects.create(name="Mo", phone=BEN)

    page = page_of(desk, patient)

    assert "Somebody asked" not in page
    assert "Messages" not in page


def test_who_may_see_the_record_alone_sees_no_more(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    add("2026-12-03 14:30", notes="brings a letter")
    WaitlistEntry.objects.create(patient=ben, service=cleaning)
    Callback.objects.create(name="Ben Ode", phone=BEN, reason="a receipt")
    desk.may_only("view_patient")

    page = page_of(desk, ben)

    assert "Ben Ode" in page
    for hidden in ("brings a letter", "a receipt", "Waiting", "data-book", "Same person"):
        assert hidden not in page
    assert desk.get(f"same/{ben.pk}/").status_code == 403


def test_the_other_record_is_found_and_leads_to_the_merge(
    desk: Desk, ben: Patient, cat: Patient
) -> None:
    other = Patient.objects.create(name="Benjamin Ode", phone="+12025550123")
    start = desk.get(f"same/{ben.pk}/").content.decode()
    assert str(other.pk) not in start

    found = desk.post(f"same/{ben.pk}/", {"who": "ode"}).content.decode()

    assert f"/admin/bookings/patient/{ben.pk}/merge/{other.pk}/" in found
    assert f"merge/{ben.pk}/" not in found
    assert str(cat.pk) not in found
    merge = desk.get(f"bookings/patient/{ben.pk}/merge/{other.pk}/")
    assert "It cannot be undone." in merge.content.decode()


def test_who_may_be_the_same_is_offered_first(desk: Desk, ben: Patient, cat: Patient) -> None:
    born = date(1985, 3, 4)
    Patient.objects.filter(pk=ben.pk).update(date_of_birth=born)
    slip = Patient.objects.create(name="Benn Ode", date_of_birth=born)
    marked = Patient.objects.create(name="B. O.", claimed_by="+12025550123", may_be=ben)
    twin = Patient.objects.create(name="Zoe Quill", date_of_birth=born)

    page = desk.get(f"same/{ben.pk}/").content.decode()

    assert str(slip.pk) in page
    assert str(marked.pk) in page
    assert str(twin.pk) not in page
    assert str(cat.pk) not in page


def test_without_a_number_nobody_is_offered(desk: Desk, ben: Patient) -> None:
    patient = Patient.objects.create(name="Ben Ode")

    page = desk.get(f"same/{patient.pk}/").content.decode()

    assert str(ben.pk) not in page


def test_what_a_note_says_is_shown_as_text(desk: Desk, ben: Patient) -> None:
    add("2026-12-03 14:30", notes="<img src=x>")

    assert "<img src=x" not in page_of(desk, ben)


def test_a_long_past_asks_the_database_as_often_as_none(desk: Desk, ben: Patient) -> None:
    page_of(desk, ben)
    with CaptureQueriesContext(connection) as none:
        page_of(desk, ben)
    for number in range(30):
        start = at("2026-10-01 09:00") + timedelta(days=number)
        insert(row(start=start, status="fulfilled"))
    with CaptureQueriesContext(connection) as many:
        page_of(desk, ben)

    assert len(many) == len(none)
