"""A stranger who knows a patient's name and number learns, changes and opens nothing."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import serializers

from bookings import appointments
from bookings.models import Appointment, Patient, Practitioner, ServiceType, WaitlistEntry
from tests.conftest import BEN, Call, at

pytestmark = pytest.mark.usefixtures("monday")

DEE = "+12025550143"
BORN, INVENTED = "1988-04-17", "1990-01-01"
THURSDAY = at("2026-12-03 14:30")
NOTHING = "I can't find an upcoming appointment with those details."
BENS = {"patient_name": "Ben Ode", "patient_phone": BEN}
# Somebody no clinic knows, with as much to say.
NOBODYS = {"patient_name": "Zoe Hart", "patient_phone": "+12025550199"}
# From another number, and from a withheld one.
SIGNALLED = [DEE, ""]


@pytest.fixture(params=[date(1988, 4, 17), None], ids=["with a birthday", "without"])
def known(ben: Patient, request: pytest.FixtureRequest) -> Patient:
    """Ben, who may have told his birthday himself."""
    ben.date_of_birth = request.param
    ben.save()
    return ben


@pytest.fixture
def row(known: Patient, ada: Practitioner, cleaning: ServiceType) -> Appointment:
    """Ben's cleaning on Thursday, December 3 at half past two."""
    return Appointment.objects.create(
        practitioner=ada, service=cleaning, patient=known, start=THURSDAY, source="voice"
    )


def everything_of(patient: Patient) -> str:
    """The record, the visits and the places on the waitlist, as the database has them."""
    rows = [Patient.objects.get(pk=patient.pk)]
    theirs = Appointment.objects.filter(patient=patient).order_by("pk")
    waiting = WaitlistEntry.objects.filter(patient=patient).order_by("pk")
    return str(serializers.serialize("json", [*rows, *theirs, *waiting]))


def without_reference(sentence: str) -> str:
    return re.sub(r"reference (is )?[2-9A-Z]{5}", "reference", sentence)


def half_hours() -> list[str]:
    nine = at("2026-12-03 09:00")
    return [f"{nine + timedelta(minutes=30 * n):%Y-%m-%dT%H:%M}" for n in range(16)]


@pytest.mark.parametrize("signalled", SIGNALLED)
def test_a_patients_visit_is_not_told_to_a_caller_who_asks_for_the_same(
    signalled: str, call: Call, row: Appointment, known: Patient
) -> None:
    """Z03: the takeover, word for word: the same service and start, and an invented birthday."""
    before = everything_of(known)
    wanted = {"service": "cleaning", "start": "2026-12-03T14:30", "date_of_birth": INVENTED}

    heard = call("book_appointment", caller=signalled, **BENS, **wanted)

    assert row.reference not in heard
    assert heard == call("book_appointment", caller=DEE, call_id="two", **NOBODYS, **wanted)
    assert heard.startswith("I'm so sorry, it looks like that specific time slot was just taken.")
    assert everything_of(known) == before
    proof = {"reference": row.reference, "date_of_birth": INVENTED}
    for tool, more in (
        ("find_appointments", {}),
        ("reschedule_appointment", {"start": "2026-12-04T09:00"}),
        ("cancel_appointment", {}),
    ):
        assert call(tool, caller="", call_id="three", **proof, **more).startswith(NOTHING)
    assert everything_of(known) == before


@pytest.mark.parametrize("signalled", SIGNALLED)
def test_a_sweep_of_a_days_half_hours_tells_nothing(
    signalled: str, call: Call, row: Appointment, known: Patient
) -> None:
    """Z03: each time is free, or taken as it is for anybody; no answer holds the reference."""
    before = everything_of(known)
    for number, start in enumerate(half_hours()):
        wanted = {"service": "cleaning", "start": start, "date_of_birth": INVENTED}
        heard = call("book_appointment", caller=signalled, call_id=f"a{number}", **BENS, **wanted)
        mine = Appointment.objects.exclude(pk=row.pk)
        mine.update(status="cancelled")
        asked_for_nobody = call(
            "book_appointment", caller=signalled, call_id=f"b{number}", **NOBODYS, **wanted
        )
        mine.update(status="cancelled")

        assert without_reference(heard) == without_reference(asked_for_nobody)
        assert row.reference not in heard
    assert everything_of(known) == before


@pytest.mark.parametrize("signalled", SIGNALLED)
@pytest.mark.parametrize("born", [BORN, INVENTED, ""])
def test_a_booking_by_an_unproven_caller_makes_a_new_patient(
    born: str, signalled: str, call: Call, row: Appointment, known: Patient
) -> None:
    """Z03: also with the right birthday; and staff see whom it may be of."""
    before = everything_of(known)
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00", "date_of_birth": born}
    wanted["patient_email"] = "dee@example.com"

    heard = call("book_appointment", caller=signalled, **BENS, **wanted)

    assert heard.startswith("You're booked: a cleaning on Friday, December 4, 2026 at 9:00 AM")
    claimed = Appointment.objects.exclude(pk=row.pk).get().patient
    assert (claimed.claimed_by, claimed.may_be, claimed.phone) == (
        signalled or "call-1", known, BEN,
    )  # fmt: skip
    assert everything_of(known) == before
    # What is theirs they may hear of; and the patient whose number was said does not.
    assert call("find_appointments", caller=signalled).startswith("You have a cleaning on Friday")
    assert "Thursday" in call("find_appointments", call_id="bens")
    assert "Friday" not in call("find_appointments", call_id="bens")


@pytest.mark.parametrize("signalled", SIGNALLED)
def test_it_is_not_told_to_a_caller_who_says_no_birthday(
    signalled: str, call: Call, row: Appointment, known: Patient
) -> None:
    """Z03: also if the name is in another order, or has a slip in it."""
    before = everything_of(known)
    wanted = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_phone": BEN}

    for number, name in enumerate(("Ben Ode", "ODE, BEN", "Ben", "Benn Ode")):
        call_id = f"call-{number}"
        heard = call(
            "book_appointment", caller=signalled, call_id=call_id, patient_name=name, **wanted
        )
        assert heard.startswith("I'm so sorry, it looks like that specific time slot was just")
        assert call("did_that_go_through", caller=signalled, call_id=call_id).startswith("No,")
        assert call("find_appointments", caller=signalled, call_id=call_id).startswith(NOTHING)
    assert everything_of(known) == before


@pytest.mark.parametrize("signalled", SIGNALLED)
def test_the_same_request_again_in_the_same_call_is_the_same_appointment(
    signalled: str, call: Call, known: Patient
) -> None:
    """I03, Z03."""
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00", "date_of_birth": INVENTED}

    first = call("book_appointment", caller=signalled, **BENS, **wanted)

    assert call("book_appointment", caller=signalled, **BENS, **wanted) == first
    assert call("did_that_go_through", caller=signalled) == f"Yes, that went through. {first}"
    assert Appointment.objects.count() == 1
    assert Patient.objects.count() == 2


def test_a_birthday_that_was_only_said_opens_nothing(call: Call, known: Patient) -> None:
    """Z03: reference and birthday of a visit somebody claimed prove nothing later."""
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00", "date_of_birth": INVENTED}
    call("book_appointment", caller="", **BENS, **wanted)
    proof = {"reference": Appointment.objects.get().reference, "date_of_birth": INVENTED}

    for tool, more in (
        ("find_appointments", {}),
        ("reschedule_appointment", {"start": "2026-12-04T10:00"}),
        ("cancel_appointment", {}),
    ):
        assert call(tool, caller="", call_id="later", **proof, **more).startswith(NOTHING)
    assert Appointment.objects.get().status == "booked"


@pytest.mark.parametrize("signalled", SIGNALLED)
def test_the_waitlist_tells_and_changes_nothing(
    signalled: str, call: Call, row: Appointment, known: Patient
) -> None:
    """Z03, by the waitlist."""
    waits = {"service": "cleaning", "date_of_birth": INVENTED, "days": "Fridays"}
    call("join_waitlist", call_id="his", patient_name="Ben Ode", service="cleaning", days="Mondays")
    before = everything_of(known)

    heard = call("join_waitlist", caller=signalled, **BENS, **waits)

    assert heard == call("join_waitlist", caller=signalled, call_id="b", **NOBODYS, **waits)
    assert everything_of(known) == before
    claimed = WaitlistEntry.objects.exclude(patient=known).order_by("pk")[0].patient
    assert (claimed.may_be, claimed.is_verified) == (known, False)


@pytest.mark.parametrize("signalled", SIGNALLED)
def test_a_father_and_a_son_are_not_told_apart_for_a_stranger(
    signalled: str, call: Call, known: Patient
) -> None:
    """Z03: only a call from their own number is told that there are two patients of that name."""
    for year in (1960, 1999):
        Patient.objects.create(name="Ben Ode", phone=BEN, date_of_birth=date(year, 1, 1))
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00"}

    assert call("book_appointment", caller=signalled, **BENS, **wanted).startswith("You're booked")
    asked = call("book_appointment", call_id="his", patient_name="Ben Ode", **wanted)
    assert asked.endswith("What is the patient's date of birth?")


def test_what_another_withheld_call_claimed_is_not_this_ones(call: Call, elm: Any) -> None:
    """P04: two withheld numbers are two strangers; without a call's id, everybody is."""
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00"}
    first = call("book_appointment", caller="", **BENS, **wanted)
    reference = Appointment.objects.get().reference
    assert reference in first

    assert call("find_appointments", caller="", call_id="other").startswith(NOTHING)
    again = call("book_appointment", caller="", call_id="other", **BENS, **wanted)
    assert again.startswith("I'm so sorry, it looks like that specific time slot was just taken.")
    assert call("find_appointments", caller="", call_id="").startswith(NOTHING)


def test_without_a_number_and_without_a_call_nobody_owns_it(call: Call, elm: Any) -> None:
    """P04: no two such requests share a patient, and none of them is verified."""
    for hour in ("09:00", "10:00"):
        wanted = {"service": "cleaning", "start": f"2026-12-04T{hour}"}
        heard = call("book_appointment", caller="", call_id="", **BENS, **wanted)
        assert heard.startswith("You're booked")

    assert len(set(Patient.objects.values_list("claimed_by", flat=True))) == 2
    assert not Patient.objects.verified().exists()
    assert call("find_appointments", caller="", call_id="").startswith(NOTHING)


# --- who books for another, and who has another number


def test_a_daughter_books_for_her_father(call: Call, row: Appointment, known: Patient) -> None:
    """P06, P07: an unverified record, which is hers to move and not his to hear of."""
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00"}
    assert call("book_appointment", caller=DEE, **BENS, **wanted).startswith("You're booked")

    moved = call(
        "reschedule_appointment",
        caller=DEE,
        call_id="next-day",
        patient_name="Ben Ode",
        start="2026-12-04T10:00",
    )

    assert moved.startswith("I've moved it: a cleaning on Friday, December 4, 2026 at 10:00 AM")
    assert "Friday" not in call("find_appointments")
    claimed = Patient.objects.get(claimed_by=DEE)
    assert (claimed.phone, claimed.may_be) == (BEN, known)


def test_who_is_known_is_who_they_are_whatever_number_they_say(call: Call, known: Patient) -> None:
    """P07: the other number stays with the appointment, and is never put on the record."""
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00"}

    call("book_appointment", patient_name="Ben Ode", patient_phone=DEE, **wanted)

    row = Appointment.objects.get()
    assert (row.patient, row.contact_phone) == (known, DEE)
    known.refresh_from_db()
    assert (known.phone, known.other_phones) == (BEN, [])


def test_the_same_name_and_birthday_at_another_number_is_marked_for_staff(
    call: Call, row: Appointment, known: Patient
) -> None:
    """P06: booked, and the number that calls is theirs."""
    Patient.objects.filter(pk=known.pk).update(date_of_birth=BORN)
    wanted = {"service": "cleaning", "start": "2026-12-04T09:00", "date_of_birth": BORN}

    heard = call("book_appointment", caller=DEE, patient_name="Ode, Ben", **wanted)

    assert heard.startswith("You're booked")
    second = Patient.objects.exclude(pk=known.pk).get()
    assert (second.phone, second.is_verified, second.may_be) == (DEE, True, known)


def test_another_number_of_a_patient_opens_what_is_theirs(
    call: Call, row: Appointment, known: Patient
) -> None:
    known.other_phones = [DEE]
    known.save()

    assert row.reference in call("find_appointments", caller=DEE)
    assert call("cancel_appointment", caller=DEE).startswith("I've cancelled it")


def test_a_patient_who_is_only_claimed_does_not_stand_in_the_way_of_the_known_one(
    call: Call, known: Patient, consultation: ServiceType
) -> None:
    """No constraint knows of the other: each books their own visit at the same time."""
    wanted = {"service": "consultation", "start": "2026-12-04T09:00"}
    assert call("book_appointment", caller=DEE, **BENS, **wanted).startswith("You're booked")

    heard = call("book_appointment", call_id="his", patient_name="Ben Ode", **wanted)

    assert heard.startswith("You're booked")
    assert Appointment.objects.count() == 2
    assert appointments.same_visits(known.pk, consultation, at("2026-12-04 09:00")).count() == 1


def test_the_greeting_says_no_name_that_was_only_claimed(elm: Any) -> None:
    from assistants.calls import arrivals

    Patient.objects.create(name="Ben Ode", phone=BEN, claimed_by=DEE)

    assert arrivals.first_name_of(BEN) == ""
    assert arrivals.first_name_of(DEE) == ""
    Patient.objects.create(name="Ann Ode", phone=BEN, other_phones=[DEE])
    assert arrivals.first_name_of(BEN) == "Ann"
    assert arrivals.first_name_of(DEE) == "Ann"
