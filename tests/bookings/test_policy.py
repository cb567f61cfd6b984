"""The booking policy: step, notice, horizon and daily caps, in the clinic's own days."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from bookings import appointments, clinic_files
from bookings.availability import slots
from bookings.availability.slots import Slot
from bookings.models import Appointment, BookingPolicy, Patient, Practitioner, ServiceType
from bookings.outcomes import Booked, OutsideHours, Rescheduled, SlotTaken, TooFarAhead
from tenants.organizations import Refused
from tests.conftest import NEW_YORK, at
from tests.free_times import free_times
from tests.visits import book, have

pytestmark = pytest.mark.usefixtures("elm")


def policy(**changes: Any) -> BookingPolicy:
    return BookingPolicy.objects.create(**changes)


def offered(who: Practitioner, service: ServiceType, now: datetime, days: int = 1) -> list[Slot]:
    return free_times(
        service=service,
        practitioners=[who],
        start=now,
        end=now + timedelta(days=days),
        now=now,
    )


def local(found: list[Slot]) -> list[str]:
    return [f"{slot.start.astimezone(NEW_YORK):%a %H:%M}" for slot in found]


def test_without_a_row_the_defaults_count() -> None:
    current = BookingPolicy.current()

    assert not BookingPolicy.objects.exists()
    assert (current.step_minutes, current.notice_minutes, current.notice_days) == (15, 0, 0)
    assert current.horizon_days == 365


def test_there_is_one_row_and_no_second() -> None:
    policy()

    with pytest.raises(IntegrityError), transaction.atomic():
        policy(id=2)


@pytest.mark.parametrize(
    "changes",
    [
        {"step_minutes": 4},
        {"step_minutes": 61},
        {"notice_minutes": 7 * 24 * 60 + 1},
        {"notice_days": 91},
        {"horizon_days": 0},
        {"horizon_days": 731},
    ],
)
def test_what_no_clinic_means_is_refused_by_the_database(changes: dict[str, int]) -> None:
    with pytest.raises(IntegrityError):
        policy(**changes)


def test_visits_begin_on_the_clinics_own_step(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    policy(step_minutes=20)

    assert local(offered(ada, cleaning, monday))[:3] == ["Mon 09:00", "Mon 09:20", "Mon 09:40"]


def test_a_visit_on_another_step_is_refused(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    """A02, A19: what was on the grid of a quarter of an hour is not on that of seven minutes."""
    policy(step_minutes=7)

    assert isinstance(book(cleaning, ben, "2026-12-03 09:15", monday), OutsideHours)
    assert not isinstance(book(cleaning, ben, "2026-12-03 09:14", monday), OutsideHours)


def test_notice_in_minutes_is_time_that_passes(
    cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    policy(notice_minutes=120)

    assert local(offered(ada, cleaning, monday))[0] == "Mon 10:00"
    outcome = book(cleaning, ben, "2026-11-23 09:45", monday)
    assert isinstance(outcome, OutsideHours)
    assert local(list(outcome.alternatives)) == ["Mon 10:00", "Mon 10:15", "Mon 10:30"]


@pytest.mark.parametrize(
    ("now", "first"),
    [("2026-11-23 23:59:59", "Tue 09:00"), ("2026-11-24 00:00:00", "Wed 09:00")],
)
def test_notice_in_days_turns_at_the_clinics_midnight(
    now: str, first: str, cleaning: ServiceType, ada: Practitioner
) -> None:
    """A09."""
    policy(notice_days=1)

    assert local(offered(ada, cleaning, at(now), days=5))[0] == first


@pytest.mark.parametrize(
    ("now", "last"),
    [("2026-11-23 23:59:59", "2026-12-03"), ("2026-11-24 00:00:00", "2026-12-04")],
)
def test_the_horizon_turns_at_the_clinics_midnight(
    now: str, last: str, cleaning: ServiceType, ada: Practitioner, ben: Patient
) -> None:
    """A09, A08: its last day is open as a whole, and holds what is booked on it."""
    policy(horizon_days=10)
    have(ada, cleaning, ben, f"{last} 16:30", source="staff")

    found = offered(ada, cleaning, at(now), days=30)

    assert found[-1].start == at(f"{last} 16:00")


def test_the_day_after_the_last_is_too_far_ahead(
    cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    policy(horizon_days=10)

    outcome = book(cleaning, ben, "2026-12-04 09:00", monday)

    assert isinstance(outcome, TooFarAhead)
    assert outcome.last.astimezone(NEW_YORK).date() == at("2026-12-03 00:00").date()


def test_seven_days_notice_that_ends_on_the_day_the_clocks_change() -> None:
    """T05: days end at a midnight; minutes are counted as they pass."""
    now = at("2027-03-07 02:30")

    in_days = slots.bookable(BookingPolicy(notice_days=7), now)[0]
    in_minutes = slots.bookable(BookingPolicy(notice_minutes=7 * 24 * 60), now)[0]

    assert in_days == at("2027-03-14 00:00")
    assert in_minutes.astimezone(NEW_YORK).isoformat() == "2027-03-14T03:30:00-04:00"


@pytest.mark.parametrize("zone", ["Pacific/Tongatapu", "Pacific/Honolulu", "Africa/Cairo"])
def test_a_day_begins_when_it_begins_at_the_clinic(zone: str) -> None:
    """A09 at UTC+13 and UTC-10, and where the clocks change at midnight (Cairo)."""
    now = datetime(2027, 4, 29, 12, tzinfo=ZoneInfo(zone))

    first, end = slots.bookable(BookingPolicy(notice_days=1, horizon_days=1), now)

    assert first.astimezone(now.tzinfo).date() == end.astimezone(now.tzinfo).date() - timedelta(1)
    assert (first - timedelta(seconds=1)).astimezone(now.tzinfo).day == 29


def test_a_clinic_file_may_say_it() -> None:
    clinic_files.load({"policy": {"step_minutes": 10, "notice_days": 1}})

    assert BookingPolicy.current().step == timedelta(minutes=10)
    with pytest.raises(Refused, match="policy: step_minutes"):
        clinic_files.load({"policy": {"step_minutes": 90}})


# --- at most so many a day


@pytest.fixture
def twice(cleaning: ServiceType) -> ServiceType:
    """A cleaning, two a day at the most."""
    cleaning.most_a_day = 2
    cleaning.save()
    return cleaning


def put(who: Practitioner, service: ServiceType, patient: Patient, *starts: datetime) -> None:
    for start in starts:
        Appointment.objects.create(
            practitioner=who, service=service, patient=patient, start=start, source="staff"
        )


def test_a_day_that_has_them_all_is_offered_no_more(
    twice: ServiceType, ada: Practitioner, ben: Patient, cat: Patient, monday: datetime
) -> None:
    """A10."""
    put(ada, twice, ben, at("2026-11-24 09:00"), at("2026-11-24 16:30"))

    days = {slot.start.astimezone(NEW_YORK).day for slot in offered(ada, twice, monday, days=3)}

    assert days == {23, 25}
    outcome = book(twice, cat, "2026-11-24 11:00", monday)
    assert isinstance(outcome, OutsideHours)
    assert len(outcome.alternatives) == 3
    # Where somebody has the very time, that is what the caller hears.
    assert isinstance(book(twice, cat, "2026-11-24 09:00", monday), SlotTaken)


def test_another_service_another_practitioner_and_a_cancelled_one_do_not_count(
    consultation: ServiceType,
    cleaning: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    cat: Patient,
    monday: datetime,
) -> None:
    consultation.most_a_day = 1
    consultation.save()
    put(bo, consultation, ben, at("2026-11-24 09:00"))
    put(ada, cleaning, ben, at("2026-11-24 09:30"))
    put(ada, consultation, ben, at("2026-11-24 10:00"))
    appointments.cancel(Appointment.objects.get(start=at("2026-11-24 10:00")), now=monday)

    outcome = book(consultation, cat, "2026-11-24 11:00", monday)

    assert isinstance(outcome, Booked)
    assert outcome.appointment.practitioner == ada


def test_a_visit_that_moves_within_its_day_does_not_count_against_itself(
    twice: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    put(ada, twice, ben, at("2026-11-24 09:00"), at("2026-11-24 16:30"))
    row = Appointment.objects.get(start=at("2026-11-24 09:00"))

    moved = appointments.reschedule(row, start=at("2026-11-24 11:00"), now=monday)

    assert isinstance(moved, Rescheduled)


@pytest.mark.parametrize("zone", ["Pacific/Tongatapu", "Pacific/Honolulu"])
def test_the_day_is_the_clinics_and_not_that_of_utc(
    zone: str, twice: ServiceType, ada: Practitioner, ben: Patient
) -> None:
    """A10 at UTC+13 and UTC-10: nine and half past four are two days in UTC, and one there."""
    here = ZoneInfo(zone)
    now = datetime(2026, 11, 23, 8, tzinfo=here)
    early, late = at("2026-11-24 09:00", here), at("2026-11-24 16:30", here)
    put(ada, twice, ben, early, late)
    assert early.astimezone(UTC).date() != late.astimezone(UTC).date()

    days = [slot.start.astimezone(here).day for slot in offered(ada, twice, now, days=3)]

    assert set(days) == {23, 25}


def test_the_database_knows_no_service_that_is_never_had(cleaning: ServiceType) -> None:
    cleaning.most_a_day = 0
    with pytest.raises(IntegrityError):
        cleaning.save()
