"""Cells: a date, a time or a number, as people write it in a file. What has two readings is
refused."""

import re
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bookings import phones
from bookings.desk.calendar.clocks import YEARS
from bookings.finding import IN_WORDS, MONTHS, OLDEST

YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(am|pm|a\.m\.|p\.m\.)?", re.IGNORECASE
)
OFFSET = re.compile(r"\s*(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
NOON = 12
LONGEST_EMAIL = 254


class Order(StrEnum):
    """How the file writes 3 April 2026, where it does not write 2026-04-03."""

    SURE = "sure"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class NotUnderstood(Exception):
    """The sentence says what is wrong with a cell, and does not repeat it."""


def day(text: str, order: Order) -> date:
    """2026-04-03, 3 Apr 2026, 3.4.2026, and with slashes or hyphens what `order` says; without an
    order, only what has one reading."""
    try:
        if found := YEAR_FIRST.fullmatch(text):
            return date(int(found[1]), int(found[3]), int(found[4]))
        if found := YEAR_LAST.fullmatch(text):
            return year_last(int(found[1]), int(found[3]), int(found[4]), found[2], order)
        for pattern in IN_WORDS:
            if found := pattern.fullmatch(text):
                month = MONTHS.index(found["month"].lower()) + 1
                return date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        raise NotUnderstood("There is no such day.") from None
    raise NotUnderstood("This is no date. Write it as 2026-12-31.")


def year_last(first: int, second: int, year: int, mark: str, order: Order) -> date:
    """With dots the day is first, as in all countries that write them."""
    if mark == "." or order == Order.DAY_FIRST:
        return date(year, second, first)
    if order == Order.MONTH_FIRST:
        return date(year, first, second)
    readings = {
        date(year, month, day_of_month)
        for month, day_of_month in ((first, second), (second, first))
        if month <= len(MONTHS)
    }
    if len(readings) > 1:
        raise NotUnderstood(
            "This could be two days. Choose how the file writes dates, or write 2026-12-31."
        )
    return readings.pop() if readings else date(year, first, second)


def birthday(text: str, order: Order, today: date) -> date:
    found = day(text, order)
    if found.year < OLDEST or found > today:
        raise NotUnderstood(f"A date of birth is from {OLDEST} to today.")
    return found


def instant(text: str, order: Order, zone: ZoneInfo) -> datetime:
    """A day and a time, on the clinic's clock unless an offset follows. UTC."""
    offset = OFFSET.search(text)
    plain = text[: offset.start()] if offset else text
    written, _, clock = plain.replace("T", " ").strip().rpartition(" ")
    if clock.lower() in ("am", "pm", "a.m.", "p.m."):
        written, _, hours = written.rpartition(" ")
        clock = f"{hours} {clock}"
    if not written:
        raise NotUnderstood("This is no day with a time. Write it as 2026-12-31 14:30.")
    local = datetime.combine(day(written.strip(), order), time_of_day(clock), tzinfo=zone)
    if local.year not in YEARS:
        raise NotUnderstood("Please check the year.")
    if offset:
        return datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M}{offset[1].upper()}").astimezone(UTC)
    return on_the_clock(local)


def on_the_clock(local: datetime) -> datetime:
    """The instant at which the clinic's clock shows `local`. UTC."""
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    if first.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NotUnderstood("The clocks jump over this time.")
    if first != second:
        raise NotUnderstood("This time comes twice that night. Write its offset, as in -05:00.")
    return first


def time_of_day(text: str) -> time:
    found = CLOCK.fullmatch(text)
    if found is None:
        raise NotUnderstood("This is no time. Write it as 14:30.")
    hour, half = int(found[1]), (found[4] or "").lower().replace(".", "")
    if half and not 1 <= hour <= NOON:
        raise NotUnderstood("There is no such time.")
    if half:
        hour = hour % NOON + (NOON if half == "pm" else 0)
    try:
        return time(hour, int(found[2]))
    except ValueError:
        raise NotUnderstood("There is no such time.") from None


def phone(text: str, region: str) -> str:
    """E.164, of any spelling that is used in `region`."""
    try:
        return phones.canonical(text, region)
    except ValidationError as error:
        raise NotUnderstood(error.messages[0]) from None


def email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise NotUnderstood(error.messages[0]) from None
    if len(text) > LONGEST_EMAIL:
        raise NotUnderstood(f"This is longer than {LONGEST_EMAIL} letters.")
    return text


def each_phone(text: str, region: str) -> list[str]:
    """Numbers with semicolons between them, each once."""
    written = filter(None, (one.strip() for one in text.split(";")))
    return list(dict.fromkeys(phone(one, region) for one in written))
