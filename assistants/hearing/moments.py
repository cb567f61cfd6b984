"""Moments: the day and the time a sentence comes to, its facts held against each other."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from . import named_days
from .clocks import CERTAIN_CLOCKS, DAY, HOUR, LIKELY_CLOCKS, Bounds, Clock, at
from .days import (
    DATES,
    DAYS,
    PLACED_DAYS,
    RECKONED_DAYS,
    YEARS,
    Day,
    Moment,
    Span,
    coming_weekday,
    existing,
)
from .durations import DURATION_RULES
from .grammar import Context, Rule, Sentence, any_of
from .meaning import NotUnderstood, Part, Reason, When
from .wishes import PARTS, WISHES, waking
from .words import Number, tokens

T = TypeVar("T")

# The countries whose named days are loaded at start; another's are when first needed.
REGIONS_WARMED = ("US", "GB", "CA", "AU", "NZ", "IE")


def nth(context: Context, day: Number | int) -> int | None:
    number = day.value if isinstance(day, Number) else day
    return number if 1 <= number <= 31 else None


def figure_day(context: Context, day: Number) -> int | None:
    return nth(context, day) if day.digits else None


def nothing(context: Context) -> bool:
    return True


DAYS_OF_SOME_MONTH = (
    Rule("the? day:ordinal (?!counted|unit|half|quarter|last|thing)", "nth", nth),
    Rule("(?<=the) day:number (?!unit|counted|oclock|hundred)", "nth", figure_day),
    Rule("(?<=weekday) day:number (?!(in|at|on) (the|this)? part|ish|dash|to)", "nth", figure_day),
    Rule("(?<=on) day:number (?!part|dash|to)", "nth", figure_day),
)

# What says nothing about when, though it has a number or a length in it.
ASIDES = (
    Rule("(?<!from) for duration", "aside", nothing),
    Rule("a? duration (counted|visit)", "aside", nothing),
    Rule("for? number people", "aside", nothing),
)

GRAMMAR = (
    *DURATION_RULES,
    *YEARS,
    *CERTAIN_CLOCKS,
    *DATES,
    *DAYS,
    *PLACED_DAYS,
    *RECKONED_DAYS,
    *WISHES[:8],
    *DAYS_OF_SOME_MONTH,
    *LIKELY_CLOCKS,
    *WISHES[8:],
    *ASIDES,
)

_FACTS = any_of("day weekday nth span clock bounds part tonight reckoned midnight")
_EXCLUDING = any_of("not other_than")
_RECURRING = any_of("every each weekdays")

# Left over, these are words about a day or a time that were not understood.
_DAY_WORDS = any_of(
    "month year junk slashed triple written dated unit duration weekend ordinal "
    "iso_week_day working weekday_word today named"
)
_TIME_WORDS = any_of("number colon dotted half quarter hundred noon minutes zero few couple oclock")


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
    if said.holds(_DAY_WORDS):
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    if said.holds(_TIME_WORDS):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    if said.holds(_FACTS):
        if said.holds(_EXCLUDING):
            raise NotUnderstood("day", Reason.EXCLUDED)
        if said.holds(_RECURRING):
            raise NotUnderstood("day", Reason.RECURRING)


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
        tonight = bool(said.every("tonight"))
        days = [found for found in reckoned if isinstance(found, Day)] + said.every("day")
        days += [Day(moment.date()) for moment in moments] + [Day(now.date())] * tonight
        bounds = _once(said.every("bounds"))
        parts = [Part(part) for part in said.every("part")] + [Part.NIGHT] * tonight
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
    clock = _clock(facts)
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
        earliest, latest = _times(wish)
        return When(day, last_day, None, None, earliest, latest, part, corrected)
    times = [at(minutes) for minutes in clock.readings()]
    return When(day, last_day, times[0], (*times, None)[1], None, None, part, corrected)


def _day_after(day: date | None, last_day: date | None) -> date:
    """The day that begins when a day ends at 24:00. Alone, 24:00 begins no day we know."""
    if day is None or last_day is not None:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return day + timedelta(days=1)


# --------------------------------------------------------------- the time


def _clock(facts: Facts) -> Clock | None:
    """The one time said, in the half of the day its part allows."""
    if facts.midnight:
        return _midnight(facts)
    if not facts.clocks:
        return None
    if len(facts.clocks) > 1 or any(b.earliest or b.latest for b in facts.bounds if not b.part):
        raise NotUnderstood("time", Reason.SEVERAL)
    found = facts.clocks[0]
    for part in facts.parts:
        inside = found.within(part)
        if inside is None or (
            inside.minutes < 5 * HOUR and part is Part.NIGHT and _on_a_day(facts)
        ):
            raise NotUnderstood("time", Reason.AMBIGUOUS)
        found = inside
    return found


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
    return _halved(Bounds(*(earliest or (None,)), *(latest or (None,))), facts.parts)


def _parts_of_day(parts: Iterable[Part]) -> Bounds:
    """From where the first part begins to where the last one ends."""
    known = [PARTS[part] for part in Part if part in tuple(parts)]
    return Bounds(known[0].earliest, known[-1].latest) if known else Bounds()


def _halved(wish: Bounds, parts: tuple[Part, ...]) -> Bounds:
    """The bounds with their halves of the day."""
    earliest, latest = (
        (clock and len(parts) == 1 and clock.within(parts[0])) or clock
        for clock in (wish.earliest, wish.latest)
    )
    if earliest is None or latest is None:
        return Bounds(
            earliest and Clock(earliest.by_day(), certain=True),
            latest and Clock(latest.by_day(), certain=True),
        )
    both = waking(earliest, latest)
    if both is None:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return Bounds(*both)


def _times(wish: Bounds) -> tuple[time | None, time | None]:
    return (
        wish.earliest.time() if wish.earliest else None,
        wish.latest.time() if wish.latest else None,
    )


def _beginnings(clock: Clock | None, wish: Bounds) -> tuple[int, ...]:
    """The minutes of today at which what was asked for could begin, if a time was named."""
    if clock:
        return clock.readings()
    return (wish.earliest.minutes,) if wish.earliest and wish.latest else ()


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
        return facts.spans[0].first, facts.spans[0].last
    if facts.days_of_month:
        return _agreeing(_coming_day(facts.days_of_month[0], today), facts), None
    if facts.weekdays:
        return coming_weekday(facts.weekdays[0], today, today_too=later_today), None
    return None, None


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


def _coming_day(number: int, today: date) -> date:
    """The next time a day of the month comes, today included, in this month or the next."""
    past = number < today.day
    year, month = divmod(today.year * 12 + today.month - 1 + past, 12)
    found = existing(year, month + 1, number)
    if found is None:
        raise NotUnderstood("day", Reason.NO_SUCH_DAY)
    return found


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

    For measuring: one reading of an open half of the day, and no stretches or wishes.
    `dayfirst` selects Britain, else the United States.
    """
    try:
        found = when(text, now=now, region="GB" if dayfirst else "US")
    except NotUnderstood:
        return None, None
    return (None if found.last_day else found.day), found.time


def warm() -> None:
    """Load what is slow to load: once, at start, before the workers are forked."""
    for region in REGIONS_WARMED:
        named_days.load(region)
        date_and_time("Christmas at noon", datetime(2026, 1, 1), dayfirst=region != "US")
