"""Hours: weekdays, midnights, one-off openings and closures, as periods of UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from bookings.availability import hours
from bookings.availability.hours import Timetable
from bookings.models import (
    Closure,
    Opening,
    Patient,
    Practitioner,
    Schedule,
    ServiceType,
)
from bookings.outcomes import Booked, SlotTaken
from tenants.models import Organization
from tests.conftest import NEW_YORK, at
from tests.free_times import free_times
from tests.visits import book, have

LORD_HOWE, CAIRO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")


def offered(service: ServiceType, who: Practitioner, day: str, now: datetime) -> list[str]:
    start = at(f"{day} 00:00")
    end = (start + timedelta(days=1)).astimezone(UTC)
    found = free_times(service=service, practitioners=[who], start=start, end=end, now=now)
    return [f"{slot.start.astimezone(NEW_YORK):%H:%M}" for slot in found]


def works(who: Practitioner, *stretches: tuple[int, str, str]) -> None:
    Schedule.objects.filter(practitioner=who).delete()
    for weekday, starts, ends in stretches:
        Schedule.objects.create(
            practitioner=who,
            weekday=weekday,
            starts=time.fromisoformat(starts),
            ends=time.fromisoformat(ends),
        )


# --- an instant of the wall


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        (NEW_YORK, date(2026, 12, 3), time(14, 30), "2026-12-03T19:30"),
        (NEW_YORK, date(2027, 3, 14), time(2, 30), "2027-03-14T07:00"),  # skipped: the jump
        (NEW_YORK, date(2027, 11, 7), time(1, 30), "2027-11-07T05:30"),  # twice: the first
        (LORD_HOWE, date(2027, 10, 3), time(2, 10), "2027-10-02T15:30"),  # half an hour skipped
        (CAIRO, date(2027, 4, 30), time(0, 0), "2027-04-29T22:00"),  # there is no midnight
        (CAIRO, date(2027, 4, 30), time(0, 40), "2027-04-29T22:00"),
    ],
)
def test_a_time_on_the_wall_is_one_instant(
    zone: ZoneInfo, day: date, clock: time, expected: str
) -> None:
    """T01, T02: a time written for a skipped hour does not move into the hour after it."""
    assert f"{hours.instant(day, clock, zone):%Y-%m-%dT%H:%M}" == expected


def test_a_schedule_inside_a_skipped_hour_gives_no_times(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """T01: a quarter past two to half past three, on the night there is no two o'clock."""
    works(ada, (6, "02:00", "03:00"))
    assert offered(cleaning, ada, "2027-03-14", monday) == []

    works(ada, (6, "02:15", "04:00"))
    assert offered(cleaning, ada, "2027-03-14", monday) == ["03:00", "03:15", "03:30"]


# --- over midnight


def test_hours_that_end_before_they_start_end_on_the_next_day(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    works(ada, (3, "22:30", "01:00"))

    assert offered(cleaning, ada, "2026-12-03", monday)[0] == "22:30"
    assert offered(cleaning, ada, "2026-12-03", monday)[-1] == "23:45"
    assert offered(cleaning, ada, "2026-12-04", monday) == ["00:00", "00:15", "00:30"]


def test_the_last_night_of_a_schedule_runs_to_its_end(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    works(ada, (3, "22:30", "01:00"))
    Schedule.objects.update(valid_until=date(2026, 12, 3))

    assert offered(cleaning, ada, "2026-12-04", monday) == ["00:00", "00:15", "00:30"]
    assert offered(cleaning, ada, "2026-12-11", monday) == []


def test_buffers_reach_past_closing_and_over_midnight(
    root_canal: ServiceType,
    cleaning: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    monday: datetime,
) -> None:
    """A05: the visit ends at 23:45, its buffer at 00:05, in the first visit of the next day."""
    works(ada, (3, "22:15", "23:45"), (4, "00:00", "02:00"))

    assert offered(root_canal, ada, "2026-12-03", monday) == ["22:15"]
    have(ada, root_canal, ben, "2026-12-03 22:15", source="staff")
    assert offered(cleaning, ada, "2026-12-04", monday)[0] == "00:15"


@pytest.mark.parametrize(
    ("wished", "other", "nearest"),
    [
        ("2026-12-03 23:45", "2026-12-04 09:30", ["23:00", "23:15", "23:30"]),
        ("2026-12-04 00:15", "2026-12-03 22:00", ["00:30", "00:45", "01:00"]),
    ],
)
def test_the_longest_visit_meets_another_one_of_another_day(
    wished: str,
    other: str,
    nearest: list[str],
    cleaning: ServiceType,
    ada: Practitioner,
    ben: Patient,
    cat: Patient,
    monday: datetime,
) -> None:
    """A05: a booking reads as far beyond the day as any visit that begins in it can reach."""
    works(ada, (3, "21:30", "12:00"))
    longest = ServiceType.objects.create(
        name="Study", minutes=480, minutes_before=120, minutes_after=120
    )
    longest.practitioners.set([ada])
    assert isinstance(book(cleaning, ben, other, monday, practitioner=ada), Booked)

    outcome = book(longest, cat, wished, monday)

    assert isinstance(outcome, SlotTaken)
    local = [slot.start.astimezone(monday.tzinfo) for slot in outcome.alternatives]
    assert [f"{start:%H:%M}" for start in local] == nearest


def test_a_year_ends_in_the_middle_of_a_visit(
    cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    """T13: December 31 at 23:50, half an hour; it blocks both years."""
    works(ada, (3, "23:50", "02:00"))
    row = have(ada, cleaning, ben, "2026-12-31 23:50", source="staff")

    assert row.end == at("2027-01-01 00:20")
    assert offered(cleaning, ada, "2026-12-31", monday) == []
    assert offered(cleaning, ada, "2027-01-01", monday)[0] == "00:20"


def test_a_night_over_a_clock_change_has_the_hours_it_has(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    works(ada, (5, "22:00", "06:00"))

    for saturday, length in (("2027-03-06", 8), ("2027-03-13", 7), ("2027-11-06", 9)):
        night = Timetable(
            tuple(Schedule.objects.all()),
            (),
            (),
            at(f"{saturday} 12:00").astimezone(UTC),
            at(f"{saturday} 23:00").astimezone(UTC),
            NEW_YORK,
        )
        [(opening, closing)] = night.opened(ada)
        assert closing - opening == timedelta(hours=length)


def test_equal_ends_are_no_hours(ada: Practitioner) -> None:
    with pytest.raises(IntegrityError):
        Schedule.objects.create(practitioner=ada, weekday=0, starts=time(9), ends=time(9))


# --- several stretches


def test_a_visit_may_run_from_one_stretch_into_the_next(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """A11: hours that meet are one, those with a break between them are two."""
    works(ada, (3, "09:00", "12:00"), (3, "12:00", "15:00"))
    assert "11:45" in offered(cleaning, ada, "2026-12-03", monday)

    works(ada, (3, "09:00", "12:00"), (3, "12:05", "15:00"))
    assert "11:45" not in offered(cleaning, ada, "2026-12-03", monday)


def test_steps_are_counted_anew_from_every_opening(
    root_canal: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """A19: also where two stretches overlap; the grid does not depend on the day one looks from."""
    works(ada, (3, "09:05", "11:00"), (3, "10:10", "12:00"))

    assert offered(root_canal, ada, "2026-12-03", monday) == [
        "09:05",
        "09:20",
        "09:35",
        "09:50",
        "10:05",
        "10:10",
        "10:25",
    ]


def test_weekdays_stay_weekdays_in_every_week_of_the_year(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """A14: closed every Wednesday, in week 53 of 2026 and in weeks 2 and 3 of 2027."""
    works(ada, *((day, "09:00", "10:00") for day in (0, 1, 3, 4)))

    for year, week in ((2026, 53), (2027, 2), (2027, 3)):
        week_days = [date.fromisocalendar(year, week, number) for number in range(1, 8)]
        opened = [day.isoweekday() for day in week_days if offered(cleaning, ada, f"{day}", monday)]
        assert opened == [1, 2, 4, 5]


# --- openings and closures


def test_an_opening_adds_to_a_day_off(
    cleaning: ServiceType, ada: Practitioner, bo: Practitioner, monday: datetime
) -> None:
    Opening.objects.create(
        practitioner=ada, start=at("2026-12-05 10:00"), end=at("2026-12-05 11:00")
    )

    assert offered(cleaning, ada, "2026-12-05", monday) == ["10:00", "10:15", "10:30"]
    assert offered(cleaning, bo, "2026-12-05", monday) == []


def test_an_opening_stands_on_a_day_the_clinic_is_closed(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """Whoever opens on a holiday means it; a closure of her own is stronger."""
    Closure.objects.create(start=at("2026-12-25 00:00"), end=at("2026-12-26 00:00"))
    Opening.objects.create(
        practitioner=ada, start=at("2026-12-25 10:00"), end=at("2026-12-25 12:00")
    )
    assert offered(cleaning, ada, "2026-12-25", monday)[0] == "10:00"
    assert offered(cleaning, ada, "2026-12-25", monday)[-1] == "11:30"

    Closure.objects.create(
        practitioner=ada, start=at("2026-12-25 10:30"), end=at("2026-12-25 11:20")
    )
    assert offered(cleaning, ada, "2026-12-25", monday) == ["10:00", "11:20"]


def test_an_opening_that_meets_the_schedule_is_one_with_it(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    Opening.objects.create(
        practitioner=ada, start=at("2026-12-03 17:00"), end=at("2026-12-03 18:00")
    )

    assert offered(cleaning, ada, "2026-12-03", monday)[-4:] == ["16:45", "17:00", "17:15", "17:30"]


def test_half_a_day_is_closed_to_the_minute(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """A13."""
    Closure.objects.create(start=at("2026-12-24 12:00"), end=at("2026-12-25 00:00"))

    assert offered(cleaning, ada, "2026-12-24", monday)[-1] == "11:30"


def test_a_closure_of_weeks_leaves_the_days_around_it(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    """T15, A13: two weeks over the clock change, from Thursday noon to Thursday noon."""
    Closure.objects.create(start=at("2027-03-04 12:00"), end=at("2027-03-18 12:00"))

    assert offered(cleaning, ada, "2027-03-04", monday)[-1] == "11:30"
    assert offered(cleaning, ada, "2027-03-12", monday) == []
    assert offered(cleaning, ada, "2027-03-18", monday)[0] == "13:00"


def test_a_yearly_closure_comes_back_at_the_same_time_on_the_wall(
    cleaning: ServiceType, ada: Practitioner
) -> None:
    """A13: written in 2024, from noon on December 24 to January 2, over the year's end."""
    Closure.objects.create(
        start=at("2024-12-24 12:00"), end=at("2025-01-02 00:00"), is_yearly=True, reason="Holidays"
    )
    now = at("2026-11-23 08:00")

    assert offered(cleaning, ada, "2026-12-24", now)[-1] == "11:30"
    for day in ("2026-12-25", "2026-12-31", "2027-01-01"):
        assert offered(cleaning, ada, day, now) == []
    assert offered(cleaning, ada, "2027-01-04", now) != []


def test_a_yearly_closure_does_not_count_before_its_first_year(
    cleaning: ServiceType, ada: Practitioner, monday: datetime
) -> None:
    Closure.objects.create(start=at("2027-12-03 00:00"), end=at("2027-12-04 00:00"), is_yearly=True)

    assert offered(cleaning, ada, "2026-12-03", monday) != []


def test_a_yearly_29_february_is_closed_in_leap_years_only(
    cleaning: ServiceType, ada: Practitioner
) -> None:
    """T12: where the day does not come, neither the 28th nor the 1st is closed for it."""
    Closure.objects.create(start=at("2024-02-29 00:00"), end=at("2024-03-01 00:00"), is_yearly=True)
    works(ada, *((day, "09:00", "10:00") for day in range(7)))

    assert offered(cleaning, ada, "2027-02-28", at("2027-01-04 08:00")) != []
    assert offered(cleaning, ada, "2027-03-01", at("2027-01-04 08:00")) != []
    assert offered(cleaning, ada, "2028-02-29", at("2028-01-04 08:00")) == []
    assert offered(cleaning, ada, "2028-02-28", at("2028-01-04 08:00")) != []


def test_29_february_is_a_day_like_any_other(cleaning: ServiceType, ada: Practitioner) -> None:
    """T12."""
    assert offered(cleaning, ada, "2028-02-29", at("2028-01-04 08:00"))[0] == "09:00"


def test_a_closure_until_29_february_ends_with_february(
    cleaning: ServiceType, ada: Practitioner
) -> None:
    Closure.objects.create(start=at("2024-02-28 00:00"), end=at("2024-02-29 00:00"), is_yearly=True)
    works(ada, *((day, "09:00", "10:00") for day in range(7)))

    assert offered(cleaning, ada, "2027-02-28", at("2027-01-04 08:00")) == []
    assert offered(cleaning, ada, "2027-03-01", at("2027-01-04 08:00")) != []


def test_what_comes_every_year_ends_within_one(elm: Organization) -> None:
    with pytest.raises(IntegrityError):
        Closure.objects.create(
            start=at("2026-01-01 00:00"), end=at("2027-01-01 00:00"), is_yearly=True
        )
