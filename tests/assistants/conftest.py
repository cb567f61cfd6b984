"""What callers and staff of Elm Street have in the tests of the conversation."""

import pytest

from assistants.models import TransferNumber
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import Call
from tests.visits import have


@pytest.fixture
def cats(ada: Practitioner, cleaning: ServiceType, cat: Patient) -> Appointment:
    """Half past two on Thursday, December 3 is Cat's."""
    return have(ada, cleaning, cat, "2026-12-03 14:30", source="staff")


@pytest.fixture
def numbers(elm: object) -> None:
    TransferNumber.objects.create(reason="billing", phone="+14155550101")
    TransferNumber.objects.create(reason="", phone="+14155550102")


@pytest.fixture
def book(call: Call) -> Call:
    return lambda **said: call(
        "book_appointment", service="cleaning", patient_name="Ben Ode", **said
    )
