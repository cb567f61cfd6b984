"""Days: the words for a day that is counted from another day, mostly from today."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from .countries import EITHER_ORDER, MONTH_FIRST
from .dates import YEARS_AHEAD, Day, coming_date, existing, sensible
from .durations import Duration
from .grammar import Context, Number, Rule
from .meaning import NotUnderstood, Reason
from .named_days import DayOfYear
from .words import Pair

_FARTHEST = 100  # years between a day and one counted from it


class Weekday(NamedTuple):
    """A weekday without a date yet. With "this" or nothing before it, the coming one is meant."""

    weekday: int


class Moment(NamedTuple):
    """An instant counted from now, as in "in two hours"."""

    at: datetime


def coming_weekday(weekday: int, today: date, *, today_too: bool = False) -> date:
    ahead = (weekday - today.weekday()) % 7
    return today + timedelta(days=ahead or (0 if today_too else 7))


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def shifted(day: date, by: Duration, sign: int = 1) -> date | None:
    """The date at this distance from a day; None if that month has no such day."""
    months = day.year * 12 + day.month - 1 + sign * by.months
    moved = existing(months // 12, months % 12 + 1, day.day)
    if moved is None or by.minutes or abs(moved.year - day.year) > _FARTHEST:
        return None
    return moved + timedelta(days=sign * by.days)


def numbered_in(today: date, number: int, *, months: int) -> date | None:
    """The day with this number in the month so many months ahead; None if it has no such day."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return existing(year, month + 1, number)


def anchor(context: Context, target: Day | Weekday) -> date:
    """The day to count from; for a weekday, the coming one."""
    if isinstance(target, Day):
        return target.date
    return coming_weekday(target.weekday, context.now.date())


# --------------------------------------------------------------- meanings of the shapes


def day_of_the_next_part(context: Context) -> Day:
    """ "Next evening" is tomorrow evening, as "next Tuesday" is not today."""
    return Day(context.now.date() + timedelta(days=1))


def near_day(context: Context, offset: int) -> Day:
    return Day(context.now.date() + timedelta(days=offset))


def near_day_week(context: Context, offset: int, unit: str) -> Day | None:
    """ "Tomorrow week"."""
    return a_week_on(context, near_day(context, offset), unit)


def day_of_the_month(context: Context, day: int, unit: str) -> Day | None:
    """ "The first of the month": the coming one."""
    today = context.now.date()
    found = numbered_in(today, day, months=day < today.day)
    return Day(found) if found and unit == "month" else None


def iso_week_day(context: Context, found: date) -> Day:
    """ "2026-W49-4". A week of a past year is not understood: weeks have other dates each year."""
    if not 0 <= found.year - context.now.year <= YEARS_AHEAD:
        raise NotUnderstood("day", Reason.YEAR_TOO_FAR)
    return Day(found)


def named_day(context: Context, found: DayOfYear | None, year: Number | None = None) -> Day:
    """The named day of the year said, or the coming one."""
    if found is None:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    today = context.now.date()
    said = sensible(year, today) if year else today.year
    corrected = said < today.year
    day = found(max(said, today.year))
    if day and day < today and (corrected or year is None):
        day = found(today.year + 1)
    if day is None:  # not kept that year, or calendars disagree on its date
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return Day(day, corrected)


def named_day_after(context: Context, found: DayOfYear | None, by: Duration) -> Day | None:
    """ "Thanksgiving in nine months": the first one that is so far away."""
    then = shifted(context.now.date(), by)
    if found is None or then is None or not by.months:
        return None
    days = (found(year) for year in (then.year, then.year + 1))
    return next((Day(day) for day in days if day and day >= then), None)


def next_working_day(context: Context) -> Day:
    today = context.now.date()
    return Day(today + timedelta(days={4: 3, 5: 2}.get(today.weekday(), 1)))


def the_coming_weekday(context: Context, weekday: int) -> Day:
    """ "This coming Tuesday", never today."""
    return Day(coming_weekday(weekday, context.now.date()))


def next_weekday(context: Context, weekday: int) -> Day:
    """ "Next Tuesday" is the Tuesday of next week, Monday to Sunday."""
    return Day(monday_of(context.now.date()) + timedelta(days=7 + weekday))


def coming_or_next(context: Context, weekday: int) -> Day:
    """ "El próximo martes": the coming one or next week's. Raises NotUnderstood if they differ."""
    coming, following = the_coming_weekday(context, weekday), next_weekday(context, weekday)
    if coming != following:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return coming


def last_weekday(context: Context, weekday: int) -> Day:
    """The one before today. It is past, so it is never booked, but a caller may ask about it."""
    return weekday_before(context, weekday, Day(context.now.date()))


def counted_weekday(context: Context, count: Number, weekday: int) -> Day | None:
    """ "Three Fridays from now": the third to come."""
    if not 1 <= count.value <= 52:
        return None
    coming = coming_weekday(weekday, context.now.date())
    return Day(coming + timedelta(weeks=count.value - 1))


def counted_from(context: Context, count: Number, weekday: int, target: Day) -> Day | None:
    """ "Three Fridays from today"."""
    return counted_weekday(context, count, weekday) if target.date == context.now.date() else None


def weekday_so_long_from_now(context: Context, by: Duration, weekday: int) -> Day | None:
    """ "Monday two weeks from now": the Monday of that week, if clearly the nearest one too."""
    if by.months or by.minutes or by.days % 7:
        return None
    then = context.now.date() + timedelta(days=by.days)
    found = monday_of(then) + timedelta(days=weekday)
    return Day(found) if abs((found - then).days) <= 2 else None


def weekday_after(context: Context, weekday: int, target: Day, nth: int = 1) -> Day:
    """ "The Monday after Thanksgiving", "the first Monday after the fifth of May"."""
    return Day(coming_weekday(weekday, target.date) + timedelta(weeks=nth - 1))


def weekday_before(context: Context, weekday: int, target: Day) -> Day:
    back = (target.date.weekday() - weekday) % 7 or 7
    return Day(target.date - timedelta(days=back))


def so_long_after(
    context: Context, by: Duration, target: Day | Weekday, sign: int = 1
) -> Day | None:
    found = shifted(anchor(context, target), by, sign)
    return Day(found) if found else None


def weeks_on(context: Context, by: Duration, target: Day | Weekday) -> Day | None:
    """ "A week tomorrow", "two weeks Tuesday", "six months today"."""
    if isinstance(target, Day) and target.date < context.now.date():
        return None  # "a week last Tuesday" is the one before
    weeks = by.days and not by.days % 7 and not by.months
    months_today = by.months and not by.days and target == Day(context.now.date())
    return so_long_after(context, by, target) if weeks or months_today else None


def one_after(context: Context, unit: str, target: Day | Weekday, sign: int = 1) -> Day | None:
    """ "The day after tomorrow"."""
    return Day(anchor(context, target) + timedelta(days=sign)) if unit == "day" else None


def a_week_on(context: Context, target: Day | Weekday, unit: str) -> Day | None:
    """ "Friday week", "tomorrow fortnight": so long after the coming one."""
    weeks = {"week": 1, "fortnight": 2}.get(unit)
    return Day(anchor(context, target) + timedelta(weeks=weeks)) if weeks else None


def from_now(context: Context, by: Duration, sign: int = 1) -> Day | Moment | None:
    """ "In three days", "two hours from now": a day, or an instant if hours are in it."""
    moved = shifted(context.now.date(), by._replace(minutes=0), sign)
    if moved is None:
        return None
    if not by.minutes:
        return Day(moved)
    start = datetime.combine(moved, context.now.time()).replace(second=0, microsecond=0)
    return Moment(clock_after(start, sign * timedelta(minutes=by.minutes), context.zone))


def clock_after(start: datetime, passed: timedelta, zone: tzinfo | None) -> datetime:
    """The wall-clock time after this much time has passed, clock changes included."""
    if zone is None:
        return start + passed
    then = start.replace(tzinfo=zone).astimezone(UTC) + passed
    return then.astimezone(zone).replace(tzinfo=None)


def dotted_beside_a_day(context: Context, target: Day | Weekday, found: Pair) -> Day | None:
    """ "Today 12.10", "Sunday 12.10": the date, if it is that day."""
    if context.region in MONTH_FIRST | EITHER_ORDER:
        return None
    if existing(2000, found.second, found.first) is None:
        return None
    return same_day(coming_date(found.second, found.first, context.now.date()), target)


def dashed_beside_a_day(
    context: Context, target: Day | Weekday, first: Number, second: Number
) -> Day | None:
    """ "Friday 7-6": the date, if it is that day. "Friday 9-11" may be hours, so we ask."""
    month, day = first.value, second.value
    if context.region not in MONTH_FIRST:
        month, day = day, month
    if existing(2000, month, day) is None or not (first.digits and second.digits):
        return None
    found = same_day(coming_date(month, day, context.now.date()), target)
    if found and first.value < second.value:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return found


def same_day(found: date, target: Day | Weekday) -> Day | None:
    if isinstance(target, Day):
        return target if target.date == found else None
    return Day(found) if target.weekday == found.weekday() else None


# --------------------------------------------------------------- the shapes

_TARGET = "(day|weekday)"

NEAR_DAYS = (
    Rule("found:iso_week_day", "day", iso_week_day),
    Rule("offset:today unit:unit", "day", near_day_week),
    Rule("offset:today", "day", near_day),
    Rule("found:named in by:duration", "day", named_day_after),
    Rule("found:named by:duration (from now|hence)", "day", named_day_after),
    Rule("(this|next|coming)? found:named (of|in)? year:year?", "day", named_day),
    Rule("this unit:unit", "day",
         lambda context, unit: Day(context.now.date()) if unit == "day" else None),
    Rule("(?<!the|after) next (?=part)", "day", day_of_the_next_part),
    Rule("the? day:ordinal of the unit:unit", "day", day_of_the_month),
    Rule("the? next (weekday_word|working unit)", "day", next_working_day),
)  # fmt: skip

WEEKDAYS = (
    Rule("weekday:weekday by:duration from now", "day", weekday_so_long_from_now),
    Rule("weekday:weekday in by:duration", "day", weekday_so_long_from_now),
    Rule("(?<!ordinal) next weekday:weekday (?!after)", "day", next_weekday),
    Rule("either_next weekday:weekday", "day", coming_or_next),
    Rule("weekday:weekday either_next", "day", coming_or_next),
    Rule("weekday:weekday next (?=$|stop|at|in|clock|part)", "day", coming_or_next),
    Rule("last weekday:weekday", "day", last_weekday),
    Rule("(?<!half|quarter|number|minutes) (the|this)? past weekday:weekday", "day", last_weekday),
    Rule("count:number weekday:weekdays (from now|hence)", "day", counted_weekday),
    Rule("count:number weekday:weekdays from target:day", "day", counted_from),
    Rule("in count:number weekday:weekdays", "day", counted_weekday),
    Rule("nth:ordinal weekday:weekday after target:day", "day", weekday_after),
    Rule("weekday:weekday after target:day", "day", weekday_after),
    Rule("weekday:weekday before target:day", "day", weekday_before),
    Rule("(this|the)? coming weekday:weekday", "day", the_coming_weekday),
    Rule("weekday:weekday coming (?!unit)", "day", the_coming_weekday),
    Rule("this? weekday:weekday", "weekday", lambda _, weekday: Weekday(weekday)),
)  # fmt: skip

RECKONED_DAYS = (
    Rule("the? weekday:weekday after next", "day",
         lambda context, weekday: Day(anchor(context, weekday) + timedelta(days=7))),
    Rule(f"(?<!for) by:duration (from|after|on) target:{_TARGET}", "day", so_long_after),
    Rule(f"by:duration before target:{_TARGET}", "day",
         lambda context, by, target: so_long_after(context, by, target, -1)),
    Rule(f"(?<!any) the? unit:unit after target:{_TARGET}", "day", one_after),
    Rule(f"(?<!any) the? unit:unit before target:{_TARGET}", "day",
         lambda context, unit, target: one_after(context, unit, target, -1)),
    Rule(f"(?<!for) by:duration target:{_TARGET}", "day", weeks_on),
    Rule("target:weekday unit:unit", "day", a_week_on),
    Rule(f"target:{_TARGET} on? the? found:dotted", "day", dotted_beside_a_day),
    Rule(f"target:{_TARGET} on? the? first:number dash second:number (?!meridiem)", "day",
         dashed_beside_a_day),
    Rule("in at? by:duration", "reckoned", from_now),
    Rule("by:duration (from now|hence)", "reckoned", from_now),
    Rule("by:duration ago", "reckoned", lambda context, by: from_now(context, by, -1)),
)  # fmt: skip
