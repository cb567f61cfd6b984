"""Moments: the day and the time a sentence comes to, its facts held against each other."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from . import named_days
from .clocks import CERTAIN_CLOCKS, DAY, HOUR, LIKELY_CLOCKS, Bounds, Clock, at
from .dates import DATES, DATES_BEFORE_A_HALF, DATES_IN_FIGURES, YEARS, Day, existing
from .days import NEAR_DAYS, RECKONED_DAYS, WEEKDAYS, Moment, coming_weekday
from .durations import DURATION_RULES
from .grammar import Context, Rule, Sentence, shape
from .meaning import NotUnderstood, Part, Reason, Subject, When
from .spans import DAYS_IN_SPANS, SPANS, SPANS_RECKONED, Span
from .wishes import PARTS, STRETCHES, WISHES, waking
from .words import Number, tokens

T = TypeVar("T")

_MONTHS_TO_LOOK = 3  # ahead, for the month in which a weekday has the number said
_NIGHT_ENDS = 5 * HOUR

# The countries whose named days are loaded at start; another's are when first needed.
REGIONS_WARMED = ("US", "GB", "CA", "AU", "NZ", "IE")


def nth(context: Context, day: Number | int) -> int | None:
    number = day.value if isinstance(day, Number) else day
    return number if 1 <= number <= 31 else None


def figure_day(context: Context, day: Number) -> int | None:
    return nth(context, day) if day.digits else None


def past_fifth(context: Context, day: int) -> int | None:
    """ "The sixth, Tuesday"; but "the first Tuesday" is the first of some month's Tuesdays."""
    return nth(context, day) if day > 5 else None


def past_the_hours(context: Context, day: Number) -> int | None:
    """ "Monday 21"; but "Tuesday 9" may be at nine."""
    return figure_day(context, day) if day.value > 12 else None


def nothing(context: Context) -> bool:
    return True


# Where a bare "fifth" is a day: not in "a second", "first I need".
_DAY_GOES_HERE = "(^|(?<=on|for|from|weekday|part|clock|at))"

DAYS_OF_SOME_MONTH = (
    Rule("^ on? day:number (?=at clock)", "nth", figure_day),
    Rule("the day:ordinal (?!counted|unit|half|quarter|last|thing|weekday)", "nth", nth),
    Rule("(the|on) day:ordinal (?=weekday)", "nth", past_fifth),
    Rule(f"{_DAY_GOES_HERE} day:ordinal (?!counted|unit|half|quarter|last|thing|weekday)", "nth",
         nth),
    Rule("(?<=the) day:number (?!unit|counted|oclock|hundred)", "nth", figure_day),
    Rule("(?<=weekday) day:number (?!(in|at|on) (the|this)? part|ish|dash|to)", "nth",
         past_the_hours),
    Rule("(?<=on) day:number (?!part|dash|to)", "nth", figure_day),
)  # fmt: skip

# What says nothing about when, though it has a number or a length in it.
ASIDES = (
    Rule("(?<!from) for duration", "aside", nothing),
    Rule("any unit (?!but)", "aside", nothing),
    Rule("a? duration (counted|visit)", "aside", nothing),
    Rule("for? number people", "aside", nothing),
)

GRAMMAR = (
    *DURATION_RULES,
    *DATES_BEFORE_A_HALF,
    *YEARS,
    *CERTAIN_CLOCKS,
    *DATES,
    *DATES_IN_FIGURES,
    *NEAR_DAYS,
    *SPANS,
    *DAYS_IN_SPANS,
    *WEEKDAYS,
    *RECKONED_DAYS,
    *SPANS_RECKONED,
    *STRETCHES,
    *DAYS_OF_SOME_MONTH,
    *LIKELY_CLOCKS,
    *WISHES,
    *ASIDES,
)

# What the words left over make of a sentence, the first that is found. Some of them only do
# when there is a fact that they could be about.
_FACT = "day|weekday|nth|span|clock|bounds|part|today_part|reckoned|midnight"
_LEFT_OVER: tuple[tuple[re.Pattern[str], Subject, Reason], ...] = (
    (shape("weekdays|every|each"), "day", Reason.RECURRING),
    (shape(f"(?=.*({_FACT})) .* (not|any unit? but|no (the|day|weekday|span|nth|clock))"),
     "day", Reason.EXCLUDED),
    (shape("month|year|junk|slashed|triple|written|dated|unit|duration|weekend|ordinal|working|"
           "weekday_word|today|named"), "day", Reason.AMBIGUOUS),
    (shape("number|colon|dotted|half|quarter|hundred|noon|minutes|zero|few|couple|oclock"),
     "time", Reason.AMBIGUOUS),
    # A limit or a step from something: not the day or the time that was named.
    (shape(f"(?=.*({_FACT})) .* (next|last|ago|hence|after|before|by|until|since|onward|later|"
           "earlier|than|latest|earliest|within|past|through)"), "day", Reason.AMBIGUOUS),
)  # fmt: skip


def sentence(text: str, context: Context) -> Sentence:
    """The facts of a text: what is left of its tokens when every rule has been applied."""
    said = Sentence.of(tokens(text, region=context.region, subject="day"), context)
    said.rewrite(GRAMMAR)
    return said


def when(text: str, *, now: datetime, region: str) -> When:
    """What a text says about a day and a time.

    `now` is the org's local time, `region` its country (ISO 3166, "US"). Raises NotUnderstood
    when nothing is said, or more than one thing, or something that cannot be.
    """
    local = now.replace(tzinfo=None)
    said = sentence(text, Context(local, region))
    _refuse_leftovers(said)
    facts = Facts.of(said, local)
    if facts == Facts():
        raise NotUnderstood("day", Reason.NOTHING_HEARD)
    return _combined(facts, local)


def _refuse_leftovers(said: Sentence) -> None:
    """Raise NotUnderstood if words are left that would have changed the meaning."""
    for kinds, subject, reason in _LEFT_OVER:
        if said.holds(kinds):
            raise NotUnderstood(subject, reason)


class Facts(NamedTuple):
    """What a sentence holds, each kind apart and each fact once."""

    days: tuple[Day, ...] = ()
    weekdays: tuple[int, ...] = ()
    days_of_month: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    clocks: tuple[Clock, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    parts: tuple[Part, ...] = ()
    midnight: bool = False

    @classmethod
    def of(cls, said: Sentence, now: datetime) -> "Facts":
        reckoned = said.every("reckoned")
        moments = [found.at for found in reckoned if isinstance(found, Moment)]
        today = said.every("today_part")
        days = [found for found in reckoned if isinstance(found, Day)] + said.every("day")
        days += [Day(moment.date()) for moment in moments] + [Day(now.date()) for _ in today]
        bounds = _once(said.every("bounds"))
        parts = [Part(part) for part in said.every("part") + today]
        clocks = said.every("clock") + [Clock(m.hour * HOUR + m.minute, True) for m in moments]
        return cls(
            _once(days),
            _once(weekday.weekday for weekday in said.every("weekday")),
            _once(said.every("nth")),
            _once(said.every("span")),
            _once(clocks),
            bounds,
            _once([*parts, *(b.part for b in bounds if b.part)]),
            bool(said.every("midnight")),
        )


def _once(facts: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(facts))


def _combined(facts: Facts, now: datetime) -> When:
    clock = _clock(facts, now)
    wish = _wish(facts)
    later_today = any(
        minutes > now.hour * HOUR + now.minute for minutes in _beginnings(clock, wish)
    )
    day, last_day = _days(facts, now.date(), later_today)
    if clock and clock.minutes == DAY:
        day, clock = _day_after(day, last_day), Clock(0, certain=True)
    corrected = any(found.year_corrected for found in facts.days)
    part = facts.parts[0] if len(facts.parts) == 1 else None
    if clock is None:
        return _wished(wish, When(day, last_day, part=part, year_corrected=corrected))
    said, *others = (at(minutes) for minutes in clock.readings())
    other = others[0] if others else None
    return When(day, last_day, said, other, part=part, year_corrected=corrected)


def _wished(wish: Bounds, rest: When) -> When:
    """The wish in its waking hours; and in the others, if its half of the day was left open."""
    earliest, latest = _halved(wish)
    found = replace(rest, earliest=earliest, latest=latest)
    if any(clock.certain for clock in (wish.earliest, wish.latest) if clock):
        return found
    other_earliest, other_latest = (
        time((end.hour + 12) % 24, end.minute) if end else None for end in (earliest, latest)
    )
    return replace(found, other_earliest=other_earliest, other_latest=other_latest)


def _day_after(day: date | None, last_day: date | None) -> date:
    """The day that begins when a day ends at 24:00. Alone, 24:00 begins no day we know."""
    if day is None or last_day is not None:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return day + timedelta(days=1)


# --------------------------------------------------------------- the time


def _clock(facts: Facts, now: datetime) -> Clock | None:
    """The one time said, in the half of the day its part allows."""
    if facts.midnight:
        return _midnight(facts)
    if not facts.clocks:
        return None
    if len(facts.clocks) > 1:
        raise NotUnderstood("time", Reason.SEVERAL)
    found = _inside(facts.clocks[0], facts)
    for part in facts.parts:
        inside = found.within(part)
        if inside is None:
            raise NotUnderstood("time", Reason.AMBIGUOUS)
        found = inside
    if Part.NIGHT in facts.parts and found.minutes < _NIGHT_ENDS:
        _refuse_the_next_night(found, facts, now)
    return found


def _refuse_the_next_night(clock: Clock, facts: Facts, now: datetime) -> None:
    """Raise NotUnderstood for "tonight at one", but not in that very night.

    The small hours of a day's night are the next day's, or so some mean it.
    """
    tonight = facts.days == (Day(now.date()),) and now.hour * HOUR + now.minute < clock.minutes
    if _on_a_day(facts) and not tonight:
        raise NotUnderstood("time", Reason.AMBIGUOUS)


def _inside(clock: Clock, facts: Facts) -> Clock:
    """The time, in the stretch of the day that was said beside it ("at lunchtime, at 12")."""
    stretches = [bounds for bounds in facts.bounds if not bounds.part]
    if not stretches:
        return clock
    earliest, latest = _halved(_wish(facts))
    fitting = [
        minutes
        for minutes in clock.readings()
        if (earliest or time.min) <= at(minutes) < (latest or time.max)
    ]
    if len(fitting) != 1:
        raise NotUnderstood("time", Reason.SEVERAL)
    return Clock(fitting[0], certain=True)


def _midnight(facts: Facts) -> Clock:
    """Midnight, of no day: with one, it may be the hour it begins with or the one it ends with."""
    if facts.clocks or _on_a_day(facts):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return Clock(0, certain=True)


def _on_a_day(facts: Facts) -> bool:
    return bool(facts.days or facts.weekdays or facts.days_of_month or facts.spans)


def _wish(facts: Facts) -> Bounds:
    """The stretch of the day asked for, of all that was said about it."""
    precise = [b for b in facts.bounds if not b.part] or list(facts.bounds)
    if not precise:
        return _parts_of_day(facts.parts)
    earliest = _once(b.earliest for b in precise if b.earliest)
    latest = _once(b.latest for b in precise if b.latest)
    if len(earliest) > 1 or len(latest) > 1:
        raise NotUnderstood("time", Reason.SEVERAL)
    first, end = (*earliest, None)[0], (*latest, None)[0]
    return Bounds(_in_part(first, facts.parts), _in_part(end, facts.parts))


def _parts_of_day(parts: Iterable[Part]) -> Bounds:
    """From where the first part begins to where the last one ends."""
    known = [PARTS[part] for part in Part if part in tuple(parts)]
    return Bounds(known[0].earliest, known[-1].latest) if known else Bounds()


def _in_part(clock: Clock | None, parts: tuple[Part, ...]) -> Clock | None:
    """The end of a wish, in the half of the day that the part said beside it allows."""
    return (clock and len(parts) == 1 and clock.within(parts[0])) or clock


def _halved(wish: Bounds) -> tuple[time | None, time | None]:
    """Both ends of a wish in waking hours, or where the end with am or pm puts the other."""
    if wish.earliest is None or wish.latest is None:
        first, end = wish.earliest, wish.latest
        return first and at(first.by_day()), end and at(end.by_day())
    both = waking(wish.earliest, wish.latest)
    if both is None:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return both[0].time(), both[1].time()


def _beginnings(clock: Clock | None, wish: Bounds) -> tuple[int, ...]:
    """The minutes of today at which what was asked for could begin, if a time was named."""
    if clock:
        return clock.readings()
    return (wish.earliest.by_day(),) if wish.earliest and wish.latest else ()


# --------------------------------------------------------------- the day


def _days(facts: Facts, today: date, later_today: bool) -> tuple[date | None, date | None]:
    """The day, or the first and last day, that all the words about days agree on."""
    if len({day.date for day in facts.days}) > 1 or max(map(len, facts[1:4])) > 1:
        raise NotUnderstood("day", Reason.SEVERAL)
    if facts.days:
        return _agreeing(facts.days[0].date, facts), None
    if facts.spans and (facts.weekdays or facts.days_of_month):
        return _within(facts.spans[0], facts), None
    if facts.spans:
        return _still_to_come(facts.spans[0], today)
    if facts.days_of_month:
        return _numbered_day(facts, today), None
    if facts.weekdays:
        return coming_weekday(facts.weekdays[0], today, today_too=later_today), None
    return None, None


def _still_to_come(span: Span, today: date) -> tuple[date, date]:
    """The stretch, without its days that are over; one that is over as it was."""
    over = span.first < today <= span.last
    return (today if over else span.first), span.last


def _agreeing(day: date, facts: Facts) -> date:
    """The day, if every other word about it is true of it."""
    if any(weekday != day.weekday() for weekday in facts.weekdays):
        raise NotUnderstood("day", Reason.WEEKDAY_DISAGREES, day=day)
    if any(number != day.day for number in facts.days_of_month):
        raise NotUnderstood("day", Reason.SEVERAL)
    if any(not span.first <= day <= span.last for span in facts.spans):
        raise NotUnderstood("day", Reason.SEVERAL)
    return day


def _within(span: Span, facts: Facts) -> date:
    """The one day of the stretch with that weekday and number."""
    length = (span.last - span.first).days + 1
    days = [span.first + timedelta(days=ahead) for ahead in range(min(length, 62))]
    fitting = [
        day
        for day in days
        if all(day.weekday() == weekday for weekday in facts.weekdays)
        and all(day.day == number for number in facts.days_of_month)
    ]
    if len(fitting) != 1:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return fitting[0]


def _numbered_day(facts: Facts, today: date) -> date:
    """ "The fourth": the coming one, in this month or the next.

    With a weekday, the coming day that is both, up to three months on. But if the nearest
    fourth is only a weekday off, a slip is likelier than another month: it is asked again.
    """
    number = facts.days_of_month[0]
    nearest = _numbered_in(today, number, months=number < today.day)
    if nearest is None and not facts.weekdays:
        raise NotUnderstood("day", Reason.NO_SUCH_DAY)
    if not facts.weekdays or (nearest and nearest.weekday() == facts.weekdays[0]):
        return _agreeing(nearest or today, facts)
    months = range(number < today.day, _MONTHS_TO_LOOK + 1)
    days = [day for month in months if (day := _numbered_in(today, number, months=month))]
    off = (days[0].weekday() - facts.weekdays[0]) % 7
    fitting = [day for day in days if day.weekday() == facts.weekdays[0]]
    if not fitting or off in (1, 6):
        raise NotUnderstood("day", Reason.WEEKDAY_DISAGREES, day=days[0])
    return fitting[0]


def _numbered_in(today: date, number: int, *, months: int) -> date | None:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return existing(year, month + 1, number)


# --------------------------------------------------------------- instants


def instant(day: date, at: time, *, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a wall-clock time in a zone; of two the first.

    Raises NotUnderstood, NO_SUCH_TIME, for a time the clocks skip that day.
    """
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NotUnderstood("time", Reason.NO_SUCH_TIME, day=day)
    return found


def is_repeated(day: date, at: time, *, zone: ZoneInfo) -> bool:
    """Whether the wall-clock time comes twice that day, as clocks are set back."""
    local = datetime.combine(day, at.replace(tzinfo=None), tzinfo=zone)
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    # A skipped time has two offsets too, the later one first.
    return first is not None and second is not None and first > second


def date_and_time(
    text: str, now: datetime, dayfirst: bool = False
) -> tuple[date | None, time | None]:
    """The day and the time of a text, (None, None) when it is not understood.

    For measuring, and no more: one reading of an open half of the day, no stretch of days, and
    a part of the day with nothing beside it as the hour it begins, since a pair has no other
    way to say that it was understood. `dayfirst` selects Britain, else the United States.
    """
    try:
        found = when(text, now=now, region="GB" if dayfirst else "US")
    except NotUnderstood:
        return None, None
    if found.day is None and found.time is None and found.part:
        return None, found.earliest
    return (None if found.last_day else found.day), found.time


def warm() -> None:
    """Load what is slow to load: once, at start, before the workers are forked."""
    for region in REGIONS_WARMED:
        named_days.load(region)
        date_and_time("Christmas at noon", datetime(2026, 1, 1), dayfirst=region != "US")
