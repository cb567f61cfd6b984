"""Searches: days that are named by a bound or a choice, as in "by Friday" or "any day but Monday".

`when` asks about such words, because no single day is meant. A search for free times needs none.
The words are taken apart from the outside in: the hours, the excluded days, the weekdays, and then
the bound, the choice or the period. If words are left over, the caller is asked.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from . import languages, zones
from .lexicon import MONTHS, WEEKDAYS, listed
from .meaning import Days, NotUnderstood, Part, Reason, When
from .moments import when
from .words import LONGEST, normal

_DAY = timedelta(days=1)
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
_MONTH = rf"(?:{'|'.join(month[:3] for month in MONTHS)})[a-z]*"
_EVERY_DAY = frozenset(range(7))
_WORKDAYS, _WEEKEND = frozenset(range(5)), frozenset({5, 6})

# --- the hours

_HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_UNITS = (
    rf"(?:st|nd|rd|th|/|-\d|\.\d|\d|:\d| ?(?:of|days?|weeks?|months?|years?"
    rf"|{_MONTH})\b)"
)
_CLOCK = (
    rf"(?:(?:half past |quarter (?:past|to|after) )?(?:\d{{1,2}}(?::\d\d)?|{_HOUR})(?!{_UNITS})"
    r"(?: (?:thirty|fifteen|forty[- ]five))?(?: ?o'?clock)?(?: ?[ap]\.?m\b\.?)?"
    r"(?: (?:eastern|central|mountain|pacific|[ecmp][sd]?t|utc|gmt)\b"
    r"(?:(?: standard| daylight)? time)?)?"
    r"|noon|midday|lunch(?:time)?|work|school)"
)
_PART = (
    r"(?:(?:in|on|during) )?(?:(?:the|any|every) )?(?P<{}>morning|afternoon|evening)s?\b(?! of\b)"
)
_HOURS = re.compile(
    rf"\b(?:"
    rf"(?:between|from) {_CLOCK} ?(?:and|to|until|till|-) ?{_CLOCK}"
    rf"|(?:(?:no|not) (?:earlier|sooner|later) than|not (?:before|after|until)|later than"
    rf"|earlier than|at or after|after|before|from|by|until|till|past|at|around) "
    rf"{_CLOCK}(?: (?:or (?:later|after|earlier)|onwards?|on(?! (?:a )?{_WEEKDAY}| week)))?"
    rf"|(?:in the )?(?:early|late|mid)[- ](?:in the )?(?:morning|afternoon|evening)s?\b"
    rf"|first thing(?: in the morning)?|last thing|at night|nights\b"
    rf"|(?P<plain>{_PART.format('part')}(?:,? (?:or|and) {_PART.format('other')})?)"
    rf")"
)
_NOT_THE_PART = re.compile(
    r"\b(?:but not|not|never|no|except|anything but|any ?time but|but|other than)(?: for)? "
    r"(?:(?:in|on|during) )?(?:the )?(?P<part>morning|afternoon|evening)s?\b"
)
_TAKEN_OUT = "\N{SECTION SIGN}"  # replaces the hours in the text
_OF_ONE_DAY = re.compile(rf"{_TAKEN_OUT},? (?:or\b|and (?!{_TAKEN_OUT}))|\bor {_TAKEN_OUT}")

# --- the days

_BOUNDS = (
    # The pattern, and which end it sets. The day is included, except for "after" and "before".
    (r"\b(?:on or before|no later than|not later than|not after|by|until|till|up to|through)\b",
     "latest", 0),
    (r"\b(?:before|earlier than|sooner than)\b", "latest", -1),
    (r"\b(?:on or after|no earlier than|no sooner than|not earlier than|not before|not until"
     r"|starting(?: on| from)?|from|beginning|as of|since)\b", "earliest", 0),
    (r"\b(?:(?:any ?time |right |just |shortly )?(?<!the day )after|later than)\b(?! next$)",
     "earliest", 1),
)  # fmt: skip
_BOUND = re.compile("|".join(f"(?P<{end}_{abs(step)}>{words})" for words, end, step in _BOUNDS))
_STEPS = {"latest_0": 0, "latest_1": -1, "earliest_0": 0, "earliest_1": 1}
_BETWEEN = re.compile(r"^(?:between|from) (?P<first>.+) (?:and|to) (?P<last>.+)$")
_ONWARD = re.compile(
    r"^(?:from )?(?P<day>.+?),? (?:or (?:later|after)|and (?:later|after)|onwards?|on)$"
)
_AT_THE_LATEST = re.compile(r"^(?P<day>.+?),? (?:or (?:earlier|sooner|before)|at the latest)$")
_EXCLUDED = re.compile(
    r"\b(?:anything but|but(?: not)?|except(?: for| on)?|excluding|other than|besides|apart from"
    r"|(?:not|never)(?: on)?|avoid(?:ing)?|no(?= (?:weekends|weekdays)| [a-z]+days?\b))\b"
    r"(?! (?:before|after|until|later|earlier|sooner)\b)"
)
_HALF_A_DAY_LEFT_OUT = re.compile(
    rf"{_EXCLUDED.pattern} (?:(?:on|next|this|the) )*(?:{_WEEKDAY}s?|today|tomorrow) (?:in the )?"
    r"(?:morning|afternoon|evening|night)s?\b"
)
_SETS = rf"(?:{_WEEKDAY}s|weekdays?|work ?days?|business days?|weekends)"
_BETWEEN_SETS = r"(?:,? (?:or|and) |, )(?:on )?"
_SET = re.compile(rf"\b(?:only )?(?:on )?{_SETS}(?:{_BETWEEN_SETS}{_SETS})*(?: only)?\b(?!')")
_BARE_SET = rf"(?:a )?(?:{_WEEKDAY}s?|weekdays?|(?:the )?weekends?)"
_BARE_SETS = re.compile(rf"(?:on |every )?{_BARE_SET}(?:{_BETWEEN_SETS}{_BARE_SET})*")
_SUCH = rf"(?:{_WEEKDAY}|weekday|work ?day|business day|weekend)"
# "The first available Tuesday" and "a weekday" mean several days.
_ANY_SUCH = re.compile(
    rf"\b(?:any|an?|(?:the )?(?:very )?(?:next|first|soonest|earliest) (?:available|open|free"
    rf"|possible)(?: (?:slot|time|opening|appointment|one))?(?: on)?(?: an?)?"
    rf"|(?:the )?(?:soonest|earliest)) (?P<days>{_SUCH}(?:{_BETWEEN_SETS}(?:an? )?{_SUCH})*)\b(?!')"
)
# "Monday or Saturday mornings" means every Monday and every Saturday.
_PLURAL_PART = re.compile(
    rf"\b({_WEEKDAY})(?=(?:{_BETWEEN_SETS}{_WEEKDAY})* (?:mornings|afternoons|evenings)\b)"
)
_BY_ITS_END = re.compile(
    r"\b(?:by|before|until) (?:the )?(?:end of (?:the )?(?:day|business)|close of business|eod|cob)"
    r",? (?:on )?(?=[a-z\d])"
)
_SPEAKS_OF_SETS = re.compile(
    rf"{_ANY_SUCH.pattern}|{_PLURAL_PART.pattern}|{_BY_ITS_END.pattern}|{_NOT_THE_PART.pattern}"
    rf"|\b(?<!every )(?:{_WEEKDAY}s|weekdays?|weekends|business days?)\b(?!')"
)
# Other words for days, and what is written in their place.
_IN_FULL = (
    *(
        (re.compile(rf"\b{day[:3]}(?:s|rs?|nes)?\b\.?(?!')"), day)  # "Mon", "Tues.", "Thurs"
        for day in WEEKDAYS
    ),
    (re.compile(rf"(?<=day) ?/ ?(?={_WEEKDAY})"), " or "),
    (
        re.compile(rf"\b(today|tomorrow|{_WEEKDAY}),? or (the day after)\b(?! [a-z])"),
        r"\1 or \2 \1",
    ),
    (re.compile(r"\bnext few days\b"), "next five days"),
    (re.compile(r"\bnext few weeks\b"), "next four weeks"),
    (re.compile(r"\b(?:this|the) coming week\b"), "the next seven days"),
    (re.compile(rf"\b({_WEEKDAY}) this week or next(?: week)?\b"), r"\1 this week or \1 next week"),
    (re.compile(rf"(?<=[\ddht]) ?[-/\u2013] ?(?={_MONTH} \d|\d{{4}}-\d)"), " through "),
    (re.compile(r"\bin the new year\b|^(?:early )?next year(?=$|,)"), "from january 1"),
    (re.compile(r"\bthe new year\b(?!')"), "january 1"),
    (re.compile(r"\b(?:the )?end of (?:the|this) year\b"), "december 31"),
)
_SAID_BESIDE = re.compile(
    r"(?:\b(?:any ?(?:day|time|thing)|whenever|something|anything|please|i'm free|i am free"
    r"|i'm available|i can(?: only)?(?: do| make| come(?: in)?)?|can you(?: do)?|do you have"
    r"|have you got|sometime|some ?time|preferably|ideally|only|either|maybe"
    r"|as soon as possible|asap|(?:the )?(?:first|next|soonest|earliest) (?:available|opening|slot"
    r"|appointment|time|one|you have)|(?:the )?(?:soonest|earliest)(?! than)"
    r"|(?:would be|is|are|works?) (?:good|great|fine|ok|okay|best|for me)|for me)"
    r"(?![\w'])|\bwould work\b)"
)
_CHOICE = re.compile(r",? (?:or|and)(?: maybe)? |, ")
_TO = r" ?(?:\bto\b|\bthrough\b|\bthru\b|\buntil\b|-) ?"
_LISTED = (
    rf"(?:(?:either|on|from|between|the) )*{_WEEKDAY}"
    rf"(?:(?:{_CHOICE.pattern}|{_TO})(?:(?:on|the) )*{_WEEKDAY})*"
)
# "Tuesday or Thursday of next week", "next week, Tuesday to Thursday".
_WITHIN = re.compile(
    rf"^(?:(?P<first>{_LISTED}),? (?:of |in )?(?!or |and )(?P<of>.+)"
    rf"|(?P<within>.+?)(?<! or)(?<! and),? (?P<last>{_LISTED}))$"
)
_LEFT = frozenset(listed("a the on day in for me us i we would or and but at of"))
_MOST_DATES, _MOST_WEEKDAYS = 3, 7


def is_of_many_days(text: str) -> bool:
    """Whether a text is a search, although `when` would find one day or part of a day
    in it: "any Tuesday", "weekdays after 3", "no mornings", "by the end of the day on Friday"."""
    plain = normal(text[:LONGEST])
    with suppress(NotUnderstood):
        plain = languages.in_english(plain) or plain
    return bool(_SPEAKS_OF_SETS.search(plain))


def days_in(text: str, *, now: datetime, region: str, every: bool = False) -> Days:
    """The days to search. Raises NotUnderstood if it is not certain which days are meant.

    A choice of up to three days, a first and a last day, weekdays, excluded days, and hours beside
    them. With `every`, a weekday alone means all such weekdays: a caller who waits for a Tuesday
    does not mean only the next.
    """
    plain = normal(text[: LONGEST + 1])
    if len(plain) > LONGEST:
        raise NotUnderstood("day", Reason.TOO_LONG)
    english = languages.in_english(plain)
    said = (plain if english is None else english).replace("\u2019", "'").strip(" .?!")
    for words, in_full in _IN_FULL:
        said = words.sub(in_full, said)
    context = _Context(now, region, every)
    said = _PLURAL_PART.sub(r"\1s", _BY_ITS_END.sub("by ", _ANY_SUCH.sub(_plural, said)))
    if _HALF_A_DAY_LEFT_OUT.search(said):  # there is nothing to store it as
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    said, parts, hours = _hours(said, context)
    said = _trimmed(_SAID_BESIDE.sub(" ", said))
    included, excluded = _split(said)
    weekdays, rest = _weekdays(included, context)
    found = _days(rest, context, needs_one=not (weekdays or excluded or parts or hours != When()))
    found = replace(found, weekdays=weekdays or found.weekdays)
    found = _without(found, excluded, rest, context)
    zone = zones.named(text) if english is None else ""  # "et" is eastern time, and French
    return _possible(replace(found, parts=parts, hours=replace(hours, zone=zone)))


class _Context(NamedTuple):
    now: datetime
    region: str
    every: bool

    def when(self, words: str) -> When:
        return when(words, now=self.now, region=self.region)


def _plural(found: re.Match[str]) -> str:
    return re.sub(rf"(?:\ban? )?({_SUCH})", r"\1s", found["days"])


def _trimmed(words: str) -> str:
    """The words, without those that joined them to words that were taken out."""
    plain = " ".join(words.replace(" ,", ",").split()).strip(" ,.?!")
    plain = re.sub(r"^(?:and|or) |[\s,]+(?:and|but|or|on|in)$", "", plain)
    return plain.strip(" ,.?!")


# --------------------------------------------------------------- the hours


def _hours(said: str, context: _Context) -> tuple[str, tuple[Part, ...], When]:
    """The remaining words, the parts of the day, and the clock times."""
    unwanted = {Part(found["part"]) for found in _NOT_THE_PART.finditer(said)}
    said = _NOT_THE_PART.sub(_TAKEN_OUT, said)
    parts: list[Part] = []
    clocks: list[str] = []
    for found in _HOURS.finditer(said):
        if found["plain"]:
            parts += [Part(part) for part in (found["part"], found["other"]) if part]
        else:
            clocks.append(found[0])
    left = _HOURS.sub(_TAKEN_OUT, said)
    if _OF_ONE_DAY.search(
        left
    ):  # "Tuesday morning or Wednesday": it is open which day the hours belong to
        raise NotUnderstood("day", Reason.SEVERAL)
    wanted = _parts(parts, unwanted)
    left = re.sub(rf"(?:\b(?:but|and) )?{_TAKEN_OUT}", " ", left)
    return left, wanted, _clock(clocks, wanted, context)


def _parts(parts: Sequence[Part], unwanted: set[Part]) -> tuple[Part, ...]:
    named = set(parts) or ({Part.MORNING, Part.AFTERNOON, Part.EVENING} if unwanted else set())
    wanted = named - unwanted
    if named and not wanted:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return tuple(part for part in Part if part in wanted)


def _clock(clocks: Sequence[str], parts: Sequence[Part], context: _Context) -> When:
    """ "After three"; a part of the day beside it decides am or pm."""
    if not clocks:
        return When()
    beside = f" in the {parts[0]}" if len(parts) == 1 else ""
    found = context.when(" ".join(clocks) + beside)
    if found.day or not (found.time or found.earliest or found.latest):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    return found


# --------------------------------------------------------------- the days


def _split(said: str) -> tuple[str, str]:
    """The words for the days that are meant, and those for the excluded days."""
    excluding = _EXCLUDED.search(said)
    if excluding is None:
        return said, ""
    left_out = _trimmed(said[excluding.end() :])
    is_list = "," not in left_out or re.search(r" (?:or|and) ", left_out)
    if not left_out or not is_list or " but " in left_out:  # "not Tuesday, Thursday would be good"
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return _trimmed(said[: excluding.start()]), left_out


def _weekdays(said: str, context: _Context) -> tuple[frozenset[int], str]:
    """The recurring weekdays, and the remaining words."""
    if context.every and _BARE_SETS.fullmatch(said):
        return _set_of(said), ""
    found = _SET.search(said)
    if found is None:
        return frozenset(), said
    return _set_of(found[0]), _trimmed(f"{said[: found.start()]} {said[found.end() :]}")


def _set_of(words: str) -> frozenset[int]:
    days = {number for number, name in enumerate(WEEKDAYS) if name in words}
    days |= _WEEKEND if "weekend" in words else set()
    days |= _WORKDAYS if re.search(r"\b(?:weekday|work|business)", words) else set()
    return frozenset(days)


def _days(said: str, context: _Context, *, needs_one: bool) -> Days:
    """The bound, the period or the choice of days; without words, all days."""
    if not needs_one and _is_nothing(said):
        return Days()
    if found := _period([said], context) or _weekdays_within(said, context):
        return found
    if between := _BETWEEN.match(said):
        through = f"{between['first']} through {between['last']}"
        if period := _period([through], context):
            return period
        first = _target(between["first"], context)
        last = _target(between["last"], context)
        return _ordered(first.first, last.last, corrected=first.corrected or last.corrected)
    said = _AT_THE_LATEST.sub(r"by \g<day>", _ONWARD.sub(r"from \g<day>", said))
    if bounds := list(_BOUND.finditer(said)):
        return _bounded(said, bounds, context)
    if period := _period(_periods(said), context):
        return period
    chosen = [_one_day(part, context) for part in _choices(said)]
    return Days(
        named=tuple(dict.fromkeys(found.first for found in chosen)),
        year_corrected=any(found.corrected for found in chosen),
    )


def _bounded(said: str, bounds: list[re.Match[str]], context: _Context) -> Days:
    """ "From Thursday", "after Monday and before Friday"; each bound with the day after it."""
    _refuse_the_rest(said[: bounds[0].start()])
    ends: dict[str, date] = {}
    corrected = False
    edges = [*(match.start() for match in bounds[1:]), len(said)]
    for match, edge in zip(bounds, edges, strict=True):
        group = str(match.lastgroup)
        end = group.partition("_")[0]
        if end in ends:
            raise NotUnderstood("day", Reason.SEVERAL)
        target = _target(_trimmed(said[match.end() : edge]), context)
        ends[end] = _edge(target, match[0], end, _STEPS[group])
        corrected |= target.corrected
    return _ordered(ends.get("earliest"), ends.get("latest"), corrected=corrected)


class _Target(NamedTuple):
    """The day or the period that a bound names; `is_end`: the end of the period was named."""

    first: date
    last: date
    is_end: bool = False
    corrected: bool = False


def _target(words: str, context: _Context) -> _Target:
    found = context.when(words)
    if found.day is None or found.time or found.earliest or found.latest:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    is_end = bool(re.match(r"(?:the )?end\b", words))
    return _Target(found.day, found.last_day or found.day, is_end, found.year_corrected)


def _edge(target: _Target, word: str, end: str, step: int) -> date:
    """ "By next week" is its first day; "until next week" and "by the end of it" its last."""
    if end == "latest" and target.is_end:
        return target.last
    is_whole = step > 0 or word in ("until", "till", "up to", "through")
    return (target.last if is_whole else target.first) + step * _DAY


def _ordered(first: date | None, last: date | None, *, corrected: bool) -> Days:
    if first and last and last < first:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return Days(earliest=first, latest=last, year_corrected=corrected)


def _periods(said: str) -> list[str]:
    """The parts of "this week or next"."""
    parts = _CHOICE.split(said)
    if len(parts) == 2 and parts[1].strip() in ("next", "the next", "the next one"):
        parts[1] = f"next {parts[0].split()[-1]}"
    return parts


def _period(parts: Sequence[str], context: _Context) -> Days | None:
    """ "Next week", "in December"; several must follow each other without a gap."""
    if len(parts) > _MOST_DATES:
        return None
    try:
        found = [context.when(part) for part in parts]
    except NotUnderstood:
        return None
    days = sorted((one.day, one.last_day) for one in found if one.day and one.last_day)
    if len(days) < len(found) or any(one.time or one.earliest or one.latest for one in found):
        return None
    if any(later[0] != earlier[1] + _DAY for earlier, later in pairwise(days)):
        raise NotUnderstood("day", Reason.SEVERAL)
    corrected = any(one.year_corrected for one in found)
    return _ordered(days[0][0], days[-1][1], corrected=corrected)


def _weekdays_within(said: str, context: _Context) -> Days | None:
    """The weekdays named beside a period; in a week, or less, each of them is one day."""
    found = _WITHIN.match(said)
    period = _period([found["of"] or found["within"]], context) if found else None
    if found is None or period is None or period.earliest is None or period.latest is None:
        return None
    listed = found["first"] or found["last"]
    weekdays = [WEEKDAYS.index(name) for name in re.findall(_WEEKDAY, listed)]
    if re.match("from|between", listed) or re.search(_TO, listed):
        weekdays = [*range(weekdays[0], weekdays[-1] + 1)] if len(weekdays) == 2 else []
    if not weekdays:
        return None
    chosen = replace(period, weekdays=frozenset(weekdays))
    length = (period.latest - period.earliest).days + 1
    if length > 7:
        return chosen
    if len(weekdays) == 1:  # `when` has asked about it
        return None
    days = (period.earliest + ahead * _DAY for ahead in range(length))
    return Days(named=tuple(filter(chosen.has, days)), year_corrected=period.year_corrected)


def _one_day(words: str, context: _Context) -> _Target:
    found = _target(words, context)
    if found.first != found.last:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return found


def _choices(words: str) -> list[str]:
    """The days of "Monday, Wednesday or Friday"; two days may be of any kind.

    "Wednesday, December 3rd" is one day; `when` has asked about it.
    """
    said = words.removeprefix("either ")
    parts = [part.strip(" .?!") for part in _CHOICE.split(said)]
    plain = re.compile(rf"(?:on |this |next |coming )*{_WEEKDAY}")
    are_weekdays = all(plain.fullmatch(part) for part in parts)
    kinds = {"weekday" if plain.fullmatch(part) else "date" for part in parts}
    is_pair = len(parts) == 2 and "," not in said
    is_chosen = len(parts) == 1 or is_pair or are_weekdays or bool(re.search(r" (?:or|and) ", said))
    most = _MOST_WEEKDAYS if are_weekdays else _MOST_DATES
    if not is_chosen or len(parts) > most or (len(kinds) > 1 and not is_pair):
        raise NotUnderstood("day", Reason.SEVERAL)
    if lead := re.match(rf"(?:on )?(next|this) {_WEEKDAY}$", parts[0]):
        parts = [f"{lead[1]} {p}" if re.fullmatch(_WEEKDAY, p) else p for p in parts]
    return parts


# --------------------------------------------------------------- the excluded days


def _without(found: Days, left_out: str, said: str, context: _Context) -> Days:
    """The days without those that the caller excluded: "Wednesday", "the 5th", "weekends"."""
    weekdays, days = set[int](), set[date]()
    if not left_out:
        return found
    length = (found.latest - found.earliest).days if found.earliest and found.latest else None
    for part in (_not_again(part) for part in _CHOICE.split(left_out)):
        is_weekday = re.fullmatch(rf"(?:on )?(?:a |the )?(?:{_WEEKDAY}s?|{_SETS})", part)
        is_short = length is not None and length < 7 and re.search(rf"{_WEEKDAY}$", part)
        if is_weekday and not is_short:
            weekdays |= _set_of(part)
        else:
            days |= _within(part, found, context)
    return replace(found, excluded=frozenset(days), excluded_weekdays=frozenset(weekdays))


def _not_again(part: str) -> str:
    return re.sub(r"^(?:but )?(?:not|no) (?:on )?", "", part.strip())


def _within(part: str, found: Days, context: _Context) -> set[date]:
    """The day meant among the days to search: "the 5th" of January, "Monday" of next week."""
    target = _target(part, context)
    day = target.first
    if target.last != day:
        return {day + ahead * _DAY for ahead in range((target.last - day).days + 1)}
    if found.earliest and re.fullmatch(rf"(?:on |the )*{_WEEKDAY}", part):
        return {found.earliest + (day - found.earliest).days % 7 * _DAY}
    if found.earliest is None or day >= found.earliest:
        return {day}
    if re.search(rf"{_WEEKDAY}$", part):
        while day < found.earliest:
            day += 7 * _DAY
        return {day}
    ahead = (found.earliest + number * _DAY for number in range(31))
    return {next((one for one in ahead if one.day == day.day), day)}


def _possible(found: Days) -> Days:
    """Raise NotUnderstood if no day is left, if a named day is not one of the weekdays said, or if
    a time is beside a bound: "by Friday at 3"."""
    if found.hours.time and (found.earliest or found.latest) and not found.weekdays:
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    left = (found.weekdays or _EVERY_DAY) - found.excluded_weekdays
    if not left or not all(map(found.has, found.named)):
        raise NotUnderstood("day", Reason.WEEKDAY_DISAGREES if left else Reason.EXCLUDED)
    return found


def _is_nothing(words: str) -> bool:
    return all(word in _LEFT for word in re.findall(r"[\w']+", words))


def _refuse_the_rest(words: str) -> None:
    """Raise NotUnderstood for other words that could change which days are meant."""
    if not _is_nothing(words):
        raise NotUnderstood("day", Reason.AMBIGUOUS)
