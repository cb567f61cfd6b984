"""Spans: periods of days, "next week" or "the end of the month", and a day found in one."""

import calendar
from datetime import date, timedelta
from typing import NamedTuple

from .dates import YEARS_AHEAD, Day, existing, month_and_day, no_such_day, resolved
from .days import (
    Weekday,
    anchor,
    coming_weekday,
    iso_week_day,
    monday_of,
    named_day,
    numbered_in,
    shifted,
)
from .durations import Duration, times
from .grammar import Context, Number, Rule
from .meaning import NotUnderstood, Reason
from .named_days import DayOfYear


class Span(NamedTuple):
    """A period of days, both ends included. `unit` says whether a weekday is one day in it."""

    first: date
    last: date
    unit: str = "days"


def week_of(day: date, weeks: int = 0) -> Span:
    monday = monday_of(day) + timedelta(weeks=weeks)
    return Span(monday, monday + timedelta(days=6), "week")


def month_of(year: int, month: int) -> Span:
    years, month = divmod(month - 1, 12)
    year, month = year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return Span(date(year, month, 1), date(year, month, last), "month")


def span_from_now(context: Context, steps: int, unit: str) -> Span | None:
    today = context.now.date()
    if unit == "week":
        return week_of(today, steps)
    if unit == "fortnight" and steps == 1:
        return Span(today, today + timedelta(days=14))
    return month_of(today.year, today.month + steps) if unit == "month" else None


# --------------------------------------------------------------- meanings of the shapes


def of_this_month(context: Context, unit: str) -> Span | None:
    return span_from_now(context, 0, unit) if unit == "month" else None


def of_this_week(context: Context, unit: str) -> Span | None:
    """ "The end of the week"."""
    return span_from_now(context, 0, unit) if unit == "week" else None


def weekend_from_now(context: Context, weeks: int) -> Span:
    return weekend_at(monday_of(context.now.date()) + timedelta(weeks=weeks, days=5))


def weekend_at(saturday: date) -> Span:
    return Span(saturday, saturday + timedelta(days=1), "weekend")


def named_week(context: Context, found: DayOfYear | None, unit: str) -> Span | None:
    """ "Thanksgiving week"."""
    return week_of(named_day(context, found).date) if unit == "week" else None


def within_next(context: Context, unit: str) -> Span | None:
    """ "Within the next week": seven days from today; "in the next week" is different."""
    length = times(1, unit)
    return next_days(context, length) if length and not length.minutes else None


def iso_week(context: Context, monday: date) -> Span:
    return week_of(iso_week_day(context, monday).date)


def month_alone(context: Context, month: int, year: Number | None = None) -> Span | None:
    """A month as a period of days: this year's unless it is over."""
    today = context.now.date()
    if year is None:
        return month_of(today.year + (month < today.month), month)
    if not today.year <= year.value <= today.year + YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    return month_of(year.value, month)


def next_month_named(context: Context, month: int) -> Span:
    """ "Next March": the coming one, never the current month."""
    today = context.now.date()
    return month_of(today.year + (month <= today.month), month)


def day_in_month(context: Context, day: Number | int, span: Span) -> Day | None:
    number = day.value if isinstance(day, Number) else day
    if span.unit != "month" or not 1 <= number <= 31:
        return None
    found = existing(span.first.year, span.first.month, number)
    if found is None:
        raise no_such_day()
    return Day(found)


def last_day_of(context: Context, span: Span, unit: str, nth: int = 1) -> Day | None:
    """ "The last day of the month", "the fifth last day of May"."""
    if unit != "day" or span.unit != "month":
        return None
    return Day(span.last - timedelta(days=nth - 1))


def weekday_in_month(context: Context, nth: int, weekday: int, span: Span) -> Day | None:
    """ "The second Tuesday of March"."""
    if span.unit != "month":
        return None
    first = span.first + timedelta(days=(weekday - span.first.weekday()) % 7)
    found = first + timedelta(weeks=nth - 1)
    if found > span.last:
        raise no_such_day()
    return Day(found)


def last_weekday_in_month(context: Context, weekday: int, span: Span) -> Day | None:
    if span.unit != "month":
        return None
    return Day(span.last - timedelta(days=(span.last.weekday() - weekday) % 7))


def nth_week(context: Context, nth: int, unit: str, span: Span) -> Span | None:
    """ "The first week of December": the month's days in groups of seven."""
    if unit != "week" or span.unit != "month" or not 1 <= nth <= 4:
        return None
    first = span.first + timedelta(weeks=nth - 1)
    return Span(first, first + timedelta(days=6))


def last_week(context: Context, unit: str, span: Span) -> Span | None:
    if unit != "week" or span.unit != "month":
        return None
    return Span(span.last - timedelta(days=6), span.last)


def week_around(context: Context, unit: str, target: Day, weeks: int = 0) -> Span | None:
    """The week of the day, or so many weeks after it."""
    return week_of(target.date, weeks) if unit == "week" else None


def week_with_number(context: Context, unit: str, day: int) -> Span | None:
    """ "The week of the seventh": of the coming one."""
    today = context.now.date()
    found = numbered_in(today, day, months=day < today.day)
    return week_of(found) if found and unit == "week" else None


def next_days(context: Context, within: Duration) -> Span | None:
    """ "Within two weeks", "in the next ten days": from today on."""
    today = context.now.date()
    last = shifted(today, within)
    return Span(today, last) if last else None


def days_of_a_month(
    context: Context, month: int, first: Number | int, last: Number | int
) -> Span | None:
    """ "December 7th to 9th", "the 7th to the 9th of December"."""
    found = [month_and_day(context, month, day) for day in (first, last)]
    start, end = (day and resolved(day, context.now.date()).date for day in found)
    same_month = start and end and start.month == end.month and start.year == end.year
    return Span(start, end) if start and end and same_month and start < end else None


def period(context: Context, first: Day | Weekday, last: Day | Weekday) -> Span | None:
    """ "Tuesday to Thursday", "between the third and the fifth of May"."""
    start, end = anchor(context, first), anchor(context, last)
    if isinstance(last, Weekday):
        end = coming_weekday(last.weekday, start)
    return Span(start, end) if start < end else None


def numbered_period(context: Context, first: int, last: int) -> Span | None:
    """ "From the 3rd until the 8th": of the coming month that has both."""
    today = context.now.date()
    months = int(first < today.day)
    start, end = (numbered_in(today, day, months=months) for day in (first, last))
    return Span(start, end) if start and end and start < end else None


def dashed_period(context: Context, first: Day | Weekday, last: Day | Weekday) -> Span | None:
    """ "Tuesday - Thursday"; but "12/10 - Thursday" is one day."""
    same = anchor(context, first).weekday() == anchor(context, last).weekday()
    return None if same else period(context, first, last)


def start_of(context: Context, span: Span) -> Span | None:
    """Monday and Tuesday of a week, the first ten days of a month."""
    days = {"week": 2, "month": 10}.get(span.unit)
    return Span(span.first, span.first + timedelta(days=days - 1)) if days else None


def middle_of(context: Context, span: Span) -> Span | None:
    """Tuesday to Thursday of a week, the eleventh to the twentieth of a month."""
    ends = {"week": (1, 3), "month": (10, 19)}.get(span.unit)
    if ends is None:
        return None
    first, last = (span.first + timedelta(days=days) for days in ends)
    return Span(first, last)


def end_of(context: Context, span: Span) -> Span | None:
    """Thursday to Sunday of a week, a month's last ten days."""
    days = {"week": 4, "month": 10}.get(span.unit)
    return Span(span.last - timedelta(days=days - 1), span.last) if days else None


def half_of(context: Context, nth: int, span: Span) -> Span | None:
    """ "The second half of December": from the 16th on; of a week, from Thursday on."""
    days = {"week": 3, "month": 15}.get(span.unit)
    if days is None or nth not in (1, 2):
        return None
    middle = span.first + timedelta(days=days)
    return Span(span.first, middle - timedelta(days=1)) if nth == 1 else Span(middle, span.last)


def rest_of(context: Context, span: Span) -> Span | None:
    today = context.now.date()
    return Span(today, span.last) if span.first <= today <= span.last else None


def later_in(context: Context, span: Span) -> Span | None:
    """The days left of a week that has begun, after today; or the end of a later week."""
    today = context.now.date()
    if span.first > today:
        return end_of(context, span)
    return Span(today + timedelta(days=1), span.last) if today < span.last else None


# --------------------------------------------------------------- the shapes

_TARGET = "(day|weekday)"

_DAY = "(ordinal|number)"
_TO = "(to|until|dash|through)"

# Before a single day is found in them.
SPANS_IN_A_MONTH = (
    Rule(
        f"from? month:month the? first:{_DAY} {_TO} the? last:{_DAY} "
        "(?!number|colon|meridiem|oclock|unit|month|part|in|slash|dash|past|after|to|until|of)",
        "span",
        days_of_a_month,
    ),
    Rule(
        f"(from|between)? the? first:ordinal ({_TO}|and) the? last:ordinal of? month:month",
        "span",
        days_of_a_month,
    ),
)
NAMED_WEEKS = (Rule("found:named unit:unit", "span", named_week),)
SPANS = (
    Rule("monday:iso_week", "span", iso_week),
    Rule("within the? next unit:unit", "span", within_next),
    Rule("the? weekend after next", "span", lambda context: weekend_from_now(context, 2)),
    Rule("unit:unit after next", "span", lambda context, unit: span_from_now(context, 2, unit)),
    Rule("this unit:unit", "span", lambda context, unit: span_from_now(context, 0, unit)),
    Rule("next unit:unit", "span", lambda context, unit: span_from_now(context, 1, unit)),
    Rule("(?<!to|until) (of|in) the unit:unit", "span", of_this_month),
    Rule("(?<=(start|middle|end|rest) of) the unit:unit", "span", of_this_week),
    Rule("(this|the) weekend (?!after|before)", "span",
         lambda context: weekend_from_now(context, 0)),
    Rule("next weekend", "span", lambda context: weekend_from_now(context, 1)),
    Rule("next month:month", "span", next_month_named),
    Rule("month:month of? year:year", "span", month_alone),
    Rule("(?<=ordinal|weekday|unit|of|in|this|start|end|middle|early|late) month:month", "span",
         month_alone),
    Rule("^ month:month $", "span", month_alone),
    Rule("the? (last|final) unit:unit (of|in) span:span", "span", last_week),
    Rule("last unit:unit (?!of)", "span", lambda context, unit: span_from_now(context, -1, unit)),
)  # fmt: skip
DAYS_IN_SPANS = (
    Rule("the? nth:ordinal weekday:weekday (of|in)? span:span", "day", weekday_in_month),
    Rule("the? (last|final) weekday:weekday (of|in)? span:span", "day", last_weekday_in_month),
    Rule("the? nth:ordinal unit:unit (of|in) span:span", "span", nth_week),
    Rule("the? nth:ordinal last unit:unit (of|in)? span:span", "day", last_day_of),
    Rule("the? (last|final) unit:unit (of|in)? span:span", "day", last_day_of),
    Rule("the? day:ordinal unit? (of|in)? span:span", "day", day_in_month),
    Rule("the? day:number of span:span", "day", day_in_month),
    Rule("(?<!at|to|until|before|after|by) the? day:number span:span", "day", day_in_month),
    Rule("span:span on? the? day:ordinal (?!thing|weekday|of|counted|unit)", "day", day_in_month),
)  # fmt: skip

SPANS_RECKONED = (
    Rule("the? unit:unit after target:day", "span",
         lambda context, unit, target: week_around(context, unit, target, 1)),
    Rule("the? unit:unit before target:day", "span",
         lambda context, unit, target: week_around(context, unit, target, -1)),
    Rule("the? weekend after target:day", "span",
         lambda _, target: weekend_at(coming_weekday(5, target.date))),
    Rule("the? weekend before target:day", "span",
         lambda _, target: weekend_at(monday_of(target.date) - timedelta(days=2))),
    Rule("the? unit:unit (of|commencing|start) target:day", "span", week_around),
    Rule("the? unit:unit (of|commencing|start) the day:ordinal", "span", week_with_number),
    Rule("in the next within:duration", "span", next_days),
    Rule("(within|next) the? next? within:duration (?!of|from|after|before)", "span", next_days),
    Rule(f"(?<!from) first:{_TARGET} (to|until) last:{_TARGET}", "span", period),
    Rule(f"(?<!from) first:{_TARGET} dash last:{_TARGET}", "span", dashed_period),
    Rule(f"from? first:{_TARGET} through last:{_TARGET}", "span", period),
    Rule(f"between the? first:{_TARGET} and the? last:{_TARGET}", "span", period),
    Rule("from? the? first:ordinal (until|through) the? last:ordinal", "span", numbered_period),
    Rule("between the? first:ordinal and the? last:ordinal", "span", numbered_period),
    Rule("(?<!from) the first:ordinal (to|dash) the last:ordinal", "span", numbered_period),
    Rule(f"from first:{_TARGET} until last:{_TARGET}", "span", period),
    Rule("the? (start|early) (of|in)? span:span", "span", start_of),
    Rule("the? middle (of|in)? span:span", "span", middle_of),
    Rule("the? (end|late) (of|in)? span:span", "span", end_of),
    Rule("the? nth:ordinal half of span:span", "span", half_of),
    Rule("the? rest of? span:span", "span", rest_of),
    Rule("later span:span", "span", later_in),
)  # fmt: skip
