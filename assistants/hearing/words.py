"""Words: a sentence taken apart into tokens, with numbers read and fillers dropped."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from . import languages, named_days
from .countries import MONTH_FIRST
from .grammar import Number, Token
from .lexicon import (
    FILLERS,
    LEXICON,
    NUMBERS,
    ORDINAL_UNITS,
    ORDINALS,
    TEENS,
    TENS,
    UNITS,
)
from .meaning import NotUnderstood, Reason, Subject
from .spellings import respelled

LONGEST = 500  # characters, about a hundred words: no date is longer, and it bounds the work


class Pair(NamedTuple):
    """Two numbers with one sign between ("3/4", "8.30"): a date, a time or a fraction."""

    first: int
    second: int
    second_digits: int
    closed: bool  # a full stop follows, as in the date "26.9."


class Triple(NamedTuple):
    """Three numbers with the same sign between: a date in one of its orders."""

    numbers: tuple[int, int, int]
    digits: tuple[int, int, int]
    sign: str


class Colon(NamedTuple):
    """Hour and minute written with a colon; 24 is kept, for midnight at the end of a day."""

    hour: int
    minute: int
    digits: int  # of the hour: "09:30" is a 24-hour time, "9:30" may be am or pm


class Written(NamedTuple):
    """A date whose order is certain, as in ISO 8601 ("2026-12-03", "20261203")."""

    year: int
    month: int
    day: int


# Without "T" or seconds, "14:00-15:00" is a period.
_OFFSET_HOURS = r"(?:0\d|1[0-4]):?[0-5]\d(?!\d)"
_OFFSET = rf"(?:\s?z\b|\s?[+-]{_OFFSET_HOURS})"
_TENS = "|".join(TENS)
_BELOW_TEN = "|".join(UNITS)
_BELOW_TWENTY = "|".join(UNITS + TEENS + TENS)
_ORDINAL_BELOW_TEN = "|".join(ORDINAL_UNITS)

_TOKEN = re.compile(
    rf"""
      (?P<stamp>(?<!\d)\d{{4}}-\d\d?-\d\d?
          (?:(?:t|,?[\s_:-]\s?|,)\d\d:?\d\d:?\d\d(?:[.,]\d{{1,9}})?(?:{_OFFSET}|[+-]\d\d(?![\d:]))?
          |(?:t\d\d:?\d\d|t\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?|t\d\d)
              (?:{_OFFSET}|[+-](?:0\d|1[0-4])(?![\d:]))?
          |\s\d\d:\d\d\s-0\d[03]0\b
          |(?:,?[\s_:-]\s?|,)\d\d:?\d\d(?:\s?z\b|\s?\+{_OFFSET_HOURS})?)
          (?:\[[a-z/_+-]{{1,40}}\])?(?![\d:]))
    | (?P<far_year>(?<!\d)(?:\d{{5,9}}[-/]\d\d?[-/]\d\d?|\d\d?[-/]\d\d?[-/]\d{{5,9}})(?![\d/-]))
    | (?P<basic>(?<!\d)\d{{8}}(?:[t_-]?\d{{4}}(?:\d\d(?:\.\d{{1,9}})?)?{_OFFSET}?)?
          (?![\d:/-]|[.,]\d))
    | (?P<iso_week>(?<!\d)\d{{4}}-?w\d\d(?:-?\d)?(?!\d)(?:t\d\d:?\d\d)?)
    | (?P<triple>(?<![\d.,/:-])\d{{1,4}}(?P<sign>[-/.])\d{{1,2}}(?P=sign)\d{{1,4}}
          (?=[-:t]\d\d?:\d\d|(?![-/:,]?\d)))
    | (?P<junk>\d+,\d\d\d(?!\d)|\d+(?:[-/.,]\d+){{3,20}})
    | (?P<colon>(?<!\d)\d\d?:\d\d(?::\d\d(?:[.,]\d{{1,9}})?{_OFFSET}?|z\b|\+\d\d:\d\d)?(?![:\d]))
    | (?P<slashed>(?<!\d)\d\d?/\d\d?(?![/\d]))
    | (?P<dotted>(?<!\d)\d\d?\.\d\d?(?![\d])(?P<stop>\.(?!\d))?)
    | (?P<ordinal>\d+\s?(?:st|nd|rd|th)\b)
    | (?P<number>\d+)
    | (?P<apostrophe_year>(?<!\w)'\d\d\b(?![:.]\d))
    | (?P<tens>(?P<tens_first>{_TENS})[\s-]*
          (?:(?P<tens_unit>{_BELOW_TEN})|(?P<tens_nth>{_ORDINAL_BELOW_TEN}))\b)
    | (?P<thousand>(?:two|a)\ thousand(?:\ and)?(?:\ (?P<thousand_rest>{_BELOW_TWENTY})
          (?:[\s-](?P<thousand_unit>{_BELOW_TEN}))?)?\b)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<mark>[-@/~&;])
    """,
    re.VERBOSE,
)

_PAUSE = re.compile(r"\s?\.{2,}(?!\d)")


def normal(text: str) -> str:
    """The text in one spelling: NFKC, lower case, single spaces, a comma for "..."."""
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    return _PAUSE.sub(",", plain) if ".." in plain else plain


def tokens(text: str, *, region: str, subject: Subject) -> Iterator[Token]:
    """The words of a text on days and times. Raises NotUnderstood if it is too long."""
    plain = normal(text[: LONGEST + 1])
    if len(text) > LONGEST or len(plain) > LONGEST:  # one letter may stand for eighteen
        raise NotUnderstood(subject, Reason.TOO_LONG)
    english = languages.in_english(plain)
    if english is not None:
        refuse_either_order(english, region)
    spelled = respelled(plain if english is None else english)
    done = 0
    for match in named_days.pattern(region).finditer(spelled):
        yield from _tokens(spelled[done : match.start()])
        yield Token("named", named_days.named(match[0], region))
        done = match.end()
    yield from _tokens(spelled[done:])


def refuse_either_order(english: str, region: str) -> None:
    """Raise NotUnderstood for "3/12" in another language, in a country with the month first.

    The speaker's language puts the day first and the country does not, so both may be meant.
    """
    for first, second in re.findall(r"(?<![\d/])(\d\d?)/(\d\d?)(?![\d])", english):
        if region in MONTH_FIRST and first != second and max(int(first), int(second)) <= 12:
            raise NotUnderstood("day", Reason.AMBIGUOUS)


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        group = str(match.lastgroup)
        if group in ("word", "mark"):
            word = match[0]
            if word not in FILLERS:
                yield LEXICON.get(word) or Token("other", word)
        else:
            yield from _READERS[group](match)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _stamp(match: re.Match[str]) -> Iterator[Token]:
    year, month, day, *clock = _figures(match[0])
    yield Token("written", Written(int(year), int(month), int(day)))
    clock[0] = clock[0].zfill(2 if len(clock[0]) < 3 else 4)  # "T9:30"; but "T0930"
    yield from _twenty_four_hours("".join(clock).ljust(4, "0"))


def _basic(match: re.Match[str]) -> Iterator[Token]:
    day, clock, *_ = *_figures(match[0]), ""
    day, clock = day[:8], day[8:] + clock
    yield Token("written", Written(int(day[:4]), int(day[4:6]), int(day[6:])))
    if clock:
        yield from _twenty_four_hours(clock)


def _twenty_four_hours(clock: str) -> Iterator[Token]:
    """The time beside an ISO date; seconds and offset are ignored.

    00:00 is ignored too: models write it when they have a date and no time.
    """
    if clock[:4] != "0000":
        yield Token("colon", Colon(int(clock[:2]), int(clock[2:4]), 4))


def _far_year(match: re.Match[str]) -> Iterator[Token]:
    yield Token("far_year", None)


def _iso_week(match: re.Match[str]) -> Iterator[Token]:
    week, _, clock = match[0].partition("t")
    numbers = re.sub(r"\D", "", week)
    try:
        monday = date.fromisocalendar(int(numbers[:4]), int(numbers[4:6]), 1)
    except ValueError:
        yield _JUNK
        return
    weekday = int(numbers[6:] or 0)
    if not weekday:
        yield Token("iso_week", monday)
    elif weekday <= 7:
        yield Token("iso_week_day", monday + timedelta(days=weekday - 1))
        if clock:
            yield from _twenty_four_hours(clock.replace(":", ""))
    else:
        yield _JUNK


def _triple(match: re.Match[str]) -> Iterator[Token]:
    parts = _figures(match[0])
    first, second, third = (int(part) for part in parts)
    one, two, three = (len(part) for part in parts)
    yield Token("triple", Triple((first, second, third), (one, two, three), match["sign"]))


def _colon(match: re.Match[str]) -> Iterator[Token]:
    """Hour and minute; with seconds a program wrote them, so they are a 24-hour time."""
    hour, minute, *seconds = _figures(match[0])
    yield Token("colon", Colon(int(hour), int(minute), 4 if seconds else len(hour)))


def _pair(match: re.Match[str]) -> Iterator[Token]:
    first, second = _figures(match[0])
    closed = match["stop"] is not None
    yield Token(str(match.lastgroup), Pair(int(first), int(second), len(second), closed))


def _number(match: re.Match[str]) -> Iterator[Token]:
    yield Token("number", Number(int(match[0][:9]), len(match[0])))


def _ordinal(match: re.Match[str]) -> Iterator[Token]:
    yield Token("ordinal", int(_figures(match[0])[0][:9]))


def _apostrophe_year(match: re.Match[str]) -> Iterator[Token]:
    yield Token("year", Number(int(match[0][1:]), 2))


def _tens(match: re.Match[str]) -> Iterator[Token]:
    tens = NUMBERS[match["tens_first"]]
    if match["tens_unit"]:
        yield Token("number", Number(tens + NUMBERS[match["tens_unit"]], 0))
    else:
        yield Token("ordinal", tens + ORDINALS[match["tens_nth"]])


def _thousand(match: re.Match[str]) -> Iterator[Token]:
    rest = NUMBERS.get(match["thousand_rest"] or "", 0)
    unit = NUMBERS.get(match["thousand_unit"] or "", 0)
    yield Token("number", Number(2000 + rest + unit, 4))


def _junk(match: re.Match[str]) -> Iterator[Token]:
    yield _JUNK


_JUNK = Token("junk", None)
_READERS: dict[str, Callable[[re.Match[str]], Iterator[Token]]] = {
    "stamp": _stamp,
    "basic": _basic,
    "far_year": _far_year,
    "iso_week": _iso_week,
    "triple": _triple,
    "junk": _junk,
    "colon": _colon,
    "slashed": _pair,
    "dotted": _pair,
    "ordinal": _ordinal,
    "number": _number,
    "apostrophe_year": _apostrophe_year,
    "tens": _tens,
    "thousand": _thousand,
}
