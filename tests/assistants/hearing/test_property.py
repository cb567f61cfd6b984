"""Any day of the next year, and any time, comes back itself, however it is said."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistants.hearing import birth_date, when

NOW = datetime(2026, 11, 22, 10, 30)
TODAY = NOW.date()

UNITS = " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
WORDS = [*UNITS.split(" "), "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = {2: "twenty", 3: "thirty", 4: "forty", 5: "fifty"}
ORDINALS = {
    1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth",
    20: "twentieth", 30: "thirtieth",
}  # fmt: skip


def number(value: int) -> str:
    if value < 20:
        return WORDS[value]
    return TENS[value // 10] + (f" {WORDS[value % 10]}" if value % 10 else "")


def ordinal(value: int) -> str:
    if value in ORDINALS:
        return ORDINALS[value]
    return f"{TENS[value // 10]} {ordinal(value % 10)}" if value > 20 else f"{WORDS[value]}th"


def nth(value: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10 if value // 10 != 1 else 0, "th")
    return f"{value}{ending}"


# Every way names the day to anyone who hears it on NOW: with its month, or counted from today.
DAYS: list[Callable[[date], str]] = [
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day:%Y%m%d}",
    lambda day: f"{day:%Y/%m/%d}",
    lambda day: f"{day:%G-W%V-%u}",
    lambda day: f"{day:%m/%d/%Y}",
    lambda day: f"{day.month}/{day.day}",
    lambda day: f"{day:%B} {day.day}",
    lambda day: f"{day:%B} {nth(day.day)}, {day.year}",
    lambda day: f"{day:%b} {day.day} {day.year}",
    lambda day: f"{day:%A}, {day:%B} {day.day}",
    lambda day: f"{day:%a} {day.day} {day:%b}",
    lambda day: f"the {nth(day.day)} of {day:%B}",
    lambda day: f"{day.day} {day:%B} {day.year}",
    lambda day: f"{day:%B} {ordinal(day.day)}",
    lambda day: f"{day:%B} the {ordinal(day.day)}",
    lambda day: f"the {ordinal(day.day)} of {day:%B}, {number(20)} {number(day.year % 100)}",
    lambda day: f"uh maybe {day:%A} the {ordinal(day.day)} of {day:%B}",
    lambda day: f"um, could we do {day:%B} {ordinal(day.day)} please",
    lambda day: f"{day:%d-%b-%Y}",
    lambda day: f"in {(day - TODAY).days} days",
    lambda day: f"{(day - TODAY).days} days from today",
    lambda day: f"the day before {day + timedelta(days=1):%B} {(day + timedelta(days=1)).day}",
]

# The half of the day is said, or it is a time of 24 hours.
TIMES: list[Callable[[time], str]] = [
    lambda at: f"{at:%H:%M}:00",
    lambda at: f"{at.hour % 12 or 12}:{at:%M} {at:%p}",
    lambda at: f"{at.hour % 12 or 12}:{at:%M}{at:%p}".lower(),
    lambda at: f"{at:%I:%M} {'a.m.' if at.hour < 12 else 'p.m.'}",
    lambda at: f"{at.hour % 12 or 12}{at:%M}{at:%p}".lower(),
    lambda at: f"{number(at.hour % 12 or 12)} {minutes(at.minute)} {at:%p}".lower(),
    lambda at: f"{at.minute} minutes past {at.hour % 12 or 12} {at:%p}",
    lambda at: f"{60 - at.minute} minutes to {to(at)}",
    lambda at: f"{at.hour % 12 or 12}:{at:%M} in the {part(at)}",
    lambda at: f"in the {part(at)} at {at.hour % 12 or 12}:{at:%M}",
]


def minutes(value: int) -> str:
    return "" if not value else f"oh {number(value)}" if value < 10 else number(value)


def part(at: time) -> str:
    return "morning" if at.hour < 12 else "afternoon" if at.hour < 18 else "evening"


def to(at: time) -> str:
    hour = at.hour + 1
    return f"{hour % 12 or 12} {'pm' if 12 <= hour < 24 else 'am'}"


COMING_DAYS = st.dates(TODAY + timedelta(days=1), TODAY + timedelta(days=363))
DAYTIME = st.times(time(7, 1), time(19, 59)).map(lambda at: at.replace(second=0, microsecond=0))
PAST_THE_HOUR = DAYTIME.filter(lambda at: at.minute != 0)


@pytest.mark.parametrize("way", range(len(DAYS)))
@settings(max_examples=60, deadline=None)
@given(day=COMING_DAYS)
def test_a_day_comes_back_itself(way: int, day: date) -> None:
    found = when(DAYS[way](day), now=NOW, region="US")

    assert (found.day, found.last_day, found.time) == (day, None, None)
    assert not found.year_corrected


@pytest.mark.parametrize("way", range(len(TIMES)))
@settings(max_examples=60, deadline=None)
@given(at=PAST_THE_HOUR)
def test_a_time_comes_back_itself(way: int, at: time) -> None:
    found = when(TIMES[way](at), now=NOW, region="US")

    assert (found.day, found.time, found.other_time) == (None, at, None)


SAYINGS = 3_000
ORDERS = ["{day} at {time}", "{day} {time}", "{time} on {day}", "{day}, {time}"]


def test_a_day_and_a_time_come_back_themselves() -> None:
    """Drawn plainly: a saying that fails is as small as it gets, and to shrink it takes longest."""
    for _ in range(SAYINGS):
        day = TODAY + random.randint(1, 363) * timedelta(days=1)
        at = time(random.randint(7, 19), random.randint(1, 59))
        said = random.choice(ORDERS).format(
            day=random.choice(DAYS)(day), time=random.choice(TIMES)(at)
        )

        found = when(said, now=NOW, region="US")

        assert (found.day, found.time, found.other_time) == (day, at, None), said


@settings(max_examples=200, deadline=None)
@given(day=COMING_DAYS, years=st.integers(1, 10))
def test_a_stale_year_is_the_next_time_that_day_comes(day: date, years: int) -> None:
    found = when(f"{day.year - years - 1}-{day:%m-%d}T10:00:00Z", now=NOW, region="US")

    assert (found.day, found.year_corrected) == (day, True)


@settings(max_examples=200, deadline=None)
@given(day=st.dates(date(1927, 1, 1), TODAY))
def test_a_date_of_birth_comes_back_itself(day: date) -> None:
    for said in (f"{day:%m/%d/%y}", f"{day:%B} {nth(day.day)} {day.year}", f"{day}"):
        assert birth_date(said, now=NOW, region="US") == day
