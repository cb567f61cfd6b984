"""Messages for staff: call backs and the waitlist, from the phone to the front desk."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from assistants.provisioning.onboarding import Onboarded
from bookings import appointments, merging, undo, waitlist
from bookings.availability.overrides import Overrides
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType, WaitlistEntry
from bookings.outcomes import Booked
from config.operations.scratch import CLINIC
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN, MONDAY, Call, at, wait_until, waiters
from tests.desk import Desk, fields_in

pytestmark = pytest.mark.usefixtures("monday")


def test_a_call_back_is_noted_for_staff(call: Call) -> None:
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


def test_asked_twice_on_one_call_it_is_one_call_back(call: Call) -> None:
    call("request_callback", name="Ben Ode", reason="a bill")
    call("request_callback", name="Ben Ode", reason="a bill, urgently")

    assert [row.reason for row in Callback.objects.all()] == ["a bill, urgently"]


def test_a_second_reason_is_added_to_the_first(call: Call) -> None:
    call("request_callback", name="Ben Ode", reason="a bill", best_time="before nine")
    call("request_callback", name="Ben Ode", reason="the results of my scan")

    row = Callback.objects.get()
    assert row.reason == "a bill; the results of my scan"
    assert row.best_time == "before nine"


@pytest.mark.parametrize("said", [{}, {"reason": ""}, {"reason": "a bill"}, {"reason": "bill"}])
def test_what_was_said_is_not_lost_when_it_is_not_said_again(
    said: dict[str, str], call: Call
) -> None:
    call("request_callback", name="Ben Ode", reason="a bill", best_time="before nine")
    call("request_callback", name="Ben Ode", **said)

    row = Callback.objects.get()
    assert (row.reason, row.best_time) == ("a bill", "before nine")


def test_another_person_is_called_back_as_well(call: Call) -> None:
    call("request_callback", name="Ben Ode", reason="a bill")
    call("request_callback", name="Leo Diaz", reason="needs a retainer")

    assert [(row.name, row.reason) for row in Callback.objects.order_by("pk")] == [
        ("Ben Ode", "a bill"),
        ("Leo Diaz", "needs a retainer"),
    ]


def test_a_name_is_put_right(call: Call) -> None:
    call("request_callback", name="Benn Ode", reason="a bill")
    call("request_callback", name="Ben Ode")

    row = Callback.objects.get()
    assert (row.name, row.reason) == ("Ben Ode", "a bill")


def test_who_is_merged_while_they_ask_to_wait_is_recognised_again(
    committed: Callable[..., Onboarded],
) -> None:
    """The desk is merging an unverified record; its caller joins the waitlist, and waits for it."""
    made = committed(clinic=CLINIC)
    organization = organizations.get(made.org)
    said = {"service": "cleaning", "patient_name": "Ben Ode", "patient_phone": BEN}

    def join(days: str) -> str:
        request = ToolRequest(days, "join_waitlist", {**said, "days": days}, key=None)
        message = VoiceMessage(Kind.TOOLS, "call-1", "")
        try:
            with organizations.within(organization):
                return answering.answer(request, message, now=organization.now())
        finally:
            connection.close()

    with organizations.within(organization):
        assert join("Tuesday").startswith("You're on the waitlist")
        claimed = Patient.objects.get()
        known = Patient.objects.create(name="Ben Ode", name_key="ben ode", phone=BEN)
        with ThreadPoolExecutor(1) as threads:
            with transaction.atomic():
                merging.merge(known, claimed)
                waiting = threads.submit(join, "Friday")
                wait_until(lambda: bool(waiters(connection.connection)))
            heard = waiting.result(timeout=30)

    assert heard.startswith("You're on the waitlist"), heard


def test_added_reasons_end_where_there_is_no_room(call: Call) -> None:
    call("request_callback", name="Ben Ode", reason="a bill " * 60)
    call("request_callback", name="Ben Ode", reason="the results " * 30)

    assert len(Callback.objects.get().reason) == 500


def test_a_long_story_is_noted_as_far_as_there_is_room(call: Call) -> None:
    call("request_callback", name="Ben Ode", reason="a bill " * 200, best_time="noon " * 200)

    row = Callback.objects.get()
    assert (len(row.reason), len(row.best_time)) == (500, 200)


def test_without_a_number_it_is_asked_for(call: Call) -> None:
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
    caller: str, phone: str, is_proven: bool, call: Call, elm: Organization
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
    ("said", "kept", "told"),
    [
        ("", {}, ""),
        ("any day", {}, ""),
        ("whenever", {}, ""),
        (
            "Tuesdays or Thursdays in the morning",
            {"weekdays": [1, 3], "parts": ["morning"]},
            " on a Tuesday or Thursday in the morning",
        ),
        (
            "weekday afternoons",
            {"weekdays": [0, 1, 2, 3, 4], "parts": ["afternoon"]},
            " on a weekday in the afternoon",
        ),
        ("the weekend", {"weekdays": [5, 6]}, " on a weekend"),
        ("Tuesday or Wednesday", {"weekdays": [1, 2]}, " on a Tuesday or Wednesday"),
        ("any day but Monday", {"weekdays": [1, 2, 3, 4, 5, 6]}, " on any day but Monday"),
        (
            "mornings or evenings",
            {"parts": ["morning", "evening"]},
            " in the morning or in the evening",
        ),
        (
            "not in the morning",
            {"parts": ["afternoon", "evening"]},
            " in the afternoon or in the evening",
        ),
        ("before September 10", {"last_day": date(2027, 9, 9)}, " by Thursday, September 9"),
        (
            "from August 24 through September 30",
            {"first_day": date(2027, 8, 24), "last_day": date(2027, 9, 30)},
            " between Tuesday, August 24 and Thursday, September 30",
        ),
        (
            "after 3 pm on weekdays",
            {"weekdays": [0, 1, 2, 3, 4], "starts_from": time(15)},
            " on a weekday from 3:00 PM on",
        ),
        (
            "Tuesday afternoons, but not before two",
            {"weekdays": [1], "parts": ["afternoon"], "starts_from": time(14)},
            " on a Tuesday in the afternoon from 2:00 PM on",
        ),
        (
            "late afternoon",
            {"starts_from": time(15), "starts_before": time(18)},
            " between 3:00 PM and 6:00 PM",
        ),
        (
            "December 3rd or December 8th",
            {"only_days": [date(2026, 12, 3), date(2026, 12, 8)]},
            " on Thursday, December 3 or Tuesday, December 8",
        ),
        (
            "next week but not Monday",
            {
                "first_day": date(2026, 11, 30),
                "last_day": date(2026, 12, 6),
                "excluded_days": [date(2026, 11, 30)],
            },
            " between Monday, November 30 and Sunday, December 6 but not on Monday, November 30",
        ),
        ("antes del viernes", {"last_day": date(2026, 11, 26)}, " by Thursday, November 26"),
    ],
)
def test_a_waiting_patient_is_in_the_queue_with_their_wish(
    said: str, kept: dict[str, Any], told: str, call: Call
) -> None:
    assert call("join_waitlist", **WAIT, days=said) == (
        f"You're on the waitlist for a cleaning{told}. The clinic will call when a time becomes"
        " free. Is there anything else?"
    )
    row = WaitlistEntry.objects.get()
    nothing: dict[str, Any] = {
        "weekdays": [], "parts": [], "only_days": [], "excluded_days": [],
        "first_day": None, "last_day": None, "starts_from": None, "starts_before": None,
    }  # fmt: skip
    assert row.patient.name == "Ben Ode"
    assert {name: getattr(row, name) for name in nothing} == {**nothing, **kept}


@pytest.mark.parametrize(
    "said",
    ["blah blah", "after my surgery", "when I am back", "Tuesdays at 3", "mornings or after 4"],
)
def test_a_wish_that_is_not_understood_is_asked_and_not_lost(said: str, call: Call) -> None:
    assert call("join_waitlist", **WAIT, days=said) == (
        "I'm sorry. I didn't catch which days suit. Which days or parts of the day, or is it any?"
    )
    assert not WaitlistEntry.objects.exists()
    assert not Patient.objects.filter(name="Ben Ode").exists()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("before today", "Sunday, November 22, 2026 has already passed"),
        ("weekdays after 3 Pacific", "What time would that be at the clinic?"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_said(said: str, answer: str, call: Call) -> None:
    assert answer in call("join_waitlist", **WAIT, days=said)
    assert not WaitlistEntry.objects.exists()


def test_a_past_year_of_a_wish_is_understood_and_said(call: Call) -> None:
    heard = call("join_waitlist", **WAIT, days="before December 10, 2024")

    assert heard.startswith("I took the day to be Wednesday, December 9, 2026. You're on the")
    assert WaitlistEntry.objects.get().last_day == date(2026, 12, 9)


def test_a_late_copy_says_what_is_waited_for_now(call: Call) -> None:
    """The wish was changed since: what was told of it holds no longer."""
    call("join_waitlist", id="a", **WAIT, days="Tuesdays")
    call("join_waitlist", id="b", **WAIT, days="Fridays")

    assert "for a cleaning on a Friday." in call("join_waitlist", id="a", **WAIT, days="Tuesdays")
    assert [row.weekdays for row in WaitlistEntry.objects.all()] == [[4]]


def test_the_number_to_be_called_at_is_kept_with_the_place(
    call: Call, ben: Patient, desk: Desk
) -> None:
    wish = {"service": "cleaning", "patient_name": "Ben Ode"}
    call("join_waitlist", **wish, patient_phone="202 555 0144")

    entry = WaitlistEntry.objects.get()
    assert (entry.patient, entry.contact_phone) == (ben, "+12025550144")
    shown = str(desk.get("inbox/").content.decode())
    assert 'asked to be called at <a href="tel:+12025550144">' in shown

    call("join_waitlist", **wish, patient_phone=BEN)

    entry.refresh_from_db()
    assert entry.contact_phone == ""


def test_waiting_twice_is_one_place_in_the_queue(call: Call) -> None:
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
        ({"days": "before December 4"}, True),
        ({"days": "before December 3"}, False),
        ({"days": "from December 3"}, True),
        ({"days": "after December 3"}, False),
        ({"days": "after 2 pm on weekdays"}, True),
        ({"days": "after 3 pm on weekdays"}, False),
        ({"days": "before 3 pm"}, True),
        ({"days": "before 2 pm"}, False),
        ({"days": "December 3rd or 8th"}, True),
        ({"days": "December 4th or 8th"}, False),
        ({"days": "December but not the 3rd"}, False),
        ({"days": "December but not the 4th"}, True),
        ({"days": "mornings or evenings"}, False),
    ],
)
def test_a_time_given_back_is_matched_with_who_would_like_it(
    said: dict[str, str], matches: bool, call: Call, freed: Appointment
) -> None:
    call("join_waitlist", **{**WAIT, **said})

    assert len(waitlist.wanting(freed, now=MONDAY)) == matches


def test_a_time_that_is_taken_again_is_nobodys(call: Call, freed: Appointment) -> None:
    call("join_waitlist", **WAIT)
    call("book_appointment", service="cleaning", start="2026-12-03T14:30", patient_name="Dee Park")

    assert waitlist.wanting(freed, now=MONDAY) == []


def test_staff_are_told_who_waits_in_order_when_they_cancel(
    elm: Organization, call: Call, freed: Appointment
) -> None:
    Appointment.objects.update(status="booked")
    call("join_waitlist", **WAIT)
    call("join_waitlist", **{**WAIT, "patient_name": "Ann Ode"})
    desk = Client(headers={"Host": "elm-street.localhost"})
    desk.force_login(get_user_model().objects.create_superuser("desk"))

    picked = {"action": "cancel", "_selected_action": [str(freed.pk)], "post": "yes"}
    desk.post("/admin/bookings/appointment/", picked)
    page = desk.get("/admin/bookings/appointment/?when=all").content.decode()
    listed = desk.get("/admin/bookings/waitlistentry/").content.decode()
    elm.activate()

    assert "Waiting for Thu 3 Dec 2026 14:30 with Dr. Ada Moss, in order: Ben Ode" in page
    assert page.index("Ben Ode") < page.index("Ann Ode")
    assert "Thu 3 Dec 2026 14:30" in listed


@pytest.mark.parametrize(
    ("then", "free"),
    [
        ("2026-12-04 09:00", "2026-12-03 14:30"),  # moved away
        ("2026-12-03 14:45", "2026-12-03 14:15"),  # by less than its length: it fits beside it
        ("2026-12-03 15:00", "2026-12-03 14:30"),
    ],
)
def test_a_time_a_visit_was_moved_from_is_free_for_the_waitlist(
    then: str,
    free: str,
    call: Call,
    ada: Practitioner,
    cleaning: ServiceType,
    cat: Patient,
) -> None:
    """Either the caller or the desk moved it."""
    call("join_waitlist", **WAIT)
    row = made(ada, cleaning, cat)

    appointments.reschedule(row, start=at(then), now=MONDAY)

    starts = {freed.start for freed in waitlist.given_back(now=MONDAY).values()}
    assert starts == {at(free)}


def test_the_time_a_shorter_visit_frees_is_free_for_the_waitlist(
    call: Call, ada: Practitioner, cleaning: ServiceType, cat: Patient
) -> None:
    call("join_waitlist", **WAIT)
    row = made(ada, cleaning, cat, minutes=60)

    appointments.reschedule(row, start=row.start, now=MONDAY, overrides=Overrides(minutes=30))

    [freed] = waitlist.given_back(now=MONDAY).values()
    assert freed.start == at("2026-12-03 15:00")


def test_the_time_of_an_undone_booking_is_free_for_the_waitlist(
    call: Call, ada: Practitioner, cleaning: ServiceType, cat: Patient
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


def test_staff_see_a_wish_in_words_and_change_it(elm: Organization, call: Call) -> None:
    call("join_waitlist", **WAIT, days="weekdays after 3 pm before September 10")
    entry = WaitlistEntry.objects.get()
    desk = Client(headers={"Host": "elm-street.localhost"})
    desk.force_login(get_user_model().objects.create_superuser("desk"))
    form = {
        "patient": entry.patient_id,
        "service": entry.service_id,
        "practitioner": "",
        "weekdays": ["4"],
        "parts": [],
        "first_day": "2026-12-01",
        "last_day": "2026-12-31",
        "only_days": "",
        "excluded_days": "2026-12-04, 2026-12-11",
        "starts_from": "14:30",
        "starts_before": "",
        "status": "waiting",
    }

    page = desk.get("/admin/bookings/waitlistentry/").content.decode()
    address = f"/admin/bookings/waitlistentry/{entry.pk}/change/"
    asked = desk.get(address).content.decode()
    [form["_version"]] = re.findall(r'name="_version"[^>]*value="([^"]*)"', asked)
    refused = desk.post(address, {**form, "last_day": "2026-11-30"}).content.decode()
    saved = desk.post(address, form)
    elm.activate()

    assert "Monday, Tuesday, Wednesday, Thursday, Friday, until 9 Sep 2027, from 15:00" in page
    assert 'name="starts_from"' in asked
    assert "The last day has to come after the first." in refused
    assert saved.status_code == 302
    entry.refresh_from_db()
    assert entry.wants == (
        "Friday, from 1 Dec 2026, until 31 Dec 2026, not 4 Dec 2026 or 11 Dec 2026, from 14:30"
    )


def test_bounds_that_leave_nothing_are_refused_by_the_database(
    elm: Organization, ben: Patient, cleaning: ServiceType
) -> None:
    for bounds in (
        {"first_day": date(2026, 12, 4), "last_day": date(2026, 12, 3)},
        {"starts_from": time(15), "starts_before": time(15)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            WaitlistEntry.objects.create(patient=ben, service=cleaning, **bounds)
