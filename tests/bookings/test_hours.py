"""Hours: weekdays, midnights, one-off openings and closures, as periods of UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError

from bookings import hours, slots
from bookings.hours import Timetable
from bookings.models import Appointment, Patient, Practitioner, Schedule, ServiceType
from tests.conftest import NEW_YORK, at

LORD_HOWE, CAIRO = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Africa/Cairo")


def offered(
    service: ServiceType, who: Practitioner, day: str, now: datetime, zone: ZoneInfo = NEW_YORK
) -> list[str]:
    start = at(f"{day} 00:00", zone)
    end = (start + timedelta(days=1)).astimezone(UTC)
    found = slots.free(service=service, practitioners=[who], start=start, end=end, now=now)
    return [f"{slot.start.astimezone(zone):%H:%M}" for slot in found]


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
    """T01, T02: nothing that is written for a skipped hour moves into the one behind it."""
    assert f"{hours.instant(day, clock, zone):%Y-%m-%dT%H:%M}" == expected


def test_hours_written_inside_a_skipped_hour_are_none(
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


def test_a_year_ends_in_the_middle_of_a_visit(
    cleaning: ServiceType, ada: Practitioner, ben: Patient, monday: datetime
) -> None:
    """T13: December 31 at 23:50, half an hour; it blocks both years."""
    works(ada, (3, "23:50", "02:00"))
    row = Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=ben,
        start=at("2026-12-31 23:50"),
        source="staff",
    )

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
