"""Midnight: a time where it was offered or said in words, and none in a model's 00:00."""

from datetime import datetime

import pytest

from bookings.models import Appointment, Patient, Practitioner, Schedule, ServiceType
from tests.conftest import Call, at

pytestmark = pytest.mark.usefixtures("monday")

STAMPS = ["2026-12-03T00:00", "2026-12-03 00:00:00", "2026-12-03T00:00:00-05:00", "20261203T0000"]
# A day without a time is answered with its times.
WHEN = "For a cleaning on Thursday, December"


@pytest.fixture(autouse=True)
def night(ada: Practitioner) -> None:
    """The clinic is open all night from Wednesday to Thursday."""
    Schedule.objects.create(practitioner=ada, weekday=2, starts="20:00", ends="04:00")


@pytest.fixture
def offered(call: Call, monday: datetime) -> str:
    """What this call was offered: midnight, and the quarters beside it."""
    heard = call(
        "check_availability", service="cleaning", date="2026-12-03", time_preference="12 AM"
    )
    assert "12:00 AM" in heard
    return heard


def begins() -> list[str]:
    return [f"{row.start:%Y-%m-%d %H:%M}" for row in Appointment.objects.order_by("start")]


MIDNIGHT = ["2026-12-03 05:00"]  # in UTC


@pytest.mark.usefixtures("offered")
@pytest.mark.parametrize("stamp", STAMPS)
def test_where_midnight_was_offered_a_stamp_is_midnight(stamp: str, book: Call) -> None:
    assert "on Thursday, December 3, 2026 at 12:00 AM" in book(start=stamp)
    assert begins() == MIDNIGHT


@pytest.mark.parametrize("stamp", [*STAMPS, "2026-12-02T24:00", "Thursday week 00:00"])
def test_where_it_was_not_a_stamp_is_a_date_without_a_time(stamp: str, book: Call) -> None:
    assert book(start=stamp).startswith(WHEN)
    assert begins() == []


@pytest.mark.parametrize("time", ["00:00", "0:00", "00:00:00"])
def test_figures_alone_are_no_time_either(time: str, book: Call) -> None:
    assert book(date="2026-12-03", time=time).startswith(WHEN)
    assert begins() == []


@pytest.mark.usefixtures("offered")
def test_what_another_call_was_offered_is_not_this_ones(call: Call) -> None:
    said = {"service": "cleaning", "patient_name": "Ben Ode", "start": STAMPS[0]}

    assert call("book_appointment", call_id="call-2", **said).startswith(WHEN)
    assert begins() == []


@pytest.mark.usefixtures("offered")
def test_midnight_of_another_day_was_not_offered(book: Call) -> None:
    assert book(start="2026-12-10T00:00").startswith(WHEN)


@pytest.mark.usefixtures("offered")
def test_a_stamp_beside_a_time_is_the_date_it_was(book: Call) -> None:
    """Also where midnight was offered: the time that was said is the one."""
    assert book(start="2026-12-03T00:00", time="10 am").startswith("You're booked")
    assert begins() == ["2026-12-03 15:00"]


@pytest.mark.parametrize(
    "said",
    [
        {"start": "Thursday, December 3 at 12:00 AM"},
        {"start": "2026-12-03 at 12 AM"},
        {"date": "2026-12-03", "time": "midnight"},
        {"date": "2026-12-03T00:00", "time": "12:00 AM"},
        {"start": "2026-12-03T00:00", "time": "midnight"},
    ],
)
def test_words_for_midnight_are_midnight(said: dict[str, str], book: Call) -> None:
    """As we say it ourselves."""
    assert "at 12:00 AM" in book(**said)
    assert begins() == MIDNIGHT


def test_the_end_of_a_day_is_not_its_beginning(book: Call) -> None:
    assert book(start="Thursday, December 3 at midnight").endswith("?")
    assert begins() == []


@pytest.mark.parametrize("stamp", [*STAMPS, "Thursday week 00:00"])
def test_a_stamp_finds_the_visit_of_that_day(
    stamp: str, call: Call, ada: Practitioner, ben: Patient, cleaning: ServiceType
) -> None:
    """Where a caller's own visit is meant, too: it is at ten."""
    for day in ("03", "04"):
        Appointment.objects.create(
            practitioner=ada,
            service=cleaning,
            patient=ben,
            start=at(f"2026-12-{day} 10:00"),
            source="staff",
        )

    assert call("cancel_appointment", current=stamp).startswith("I've cancelled it")
    assert begins() == ["2026-12-03 15:00", "2026-12-04 15:00"]
    assert Appointment.objects.get(status="cancelled").start == at("2026-12-03 10:00")


@pytest.mark.usefixtures("offered")
def test_a_visit_is_moved_to_the_midnight_that_was_offered(
    call: Call, ada: Practitioner, ben: Patient, cleaning: ServiceType
) -> None:
    row = Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=ben,
        start=at("2026-12-04 10:00"),
        source="staff",
    )

    assert call("reschedule_appointment", start=STAMPS[0]).startswith("I've moved it")

    row.refresh_from_db()
    assert row.start == at("2026-12-03 00:00")
