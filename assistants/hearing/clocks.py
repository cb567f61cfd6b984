"""Clocks: the words for a time of day, and for the period of the day a caller would like."""

from datetime import time
from typing import NamedTuple

from .countries import HALF_MEANS_PAST, MONTH_FIRST, OF_MEANS_TO
from .dates import can_be_a_year
from .grammar import Context, Number, Rule
from .meaning import Part
from .words import Colon, Pair

HOUR = 60
HALF_DAY = 12 * HOUR
DAY = 24 * HOUR

# A part of the day and the minutes a time in it may have: first and end (excluded). Words for
# the parts overlap: "four in the evening" and "four in the afternoon" are both said.
WINDOWS: dict[Part, tuple[tuple[int, int], ...]] = {
    Part.MORNING: ((1 * HOUR, 12 * HOUR),),
    Part.AFTERNOON: ((12 * HOUR, 19 * HOUR),),
    Part.EVENING: ((15 * HOUR, 24 * HOUR),),
    Part.NIGHT: ((17 * HOUR, 24 * HOUR), (0, 5 * HOUR)),
}


class Clock(NamedTuple):
    """Minutes since midnight. If not certain, it is 1:00 to 12:59 and may be am or pm.

    `DAY` itself is 24:00, the midnight at the end of the named day.
    """

    minutes: int
    certain: bool

    def readings(self) -> tuple[int, ...]:
        if self.certain:
            return (self.minutes,)
        return (self.minutes, (self.minutes + HALF_DAY) % DAY)

    def within(self, part: Part) -> "Clock | None":
        """The reading (am or pm) that lies in the part of the day; None if neither or both do."""
        found = [
            minutes
            for minutes in self.readings()
            if any(start <= minutes < end for start, end in WINDOWS[part])
        ]
        return Clock(found[0], certain=True) if len(found) == 1 else None

    def by_day(self) -> int:
        """The reading from seven to seven in the daytime. For wishes, never for a booked time."""
        return next((m for m in self.readings() if 7 * HOUR <= m < 19 * HOUR), self.minutes)

    def time(self) -> time:
        return at(self.minutes)


def at(minutes: int) -> time:
    return time(*divmod(minutes % DAY, HOUR))


class Bounds(NamedTuple):
    """The period of the day that would suit: from `earliest` on, starting before `latest`."""

    earliest: Clock | None = None
    latest: Clock | None = None
    part: Part | None = None


def clock(hour: int, minute: int = 0, *, certain: bool = False) -> Clock | None:
    """The clock time of these numbers, certain or not; None if there is no such time."""
    if (hour, minute) == (24, 0):
        return Clock(DAY, certain=True)
    if hour > 23 or minute > 59:
        return None
    if certain or hour == 0 or hour > 12:
        return Clock(hour * HOUR + minute, certain=True)
    return Clock(hour * HOUR + minute, certain=False)


def uncertain(minutes: int) -> Clock:
    """The clock time at these minutes, which may be am or pm."""
    return Clock((minutes - HOUR) % HALF_DAY + HOUR, certain=False)


def figures(heard: Number | Pair | Colon | Clock) -> Clock | None:
    """The clock time a number stands for, if any: "3", "330", "0730", "8.30", "14:30"."""
    match heard:
        case Clock():
            return heard
        case Colon(hour, minute, digits):
            return clock(hour, minute, certain=digits > 2 or (digits == 2 and hour < 10))
        case Pair(hour, minute, minute_digits):
            return clock(hour, minute) if minute_digits == 2 else None
        case Number(value, digits) if digits <= 2:
            return clock(value) if value else None
        case Number(value, digits) if digits <= 4:
            return clock(*divmod(value, 100), certain=digits == 4 and value < 1000)
    return None


def halved(found: Clock | None, half: str | None) -> Clock | None:
    """The time with its am or pm. "15:30 pm" is 15:30; "14 pm" is not a time."""
    if found is None or half is None or found.minutes == DAY:
        return found if half is None else None
    if found.certain and found.minutes >= 13 * HOUR:
        return found if half == "pm" and found.minutes % HOUR else None
    if found.certain and found.minutes < HOUR:
        return found if half == "am" else None
    minutes = found.minutes % HALF_DAY
    return Clock(minutes + HALF_DAY * (half == "pm"), certain=True)


# --------------------------------------------------------------- meanings of the shapes


def with_half(
    context: Context, hour: Number | Pair | Colon | Clock, half: str | None = None
) -> Clock | None:
    return halved(figures(hour), half)


def hour_and_minute(
    context: Context, hour: Number, minute: Number, half: str | None = None
) -> Clock | None:
    """ "Three thirty", "12 15 pm"; the minute has two figures, so "eleven five" is not one."""
    if hour.digits > 2 or minute.digits not in (0, 2) or not 10 <= minute.value <= 59:
        return None
    mixed = bool(hour.digits) != bool(minute.digits)
    if half is None and mixed and minute.value not in (15, 30, 45):
        return None
    if half is None and minute.value == hour.value + 1:
        return None  # "ten eleven" is 10:11, or ten or eleven
    if not hour.digits and hour.value in (19, 20):
        return None  # "twenty twenty seven" is a year
    return halved(clock(hour.value, minute.value), half) if hour.value else None


def hour_oh_minute(
    context: Context, hour: Number, minute: Number, half: str | None = None
) -> Clock | None:
    """ "Nine oh five", "twelve zero three"."""
    if not hour.value or minute.value > 9:
        return None
    return halved(clock(hour.value, minute.value), half)


def continental(
    context: Context, hour: Number, minute: Number | None = None, half: str | None = None
) -> Clock | None:
    """ "15h30", "15h"; below thirteen it may be am or pm ("7h01"), but "09h45" is am."""
    if minute is None and hour.digits in (3, 4):
        return military(context, hour)
    morning = hour.digits == 2 and hour.value < 10
    return halved(clock(hour.value, minute.value if minute else 0, certain=morning), half)


def alone(context: Context, hour: Number | Pair) -> Clock | None:
    """A number that is all that was said: an hour up to twelve, or hour and minute."""
    if isinstance(hour, Pair):
        return beside_a_day(context, hour)
    return None if hour.digits < 3 and hour.value > 12 else likely(context, hour)


def to_do(context: Context, hour: Number) -> Clock | None:
    """ "Could we do two on Friday"; but "do one on Friday" is one of something."""
    return None if hour == Number(1, digits=0) else alone(context, hour)


def beside_a_day(context: Context, hour: Pair) -> Clock | None:
    """ "Friday 8.30"; but "12.10" may be the twelfth of October, where days come first."""
    could_be_a_date = 1 <= hour.second <= 12 and context.region not in MONTH_FIRST
    if could_be_a_date or hour.closed or not round_minutes(hour.second):
        return None
    return figures(hour)


def in_a_word(context: Context, hour: Number) -> Clock | None:
    """ "Friday ten"; but "Friday 10" may be the tenth, and "two" may be "too"."""
    return None if hour.digits or hour.value < 3 else alone(context, hour)


def military(context: Context, hour: Number, minute: Number | None = None) -> Clock | None:
    """ "Fourteen hundred", "oh nine hundred hours", "1430 hours"."""
    if hour.digits in (3, 4):
        return clock(*divmod(hour.value, 100), certain=True)
    return clock(hour.value, minute.value if minute else 0, certain=True)


def likely(context: Context, hour: Number | Pair) -> Clock | None:
    """A number where a time is likely; written together ("815") only with minutes people say."""
    if isinstance(hour, Number) and hour.digits > 2 and not round_minutes(hour.value):
        return None
    return figures(hour)


def compact(context: Context, hour: Number) -> Clock | None:
    """ "27 July 1100", "tonight 815": hour and minute without a sign between; a year is no time."""
    if can_be_a_year(hour.value):
        return None
    return figures(hour) if hour.digits in (3, 4) and round_minutes(hour.value) else None


def round_minutes(figure: int) -> bool:
    return figure % 5 == 0 or figure % 100 == 59


def military_hours(context: Context, hour: Number, unit: str) -> Clock | None:
    """ "1430 hours"."""
    return military(context, hour) if hour.digits in (3, 4) and unit == "hour" else None


def twenty_four_hours(context: Context, hour: Number, unit: str) -> Clock | None:
    """ "At 15 hours"."""
    return clock(hour.value) if unit == "hour" and 6 < hour.value < 24 else None


def hundred_hours(context: Context, hour: Number, unit: str) -> Clock | None:
    """ "Oh nine hundred hours"; but "five hundred weeks" is not a time."""
    return military(context, hour) if unit == "hour" else None


def half_past(context: Context, hour: Number | Clock) -> Clock | None:
    return shifted(figures(hour), 30)


def half_hour_name(context: Context, hour: Number | Clock) -> Clock | None:
    """ "Half two", where it is said for half past two."""
    return half_past(context, hour) if context.region in HALF_MEANS_PAST else None


def quarter_to(context: Context, hour: Number | Clock) -> Clock | None:
    return shifted(figures(hour), -15)


def quarter_of(context: Context, hour: Number | Clock) -> Clock | None:
    return quarter_to(context, hour) if context.region in OF_MEANS_TO else None


def minutes_past(context: Context, minutes: Number, hour: Number | Clock) -> Clock | None:
    return shifted(figures(hour), minutes.value) if minutes.value < 60 else None


def fives_to(context: Context, minutes: Number, hour: Number | Clock) -> Clock | None:
    """ "At 10 to 3"; but "at 9 to 10" is not 9:51."""
    return None if minutes.value % 5 else minutes_to(context, minutes, hour)


def minutes_to(context: Context, minutes: Number, hour: Number | Clock) -> Clock | None:
    return shifted(figures(hour), -minutes.value) if minutes.value < 60 else None


def spoken_minutes_to(context: Context, minutes: Number, hour: Number | Clock) -> Clock | None:
    """ "Twenty to three". "Ten to three" too; but "five to seven" may be from five to seven,
    and "10 to 3" may be from ten until three: the caller is asked.
    """
    target = figures(hour)
    if target is None or minutes.value not in (5, 10, 15, 20, 25):
        return None
    later = target.minutes > minutes.value * HOUR
    if minutes.value <= 12 and (minutes.digits or later):
        return None
    return minutes_to(context, minutes, target)


def shifted(found: Clock | None, minutes: int) -> Clock | None:
    """The time some minutes past or to this one, which must be a full hour unless it is certain."""
    if found is None:
        return None
    if found.certain:
        return Clock((found.minutes + minutes) % DAY, certain=True)
    return uncertain(found.minutes + minutes)


def twelve(context: Context, hour: Number) -> bool | None:
    """The twelve of "twelve midnight"."""
    return True if hour.value == 12 else None


def twelve_noon(context: Context, hour: Number | Pair | Colon) -> Clock | None:
    """ "12 noon", "12:00 noon", "twelve o'clock midday"."""
    found = figures(hour)
    return noon(context) if found and found.minutes == HALF_DAY else None


def colon_hours(context: Context, hour: Colon, unit: str) -> Clock | None:
    """ "20:00 hrs"."""
    return clock(hour.hour, hour.minute, certain=True) if unit == "hour" else None


def minutes_after(context: Context, minutes: Number, hour: Number) -> Clock | None:
    """ "Ten after nine": the minutes must be said as such, since a date may come before a time."""
    return minutes_past(context, minutes, hour) if minutes.value in (5, 10, 20, 25) else None


def minutes_before(context: Context, minutes: Number, hour: Number | Clock) -> Clock | None:
    """ "Ten before nine", in words."""
    said = minutes.value in (5, 10, 20, 25) and not minutes.digits
    return minutes_to(context, minutes, hour) if said else None


def minutes_of(context: Context, minutes: Number, hour: Number | Clock) -> Clock | None:
    """ "Ten of three" is 2:50, in America only; nobody says "two of three" for a time."""
    said = minutes.value in (5, 10, 20, 25) and context.region in OF_MEANS_TO
    return minutes_to(context, minutes, hour) if said else None


def to_midnight(context: Context, minutes: Number | None = None) -> Clock | None:
    before = minutes.value if minutes else 15
    return Clock(DAY - before, certain=True) if 0 < before < 60 else None


def noon(context: Context) -> Clock:
    return Clock(HALF_DAY, certain=True)


# --------------------------------------------------------------- the shapes


_FIGURES = "(number|colon|dotted)"
_HOUR = "(clock|number|colon|dotted)"

# In "March 5 10 am" the five is not an hour; in "5 March 5 10 am" the second one is.
_NO_DAY_BEFORE = "((?<!month)|(?<=(number|ordinal) month)|(?<=(number|ordinal) of month))"

# "Five of six" counts something if a word follows; at the end it is a time.
_NO_MORE = "(?=$|stop|on|in|meridiem|oclock|today|weekday|named)"

# Shapes that can only be times. They are applied before dates are looked for.
CERTAIN_CLOCKS = (
    Rule(f"hour:{_FIGURES} oclock? noon", "clock", twelve_noon),
    Rule("minutes:(minutes|number) (to|until|before) midnight", "clock", to_midnight),
    Rule("a? quarter (to|until|before) midnight", "clock", to_midnight),
    Rule("noon ish?", "clock", noon),
    Rule("hour:number oclock? midnight", "midnight", twelve),
    Rule("zero? hour:number hundred unit:unit", "clock", hundred_hours),
    Rule("zero hour:number hundred (?!unit)", "clock", military),
    Rule("zero hour:number minute:number (?!unit)", "clock", military),
    Rule("(?<!in|for|within) hour:colon unit:unit", "clock", colon_hours),
    Rule("hour:number unit:unit", "clock", military_hours),
    Rule("(?<=at) hour:number unit:unit", "clock", twenty_four_hours),
    Rule("hour:number hundred (?!unit)", "clock", military),
    Rule("hour:number letter_h minute:number half:meridiem?", "clock", continental),
    Rule("hour:number letter_h", "clock", continental),
    Rule("hour:colon oclock? (dash? ish)? in? the? half:meridiem", "clock", with_half),
    Rule("hour:colon letter_h? oclock? (dash? ish)?", "clock", with_half),
    Rule("hour:number zero minute:number half:meridiem?", "clock", hour_oh_minute),
    Rule(f"{_NO_DAY_BEFORE} hour:number minute:number half:meridiem", "clock", hour_and_minute),
    Rule(f"hour:{_FIGURES} oclock? (dash? ish)? in? the? half:meridiem", "clock", with_half),
    Rule("hour:number oclock", "clock", with_half),
    Rule(f"{_NO_DAY_BEFORE} hour:number minute:number (?!month)", "clock", hour_and_minute),
    Rule(f"half (past|after) hour:{_HOUR}", "clock", half_past),
    Rule("half hour:number (?!unit)", "clock", half_hour_name),
    Rule(
        f"a? quarter (past|after) hour:{_HOUR}", "clock", lambda _, hour: shifted(figures(hour), 15)
    ),
    Rule(f"a? quarter (to|until|before) hour:{_HOUR}", "clock", quarter_to),
    Rule(f"a? quarter of hour:{_HOUR}", "clock", quarter_of),
    Rule(f"minutes:minutes (past|after|from) hour:{_HOUR}", "clock", minutes_past),
    Rule(f"minutes:minutes (to|until|before|of) hour:{_HOUR}", "clock", minutes_to),
    Rule(f"minutes:number past hour:{_HOUR}", "clock", minutes_past),
    Rule(
        f"(?<!the|a|of|number|month|ordinal) minutes:number of hour:(number|clock) {_NO_MORE}",
        "clock",
        minutes_of,
    ),
    Rule(
        "(?<!the|on|month|weekday|number) minutes:number after hour:(number|clock)",
        "clock",
        minutes_after,
    ),
    Rule(
        "(?<!the|on|month|weekday|number) minutes:number before hour:(number|clock)",
        "clock",
        minutes_before,
    ),
    Rule(f"(?<=at) minutes:number (to|until) hour:{_HOUR}", "clock", fives_to),
    Rule(
        f"(?<!from|between|number|month) minutes:number (to|until) hour:{_HOUR}",
        "clock",
        spoken_minutes_to,
    ),
)

# Numbers that are times because of the words around them. Applied after the dates.
LIKELY_CLOCKS = (
    Rule("at the? hour:(number|dotted) (?!dash|to|until|unit|and)", "clock", likely),
    Rule("hour:number dash? ish", "clock", likely),
    Rule("(?<=part|today_part) hour:(number|dotted)", "clock", likely),
    Rule("(?<!the) hour:(number|dotted) (?=(in|at|on) (the|this)? part)", "clock", likely),
    Rule("(?<!the|weekday) hour:(number|dotted) (?=this? part)", "clock", likely),
    Rule("(?<!the|weekday) hour:(number|dotted) (?=today_part|day)", "clock", likely),
    Rule("(?<=weekday|day) hour:dotted", "clock", beside_a_day),
    Rule("(?<=weekday|day) hour:number", "clock", compact),
    Rule("(?<=weekday) hour:number (?=$|stop)", "clock", in_a_word),
    Rule("(?<=do) hour:number (?=$|stop|on? (the|this)? (day|weekday|nth))", "clock", to_do),
    Rule("^ hour:number (?=on (the|this)? (day|weekday|nth))", "clock", alone),
    Rule("^ at? hour:dotted (?=on (the|this)? (day|weekday|nth))", "clock", beside_a_day),
    Rule("^ hour:(number|dotted) $", "clock", alone),
    Rule(
        "(^|(?<=weekday|day)) hour:(number|dotted) (?=correction+ at? (clock|number))",
        "clock",
        alone,
    ),
    Rule(
        "(?<=correction) hour:(number|dotted) (?=$|stop|correction|on? (the|this)? (day|weekday))",
        "clock",
        alone,
    ),
)
