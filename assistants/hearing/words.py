"""Words: a sentence taken apart into tokens, with numbers read and fillers dropped."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from . import named_days
from .grammar import Token
from .meaning import NotUnderstood, Reason, Subject

LONGEST = 1_000  # characters; nobody says a date in more, and it bounds the work


class Number(NamedTuple):
    """A whole number, and how many digits it was written with (0: it was said in words)."""

    value: int
    digits: int


class Pair(NamedTuple):
    """Two numbers with a sign between ("3/4", "8.30"): a date, a time or a fraction."""

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
    """Hour and minute as written with a colon; 24 is kept, for midnight at a day's end."""

    hour: int
    minute: int
    digits: int  # of the hour: "09:30" is a 24-hour time, "9:30" may be either half


class Written(NamedTuple):
    """A date whose order is certain, as in ISO 8601 ("2026-12-03", "20261203")."""

    year: int
    month: int
    day: int


def listed(words: str) -> list[str]:
    return words.split()


MONTHS = listed(
    "january february march april may june july august september october november december"
)
WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
UNITS = listed("one two three four five six seven eight nine")
TEENS = listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
ORDINAL_UNITS = listed("first second third fourth fifth sixth seventh eighth ninth")
ORDINAL_TEENS = listed(
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth "
    "nineteenth"
)

SMALL_NUMBERS = {word: value for value, word in enumerate(UNITS + TEENS, start=1)}
NUMBERS = SMALL_NUMBERS | {word: 10 * tens for tens, word in enumerate(TENS, start=2)}
ORDINALS = {word: value for value, word in enumerate(ORDINAL_UNITS + ORDINAL_TEENS, start=1)}
ORDINALS |= {"twentieth": 20, "thirtieth": 30}

# Words that carry a meaning alone: kind and value. Whatever is not here, and not a number, is
# a word of the kind "other": it is not looked at, but nothing is read across it.
_LEXICON: dict[str, Token] = {}


def _teach(kind: str, words: str, value: Any = None) -> None:
    for word in words.split():
        _LEXICON[word] = Token(kind, value)


def _teach_calendar() -> None:
    for number, name in enumerate(MONTHS, start=1):
        _teach("month", f"{name} {name[:3]}", number)
    _teach("month", "sept", 9)
    for number, name in enumerate(WEEKDAYS):
        _teach("weekday", f"{name} {name[:3]} {name}'s", number)
        _teach("weekdays", f"{name}s", number)
    _teach("weekday", "tues", 1)
    _teach("weekday", "weds", 2)
    _teach("weekday", "thur thurs", 3)


def _teach_numbers() -> None:
    for word, value in NUMBERS.items():
        _teach("number", word, Number(value, digits=0))
    for word, value in ORDINALS.items():
        _teach("ordinal", word, value)
    _teach("zero", "oh zero o")
    _teach("hundred", "hundred")
    _teach("couple", "couple pair")
    _teach("few", "few several")
    _teach("half", "half")
    _teach("quarter", "quarter")
    _teach("three_quarters", "threequarters")


def _teach_units() -> None:
    _teach("unit", "day days", "day")
    _teach("unit", "week weeks wk wks", "week")
    _teach("unit", "fortnight fortnights", "fortnight")
    _teach("unit", "month months", "month")
    _teach("unit", "year years yr yrs", "year")
    _teach("unit", "hour hours hr hrs", "hour")
    _teach("unit", "minute minutes min mins", "minute")
    _teach("unit", "seconds secs", "second")
    _teach("letter_h", "h")
    _teach("letter_d", "d")
    _teach("weekend", "weekend weekends")
    _teach("working", "business working")
    _teach("weekday_word", "weekday workday")


def _teach_the_clock() -> None:
    _teach("meridiem", "am", "am")
    _teach("meridiem", "pm", "pm")
    _teach("oclock", "o'clock oclock")
    _teach("noon", "noon midday noontime noonish")
    _teach("midnight", "midnight")
    _teach("ish", "ish")
    for part in ("morning", "afternoon", "evening", "night"):
        _teach("part", f"{part} {part}s", part)
    _teach("part", "nite", "night")
    _teach("today_part", "tonight tonite", "night")
    _teach("lunchtime", "lunchtime lunch")
    _teach("work", "work")
    _teach("school", "school")
    _teach("thing", "thing")
    _teach("visit", "appointment slot visit session checkup cleaning meeting consultation call")
    _teach("counted", "available opening openings option choice time open free possible")
    _teach("people", "people persons person guests kids children adults patients")


def _teach_the_small_words() -> None:
    _teach("at", "at @ around about approximately approx roughly circa")
    for word in listed("the of on in for from to and or but now a every each"):
        _teach(word, word)
    _teach("a", "an")
    _teach("or", "either")
    _teach("of", "o'")
    _teach("dash", "- ~")
    _teach("slash", "/")
    _teach("through", "through thru")
    _teach("until", "until till til 'til 'till unto")
    _teach("past", "past")
    _teach("after", "after")
    _teach("before", "before")
    _teach("between", "between betw")
    _teach("since", "since")
    _teach("by", "by")
    _teach("within", "within")
    _teach("than", "than")
    _teach("next", "next following upcoming")
    _teach("this", "this coming current")
    _teach("last", "last previous")
    _teach("final", "final")
    _teach("ago", "ago")
    _teach("hence", "hence")
    _teach("later", "later")
    _teach("earlier", "earlier sooner")
    _teach("latest", "latest")
    _teach("earliest", "earliest")
    _teach("onward", "onwards onward")
    _teach("end", "end")
    _teach("start", "start beginning")
    _teach("middle", "middle mid")
    _teach("early", "early")
    _teach("late", "late")
    _teach("rest", "rest remainder")
    _teach("today", "today today's", 0)
    _teach("today", "tomorrow tomorrow's tomorrows tmrw tmr tomorow tommorow tommorrow", 1)
    _teach("today", "yesterday yesterday's", -1)
    _teach("not", "not never cannot except excluding unless without nor neither instead rather")
    _teach("no", "no")
    _teach("any", "any anything all whole everything entire")


# Said, but saying nothing about when. Dropped, so that "at like uh three" reads "at three".
_FILLERS = frozenset(
    listed(
        "um umm uh uhh uhm er erm err hmm hm mm ah eh like well so please pls maybe perhaps "
        "possibly probably preferably ideally say ok okay yeah yep yes sure hi hello hey thanks "
        "thank you just actually basically literally kinda sorta sometime somewhere right "
        "exactly sharp precisely then also only even my our your more"
    )
)


_teach_calendar()
_teach_numbers()
_teach_units()
_teach_the_clock()
_teach_the_small_words()

_OFFSET = r"(?:\s?z\b|\s?[+-]\d\d:?\d\d(?!\d))"
_TENS = "|".join(TENS)
_BELOW_TEN = "|".join(UNITS)
_BELOW_TWENTY = "|".join(UNITS + TEENS + TENS)
_ORDINAL_BELOW_TEN = "|".join(ORDINAL_UNITS)

_TOKEN = re.compile(
    rf"""
      (?P<stamp>(?<!\d)\d{{4}}-\d\d?-\d\d?(?:t|[\s_:-]\s?)\d\d:?\d\d
          (?::?\d\d(?:[.,]\d{{1,9}})?)?{_OFFSET}?(?:\[[a-z/_+-]{{1,40}}\])?(?![\d:]))
    | (?P<basic>(?<!\d)\d{{8}}(?:[t_]\d{{4}}(?:\d\d(?:\.\d{{1,9}})?)?{_OFFSET}?)?(?![\d:.,/-]))
    | (?P<iso_week>(?<!\d)\d{{4}}-?w\d\d(?:-?\d)?(?!\d))
    | (?P<triple>(?<![\d.,/:-])\d{{1,4}}(?P<sign>[-/.])\d{{1,2}}(?P=sign)\d{{1,4}}
          (?=[-:t]\d\d?:\d\d|(?![-/:,]?\d)))
    | (?P<junk>\d+,\d\d\d(?!\d)|\d+(?:[-/.,]\d+){{3,20}})
    | (?P<colon>(?<!\d)\d\d?:\d\d(?::\d\d(?:[.,]\d{{1,9}})?{_OFFSET}?|z\b|\+\d\d:\d\d)?(?![:\d]))
    | (?P<slashed>(?<!\d)\d\d?/\d\d?(?![/\d]))
    | (?P<dotted>(?<!\d)\d\d?\.\d\d?(?![\d])(?P<stop>\.(?!\d))?)
    | (?P<ordinal>\d+\s?(?:st|nd|rd|th)\b)
    | (?P<number>\d+)
    | (?P<apostrophe_year>(?<!\w)'\d\d\b)
    | (?P<tens>(?:{_TENS})[\s-]+
          (?:(?P<tens_unit>{_BELOW_TEN})|(?P<tens_nth>{_ORDINAL_BELOW_TEN}))\b)
    | (?P<thousand>(?:two|a)\ thousand(?:\ and)?(?:\ (?P<thousand_rest>{_BELOW_TWENTY})
          (?:[\s-](?P<thousand_unit>{_BELOW_TEN}))?)?\b)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<mark>[-@/~&])
    """,
    re.VERBOSE,
)

_SPELLINGS = (
    (re.compile(r"[\u2018\u2019\u02bc\u00b4`]"), "'"),
    (re.compile(r"[\u2010-\u2015\u2212]"), "-"),
    (re.compile(r"\b(?:i|you|we|they|he|she|it)(?: a|'|)m\b"), "i "),
    (re.compile(r"\bo\s?[\"'\s]\s?clock\b"), "o'clock"),
    # "p . m .", "p.m.", "p m"; a lone letter only after a figure: "3p", "9 a."
    (re.compile(r"(?<![a-z'])([ap])\s?\.?\s?m\b(?!')\.?"), r" \1m "),
    (re.compile(r"(?<=\d)\.?([ap])\b\.?(?!')"), r" \1m "),
    (re.compile(r"\bin the future\b"), "hence"),
    (re.compile(r"\bweek-end"), "weekend"),
    (re.compile(r"\b(mid)[\s-]?(day|night)\b"), r"\1\2"),
    (re.compile(r"\b(mid|late|early)(?=morning|afternoon|evening|week)"), r"\1 "),
    (re.compile(r"\bthree[\s-]quarters\b"), "threequarters"),
    (re.compile(r"(?<=[a-z])-(?=[a-z])"), " "),
    (re.compile(rf"\b({'|'.join(SMALL_NUMBERS)})ish\b"), r"\1 ish"),
    # Words that are months and days in other sentences.
    (re.compile(r"\bmay (?=(?:i|we|you|she|he|they|be|not|have|need|come|want|also)\b)"), ""),
    (re.compile(r"\b(i|we|you|she|he|they|who) (?:may|march|sat)\b(?! \d)"), r"\1"),
    (re.compile(r"\bthe sun\b"), ""),
    # Politeness with a "not" in it that denies nothing, and a "by" that is no limit.
    (re.compile(r"\bno[,.] |\bwhy (?:don'?t|not)\b|\b(?:don'?t|do not|wouldn'?t) mind\b"), " "),
    (re.compile(r"\b(come|drop|stop|swing|pop|stopping|coming) by\b"), r"\1"),
    (re.compile(r"n't\b|\b(?:ca|wo|do)nt\b"), " not"),
)


def normal(text: str) -> str:
    """The text in one spelling: NFKC, lower case, plain quotes and dashes, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def tokens(text: str, *, region: str, subject: Subject) -> Iterator[Token]:
    """The words of a text on days and times. Raises NotUnderstood if it is too long."""
    if len(text) > LONGEST:
        raise NotUnderstood(subject, Reason.TOO_LONG)
    spelled = normal(text)
    for pattern, replacement in _SPELLINGS:
        spelled = pattern.sub(replacement, spelled)
    done = 0
    for match in named_days.pattern(region).finditer(spelled):
        yield from _tokens(spelled[done : match.start()])
        yield Token("named", named_days.named(match[0], region))
        done = match.end()
    yield from _tokens(spelled[done:])


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        group = str(match.lastgroup)
        if group in ("word", "mark"):
            word = match[0]
            if word not in _FILLERS:
                yield _LEXICON.get(word) or Token("other", word)
        else:
            yield from _READERS[group](match)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _stamp(match: re.Match[str]) -> Iterator[Token]:
    year, month, day, *clock = _figures(match[0])
    yield Token("written", Written(int(year), int(month), int(day)))
    yield from _twenty_four_hours("".join(clock))


def _basic(match: re.Match[str]) -> Iterator[Token]:
    day, *clock = _figures(match[0])
    yield Token("written", Written(int(day[:4]), int(day[4:6]), int(day[6:])))
    if clock:
        yield from _twenty_four_hours(clock[0])


def _twenty_four_hours(clock: str) -> Iterator[Token]:
    """The time beside an ISO date; its seconds and its offset are not what was said.

    00:00 is what a model writes when it has a date and no time: no time is heard in it.
    """
    if clock[:4] != "0000":
        yield Token("colon", Colon(int(clock[:2]), int(clock[2:4]), 4))


def _iso_week(match: re.Match[str]) -> Iterator[Token]:
    numbers = re.sub(r"\D", "", match[0])
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
    else:
        yield _JUNK


def _triple(match: re.Match[str]) -> Iterator[Token]:
    parts = _figures(match[0])
    first, second, third = (int(part) for part in parts)
    one, two, three = (len(part) for part in parts)
    yield Token("triple", Triple((first, second, third), (one, two, three), match["sign"]))


def _colon(match: re.Match[str]) -> Iterator[Token]:
    hour, minute, *_ = _figures(match[0])
    yield Token("colon", Colon(int(hour), int(minute), len(hour)))


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
    tens = NUMBERS[re.split(r"[\s-]", match[0], maxsplit=1)[0]]
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
