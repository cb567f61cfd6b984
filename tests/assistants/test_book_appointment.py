"""Booking by voice: through the endpoint, the sentence and the row."""

from collections.abc import Callable
from datetime import datetime

from bookings.models import Appointment, Patient
from tests.conftest import BEN, at

ARGUMENTS = {
    "service": "cleaning",
    "start": "2026-12-03T14:30",
    "patient_name": "Ben Ode",
}


def test_it_books_and_reads_the_booking_back(call: Callable[..., str], monday: datetime) -> None:
    sentence = call("book_appointment", **ARGUMENTS)

    row = Appointment.objects.get()
    assert sentence == (
        "You're booked: a cleaning on Thursday, December 3, 2026 at 2:30 PM with Dr. Ada Moss."
        f" Your reference is {row.reference}."
    )
    assert (row.start, row.end) == (at("2026-12-03 14:30"), at("2026-12-03 15:00"))
    assert (row.status, row.source) == ("booked", "voice")
    assert (row.patient.name, row.patient.phone) == ("Ben Ode", BEN)


def test_it_offers_three_alternatives(call: Callable[..., str], monday: datetime) -> None:
    call("book_appointment", **ARGUMENTS)

    assert call("book_appointment", **{**ARGUMENTS, "patient_name": "Cat Ruiz"}) == (
        "I'm so sorry, it looks like that specific time slot was just taken."
        " I have 2:00 PM, 3:00 PM, or 3:15 PM available. Would any of those work for you?"
    )
    assert [row.patient.name for row in Appointment.objects.all()] == ["Ben Ode"]
    assert not Patient.objects.filter(name="Cat Ruiz").exists()
