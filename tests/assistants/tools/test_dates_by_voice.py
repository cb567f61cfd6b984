"""Days as models and callers get them wrong, through the endpoint: repaired and said, or asked."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from bookings.models import Appointment, BookingPolicy
from tests.conftest import NEW_YORK, Call, at


def begins() -> list[str]:
    rows = Appointment.objects.order_by("start").values_list("start", flat=True)
    return [f"{start.astimezone(NEW_YORK):%a %d %b %Y %H:%M}" for start in rows]


def test_a_year_a_model_remembers_is_this_year_and_the_caller_hears_it(
    book: Call,
) -> None:
    """D01: on 30 July 2026; 16 August is a Sunday, the 14th is not."""
    with time_machine.travel(at("2026-07-30 10:00"), tick=False):
        sunday = book(start="2024-08-16T10:00")
        friday = book(start="2024-08-14T10:00")

    assert sunday.startswith("I took the day to be Sunday, August 16, 2026.")
    assert friday.startswith("I took the day to be Friday, August 14, 2026. You're booked")
    assert begins() == ["Fri 14 Aug 2026 10:00"]


@pytest.mark.usefixtures("monday")
def test_a_day_that_has_passed_this_year_is_next_years(book: Call) -> None:
    """D02."""
    heard = book(start="2024-02-22T14:30")

    assert heard.startswith("I took the day to be Monday, February 22, 2027. You're booked")
    assert begins() == ["Mon 22 Feb 2027 14:30"]


@pytest.mark.usefixtures("monday")
def test_next_years_day_behind_the_horizon_is_asked_about(
    book: Call,
) -> None:
    """D02."""
    BookingPolicy.objects.create(horizon_days=60)

    heard = book(start="2024-02-22T14:30")

    assert heard.startswith("I took the day to be Monday, February 22, 2027.")
    assert heard.endswith("Which day would you like?")
    assert begins() == []


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "said",
    ["2026-11-22T14:30", "2026-11-20T14:30", "yesterday at 2:30 pm", "November 22nd at 2:30 pm",
     "October 5 at 2:30 pm", "Halloween at 2:30 pm"],
)  # fmt: skip
def test_a_day_just_past_is_never_moved_a_year(said: str, book: Call) -> None:
    """D03."""
    heard = book(start=said)

    assert "2027" not in heard
    assert heard.endswith("?")
    assert begins() == []


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("November 22nd 2027 at 2:30 pm", "Mon 22 Nov 2027 14:30"),
        ("11/22/27 at 2:30 pm", "Mon 22 Nov 2027 14:30"),
        ("next October 5th at 2:30 pm", "Tue 05 Oct 2027 14:30"),
        ("September 7 at 2:30 pm", "Tue 07 Sep 2027 14:30"),
    ],
)
def test_a_day_of_next_year_is_booked_where_it_is_meant(said: str, day: str, book: Call) -> None:
    book(start=said)
    assert begins() == [day]


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "said",
    [
        "Wednesday at eleven not ten", "Wednesday at 11, not 10",
        "not ten but eleven on Wednesday", "on Wednesday not at 10 but at 11 am",
        "Wednesday at 11am rather than 10:30",
    ],
)  # fmt: skip
def test_a_time_in_place_of_another_is_meant(said: str, book: Call) -> None:
    book(start=said)
    assert begins() == ["Wed 25 Nov 2026 11:00"]


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "said",
    [
        "2062-12-03T14:30",
        "0026-12-03T14:30",
        "20226-12-03T14:30",
        "1970-12-03T14:30",
        "0001-01-01T00:00",
        "9999-12-31T23:59",
    ],
)
def test_a_year_nobody_means_is_a_question(said: str, book: Call) -> None:
    """D04."""
    assert book(start=said) == ("I'm sorry. That date is too far away. Which day would you like?")
    assert begins() == []


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("region", "day"), [("US", "Thu 04 Mar 2027 09:30"), ("GB", "Sat 03 Apr 2027 09:30")]
)
def test_figures_are_read_in_the_countrys_order(
    region: str,
    day: str,
    book: Call,
    country: Callable[[str], None],
    call: Any,
) -> None:
    """D05: 03/04 is March 4 in New York and April 3 in London, and said in words."""
    country(region)

    heard = book(start="03/04/2027 9:30 am")

    said = {"US": "Thursday, March 4, 2027", "GB": "on Saturday 3 April. "}[region]
    assert said in heard
    assert begins() == ([day] if heard.startswith("You're booked") else [])


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("region", ["US", "GB"])
@pytest.mark.parametrize("said", ["31/04/2027", "04/31/2027", "13/13/2027", "30/02/2027"])
def test_a_day_the_calendar_has_not_is_a_question(
    said: str, region: str, book: Call, country: Callable[[str], None]
) -> None:
    """D05."""
    country(region)

    assert book(start=f"{said} 2:30 pm").endswith("Which day did you mean?")
    assert begins() == []


@pytest.mark.usefixtures("monday")
def test_the_29th_of_february_is_booked_in_its_year_and_asked_about_in_others(
    book: Call,
) -> None:
    """T12: never the first of March."""
    BookingPolicy.objects.create(horizon_days=730)

    assert book(start="2027-02-29T10:00").endswith("Which day did you mean?")
    assert book(start="2028-02-29T10:00").startswith("You're booked")
    assert begins() == ["Tue 29 Feb 2028 10:00"]


def test_a_day_of_january_said_in_december_is_next_years(book: Call) -> None:
    """T13: on December 28; January 4 is in the first week of 2027."""
    with time_machine.travel(at("2026-12-28 10:00"), tick=False):
        # The third is a Sunday in 2027 alone.
        assert "nobody is here for a cleaning on Sunday, January 3." in book(
            date="January 3", time="10 am"
        )
        assert book(start="2027-W01-1T10:00").startswith("You're booked")

    assert begins() == ["Mon 04 Jan 2027 10:00"]


@pytest.mark.usefixtures("monday")
def test_twenty_four_hundred_is_the_beginning_of_the_next_day(
    book: Call,
) -> None:
    """T14: a midnight beside a date is no time, so the day's times are told; it is the next."""
    assert book(start="2026-12-03T24:00").startswith("For a cleaning on Friday, December 4 I have")
    assert book(start="2026-12-03T24:00", time="10 am").startswith("You're booked")

    assert begins() == ["Fri 04 Dec 2026 10:00"]


FRIDAY = at("2026-11-27 08:00")
FRIDAY_EVENING = at("2026-11-27 18:00")


@pytest.mark.parametrize(
    ("now", "said", "day"),
    [
        (FRIDAY, "this Friday", "Fri 27 Nov 2026 09:00"),
        (FRIDAY, "next Friday", "Fri 04 Dec 2026 09:00"),
        (FRIDAY, "Friday", "Fri 27 Nov 2026 09:00"),
        (FRIDAY, "2026-12-04", "Fri 04 Dec 2026 09:00"),
        (FRIDAY, "Friday week", "Fri 11 Dec 2026 09:00"),  # counted from the coming one
        (FRIDAY_EVENING, "Friday", "Fri 04 Dec 2026 09:00"),
        (FRIDAY_EVENING, "next Friday", "Fri 04 Dec 2026 09:00"),
        (FRIDAY_EVENING, "this Friday", "Fri 04 Dec 2026 09:00"),
    ],
)
def test_fridays_said_on_a_friday(now: datetime, said: str, day: str, book: Call) -> None:
    """D07: today counts while the time is still to come."""
    with time_machine.travel(now, tick=False):
        heard = book(date=said, time="9 am")

    assert heard.startswith("You're booked")
    assert begins() == [day]


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("date", "time", "heard"),
    [
        (
            "first thing Monday",
            "",
            "For a cleaning on Monday, November 30 I have 9:00 AM, 9:30 AM, or 9:45 AM."
            " Which would you like?",
        ),
        ("Thursday", "half seven", "I'm sorry. I didn't catch the time. What time would you like?"),
    ],
)
def test_what_names_no_day_or_no_time_is_a_question(
    date: str, time: str, heard: str, book: Call
) -> None:
    """D07."""
    assert book(date=date, time=time) == heard
    assert begins() == []


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(("time", "refused"), [("noon", "at 12:00 PM"), ("7", "at 7:00 AM")])
def test_a_time_nobody_works_is_refused_by_its_name(time: str, refused: str, book: Call) -> None:
    """D07: lunch begins at noon, and neither seven is worked."""
    assert f"Thursday, November 26 {refused} isn't a time" in book(date="Thursday", time=time)
    assert begins() == []


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "said", [20261203, ["2026-12-03"], None, "", "asap", "x" * 10_240, {"a": 1}, True, 3.5]
)
@pytest.mark.parametrize("tool", ["book_appointment", "check_availability"])
def test_whatever_a_model_puts_for_a_date_can_be_answered(tool: str, said: Any, call: Call) -> None:
    """D09: a question, or what is open; no fault, and nothing booked."""
    heard = call(tool, service="cleaning", patient_name="Ben Ode", date=said)

    assert heard.endswith("?")
    assert "trouble" not in heard
    assert begins() == []


# --- what is taken back in one breath


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "said", ["Friday at ten, no wait", "Friday at ten, scratch that", "Freitag um zehn, nein"]
)
def test_what_is_taken_back_is_not_booked(said: str, call: Call) -> None:
    heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", start=said)

    assert heard == "I'm sorry. Which day would suit you instead?"
    assert not Appointment.objects.exists()


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    ("said", "start"),
    [
        ("December 3 at 11, no wait, the 4th at 2:30", "2026-12-04 14:30"),
        ("December 3 at 11, no wait, the 4th", "2026-12-04 11:00"),
        ("December 3 at 11, no wait, at 2:30", "2026-12-03 14:30"),
        ("Tuesday I can't. Better Wednesday at 10.", "2026-11-25 10:00"),
        ("Friday no, Wednesday the 25th at ten", "2026-11-25 10:00"),
        ("Friday at nine, no half past nine", "2026-11-27 09:30"),
        ("Friday nine no ten", "2026-11-27 10:00"),
        ("Friday at ten, oh no, eleven", "2026-11-27 11:00"),
        ("Friday at ten, scratch that, eleven", "2026-11-27 11:00"),
        ("Friday at 10 \u2013 wait, make that 11", "2026-11-27 11:00"),
        ("Friday at 2 a.m., sorry, p.m.", "2026-11-27 14:00"),
        ("el viernes a las diez no, a las once", "2026-11-27 11:00"),
        ("el lunes, perdón, el martes a las diez", "2026-11-24 10:00"),
        ("Freitag um zehn, nein, um elf", "2026-11-27 11:00"),
        # beside a time, and of no time
        ("book it for ten on Friday", "2026-11-27 10:00"),
        ("Friday at ten, I might be five minutes late", "2026-11-27 10:00"),
        ("Friday at ten and remind me", "2026-11-27 10:00"),
        ("Friday at ten and please confirm by email", "2026-11-27 10:00"),
        ("not too early, so Friday at ten", "2026-11-27 10:00"),
        ("Friday at nine, not too early", "2026-11-27 09:00"),
        ("Friday at ten, I could be 10 to 15 minutes late", "2026-11-27 10:00"),
    ],
)
def test_the_last_word_is_booked(said: str, start: str, call: Call) -> None:
    heard = call("book_appointment", service="cleaning", patient_name="Ben Ode", start=said)

    assert heard.startswith("You're booked")
    assert Appointment.objects.get().start == at(start)


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "said", ["March 12 1985, no sorry, March 13", "March 12, 1985, no, the 13th"]
)
def test_the_last_birthday_is_kept(said: str, call: Call) -> None:
    call(
        "book_appointment", service="cleaning", patient_name="Ben Ode", date_of_birth=said,
        start="December 3 at 2:30 PM",
    )  # fmt: skip

    assert Appointment.objects.get().patient.date_of_birth == date(1985, 3, 13)
