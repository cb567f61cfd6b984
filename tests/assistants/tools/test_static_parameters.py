"""Static parameters: what Vapi merges over a model's arguments is never believed to be a caller."""

from typing import Any

import pytest

from bookings.models import Appointment, Patient, ServiceType
from tests.conftest import BEN, Call, Door, tool_calls

CAT = "+12025550188"
BOOKING = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}

pytestmark = pytest.mark.usefixtures("monday")


def test_the_number_vapi_fills_in_is_nobodys_phone(call: Call) -> None:
    """P07: a model that forges the parameter, where Vapi fills in none, changes nothing."""
    call("book_appointment", **BOOKING, caller_number=CAT)

    assert Appointment.objects.get().patient.phone == BEN


def test_without_a_signalled_number_the_filled_in_one_is_not_used(
    call: Call,
) -> None:
    """P04: a web call leaves the template as it stands."""
    for forged in ("{{ customer.number }}", CAT):
        sentence = call(
            "book_appointment", call_id=forged, caller="", **BOOKING, caller_number=forged
        )

        assert sentence == "I still need a phone number. Could you tell me?"
    assert not Appointment.objects.exists()


def test_a_forged_number_opens_nobodys_appointments(
    cat: Patient, cleaning: ServiceType, call: Call
) -> None:
    """P07."""
    call("book_appointment", caller=CAT, **{**BOOKING, "patient_name": "Cat Ruiz"})

    heard = call("find_appointments", caller=BEN, caller_number=CAT)

    assert "cleaning" not in heard


def test_a_forged_call_id_is_no_key_to_what_another_call_was_told(door: Door) -> None:
    """I14, within an org: the id of the call is the one of the envelope."""
    mine: dict[str, Any] = {"id": "a", "tool": "book_appointment", "arguments": BOOKING}
    door.post(tool_calls(mine, call_id="call-1", caller=BEN))

    forged = {"id": "b", "tool": "did_that_go_through", "arguments": {"call_id": "call-1"}}
    [answer] = door.post(tool_calls(forged, call_id="call-2", caller=CAT)).json()["results"]

    assert answer["result"].startswith("I haven't booked or changed anything on this call yet.")
    assert Appointment.objects.count() == 1
