"""Zones whose name is a number: how a time that comes twice is said, and heard again."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from assistants.hearing import zones
from assistants.speech import wording
from bookings.models import Appointment, Practitioner, Schedule
from tenants import organizations
from tenants.models import Organization
from tests.conftest import Call

CASABLANCA = ZoneInfo("Africa/Casablanca")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
NEW_YORK = ZoneInfo("America/New_York")
# Ramadan begins: at three it is two again, on Sunday, February 7.
NOW = datetime(2027, 2, 1, 8, 0, tzinfo=CASABLANCA)


@pytest.mark.parametrize(
    ("zone", "moment", "said"),
    [
        (CASABLANCA, "2027-02-07T01:30+00:00", "2:30 AM before the clocks change"),
        (CASABLANCA, "2027-02-07T02:30+00:00", "2:30 AM after the clocks change"),
        (CASABLANCA, "2027-02-07T03:30+00:00", "3:30 AM"),
        (LORD_HOWE, "2027-04-03T15:05+00:00", "1:35 AM after the clocks change"),
        (ZoneInfo("Asia/Dubai"), "2027-02-07T01:30+00:00", "5:30 AM"),
        (ZoneInfo("Europe/Moscow"), "2014-10-25T22:30+00:00", "1:30 AM after the clocks change"),
        (NEW_YORK, "2027-11-07T05:30+00:00", "1:30 AM EDT"),
        (NEW_YORK, "2027-11-07T06:30+00:00", "1:30 AM EST"),
    ],
)  # fmt: skip
def test_a_time_that_comes_twice_is_said_in_words(zone: ZoneInfo, moment: str, said: str) -> None:
    instant = datetime.fromisoformat(moment)

    assert wording.clock(instant, instant.astimezone(zone)) == said


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("7 February at 2:30 AM before the clocks change", zones.BEFORE, "7 February at 2:30 AM"),
        ("2:30 AM, After the clocks go back", zones.AFTER, "2:30 AM"),
        ("2:30 AM EST", "EST", "2:30 AM EST"),
        ("after the clock strikes two", "", "after the clock strikes two"),
    ],
)
def test_what_we_say_is_taken_as_we_said_it(text: str, name: str, rest: str) -> None:
    assert (zones.named(text), zones.without_change(text)) == (name, rest)


@pytest.fixture
def casablanca(elm: Organization, ada: Practitioner) -> Iterator[None]:
    """Elm Street moved to Casablanca, where Dr. Ada works on Sunday nights."""
    Schedule.objects.create(practitioner=ada, weekday=6, starts="01:00", ends="06:00")
    organizations.leave()
    Organization.objects.filter(pk=elm.pk).update(timezone="Africa/Casablanca", phone_region="MA")
    with time_machine.travel(NOW, tick=False):
        elm.activate()
        yield


@pytest.mark.usefixtures("casablanca")
@pytest.mark.parametrize(
    ("which", "utc"),
    [
        (" before the clocks change", "01:30"),
        (" after the clocks change", "02:30"),
        ("", "01:30"),
    ],
)
def test_either_of_the_two_can_be_booked_as_it_was_said(which: str, utc: str, call: Call) -> None:
    heard = call(
        "book_appointment",
        service="cleaning",
        patient_name="Ben Ode",
        patient_phone="+212 522 123 456",
        start=f"Sunday 7 February at 2:30 AM{which}",
    )

    told = which or " before the clocks change"
    assert f"Sunday 7 February 2027 at 2:30 AM{told} with Dr. Ada Moss" in heard
    assert f"{Appointment.objects.get().start:%H:%M}" == utc


@pytest.mark.usefixtures("casablanca")
def test_the_words_change_nothing_where_a_time_comes_once(call: Call) -> None:
    heard = call(
        "book_appointment",
        service="cleaning",
        patient_name="Ben Ode",
        start="Sunday 7 February at 4:30 AM after the clocks change",
    )

    assert "at 4:30 AM with Dr. Ada Moss" in heard
