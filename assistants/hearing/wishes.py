"""Wishes: the period of the day a caller would like, as in "after five" or "first thing"."""

from .clocks import DAY, HALF_DAY, HOUR, Bounds, Clock, figures
from .dates import Day
from .days import Weekday
from .durations import Duration
from .grammar import Context, Number, Rule
from .meaning import Part
from .words import Colon, Pair

Heard = Clock | Number | Colon | Pair


def hours(first: int | None, end: int | None, part: Part | None = None) -> Bounds:
    """Bounds at full hours of the day."""
    return Bounds(
        None if first is None else Clock(first * HOUR, certain=True),
        None if end is None else Clock(end * HOUR, certain=True),
        part,
    )


# The hours that a part of the day stands for when times are ranked by it.
PARTS = {
    Part.MORNING: hours(5, 12),
    Part.AFTERNOON: hours(12, 18),
    Part.EVENING: hours(17, None),
    Part.NIGHT: hours(18, None),
}
_EARLY = {
    Part.MORNING: hours(5, 9, Part.MORNING),
    Part.AFTERNOON: hours(12, 15, Part.AFTERNOON),
    Part.EVENING: hours(17, 19, Part.EVENING),
    Part.NIGHT: hours(18, 21, Part.NIGHT),
}
_MIDDLE = {
    Part.MORNING: hours(10, 11, Part.MORNING),
    Part.AFTERNOON: hours(14, 16, Part.AFTERNOON),
    Part.EVENING: hours(18, 21, Part.EVENING),
    Part.NIGHT: hours(21, None, Part.NIGHT),
}
_LATE = {
    Part.MORNING: hours(10, 12, Part.MORNING),
    Part.AFTERNOON: hours(15, 18, Part.AFTERNOON),
    Part.EVENING: hours(19, None, Part.EVENING),
    Part.NIGHT: hours(21, None, Part.NIGHT),
}


def waking(first: Clock, end: Clock) -> tuple[Clock, Clock] | None:
    """Both ends with am or pm decided; the end is the next such time after the start.

    An end with am or pm decides for the other: "2 to 4 pm", "11 to 2 pm", "9 am to 1". If neither
    was said, the period begins in the daytime: it is a wish, used only for ranking.
    """
    if first.certain and end.certain:
        return (first, end) if first.minutes < end.minutes else None
    if end.certain:
        before = [m for m in first.readings() if m < end.minutes]
        return (Clock(max(before), True), end) if before else None
    start = first.minutes if first.certain else first.by_day()
    after = [m for m in end.readings() if m > start]
    return (Clock(start, True), Clock(min(after), True)) if after else None


def between(context: Context, first: Heard, end: Heard) -> Bounds | None:
    one, other = figures(first), figures(end)
    if one is None or other is None:
        return None
    return Bounds(one, other)


def between_parts(
    context: Context, first: Heard, part: str, end: Heard, other: str | None = None
) -> Bounds | None:
    """ "From ten in the morning to one in the afternoon"."""
    found = between(context, first, end)
    if found is None or found.earliest is None or found.latest is None:
        return None
    start = found.earliest.within(Part(part))
    finish = found.latest.within(Part(other)) if other else found.latest
    return Bounds(start, finish) if start and finish else None


def bare_period(context: Context, first: Number, end: Number | Clock) -> Bounds | None:
    """ "Two to four"; but to some "five to seven" means 6:55."""
    return None if first.value % 5 == 0 else between(context, first, end)


def written_period(context: Context, first: Number, end: Clock) -> Bounds | None:
    """ "5 to 6 pm" in digits: clearly a period, not 5:55."""
    if (
        not first.digits
        or not end.certain
        or not 0 < first.value < (end.minutes - 1) % HALF_DAY // 60 + 1
    ):
        return None
    return between(context, first, end)


def not_before(context: Context, first: Heard) -> Bounds | None:
    found = figures(first)
    return Bounds(earliest=found) if found else None


def must_start_before(context: Context, end: Heard) -> Bounds | None:
    found = figures(end)
    return Bounds(latest=found) if found else None


def lasting(context: Context, first: Heard, long: Duration) -> Bounds | None:
    found = figures(first)
    if found is None or long.months or long.days or not found.minutes + long.minutes < DAY:
        return None
    start = found.by_day()
    return Bounds(Clock(start, True), Clock(start + long.minutes, True))


def _now(context: Context) -> Clock:
    return Clock(context.now.hour * HOUR + context.now.minute, certain=True)


def soon(context: Context, within: Duration) -> tuple[Day, Bounds] | None:
    """ "Within two hours", "in the next twenty minutes": today, unless that is past midnight."""
    start = _now(context)
    end = start.minutes + within.minutes
    if within.months or within.days or not within.minutes or end >= DAY:
        return None
    return Day(context.now.date()), Bounds(start, Clock(end, certain=True))


def next_hour(context: Context, unit: str) -> tuple[Day, Bounds] | None:
    return soon(context, Duration(minutes=HOUR)) if unit == "hour" else None


def few_hours(context: Context, unit: str) -> tuple[Day, Bounds] | None:
    """ "The next few hours": a wish, taken as three; never an exact time."""
    return soon(context, Duration(minutes=3 * HOUR)) if unit == "hour" else None


def moved_out(context: Context, first: Heard, day: Day | Weekday) -> tuple[object, ...]:
    """ "Between two tomorrow and four": the day said within the period is moved before it."""
    return day, None, first


def early_today(context: Context, part: str) -> tuple[Day, Bounds]:
    """ "Early this evening"."""
    return Day(context.now.date()), _EARLY[Part(part)]


def late_today(context: Context, part: str) -> tuple[Day, Bounds]:
    """ "Later this afternoon"."""
    return Day(context.now.date()), _LATE[Part(part)]


def first_thing(context: Context, nth: int) -> Bounds | None:
    return hours(5, 10, Part.MORNING) if nth == 1 else None


def end_of_day(context: Context, unit: str = "day") -> Bounds | None:
    return hours(15, None) if unit == "day" else None


def start_of_day(context: Context, unit: str = "day") -> Bounds | None:
    return hours(5, 10) if unit == "day" else None


def rest_of_day(context: Context, unit: str = "day") -> tuple[Day, Bounds] | None:
    if unit != "day":
        return None
    return Day(context.now.date()), Bounds(_now(context), Clock(DAY - 1, certain=True))


def half_of_day(context: Context, half: str) -> str:
    return str(Part.MORNING if half == "am" else Part.AFTERNOON)


_ANY = "(clock|number|dotted)"
_TARGET = "(day|weekday)"
_TO = "(to|until|dash|through)"
_UP_TO = "(to|until|dash|through|and)"

# Periods between two times. They are applied before a single number can be a time.
STRETCHES = (
    Rule(f"moving (other|visit|the)* from at? {_ANY} (?=to|until)", "moving", lambda context: True),
    Rule(f"between first:{_ANY} day:day (?={_UP_TO})", "day between clock", moved_out),
    Rule(f"between first:{_ANY} day:weekday (?={_UP_TO})", "weekday between clock", moved_out),
    Rule(
        f"between first:{_ANY} {_UP_TO} now",
        "bounds",
        lambda context, first: between(context, first, _now(context)),
    ),
    Rule(
        f"(between|from) now {_UP_TO} end:{_ANY}",
        "bounds",
        lambda context, end: between(context, _now(context), end),
    ),
    Rule(
        f"from? at? first:{_ANY} in the? part:part {_TO} at? end:{_ANY} (in the? other:part)?",
        "bounds",
        between_parts,
    ),
    Rule(f"between at? first:{_ANY} {_UP_TO} at? end:{_ANY}", "bounds", between),
    Rule(f"from at? first:{_ANY} {_TO} at? end:{_ANY}", "bounds", between),
    Rule(f"from first:{_ANY} for long:duration", "bounds", lasting),
    Rule(f"for long:duration from first:{_ANY}", "bounds", lasting),
    Rule(f"at? first:clock {_TO} end:{_ANY}", "bounds", between),
    Rule("at? first:(number|dotted) (dash|through) end:clock", "bounds", between),
    Rule("(?<!at) first:number (to|until) end:clock", "bounds", written_period),
    Rule("at? first:number (to|until) end:clock", "bounds", bare_period),
    Rule("first:dotted (to|until) end:clock", "bounds", between),
    Rule(f"from? first:number dash end:number (?={_TARGET})", "bounds", between),
    Rule(f"(?<={_TARGET}|part) first:number (dash|to|until) end:number", "bounds", between),
    Rule(
        f"from? at? first:{_ANY} {_TO} at? end:{_ANY} (?=(in|at|on)? (the|this)? part)",
        "bounds",
        between,
    ),
    Rule(
        "(?<!at) first:number (to|until) end:number (?=on? (day|weekday) (in the)? part)",
        "bounds",
        between,
    ),
    Rule("^ first:number (to|until) end:number", "bounds", bare_period),
    Rule(f"at first:{_ANY} dash end:{_ANY}", "bounds", between),
)
WISHES = (
    Rule(f"(not|no) (before|earlier than) first:{_ANY}", "bounds", not_before),
    Rule(f"(not|no) (after|later than) end:{_ANY}", "bounds", must_start_before),
    Rule(f"(not|no) until first:{_ANY}", "bounds", not_before),
    Rule(f"(after|since|past) first:{_ANY} onward?", "bounds", not_before),
    Rule(f"later than first:{_ANY}", "bounds", not_before),
    Rule(f"(any|counted) counted? from first:{_ANY} (on|onward)?", "bounds", not_before),
    Rule(f"(earlier than|before) end:{_ANY}", "bounds", must_start_before),
    Rule(f"(until|by) (the latest)? end:{_ANY}", "bounds", must_start_before),
    Rule(f"(at|from)? first:{_ANY} (or (after|later|onward)|onward)", "bounds", not_before),
    Rule(f"(at the)? earliest at? first:{_ANY}", "bounds", not_before),
    Rule(f"at? first:{_ANY} (at the)? earliest", "bounds", not_before),
    Rule(f"(at the)? latest at? end:{_ANY}", "bounds", must_start_before),
    Rule(f"at? end:{_ANY} ((at the)? latest|or (before|earlier))", "bounds", must_start_before),
    Rule("early (of|in)? this part:part", "day bounds", early_today),
    Rule("(late|later) (of|in)? this part:part", "day bounds", late_today),
    Rule(
        "(in|at)? the? early unit? (of|in)? (the|this)? part:part",
        "bounds",
        lambda _, part: _EARLY[Part(part)],
    ),
    Rule(
        "(in|at)? the? middle of? (the|this)? part:part",
        "bounds",
        lambda _, part: _MIDDLE[Part(part)],
    ),
    Rule(
        "(in|at)? the? (late|later|end|rest) (of|in)? (the|this)? part:part",
        "bounds",
        lambda _, part: _LATE[Part(part)],
    ),
    Rule("nth:ordinal thing", "bounds", first_thing),
    Rule("last thing", "bounds", end_of_day),
    Rule("early on? the? (?=day|weekday)", "bounds", start_of_day),
    Rule("(^|(?<=day|weekday)) early on? $", "bounds", start_of_day),
    Rule("(^|(?<=day|weekday)) early in the? unit:unit $", "bounds", start_of_day),
    Rule("late on? the? (?=day|weekday)", "bounds", end_of_day),
    Rule("(^|(?<=day|weekday)) late on? $", "bounds", end_of_day),
    Rule("(^|(?<=day|weekday)) late in the? unit:unit $", "bounds", end_of_day),
    Rule("(at|by|towards)? the? end of the? unit:unit", "bounds", end_of_day),
    Rule("the? start of the? unit:unit", "bounds", start_of_day),
    Rule("the? rest of? (the|this)? unit:unit", "day bounds", rest_of_day),
    Rule("the? rest of? (?=day)", "day bounds", rest_of_day),
    Rule("in? the? (within|next|coming) the? next? within:duration", "day bounds", soon),
    Rule("(in|within)? the? next unit:unit", "day bounds", next_hour),
    Rule("(in|within)? the? (next|coming) few unit:unit", "day bounds", few_hours),
    Rule("after lunchtime", "bounds", lambda _: hours(13, None)),
    Rule("before lunchtime", "bounds", lambda _: hours(None, 12)),
    Rule("(at|over|in|for)? lunchtime", "bounds", lambda _: hours(11, 13)),
    Rule("(at|around)? teatime", "bounds", lambda _: hours(15, 18)),
    Rule("after work", "bounds", lambda _: hours(17, None)),
    Rule("after school", "bounds", lambda _: hours(15, None)),
    Rule("in the half:meridiem", "part", half_of_day),
    Rule("(?<=day|weekday|dated|span) half:meridiem", "part", half_of_day),
    Rule("this part:part", "today_part", lambda context, part: part),
    Rule("later (?=day)", "bounds", lambda context: Bounds(earliest=_now(context))),
)
