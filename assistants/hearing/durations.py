"""Durations: how long, or how far away, as in "two and a half hours" and "a couple of weeks"."""

from typing import NamedTuple

from .grammar import Context, Number, Rule
from .words import Pair


class Duration(NamedTuple):
    """A length of time; months and days are the calendar's, minutes the clock's."""

    months: int = 0
    days: int = 0
    minutes: int = 0


_UNITS = {
    "minute": Duration(minutes=1),
    "hour": Duration(minutes=60),
    "day": Duration(days=1),
    "week": Duration(days=7),
    "fortnight": Duration(days=14),
    "month": Duration(months=1),
    "year": Duration(months=12),
}
_FARTHEST = 1_000  # of any unit; longer is never meant, and dates would leave their range


def times(amount: int, unit: str) -> Duration | None:
    """So many units; None if there are too many, or if the unit is not used (seconds)."""
    one = _UNITS.get(unit)
    if one is None or amount > _FARTHEST:
        return None
    return Duration(*(amount * part for part in one))


def whole(context: Context, amount: Number, unit: str) -> Duration | None:
    """ "Three weeks"; but "0600 hours" is a time."""
    if unit == "hour" and amount.digits > 2:
        return None
    return times(amount.value, unit)


def minutes_of_an_hour(context: Context, amount: Number, unit: str) -> bool | None:
    """ "At two thirty two weeks from Monday": 32 weeks, or half past two and two weeks."""
    return True if not amount.digits and 20 < amount.value < 60 and amount.value % 10 else None


def whole_minutes(context: Context, amount: Number, unit: str) -> Duration | None:
    """ "At ten minutes past"; but "at five, day after tomorrow" is not five days."""
    return times(amount.value, unit) if unit == "minute" else None


def coming(context: Context, amount: Number, unit: str) -> tuple[None, Duration] | None:
    """ "The five coming days", as the next five days."""
    found = times(amount.value, unit)
    return (None, found) if found else None


def quarters(unit: str, amount: int) -> Duration | None:
    """So many quarters of an hour; a fraction of another unit has no exact length."""
    return Duration(minutes=15 * amount) if unit == "hour" and amount <= _FARTHEST else None


def and_a_half(context: Context, unit: str, amount: Number | None = None) -> Duration | None:
    return quarters(unit, 4 * (amount.value if amount else 1) + 2)


def decimal(context: Context, amount: Pair, unit: str = "hour") -> Duration | None:
    """ "2.5 hours", "1.25 hours": only a whole number of quarters."""
    parts, remainder = divmod(amount.second * 4, 10**amount.second_digits)
    return None if remainder else quarters(unit, 4 * amount.first + parts)


def fraction(context: Context, amount: Pair, unit: str = "hour") -> Duration | None:
    """ "1/2 hour", "3/4 h"."""
    if not 0 < amount.first < amount.second or (amount.first * 4) % amount.second:
        return None
    return quarters(unit, amount.first * 4 // amount.second)


def mixed(context: Context, amount: Number, part: Pair, unit: str) -> Duration | None:
    """ "1 1/2 hours"."""
    rest = fraction(context, part, unit)
    return rest and quarters(unit, 4 * amount.value + rest.minutes // 15)


def total(context: Context, first: Duration, second: Duration) -> Duration:
    return Duration(*(one + other for one, other in zip(first, second, strict=True)))


def minutes_alone(context: Context, found: Duration) -> Number | None:
    """Less than an hour, as minutes before "past eight"."""
    fits = not found.months and not found.days and 0 < found.minutes < 60
    return Number(found.minutes, 0) if fits else None


_AN_HOUR = "(past|after|from|to|until|before|of) (clock|number|colon|dotted|noon|midnight)"

DURATION_RULES = (
    Rule("three_quarters of? a? unit:unit", "duration", lambda _, unit: quarters(unit, 3)),
    Rule("a? quarter (of a)? unit:unit", "duration", lambda _, unit: quarters(unit, 1)),
    Rule("amount:number part:slashed unit:unit", "duration", mixed),
    Rule("amount:number and a? half unit:unit", "duration", and_a_half),
    Rule("amount:number unit:unit and a half", "duration", and_a_half),
    Rule("a unit:unit and a half", "duration", and_a_half),
    Rule("a? half (of|a)* unit:unit", "duration", lambda _, unit: quarters(unit, 2)),
    Rule("amount:dotted unit:unit", "duration", decimal),
    Rule("amount:dotted letter_h", "duration", decimal),
    Rule("amount:slashed (of? a)? unit:unit", "duration", fraction),
    Rule("amount:slashed letter_h", "duration", fraction),
    Rule("a? couple of? unit:unit", "duration", lambda _, unit: times(2, unit)),
    Rule("(?<=number) amount:number unit:unit", "junk", minutes_of_an_hour),
    Rule("(?<!at) amount:number unit:unit", "duration", whole),
    Rule("(?<=in at) amount:number unit:unit", "duration", whole),
    Rule("at amount:number unit:unit (?=from now|hence)", "duration", whole),
    Rule("(?<=at) amount:number unit:unit", "duration", whole_minutes),
    Rule(
        "(?<=in|within|duration) amount:number letter_h",
        "duration",
        lambda _, amount: times(amount.value, "hour"),
    ),
    Rule("(?<!month) amount:number (next|coming) unit:unit", "next duration", coming),
    Rule("amount:number letter_d", "duration", lambda _, amount: times(amount.value, "day")),
    Rule("a unit:unit", "duration", lambda _, unit: times(1, unit)),
    Rule(f"first:duration and? second:duration (?!{_AN_HOUR})", "duration", total),
    Rule(f"first:duration and? second:duration (?!{_AN_HOUR})", "duration", total),
    Rule(f"found:duration (?={_AN_HOUR})", "minutes", minutes_alone),
)
