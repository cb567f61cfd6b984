"""What a caller would rather have: heard, remembered for the call, and honoured in alternatives."""

from datetime import time

import pytest

from assistants.conversation import Caller
from assistants.tools import preferences
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.preferences import Preference
from tests.conftest import BEN, MONDAY, Booked, Call, at

pytestmark = pytest.mark.usefixtures("monday")

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("", set()),
        ("any time", set()),
        ("Tuesdays or Thursdays in the morning", {TUE, THU}),
        ("not Tuesday", {MON, WED, THU, FRI, SAT, SUN}),
        ("any day but Tuesday", {MON, WED, THU, FRI, SAT, SUN}),
        ("I can't do Mondays", {TUE, WED, THU, FRI, SAT, SUN}),
        ("not Tuesday, Thursday would be good", {THU}),
        ("Mondays don't work but Wednesdays do", {WED}),
        ("weekends", {SAT, SUN}),
        ("any weekday", {MON, TUE, WED, THU, FRI}),
        ("not before ten on Friday", {FRI}),
    ],
)
@pytest.mark.usefixtures("elm")
def test_weekdays_are_liked_or_left_out(said: str, days: set[int]) -> None:
    assert preferences.weekdays_in(said, now=MONDAY) == days


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("mornings", (time(5), time(12))),
        ("Tuesday afternoons", (time(12), time(18))),
        ("mornings, but not Tuesday", (time(5), time(12))),
        ("after 5", (time(17), None)),
        ("whenever", (None, None)),
    ],
)
@pytest.mark.usefixtures("elm")
def test_hours_are_heard_whatever_stands_beside_them(
    said: str, hours: tuple[time | None, time | None]
) -> None:
    heard = preferences.hours_in(said, now=MONDAY)

    assert (heard.earliest, heard.latest) == hours


def test_a_call_remembers_the_newest_word_on_each(call: Call, ada: Practitioner) -> None:
    for said in (
        {"time_preference": "mornings, not Tuesday"},
        {"time_preference": "after 3 pm", "practitioner": "Dr. Moss"},
        {"date": "2026-12-03"},
    ):
        call("check_availability", service="cleaning", **said)

    heard = preferences.of_call(Caller(BEN, "call-1"), now=MONDAY)

    assert heard == Preference(time(15), None, frozenset({MON, WED, THU, FRI, SAT, SUN}), ada.pk)
    assert preferences.of_call(Caller(BEN, "call-2"), now=MONDAY) == Preference()


# --- V02: a conflict is answered with what this caller asked for

TAKEN = {"service": "consultation", "patient_name": "Ben Ode"}


@pytest.fixture
def nine_is_taken(
    ada: Practitioner, bo: Practitioner, consultation: ServiceType, cat: Patient
) -> None:
    """Thursday, December 3 at nine, with either of them."""
    dee = Patient.objects.create(name="Dee Park", phone="+12025550199")
    for person, patient in ((ada, cat), (bo, dee)):
        Appointment.objects.create(
            practitioner=person,
            service=consultation,
            patient=patient,
            start=at("2026-12-03 09:00"),
            source="staff",
        )


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ({}, "9:30 AM, 9:45 AM, or 10:00 AM"),
        ({"time_preference": "after 3 pm"}, "3:00 PM, 3:15 PM, or 3:30 PM"),
        ({"time_preference": "mornings"}, "9:30 AM, 9:45 AM, or 10:00 AM"),
        (
            {"time_preference": "not Thursday"},
            "Wednesday, December 2 at 9:00 AM; or Friday, December 4 at 9:00 AM or 9:15 AM",
        ),
        (
            {"time_preference": "Tuesdays at the earliest time"},
            "Tuesday, December 1 at 9:00 AM, 9:15 AM, or 9:30 AM",
        ),
    ],
)
@pytest.mark.usefixtures("nine_is_taken")
def test_alternatives_are_what_the_call_asked_for(
    said: dict[str, str], then: str, call: Call
) -> None:
    """V01, V02."""
    call("check_availability", service="consultation", **said)

    heard = call("book_appointment", start="2026-12-03T09:00", **TAKEN)

    assert f"I have {then} available" in heard
    assert heard == call("book_appointment", start="2026-12-03T09:00", **TAKEN)


@pytest.mark.usefixtures("nine_is_taken")
def test_one_practitioner_only_is_one_practitioner_only(
    call: Call, bo: Practitioner, consultation: ServiceType
) -> None:
    """V02: Bo has nothing else that day, Ada has."""
    for hour in range(9, 17):
        for minute in ("00", "30"):
            patient = Patient.objects.create(name=f"Patient at {hour}:{minute}")
            start = at(f"2026-12-03 {hour:02}:{minute}")
            if hour != 12 and start != at("2026-12-03 09:00"):
                Appointment.objects.create(
                    practitioner=bo,
                    service=consultation,
                    patient=patient,
                    start=start,
                    source="staff",
                )

    heard = call("book_appointment", start="2026-12-03T09:00", practitioner="Dr. Lind", **TAKEN)

    assert "Wednesday, December 2 at 9:00 AM; or Friday, December 4 at 9:00 AM or 9:15 AM" in heard


@pytest.mark.usefixtures("nine_is_taken")
def test_every_alternative_is_booked_when_it_is_asked_for(call: Call, booked: Booked) -> None:
    """V01, A01: what a conflict is answered with can be had at that moment."""
    call("check_availability", service="consultation", time_preference="after 3 pm")
    call("book_appointment", start="2026-12-03T09:00", **TAKEN)

    for number, hour in enumerate(("15:00", "15:15", "15:30")):
        said = {**TAKEN, "patient_name": f"Patient {'ABC'[number]}"}
        heard = call("book_appointment", start=f"2026-12-03T{hour}", **said)
        assert heard.startswith("You're booked")
    assert len(booked()) == 5


@pytest.mark.usefixtures("nine_is_taken")
def test_an_alternative_that_is_taken_meanwhile_is_answered_with_three_again(call: Call) -> None:
    """V03."""
    call("book_appointment", start="2026-12-03T09:00", **TAKEN)
    for name, person in (("Eve Holm", "Dr. Moss"), ("Fay Dunn", "Dr. Lind")):
        call(
            "book_appointment",
            call_id=name,
            caller="",
            service="consultation",
            start="2026-12-03T09:30",
            patient_name=name,
            patient_phone="(202) 555-0101",
            practitioner=person,
        )

    heard = call("book_appointment", start="2026-12-03T09:30", **TAKEN)

    assert "just taken. I have 10:00 AM, 10:15 AM, or 10:30 AM available" in heard
