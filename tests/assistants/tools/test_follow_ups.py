"""Searches told by the times that the call heard last: “the next day”, “another day”."""

from collections.abc import Callable

import pytest

pytestmark = pytest.mark.usefixtures("monday", "elm")

Call = Callable[..., str]
FOR = "For a cleaning"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"date": "the day before"}, f"{FOR} on Wednesday, December 2 I have 9:00 AM, 1:30 PM"),
        (
            {"date": "the next day in the morning"},
            f"{FOR} on Friday, December 4 I have 9:00 AM, 10",
        ),
        ({"date": "al día siguiente"}, f"{FOR} on Friday, December 4 I have 9:00 AM, 1:30 PM"),
        ({"date": "a week later"}, f"{FOR} on Thursday, December 10 I have 9:00 AM, 1:30 PM"),
        ({"date": "the week after"}, f"{FOR} between Monday, December 7 and Sunday, December 13 I"),
        ({"date": "the Monday after"}, f"{FOR} on Monday, December 7 I have 9:00 AM, 1:30 PM"),
        ({"date": "the same day", "time": "4 pm"}, f"{FOR} on Thursday, December 3 I have 3:45 PM"),
        (
            {"date": "December 3", "time_preference": "later"},
            f"{FOR} on Thursday, December 3 I have",
        ),
        ({"date": "otro día"}, f"{FOR} I have Friday, December 4 at 9:00 AM; Monday, December 7"),
    ],
)
def test_days_and_times_are_told_by_those_heard_last(
    said: dict[str, str], told: str, call: Call
) -> None:
    call("check_availability", service="cleaning", date="December 3", time_preference="morning")

    assert call("check_availability", service="cleaning", **said).startswith(told)


@pytest.mark.parametrize("said", ["the next day", "not the next day"])
def test_without_times_before_it_is_asked(said: str, call: Call) -> None:
    assert call("check_availability", service="cleaning", date=said).endswith(
        "Which day would you like?"
    )


def test_the_day_may_be_that_of_the_visit_just_booked(call: Call) -> None:
    start = "December 3 at 10"
    call("book_appointment", service="cleaning", patient_name="Ben Ode", start=start)

    told = call("check_availability", service="consultation", date="the same day")

    assert told.startswith("For a consultation on Thursday, December 3 I have 9:00 AM")
