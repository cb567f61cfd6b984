"""Appointments: book, reschedule, cancel and mark; what comes of each, and the row it leaves."""

from datetime import datetime, time, timedelta

import pytest

from bookings import appointments, attendance
from bookings.models import Appointment, Closure, Patient, Practitioner, Schedule, ServiceType
from bookings.outcomes import (
    AlreadyBooked,
    Booked,
    Cancelled,
    Marked,
    NobodyOffers,
    NotChangeable,
    OutsideHours,
    Rescheduled,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from tests.conftest import NEW_YORK, at
from tests.visits import book, booked

THURSDAY = "2026-12-03 14:30"


def test_a_free_time_is_booked_with_its_buffers(
    root_canal: ServiceType, ben: Patient, ada: Practitioner, monday: datetime
) -> None:
    row = booked(root_canal, ben, THURSDAY, monday, notes="nervous")

    row.refresh_from_db()
    assert (row.start, row.end) == (at("2026-12-03 14:30"), at("2026-12-03 16:00"))
    assert (row.blocked.lower, row.blocked.upper) == (
        at("2026-12-03 14:20"),
        at("2026-12-03 16:20"),
    )
    assert (row.practitioner, row.status, row.notes) == (ada, "booked", "nervous")


def test_a_reference_that_is_taken_is_drawn_again(
    cleaning: ServiceType, ben: Patient, ada: Practitioner, monday: datetime
) -> None:
    first = booked(cleaning, ben, THURSDAY, monday)

    second = Appointment(
        reference=first.reference,
        practitioner=ada,
        service=cleaning,
        patient=ben,
        start=at("2026-12-03 15:00"),
        source="staff",
    )
    second.save()

    assert second.reference != first.reference


def test_a_taken_time_is_answered_with_three_that_are_free_now(
    cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    booked(cleaning, ben, THURSDAY, monday)

    outcome = book(cleaning, cat, THURSDAY, monday)

    assert isinstance(outcome, SlotTaken)
    assert len(outcome.alternatives) == 3
    for slot in outcome.alternatives:
        again = book(cleaning, cat, slot.start, monday)
        assert isinstance(again, Booked)
        appointments.cancel(again.appointment, now=monday)


@pytest.mark.parametrize("start", ["2026-12-03 14:15", "2026-12-03 14:45"])
def test_an_overlap_is_taken_as_well(
    start: str, cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    booked(cleaning, ben, THURSDAY, monday)

    assert isinstance(book(cleaning, cat, start, monday), SlotTaken)


def test_neighbours_are_both_booked(
    cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    first = booked(cleaning, ben, "2026-12-03 14:30", monday)
    second = booked(cleaning, cat, "2026-12-03 15:00", monday)

    assert first.end == second.start


@pytest.mark.parametrize(
    "start",
    [
        "2026-12-03 07:00",  # before opening
        "2026-12-03 12:15",  # lunch
        "2026-12-03 16:45",  # would end after closing
        "2026-12-05 10:00",  # Saturday
        "2026-12-03 09:07",  # between two steps (A02)
    ],
)
def test_what_is_not_offered_is_refused(
    start: str, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    outcome = book(cleaning, ben, start, monday)

    assert isinstance(outcome, OutsideHours)
    assert len(outcome.alternatives) == 3
    assert not Appointment.objects.exists()


def test_a_closure_is_refused(cleaning: ServiceType, ben: Patient, monday: datetime) -> None:
    Closure.objects.create(start=at("2026-12-03 00:00"), end=at("2026-12-04 00:00"))

    assert isinstance(book(cleaning, ben, THURSDAY, monday), OutsideHours)


def test_the_past_is_refused(cleaning: ServiceType, ben: Patient, monday: datetime) -> None:
    assert isinstance(book(cleaning, ben, "2026-11-20 14:30", monday), SlotPassed)


def test_too_far_ahead_is_refused(cleaning: ServiceType, ben: Patient, monday: datetime) -> None:
    assert isinstance(book(cleaning, ben, "2027-12-02 14:30", monday), TooFarAhead)


def test_a_practitioner_who_does_not_offer_a_service_is_not_booked_for_it(
    cleaning: ServiceType, ben: Patient, bo: Practitioner, monday: datetime
) -> None:
    """A21."""
    outcome = book(cleaning, ben, THURSDAY, monday, practitioner=bo)

    assert isinstance(outcome, NobodyOffers)
    assert outcome.practitioners == ("Dr. Ada Moss",)


def test_a_practitioner_who_takes_no_appointments_is_not_booked_by_name(
    cleaning: ServiceType, ben: Patient, ada: Practitioner, monday: datetime
) -> None:
    """A21."""
    ada.is_active = False
    ada.save()

    outcome = book(cleaning, ben, THURSDAY, monday, practitioner=ada)

    assert isinstance(outcome, NobodyOffers)
    assert outcome.practitioners == ()


def test_a_service_that_is_not_offered_any_more_is_not_booked(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    cleaning.is_active = False
    cleaning.save()

    assert isinstance(book(cleaning, ben, THURSDAY, monday), NobodyOffers)


def test_with_nobody_named_a_caller_is_refused_only_when_all_are_taken(
    consultation: ServiceType,
    ben: Patient,
    cat: Patient,
    ada: Practitioner,
    bo: Practitioner,
    monday: datetime,
) -> None:
    dee = Patient.objects.create(name="Dee Park", phone="+12025550199")

    first = booked(consultation, ben, THURSDAY, monday)
    second = booked(consultation, cat, THURSDAY, monday)

    assert {first.practitioner, second.practitioner} == {ada, bo}
    assert isinstance(book(consultation, dee, THURSDAY, monday), SlotTaken)


def test_a_named_practitioner_is_the_one_booked(
    consultation: ServiceType, ben: Patient, bo: Practitioner, monday: datetime
) -> None:
    assert booked(consultation, ben, THURSDAY, monday, practitioner=bo).practitioner == bo


def test_asking_again_gives_the_same_appointment(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """The second key: same patient, same service, same start (I05)."""
    first = booked(cleaning, ben, THURSDAY, monday)

    again = book(cleaning, ben, THURSDAY, monday)

    assert again == Booked(first, again=True)
    assert Appointment.objects.count() == 1


def test_asking_for_another_practitioner_is_not_asking_again(
    consultation: ServiceType, ada: Practitioner, bo: Practitioner, ben: Patient, monday: datetime
) -> None:
    first = booked(consultation, ben, THURSDAY, monday, practitioner=ada)

    other = book(consultation, ben, THURSDAY, monday, practitioner=bo)

    assert isinstance(other, AlreadyBooked)
    assert other.appointment == first


def test_a_cancelled_time_can_be_booked_again_by_the_same_patient(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """I11."""
    first = booked(cleaning, ben, THURSDAY, monday)
    appointments.cancel(first, now=monday)

    second = booked(cleaning, ben, THURSDAY, monday)

    assert second != first


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2027-11-07 00:30", "01:00 EST"),  # 90 minutes over the hour that comes twice (T02)
        ("2027-03-14 01:30", "04:00 EDT"),  # over the hour that is skipped (T01)
    ],
)
def test_a_visit_over_a_clock_change_lasts_as_long_as_it_lasts(
    start: str,
    ends: str,
    root_canal: ServiceType,
    ben: Patient,
    ada: Practitioner,
    monday: datetime,
) -> None:
    """The start comes in local time, as from the front desk's form."""
    Schedule.objects.create(practitioner=ada, weekday=6, starts=time(0, 30), ends=time(6))

    row = booked(root_canal, ben, start, monday)

    assert row.end - row.start == timedelta(minutes=90)
    assert f"{row.end.astimezone(NEW_YORK):%H:%M %Z}" == ends


# --- reschedule


def test_it_moves_in_one_change_and_keeps_its_name(
    cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    row = booked(cleaning, ben, THURSDAY, monday)

    outcome = appointments.reschedule(row, start=at("2026-12-04 09:00"), now=monday)

    assert outcome == Rescheduled(row, was=at(THURSDAY))
    row.refresh_from_db()
    assert (row.start, row.end) == (at("2026-12-04 09:00"), at("2026-12-04 09:30"))
    booked(cleaning, cat, THURSDAY, monday)  # the old time is free


def test_its_own_time_is_not_in_the_way(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """L01."""
    row = booked(cleaning, ben, THURSDAY, monday)

    outcome = appointments.reschedule(row, start=row.start + timedelta(minutes=15), now=monday)

    assert isinstance(outcome, Rescheduled)


def test_a_refused_move_keeps_the_old_time(
    cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    """L02."""
    booked(cleaning, cat, "2026-12-04 09:00", monday)
    row = booked(cleaning, ben, THURSDAY, monday)

    outcome = appointments.reschedule(row, start=at("2026-12-04 09:00"), now=monday)

    assert isinstance(outcome, SlotTaken)
    row.refresh_from_db()
    assert row.start == at(THURSDAY)


def test_moving_to_where_it_is_changes_nothing(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    row = booked(cleaning, ben, THURSDAY, monday)

    assert appointments.reschedule(row, start=row.start, now=monday) == Rescheduled(
        row, moved=False
    )


def test_a_move_onto_the_same_visit_of_the_patient_is_refused(
    consultation: ServiceType, ben: Patient, ada: Practitioner, bo: Practitioner, monday: datetime
) -> None:
    """Bo is free then, and the patient is not: two rows for one visit are none."""
    booked(consultation, ben, THURSDAY, monday, practitioner=ada)
    row = booked(consultation, ben, "2026-12-03 15:00", monday, practitioner=bo)

    outcome = appointments.reschedule(row, start=at(THURSDAY), now=monday)

    assert isinstance(outcome, AlreadyBooked)
    assert at(THURSDAY) not in [slot.start for slot in outcome.alternatives]
    row.refresh_from_db()
    assert row.start == at("2026-12-03 15:00")


def test_what_is_over_is_not_moved(cleaning: ServiceType, ben: Patient, monday: datetime) -> None:
    """L03."""
    row = booked(cleaning, ben, THURSDAY, monday)
    appointments.cancel(row, now=monday)

    outcome = appointments.reschedule(row, start=at("2026-12-04 09:00"), now=monday)

    assert isinstance(outcome, NotChangeable)


def test_it_can_move_to_another_practitioner(
    consultation: ServiceType, ben: Patient, ada: Practitioner, bo: Practitioner, monday: datetime
) -> None:
    row = booked(consultation, ben, THURSDAY, monday, practitioner=ada)

    appointments.reschedule(row, start=row.start, practitioner=bo, now=monday)

    row.refresh_from_db()
    assert row.practitioner == bo


def test_it_does_not_move_to_a_practitioner_who_does_not_offer_it(
    cleaning: ServiceType, ben: Patient, bo: Practitioner, monday: datetime
) -> None:
    row = booked(cleaning, ben, THURSDAY, monday)

    outcome = appointments.reschedule(row, start=row.start, practitioner=bo, now=monday)

    assert isinstance(outcome, NobodyOffers)
    row.refresh_from_db()
    assert row.practitioner != bo


def test_a_moved_appointment_takes_the_length_its_service_has_today(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """L11: booked rows keep their end; a move takes what is offered."""
    row = booked(cleaning, ben, THURSDAY, monday)
    cleaning.minutes = 60
    cleaning.save()
    row.refresh_from_db()
    assert row.end == at("2026-12-03 15:00")

    appointments.reschedule(row, start=at("2026-12-04 09:00"), now=monday)

    row.refresh_from_db()
    assert row.end == at("2026-12-04 10:00")


# --- cancel and mark


def test_cancelling_twice_is_no_refusal(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """I10."""
    row = booked(cleaning, ben, THURSDAY, monday)

    assert appointments.cancel(row, now=monday) == Cancelled(row)
    assert appointments.cancel(row, now=monday) == Cancelled(row, again=True)
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_what_has_begun_is_not_cancelled(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    row = booked(cleaning, ben, THURSDAY, monday)

    assert isinstance(appointments.cancel(row, now=at("2026-12-03 14:31")), NotChangeable)


@pytest.mark.parametrize(
    ("first", "then", "allowed"),
    [
        ("booked", "arrived", True),
        ("arrived", "fulfilled", True),
        ("booked", "noshow", True),
        ("cancelled", "arrived", False),
        ("noshow", "fulfilled", False),
        ("arrived", "noshow", False),
        ("arrived", "booked", True),
        ("cancelled", "booked", False),
    ],
)
def test_only_a_status_that_can_follow_is_set(
    first: str, then: str, allowed: bool, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """L04."""
    row = booked(cleaning, ben, THURSDAY, monday)
    Appointment.objects.filter(pk=row.pk).update(status=first)

    outcome = attendance.mark(row, Appointment.Status(then), now=at("2026-12-03 15:00"))

    assert isinstance(outcome, Marked if allowed else NotChangeable)
    row.refresh_from_db()
    assert row.status == (then if allowed else first)


def test_nobody_has_failed_to_come_before_it_begins(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    row = booked(cleaning, ben, THURSDAY, monday)

    outcome = attendance.mark(row, Appointment.Status.NO_SHOW, now=monday)

    assert isinstance(outcome, NotChangeable)
