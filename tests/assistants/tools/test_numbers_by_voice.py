"""Telephone numbers through the endpoint: one row however they are said, or asked for again."""

from collections.abc import Callable

import pytest

from bookings.models import Appointment, Patient
from tests.conftest import BEN, Call

pytestmark = pytest.mark.usefixtures("monday")


def book(call: Call, phone: str | None, **more: str) -> str:
    said = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode", **more}
    return call("book_appointment", patient_phone=phone, **said)


@pytest.mark.parametrize(
    "said",
    [
        "(415) 555-2671",
        "415.555.2671",
        "+1 415 555 2671",
        "001 415 555 2671",
        "1-415-555-2671",
        " 415  555  2671 ",
        "４１５５５５２６７１",
        "٤١٥٥٥٥٢٦٧١",
        "four one five five five five two six seven one",
        "four one five, double five five, two six seven one",
    ],
)
def test_however_it_is_said_it_is_one_number(said: str, call: Call) -> None:
    """P01: whom this caller has booked for before is found again, whatever the model wrote."""
    book(call, "+14155552671", start="2026-12-03T09:00")

    assert book(call, said).startswith("You're booked")

    assert [patient.phone for patient in Patient.objects.all()] == ["+14155552671"]
    assert {row.contact_phone for row in Appointment.objects.all()} == {""}


@pytest.mark.parametrize(
    ("region", "said", "stored"),
    [
        ("GB", "07911 123456", "+447911123456"),
        ("DE", "0176 12345678", "+4917612345678"),
        ("IT", "06 6982 1234", "+390669821234"),  # the zero is part of the number
        ("US", "+61 (0)403 123 456", "+61403123456"),
        ("US", "+49 030 123456", "+4930123456"),
    ],
)
def test_it_is_of_the_clinics_country(
    region: str,
    said: str,
    stored: str,
    call: Call,
    country: Callable[[str], None],
) -> None:
    """P02."""
    country(region)

    assert book(call, said).startswith("You're booked")

    assert Patient.objects.get().phone == stored


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("415-555-0123", "+14155550123"),  # kept for fiction, and a number all the same
        ("415 555 2671 x204", "+14155552671"),  # the extension is not what is stored
        ("911", ""),
        ("555-2671", ""),
        ("I don't have one", ""),
        ("41555526", ""),
        ("415555267100000", ""),
        ("+0 415 555 2671", ""),
    ],
)
def test_what_is_no_whole_number_is_asked_for_again_and_the_call_goes_on(
    said: str, stored: str, call: Call
) -> None:
    """P03: asked again; and without it the number that calls will do."""
    heard = book(call, said)

    if stored:
        assert Patient.objects.get().phone == stored
        return
    assert heard == (
        "I'm sorry. I didn't get a full phone number. Could you say it with the area code?"
    )
    assert not Patient.objects.exists()
    assert book(call, None).startswith("You're booked")
    assert Patient.objects.get().phone == BEN


@pytest.mark.parametrize("signalled", ["", "anonymous", "sip:someone@example.com", "Unknown"])
def test_two_withheld_numbers_are_no_one_patient(signalled: str, call: Call) -> None:
    """P04: there is no patient “unknown” whom everybody shares."""
    for number, said in enumerate(("415 555 0123", "415 555 0124")):
        heard = call(
            "book_appointment",
            caller=signalled,
            call_id=f"call-{number}",
            service="cleaning",
            start=f"2026-12-03T{9 + number:02}:00",
            patient_name="Ben Ode",
            patient_phone=said,
        )
        assert heard.startswith("You're booked")

    assert Patient.objects.count() == 2
    assert not Patient.objects.filter(phone="").exists()
    assert Appointment.objects.count() == 2


def test_another_name_at_a_number_changes_nobody(call: Call) -> None:
    """P06: the first of the family is as before, down to the accents."""
    book(call, None, patient_name="José Ode", patient_email="jose@example.com")

    book(call, None, patient_name="Ann Ode", start="2026-12-03T15:00")

    assert list(Patient.objects.order_by("created").values_list("name", "phone", "email")) == [
        ("José Ode", BEN, "jose@example.com"),
        ("Ann Ode", BEN, ""),
    ]


@pytest.mark.parametrize(
    "said", ["the number on file", "my usual number", "the one on file", "same number"]
)
def test_the_number_on_file_is_the_one_that_is_proven(said: str, call: Call) -> None:
    call(
        "book_appointment",
        service="cleaning",
        start="2026-12-03T14:00",
        patient_name="Ben Ode",
        patient_phone=said,
    )

    row = Appointment.objects.get()
    assert (row.patient.phone, row.contact_phone) == (BEN, "")


def test_without_a_proven_number_the_one_on_file_is_asked_for(call: Call) -> None:
    heard = call(
        "book_appointment",
        caller="",
        service="cleaning",
        start="2026-12-03T14:00",
        patient_name="Ben Ode",
        patient_phone="the number on file",
    )

    assert heard == (
        "I'm sorry. I can't see a number for this call. Which number can we reach you at?"
    )
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("tool", ["book_appointment", "join_waitlist"])
def test_two_people_in_one_name_are_asked_about(tool: str, call: Call) -> None:
    start = {"start": "2026-12-03T14:00"} if tool == "book_appointment" else {}
    heard = call(
        tool, service="cleaning", patient_name="Ana Marsh and her brother Ben Marsh", **start
    )

    assert heard == (
        "I'm sorry. I can see to one person at a time. What is the first one's full name?"
    )
    assert not Patient.objects.filter(name__contains="Marsh").exists()
