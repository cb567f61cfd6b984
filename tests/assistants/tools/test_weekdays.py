"""A weekday, said after this call was told of times on a later one, is not taken for the coming
one."""

import pytest

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import Booked, Call, at

pytestmark = pytest.mark.usefixtures("monday")

ASKED = {"service": "consultation", "patient_name": "Ben Ode"}


@pytest.mark.parametrize(
    ("asked", "said", "start"),
    [
        ("next week", {"start": "Monday at nine"}, "2026-11-30 09:00"),
        ("the week of December 14th", {"start": "Wednesday at 1:30"}, "2026-12-16 13:30"),
        ("the week of December 14th", {"date": "Friday", "time": "4:30 PM"}, "2026-12-18 16:30"),
        ("December 4", {"start": "Friday at 9"}, "2026-12-04 09:00"),
        ("December 4", {"start": "that Friday at 10"}, "2026-12-04 10:00"),
        ("December 4", {"start": "Friday at 10"}, "2026-12-04 10:00"),
        ("December 4", {"start": "el viernes a las nueve de la mañana"}, "2026-12-04 09:00"),
        ("December 4", {"start": "this Friday at 9"}, "2026-11-27 09:00"),
        ("Friday", {"start": "Friday at 9"}, "2026-11-27 09:00"),
    ],
)
def test_a_time_that_was_offered_is_booked_on_that_day(
    asked: str, said: dict[str, str], start: str, call: Call, booked: Booked
) -> None:
    call("check_availability", service="consultation", date=asked)

    heard = call("book_appointment", **ASKED, **said)

    assert [visit.start for visit in booked()] == [at(start)], heard


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ({"start": "nine works"}, "09:00"),
        ({"start": "the one at half past one please"}, "13:30"),
        ({"start": "9 am that day"}, "09:00"),
        ({"start": "10 am that day"}, "10:00"),
        ({"time": "1:30 pm"}, "13:30"),
    ],
)
def test_a_time_alone_is_of_the_one_day_that_was_offered(
    said: dict[str, str], start: str, call: Call, booked: Booked
) -> None:
    call("check_availability", service="consultation", date="December 4")

    call("book_appointment", **ASKED, **said)

    assert [visit.start for visit in booked()] == [at(f"2026-12-04 {start}")]


def test_a_time_alone_is_asked_about_where_several_days_were_offered(
    call: Call, booked: Booked
) -> None:
    call("check_availability", service="consultation", date="next week")

    assert call("book_appointment", **ASKED, time="10 am").startswith("I still need the day")
    call("book_appointment", **ASKED, time="1:30 pm")

    assert [visit.start for visit in booked()] == [at("2026-12-02 13:30")]


def test_another_time_of_that_weekday_is_asked_about(call: Call, booked: Booked) -> None:
    offered = call("check_availability", service="consultation", date="next week")
    assert "Friday, December 4 at 4:30 PM" in offered

    heard = call("book_appointment", **ASKED, start="Friday at 10")

    assert heard == "Which day would you like: Friday, November 27; or Friday, December 4?"
    assert booked() == []
    call("book_appointment", **ASKED, start="the second one")
    assert [visit.start for visit in booked()] == [at("2026-12-04 10:00")]


@pytest.mark.parametrize(
    ("asked", "said", "days"),
    [
        ("December 4", "Thursday at 9", "Thursday, November 26; or Thursday, December 3"),
        ("next week", "Thursday at 9", "Thursday, November 26; or Thursday, December 3"),
        (
            "next week",
            "Tuesday then, at 2",
            "tomorrow, Tuesday, November 24; or Tuesday, December 1",
        ),
    ],
)
def test_a_weekday_of_the_week_that_was_told_is_asked_about(
    asked: str, said: str, days: str, call: Call, booked: Booked
) -> None:
    call("check_availability", service="consultation", date=asked)

    assert days in call("book_appointment", **ASKED, start=said)
    assert booked() == []


def test_a_time_that_was_offered_on_two_of_these_weekdays_is_asked_about(
    call: Call, booked: Booked
) -> None:
    offered = call("check_availability", service="consultation", date="el próximo viernes")
    assert "November 27 at 9:00 AM; or Friday, December 4 at 9:00 AM" in offered

    asked = call("book_appointment", **ASKED, start="Friday at 9")

    assert asked == "Which day would you like: Friday, November 27; or Friday, December 4?"
    assert booked() == []


@pytest.mark.parametrize(
    ("said", "day"),
    [("the 26th", "2026-11-26"), ("December 3", "2026-12-03"), ("the 3rd", "2026-12-03")],
)
def test_the_day_alone_has_the_time_that_was_said_before(
    said: str, day: str, call: Call, booked: Booked
) -> None:
    call("check_availability", service="consultation", date="next week")
    call("book_appointment", **ASKED, start="Thursday at 9")

    call("book_appointment", **ASKED, start=said)

    assert [visit.start for visit in booked()] == [at(f"{day} 09:00")]


@pytest.mark.parametrize(
    "said",
    [{"date": "the second one", "time": "10 AM"}, {"start": "the later one at 10"}],
)
def test_the_day_asked_about_is_said_with_its_time(
    said: dict[str, str], call: Call, booked: Booked
) -> None:
    call("check_availability", service="consultation", date="next week")
    call("book_appointment", **ASKED, start="Friday at 10")

    call("book_appointment", **ASKED, **said)

    assert [visit.start for visit in booked()] == [at("2026-12-04 10:00")]


def test_a_place_that_no_offer_has_is_no_fault(call: Call, booked: Booked) -> None:
    call("check_availability", service="consultation", date="December 4")

    heard = call("book_appointment", **ASKED, date="the later one", time="2 PM")

    assert "more than one" in heard
    assert booked() == []


@pytest.mark.parametrize(
    ("said", "start"), [("the first", "2026-11-24 10:00"), ("the second one", "2026-11-25 10:00")]
)
def test_one_of_the_days_asked_about_is_taken_by_its_place(
    said: str, start: str, call: Call, booked: Booked
) -> None:
    asked = call("book_appointment", **ASKED, start="tomorrow or Wednesday at 10")
    assert asked.startswith("Which day would you like: tomorrow")

    call("book_appointment", **ASKED, start=said)

    assert [visit.start for visit in booked()] == [at(start)]


def test_what_was_offered_in_another_call_is_not_meant(call: Call, booked: Booked) -> None:
    call("check_availability", service="consultation", date="December 4", call_id="before")

    call("book_appointment", **ASKED, start="Friday at 9")

    assert [visit.start for visit in booked()] == [at("2026-11-27 09:00")]


def test_an_alternative_is_taken_by_its_weekday(call: Call, booked: Booked) -> None:
    heard = call("book_appointment", **ASKED, start="December 19 at 10")
    assert "Friday, December 18 at 9:45 AM, 10:00 AM, or" in heard

    call("book_appointment", **ASKED, start="Friday at 10 is fine")

    assert [visit.start for visit in booked()] == [at("2026-12-18 10:00")]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ({"date": "Friday", "time_preference": "afternoon"}, "1:00 PM"),
        ({"time_preference": "afternoon"}, "1:00 PM"),
        ({"time_preference": "later in the day"}, "3:00 PM"),
    ],
)
def test_more_times_are_told_of_the_day_that_was_told(
    said: dict[str, str], first: str, call: Call
) -> None:
    call("check_availability", service="consultation", date="December 4")

    heard = call("check_availability", service="consultation", **said)

    assert heard.startswith(f"For a consultation on Friday, December 4 I have {first}")


def test_the_day_of_a_visit_booked_before_is_told_as_well(call: Call, booked: Booked) -> None:
    call("book_appointment", **ASKED, start="December 9 at 10")
    for_anna = {"service": "consultation", "patient_name": "Anna Roy"}

    asked = call("book_appointment", **for_anna, start="Wednesday at 11")
    call("book_appointment", **for_anna, start="that Wednesday at 10:30")

    assert asked == "Which day would you like: Wednesday, November 25; or Wednesday, December 9?"
    assert booked()[-1].start == at("2026-12-09 10:30")


def test_the_day_of_a_visit_that_is_cancelled_is_not_meant(call: Call, booked: Booked) -> None:
    call("book_appointment", **ASKED, start="December 10 at 9")
    call("cancel_appointment", current="my consultation", reason="wrong day")

    call("book_appointment", **ASKED, start="Thursday at 9")

    assert [visit.start for visit in booked()] == [at("2026-11-26 09:00")]


def test_a_time_offered_for_another_service_moves_no_visit_to_its_day(
    call: Call, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    visit = Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at("2026-12-11 10:00")
    )
    call("check_availability", service="consultation", date="December 4")

    heard = call("reschedule_appointment", start="move it to 9 AM")

    assert heard.startswith("I still need the day")
    visit.refresh_from_db()
    assert visit.start == at("2026-12-11 10:00")


def test_a_visit_of_the_coming_weekday_is_moved_to_the_later_one_that_was_offered(
    call: Call, booked: Booked
) -> None:
    call("book_appointment", **ASKED, start="Friday at 10")
    call("reschedule_appointment", start="next Friday")

    call("reschedule_appointment", start="Friday at 9 AM")

    assert [visit.start for visit in booked()] == [at("2026-12-04 09:00")]


def test_a_visit_is_moved_to_the_day_that_was_offered(
    call: Call, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    visit = Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at("2026-12-11 10:00")
    )
    call("reschedule_appointment", start="December 4")

    call("reschedule_appointment", start="Friday at 9")

    visit.refresh_from_db()
    assert visit.start == at("2026-12-04 09:00")


def test_the_weekday_one_is_the_offer_on_that_weekday(call: Call, booked: Booked) -> None:
    call("check_availability", service="consultation", date="next week")

    call("book_appointment", **ASKED, start="the Wednesday one")

    assert [visit.start.date() for visit in booked()] == [at("2026-12-02 09:00").date()]


def test_the_one_next_week_is_of_next_week(call: Call) -> None:
    heard = call("check_availability", service="consultation", date="the one next week")

    assert "Monday, November 30 and Sunday, December 6" in heard
