"""Moments: the day and the time of a sentence, found by comparing all its facts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, TypeVar

from . import zones
from .clocks import DAY, HOUR, Bounds, Clock, at
from .dates import Day
from .days import Moment, coming_weekday, numbered_in
from .grammar import Context, Sentence
from .meaning import NotUnderstood, Part, Reason, When
from .sentences import sentence
from .spans import Span
from .wishes import PARTS, waking

T = TypeVar("T")

_MONTHS_TO_LOOK = 3  # months to look ahead for one in which the weekday has the number said
_NIGHT_ENDS = 5 * HOUR
_TOO_LATE = 21 * HOUR  # for "at ten" beside "after three" to mean that evening


def when(text: str, *, now: datetime, region: str) -> When:
    """What a text says about a day and a time.

    `now` is the org's local time, `region` its country (ISO 3166, "US"). Raises NotUnderstood
    if the text says nothing, more than one thing or something impossible.
    """
    local = now.replace(tzinfo=None)
    facts = Facts.of(sentence(text, Context(local, region, now.tzinfo)), local)
    if facts == Facts():
        raise NotUnderstood("day", Reason.NOTHING_HEARD)
    return replace(_combined(facts, local), zone=zones.named(text))


def date_and_time(
    text: str, now: datetime, dayfirst: bool = False
) -> tuple[date | None, time | None]:
    """The day and the time of a text, (None, None) when it is not understood.

    For measurements only. If am or pm was not said, one reading is returned; a period of days is
    not; a part of the day alone is returned as the hour at which it begins, since a pair cannot
    express it otherwise. `dayfirst` selects Britain, else the United States.
    """
    try:
        found = when(text, now=now, region="GB" if dayfirst else "US")
    except NotUnderstood:
        return None, None
    if found.day is None and found.time is None and found.part:
        return None, found.earliest
    return (None if found.last_day else found.day), found.time


class Facts(NamedTuple):
    """The facts of a sentence, sorted by kind, each of them once."""

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
        minutes > now.hour * HOUR + now.minute for minutes in _times_named(clock, facts)
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
    """The wish in the daytime; and the other reading too, if am or pm was not said."""
    earliest, latest = _halved(wish)
    found = replace(rest, earliest=earliest, latest=latest)
    if any(clock.certain for clock in (wish.earliest, wish.latest) if clock):
        return found
    other_earliest, other_latest = (
        time((end.hour + 12) % 24, end.minute) if end else None for end in (earliest, latest)
    )
    return replace(found, other_earliest=other_earliest, other_latest=other_latest)


def _day_after(day: date | None, last_day: date | None) -> date:
    """The day that begins at 24:00 of a day. Without a day, 24:00 names none."""
    if day is None or last_day is not None:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return day + timedelta(days=1)


# --------------------------------------------------------------- the time


def _clock(facts: Facts, now: datetime) -> Clock | None:
    """The one time said, as am or pm if the part of the day decides it."""
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
    """Raise NotUnderstood for "tonight at one", unless that night has begun.

    Some people count the hours after midnight to the day before, others to the day after.
    """
    tonight = facts.days == (Day(now.date()),) and now.hour * HOUR + now.minute < clock.minutes
    if _on_a_day(facts) and not tonight:
        raise NotUnderstood("time", Reason.AMBIGUOUS)


def _inside(clock: Clock, facts: Facts) -> Clock:
    """The time, if it lies in the period said beside it ("at lunchtime, at 12")."""
    periods = [bounds for bounds in facts.bounds if not bounds.part]
    if not periods:
        return clock
    earliest, latest = _halved(_wish(facts))
    fitting = [
        minutes
        for minutes in clock.readings()
        if (earliest or time.min) <= at(minutes) < (latest or time.max)
    ]
    if len(fitting) == len(clock.readings()) > 1:
        return clock
    if len(fitting) != 1 or fitting[0] >= _TOO_LATE > clock.by_day():
        raise NotUnderstood("time", Reason.SEVERAL)
    if not earliest and fitting[0] != clock.by_day():
        raise NotUnderstood("time", Reason.SEVERAL)
    return Clock(fitting[0], certain=True)


def _midnight(facts: Facts) -> Clock:
    """Midnight without a day. With one it is ambiguous: the day may begin or end with it."""
    if facts.clocks or _on_a_day(facts):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return Clock(0, certain=True)


def _on_a_day(facts: Facts) -> bool:
    return bool(facts.days or facts.weekdays or facts.days_of_month or facts.spans)


def _wish(facts: Facts) -> Bounds:
    """The period of the day asked for, from all that was said about it."""
    precise = [b for b in facts.bounds if not b.part] or list(facts.bounds)
    if not precise:
        return _parts_of_day(facts.parts)
    earliest = _once(b.earliest for b in precise if b.earliest)
    latest = _once(b.latest for b in precise if b.latest)
    if not latest and len(precise) == 2:  # "I get off at 3, so after 3:30": both hold
        return Bounds(_in_part(max(earliest, key=Clock.by_day), facts.parts))
    if len(earliest) > 1 or len(latest) > 1:
        raise NotUnderstood("time", Reason.SEVERAL)
    first, end = (*earliest, None)[0], (*latest, None)[0]
    return Bounds(_in_part(first, facts.parts), _in_part(end, facts.parts))


def _parts_of_day(parts: Iterable[Part]) -> Bounds:
    """The hours from the beginning of the first part to the end of the last one."""
    known = [PARTS[part] for part in Part if part in tuple(parts)]
    return Bounds(known[0].earliest, known[-1].latest) if known else Bounds()


def _in_part(clock: Clock | None, parts: tuple[Part, ...]) -> Clock | None:
    """One end of a wish, as am or pm if the part of the day beside it decides it."""
    return (clock and len(parts) == 1 and clock.within(parts[0])) or clock


def _halved(wish: Bounds) -> tuple[time | None, time | None]:
    """Both ends of a wish in the daytime, unless an am or pm at one end decides the other."""
    if wish.earliest is None or wish.latest is None:
        first, end = wish.earliest, wish.latest
        return first and at(first.by_day()), end and at(end.by_day())
    both = waking(wish.earliest, wish.latest)
    if both is None:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return both[0].time(), both[1].time()


def _times_named(clock: Clock | None, facts: Facts) -> list[int]:
    """The minutes of a day at which the visit could begin; none for a part of the day.

    If am or pm was not said, the time in the daytime: "Wednesday at 9", said on a
    Wednesday at ten, is not that evening's.
    """
    if clock:
        return [clock.minutes if clock.certain else clock.by_day()]
    periods = [b for b in facts.bounds if b.latest and not b.part]
    return [bounds.earliest.by_day() for bounds in periods if bounds.earliest]


# --------------------------------------------------------------- the day


def _days(facts: Facts, today: date, later_today: bool) -> tuple[date | None, date | None]:
    """The day, or the first and last day, that fits all the words about days."""
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
    """The period without its past days; a period that is over stays as it was."""
    over = span.first < today <= span.last
    return (today if over else span.first), span.last


def _agreeing(day: date, facts: Facts) -> date:
    """The day, if every other word about a day fits it."""
    if any(weekday != day.weekday() for weekday in facts.weekdays):
        raise NotUnderstood("day", Reason.WEEKDAY_DISAGREES, day=day)
    if any(number != day.day for number in facts.days_of_month):
        raise NotUnderstood("day", Reason.SEVERAL)
    if any(not span.first <= day <= span.last for span in facts.spans):
        raise NotUnderstood("day", Reason.SEVERAL)
    return day


def _within(span: Span, facts: Facts) -> date:
    """The one day of the period with that weekday and number."""
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
    fourth is only one weekday away, a mistake is likelier than another month, so we ask.
    """
    number = facts.days_of_month[0]
    nearest = numbered_in(today, number, months=number < today.day)
    if nearest is None and not facts.weekdays:
        raise NotUnderstood("day", Reason.NO_SUCH_DAY)
    if not facts.weekdays or (nearest and nearest.weekday() == facts.weekdays[0]):
        return _agreeing(nearest or today, facts)
    months = range(number < today.day, _MONTHS_TO_LOOK + 1)
    days = [day for month in months if (day := numbered_in(today, number, months=month))]
    off = (days[0].weekday() - facts.weekdays[0]) % 7
    fitting = [day for day in days if day.weekday() == facts.weekdays[0]]
    if not fitting or off in (1, 6):
        raise NotUnderstood("day", Reason.WEEKDAY_DISAGREES, day=days[0])
    return fitting[0]
