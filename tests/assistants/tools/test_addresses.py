"""Addresses: an e-mail address that was spoken is read back once, and a booking waits for none."""

import pytest

from assistants import hearing
from assistants.tools import addresses
from bookings.models import Appointment, Patient
from tests.conftest import Call, Door, tool_calls

pytestmark = pytest.mark.usefixtures("monday")
BOOKING = {"service": "cleaning", "patient_name": "Grace Hopper", "start": "2026-12-03T14:30"}
SPOKEN = "grace dot hopper at example dot com"
BOOKED = "You're booked: a cleaning on Thursday, December 3, 2026 at 2:30 PM with Dr. Ada Moss."
READ_BACK = "I heard the e-mail address grace dot hopper at example dot com, is that right?"


def email() -> str:
    """The e-mail address of the only patient with a visit."""
    assert Appointment.objects.count() == 1
    return Patient.objects.get().email


def test_a_written_address_counts_at_once(call: Call) -> None:
    heard = call("book_appointment", **BOOKING, patient_email="grace@example.com")

    assert heard.startswith(BOOKED)
    assert "e-mail" not in heard
    assert email() == "grace@example.com"


def test_a_spoken_address_is_read_back_with_the_booking(call: Call) -> None:
    heard = call("book_appointment", **BOOKING, patient_email=SPOKEN)

    assert heard.startswith(BOOKED)
    assert heard.endswith(READ_BACK)
    assert email() == ""


@pytest.mark.parametrize(
    "more",
    [
        {"email_confirmed": "yes"},
        {"email_confirmed": True},
        {"email_confirmed": "Yes, that's right", "patient_email": SPOKEN},
        {"patient_email": SPOKEN},
        {"patientEmail": "my email is grace dot hopper at example dot com"},
    ],
)
def test_it_counts_when_a_later_message_confirms_it(more: dict[str, object], call: Call) -> None:
    call("book_appointment", **BOOKING, patient_email=SPOKEN)

    heard = call("book_appointment", **BOOKING, **more)

    assert heard.startswith(BOOKED)
    assert heard.endswith("I've noted the e-mail address.")
    assert email() == "grace.hopper@example.com"


@pytest.mark.parametrize("said", ["no", "", "false", False, "not quite"])
def test_it_does_not_count_without_a_yes(said: object, call: Call) -> None:
    call("book_appointment", **BOOKING, patient_email=SPOKEN)
    call("book_appointment", **BOOKING, email_confirmed=said)

    assert email() == ""


def test_a_yes_to_nothing_confirms_nothing(call: Call) -> None:
    heard = call("book_appointment", **BOOKING, patient_email=SPOKEN, email_confirmed="yes")

    assert heard.endswith(READ_BACK)
    assert email() == ""


def test_a_yes_in_the_same_message_comes_before_the_question(door: Door) -> None:
    first = {
        "id": "a",
        "tool": "book_appointment",
        "arguments": {**BOOKING, "patient_email": SPOKEN},
    }
    then = {
        "id": "b",
        "tool": "book_appointment",
        "arguments": {**BOOKING, "email_confirmed": "yes"},
    }

    door.post(tool_calls(first, then))

    assert email() == ""


def test_a_yes_of_another_call_confirms_nothing(call: Call) -> None:
    call("book_appointment", **BOOKING, patient_email=SPOKEN)
    call("book_appointment", call_id="call-2", **BOOKING, email_confirmed="yes")

    assert email() == ""


def test_a_corrected_address_replaces_the_first(call: Call) -> None:
    call("book_appointment", **BOOKING, patient_email=SPOKEN)

    heard = call("book_appointment", **BOOKING, patient_email="grace dot harper at example dot com")
    before = email()
    call("book_appointment", **BOOKING, email_confirmed="yes")

    assert "grace dot harper at example dot com, is that right?" in heard
    assert before == ""
    assert email() == "grace.harper@example.com"


def test_one_that_counts_is_replaced_by_one_that_is_confirmed_later(call: Call) -> None:
    call("book_appointment", **BOOKING, patient_email=SPOKEN)
    call("book_appointment", **BOOKING, email_confirmed="yes")
    call("book_appointment", **BOOKING, patient_email="grace dot harper at example dot com")
    kept = email()
    call("book_appointment", **BOOKING, email_confirmed="yes")

    assert kept == "grace.hopper@example.com"
    assert email() == "grace.harper@example.com"


def test_the_same_request_once_more_confirms_nothing(call: Call) -> None:
    first = call("book_appointment", id="a", **BOOKING, patient_email=SPOKEN)

    assert call("book_appointment", id="a", **BOOKING, patient_email=SPOKEN) == first
    assert email() == ""


def test_one_that_was_said_with_a_refusal_is_read_back_with_the_booking(call: Call) -> None:
    call("book_appointment", **{**BOOKING, "start": "2026-12-05T10:00"}, patient_email=SPOKEN)

    heard = call("book_appointment", **BOOKING, patient_email=SPOKEN)

    assert heard.endswith(READ_BACK)
    assert email() == ""


def test_one_that_is_not_understood_is_asked_for_behind_the_booking(call: Call) -> None:
    said = {**BOOKING, "patient_email": "bob five at gmail dot com"}

    heard = [call("book_appointment", **said) for _ in range(3)]

    assert all(one.startswith(BOOKED) for one in heard)
    assert heard[0].endswith("I didn't catch the e-mail address. Could you say it once more?")
    assert heard[1].endswith(
        "Please say it letter by letter, with “at” and “dot” where they stand."
    )
    assert heard[2].endswith("and we can do without it. Is there anything else?")
    assert email() == ""


def test_an_address_on_record_is_not_overwritten_nor_said_to_be(call: Call, ben: Patient) -> None:
    Patient.objects.update(email="ben@example.com")
    said = {**BOOKING, "patient_name": "Ben Ode"}
    call("book_appointment", **said, patient_email=SPOKEN)

    heard = call("book_appointment", **said, email_confirmed="yes")

    assert "noted" not in heard
    assert email() == "ben@example.com"


def test_one_too_long_to_be_read_back_is_not_kept(call: Call) -> None:
    spoken = " dot ".join(["ab"] * 21) + " at example dot com"

    heard = [call("book_appointment", **BOOKING, patient_email=spoken) for _ in range(2)]

    assert all(one.startswith(BOOKED) for one in heard)
    assert heard[0].endswith("Please tell the clinic your e-mail address at the visit.")
    assert email() == ""


def test_signs_without_a_name_are_not_read_aloud(call: Call) -> None:
    said = "{{grace}} at example dot com"

    heard = [call("book_appointment", **BOOKING, patient_email=said) for _ in range(2)]

    assert all(one.startswith(BOOKED) and "{" not in one for one in heard)
    assert email() == ""


def test_it_went_through_all_the_same(call: Call) -> None:
    told = call("book_appointment", **BOOKING, patient_email=SPOKEN)

    assert call("did_that_go_through") == f"Yes, that went through. {told}"


@pytest.mark.parametrize(
    ("address", "spoken"),
    [
        ("grace.hopper@example.com", "grace dot hopper at example dot com"),
        ("a_b-c+d@mail.example.org", "a underscore b dash c plus d at mail dot example dot org"),
        ("bob55@example.com", "bob 5 5 at example dot com"),
    ],
)
def test_an_address_is_read_so_that_it_can_be_said(address: str, spoken: str) -> None:
    assert addresses.spoken(address) == spoken
    assert addresses.spoken(address).isprintable()


def test_what_is_read_back_is_heard_as_the_same() -> None:
    assert hearing.email(addresses.spoken("grace.hopper@example.com")) == "grace.hopper@example.com"
