"""The inbox: callbacks with the urgent first, whom a freed time suits, what callers changed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.models import Call
from bookings import appointments, attendance
from bookings.desk import inbox
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked
from tests.conftest import BEN, MONDAY, at
from tests.desk import Desk
from tests.visits import book, insert, row

pytestmark = pytest.mark.usefixtures("monday")


def page(desk: Desk) -> str:
    return str(desk.get("inbox/").content.decode())


def ask(name: str = "Ben Ode", **said: Any) -> Callback:
    return Callback.objects.create(**{"name": name, "phone": BEN, **said})


def post(desk: Desk, address: str, **said: Any) -> Any:
    return desk.post(address.removeprefix("/admin/"), said)


def booked(service: ServiceType, patient: Patient, start: str, **more: Any) -> Appointment:
    outcome = book(service, patient, start, MONDAY, **more)
    assert isinstance(outcome, Booked)
    return outcome.appointment


# --- callbacks


def test_the_urgent_come_first_and_each_can_be_dialled(desk: Desk) -> None:
    ask("Ann Lee", reason="wants a receipt")
    ask("Bob Roe", reason="Severe pain since yesterday")
    ask("Eva Paz", reason="No puedo respirar bien")
    ask("Ida Oak", reason="asks about Spain and the dormitory")

    shown = page(desk)

    order = [shown.index(name) for name in ("Bob Roe", "Eva Paz", "Ann Lee", "Ida Oak")]
    assert order == sorted(order)
    assert shown.count("! urgent") == 2
    assert shown.count(f'href="tel:{BEN}"') == 4


def test_a_callback_leads_to_its_call(desk: Desk) -> None:
    call = Call.objects.create(conversation="call-1")
    ask(conversation="call-1")

    assert f"/admin/assistants/call/{call.pk}/change/" in page(desk)


def test_done_keeps_who_and_when_and_what_came_of_it(desk: Desk) -> None:
    callback = ask()

    answer = post(desk, f"inbox/callback/{callback.pk}/done/", note="Comes on Friday\0")

    callback.refresh_from_db()
    assert answer.json()["said"] == "Done: Ben Ode."
    assert (callback.status, callback.done_by, callback.done_at, callback.note) == (
        "done", "desk", MONDAY, "Comes on Friday",
    )  # fmt: skip
    assert "Ben Ode, desk at 08:00: Comes on Friday" in page(desk)
    history = desk.get(f"bookings/callback/{callback.pk}/history/").content.decode()
    assert "Done." in history


def test_done_is_taken_back_unless_somebody_called_again(desk: Desk, monday: datetime) -> None:
    callback = ask()
    undo = post(desk, f"inbox/callback/{callback.pk}/done/", note="x").json()["undo"]

    assert post(desk, undo).status_code == 200
    callback.refresh_from_db()
    assert (callback.status, callback.done_by, callback.done_at) == ("pending", "", None)

    later = monday + timedelta(minutes=5)
    Callback.objects.update(status="done", done_by="mila", done_at=later)
    refused = post(desk, undo)
    callback.refresh_from_db()
    assert (refused.status_code, callback.status) == (409, "done")
    assert refused.json()["said"] == "mila has called again since."


def test_who_calls_at_the_same_time_is_told_of_the_other(desk: Desk) -> None:
    callback = ask(owner="mila")

    taken = post(desk, f"inbox/callback/{callback.pk}/take/")
    Callback.objects.update(status="done", done_by="mila")
    done = post(desk, f"inbox/callback/{callback.pk}/done/", note="mine")

    callback.refresh_from_db()
    assert (taken.status_code, done.status_code, callback.note) == (409, 409, "")
    assert taken.json()["said"] == "mila has taken Ben Ode on."
    assert done.json()["said"] == "mila has called Ben Ode already."


def test_a_callback_is_taken_on_and_given_back(desk: Desk) -> None:
    callback = ask()

    post(desk, f"inbox/callback/{callback.pk}/take/")
    callback.refresh_from_db()
    assert callback.owner == "desk"
    assert "Give back" in page(desk)

    post(desk, f"inbox/callback/{callback.pk}/release/")
    callback.refresh_from_db()
    assert callback.owner == ""


@pytest.mark.parametrize("path", ["inbox/callback/{}/done/", "inbox/callback/{}/fly/"])
def test_a_callback_that_is_gone_or_a_step_that_is_none(path: str, desk: Desk) -> None:
    callback = ask()
    gone = callback.pk
    assert post(desk, path.format(gone)).status_code == (200 if "done" in path else 400)
    callback.delete()

    assert post(desk, path.format(gone)).status_code == (409 if "done" in path else 400)


def test_the_list_marks_who_did_it_as_well(desk: Desk) -> None:
    callback = ask()

    desk.post("bookings/callback/", {"action": "mark_done", "_selected_action": [str(callback.pk)]})

    callback.refresh_from_db()
    assert (callback.done_by, callback.done_at) == ("desk", MONDAY)


def test_its_page_keeps_who_did_it_and_forgets_it_again(desk: Desk) -> None:
    callback = ask()

    for status, *expected in (("done", "desk", MONDAY), ("pending", "", None)):
        said = {"name": "Ben Ode", "phone": BEN, "status": status}
        desk.post(f"bookings/callback/{callback.pk}/change/", said)

        callback.refresh_from_db()
        assert [callback.done_by, callback.done_at] == expected


def test_the_sidebar_counts_them(desk: Desk) -> None:
    def badge() -> Any:
        pages = desk.get("password_change/").context["sidebar_navigation"][0]["items"]
        return next(item["badge"] for item in pages if item["title"] == "Inbox")

    assert badge() == ""
    ask()
    ask("Cat Ruiz", status="done")
    assert badge() == "1"
    refreshed = desk.get("inbox/?part=live").content.decode()
    assert 'id="badge-inbox" hx-swap-oob="true">1</span>' in refreshed
    assert desk.get("inbox/").content.decode().count('id="badge-inbox"') == 1


# --- the waitlist


def test_who_could_have_a_freed_time_comes_first_with_a_button_that_books_it(
    desk: Desk, cleaning: ServiceType, root_canal: ServiceType, ada: Practitioner, ben: Patient,
    cat: Patient,
) -> None:  # fmt: skip
    first = Patient.objects.create(name="Ann Lee", phone="+12025550111")
    first.waiting.create(service=cleaning, starts_from="16:00")
    entry = cat.waiting.create(service=cleaning)
    visit = booked(cleaning, ben, "2026-12-03 14:30", practitioner=ada)
    appointments.cancel(visit, now=MONDAY, by="rosa")

    shown = page(desk)

    assert shown.index("Cat Ruiz") < shown.index("Ann Lee")
    assert "Free: Thu 3 Dec, 14:30 with Dr. Ada Moss" in shown
    assert f"&quot;waitlist&quot;: {entry.pk}" in shown
    assert f"&quot;patient&quot;: &quot;{cat.pk}&quot;" in shown
    assert "&quot;start&quot;: &quot;2026-12-03T14:30:00-05:00&quot;" in shown
    assert shown.count("Book this time") == 1


def test_who_waits_no_longer_waits_again_on_undo(
    desk: Desk, cleaning: ServiceType, cat: Patient
) -> None:
    entry = cat.waiting.create(service=cleaning)

    undo = post(desk, f"inbox/waiting/{entry.pk}/done/").json()["undo"]
    entry.refresh_from_db()
    assert entry.status == "done"
    assert "Nobody waits for a time." in page(desk)

    assert post(desk, undo).status_code == 200
    entry.refresh_from_db()
    assert entry.status == "waiting"


def test_nobody_waits_twice_for_the_same(desk: Desk, cleaning: ServiceType, cat: Patient) -> None:
    entry = cat.waiting.create(service=cleaning)
    undo = post(desk, f"inbox/waiting/{entry.pk}/done/").json()["undo"]
    cat.waiting.create(service=cleaning)

    refused = post(desk, undo)

    entry.refresh_from_db()
    assert (refused.status_code, entry.status) == (409, "done")


# --- what callers changed


def test_what_callers_changed_is_shown_until_it_was_seen(
    desk: Desk, cleaning: ServiceType, ben: Patient
) -> None:
    visit = booked(cleaning, ben, "2026-12-03 14:30", by="call-1")
    attendance.mark(visit, Appointment.Status.ARRIVED, now=MONDAY, by="rosa")
    shown = desk.get("inbox/")
    assert [change.kind for change in shown.context["news"]] == ["booked"]
    until = shown.context["news"][0].at.isoformat()

    undo = post(desk, "inbox/seen/", until=until).json()["undo"]

    assert "Nothing since you last looked." in page(desk)
    assert post(desk, undo).status_code == 200
    assert "Nothing since you last looked." not in page(desk)


def test_what_one_has_seen_another_has_not(desk: Desk, cleaning: ServiceType, ben: Patient) -> None:
    booked(cleaning, ben, "2026-12-03 14:30", by="call-1")
    post(desk, "inbox/seen/", until=MONDAY.isoformat())

    desk.client.force_login(get_user_model().objects.create_superuser("mila"))

    assert "Nothing since you last looked." not in page(desk)


@pytest.mark.parametrize("until", ["", "x", "2026-11-23", "2026-11-23T08:00:00", "9" * 40])
def test_seen_until_nothing_is_bad_input(until: str, desk: Desk) -> None:
    assert post(desk, "inbox/seen/", until=until).status_code == 400


# --- strays, rights, queries


def test_a_visit_outside_the_hours_is_listed(
    desk: Desk, ben: Patient, ada: Practitioner, cleaning: ServiceType
) -> None:
    insert(row(start=at("2026-12-03 22:00")))

    shown = page(desk)

    assert "Thu 3 Dec, 22:00 with Dr. Ada Moss" in shown
    assert 'href="/admin/calendar/?view=day&amp;date=2026-12-03"' in shown


def test_everybody_sees_what_they_may(
    desk: Desk, cleaning: ServiceType, ben: Patient, cat: Patient
) -> None:
    callback = ask("Ann Lee")
    cat.waiting.create(service=cleaning)
    booked(cleaning, ben, "2026-12-03 14:30", by="call-1")
    desk.may_only("view_callback")

    shown = page(desk)

    assert "Ann Lee" in shown
    assert "Cat Ruiz" not in shown
    assert "Ben Ode" not in shown
    assert "data-post" not in shown
    assert post(desk, f"inbox/callback/{callback.pk}/done/").status_code == 403
    desk.may_only()
    assert desk.get("inbox/").status_code == 403


def test_a_long_inbox_asks_the_database_as_often_as_a_short_one(
    desk: Desk, cleaning: ServiceType, ada: Practitioner
) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            patient = Patient.objects.create(name=f"P {number}", phone=f"+1202555{number:04}")
            patient.waiting.create(service=cleaning)
            ask(f"C {number}", conversation=f"call-{number}")
            start = at("2026-12-03 20:00") + timedelta(minutes=30 * number)
            insert(row(start=start, patient=patient))
            gone = row(start=start + timedelta(days=20), patient=patient, status="cancelled")
            insert(gone)

    fill(range(2))
    desk.get("inbox/")
    with CaptureQueriesContext(connection) as short:
        desk.get("inbox/")
    fill(range(2, 30))

    with CaptureQueriesContext(connection) as long:
        desk.get("inbox/")

    assert len(long) == len(short)


def test_a_list_that_is_too_long_says_so_and_skips_nothing(
    desk: Desk, ben: Patient, cleaning: ServiceType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "MOST_SHOWN", 2)
    for day in (1, 2, 3):
        visit = booked(cleaning, ben, f"2026-12-0{day} 09:00", by=f"call-{day}")
        visit.changes.update(at=MONDAY - timedelta(hours=4 - day))
        insert(row(start=at(f"2026-12-0{day} 22:00")))
    for name in ("Ann Lee", "Bob Roe"):
        ask(name)
    ask("Eva Paz", reason="severe pain")

    shown = desk.get("inbox/")

    assert shown.content.decode().count("<span>2 of 3</span>") == 3
    assert [wish.row.name for wish in shown.context["callbacks"]] == ["Eva Paz", "Ann Lee"]
    post(desk, "inbox/seen/", until=shown.context["news"][0].at.isoformat())
    (left,) = desk.get("inbox/").context["news"]
    assert left.appointment.start == at("2026-12-03 09:00")


# --- the strip of the start page


def test_the_strip_is_empty_when_all_is_well(desk: Desk) -> None:
    assert desk.get("notices/").content.decode().strip() == ""


def test_the_strip_leads_to_what_needs_a_look(
    desk: Desk, cleaning: ServiceType, ada: Practitioner, ben: Patient, cat: Patient
) -> None:
    ask(reason="pain")
    cat.waiting.create(service=cleaning)
    visit = booked(cleaning, ben, "2026-12-03 14:30", practitioner=ada)
    appointments.cancel(visit, now=MONDAY, by="rosa")
    insert(row(start=at("2026-12-04 22:00")))
    Call.objects.create(conversation="call-9", ended_reason="pipeline-error-voice", received=MONDAY)
    Call.objects.create(
        conversation="call-8", ended_reason="pipeline-error", received=MONDAY - timedelta(days=1)
    )

    strip = desk.get("notices/").content.decode()

    assert "1 callback, 1 urgent" in strip
    assert 'aria-label="Call Ben Ode, +12025550177"' in strip
    assert "1 patient on the waitlist could have a freed time" in strip
    assert "1 visit outside hours" in strip
    assert "1 call failed today" in strip
    assert 'href="/admin/inbox/#callbacks"' in strip
    calls = desk.get("assistants/call/?failed=today")
    assert [call.conversation for call in calls.context["cl"].result_list] == ["call-9"]


@pytest.mark.parametrize("typed", ["(202) 555-0177", "+1 202 555 0177"])
def test_staff_write_the_number_of_a_callback_as_they_dial_it(typed: str, desk: Desk) -> None:
    desk.post("bookings/callback/add/", {"name": "Ann Lee", "phone": typed, "status": "pending"})

    assert Callback.objects.get().phone == "+12025550177"


def test_a_callback_refuses_an_extension_and_loses_nothing(desk: Desk) -> None:
    typed = "(202) 555-0177 ext. 4"

    page = desk.post(
        "bookings/callback/add/", {"name": "Ann Lee", "phone": typed, "status": "pending"}
    ).content.decode()

    assert "There is no room for an extension here" in page
    assert typed in page
    assert not Callback.objects.exists()
