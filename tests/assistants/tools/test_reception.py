"""What callers ask of the clinic itself, and whom they are put through to."""

import pytest
import time_machine

from assistants.models import Reception, TransferNumber
from bookings.models import Closure, Schedule
from tests.conftest import Call, at

pytestmark = pytest.mark.usefixtures("monday")


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        (
            "",
            "The clinic is open today, Monday, November 23 from 9:00 AM to 12:00 PM"
            " and from 1:00 PM to 5:00 PM.",
        ),
        (
            "opening hours",
            "The clinic is open today, Monday, November 23 from 9:00 AM to 12:00 PM"
            " and from 1:00 PM to 5:00 PM.",
        ),
        (
            "are you open on Thursday",
            "The clinic is open on Thursday, November 26 from 9:00 AM to 12:00 PM"
            " and from 1:00 PM to 5:00 PM.",
        ),
        (
            "are you open on Saturday",
            "The clinic is closed on Saturday, November 28. It is open on Monday, November 30"
            " from 9:00 AM to 12:00 PM and from 1:00 PM to 5:00 PM.",
        ),
        ("where are you?", "Twelve Elm Street, by the park. Is there anything else?"),
        (
            "services",
            "We offer Cleaning, 30 minutes; Consultation, 30 minutes; and Root canal, 90 minutes."
            " Would you like to book one?",
        ),
        ("who works there", "Dr. Ada Moss, Dr. Bo Lind. Is there anything else?"),
        ("can I park", "Parking is behind the house. Is there anything else?"),
        (
            "can I bring my dog",
            "I don't know that, I'm afraid. Shall the clinic call you back about it?",
        ),
    ],
)
def test_what_staff_wrote_and_the_diary_says_is_told(topic: str, said: str, call: Call) -> None:
    Reception.objects.create(
        address="Twelve Elm Street, by the park.", notes="Parking is behind the house"
    )

    assert call("clinic_info", topic=topic) == said


def test_what_nobody_wrote_is_not_made_up(call: Call) -> None:
    assert call("clinic_info", topic="address") == (
        "I don't know that, I'm afraid. Shall the clinic call you back about it?"
    )


def test_after_hours_it_is_the_next_day_that_has_any(call: Call) -> None:
    Closure.objects.create(start=at("2026-11-24 00:00"), end=at("2026-11-25 00:00"))
    with time_machine.travel(at("2026-11-23 18:00"), tick=False):
        assert call("clinic_info", topic="hours").startswith(
            "The clinic is open on Wednesday, November 25 from 9:00 AM"
        )


def test_a_clinic_without_hours_says_so(call: Call) -> None:
    Schedule.objects.all().delete()

    assert "no opening hours" in call("clinic_info", topic="hours")


@pytest.mark.usefixtures("numbers")
@pytest.mark.parametrize(
    ("reason", "number"),
    [
        ("a question about billing", "plus 1 4 1 5 5 5 5 0 1 0 1"),
        ("something else", "plus 1 4 1 5 5 5 5 0 1 0 2"),
        ("", "plus 1 4 1 5 5 5 5 0 1 0 2"),
    ],
)
def test_in_hours_a_caller_gets_the_number_for_the_reason(
    reason: str, number: str, call: Call
) -> None:
    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        assert call("transfer_to_staff", reason=reason) == (
            f"The number for that is {number}. Shall I put you through?"
        )


@pytest.mark.usefixtures("numbers")
def test_out_of_hours_a_caller_is_offered_a_call_back(call: Call) -> None:
    with time_machine.travel(at("2026-11-23 12:30"), tick=False):
        heard = call("transfer_to_staff", reason="billing")

    assert heard.startswith("Nobody can take the call right now. The clinic is open today, ")
    assert heard.endswith("Shall they call you back?")


@pytest.mark.parametrize("moment", ["2026-11-23 10:00", "2026-11-23 12:30"])
def test_without_a_number_nobody_is_promised_at_any_hour(moment: str, call: Call) -> None:
    with time_machine.travel(at(moment), tick=False):
        assert call("transfer_to_staff") == (
            "I'm sorry, I can't put calls through from here. Shall the clinic call you back?"
        )


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (
            ["billing"],
            "The one line I can put you through to is for billing."
            " Shall I do that, or shall the clinic call you back?",
        ),
        (
            ["billing", "prescriptions"],
            "I can put you through about billing or prescriptions."
            " Which is it, or shall the clinic call you back?",
        ),
    ],
)
def test_a_caller_who_wants_a_person_hears_which_there_are(
    reasons: list[str], said: str, call: Call
) -> None:
    for reason in reasons:
        TransferNumber.objects.create(reason=reason, phone="+14155550101")

    with time_machine.travel(at("2026-11-23 10:00"), tick=False):
        assert call("transfer_to_staff", reason="I want a person") == said
        assert call("transfer_to_staff") == said


def test_out_of_hours_the_one_line_there_is_is_not_offered(call: Call) -> None:
    TransferNumber.objects.create(reason="billing", phone="+14155550101")

    with time_machine.travel(at("2026-11-23 12:30"), tick=False):
        assert call("transfer_to_staff").startswith("Nobody can take the call right now.")
