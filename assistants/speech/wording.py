"""Wording: days, times, names and lists as a voice should say them, in the current org's manner."""

import re
from calendar import day_name
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from assistants import hearing
from assistants.hearing import zones
from assistants.hearing.countries import MONTH_FIRST
from assistants.tools import catalogue
from bookings.availability import slots
from bookings.availability.slots import Slot
from bookings.preferences import Preference
from tenants import organizations

if TYPE_CHECKING:
    import inflect

LONGEST = 350
LONGEST_NAME = 60
# What may be said aloud of a name on record: letters, as in Anne-Marie or D'Arcy.
WORD_OF_A_NAME = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
LONGEST_WORD_OF_A_NAME = 30
MOST_WORDS_OF_A_NAME = 4
SAY_MONTH_FIRST = {*MONTH_FIRST, "CA"}


def spelled(digits: str) -> str:
    """Digits one by one, as a voice should say them."""
    return " ".join(digits).replace("+", "plus")


def moment(instant: datetime, now: datetime) -> str:
    """“Thursday, December 3 at 2:30 PM”, in the org's time."""
    day = instant.astimezone(slots.zone_of(now)).date()
    return f"{near_day(day, now)} at {clock(instant, now)}"


def full_day(day: date) -> str:
    """“Thursday, December 3, 2026”, day first where the org's country says it so."""
    if organizations.current().phone_region in SAY_MONTH_FIRST:
        return f"{day:%A}, {day:%B} {day.day}, {day.year}"
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def near_day(day: date, now: datetime, *, whole: bool = False) -> str:
    """The day in words, with “today” or the like if it is near. An obvious year is left out unless
    the day is to be `whole`: a day in almost a year would be taken for one of these weeks."""
    told = full_day(day)
    if not whole and 0 <= (day - now.date()).days < OBVIOUS_YEAR:
        told = told.removesuffix(f"{day.year}").rstrip(", ")
    return f"{NEAR.get((day - now.date()).days, '')}{told}"


NEAR = {0: "today, ", 1: "tomorrow, "}
OBVIOUS_YEAR = 330  # days


def on_day(day: date, now: datetime, *, whole: bool = False) -> str:
    """“on Thursday, December 3”, “tomorrow, Tuesday, November 24”."""
    told = near_day(day, now, whole=whole)
    return told if told.startswith(tuple(NEAR.values())) else f"on {told}"


def on_days(days: Sequence[date], now: datetime) -> str:
    """“tomorrow, Tuesday, November 24 or on Friday, November 27”."""
    is_near = any((day - now.date()).days in NEAR for day in days)
    if is_near:
        return listed([on_day(day, now) for day in days])
    return f"on {listed([near_day(day, now) for day in days])}"


def clock(instant: datetime, now: datetime) -> str:
    """“2:30 PM”. A time the clocks show twice that day says which of the two it is."""
    local = instant.astimezone(slots.zone_of(now))
    zone = ""
    if hearing.is_repeated(local.date(), local.time(), zone=slots.zone_of(now)):
        zone = f" {zones.words_for_repeated(local)}"
    return f"{time_of_day(local.time())}{zone}"


def on_moment(instant: datetime, now: datetime) -> str:
    """“on Thursday, December 3 at 2:30 PM”, in the org's time."""
    day = instant.astimezone(slots.zone_of(now)).date()
    return f"{on_day(day, now)} at {clock(instant, now)}"


A_WEEKDAY, A_WEEKEND = frozenset(range(5)), frozenset({5, 6})
MOST_WEEKDAYS_NAMED, MOST_DAYS_NAMED = 4, 2


def wish_words(wish: Preference, now: datetime) -> str:
    """“on a weekday by Thursday, December 24 from 3:00 PM on”: what was understood, or "" for any
    time. It is in our words, and repeats none of the caller's."""
    said = (weekdays_words(wish.weekdays), days_words(wish, now), hours_words(wish))
    told = " ".join(words for words in said if words)
    if not wish.excluded:
        return told
    days = sorted(wish.excluded)
    left_out = on_days(days, now)
    if len(days) > MOST_DAYS_NAMED and (days[-1] - days[0]).days == len(days) - 1:
        left_out = f"between {near_day(days[0], now)} and {near_day(days[-1], now)}"
    return f"{told} but not {left_out}" if told else f"on any day but not {left_out}"


def weekdays_words(weekdays: frozenset[int]) -> str:
    if not weekdays:
        return ""
    if weekdays in (A_WEEKDAY, A_WEEKEND):
        return "on a weekday" if weekdays == A_WEEKDAY else "on a weekend"
    if len(weekdays) > MOST_WEEKDAYS_NAMED:
        left_out = [day for day in range(7) if day not in weekdays]
        return f"on any day but {listed([day_name[day] for day in left_out])}"
    return f"on a {listed([day_name[day] for day in sorted(weekdays)])}"


def days_words(wish: Preference, now: datetime) -> str:
    first, last = wish.first_day, wish.last_day
    if wish.days:
        return on_days(sorted(wish.days), now)
    if first and last:
        return f"between {near_day(first, now)} and {near_day(last, now)}"
    if first:
        return f"from {near_day(first, now)} on"
    return f"by {near_day(last, now)}" if last else ""


def hours_words(wish: Preference) -> str:
    parts = listed(
        ["at night" if part.name == "night" else f"in the {part.name}" for part in wish.parts]
    )
    earliest, latest = wish.earliest and time_of_day(wish.earliest), wish.latest
    includes_end = latest is not None and latest.minute % 5 == 1  # a minute was added
    end = latest and time_of_day(latest.replace(minute=latest.minute - includes_end))
    if earliest and end:
        clock_words = f"between {earliest} and {end}"
    elif earliest:
        clock_words = f"from {earliest} on"
    else:
        clock_words = f"{'by' if includes_end else 'before'} {end}" if end else ""
    return " ".join(filter(None, [parts, clock_words]))


def time_of_day(at: time) -> str:
    """“2:30 PM”."""
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def by_day(found: Iterable[Slot], now: datetime) -> list[str]:
    """“Friday, December 4 at 9:00 AM or 9:30 AM”, a day at a time."""
    days: dict[date, list[str]] = {}
    for slot in found:
        local = slot.start.astimezone(slots.zone_of(now))
        days.setdefault(local.date(), []).append(clock(slot.start, now))
    return [f"{near_day(day, now)} at {listed(times)}" for day, times in days.items()]


def listed(items: Sequence[str], *, word: str = "or", separator: str = ", ") -> str:
    """“a”, “a or b”, “a, b, or c”; the first ones only when they would not fit in a sentence."""
    items = list(items)
    while len(items) > 1 and sum(map(len, items)) > LONGEST - 150:
        items = items[:-1]
    if len(items) < 2 or (len(items) == 2 and separator == ", "):
        return f" {word} ".join(items)
    return separator.join([*items[:-1], f"{word} {items[-1]}"])


def counted(items: Sequence[str], *, word: str = "or") -> tuple[str, int]:
    """“a; b; and two more”, and how many those are: what there is no room for is counted."""
    told = list(items)
    while len(told) > 1 and len("; ".join(told)) > LONGEST - 110:
        told = told[:-1]
    left = len(items) - len(told)
    if not left:
        return listed(told, word=word, separator="; "), 0
    return f"{'; '.join(told)}; and {english().number_to_words(str(left))} more", left


def names(items: Iterable[str]) -> str:
    return listed([clip(item) for item in items])


# The letters whose names begin with a vowel: an MRI, an STI test, but a UV light.
VOWEL_NAMES = frozenset("AEFHILMNORSX")
LONGEST_SPELLED = 3


@lru_cache(maxsize=4096)
def article(service: str) -> str:
    """“a root canal”, “an x-ray”, “a general practice visit”. Names of services are staff's own;
    only the first letter is made small."""
    name = clip(service)
    is_a_word = name[:2].istitle() and not name[1:2].isdigit()
    if is_a_word or len(name) == 1:
        name = name[0].lower() + name[1:]
    what = f"{name} visit" if is_uncounted(name) else name
    return f"{indefinite(name)} {what}"


# How words end that name a field of medicine, or a thing there are not several of.
UNCOUNTED = (
    "ology", "ics", "therapy", "medicine", "iatry", "istry", "practice", "care", "hygiene",
    "counselling", "counseling", "acupuncture", "nutrition", "health", "pathy", "botox",
)  # fmt: skip


def is_uncounted(name: str) -> bool:
    """“General practice”, “orthopaedics”, “blood tests”: nobody has one of these."""
    last = name.casefold().split()[-1]
    is_plural = last.endswith("s") and not last.endswith(("ss", "us", "is"))
    return last.endswith(UNCOUNTED) or (is_plural and last.isalpha())


Function = TypeVar("Function")


@cache
def english() -> "inflect.engine":
    """Loaded when it is first needed. inflect has typeguard check the arguments of its functions,
    for which each is compiled anew; that takes seconds, and it is only given texts here."""
    import typeguard

    checker: Any = typeguard
    checking, checker.typechecked = checker.typechecked, unchecked
    try:
        import inflect
    finally:
        checker.typechecked = checking
    return inflect.engine()


def unchecked(function: Function) -> Function:
    return function


def indefinite(name: str) -> str:
    """“a” or “an”, by how the first word is said: a number, letters one by one, or a word."""
    first = next(iter(name.replace("-", " ").split()), "")
    if first.isdecimal():
        first = str(english().number_to_words(first))
    elif first.isupper() and len(first) <= LONGEST_SPELLED and not is_shouted(name):
        return "an" if first[0] in VOWEL_NAMES else "a"
    return str(english().a(first)).partition(" ")[0] if first else "a"


def is_shouted(name: str) -> bool:
    """Whether several words are written in capitals, so that a short one need not be letters."""
    return name.isupper() and len(name.split()) > 1


def clip(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def is_sayable(name: str) -> bool:
    """Whether a name on record may be said aloud: few words of letters, and none is a title.

    Callers gave it, and it could be more than a name.
    """
    said = name.split()
    words_are_plain = all(
        WORD_OF_A_NAME.fullmatch(word) and len(word) <= LONGEST_WORD_OF_A_NAME for word in said
    )
    return words_are_plain and len(said) <= MOST_WORDS_OF_A_NAME and not catalogue.has_title(name)


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def one_line(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
