"""Asking for times by voice: true ones, three at most, and the next step when there are none."""

from datetime import UTC, timedelta
from typing import Any

import pytest

from bookings.models import (
    Appointment,
    Closure,
    Offer,
    Patient,
    Practitioner,
    Schedule,
    ServiceType,
)
from tests.conftest import Call, at

pytestmark = pytest.mark.usefixtures("monday")

CLEANING = {"service": "cleaning"}


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        # Vague: spread over the day.
        ({"date": "2026-12-03"}, "9:00 AM, 1:30 PM, or 4:30 PM"),
        ({"date": "next Thursday"}, "9:00 AM, 1:30 PM, or 4:30 PM"),
        ({"date": "2026-12-03", "time_preference": "any"}, "9:00 AM, 1:30 PM, or 4:30 PM"),
        ({"date": "2026-12-03", "time_preference": "whatever"}, "9:00 AM, 1:30 PM, or 4:30 PM"),
        # A part of the day.
        ({"date": "2026-12-03", "time_preference": "morning"}, "9:00 AM, 10:15 AM, or 11:30 AM"),
        ({"date": "2026-12-03", "time_preference": "afternoon"}, "1:00 PM, 2:45 PM, or 4:30 PM"),
        ({"date": "Thursday December 3rd, in the morning"}, "9:00 AM, 10:15 AM, or 11:30 AM"),
        ({"date": "2026-12-03", "time_preference": "after 3 pm"}, "3:00 PM, 3:45 PM, or 4:30 PM"),
        (
            {"date": "2026-12-03", "time_preference": "between 2 and 3 pm"},
            "2:00 PM, 2:30 PM, or 2:45 PM",
        ),
        (
            {"date": "2026-12-03", "time_preference": "two or three"},
            "2:00 PM, 2:30 PM, or 3:00 PM",
        ),
        ({"date": "December 3rd at 10 or 11 am"}, "10:00 AM, 10:30 AM, or 11:00 AM"),
        # Precise: the nearest.
        ({"date": "2026-12-03", "time_preference": "at 2 pm"}, "1:45 PM, 2:00 PM, or 2:15 PM"),
        ({"date": "2026-12-03T14:00"}, "1:45 PM, 2:00 PM, or 2:15 PM"),
        ({"date": "2026-12-03", "time_preference": "not too early"}, "10:00 AM, 2:00 PM, or"),
        ({"date": "2026-12-03", "time_preference": "as late as possible"}, "3:00 PM, 3:45 PM, or"),
        ({"date": "the last slot of the day on December 3"}, "3:00 PM, 3:45 PM, or"),
    ],
)
def test_times_of_a_day_are_offered(said: dict[str, str], heard: str, call: Call) -> None:
    if said["date"] == "next Thursday":
        heard = f"For a cleaning on Thursday, December 3 I have {heard}."
    assert heard in call("check_availability", **CLEANING, **said)


@pytest.mark.parametrize(
    "said",
    ["el martes después de la escuela", "after my surgery", "after the holidays", "blah blah"],
)
def test_what_is_not_understood_is_asked_and_never_the_soonest(said: str, call: Call) -> None:
    """Z19."""
    heard = call("check_availability", **CLEANING, date=said)

    assert " I have " not in heard
    assert heard.endswith("?")
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    "said",
    ["", "as soon as possible", "the earliest you have", "whenever", "the first you have", "any",
     "lo antes posible", "dès que possible", "so bald wie möglich", "assim que possível"],
)  # fmt: skip
def test_words_that_ask_for_the_soonest_are_it(said: str, call: Call) -> None:
    assert " I have " in call("check_availability", **CLEANING, date=said)


def test_a_day_in_spanish_is_that_day(call: Call) -> None:
    heard = call("check_availability", **CLEANING, date="el jueves tres de diciembre")

    assert "Thursday, December 3" in heard


@pytest.mark.parametrize("said", ["3:30 Pacific", "9 UTC", "9am IST", "3 pm Chicago time"])
def test_another_zone_is_asked_about(said: str, call: Call) -> None:
    """Z20."""
    heard = call("check_availability", **CLEANING, date=f"December 3rd at {said}")

    assert heard.endswith("What time would that be at the clinic?")


def test_every_time_offered_can_be_booked(call: Call) -> None:
    """A01, by what is said: nothing is offered that is then refused."""
    heard = call("check_availability", **CLEANING, date="2026-12-03")
    for number, offered in enumerate(("9:00 AM", "1:30 PM", "4:30 PM")):
        assert offered in heard
        booked = call(
            "book_appointment",
            **CLEANING,
            date="2026-12-03",
            time=offered,
            patient_name=f"Caller {'ABC'[number]}",
        )
        assert booked.startswith("You're booked")

    assert "4:30 PM" not in call("check_availability", **CLEANING, date="2026-12-03")


@pytest.mark.parametrize(
    "said", [{}, {"date": "as soon as possible"}, {"date": "the earliest you have"}, {"date": None}]
)
def test_with_no_day_it_is_the_soonest(said: dict[str, Any], call: Call) -> None:
    assert call("check_availability", **CLEANING, **said) == (
        "For a cleaning today, Monday, November 23 I have 9:00 AM, 1:00 PM, or 4:00 PM."
        " Which would you like?"
    )


def test_hours_alone_are_of_the_day_that_was_told_of(call: Call) -> None:
    call("check_availability", **CLEANING, date="2026-12-03")

    after_two = call("check_availability", **CLEANING, time_preference="after 2")
    mornings = call("check_availability", **CLEANING, time_preference="mornings")

    assert after_two.startswith("For a cleaning on Thursday, December 3 I have 2:00 PM")
    assert mornings.startswith("For a cleaning I have today, Monday, November 23 at 9:00 AM")


@pytest.mark.parametrize(
    ("service", "heard"),
    [
        ("cleaning on Friday afternoon", "For a cleaning on Friday, November 27 I have 1:00 PM"),
        ("cleaning since Friday", "For a cleaning today, Monday, November 23 I have 9:00 AM"),
    ],
)
def test_a_day_may_be_said_with_the_service(service: str, heard: str, call: Call) -> None:
    assert call("check_availability", service=service).startswith(heard)


def test_a_stretch_of_days_is_searched_whole(call: Call) -> None:
    Closure.objects.create(start=at("2026-11-30 00:00"), end=at("2026-12-04 00:00"))

    heard = call("check_availability", **CLEANING, date="next week")

    assert "Friday, December 4 " in heard


@pytest.mark.parametrize(
    ("date", "preference", "heard"),
    [
        ("next week", "Thursday afternoon", "on Thursday, December 3 I have 1:00 PM, 2:45 PM, or"),
        ("next week", "Thursday or Friday", "on Thursday, December 3 or Friday, December 4 I have"),
        ("la próxima semana", "el jueves", "on Thursday, December 3 I have 9:00 AM, 1:30 PM, or"),
        ("December", "Thursday at 2", "on a Thursday between Tuesday, December 1 and Thursday,"),
        ("this week", "not Monday", "on any day but Monday between today, Monday, November 23 and"),
        ("any day this week but Monday", "any", "but not today, Monday, November 23 I have"),
        ("next week", "2:30 or 3", "between 2:30 PM and 3:00 PM I have"),
        ("next week", "out by 11", "by 10:30 AM I have"),
        ("next week", "PM", "from 12:00 PM on I have"),
        ("next week", "9-12", "between 9:00 AM and 12:00 PM I have"),
        ("next week", "the last appointment", "from 3:00 PM on I have"),
    ],
)
def test_a_preference_is_one_among_the_days_asked_about(
    date: str, preference: str, heard: str, call: Call
) -> None:
    told = call("check_availability", **CLEANING, date=date, time_preference=preference)

    assert heard in told


@pytest.mark.parametrize(
    "said",
    [
        {"date": "Thursday", "time_preference": "anything else?"},
        {"time_preference": "other times"},
        {"date": "none of those work for me"},
        {"date": "el jueves", "time_preference": "¿hay otra hora?"},
    ],
)
def test_who_asks_for_other_times_is_not_told_the_same(said: dict[str, str], call: Call) -> None:
    heard = [call("check_availability", **CLEANING, date="Thursday")]
    heard += [call("check_availability", **CLEANING, **said) for _ in range(3)]

    assert heard == [
        "For a cleaning on Thursday, November 26 I have 9:00 AM, 1:30 PM, or 4:30 PM."
        " Which would you like?",
        "For a cleaning on Thursday, November 26 I have 10:00 AM, 11:30 AM, or 3:30 PM."
        " Which would you like?",
        "For a cleaning on Thursday, November 26 I have 2:30 PM. Would that suit you?",
        "For a cleaning on Friday, November 27 I have 9:00 AM, 1:00 PM, or 4:00 PM."
        " Which would you like?",
    ]


def test_other_times_are_of_the_days_that_were_asked_about(call: Call) -> None:
    call("check_availability", **CLEANING, date="Thursday or Friday")

    heard = call("check_availability", **CLEANING, time_preference="anything else?")

    assert heard.startswith("For a cleaning on Thursday, November 26 or Friday, November 27 I have")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("anything later?", "For a cleaning on Thursday, November 26 I have 1:00 PM, 2:45 PM, or"),
        ("earlier", "I'm sorry, I have nothing open for a cleaning at that time on Thursday,"),
        ("algo más tarde", "For a cleaning on Thursday, November 26 I have 1:00 PM, 2:45 PM, or"),
    ],
)
def test_later_is_later_than_what_was_told(said: str, heard: str, call: Call) -> None:
    asked = "I'm sorry. I didn't catch the day. Which day would you like?"
    assert call("check_availability", **CLEANING, date=said) == asked

    call("check_availability", **CLEANING, date="Thursday", time_preference="morning")

    assert call("check_availability", **CLEANING, date=said).startswith(heard)


def test_a_day_that_is_not_clear_is_asked_about(call: Call) -> None:
    heard = call("check_availability", **CLEANING, date="Wednesday morning or Thursday")

    assert heard == "I'm sorry. I heard more than one. Which one would you like?"


def test_a_closed_day_names_the_next_with_room(call: Call) -> None:
    assert call("check_availability", **CLEANING, date="2026-12-05") == (
        "I'm sorry, I have nothing open for a cleaning on Saturday, December 5."
        " The next I have is Monday, December 7 at 9:00 AM, 1:00 PM, or 4:00 PM."
        " Would that work for you?"
    )


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (
            {"date": "2026-12-03", "time_preference": "evening"},
            "I'm sorry, I have nothing open for a cleaning at that time on Thursday, December 3."
            " The nearest I have is Thursday, December 3 at 4:00 PM, 4:15 PM, or 4:30 PM."
            " Would that work for you?",
        ),
        (
            {"date": "next week", "time_preference": "after 6 pm"},
            "I'm sorry, I have nothing open for a cleaning at that time between Monday, November 30"
            " and Sunday, December 6. The nearest I have is Monday, November 30 at 4:30 PM;"
            " Tuesday, December 1 at 4:30 PM; or Wednesday, December 2 at 4:30 PM."
            " Would that work for you?",
        ),
        (
            {"date": "next week", "time_preference": "weekends"},
            "I'm sorry, I have nothing open for a cleaning on a weekend between Monday, November 30"
            " and Sunday, December 6. The nearest I have is Monday, November 30 at 9:00 AM,"
            " 1:00 PM, or 4:00 PM. Would that work for you?",
        ),
        (
            {"time_preference": "evening"},
            "I'm sorry, I have nothing open for a cleaning then. The nearest I have is today,"
            " Monday, November 23 at 9:00 AM, 1:00 PM, or 4:00 PM. Would that work for you?",
        ),
        (
            {"date": "2027-12-25"},
            "I'm sorry, Saturday, December 25, 2027 is further ahead than I can book. The last day"
            " is Tuesday, November 23, 2027. Which day would you like?",
        ),
    ],
)
def test_what_cannot_be_had_is_said_as_it_was_asked(
    said: dict[str, str], answer: str, call: Call
) -> None:
    assert call("check_availability", **CLEANING, **said) == answer


def test_a_full_part_of_the_day_names_what_is_left_of_it(call: Call) -> None:
    Closure.objects.create(start=at("2026-12-03 09:00"), end=at("2026-12-03 12:00"))

    heard = call("check_availability", **CLEANING, date="2026-12-03", time_preference="morning")

    assert "nothing open" in heard
    assert "Thursday, December 3 at 1:00 PM" in heard


def test_nothing_at_all_ends_in_the_next_step(call: Call) -> None:
    Schedule.objects.all().delete()

    assert call("check_availability", **CLEANING, date="2026-12-03") == (
        "I'm sorry, I have nothing open for a cleaning on Thursday, December 3."
        " Would you like the clinic to call you back?"
    )


def test_a_past_day_is_asked_about(call: Call) -> None:
    assert call("check_availability", **CLEANING, date="2026-11-20") == (
        "Friday, November 20, 2026 has already passed; today is Monday, November 23, 2026."
        " Which day would you like?"
    )


def test_a_past_year_is_understood_and_said(call: Call) -> None:
    heard = call("check_availability", **CLEANING, date="2024-12-03")

    assert heard.startswith("I took the day to be Thursday, December 3, 2026. For a cleaning on")


def test_without_a_service_it_asks_and_lists_them(call: Call) -> None:
    assert call("check_availability", date="2026-12-03") == (
        "What is the visit for? We offer Cleaning, Consultation, or Root canal."
    )


def test_only_the_practitioner_named_is_looked_at(call: Call) -> None:
    Closure.objects.create(
        practitioner_id=Schedule.objects.filter(practitioner__name="Dr. Bo Lind")[
            0
        ].practitioner_id,
        start=at("2026-12-03 00:00"),
        end=at("2026-12-03 16:30"),
    )
    heard = call(
        "check_availability", service="consultation", date="2026-12-03", practitioner="Lind"
    )

    assert "I have 4:30 PM. Would that suit you?" in heard


def test_looking_writes_nothing(call: Call) -> None:
    call("check_availability", **CLEANING, date="2026-12-03")

    assert not Appointment.objects.exists()


def test_a_year_of_5000_appointments_is_seen_whole(
    call: Call, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    """A20: nothing is cut off by a page or a limit."""
    start = at("2026-11-30 09:00").astimezone(UTC)
    rows = []
    for number in range(5000):
        row = Appointment(
            practitioner=ada,
            service=cleaning,
            patient=ben,
            start=start + timedelta(minutes=30 * number),
            source="voice",
            reference=f"N{number}",
        )
        row.take(cleaning)
        rows.append(row)
    Appointment.objects.bulk_create(rows)

    heard = call("check_availability", **CLEANING, date="2026-12-03")

    last = (start + timedelta(minutes=30 * 5000)).strftime("%B")
    assert "nothing open" in heard
    assert last in heard


@pytest.mark.parametrize(
    ("date", "wish"),
    [
        ("Tuesday at 2", "mornings"),
        ("2pm", "evening"),
        ("tomorrow at 2 pm", "at 3 pm"),
        ("Tuesday or Wednesday at 2", "mornings"),
    ],
)
def test_two_times_that_differ_are_asked_about(date: str, wish: str, call: Call) -> None:
    """The question was “I still need .”, since no argument is called time."""
    heard = call("check_availability", service="cleaning", date=date, time_preference=wish)

    assert heard == "I'm sorry. I heard more than one. Which one would you like?"


def test_a_day_in_almost_a_year_is_told_with_its_year(call: Call) -> None:
    """It would be taken for one of these weeks."""
    heard = call("check_availability", service="cleaning", date="November 20, 2027")

    assert "on Saturday, November 20, 2027" in heard
    assert "The next I have is Monday, November 22, 2027 at 9:00 AM" in heard
    assert "2027" not in call("check_availability", service="cleaning", date="March 3")


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("I need to be out by eleven", "9:00 AM, 9:15 AM, or 9:30 AM"),
        ("must be done by 11", "9:00 AM, 9:15 AM, or 9:30 AM"),
        ("before 11", "9:00 AM, 9:45 AM, or 10:30 AM"),
        ("I work until 3", "3:00 PM, 3:15 PM, or 3:30 PM"),
        ("I work 9 to 3", "3:00 PM, 3:15 PM, or 3:30 PM"),
        ("I start work at 10", "9:00 AM, 9:30 AM, or 9:45 AM"),
        ("I have class at 10", "9:00 AM, 1:30 PM, or 3:30 PM"),
        ("not at 10", "9:00 AM, 1:30 PM, or 3:30 PM"),
        ("I'm free from 1 to 3", "1:00 PM, 2:00 PM, or 2:45 PM"),
        ("I am free at 9 AM", "9:00 AM, 9:15 AM, or 9:30 AM"),
        ("I work 3 to 11, so mornings are best", "9:00 AM, 9:45 AM, or 10:30 AM"),
        ("I work from home until noon", "9:00 AM, 9:45 AM, or 10:30 AM"),
        ("2 PM, I have to pick up my kids at 4", "1:45 PM, 2:00 PM, or 2:15 PM"),
        ("10 AM, my husband works in the afternoon", "9:45 AM, 10:00 AM, or 10:15 AM"),
        ("I can leave work at 3", "3:00 PM, 3:15 PM, or 3:30 PM"),
    ],
)
def test_when_the_caller_is_busy_is_no_wish(said: str, told: str, call: Call) -> None:
    heard = call("check_availability", service="root canal", date="tomorrow", time_preference=said)
    assert told in heard
