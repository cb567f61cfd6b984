"""What was booked, moved or cancelled is told with its day and time, whatever else is said."""

from itertools import product

import pytest
from django.core.exceptions import ValidationError

from assistants.models import Reception
from assistants.prompts import emergencies
from bookings.models import Practitioner, ServiceType
from tests.conftest import Call

pytestmark = pytest.mark.usefixtures("monday")

BRIEF = "If this is an emergency, please hang up and call 911 now."
LENGTHS = (0, 60, 120, 150, 200, 247, 300)
NAMES = (("Cleaning", "Dr. Ada Moss"), ("Cleaning and polishing " * 3, "Dr. Ada Moss " * 4))
ASIDES = {
    "alone": {},
    "a year that is over": {"start": "2024-06-22T10:00"},
    "an address that was spoken": {"patient_email": "ben dot ode at example dot com"},
    "both": {"start": "2024-06-22T10:00", "patient_email": "ben dot ode at example dot com"},
}


@pytest.fixture(params=NAMES, ids=["short", "long"])
def names(request: pytest.FixtureRequest, cleaning: ServiceType, ada: Practitioner) -> None:
    service, practitioner = request.param
    ServiceType.objects.filter(pk=cleaning.pk).update(name=service.strip(), aliases=["cleaning"])
    Practitioner.objects.filter(pk=ada.pk).update(name=practitioner.strip())


def written(length: int) -> str:
    """An emergency sentence of so many characters; empty, it is the country's."""
    return ("Hang up and dial 911 at once, then come to Elm Hospital. " * 6)[:length].strip()


@pytest.mark.usefixtures("names")
def test_whatever_is_added(call: Call) -> None:
    for number, (length, aside) in enumerate(product(LENGTHS, ASIDES)):
        Reception.objects.update_or_create(id=1, defaults={"emergency": written(length)})
        said = {
            "service": "cleaning", "patient_name": "Ben Ode", "start": "2027-06-22T10:00",
            "call_id": f"{number}", **ASIDES[aside],
        }  # fmt: skip

        booked = call("book_appointment", notes="I have chest pain", **said)
        corrected = call("book_appointment", notes="chest pain", date_of_birth="1990-01-02", **said)
        moved = call(
            "reschedule_appointment", start="2027-06-23T10:00", current="my cleaning, chest pain",
            call_id=f"{number}",
        )  # fmt: skip
        if not moved.partition("I've moved it")[1]:
            moved = call("reschedule_appointment", start="2027-06-23T10:00", call_id=f"{number}")
        cancelled = call("cancel_appointment", reason="I have chest pain", call_id=f"{number}")

        what = (length, aside)
        assert "You're booked: " in booked, (what, booked)
        assert "Your reference is " in booked, (what, booked)
        assert "You're booked: " in corrected, (what, corrected)
        assert "I've moved it: " in moved, (what, moved)
        assert "I've cancelled it: " in cancelled, (what, cancelled)
        for heard, day in ((booked, "22"), (corrected, "22"), (moved, "23"), (cancelled, "23")):
            assert f"June {day}" in heard, (what, heard)
            assert "10:00 AM" in heard, (what, heard)
        for heard in (booked, corrected, cancelled):
            assert heard.startswith((written(length) or BRIEF, BRIEF)), (what, heard)


def test_a_long_sentence_is_refused_where_it_is_entered() -> None:
    Reception(emergency="x" * emergencies.MOST).clean()
    with pytest.raises(ValidationError, match="At most 150 characters"):
        Reception(emergency="x" * (emergencies.MOST + 1)).clean()
