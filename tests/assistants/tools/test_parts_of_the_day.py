"""Where a clinic says its afternoon begins, that is where it begins for callers, too."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction

from assistants.hearing import Part, When
from assistants.tools import preferences
from bookings import waitlist
from bookings.models import Appointment, BookingPolicy, Patient, Practitioner, ServiceType
from tests.conftest import Call, at

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def late(elm: object) -> BookingPolicy:
    """The afternoon begins at two, and the evening at four."""
    return BookingPolicy.objects.create(afternoon_from=time(14), evening_from=time(16))


@pytest.mark.parametrize(
    "said",
    [
        {"date": "Thursday December 3 in the afternoon"},
        {"date": "December 3", "time_preference": "afternoon"},
    ],
)
def test_an_afternoon_begins_where_the_clinic_says(
    said: dict[str, str], call: Call, late: BookingPolicy
) -> None:
    heard = call("check_availability", service="cleaning", **said)

    assert "I have 2:00 PM, 3:00 PM, or 3:45 PM" in heard


def test_booking_and_moving_answer_with_the_clinics_afternoon(
    call: Call, late: BookingPolicy, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=ben, start=at("2026-12-01 09:00"),
        source="staff",
    )  # fmt: skip

    booking = call(
        "book_appointment",
        service="cleaning",
        start="December 3 in the afternoon",
        patient_name="Cat Moor",
    )
    moving = call("reschedule_appointment", start="December 3 in the afternoon")

    assert "I have 2:00 PM, 3:00 PM, or 3:45 PM" in booking
    assert "I have 2:00 PM, 3:00 PM, or 3:45 PM" in moving


def test_without_a_word_of_the_clinic_it_is_noon(call: Call) -> None:
    heard = call("check_availability", service="cleaning", date="December 3 in the afternoon")

    assert "I have 1:00 PM, 2:45 PM, or 4:30 PM" in heard


def test_a_morning_ends_and_an_evening_begins_there(call: Call, late: BookingPolicy) -> None:
    morning = call("check_availability", service="cleaning", date="December 3 in the morning")
    evening = call("check_availability", service="cleaning", date="December 3 in the evening")

    assert "or 1:45 PM" in morning
    assert "I have 4:00 PM, 4:15 PM, or 4:30 PM" in evening


def test_what_was_wished_for_before_ranks_by_the_clinics_parts(
    call: Call, late: BookingPolicy, ada: Practitioner, cleaning: ServiceType, cat: Patient
) -> None:
    Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=cat, start=at("2026-12-03 14:00"),
        source="staff",
    )  # fmt: skip
    call("check_availability", service="cleaning", date="Dec 2", time_preference="in the afternoon")

    heard = call(
        "book_appointment", service="cleaning", start="2026-12-03T14:00", patient_name="Ben Ode"
    )

    assert "I have 2:30 PM, 2:45 PM, or 3:00 PM available" in heard


@pytest.mark.parametrize(("start", "is_wanted"), [("13:00", False), ("14:00", True)])
def test_the_waitlist_goes_by_the_clinics_parts(
    start: str,
    is_wanted: bool,
    call: Call,
    late: BookingPolicy,
    ada: Practitioner,
    cleaning: ServiceType,
    cat: Patient,
) -> None:
    call("join_waitlist", service="cleaning", patient_name="Ben Ode", days="in the afternoon")
    freed = Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=cat, start=at(f"2026-12-03 {start}"),
        source="staff", status="cancelled",
    )  # fmt: skip

    waiting = waitlist.wanting(freed, now=at("2026-11-23 08:00"))

    assert [match.entry.patient.name for match in waiting] == ["Ben Ode"] * is_wanted


@pytest.mark.parametrize(
    ("wish", "hours"),
    [
        (When(earliest=time(12), latest=time(15), part=Part.AFTERNOON), (time(14), time(15))),
        (When(earliest=time(12), latest=time(13), part=Part.AFTERNOON), (time(14), time(16))),
        (When(earliest=time(5), latest=time(9), part=Part.MORNING), (time(5), time(9))),
        (When(earliest=time(18), part=Part.NIGHT), (time(18), None)),
        (When(earliest=time(13)), (time(13), None)),
        (When(), (None, None)),
    ],
)
def test_narrower_wishes_stay_as_they_are(
    wish: When, hours: tuple[time | None, time | None], late: BookingPolicy
) -> None:
    assert preferences.between(wish) == hours


def test_an_evening_before_the_afternoon_is_refused(elm: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingPolicy.objects.create(afternoon_from=time(17), evening_from=time(16))
