"""Undo: the newest change is taken back while its time is free, and no other."""

from datetime import datetime

import pytest

from bookings import appointments, attendance, undo
from bookings.models import Appointment, AppointmentChange, Patient, Practitioner, ServiceType
from bookings.outcomes import Marked, NotChangeable, SlotTaken, Stale, Undone
from tests.conftest import Call, at
from tests.visits import booked

pytestmark = pytest.mark.usefixtures("monday")

THURSDAY, FRIDAY = at("2026-12-03 14:30"), at("2026-12-04 09:00")
AFTERWARDS = at("2026-12-03 15:00")


@pytest.fixture
def visit(cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime) -> Appointment:
    return book(cleaning, ada, ben, monday)


def book(service: ServiceType, who: Practitioner, patient: Patient, now: datetime) -> Appointment:
    return booked(service, patient, THURSDAY, now, practitioner=who, source="staff", by="rosa")


def newest(visit: Appointment) -> AppointmentChange:
    change = visit.changes.last()
    assert change is not None
    return change


def test_a_cancellation_is_undone_and_the_reason_goes(visit: Appointment, monday: datetime) -> None:
    appointments.cancel(visit, now=monday, by="rosa", reason="ill")

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), Undone)

    visit.refresh_from_db()
    assert (visit.status, visit.start, visit.cancellation_reason) == ("booked", THURSDAY, "")
    assert [change.kind for change in visit.changes.all()] == ["booked", "cancelled", "undone"]


def test_a_cancellation_is_not_undone_over_who_has_the_time_now(
    visit: Appointment, cleaning: ServiceType, ada: Practitioner, cat: Patient, monday: datetime
) -> None:
    appointments.cancel(visit, now=monday)
    book(cleaning, ada, cat, monday)

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), SlotTaken)

    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_a_cancellation_is_not_undone_over_a_hold(
    visit: Appointment, call: Call, monday: datetime
) -> None:
    appointments.cancel(visit, now=monday)
    heard = call("check_availability", service="cleaning", date="2026-12-03 at 2:30 pm")
    assert "2:30 PM" in heard

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), SlotTaken)


def test_a_cancellation_is_not_undone_into_two_places(
    visit: Appointment, bo: Practitioner, consultation: ServiceType, ben: Patient, monday: datetime
) -> None:
    appointments.cancel(visit, now=monday)
    book(consultation, bo, ben, monday)

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), SlotTaken)


def test_a_move_is_undone_with_its_practitioner(
    consultation: ServiceType, ada: Practitioner, bo: Practitioner, ben: Patient, monday: datetime
) -> None:
    visit = book(consultation, ada, ben, monday)
    appointments.reschedule(visit, start=FRIDAY, practitioner=bo, now=monday, by="rosa")

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), Undone)

    visit.refresh_from_db()
    assert (visit.start, visit.practitioner, visit.blocked.lower) == (THURSDAY, ada, THURSDAY)


def test_a_move_is_not_undone_over_who_has_the_old_time(
    visit: Appointment, cleaning: ServiceType, ada: Practitioner, cat: Patient, monday: datetime
) -> None:
    appointments.reschedule(visit, start=FRIDAY, now=monday)
    book(cleaning, ada, cat, monday)

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), SlotTaken)

    visit.refresh_from_db()
    assert visit.start == FRIDAY


def test_a_booking_that_is_undone_was_entered_in_error(
    visit: Appointment, monday: datetime
) -> None:
    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), Undone)

    visit.refresh_from_db()
    assert visit.status == "entered-in-error"


def test_a_mark_is_undone(visit: Appointment) -> None:
    attendance.mark(visit, Appointment.Status.NO_SHOW, now=AFTERWARDS)

    assert isinstance(undo.undo(newest(visit), now=AFTERWARDS, by="rosa"), Undone)

    visit.refresh_from_db()
    assert visit.status == "booked"


def test_what_somebody_changed_since_is_not_undone(visit: Appointment, monday: datetime) -> None:
    appointments.reschedule(visit, start=FRIDAY, now=monday, by="rosa")
    moved = newest(visit)
    appointments.cancel(visit, now=monday, by="call-1")

    outcome = undo.undo(moved, now=monday, by="rosa")

    assert isinstance(outcome, Stale)
    assert (outcome.change.kind, outcome.change.by) == ("cancelled", "call-1")
    visit.refresh_from_db()
    assert visit.status == "cancelled"


def test_an_undo_is_not_undone(visit: Appointment, monday: datetime) -> None:
    appointments.cancel(visit, now=monday)
    undo.undo(newest(visit), now=monday, by="rosa")

    assert isinstance(undo.undo(newest(visit), now=monday, by="rosa"), NotChangeable)


@pytest.mark.parametrize("verb", ["cancel", "mark"])
def test_what_was_changed_since_it_was_shown_is_refused(
    verb: str, visit: Appointment, monday: datetime
) -> None:
    seen = newest(visit).pk
    appointments.reschedule(visit, start=FRIDAY, now=monday, by="call-1")

    outcome: object = (
        appointments.cancel(visit, now=monday, seen=seen)
        if verb == "cancel"
        else attendance.mark(visit, Appointment.Status.ARRIVED, now=monday, seen=seen)
    )

    assert isinstance(outcome, Stale)
    visit.refresh_from_db()
    assert visit.status == "booked"
    assert not isinstance(appointments.cancel(visit, now=monday, seen=newest(visit).pk), Stale)


def test_a_no_show_who_walks_in_has_arrived(visit: Appointment) -> None:
    attendance.mark(visit, Appointment.Status.NO_SHOW, now=AFTERWARDS)

    outcome = attendance.mark(visit, Appointment.Status.ARRIVED, now=AFTERWARDS)

    assert isinstance(outcome, Marked)
    visit.refresh_from_db()
    assert visit.status == "arrived"


def test_a_no_show_does_not_arrive_where_somebody_else_was_put(
    visit: Appointment, cat: Patient
) -> None:
    attendance.mark(visit, Appointment.Status.NO_SHOW, now=AFTERWARDS)
    Appointment.objects.create(
        practitioner=visit.practitioner,
        service=visit.service,
        patient=cat,
        start=THURSDAY,
        source="staff",
    )

    outcome = attendance.mark(visit, Appointment.Status.ARRIVED, now=AFTERWARDS)

    assert isinstance(outcome, SlotTaken)


# --- where the patient is


def test_going_into_the_room_is_undone_to_waiting(visit: Appointment) -> None:
    attendance.mark(visit, Appointment.Status.ARRIVED, now=THURSDAY, by="rosa")
    attendance.take_in(visit, now=AFTERWARDS, by="rosa")

    assert isinstance(undo.undo(newest(visit), now=AFTERWARDS, by="rosa"), Undone)

    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.in_room_since) == ("arrived", THURSDAY, None)


def test_an_arrival_is_undone_to_due(visit: Appointment) -> None:
    attendance.mark(visit, Appointment.Status.ARRIVED, now=THURSDAY, by="rosa")

    assert isinstance(undo.undo(newest(visit), now=AFTERWARDS, by="rosa"), Undone)

    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.in_room_since) == ("booked", None, None)


def test_done_is_undone_to_in_the_room(visit: Appointment) -> None:
    attendance.take_in(visit, now=THURSDAY, by="rosa")
    attendance.mark(visit, Appointment.Status.FULFILLED, now=AFTERWARDS, by="rosa")

    assert isinstance(undo.undo(newest(visit), now=AFTERWARDS, by="rosa"), Undone)

    visit.refresh_from_db()
    assert (visit.status, visit.arrived_at, visit.in_room_since) == (
        "arrived", THURSDAY, THURSDAY,
    )  # fmt: skip
