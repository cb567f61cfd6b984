"""A call's id is opaque, and may be longer than what is kept of it."""

import pytest

from assistants.models import ToolCall
from bookings.models import Appointment, Offer
from tests.conftest import BEN, Call

pytestmark = pytest.mark.usefixtures("monday")

LONG = "call-" + "x" * 300


def test_a_call_with_a_long_id_asks_books_and_is_told(call: Call) -> None:
    offered = call("check_availability", service="cleaning", date="2026-12-03", call_id=LONG)
    booked = call(
        "book_appointment",
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Ben Ode",
        call_id=LONG,
        caller=BEN,
    )

    assert "I have" in offered
    assert booked.startswith("You're booked")
    assert call("did_that_go_through", call_id=LONG).startswith("Yes, that went through")
    [kept] = set(ToolCall.objects.values_list("conversation", flat=True))
    assert Appointment.objects.get().changes.get().by == kept
    assert not Offer.objects.exists()


def test_long_ids_are_told_apart_at_their_end(call: Call) -> None:
    """Another call, also one without a number, is told nothing of this one."""
    booked = call(
        "book_appointment",
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Ben Ode",
        patient_phone="+12025550143",
        call_id=f"{LONG}a",
        caller="",
    )

    [row] = Appointment.objects.all()
    assert row.reference in booked
    assert row.reference in call("find_appointments", call_id=f"{LONG}a", caller="")
    assert row.reference not in call("find_appointments", call_id=f"{LONG}b", caller="")
    assert call("did_that_go_through", call_id=f"{LONG}b").startswith("I haven't booked")
