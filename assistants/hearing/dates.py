"""Dates: a day, a month and perhaps a year, in words or figures, and the date they mean."""

from datetime import date
from typing import NamedTuple

from .countries import EITHER_ORDER, MONTH_FIRST
from .grammar import Context, Number, Rule
from .meaning import NotUnderstood, Reason
from .words import Pair, Triple, Written

YEARS_AHEAD = 3  # farther, a year was misheard or mistyped
STALE_YEARS = 20  # years back that a model's stale year may be; 1970 or 0026 is not a stale year


class Dated(NamedTuple):
    """A day and a month as they were said, with the year if one was; not yet a date."""

    month: int
    day: int
    year: Number | None = None


class Day(NamedTuple):
    """A date found, and whether the year said was past and another taken."""

    date: date
    year_corrected: bool = False


def resolved(dated: Dated, today: date) -> Day:
    """The date meant. A past year is not believed: the next occurrence of that day is taken.

    A date already past in the current year stays as it was said. Raises NotUnderstood if there is
    no such day, or if the year is more than three ahead or too long ago to be a mistake.
    """
    if dated.year is None:
        return Day(coming_date(dated.month, dated.day, today))
    year = sensible(dated.year, today)
    if year < today.year:
        return Day(coming_date(dated.month, dated.day, today), year_corrected=True)
    found = existing(year, dated.month, dated.day)
    if found is None:
        raise no_such_day()
    return Day(found)


def coming_date(month: int, day: int, today: date) -> date:
    """The next time that day of the year comes, today included.

    Raises NotUnderstood if no month has the day, and for 29 February if the coming year has none.
    """
    if existing(2000, month, day) is None:
        raise no_such_day()
    past = (month, day) < (today.month, today.day)
    found = existing(today.year + past, month, day)
    if found is None:
        raise no_such_day()
    return found


def sensible(year: Number, today: date) -> int:
    """The year with four digits. Raises NotUnderstood if it is too far away: see `resolved`."""
    full = year.value + (2000 if year.digits == 2 else 0)
    if not today.year - STALE_YEARS <= full <= today.year + YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    return full


def ordered(first: int, second: int, region: str, *, certain: bool = True) -> tuple[int, int]:
    """Month and day from two numbers, in the order of the country.

    When that order gives no day of the year and the other one does, the other is meant
    ("21/04" in the US). Raises NotUnderstood when neither does, or when it is not certain
    which is meant.
    """
    orders = [(first, second), (second, first)]
    if region not in MONTH_FIRST:
        orders.reverse()
    days = [order for order in orders if existing(2000, *order)]
    if not days:
        raise no_such_day()
    if len(set(days)) == 2 and (region in EITHER_ORDER or not certain):
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return days[0]


def existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def no_such_day() -> NotUnderstood:
    return NotUnderstood("day", Reason.NO_SUCH_DAY)


# --------------------------------------------------------------- meanings of the shapes


def month_and_day(
    context: Context, month: int, day: Number | int, year: Number | None = None
) -> Dated | None:
    number = day.value if isinstance(day, Number) else day
    if not 1 <= number <= 31:
        return None
    return Dated(month, number, year)


def numbered_month(context: Context, day: int, month: int) -> Dated | None:
    """ "The fifth of the third"."""
    return Dated(month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def split_year(context: Context, century: Number, rest: Number) -> Number | None:
    """ "Twenty twenty six", "nineteen eighty eight"."""
    if century.value not in (19, 20) or not 10 <= rest.value <= 99 or century.digits:
        return None
    return Number(century.value * 100 + rest.value, 4)


def split_year_oh(context: Context, century: Number, rest: Number) -> Number | None:
    """ "Nineteen oh five", "twenty oh one"."""
    if century.value not in (19, 20) or not 1 <= rest.value <= 9:
        return None
    return Number(century.value * 100 + rest.value, 4)


def full_year(context: Context, year: Number) -> Number | None:
    return year if year.digits == 4 and 1900 <= year.value < 2200 else None


def year_of_figures(context: Context, year: Number) -> Number | None:
    """ "12/10, 2025": beside a date such a number is never a clock time."""
    return year if year.digits == 4 and can_be_a_year(year.value) else None


def can_be_a_year(value: int) -> bool:
    """Whether the number may be meant as a year: "2025"; but "2000" may be eight o'clock."""
    return 2006 <= value <= 2036


def with_year(context: Context, found: Dated, year: Number) -> Dated | None:
    return found._replace(year=year) if found.year is None else None


def this_year(context: Context, unit: str) -> Number | None:
    return Number(context.now.year, 4) if unit == "year" else None


def next_year(context: Context, unit: str) -> Number | None:
    return Number(context.now.year + 1, 4) if unit == "year" else None


def with_last_figures(context: Context, day: Number, month: int, year: Number) -> Dated | None:
    """ "3-Dec-26"."""
    return month_and_day(context, month, day, year) if year.digits == 2 else None


def with_short_year(context: Context, found: Dated, year: Number) -> Dated | None:
    """ "14 April 27": the year, if it is near and cannot be an hour."""
    near = year.value > 24 and 0 <= 2000 + year.value - context.now.year <= YEARS_AHEAD
    return found._replace(year=year) if near and year.digits == 2 and not found.year else None


def written_date(context: Context, found: Written) -> Dated:
    return Dated(found.month, found.day, Number(found.year, 4))


def triple(context: Context, found: Triple) -> Dated | None:
    """A date of three numbers: the year is the one with four digits, else the last."""
    one, two, three = found.numbers
    if found.digits[0] == 4 and found.digits[2] <= 2:
        return Dated(two, three, Number(one, 4))
    if found.digits[0] > 2 or found.digits[2] not in (2, 4):
        return None
    # With dots the day usually comes first, but not always in countries with the month first.
    certain = found.sign != "." or context.region not in MONTH_FIRST
    month, day = ordered(one, two, context.region, certain=certain)
    if found.digits[2] == 2 and one > 12 and context.region in MONTH_FIRST:
        return None  # "26-12-03" may begin with the year
    return Dated(month, day, Number(three, found.digits[2]))


def slashed(context: Context, found: Pair) -> Dated:
    month, day = ordered(found.first, found.second, context.region)
    return Dated(month, day)


def dotted(context: Context, found: Pair) -> Dated | None:
    """ "16.12", "26.9.": a date where days come first, unless it could be a time as well."""
    if context.region in MONTH_FIRST | EITHER_ORDER:
        return None
    if existing(2000, found.second, found.first) is None and not found.closed:
        return None
    minutes = found.second_digits == 2 and found.second % 5 == 0
    if minutes and found.first < 24 and not found.closed:
        return None
    if existing(2000, found.second, found.first) is None:
        raise no_such_day()
    return Dated(found.second, found.first)


def dashed(context: Context, first: Number, second: Number) -> Dated | None:
    """ "2-15": a date in the country's order, if it is not a period of hours."""
    month, day = first.value, second.value
    if context.region not in MONTH_FIRST:
        month, day = day, month
    hours = max(month, day) <= 12 or not (first.digits and second.digits)
    if hours or context.region in EITHER_ORDER or existing(2000, month, day) is None:
        return None
    return Dated(month, day)


def day_of(context: Context, found: Dated) -> Day:
    return resolved(found, context.now.date())


# --------------------------------------------------------------- the shapes

_DAY = "(ordinal|number)"
_SIGN = "(dash|slash)?"

# "Feb 5 AM": the fifth, in the morning; looked for before "5 AM" is.
DATES_BEFORE_A_HALF = (
    Rule("(?<!number|ordinal|of|dash) month:month day:number (?=meridiem $)", "dated",
         month_and_day),
)  # fmt: skip

YEARS = (
    Rule("(?<=month number) century:number rest:number (?!meridiem)", "year", split_year),
    Rule("(?<=month|ordinal|number) century:number rest:number (?!meridiem)", "year", split_year),
    Rule("(?<=month|ordinal|number) century:number zero rest:number", "year", split_year_oh),
    Rule("(?<=month|ordinal|number|in|of|slash|dash|named) year:number", "year", full_year),
    Rule("(?<=(slashed|dotted)) year:number", "year", year_of_figures),
    Rule("year:number (?=(dash|slash)? month)", "year", full_year),
    Rule("of? this unit:unit", "year", this_year),
    Rule("of? next unit:unit", "year", next_year),
)  # fmt: skip

DATES = (
    Rule(f"year:year (dash|slash|on)? month:month {_SIGN} day:{_DAY}", "dated", month_and_day),
    Rule("day:number dash year:year dash month:month", "dated", month_and_day),
    Rule("day:number dash month:month dash year:number", "dated", with_last_figures),
    Rule("day:number slash month:month slash year:number", "dated", with_last_figures),
    Rule(f"the? day:ordinal of? the? month:month {_SIGN} (of|in)? year:year?", "dated",
         month_and_day),
    Rule(f"month:month {_SIGN} the? day:ordinal (?!thing) (of|in|dash|slash)? year:year?", "dated",
         month_and_day),
    Rule("the? day:ordinal of the? month:ordinal", "dated", numbered_month),
    Rule(f"(?<!at) the? day:number (of|dash|slash)? month:month {_SIGN} (of|in)? year:year?",
         "dated", month_and_day),
    Rule(f"month:month {_SIGN} the? day:number (?!unit|oclock) (of|in|dash|slash)? year:year?",
         "dated", month_and_day),
    Rule("found:written", "dated", written_date),
    Rule("found:triple", "dated", triple),
    Rule("(this|next|coming) found:dated", "dated", lambda context, found: found),
    Rule("found:dated year:number (?!meridiem|unit)", "dated", with_short_year),
)  # fmt: skip

DATES_IN_FIGURES = (
    Rule("found:slashed", "dated", slashed),
    Rule("(?<!at) found:dotted (?!meridiem|unit)", "dated", dotted),
    Rule("(?<!from|between|at) first:number dash second:number (?!meridiem|unit)", "dated", dashed),
    Rule("found:dated (of|in)? year:year", "dated", with_year),
    Rule("found:dated", "day", day_of),
)  # fmt: skip
