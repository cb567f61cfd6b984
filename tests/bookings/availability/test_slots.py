"""Slots: what is offered, around breaks, buffers, closures and clock changes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from operator import attrgetter
from zoneinfo import ZoneInfo

import pytest

from bookings.availability import alternatives, slots
from bookings.availability.hours import Period, joined, subtract
from bookings.availability.periods import Blocked, in_numbers, moment
from bookings.models import (
    Appointment,
    BookingPolicy,
    Closure,
    Patient,
    Practitioner,
    Schedule,
    ServiceType,
)
from bookings.preferences import Preference
from tests.conftest import NEW_YORK, at
from tests.free_times import free_times
from tests.visits import have, row


def hours(*texts: str) -> list[Period]:
    """`hours("09:00-12:00")` on one day in UTC."""
    return [
        (instant(starts), instant(ends)) for starts, ends in (text.split("-") for text in texts)
    ]


def instant(clock: str) -> datetime:
    return datetime.combine(date(2026, 12, 3), time.fromisoformat(clock), tzinfo=UTC)


def clocks(instants: Iterable[datetime]) -> str:
    return " ".join(f"{found:%H:%M}" for found in instants)


VISIT = ServiceType(name="Visit", minutes=30)
BUFFERED = ServiceType(name="Buffered", minutes=30, minutes_before=10, minutes_after=15)


@pytest.mark.parametrize(
    ("opened", "busy", "service", "expected"),
    [
        (["09:00-10:00"], [], VISIT, "09:00 09:15 09:30"),
        (["09:00-09:29"], [], VISIT, ""),
        (["09:10-10:00"], [], VISIT, "09:10 09:25"),
        # Back to back, both allowed (A06).
        (["09:00-10:30"], ["09:30-10:00"], VISIT, "09:00 10:00"),
        # A buffer may reach past opening and closing (A05), but not into a neighbour (A04).
        (["09:00-10:00"], [], BUFFERED, "09:00 09:15 09:30"),
        (["09:00-11:00"], ["09:30-10:00"], BUFFERED, "10:15 10:30"),
        (["09:00-12:00"], ["10:00-10:30"], BUFFERED, "09:00 09:15 10:45 11:00 11:15 11:30"),
        # A long booking that began before opening still counts (A03).
        (["09:00-10:30"], ["07:00-09:40"], VISIT, "09:45 10:00"),
    ],
)
def test_a_visit_begins_on_a_step_inside_the_hours_and_outside_what_is_blocked(
    opened: list[str], busy: list[str], service: ServiceType, expected: str
) -> None:
    lengths = slots.Lengths.of(service, BookingPolicy(step_minutes=15))
    [(start, end)] = in_numbers(hours("00:00-23:59"))
    blocked = Blocked(in_numbers(hours(*busy)))

    found = slots.starts(in_numbers(hours(*opened)), start, end, busy=blocked, lengths=lengths)

    assert clocks(map(moment, chain.from_iterable(found))) == expected


def test_stretches_that_meet_are_one() -> None:
    assert joined(hours("13:00-15:00", "09:00-12:00", "12:00-13:00")) == hours("09:00-15:00")


@pytest.mark.parametrize(
    ("closed", "left"),
    [
        ([], ["09:00-17:00"]),
        (["10:00-11:00"], ["09:00-10:00", "11:00-17:00"]),
        (["08:00-09:30", "16:00-18:00"], ["09:30-16:00"]),
        (["07:00-18:00"], []),
    ],
)
def test_a_closure_is_cut_out_of_the_hours(closed: list[str], left: list[str]) -> None:
    assert subtract(hours("09:00-17:00"), hours(*closed)) == hours(*left)


def offered(service: ServiceType, who: Practitioner, day: str, now: datetime) -> list[str]:
    start = at(f"{day} 00:00")
    found = free_times(
        service=service,
        practitioners=[who],
        start=start,
        end=start + timedelta(days=1),
        now=now,
    )
    return [f"{slot.start.astimezone(NEW_YORK):%H:%M}" for slot in found]


def test_a_working_day_has_a_lunch_break(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    found = offered(cleaning, ada, "2026-12-03", monday)

    assert (found[0], found[-1], len(found)) == ("09:00", "16:30", 11 + 15)
    assert "11:30" in found
    assert not {"11:45", "12:00", "12:45"} & set(found)


def test_each_is_offered_with_whom_it_is(
    consultation: ServiceType, ada: Practitioner, bo: Practitioner, monday: datetime
) -> None:
    Closure.objects.create(
        practitioner=bo, start=at("2026-12-03 09:30"), end=at("2026-12-04 00:00")
    )
    Closure.objects.create(
        practitioner=ada, start=at("2026-12-03 00:00"), end=at("2026-12-03 16:30")
    )

    found = free_times(
        service=consultation,
        practitioners=[ada, bo],
        start=at("2026-12-03 00:00"),
        end=at("2026-12-04 00:00"),
        now=monday,
    )

    assert [(slot.practitioner, slot.start) for slot in found] == [
        (bo, at("2026-12-03 09:00")),
        (ada, at("2026-12-03 16:30")),
    ]


def test_nothing_is_offered_on_a_day_off(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    assert offered(cleaning, ada, "2026-12-05", monday) == []


def test_nothing_is_offered_in_the_past(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    found = offered(cleaning, ada, "2026-11-23", monday.replace(hour=13, minute=15))

    assert found[0] == "13:30"


def test_nothing_is_offered_beyond_the_horizon(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    assert offered(cleaning, ada, "2027-11-22", monday) != []
    assert offered(cleaning, ada, "2027-11-24", monday) == []


@pytest.mark.parametrize("whose", ["everyone's", "hers"])
def test_a_closure_of_the_clinic_or_of_the_practitioner_takes_the_day(
    whose: str, cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    Closure.objects.create(
        practitioner=ada if whose == "hers" else None,
        start=at("2026-12-03 00:00"),
        end=at("2026-12-03 15:00"),
    )

    assert offered(cleaning, ada, "2026-12-03", monday)[0] == "15:00"


def test_another_ones_closure_takes_nothing(
    cleaning: ServiceType, ada: Practitioner, bo: Practitioner, monday: datetime
) -> None:
    Closure.objects.create(
        practitioner=bo, start=at("2026-12-03 00:00"), end=at("2026-12-04 00:00")
    )

    assert offered(cleaning, ada, "2026-12-03", monday)[0] == "09:00"


def test_a_schedule_counts_from_its_first_day_to_its_last(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    Schedule.objects.filter(practitioner=ada).update(
        valid_from=date(2026, 12, 3), valid_until=date(2026, 12, 3)
    )

    assert offered(cleaning, ada, "2026-12-02", monday) == []
    assert offered(cleaning, ada, "2026-12-03", monday) != []
    assert offered(cleaning, ada, "2026-12-04", monday) == []


@pytest.mark.parametrize("status", Appointment.Status.values)
def test_only_what_occupies_time_blocks_it(
    status: str, cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    have(ada, cleaning, ben, "2026-12-03 09:00", source="staff", status=status)

    taken = "09:00" not in offered(cleaning, ada, "2026-12-03", monday)

    assert taken == (status in ("pending", "booked", "arrived", "fulfilled"))


@pytest.mark.parametrize("who_stops", ["the practitioner", "the service"])
def test_whoever_stops_is_not_offered(
    who_stops: str, cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """A21; those who are not active cannot be booked by name either: see test_appointments."""
    stopping = ada if who_stops == "the practitioner" else cleaning
    stopping.is_active = False

    assert offered(cleaning, ada, "2026-12-03", monday) == []


# --- clock changes, in UTC: local arithmetic would be wrong on these nights


def night_hours(ada: Practitioner) -> None:
    Schedule.objects.filter(practitioner=ada).delete()
    Schedule.objects.create(practitioner=ada, weekday=6, starts=time(0, 30), ends=time(4, 0))


def test_an_hour_the_clocks_skip_is_never_offered(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """New York, 14 March 2027: 2:00 becomes 3:00 (T01)."""
    night_hours(ada)

    found = offered(cleaning, ada, "2027-03-14", monday)

    assert found == [
        "00:30",
        "00:45",
        "01:00",
        "01:15",
        "01:30",
        "01:45",
        "03:00",
        "03:15",
        "03:30",
    ]


def test_an_hour_the_clocks_repeat_is_offered_as_two(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """New York, 7 November 2027: 2:00 becomes 1:00 (T02)."""
    night_hours(ada)
    start = at("2027-11-07 00:00")
    found = free_times(
        service=cleaning,
        practitioners=[ada],
        start=start,
        end=start + timedelta(days=1),
        now=monday,
    )
    twice = [slot for slot in found if f"{slot.start.astimezone(NEW_YORK):%H:%M}" == "01:30"]

    assert len(twice) == 2
    assert twice[1].start - twice[0].start == timedelta(hours=1)


def test_opening_hours_are_the_walls_before_and_after_a_clock_change(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """T04: nine o'clock is nine o'clock, an hour earlier in UTC."""
    for day in ("2027-03-12", "2027-03-15"):
        assert offered(cleaning, ada, day, monday)[0] == "09:00"


# --- alternatives


def nearest(service: ServiceType, who: list[Practitioner], wanted: str, now: datetime) -> list[str]:
    start = at(wanted)
    found = alternatives.nearest(
        slots.around(start, practitioners=who, now=now), service=service, wanted=start, now=now
    )
    return [f"{slot.start.astimezone(NEW_YORK):%a %H:%M}" for slot in found]


def book(who: Practitioner, service: ServiceType, patient: Patient, *starts: str) -> None:
    for start in starts:
        have(who, service, patient, start, source="staff")


def test_the_nearest_three_come_in_the_order_of_the_day(
    cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    book(ada, cleaning, ben, "2026-12-03 14:30")

    found = nearest(cleaning, [ada], "2026-12-03 14:30", monday)

    assert found == ["Thu 14:00", "Thu 15:00", "Thu 15:15"]


def test_a_time_that_two_have_is_one_alternative(
    consultation: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    cat: Patient,
    monday: datetime,
) -> None:
    book(ada, consultation, ben, "2026-12-03 14:30")
    book(bo, consultation, cat, "2026-12-03 14:30")

    found = nearest(consultation, [ada, bo], "2026-12-03 14:30", monday)

    assert found == ["Thu 14:00", "Thu 15:00", "Thu 15:15"]


def test_of_two_who_suit_alike_the_first_is_offered(
    consultation: ServiceType, ada: Practitioner, bo: Practitioner, monday: datetime
) -> None:
    start, nobody = at("2026-12-03 14:30"), Preference(practitioner=0)
    near = slots.around(start, practitioners=[bo, ada], now=monday)

    found = alternatives.nearest(
        near, service=consultation, wanted=start, now=monday, preference=nobody
    )

    assert [slot.practitioner for slot in found] == [min(ada, bo, key=attrgetter("pk"))] * 3


def test_it_looks_further_only_when_the_near_days_are_full(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    Closure.objects.create(start=at("2026-11-30 00:00"), end=at("2027-01-04 00:00"))

    found = nearest(cleaning, [ada], "2026-12-17 14:30", monday)

    # 18 days on is nearer than the 20 days back to the last Friday before the closure.
    assert found == ["Mon 14:15", "Mon 14:30", "Mon 14:45"]


def test_there_are_fewer_when_there_are_no_more(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    Schedule.objects.filter(practitioner=ada).update(
        starts=time(9), ends=time(9, 45), valid_until=date(2026, 11, 23)
    )

    assert nearest(cleaning, [ada], "2026-12-03 14:30", monday) == ["Mon 09:00", "Mon 09:15"]


def test_a_practitioner_who_never_works_has_no_slots(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """A16: the search is bounded."""
    Schedule.objects.all().delete()

    assert nearest(cleaning, [ada], "2026-12-03 14:30", monday) == []


def test_as_many_queries_whatever_the_period(
    cleaning: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    monday: datetime,
    django_assert_num_queries: object,
) -> None:
    with django_assert_num_queries(7):  # type: ignore[operator]
        free_times(
            service=cleaning,
            practitioners=[ada, bo],
            start=monday,
            end=monday + timedelta(days=365),
            now=monday,
        )


@pytest.mark.parametrize("ahead", [0, 40])
def test_the_next_free_time_is_one_look_however_far_it_is(
    ahead: int,
    cleaning: ServiceType,
    ada: Practitioner,
    ben: Patient,
    monday: datetime,
    django_assert_num_queries: object,
) -> None:
    """A16, A20: an empty diary, one that is full for weeks, and one without an end in sight."""
    Schedule.objects.filter(starts=time(13)).delete()
    Schedule.objects.filter(practitioner=ada).update(ends=time(10))
    starts = [MONDAY_NINE + timedelta(days=day) for day in range(ahead)]
    Appointment.objects.bulk_create(
        row(
            service=cleaning,
            practitioner=ada,
            patient=ben,
            start=at_nine + timedelta(minutes=half),
        )
        for at_nine in starts
        for half in (0, 30)
    )

    with django_assert_num_queries(7):  # type: ignore[operator]
        found = list(islice(soonest(cleaning, [ada], monday), 2))

    assert [slot.start for slot in found] == [
        MONDAY_NINE + timedelta(days=42 if ahead else 0, minutes=minutes) for minutes in (0, 15)
    ]
    Closure.objects.create(start=monday, end=monday + timedelta(days=800))
    with django_assert_num_queries(7):  # type: ignore[operator]
        assert list(soonest(cleaning, [ada], monday)) == []


MONDAY_NINE = at("2026-11-23 09:00")


def soonest(service: ServiceType, who: list[Practitioner], now: datetime) -> Iterator[slots.Slot]:
    return slots.calendar(who, start=now, now=now).times(service)


def test_alternatives_are_two_looks_at_most(
    cleaning: ServiceType, ada: Practitioner, monday: datetime, django_assert_num_queries: object
) -> None:
    Closure.objects.create(start=monday, end=monday + timedelta(days=300))
    start = at("2026-12-03 14:30")

    with django_assert_num_queries(13):  # type: ignore[operator]
        near = slots.around(start, practitioners=[ada], now=monday)
        found = alternatives.nearest(near, service=cleaning, wanted=start, now=monday)

    assert len(found) == 3


def test_now_must_carry_the_clinics_zone() -> None:
    with pytest.raises(TypeError):
        slots.zone_of(datetime.now(UTC))
    assert slots.zone_of(datetime.now(ZoneInfo("Europe/London"))) == ZoneInfo("Europe/London")
