"""Dates, times and numbers of a file: what they mean, and what has two readings."""

from datetime import UTC, date, datetime

import pytest

from bookings.desk.importing import cells
from bookings.desk.importing.cells import NotUnderstood, Order
from tests.conftest import NEW_YORK


@pytest.mark.parametrize(
    ("text", "order", "found"),
    [
        ("2026-04-03", Order.SURE, date(2026, 4, 3)),
        ("3.4.2026", Order.SURE, date(2026, 4, 3)),
        ("3 Apr 2026", Order.SURE, date(2026, 4, 3)),
        ("April 3, 2026", Order.SURE, date(2026, 4, 3)),
        ("25/04/2026", Order.SURE, date(2026, 4, 25)),
        ("04/25/2026", Order.SURE, date(2026, 4, 25)),
        ("04/04/2026", Order.SURE, date(2026, 4, 4)),
        ("03/04/2026", Order.DAY_FIRST, date(2026, 4, 3)),
        ("03/04/2026", Order.MONTH_FIRST, date(2026, 3, 4)),
    ],
)
def test_a_day_is_understood(text: str, order: Order, found: date) -> None:
    assert cells.day(text, order) == found


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("03/04/2026", Order.SURE),
        ("25/04/2026", Order.MONTH_FIRST),
        ("3/4/26", Order.DAY_FIRST),
        ("2026-02-30", Order.SURE),
        ("31/31/2026", Order.SURE),
        ("tomorrow", Order.SURE),
    ],
)
def test_a_day_that_is_none_or_could_be_two_is_refused(text: str, order: Order) -> None:
    with pytest.raises(NotUnderstood):
        cells.day(text, order)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-12-03 14:30", "2026-12-03T19:30"),
        ("2026-12-03T14:30:00-05:00", "2026-12-03T19:30"),
        ("2026-12-03T14:30Z", "2026-12-03T14:30"),
        ("12/31/2026 2:30 PM", "2026-12-31T19:30"),
        ("2026-12-03 12:15am", "2026-12-03T05:15"),
        ("2026-11-01T01:30:00-05:00", "2026-11-01T06:30"),
    ],
)
def test_a_time_is_of_the_clinics_clock_or_has_an_offset(text: str, found: str) -> None:
    instant = cells.instant(text, Order.SURE, NEW_YORK)
    assert instant == datetime.fromisoformat(found).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-08 02:30",  # clocks jump over it
        "2026-11-01 01:30",  # comes twice
        "2026-12-03",
        "2026-12-03 25:00",
        "2026-12-03 14:30 PM",
        "1026-12-03 14:30",
    ],
)
def test_a_time_that_is_not_one_time_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood):
        cells.instant(text, Order.SURE, NEW_YORK)
