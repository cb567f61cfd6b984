"""A number that costs whoever dials it is nobody's to be called back at."""

import pytest

from bookings import phones
from bookings.models import Appointment, Callback
from tests.conftest import Call

pytestmark = pytest.mark.usefixtures("monday")

ASKED = (
    "I'm sorry. The clinic can't call numbers of that kind. Which other number can we reach you at?"
)
COSTLY = {
    "premium rate": "+19002345678",
    "premium rate abroad": "+449098790000",
    "a personal number": "+447012345678",
    "international premium rate": "+979123456789",
    "an international network": "+8821612345678",
    "a satellite": "+881631451234",
}


@pytest.mark.parametrize("number", COSTLY.values(), ids=COSTLY)
def test_no_call_back_is_promised_there(number: str, call: Call) -> None:
    heard = call("request_callback", name="Wan Giri", phone=number)

    assert heard == ASKED
    assert not Callback.objects.exists()


def test_it_is_asked_for_again_as_a_patients_number(call: Call) -> None:
    wanted = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Wan Giri"}

    assert call("book_appointment", **wanted, patient_phone="900-234-5678") == ASKED
    assert call("join_waitlist", call_id="b", **wanted, patient_phone="900-234-5678") == ASKED
    assert not Appointment.objects.exists()


def test_a_satellite_books_and_is_not_called_back(call: Call) -> None:
    """What the network signals proves who calls; dialled it is not."""
    wanted = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Wan Giri"}

    assert call("book_appointment", caller="+881631451234", **wanted).startswith("You're booked")
    assert call("request_callback", caller="+881631451234", name="Wan Giri") == ASKED


@pytest.mark.parametrize("number", ["+14155550123", "+18005550123", "+80012345678", "nothing"])
def test_others_are_called(number: str) -> None:
    assert not phones.is_costly(number)
