"""What may become of an appointment, from the request on; and what it outlives."""

from datetime import datetime, timedelta

import pytest
from django.db.models import ProtectedError

from bookings import appointments, attendance
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked, Marked, NotChangeable, Rescheduled, SlotTaken
from tests.conftest import Call, at
from tests.desk import Desk, act, form
from tests.visits import book, have

pytestmark = pytest.mark.usefixtures("monday")

Status = Appointment.Status
THURSDAY = "2026-12-03 14:30"
AFTERWARDS = at("2026-12-03 15:00")


# --- L03


@pytest.mark.parametrize(
    ("status", "now"),
    [
        ("cancelled", "2026-11-23 08:00"),
        ("booked", "2026-12-03 14:31"),  # it has begun
        ("arrived", "2026-12-03 14:20"),
        ("fulfilled", "2026-12-03 15:30"),
        ("noshow", "2026-12-03 15:30"),
        ("entered-in-error", "2026-11-23 08:00"),
    ],
)
@pytest.mark.parametrize("verb", ["reschedule", "cancel"])
def test_what_is_over_is_neither_moved_nor_cancelled(
    verb: str,
    status: str,
    now: str,
    ada: Practitioner,
    cleaning: ServiceType,
    ben: Patient,
) -> None:
    """L03."""
    row = have(ada, cleaning, ben, THURSDAY, status=status)
    before = Appointment.objects.values().get()

    outcome = (
        appointments.reschedule(row, start=at("2026-12-04 09:00"), now=at(now))
        if verb == "reschedule"
        else appointments.cancel(row, now=at(now))
    )

    again = verb == "cancel" and status == "cancelled"
    assert isinstance(outcome, NotChangeable) != again
    assert Appointment.objects.values().get() == before


@pytest.mark.parametrize("status", ["cancelled", "fulfilled", "noshow", "entered-in-error"])
def test_the_caller_hears_that_it_is_over_and_what_could_be_done(
    status: str, ada: Practitioner, cleaning: ServiceType, ben: Patient, call: Call
) -> None:
    """L03."""
    row = have(ada, cleaning, ben, THURSDAY, status=status)

    heard = call("reschedule_appointment", start="2026-12-04T09:00", reference=row.reference)

    assert heard.startswith("I can't change that one any more")
    assert heard.endswith("or a call back from the clinic?")
    row.refresh_from_db()
    assert (row.start, row.status) == (at(THURSDAY), status)


# --- L04

# From each status, which may follow by a mark of the staff, once the visit has begun.
FOLLOWS = {
    "pending": {"booked"},
    "booked": {"arrived", "fulfilled", "noshow"},
    "arrived": {"booked", "fulfilled"},
    "fulfilled": {"booked"},
    "cancelled": set[str](),
    "noshow": {"arrived"},
    "entered-in-error": set[str](),
}
MARKS = ["booked", "arrived", "fulfilled", "noshow"]


@pytest.mark.parametrize("then", MARKS)
@pytest.mark.parametrize("first", list(Status.values))
def test_every_walk_of_a_status(
    first: str, then: str, ada: Practitioner, cleaning: ServiceType, ben: Patient
) -> None:
    """L04: what may not follow changes nothing; else the status changes, and that they arrived."""
    row = have(ada, cleaning, ben, THURSDAY, status=first)
    before = Appointment.objects.values().get()

    attendance.mark(row, Status(then), now=AFTERWARDS)

    allowed = then in FOLLOWS[first]
    arrived = AFTERWARDS if allowed and then == "arrived" and first != then else None
    after = {"status": then if allowed else first, "arrived_at": arrived}
    assert Appointment.objects.values().get() == {**before, **after}


@pytest.mark.parametrize("status", list(Status.values))
def test_saving_an_old_row_changes_nothing_else(
    status: str, ada: Practitioner, cleaning: ServiceType, ben: Patient, desk: Desk
) -> None:
    """L04: staff write a note years later, when the service has another length."""
    row = have(ada, cleaning, ben, THURSDAY, status=status)
    ServiceType.objects.update(minutes=60, minutes_after=30)
    before = Appointment.objects.values().get()

    desk.post(
        f"bookings/appointment/{row.pk}/change/",
        {
            "practitioner": ada.pk,
            "start_0": "2026-12-03",
            "start_1": "14:30:00",
            "notes": "paid",
        },
    )

    assert Appointment.objects.values().get() == {**before, "notes": "paid"}


# --- L06


def test_a_request_that_is_not_confirmed_yet_blocks_everybody_else(
    ada: Practitioner,
    cleaning: ServiceType,
    ben: Patient,
    cat: Patient,
    desk: Desk,
    call: Call,
    monday: datetime,
) -> None:
    """L06, and C13 at the front desk: nobody can ask for it, and nobody can put another there."""
    have(ada, cleaning, ben, THURSDAY, status="pending")

    outcome = book(cleaning, cat, THURSDAY, monday)
    offered = call("check_availability", service="cleaning", date="2026-12-03", time="2:30 pm")
    page = desk.post("bookings/appointment/add/", form(cat, ada, cleaning, f"{THURSDAY}:00"))

    assert isinstance(outcome, SlotTaken)
    assert "2:30 PM" not in offered
    assert "This time is taken." in page.content.decode()
    assert Appointment.objects.get().status == "pending"


def test_staff_confirm_a_request_once(
    ada: Practitioner, cleaning: ServiceType, ben: Patient, desk: Desk
) -> None:
    """C13."""
    row = have(ada, cleaning, ben, THURSDAY, status="pending")

    for _ in range(2):
        assert "1 marked as booked." in act(desk, "mark_booked", row)

    row.refresh_from_db()
    assert row.status == "booked"


def test_a_caller_moves_what_is_not_confirmed_yet(
    ada: Practitioner, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    row = have(ada, cleaning, ben, THURSDAY, status="pending")

    outcome = appointments.reschedule(row, start=at("2026-12-04 09:00"), now=monday)

    assert isinstance(outcome, Rescheduled)
    assert outcome.appointment.status == "pending"


# --- L09


@pytest.mark.parametrize("status", ["booked", "cancelled"])
def test_a_row_with_an_appointment_is_not_deleted(
    status: str, ada: Practitioner, cleaning: ServiceType, ben: Patient, desk: Desk
) -> None:
    """L09: neither in code nor on a page, and whatever the status of the appointment is."""
    have(ada, cleaning, ben, THURSDAY, status=status)

    for thing, path in (
        (ada, f"bookings/practitioner/{ada.pk}/delete/"),
        (cleaning, f"bookings/servicetype/{cleaning.pk}/delete/"),
        (ben, f"bookings/patient/{ben.pk}/delete/"),
    ):
        with pytest.raises(ProtectedError):
            thing.delete()
        desk.post(path, {"post": "yes"})

    row = Appointment.objects.get()
    assert (row.practitioner, row.service, row.patient) == (ada, cleaning, ben)


def test_a_practitioner_who_leaves_keeps_visits_and_takes_no_new_ones(
    ada: Practitioner, cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    """L09: taking no more appointments is how a practitioner goes."""
    row = have(ada, cleaning, ben, THURSDAY)
    ada.is_active = False
    ada.save()

    outcome = book(cleaning, cat, at(THURSDAY) + timedelta(hours=1), monday)

    assert not isinstance(outcome, Booked)
    row.refresh_from_db()
    assert (row.practitioner, row.status) == (ada, "booked")


# --- into the room


def test_a_patient_goes_in_from_waiting(
    ada: Practitioner, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    visit, later = have(ada, cleaning, ben, THURSDAY), monday + timedelta(minutes=9)
    attendance.mark(visit, Status.ARRIVED, now=monday, by="rosa")

    assert isinstance(attendance.take_in(visit, now=later, by="rosa"), Marked)

    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.in_room_since) == ("arrived", monday, later)
    again = attendance.take_in(visit, now=later + timedelta(hours=1), by="mila")
    assert isinstance(again, Marked)
    assert again.again
    assert again.appointment.in_room_since == later


def test_a_patient_goes_in_straight_from_the_door(
    ada: Practitioner, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    visit = have(ada, cleaning, ben, THURSDAY)

    attendance.take_in(visit, now=monday, by="rosa")

    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.in_room_since) == ("arrived", monday, monday)


@pytest.mark.parametrize("status", ["pending", "fulfilled", "cancelled", "noshow"])
def test_nobody_goes_in_for_a_visit_that_is_not_to_be(
    status: str, ada: Practitioner, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    visit = have(ada, cleaning, ben, THURSDAY, status=status)

    assert isinstance(attendance.take_in(visit, now=monday), NotChangeable)

    visit.refresh_from_db()
    assert (visit.status, visit.in_room_since) == (status, None)


def test_a_mark_that_was_a_mistake_takes_the_patient_out_of_the_room(
    ada: Practitioner, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    visit = have(ada, cleaning, ben, THURSDAY)
    attendance.take_in(visit, now=monday, by="rosa")

    attendance.mark(visit, Status.BOOKED, now=monday, by="rosa")

    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.in_room_since) == ("booked", None, None)
