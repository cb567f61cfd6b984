"""Wishes: words that name no one time are answered with times that fit, and no bare question."""

from datetime import datetime, time
from typing import Any

import pytest

from bookings.models import Appointment, Offer, Patient, Practitioner, ServiceType
from tests.conftest import NEW_YORK, Call, at

pytestmark = pytest.mark.usefixtures("monday")
BOOKING = {"service": "cleaning", "patient_name": "Ben Ode"}
DAY_END = time(23, 59)
# What is said, the days it may be of (November 2026), and the hours.
WISHES = [
    ("Tuesday after lunch", (24, 24), time(12), DAY_END),
    ("next Monday", (30, 30), time(0), DAY_END),
    ("the first opening", (23, 23), time(0), DAY_END),
    ("the first you have", (23, 23), time(0), DAY_END),
    ("as soon as possible", (23, 23), time(0), DAY_END),
    ("whenever", (23, 23), time(0), DAY_END),
    ("in the afternoon", (23, 30), time(12), time(18)),
    ("mornings", (23, 30), time(0), time(12)),
    ("after 3", (23, 30), time(15), DAY_END),
    ("between 2 and 4", (23, 30), time(14), time(16)),
    ("14:00-15:00", (23, 30), time(14), time(15)),
    ("late afternoon", (23, 30), time(15), time(18)),
    ("Thursday afternoon", (26, 26), time(12), time(18)),
]


@pytest.fixture
def visit(ada: Practitioner, ben: Patient, cleaning: ServiceType) -> Appointment:
    return Appointment.objects.create(
        practitioner=ada, patient=ben, service=cleaning, start=at("2026-12-10 09:00")
    )


def offered() -> list[datetime]:
    return [row.start.astimezone(NEW_YORK) for row in Offer.objects.order_by("position")]


@pytest.mark.parametrize("argument", ["start", "date", "time"])
@pytest.mark.parametrize(("said", "days", "earliest", "latest"), WISHES)
def test_a_wish_in_booking_is_answered_with_times_that_fit(
    argument: str, said: str, days: tuple[int, int], earliest: time, latest: time, call: Call
) -> None:
    heard = call("book_appointment", **BOOKING, **{argument: said})

    assert heard.startswith("For a cleaning")
    assert heard.endswith("Which would you like?")
    found = offered()
    assert len(found) == 3
    assert all(days[0] <= start.day <= days[1] for start in found)
    assert all(earliest <= start.time() < latest for start in found)
    assert not Appointment.objects.exists()


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize(("said", "days", "earliest", "latest"), WISHES)
def test_a_wish_in_moving_is_answered_with_times_that_fit(
    said: str, days: tuple[int, int], earliest: time, latest: time, call: Call
) -> None:
    """Hours alone are of the day that the visit has; “mornings” are of any day."""
    first, last = (10, 10) if days == (23, 30) and said != "mornings" else days

    heard = call("reschedule_appointment", start=said)

    assert heard.endswith("Which would you like?")
    found = offered()
    assert len(found) == 3
    assert all(first <= start.day <= last for start in found)
    assert all(earliest <= start.time() < latest for start in found)
    assert Appointment.objects.get().start == at("2026-12-10 09:00")


@pytest.mark.parametrize("said", ["evening", "17:00-18:00"])
def test_hours_nobody_works_are_answered_with_the_nearest(said: str, call: Call) -> None:
    heard = call("book_appointment", **BOOKING, start=said)

    assert heard.startswith("I'm sorry, I have nothing open for a cleaning then.")
    assert len(offered()) == 3


def test_what_was_offered_for_a_wish_is_kept_and_taken(call: Call) -> None:
    call("book_appointment", **BOOKING, start="in the afternoon")
    second = offered()[1]

    other = call(
        "book_appointment", "", "call-2", "+12025550188",
        service="cleaning", patient_name="Cat Ruiz", start=f"{second:%Y-%m-%dT%H:%M}",
    )  # fmt: skip
    heard = call("book_appointment", **BOOKING, start="the second one")

    assert "another caller is just being offered that" in other
    assert heard.startswith("You're booked")
    assert Appointment.objects.get().start == second


@pytest.mark.parametrize("clock", ["any time", "whenever", "doesn't matter"])
def test_any_time_of_a_day_is_answered_with_times_of_it(clock: str, call: Call) -> None:
    heard = call("book_appointment", **BOOKING, date="2026-12-03", time=clock)

    assert heard.startswith("For a cleaning on Thursday, December 3 I have")


def test_a_time_without_its_day_is_asked_about(call: Call) -> None:
    assert call("book_appointment", **BOOKING, time="14:30") == (
        "I still need the day. Could you tell me?"
    )


@pytest.mark.parametrize(
    "said",
    [
        {"date": "any day", "time": "10 am"},
        {"date": "as soon as possible", "time": "10"},
        {"start": "any day at ten"},
        {"start": "next week at ten"},
    ],
)
def test_a_time_on_any_day_is_answered_with_times(said: dict[str, str], call: Call) -> None:
    heard = call("book_appointment", **BOOKING, **said)

    assert heard.count("at 10:00 AM") == 3, heard
    assert not Appointment.objects.exists()


# --- one of two days


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ({"start": "tomorrow or Monday"}, "tomorrow, Tuesday, November 24; or Monday, November 30"),
        (
            {"start": "tomorrow or Monday at 10"},
            "tomorrow, Tuesday, November 24; or Monday, November 30",
        ),
        (
            {"date": "Wednesday or Friday", "time": "10 AM"},
            "Wednesday, November 25; or Friday, November 27",
        ),
        (
            {"start": "Friday or the 30th"},
            "Friday, November 27; or Monday, November 30",
        ),
        (
            {"start": "December 3rd or December 8th in the morning"},
            "Thursday, December 3; or Tuesday, December 8",
        ),
        (
            {"start": "Tuesday, Wednesday or Friday"},
            "tomorrow, Tuesday, November 24; Wednesday, November 25; or Friday, November 27",
        ),
        (
            {"start": "Wednesday, December 2nd or Friday"},
            "Friday, November 27; or Wednesday, December 2",
        ),
        (
            {"start": "el próximo viernes a las once"},
            "Friday, November 27; or Friday, December 4",
        ),
        ({"start": "next Tuesday or Wednesday"}, ""),
        ({"start": "the 3rd or 4th of May"}, ""),
    ],
)
@pytest.mark.usefixtures("visit")
def test_two_days_are_asked_as_what_they_are(said: dict[str, Any], days: str, call: Call) -> None:
    heard = [
        call("book_appointment", call_id="a", **BOOKING, **said),
        call("reschedule_appointment", call_id="b", **said),
    ]

    for one in heard:
        assert one == f"Which day would you like: {days}?" if days else one.startswith("I'm sorry")
    assert Appointment.objects.get().start == at("2026-12-10 09:00")


def test_the_time_is_kept_where_a_weekday_in_spanish_is_asked_about(call: Call) -> None:
    call("book_appointment", **BOOKING, start="el próximo viernes a las once")
    call("book_appointment", **BOOKING, start="el 4")

    assert Appointment.objects.get().start == at("2026-12-04 11:00")


def test_two_days_are_not_asked_twice_in_the_same_words(call: Call) -> None:
    heard = [call("book_appointment", **BOOKING, start="tomorrow or Monday") for _ in range(3)]

    assert heard[1].startswith("Please say it as a day and a time")
    assert heard[2].startswith("Let me tell you what is free.")
    assert call("book_appointment", **BOOKING, start="tomorrow at 10").startswith("You're booked")
