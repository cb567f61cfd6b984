"""Searches: days that are named by a bound or a choice, as in "by Friday" or "any day but Monday".

`when` asks about such words, for no one day is meant. A search for free times needs none.
"""

import re
from datetime import date, datetime, timedelta

from . import languages
from .lexicon import WEEKDAYS, listed
from .meaning import Days, NotUnderstood, Reason, When
from .moments import when
from .words import LONGEST, normal

_DAY = timedelta(days=1)
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_BOUNDS = (
    # The pattern, and which end it sets; the day itself is within but for "after" and "before".
    (r"\b(?:on or before|no later than|not later than|by|until|till|up to|through)\b", "latest", 0),
    (r"\bbefore\b", "latest", -1),
    (r"\b(?:on or after|no earlier than|no sooner than|not before|starting(?: on| from)?|from"
     r"|beginning|as of|since)\b", "earliest", 0),
    (r"\b(?:any ?time after|later than|after)\b", "earliest", 1),
)  # fmt: skip
_BOUND = re.compile("|".join(f"(?P<{end}_{abs(step)}>{words})" for words, end, step in _BOUNDS))
_STEPS = {"latest_0": 0, "latest_1": -1, "earliest_0": 0, "earliest_1": 1}
_EXCLUDED = re.compile(
    r"\b(?:but(?: not)?|except(?: for| on)?|excluding|other than|besides|apart from|not(?: on)?"
    r"|anything but)\b(?! before)"
)
_ANY = re.compile(
    r"\b(?:any ?(?:day|time|thing)|whenever|something|anything|please|i'm free|i can|can you"
    r"|do you have|have you got|sometime|some ?time|at the latest|onwards?|or later|or earlier)"
    r"(?![\w'])"
)
_CHOICE = re.compile(r",? (?:or|and)(?: maybe)? |, ")
_WORKDAYS = re.compile(r"\b(?:any |on )?(?:a )?(?:week ?days?|work ?days?|business days?)\b")
_LEFT = frozenset(listed("a the on day in for me us i we would"))


def days_in(text: str, *, now: datetime, region: str) -> Days:
    """The days to search. Raises NotUnderstood when the words leave none that is certain.

    A choice of up to three days, a first and a last day, weekdays, and days left out.
    """
    plain = normal(text[: LONGEST + 1])
    if len(plain) > LONGEST:
        raise NotUnderstood("day", Reason.TOO_LONG)
    english = languages.in_english(plain)
    said = _ANY.sub(" ", plain if english is None else english).strip(" ,.?!")
    bounds = list(_BOUND.finditer(said))
    if bounds:
        return _bounded(said, bounds, now=now, region=region)
    if excluding := _EXCLUDED.search(said):
        return _excluding(said, excluding, now=now, region=region)
    if _WORKDAYS.search(said):
        _refuse_the_rest(_WORKDAYS.sub(" ", said))
        return Days(weekdays=frozenset(range(5)))
    return Days(named=tuple(dict.fromkeys(_day(part, now, region) for part in _choices(said))))


def _bounded(said: str, bounds: list[re.Match[str]], *, now: datetime, region: str) -> Days:
    """ "From Thursday", "after Monday and before Friday"; each bound with the day behind it."""
    _refuse_the_rest(said[: bounds[0].start()])
    ends: dict[str, date] = {}
    edges = [*(match.start() for match in bounds[1:]), len(said)]
    for match, edge in zip(bounds, edges, strict=True):
        group = str(match.lastgroup)
        end = group.partition("_")[0]
        if end in ends:
            raise NotUnderstood("day", Reason.SEVERAL)
        words = re.sub(r"[\s,]+(?:and|but)$", "", said[match.end() : edge].strip(" ,.?!"))
        ends[end] = _day(words, now, region) + _STEPS[group] * _DAY
    found = Days(earliest=ends.get("earliest"), latest=ends.get("latest"))
    if found.earliest and found.latest and found.latest < found.earliest:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return found


def _excluding(said: str, excluding: re.Match[str], *, now: datetime, region: str) -> Days:
    """ "Any day but Wednesday", "next week except Monday"."""
    before, behind = said[: excluding.start()].strip(" ,"), said[excluding.end() :]
    stretch = _stretch(before, now, region)
    weekdays, days = set[int](), set[date]()
    for part in _choices(behind):
        if re.fullmatch(rf"(?:on )?(?:a )?{_WEEKDAY}s?", part) and not stretch.day:
            weekdays.add(WEEKDAYS.index(part.split()[-1].removesuffix("s")))
        else:
            days.add(_inside(_day(part, now, region), stretch))
    return Days(
        earliest=stretch.day,
        latest=stretch.last_day or stretch.day,
        excluded=frozenset(days),
        excluded_weekdays=frozenset(weekdays),
    )


def _stretch(words: str, now: datetime, region: str) -> When:
    """The days a day is left out of; none said are all."""
    if all(word in _LEFT for word in re.findall(r"[\w']+", words)):
        return When()
    found = when(words, now=now, region=region)
    if found.time or found.day is None:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return found


def _inside(day: date, stretch: When) -> date:
    """The weekday that lies in the stretch, as "Monday" in "next week except Monday"."""
    while stretch.day and day < stretch.day:
        day += 7 * _DAY
    return day


def _day(words: str, now: datetime, region: str) -> date:
    found = when(words, now=now, region=region)
    if found.day is None or found.last_day or found.time or found.earliest or found.latest:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return found.day


def _choices(words: str) -> list[str]:
    """The days of "Monday, Wednesday or Friday"; weekdays alone, or dates alone.

    "Wednesday, December 3rd" is one day, which `when` has asked about.
    """
    parts = [part.strip(" .?!") for part in _CHOICE.split(words.removeprefix("either "))]
    kinds = {bool(re.fullmatch(rf"(?:on |this |next )*{_WEEKDAY}s?", part)) for part in parts}
    chosen = len(parts) == 1 or re.search(r" (?:or|and) ", words)
    if not 1 <= len(parts) <= 3 or len(kinds) > 1 or not chosen:
        raise NotUnderstood("day", Reason.SEVERAL)
    return parts


def _refuse_the_rest(words: str) -> None:
    """Raise NotUnderstood for words beside that could change which days are meant."""
    if any(word not in _LEFT for word in re.findall(r"[\w']+", words)):
        raise NotUnderstood("day", Reason.AMBIGUOUS)
