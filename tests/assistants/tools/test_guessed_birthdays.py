"""A caller who knows a reference can try only ten birthdays a day with it."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from assistants import callers
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import Call, at

pytestmark = pytest.mark.usefixtures("monday")

NOTHING = "I can't find an upcoming appointment with those details."


@pytest.fixture
def row(ben: Patient, ada: Practitioner, cleaning: ServiceType) -> Appointment:
    ben.date_of_birth, ben.birthday_proves = date(1988, 4, 17), True
    ben.save()
    return Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at("2026-12-03 14:30"),
        source="voice",
    )  # fmt: skip


def tried(call: Call, reference: str, born: str, **who: str) -> str:
    return call("find_appointments", reference=reference, date_of_birth=born, **who)


def guess(call: Call, reference: str, monday: datetime, many: int) -> list[str]:
    """So many wrong birthdays, each from a call of its own, ten an hour."""
    heard = []
    for number in range(many):
        with time_machine.travel(monday + timedelta(minutes=6 * number), tick=False):
            who = {"caller": "", "call_id": f"{reference}-{number}"}
            heard.append(tried(call, reference, f"1988-01-{number + 1:02}", **who))
    return heard


def test_ten_wrong_birthdays_a_day_close_a_reference(
    call: Call, row: Appointment, monday: datetime
) -> None:
    spelled = " ".join(row.reference)
    heard = guess(call, row.reference, monday, callers.MOST_BIRTHDAYS_A_DAY)
    later = monday + timedelta(hours=3)

    assert all(sentence.startswith(NOTHING) for sentence in heard)
    with time_machine.travel(later, tick=False):
        assert tried(call, spelled, "1988-04-17", caller="", call_id="b").startswith(NOTHING)
        assert row.reference in call("find_appointments", call_id="c")
    with time_machine.travel(monday + timedelta(hours=26), tick=False):
        assert row.reference in tried(call, spelled, "1988-04-17", caller="", call_id="d")


def test_nine_wrong_birthdays_do_not_close_it(
    call: Call, row: Appointment, monday: datetime
) -> None:
    guess(call, row.reference, monday, callers.MOST_BIRTHDAYS_A_DAY - 1)

    with time_machine.travel(monday + timedelta(hours=3), tick=False):
        assert row.reference in tried(call, row.reference, "1988-04-17", caller="", call_id="b")


def test_an_unknown_reference_gets_the_same_answers(
    call: Call, row: Appointment, monday: datetime
) -> None:
    nobodys = "22222" if row.reference != "22222" else "33333"
    many = callers.MOST_BIRTHDAYS_A_DAY + 1

    assert guess(call, nobodys, monday, many) == guess(
        call, row.reference, monday + timedelta(hours=2), many
    )
