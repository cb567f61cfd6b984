"""Days: the words for a day, from "2026-12-03" to "the Monday after Thanksgiving"."""

import calendar
from datetime import date, datetime, timedelta
from typing import NamedTuple

from .durations import Duration
from .grammar import Context, Rule
from .meaning import NotUnderstood, Reason
from .named_days import DayOfYear
from .words import Number, Pair, Triple, Written

# Where "03/04" is the fourth of March. In the rest of the world it is the third of April,
# except where both are usual: there it is asked again, unless only one of the two exists.
MONTH_FIRST = frozenset({"US", "PH", "PR", "GU", "VI", "AS", "MP", "FM", "MH", "PW"})
EITHER_ORDER = frozenset({"CA", "CN", "JP", "KR", "TW", "HU", "LT", "MN"})

YEARS_AHEAD = 2
EARLIEST_STALE_YEAR = 2000  # a model's stale year is a recent one; 1970 or 0026 is no year at all
MONDAY, SUNDAY = 0, 6


class Dated(NamedTuple):
    """A day and a month as they were said, with the year if one was; not yet a date."""

    month: int
    day: int
    year: Number | None = None


class Day(NamedTuple):
    """A date found, and whether the year said was past and another taken."""

    date: date
    year_corrected: bool = False


class Span(NamedTuple):
    """A stretch of days, both ends included. `unit` says if a weekday is one day in it."""

    first: date
    last: date
    unit: str = "days"


class Weekday(NamedTuple):
    """A weekday not yet placed; "this" or nothing before it: the coming one."""

    weekday: int


class Moment(NamedTuple):
    """An instant reckoned from now, as in "in two hours"."""

    at: datetime


# --------------------------------------------------------------- finding dates


def existing(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def no_such_day() -> NotUnderstood:
    return NotUnderstood("day", Reason.NO_SUCH_DAY)


def coming_date(month: int, day: int, today: date) -> date:
    """The next time that day of the year comes, today included.

    Raises NotUnderstood for a day of no month, and for 29 February unless the coming one is.
    """
    if existing(2000, month, day) is None:
        raise no_such_day()
    past = (month, day) < (today.month, today.day)
    found = existing(today.year + past, month, day)
    if found is None:
        raise no_such_day()
    return found


def resolved(dated: Dated, today: date) -> Day:
    """The date meant. A past year is a claim: the next time that day comes is taken.

    A date already past in the current year stays as it was said. Raises NotUnderstood for a
    day that is none, and for a year more than two ahead or too long ago to be a slip.
    """
    if dated.year is None:
        return Day(coming_date(dated.month, dated.day, today))
    year = dated.year.value + (2000 if dated.year.digits == 2 else 0)
    if not EARLIEST_STALE_YEAR <= year <= today.year + YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    if year < today.year:
        return Day(coming_date(dated.month, dated.day, today), year_corrected=True)
    found = existing(year, dated.month, dated.day)
    if found is None:
        raise no_such_day()
    return Day(found)


def ordered(first: int, second: int, region: str, *, certain: bool = True) -> tuple[int, int]:
    """Month and day of two figures, in the order of the country.

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


def coming_weekday(weekday: int, today: date, *, today_too: bool = False) -> date:
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead or (0 if today_too else 7))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def month_of(year: int, month: int) -> Span:
    years, month = divmod(month - 1, 12)
    year, month = year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    return Span(date(year, month, 1), date(year, month, last), "month")


def week_of(day: date, weeks: int = 0) -> Span:
    monday = monday_of(day) + timedelta(weeks=weeks)
    return Span(monday, monday + timedelta(days=6), "week")


def shifted(day: date, by: Duration, sign: int = 1) -> date | None:
    """The date so far from a day; None where the month reached has no such day."""
    months = day.year * 12 + day.month - 1 + sign * by.months
    moved = existing(months // 12, months % 12 + 1, day.day)
    return moved + timedelta(days=sign * by.days) if moved and not by.minutes else None


# --------------------------------------------------------------- what the shapes mean


def month_and_day(
    context: Context, month: int, day: Number | int, year: Number | None = None
) -> Dated | None:
    number = day.value if isinstance(day, Number) else day
    if not 1 <= number <= 31:
        return None
    return Dated(month, number, year)


def split_year(context: Context, century: Number, rest: Number) -> Number | None:
    """ "Twenty twenty six", "nineteen eighty eight"."""
    if century.value not in (19, 20) or not 10 <= rest.value <= 99:
        return None
    return Number(century.value * 100 + rest.value, 4)


def split_year_oh(context: Context, century: Number, rest: Number) -> Number | None:
    """ "Nineteen oh five", "twenty oh one"."""
    if century.value not in (19, 20) or not 1 <= rest.value <= 9:
        return None
    return Number(century.value * 100 + rest.value, 4)


def full_year(context: Context, year: Number) -> Number | None:
    return year if year.digits == 4 and 1900 <= year.value < 2200 else None


def short_year(context: Context, year: Number) -> Number | None:
    return year if year.digits == 2 else None


def year_from_now(context: Context, which: str, unit: str) -> Number | None:
    return Number(context.now.year + _STEPS[which], 4) if unit == "year" else None


def written_date(context: Context, found: Written) -> Dated:
    return Dated(found.month, found.day, Number(found.year, 4))


def triple(context: Context, found: Triple) -> Dated | None:
    """A date in figures: the year is the one with four, or the last."""
    one, two, three = found.numbers
    if found.digits[0] == 4 and found.digits[2] <= 2:
        return Dated(two, three, Number(one, 4))
    if found.digits[0] > 2 or found.digits[2] not in (2, 4):
        return None
    month, day = ordered(one, two, context.region, certain=found.sign != "." or two > 12)
    if found.digits[2] == 2 and one > 12 and context.region in MONTH_FIRST:
        return None  # "26-12-03" may begin with the year
    return Dated(month, day, Number(three, found.digits[2]))


def slashed(context: Context, found: Pair) -> Dated:
    month, day = ordered(found.first, found.second, context.region)
    return Dated(month, day)


def day_of(context: Context, found: Dated) -> Day:
    return resolved(found, context.now.date())


def iso_week_day(context: Context, found: date) -> Day | None:
    if not 0 <= found.year - context.now.year <= YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    return Day(found)


def near_day(context: Context, offset: int) -> Day:
    return Day(context.now.date() + timedelta(days=offset))


def this_day(context: Context, unit: str) -> Day | None:
    return Day(context.now.date()) if unit == "day" else None


def named_day(context: Context, found: DayOfYear | None, year: Number | None = None) -> Day:
    """The named day of the year said, or the coming one."""
    today = context.now.date()
    if found is None:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    if year is None:
        this_year = found(today.year)
        return Day(this_year if this_year >= today else found(today.year + 1))
    full = year.value + (2000 if year.digits == 2 else 0)
    if not EARLIEST_STALE_YEAR <= full <= today.year + YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    if full < today.year:
        return named_day(context, found)._replace(year_corrected=True)
    return Day(found(full))


_STEPS = {"next": 1, "this": 0, "last": -1}


def next_weekday(context: Context, weekday: int) -> Day:
    """ "Next Tuesday" is the Tuesday of next week, Monday to Sunday."""
    return Day(monday_of(context.now.date()) + timedelta(days=7 + weekday))


def last_weekday(context: Context, weekday: int) -> Day:
    """The one before today. Past, so it is never booked; it may be asked about."""
    return Day(coming_weekday(weekday, context.now.date()) - timedelta(days=7))


def weekday(context: Context, weekday: int) -> Weekday:
    return Weekday(weekday)


def step(which: str) -> int:
    return _STEPS[which]


def span_from_now(steps: int, unit: str, today: date) -> Span | None:
    if unit == "week":
        return week_of(today, steps)
    if unit == "fortnight" and steps == 1:
        return Span(today, today + timedelta(days=14))
    return month_of(today.year, today.month + steps) if unit == "month" else None


def this_span(context: Context, unit: str) -> Span | None:
    return span_from_now(0, unit, context.now.date())


def next_span(context: Context, unit: str) -> Span | None:
    return span_from_now(1, unit, context.now.date())


def last_span(context: Context, unit: str) -> Span | None:
    return span_from_now(-1, unit, context.now.date())


def span_after_next(context: Context, unit: str) -> Span | None:
    return span_from_now(2, unit, context.now.date())


def this_weekend(context: Context) -> Span:
    friday = monday_of(context.now.date()) + timedelta(days=4)
    return Span(friday + timedelta(days=1), friday + timedelta(days=2), "weekend")


def next_weekend(context: Context) -> Span:
    saturday = monday_of(context.now.date()) + timedelta(days=12)
    return Span(saturday, saturday + timedelta(days=1), "weekend")


def week_containing(context: Context, unit: str, day: Day) -> Span | None:
    return week_of(day.date) if unit == "week" else None


def next_days(context: Context, within: Duration) -> Span | None:
    """ "Within two weeks", "in the next ten days": from today on."""
    today = context.now.date()
    last = shifted(today, within)
    return Span(today, last) if last else None


def start_of(context: Context, span: Span) -> Span | None:
    """Monday and Tuesday of a week, the first ten days of a month."""
    days = {"week": 2, "month": 10}.get(span.unit)
    return Span(span.first, span.first + timedelta(days=days - 1)) if days else None


def middle_of(context: Context, span: Span) -> Span | None:
    """Tuesday to Thursday of a week, the eleventh to the twentieth of a month."""
    ends = {"week": (1, 3), "month": (10, 19)}.get(span.unit)
    if ends is None:
        return None
    return Span(*(span.first + timedelta(days=days) for days in ends))


def end_of(context: Context, span: Span) -> Span | None:
    """Thursday to Sunday of a week, a month's last ten days."""
    days = {"week": 4, "month": 10}.get(span.unit)
    return Span(span.last - timedelta(days=days - 1), span.last) if days else None


def rest_of(context: Context, span: Span) -> Span | None:
    today = context.now.date()
    return Span(today, span.last) if span.first <= today <= span.last else None


def later_in(context: Context, span: Span) -> Span | None:
    today = context.now.date()
    return Span(today + timedelta(days=1), span.last) if span.first <= today < span.last else None


def month_alone(context: Context, month: int, year: Number | None = None) -> Span | None:
    """A month as a stretch of days: this year's unless it is over."""
    today = context.now.date()
    if year is None:
        return month_of(today.year + (month < today.month), month)
    if not today.year <= year.value <= today.year + YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    return month_of(year.value, month)


def of_this_month(context: Context, unit: str) -> Span | None:
    return this_span(context, unit) if unit == "month" else None


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


def counted_weekday(context: Context, count: Number, weekday: int) -> Day | None:
    """ "Three Fridays from now": the third to come."""
    if not 1 <= count.value <= 52:
        return None
    coming = coming_weekday(weekday, context.now.date())
    return Day(coming + timedelta(weeks=count.value - 1))


def weekday_after_next(context: Context, weekday: Weekday) -> Day:
    return Day(coming_weekday(weekday.weekday, context.now.date()) + timedelta(days=7))


def anchor(context: Context, target: Day | Weekday) -> date:
    """The day others are reckoned from; of a weekday, the coming one."""
    if isinstance(target, Day):
        return target.date
    return coming_weekday(target.weekday, context.now.date())


def so_long_after(context: Context, by: Duration, target: Day | Weekday) -> Day | None:
    found = shifted(anchor(context, target), by)
    return Day(found) if found else None


def so_long_before(context: Context, by: Duration, target: Day | Weekday) -> Day | None:
    found = shifted(anchor(context, target), by, -1)
    return Day(found) if found else None


def one_after(context: Context, unit: str, target: Day | Weekday) -> Day | Span | None:
    """ "The day after tomorrow"."""
    return Day(anchor(context, target) + timedelta(days=1)) if unit == "day" else None


def one_before(context: Context, unit: str, target: Day | Weekday) -> Day | None:
    return Day(anchor(context, target) - timedelta(days=1)) if unit == "day" else None


def week_after(context: Context, unit: str, target: Day) -> Span | None:
    return week_of(target.date, 1) if unit == "week" else None


def week_before(context: Context, unit: str, target: Day) -> Span | None:
    return week_of(target.date, -1) if unit == "week" else None


def a_week_on(context: Context, target: Day | Weekday, unit: str) -> Day | None:
    """ "Friday week", "tomorrow fortnight": so long after the coming one."""
    weeks = {"week": 1, "fortnight": 2}.get(unit)
    return Day(anchor(context, target) + timedelta(weeks=weeks)) if weeks else None


def weekday_after(context: Context, weekday: int, target: Day, nth: int = 1) -> Day:
    """ "The Monday after Thanksgiving", "the first Monday after the fifth of May"."""
    return Day(coming_weekday(weekday, target.date) + timedelta(weeks=nth - 1))


def weekday_before(context: Context, weekday: int, target: Day) -> Day:
    back = (target.date.weekday() - weekday) % 7 or 7
    return Day(target.date - timedelta(days=back))


def from_now(context: Context, by: Duration, sign: int = 1) -> Day | Moment | None:
    """ "In three days", "two hours from now": a day, or an instant if hours are in it."""
    moved = shifted(context.now.date(), by._replace(minutes=0), sign)
    if moved is None:
        return None
    if not by.minutes:
        return Day(moved)
    start = datetime.combine(moved, context.now.time()).replace(second=0, microsecond=0)
    return Moment(start + sign * timedelta(minutes=by.minutes))


def before_now(context: Context, by: Duration) -> Day | Moment | None:
    return from_now(context, by, -1)


def weekday_so_long_from_now(context: Context, by: Duration, weekday: int) -> Day | None:
    """ "Monday two weeks from now": the Monday of that week."""
    if by.months or by.minutes or by.days % 7:
        return None
    return Day(monday_of(context.now.date()) + timedelta(days=by.days + weekday))


def next_working_day(context: Context) -> Day:
    today = context.now.date()
    return Day(today + timedelta(days={4: 3, 5: 2}.get(today.weekday(), 1)))


def last_day(context: Context, span: Span, unit: str) -> Day | None:
    return last_day_of(context, span, unit)


# --------------------------------------------------------------- the shapes

_DAY = "(ordinal|number)"
_SIGN = "(dash|slash)?"
_TARGET = "(day|weekday)"

YEARS = (
    Rule("(?<=month|ordinal|number) century:number rest:number (?!meridiem)", "year", split_year),
    Rule("(?<=month|ordinal|number) century:number zero rest:number", "year", split_year_oh),
    Rule("(?<=month|ordinal|number|in|of|slash|dash|named) year:number", "year", full_year),
    Rule("year:number (?=(dash|slash)? month)", "year", full_year),
    Rule("of? which:(this|next) unit:unit", "year", year_from_now),
)

DATES = (
    Rule("(?<!number|ordinal|of|dash) month:month day:number (?=meridiem $)", "dated",
         month_and_day),
    Rule(f"year:year {_SIGN} month:month {_SIGN} day:{_DAY}", "dated", month_and_day),
    Rule("day:number dash year:year dash month:month", "dated", month_and_day),
    Rule(f"the? day:ordinal of? the? month:month {_SIGN} (of|in)? year:year?", "dated",
         month_and_day),
    Rule(f"month:month {_SIGN} the? day:ordinal (of|in)? year:year?", "dated", month_and_day),
    Rule(f"(?<!at) the? day:number (of|dash|slash)? month:month {_SIGN} (of|in)? year:year?",
         "dated", month_and_day),
    Rule(f"month:month {_SIGN} the? day:number (?!unit|oclock) (of|in)? year:year?", "dated",
         month_and_day),
    Rule("found:written", "dated", written_date),
    Rule("found:triple", "dated", triple),
)  # fmt: skip

DAYS = (
    Rule("found:slashed", "dated", slashed),
    Rule("found:dated", "day", day_of),
    Rule("found:iso_week_day", "day", iso_week_day),
    Rule("offset:today", "day", near_day),
    Rule("(this|next)? found:named (of|in)? year:year?", "day", named_day),
    Rule("this unit:unit", "day", this_day),
    Rule("next working? (weekday_word|unit)", "day", lambda context: None),
    Rule("next weekday_word", "day", next_working_day),
    Rule("unit:unit after next", "span", span_after_next),
    Rule("this unit:unit", "span", this_span),
    Rule("next unit:unit", "span", next_span),
    Rule("last unit:unit", "span", last_span),
    Rule("(of|in) the unit:unit", "span", of_this_month),
    Rule("(this|the) weekend", "span", this_weekend),
    Rule("next weekend", "span", next_weekend),
    Rule("(?<=ordinal|weekday|unit|of|in|this|next|start|end|middle|early|late|middle) "
         "month:month year:year?", "span", month_alone),
    Rule("(?<=in) month:month year:year?", "span", month_alone),
    Rule("next month:month", "span", month_alone),
)  # fmt: skip

PLACED_DAYS = (
    Rule("the? nth:ordinal weekday:weekday (of|in)? span:span", "day", weekday_in_month),
    Rule("the? (last|final) weekday:weekday (of|in)? span:span", "day", last_weekday_in_month),
    Rule("the? nth:ordinal last unit:unit (of|in)? span:span", "day", last_day_of),
    Rule("the? (last|final) unit:unit (of|in)? span:span", "day", last_day_of),
    Rule("the? day:ordinal unit? (of|in)? span:span", "day", day_in_month),
    Rule("the? day:number of span:span", "day", day_in_month),
    Rule("weekday:weekday by:duration from now", "day", weekday_so_long_from_now),
    Rule("weekday:weekday in by:duration", "day", weekday_so_long_from_now),
    Rule("(?<!ordinal) next weekday:weekday (?!after)", "day", next_weekday),
    Rule("last weekday:weekday", "day", last_weekday),
    Rule("count:number weekday:weekdays (from now|hence)", "day", counted_weekday),
    Rule("in count:number weekday:weekdays", "day", counted_weekday),
    Rule("nth:ordinal weekday:weekday after target:day", "day", weekday_after),
    Rule("weekday:weekday after target:day", "day", weekday_after),
    Rule("weekday:weekday before target:day", "day", weekday_before),
    Rule("this? weekday:weekday", "weekday", weekday),
)  # fmt: skip

RECKONED_DAYS = (
    Rule("the? weekday:weekday after next", "day", weekday_after_next),
    Rule(f"by:duration (from|after|on|past) target:{_TARGET}", "day", so_long_after),
    Rule(f"by:duration before target:{_TARGET}", "day", so_long_before),
    Rule(f"the? unit:unit after target:{_TARGET}", "day", one_after),
    Rule(f"the? unit:unit before target:{_TARGET}", "day", one_before),
    Rule("the? unit:unit after target:day", "span", week_after),
    Rule("the? unit:unit before target:day", "span", week_before),
    Rule("the? unit:unit of target:day", "span", week_containing),
    Rule(f"target:{_TARGET} unit:unit", "day", a_week_on),
    Rule("in the next within:duration", "span", next_days),
    Rule("(within|next) the? next? within:duration", "span", next_days),
    Rule("in by:duration", "reckoned", from_now),
    Rule("by:duration (from now|hence)", "reckoned", from_now),
    Rule("by:duration ago", "reckoned", before_now),
    Rule("the? (start|early) (of|in)? span:span", "span", start_of),
    Rule("the? middle (of|in)? span:span", "span", middle_of),
    Rule("the? (end|late) (of|in)? span:span", "span", end_of),
    Rule("the? rest of? span:span", "span", rest_of),
    Rule("later span:span", "span", later_in),
)
