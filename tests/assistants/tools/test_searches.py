"""Days named by a bound or a choice in `check_availability`: searched, and said as understood."""

import pytest

from assistants.conversation import Caller
from assistants.tools import preferences
from bookings.models import (
    Appointment,
    BookingPolicy,
    Closure,
    Offer,
    Patient,
    Practitioner,
    ServiceType,
)
from tests.conftest import BEN, MONDAY, Booked, Call, at

pytestmark = pytest.mark.usefixtures("monday")

CLEANING = {"service": "cleaning"}
TODAY = "today, Monday, November 23"
TOMORROW = "tomorrow, Tuesday, November 24"


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("by Friday", f"by Friday, November 27 I have {TODAY} at 9:00 AM"),
        ("no later than Friday", f"by Friday, November 27 I have {TODAY} at 9:00 AM"),
        ("from Thursday", "from Thursday, November 26 on I have Thursday, November 26 at 9:00 AM"),
        ("on or after the 10th", "from Thursday, December 10 on I have Thursday, December 10 at"),
        ("after Tuesday", "from Wednesday, November 25 on I have Wednesday, November 25 at"),
        (
            "Tuesday or Wednesday",
            f"{TOMORROW} or on Wednesday, November 25 I have {TOMORROW} at 9:00 AM; or"
            " Wednesday, November 25 at 9:00 AM or 4:30 PM",
        ),
        (
            "tomorrow or Monday",
            f"{TOMORROW} or on Monday, November 30 I have {TOMORROW} at 9:00 AM; or Monday,"
            " November 30 at 9:00 AM or 4:30 PM",
        ),
        ("any time but Monday", f"on any day but Monday I have {TOMORROW} at 9:00 AM"),
        ("next available Tuesday", f"on a Tuesday I have {TOMORROW} at 9:00 AM"),
        ("Tuesdays", f"on a Tuesday I have {TOMORROW} at 9:00 AM"),
        ("any weekday", f"on a weekday I have {TODAY} at 9:00 AM"),
        ("before Christmas", f"by Thursday, December 24 I have {TODAY} at 9:00 AM"),
        (
            "between the 3rd and the 10th",
            "between Thursday, December 3 and Thursday, December 10 I have Thursday, December 3 at"
            " 9:00 AM",
        ),
        ("in the next two weeks", f"between {TODAY} and Monday, December 7 I have {TODAY} at"),
        ("first available", f"{TODAY} I have 9:00 AM, 1:00 PM, or 4:00 PM"),
        ("el martes", f"{TOMORROW} I have 9:00 AM"),
        ("los martes", f"on a Tuesday I have {TOMORROW} at 9:00 AM"),
        (
            "del martes al jueves",
            f"between {TOMORROW} and Thursday, November 26 I have {TOMORROW} at 9:00 AM",
        ),
        (
            "el próximo martes",
            f"{TOMORROW} or on Tuesday, December 1 I have {TOMORROW} at 9:00",
        ),
        ("cualquier martes", f"on a Tuesday I have {TOMORROW} at 9:00 AM"),
        ("antes del viernes", f"by Thursday, November 26 I have {TODAY} at 9:00 AM"),
        # With a part of the day, or hours.
        (
            "Tuesday or Wednesday after three",
            f"{TOMORROW} or on Wednesday, November 25 from 3:00 PM on I have {TOMORROW} at 3:00 PM;"
            " or Wednesday, November 25 at 3:00 PM or 4:30 PM",
        ),
        (
            "by Friday in the morning",
            f"by Friday, November 27 in the morning I have {TODAY} at 9:00 AM; {TOMORROW} at",
        ),
        ("any weekday after 4 pm", f"on a weekday from 4:00 PM on I have {TODAY} at 4:00 PM"),
        ("next week in the afternoon", "and Sunday, December 6 in the afternoon I have Monday"),
        (
            "Tuesday or Wednesday at 3",
            f"I have {TOMORROW} at 2:45 PM or 3:00 PM; or Wednesday, November 25 at 3:00 PM",
        ),
    ],
)
def test_a_bound_is_searched_and_said_as_understood(said: str, heard: str, call: Call) -> None:
    answer = call("check_availability", **CLEANING, date=said)

    assert answer.startswith(f"For a cleaning {heard}") or heard in answer, answer
    assert answer.endswith("Which would you like?")


@pytest.mark.parametrize("said", ["by Friday", "Tuesday or Wednesday after three", "Fridays"])
def test_what_is_offered_within_a_bound_can_be_booked(
    said: str, call: Call, booked: Booked
) -> None:
    call("check_availability", **CLEANING, date=said)
    first = Offer.objects.order_by("position")[0].start

    call("book_appointment", **CLEANING, start="the first one", patient_name="Ben Ode")

    assert [row.start for row in booked()] == [first]


UNCLEAR = (
    *("after my surgery", "after the holidays", "before my vacation", "blah blah"),
    "as soon as possible after my surgery",
)


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        *(("date", said) for said in UNCLEAR),
        *(("time_preference", said) for said in UNCLEAR),
        ("date", "weekdays after my surgery"),
        ("date", "Tuesdays, unless my boss calls"),
        ("date", "by Friday at 3"),
        ("date", "Tuesday morning or Wednesday"),
    ],
)
def test_what_is_not_understood_whole_is_never_the_soonest(
    argument: str, said: str, call: Call
) -> None:
    """Z19, wherever it stands."""
    heard = call("check_availability", **CLEANING, **{argument: said})

    assert " I have " not in heard
    assert heard.endswith("?")
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            "by Friday",
            "by Friday, November 27. The nearest I have is Monday, November 30 at 9:00 AM, 1:00 PM,"
            " or 4:00 PM.",
        ),
        (
            "Tuesday or Wednesday after three",
            f"{TOMORROW} or on Wednesday, November 25 from 3:00 PM on. The nearest I have is"
            " Monday, November 30 at 9:00 AM, 1:00 PM, or 4:00 PM.",
        ),
        (
            "Fridays before December 1",
            "on a Friday by Monday, November 30. The nearest I have is Friday, December 4 at"
            " 9:00 AM, 1:00 PM, or 4:00 PM.",
        ),
    ],
)
def test_with_nothing_within_the_bound_the_nearest_outside_is_said(
    said: str, answer: str, call: Call
) -> None:
    Closure.objects.create(start=at("2026-11-23 00:00"), end=at("2026-11-28 00:00"))

    assert call("check_availability", **CLEANING, date=said) == (
        f"I'm sorry, I have nothing open for a cleaning {answer} Would that work for you?"
    )


def test_the_nearest_may_be_before_a_first_day(call: Call) -> None:
    Closure.objects.create(start=at("2026-12-05 00:00"), end=at("2028-01-01 00:00"))

    heard = call("check_availability", **CLEANING, date="after December 5")

    assert heard == (
        "I'm sorry, I have nothing open for a cleaning from Sunday, December 6 on. The nearest I"
        " have is Friday, December 4 at 4:00 PM, 4:15 PM, or 4:30 PM. Would that work for you?"
    )


def test_other_hours_within_the_bound_come_before_other_days(call: Call) -> None:
    heard = call("check_availability", **CLEANING, date="by Tuesday in the evening")

    assert f"nothing open for a cleaning by {TOMORROW} in the evening. The nearest" in heard
    assert f"{TODAY} at 4:15 PM or 4:30 PM; or {TOMORROW} at 4:30 PM" in heard


def test_a_bound_far_ahead_is_looked_through_to_its_end(call: Call) -> None:
    """Nothing is said to be full because nobody looked."""
    Closure.objects.create(start=at("2026-11-23 00:00"), end=at("2027-03-01 00:00"))

    heard = call("check_availability", **CLEANING, date="before March 5")

    assert heard.startswith("For a cleaning by Thursday, March 4 I have Monday, March 1 at 9:00 AM")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("by yesterday", "Sunday, November 22, 2026 has already passed"),
        ("after November 30, 2027", "Wednesday, December 1, 2027 is further ahead than I can book"),
        ("before December 3, 2024", "I took the day to be Wednesday, December 2, 2026. For a"),
        ("by Friday after 3 Pacific", "What time would that be at the clinic?"),
        ("any weekday at 6 am", "nothing open for a cleaning on a weekday at that time."),
    ],
)
def test_a_bound_that_cannot_be_had_is_said(said: str, answer: str, call: Call) -> None:
    assert answer in call("check_availability", **CLEANING, date=said)


@pytest.mark.parametrize("said", ["3 pm Pacific", "after 3 Pacific time"])
def test_another_zone_among_the_hours_is_asked_about(said: str, call: Call) -> None:
    """Z20."""
    heard = call("check_availability", **CLEANING, date="December 3", time_preference=said)

    assert heard.endswith("What time would that be at the clinic?")


@pytest.mark.parametrize("said", ["by Friday", "Tuesdays", "after 3 on weekdays"])
def test_days_among_the_hours_are_searched_all_the_same(said: str, call: Call) -> None:
    there = call("check_availability", **CLEANING, time_preference=said)
    Offer.objects.all().delete()

    assert there == call("check_availability", **CLEANING, date=said)


def test_a_choice_of_days_and_hours_may_be_said_apart(call: Call) -> None:
    heard = call(
        "check_availability",
        **CLEANING,
        date="Tuesday or Wednesday",
        time_preference="in the afternoon",
    )

    assert f"or on Wednesday, November 25 in the afternoon I have {TOMORROW} at 1:00 PM" in heard


def test_parts_of_the_day_beside_a_bound_are_the_clinics(call: Call) -> None:
    """Where it says that its afternoon begins at two."""
    BookingPolicy.objects.create(afternoon_from="14:00", evening_from="16:00")

    bound = call("check_availability", **CLEANING, date="Tuesday or Wednesday in the afternoon")
    stretch = call("check_availability", **CLEANING, date="next week in the afternoon")
    neither = call("check_availability", **CLEANING, date="weekdays, but not in the morning")

    assert f"{TOMORROW} at 2:00 PM" in bound
    assert "at 2:00 PM" in stretch
    assert f"in the afternoon or in the evening I have {TODAY} at 2:00 PM" in neither


@pytest.mark.parametrize("said", ["no mornings", "not in the morning", "anything but mornings"])
@pytest.mark.parametrize("date", ["", "December 3", "next week", "Thursday or Friday"])
def test_a_part_that_does_not_suit_is_not_offered(date: str, said: str, call: Call) -> None:
    heard = call("check_availability", **CLEANING, date=date, time_preference=said)

    assert " I have " in heard
    assert "AM" not in heard


# --- a time that is taken, where the wish is known


@pytest.fixture
def friday_is_full(ada: Practitioner, cleaning: ServiceType, cat: Patient) -> None:
    """Friday, November 27, its last visit among the rest."""
    Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=cat,
        start=at("2026-11-27 16:30"),
        source="staff",
    )
    Closure.objects.create(start=at("2026-11-27 00:00"), end=at("2026-11-27 16:30"))


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ("", "Thursday, November 26 at 4:00 PM, 4:15 PM, or 4:30 PM"),
        ("from Friday", "Monday, November 30 at 4:00 PM, 4:15 PM, or 4:30 PM"),
        ("any time but Thursday", "Wednesday, November 25 at 4:00 PM, 4:15 PM, or 4:30 PM"),
        (
            "Wednesday or Friday in the morning",
            "Wednesday, November 25 at 11:00 AM, 11:15 AM, or 11:30 AM",
        ),
        # What was chosen is not among the days that were asked for: they count no longer.
        (
            "after December 1",
            "Thursday, November 26 at 4:00 PM, 4:15 PM, or 4:30 PM",
        ),
    ],
)
@pytest.mark.usefixtures("friday_is_full")
def test_alternatives_are_within_the_bound(said: str, then: str, call: Call) -> None:
    call("check_availability", **CLEANING, date=said)
    Offer.objects.all().delete()

    heard = call("book_appointment", **CLEANING, start="2026-11-27T16:30", patient_name="Ben Ode")

    assert "just taken" in heard
    assert then in heard


def test_a_bound_is_remembered_until_a_day_is_named(call: Call) -> None:
    caller = Caller(BEN, "call-1")
    call("check_availability", **CLEANING, date="by Friday")
    bounded = preferences.of_call(caller, now=MONDAY)
    call("check_availability", **CLEANING, date="December 3")
    named = preferences.of_call(caller, now=MONDAY)

    assert str(bounded.last_day) == "2026-11-27"
    assert bounded.weekdays == frozenset()
    assert not named.has_days
