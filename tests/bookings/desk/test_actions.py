"""Actions at the desk: asked once with names and times, with a way back, whatever is posted."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from bookings import appointments
from bookings.availability.overrides import Overrides
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import MONDAY, at
from tests.desk import Desk, fields_in
from tests.visits import booked

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def visit(cleaning: ServiceType, ada: Practitioner, ben: Patient) -> Appointment:
    return booked(
        cleaning, ben, "2026-12-03 14:30", MONDAY, practitioner=ada, source="staff", by="rosa"
    )


def pick(desk: Desk, action: str, visit: Appointment, **said: str) -> str:
    picked = {"action": action, "_selected_action": [str(visit.pk)], **said}
    page = desk.post("bookings/appointment/", picked)
    visit.refresh_from_db()
    assert page.status_code in (200, 302)
    return str(page.content.decode() or desk.get("bookings/appointment/?when=all").content.decode())


@pytest.mark.parametrize(
    ("action", "question"),
    [
        ("cancel", "Cancel these appointments?"),
        ("mark_no_show", "Mark these appointments as no-shows?"),
        ("mark_entered_in_error", "Mark these appointments as entered in error?"),
    ],
)
def test_it_is_asked_with_the_name_and_the_time(
    action: str, question: str, desk: Desk, visit: Appointment
) -> None:
    page = pick(desk, action, visit)

    assert question in page
    assert "Ben Ode, Thu 3 Dec 2026 14:30, Cleaning with Dr. Ada Moss" in page
    assert visit.status == "booked"


@pytest.mark.parametrize("reason", ["too long " * 100, "a\0b", "  ", "<script>alert(1)</script>"])
def test_whatever_reason_is_posted_is_kept_as_text(
    reason: str, desk: Desk, visit: Appointment
) -> None:
    page = pick(desk, "cancel", visit, post="yes", reason=reason)

    assert "1 cancelled." in page
    assert visit.cancellation_reason == reason.replace("\0", "").strip()[:500]
    shown = desk.get(f"bookings/appointment/{visit.pk}/change/").content.decode()
    assert "<script>alert" not in shown


@pytest.mark.parametrize("seen", ["-1", "²", "9" * 40, "x", "0"])
def test_an_odd_version_in_a_form_is_another_version_or_none(
    seen: str, desk: Desk, visit: Appointment
) -> None:
    pick(desk, "cancel", visit, post="yes", **{f"seen-{visit.pk}": seen})

    assert visit.status == ("booked" if seen.isdecimal() else "cancelled")


@pytest.mark.parametrize("key", ["0", "9" * 18, "9" * 40])
def test_an_undo_of_nothing_is_no_fault_of_ours(key: str, desk: Desk) -> None:
    assert desk.get(f"bookings/appointment/undo/{key}/").status_code == 404
    assert desk.post(f"bookings/appointment/undo/{key}/", {}).status_code == 404


def test_the_history_says_who_it_was_in_words(desk: Desk, visit: Appointment, call: Any) -> None:
    """A caller's reason stands at the appointment and in the history; a call's id says nothing."""
    call("cancel_appointment", reason="I am travelling", call_id="c0ffee-77")

    page = desk.get(f"bookings/appointment/{visit.pk}/change/").content.decode()

    assert "a caller, by telephone" in page
    assert page.count("I am travelling") == 2
    assert "c0ffee-77" not in page


@pytest.mark.parametrize("gone", ["renamed", "deleted"])
def test_the_history_keeps_who_it_was_when_the_account_is_gone(
    gone: str, desk: Desk, visit: Appointment
) -> None:
    pick(desk, "cancel", visit, post="yes", reason="ill")
    account = get_user_model().objects.get(username=visit.changes.get(kind="cancelled").by)
    name = account.username
    superuser = get_user_model().objects.create_superuser("another")
    if gone == "renamed":
        account.username = "somebody-else"
        account.save()
    else:
        account.delete()
    desk.client.force_login(superuser)

    page = desk.get(f"bookings/appointment/{visit.pk}/change/").content.decode()

    assert name in page
    assert "by telephone" not in page


def test_an_undo_says_how_it_will_stand_in_words(desk: Desk, visit: Appointment) -> None:
    booked = visit.changes.get()

    page = desk.get(f"bookings/appointment/undo/{booked.pk}/").content.decode()

    assert "It will stand as before:\n        entered in error, Thu 3 Dec 2026 14:30" in page


@pytest.mark.parametrize("action", ["cancel", "mark_no_show", "mark_entered_in_error"])
@pytest.mark.parametrize("list_of", ["all", "ahead"])
def test_a_reason_is_kept_where_a_visit_was_changed_meanwhile(
    list_of: str, action: str, desk: Desk, visit: Appointment
) -> None:
    """It is asked again with the visit as it is now, also if the list no longer holds it."""
    asked = {"action": action, "_selected_action": [str(visit.pk)]}
    page = f"bookings/appointment/?when={list_of}"
    typed = {**asked, **fields_in(desk.post(page, asked)), "reason": "ill"}
    anytime = Overrides(hours=True)
    past = at("2026-11-20 14:30")
    appointments.reschedule(visit, start=past, now=MONDAY, by="mila", overrides=anytime)

    again = desk.post(page, typed)

    told = again.content.decode()
    assert "It has been changed since you looked: rescheduled by mila" in told
    assert "Fri 20 Nov 2026 14:30" in told
    assert fields_in(again)["reason"] == "ill"
    desk.post(page, {**asked, **fields_in(again)})
    visit.refresh_from_db()
    assert visit.status != "booked"
    assert visit.changes.values_list("reason", flat=True).last() == "ill"
