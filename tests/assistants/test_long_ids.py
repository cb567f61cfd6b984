"""A call's id is opaque, and may be longer than what is kept of it."""

from collections.abc import Callable

import pytest

from assistants.models import ToolCall
from bookings.models import Appointment, Offer
from tests.conftest import BEN

pytestmark = pytest.mark.usefixtures("monday")

LONG = "call-" + "x" * 300


def test_a_call_with_a_long_id_asks_books_and_is_told(call: Callable[..., str]) -> None:
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
    assert Appointment.objects.get().changes.get().by == LONG[:200]
    assert set(ToolCall.objects.values_list("conversation", flat=True)) == {LONG[:200]}
    assert not Offer.objects.exists()
