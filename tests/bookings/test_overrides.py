"""Overrides: what staff set aside by an explicit choice, and what nobody can."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bookings import appointments
from bookings.availability.overrides import NONE, Overrides
from bookings.models import (
    Appointment,
    AppointmentChange,
    Closure,
    Offer,
    Patient,
    Practitioner,
    Room,
    ServiceType,
)
from bookings.outcomes import (
    AlreadyBooked,
    Booked,
    Cancelled,
    NotChangeable,
    OutsideHours,
    Rescheduled,
    SlotPassed,
    SlotTaken,
)
from tests.conftest import Call, at
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")

THURSDAY = "2026-12-03 14:30"


@pytest.fixture
def enter(
    cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> Callable[..., object]:
    """`enter("2026-12-03 14:30", hours=True)`: staff book Ben with Dr. Ada."""

    def book(start: str, patient: Patient = ben, **chosen: object) -> object:
        return appointments.book(
            service=cleaning,
            start=at(start),
            patient=patient,
            practitioner=ada,
            source=Appointment.Source.STAFF,
            by="rosa",
            now=monday,
            overrides=Overrides(**chosen),  # type: ignore[arg-type]
        )

    return book


def used() -> list[str]:
    return list(AppointmentChange.objects.latest("pk").overrides)


@pytest.mark.parametrize(
    ("start", "refused"),
    [
        ("2026-12-03 20:00", OutsideHours),  # after hours
        ("2026-12-03 14:37", OutsideHours),  # off the grid
        ("2026-12-05 10:00", OutsideHours),  # on a day off
        ("2026-11-20 10:00", SlotPassed),  # past
    ],
)
def test_hours_are_set_aside_only_by_choice(
    start: str, refused: type, enter: Callable[..., object]
) -> None:
    assert isinstance(enter(start), refused)
    assert not Appointment.objects.exists()

    assert isinstance(enter(start, hours=True), Booked)
    assert Appointment.objects.get().start == at(start)
    assert used() == ["hours"]


def test_a_closure_is_set_aside_by_choice(enter: Callable[..., object]) -> None:
    Closure.objects.create(start=at("2026-12-03 00:00"), end=at("2026-12-04 00:00"))

    assert isinstance(enter(THURSDAY), OutsideHours)
    assert isinstance(enter(THURSDAY, hours=True), Booked)


def test_what_takes_no_override_records_none(enter: Callable[..., object]) -> None:
    assert isinstance(enter(THURSDAY, hours=True, holds=True, minutes=30), Booked)
    assert used() == []


def test_another_visit_is_never_written_over(enter: Callable[..., object], cat: Patient) -> None:
    """No choice of staff allows it, also where only the buffers overlap."""
    enter(THURSDAY)

    for start in (THURSDAY, "2026-12-03 14:37", "2026-12-03 14:15"):
        outcome = enter(start, patient=cat, hours=True, holds=True)
        assert isinstance(outcome, SlotTaken | OutsideHours), start

    assert Appointment.objects.count() == 1


def test_a_patient_is_at_one_place_at_a_time_for_staff_too(
    enter: Callable[..., object],
    ben: Patient,
    bo: Practitioner,
    consultation: ServiceType,
) -> None:
    have(bo, consultation, ben, THURSDAY, source="staff")

    assert isinstance(enter(THURSDAY, hours=True, holds=True), AlreadyBooked)


def test_a_room_is_never_double_booked_by_choice(
    enter: Callable[..., object],
    cleaning: ServiceType,
    consultation: ServiceType,
    bo: Practitioner,
    cat: Patient,
) -> None:
    room = Room.objects.create(name="One")
    room.services.set([cleaning, consultation])
    have(bo, consultation, cat, "2026-12-03 20:00", room=room, source="staff")

    assert not isinstance(enter("2026-12-03 20:15", hours=True), Booked)
    assert isinstance(enter("2026-12-03 20:30", hours=True), Booked)
    assert Appointment.objects.latest("created").room == room


def test_another_length_blocks_that_long(enter: Callable[..., object], cat: Patient) -> None:
    assert isinstance(enter(THURSDAY, minutes=75), Booked)

    row = Appointment.objects.get()
    assert (row.end, row.blocked.upper) == (at("2026-12-03 15:45"), at("2026-12-03 15:45"))
    assert used() == ["length"]
    assert isinstance(enter("2026-12-03 15:30", patient=cat), SlotTaken)
    assert isinstance(enter("2026-12-03 15:45", patient=cat), Booked)


def test_another_length_keeps_the_hours(enter: Callable[..., object]) -> None:
    assert isinstance(enter("2026-12-03 16:30", minutes=60), OutsideHours)
    assert isinstance(enter("2026-12-03 16:30", minutes=60, hours=True), Booked)
    assert used() == ["length", "hours"]


def test_a_visit_is_made_longer_where_it_stands(
    enter: Callable[..., object], monday: datetime
) -> None:
    enter(THURSDAY)
    row = Appointment.objects.get()

    outcome = appointments.reschedule(
        row, start=row.start, now=monday, by="rosa", overrides=Overrides(minutes=60)
    )

    assert isinstance(outcome, Rescheduled)
    row.refresh_from_db()
    assert (row.start, row.end) == (at(THURSDAY), at("2026-12-03 15:30"))


def test_a_held_time_is_taken_by_choice_and_the_caller_hears_that_it_is_gone(
    enter: Callable[..., object], call: Call, cat: Patient
) -> None:
    call("check_availability", service="cleaning", date="2026-12-03", caller=cat.phone)
    held = Offer.objects.order_by("start").first()
    assert held is not None
    start = f"{held.start.astimezone(at(THURSDAY).tzinfo):%Y-%m-%d %H:%M}"

    for chosen in ({}, {"hours": True}):
        outcome = enter(start, **chosen)
        assert isinstance(outcome, SlotTaken)
    assert isinstance(enter(start, holds=True), Booked)
    heard = call(
        "book_appointment",
        service="cleaning",
        start=start,
        patient_name="Cat Ruiz",
        caller=cat.phone,
    )

    assert used() == ["holds"]
    assert "was just taken" in heard
    assert "being offered" not in heard


def test_a_visit_that_has_begun_is_moved_and_cancelled_by_users_who_may(
    enter: Callable[..., object], monday: datetime
) -> None:
    enter("2026-11-23 09:00")
    row, later = Appointment.objects.get(), at("2026-11-23 09:10")

    for chosen, outcome in ((NONE, NotChangeable), (Overrides(begun=True), Rescheduled)):
        moved = appointments.reschedule(
            row, start=at("2026-11-23 11:00"), now=later, by="rosa", overrides=chosen
        )
        assert isinstance(moved, outcome)
    assert used() == ["begun"]
    afterwards = at("2026-11-23 12:00")
    for chosen, ending in ((NONE, NotChangeable), (Overrides(begun=True), Cancelled)):
        done = appointments.cancel(row, now=afterwards, by="rosa", reason="left", overrides=chosen)
        assert isinstance(done, ending)
    row.refresh_from_db()
    assert (row.status, row.cancellation_reason) == ("cancelled", "left")


def test_what_is_over_stays_over(enter: Callable[..., object], monday: datetime) -> None:
    enter(THURSDAY)
    row = Appointment.objects.get()
    appointments.cancel(row, now=monday)

    outcome = appointments.reschedule(
        row, start=at("2026-12-04 09:00"), now=monday, overrides=Overrides(hours=True, begun=True)
    )

    assert isinstance(outcome, NotChangeable)
