"""Messages for staff: call backs and the waitlist, from the phone to the front desk."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from bookings import appointments, undo, waitlist
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType, WaitlistEntry
from bookings.outcomes import Booked
from bookings.overrides import Overrides
from bookings.waitlist import Freed
from tenants.models import Organization
from tests.bookings.test_admin import Desk
from tests.conftest import BEN, MONDAY, at
from tests.desk import fields_in

pytestmark = pytest.mark.usefixtures("monday")


def test_a_call_back_is_noted_for_staff(call: Callable[..., str]) -> None:
    sentence = call(
        "request_callback", name="Ben Ode", reason="a bill", best_time="tomorrow morning"
    )

    assert sentence == (
        "I've asked the clinic to call you back at the number ending in 0 1 7 7."
        " Is there anything else?"
    )
    row = Callback.objects.get()
    assert (row.name, row.phone, row.reason, row.best_time, row.status) == (
        "Ben Ode",
        BEN,
        "a bill",
        "tomorrow morning",
        "pending",
    )


def test_asked_twice_on_one_call_it_is_one_call_back(call: Callable[..., str]) -> None:
    call("request_callback", name="Ben Ode", reason="a bill")
    call("request_callback", name="Ben Ode", reason="a bill, urgently")

    assert [row.reason for row in Callback.objects.all()] == ["a bill, urgently"]


def test_a_long_story_is_noted_as_far_as_there_is_room(call: Callable[..., str]) -> None:
    call("request_callback", name="Ben Ode", reason="a bill " * 200, best_time="noon " * 200)

    row = Callback.objects.get()
    assert (len(row.reason), len(row.best_time)) == (500, 200)


def test_without_a_number_it_is_asked_for(call: Callable[..., str]) -> None:
    assert call("request_callback", caller="", name="Ben Ode") == (
        "I still need a phone number. Could you tell me?"
    )
    assert not Callback.objects.exists()


@pytest.mark.parametrize(
    ("caller", "phone", "is_proven"),
    [
        (BEN, "", True),
        (BEN, "202 555 0177", True),
        (BEN, "415 555 0123", False),
        ("", "415 555 0123", False),
        ("+266696687", "202 555 0177", False),
    ],
)
def test_a_number_that_was_only_said_is_noted_as_such(
    caller: str, phone: str, is_proven: bool, call: Callable[..., str], elm: Organization
) -> None:
    """P04: it is taken down all the same, and staff see that it may be anybody's."""
    heard = call("request_callback", caller=caller, name="Ben Ode", phone=phone)

    row = Callback.objects.get()
    assert heard.startswith("I've asked the clinic to call you back")
    assert row.phone_is_proven is is_proven
    shown = "The one that called" if is_proven else "Said, not proven"
    desk = Desk(elm)
    change = f"bookings/callback/{row.pk}/change/"
    for page in ("bookings/callback/", change):
        assert shown in desk.get(page).content.decode()

    # Another number, which staff write, is no caller's.
    desk.post(change, {**fields_in(desk.get(change)), "phone": "+14155550199"})
    written = Callback.objects.get()
    assert (written.phone, written.phone_is_proven) == ("+14155550199", None)


WAIT: dict[str, Any] = {"service": "cleaning", "patient_name": "Ben Ode"}


@pytest.mark.parametrize(
    ("said", "weekdays", "parts"),
    [
        ("", [], []),
        ("any day", [], []),
        ("Tuesdays or Thursdays in the morning", [1, 3], ["morning"]),
        ("weekday afternoons", [0, 1, 2, 3, 4], ["afternoon"]),
        ("the weekend", [5, 6], []),
    ],
)
def test_who_waits_is_in_the_queue_with_what_they_want(
    said: str, weekdays: list[int], parts: list[str], call: Callable[..., str]
) -> None:
    assert call("join_waitlist", **WAIT, days=said) == (
        "You're on the waitlist for a cleaning. The clinic will call when a time becomes free."
        " Is there anything else?"
    )
    row = WaitlistEntry.objects.get()
    assert (row.patient.name, row.weekdays, row.parts) == ("Ben Ode", weekdays, parts)


def test_waiting_twice_is_one_place_in_the_queue(call: Callable[..., str]) -> None:
    call("join_waitlist", **WAIT, days="Tuesdays")
    call("join_waitlist", **WAIT, days="Fridays")

    assert [row.weekdays for row in WaitlistEntry.objects.all()] == [[4]]


@pytest.fixture
def freed(ada: Practitioner, cleaning: ServiceType, cat: Patient) -> Appointment:
    """Cat's cleaning on Thursday afternoon, given back."""
    return Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=cat,
        start=at("2026-12-03 14:30"),
        source="voice",
        status="cancelled",
    )


def given_back(row: Appointment) -> Freed:
    return Freed(row.practitioner, row.start)


@pytest.mark.parametrize(
    ("said", "matches"),
    [
        ({}, True),
        ({"days": "Thursdays"}, True),
        ({"days": "Fridays"}, False),
        ({"days": "Thursday mornings"}, False),
        ({"days": "afternoons"}, True),
        ({"practitioner": "Ada Moss"}, True),
        ({"service": "consultation", "practitioner": "Bo Lind"}, False),
        ({"service": "root canal"}, True),
    ],
)
def test_a_time_given_back_is_matched_with_who_would_like_it(
    said: dict[str, str], matches: bool, call: Callable[..., str], freed: Appointment
) -> None:
    call("join_waitlist", **{**WAIT, **said})

    assert len(waitlist.wanting(given_back(freed), now=MONDAY)) == matches


def test_a_time_that_is_taken_again_is_nobodys(
    call: Callable[..., str], freed: Appointment
) -> None:
    call("join_waitlist", **WAIT)
    call("book_appointment", service="cleaning", start="2026-12-03T14:30", patient_name="Dee Park")

    assert waitlist.wanting(given_back(freed), now=MONDAY) == []


def test_staff_are_told_who_waits_in_order_when_they_cancel(
    elm: Organization, call: Callable[..., str], freed: Appointment
) -> None:
    Appointment.objects.update(status="booked")
    call("join_waitlist", **WAIT)
    call("join_waitlist", **{**WAIT, "patient_name": "Ann Ode"})
    desk = Client(headers={"Host": "elm-street.localhost"})
    desk.force_login(get_user_model().objects.create_superuser("desk"))

    picked = {"action": "cancel", "_selected_action": [str(freed.pk)], "post": "yes"}
    desk.post("/admin/bookings/appointment/", picked)
    page = desk.get("/admin/bookings/appointment/").content.decode()
    listed = desk.get("/admin/bookings/waitlistentry/").content.decode()
    elm.activate()

    assert "Waiting for Thu 03 Dec 2026 14:30 with Dr. Ada Moss, in order: Ben Ode" in page
    assert page.index("Ben Ode") < page.index("Ann Ode")
    assert "Thu 03 Dec 2026 14:30" in listed


@pytest.mark.parametrize(
    ("then", "free"),
    [
        ("2026-12-04 09:00", "2026-12-03 14:30"),  # moved away
        ("2026-12-03 14:45", None),  # by less than its length: no visit fits before it
        ("2026-12-03 15:00", "2026-12-03 14:30"),
    ],
)
def test_a_time_a_visit_was_moved_from_is_free_for_who_waits(
    then: str,
    free: str | None,
    call: Callable[..., str],
    ada: Practitioner,
    cleaning: ServiceType,
    cat: Patient,
) -> None:
    """By the caller or at the desk."""
    call("join_waitlist", **WAIT)
    row = made(ada, cleaning, cat)

    appointments.reschedule(row, start=at(then), now=MONDAY)

    starts = {freed.start for freed in waitlist.given_back(now=MONDAY).values()}
    assert starts == ({at(free)} if free else set())


def test_what_a_visit_leaves_at_its_end_is_free_for_who_waits(
    call: Callable[..., str], ada: Practitioner, cleaning: ServiceType, cat: Patient
) -> None:
    call("join_waitlist", **WAIT)
    row = made(ada, cleaning, cat, minutes=60)

    appointments.reschedule(row, start=row.start, now=MONDAY, overrides=Overrides(minutes=30))

    [freed] = waitlist.given_back(now=MONDAY).values()
    assert freed.start == at("2026-12-03 15:00")


def test_a_booking_that_is_undone_is_free_for_who_waits(
    call: Callable[..., str], ada: Practitioner, cleaning: ServiceType, cat: Patient
) -> None:
    call("join_waitlist", **WAIT)
    row = made(ada, cleaning, cat)
    assert waitlist.given_back(now=MONDAY) == {}

    undo.undo(row.changes.get(), now=MONDAY, by="rosa")

    [freed] = waitlist.given_back(now=MONDAY).values()
    assert freed.start == at("2026-12-03 14:30")


def made(
    who: Practitioner, service: ServiceType, patient: Patient, *, minutes: int | None = None
) -> Appointment:
    outcome = appointments.book(
        service=service,
        start=at("2026-12-03 14:30"),
        patient=patient,
        practitioner=who,
        source=Appointment.Source.STAFF,
        by="rosa",
        now=MONDAY,
        overrides=Overrides(minutes=minutes),
    )
    assert isinstance(outcome, Booked)
    return outcome.appointment
