"""Zones: the time zones that callers name. The clinic's own is understood; we ask about others.

A zone is named beside a time: "3:30 Pacific", "9 UTC", "Chicago time", "(America/Los_Angeles)".
The "Z" and the offsets that a model writes after a date and a time do not count: callers do not
say them, and the time is the clinic's.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from .instants import is_repeated
from .lexicon import SMALL_NUMBERS, TENS

# Words for a zone, and a place in it.
FAMILIES = {
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "alaska": "America/Anchorage",
    "hawaii": "Pacific/Honolulu",
    "atlantic": "America/Halifax",
    "newfoundland": "America/St_Johns",
    "british": "Europe/London",
    "greenwich": "Etc/GMT",
    "west coast": "America/Los_Angeles",
    "east coast": "America/New_York",
}
_SHORT = {"et": "eastern", "ct": "central", "mt": "mountain", "pt": "pacific"}
_ABBREVIATIONS = (
    "est edt cst cdt mst mdt pst pdt akst akdt hst ast adt nst ndt gmt utc bst ist cet cest "
    "eet eest jst kst sgt hkt aest aedt acst awst nzst nzdt sast msk pkt"
)
# Places that people name and that are not in the zone database.
_PLACES = {
    "dallas": "America/Chicago", "houston": "America/Chicago", "austin": "America/Chicago",
    "texas": "America/Chicago", "atlanta": "America/New_York", "miami": "America/New_York",
    "boston": "America/New_York", "philadelphia": "America/New_York", "dc": "America/New_York",
    "washington": "America/New_York", "florida": "America/New_York", "la": "America/Los_Angeles",
    "california": "America/Los_Angeles", "seattle": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles", "san diego": "America/Los_Angeles",
    "las vegas": "America/Los_Angeles", "vegas": "America/Los_Angeles",
    "arizona": "America/Phoenix", "colorado": "America/Denver", "india": "Asia/Kolkata",
    "indian": "Asia/Kolkata", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "uk": "Europe/London", "german": "Europe/Berlin", "france": "Europe/Paris",
    "japan": "Asia/Tokyo", "china": "Asia/Shanghai", "beijing": "Asia/Shanghai",
    "hawaii": "Pacific/Honolulu", "alaska": "America/Anchorage", "minneapolis": "America/Chicago",
}  # fmt: skip
_NO_PLACES = frozenset(
    {"easter", "christmas", "midway", "wake", "center", "south pole", "eastern", "central"}
    | {"mountain", "pacific"}
)
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
_ELSEWHERE = "elsewhere"  # "3 pm my time", of a caller who is somewhere else
_HOURS = "|".join((*SMALL_NUMBERS, *TENS))
_A_TIME = (
    r"(?:\d|(?<![a-z])[ap]\.?\ ?m\.?|o'?clock|\bnoon|\bmidnight|\bhours|\bhrs"
    rf"|\b(?:{_HOURS}))\ ?[(\[]?"
)
_FAMILY = "|".join(FAMILIES).replace(" ", "[ ]")
_NO_STREET = r"(?!\s+(?:ave|avenue|street|st|blvd|boulevard|road|office|clinic|hospital|heights))"
_WORD = re.compile(
    rf"""
      (?P<place>\b(?:{_AREAS})/[a-z_]+(?:/[a-z_]+)?)
    | \b(?P<family>{_FAMILY})(?:\ standard|\ daylight|\ summer)?(?:\ mean)?\ time\b
    | {_A_TIME}(?P<alone>eastern|central|mountain|pacific)\b{_NO_STREET}
    | {_A_TIME}(?P<abbreviation>{"|".join(_ABBREVIATIONS.split())})\b(?!\ ?[+-]\d)
    | \b(?:in|on)\ (?P<in_abbreviation>{"|".join(_ABBREVIATIONS.split()[:10])})\b
    | {_A_TIME}(?P<short>{"|".join(_SHORT)})\b(?!\ scan)
    | {_A_TIME}(?P<mine>my|our)\ (?:local\ )?time\b
    | \b(?P<city>[a-z]+(?:\ [a-z]+)?)(?:'s)?\ (?:local\ )?time\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLUES = frozenset(
    [
        "clocks",
        "time",
        "/",
        "eastern",
        "central",
        "mountain",
        "pacific",
        *_SHORT,
        *_ABBREVIATIONS.split(),
    ]
)
# `wording.clock` says these with a time that comes twice, if the zone's names cannot be said.
BEFORE, AFTER = "before the clocks change", "after the clocks change"
_CHANGE = re.compile(r",?\s*\b(before|after) the clocks (?:change|go back)\b", re.IGNORECASE)
# "UTC" after a date and time written by a program means as little as "Z".
_STAMPED = re.compile(
    r"(\d{4}-\d\d-\d\d[t ]\d\d:?\d\d(?::?\d\d)?(?:\.\d+)?) ?(?:utc|gmt|z)\b", re.I
)


def named(text: str) -> str:
    """The zone `text` names: an abbreviation ("PST"), a family ("pacific") or a place of the zone
    database ("America/Chicago"); "" for none.

    BEFORE and AFTER are names too, for the two zones of the night in which the clocks go back.
    """
    if _CLUES.isdisjoint(re.findall("[a-z]+|/", text.lower())):  # quick, and true of most texts
        return ""
    if change := _CHANGE.search(text):
        return BEFORE if change[1].lower() == "before" else AFTER
    for found in _WORD.finditer(_STAMPED.sub(r"\1", text)):
        if found["place"]:
            return found["place"]
        if abbreviation := found["abbreviation"] or found["in_abbreviation"]:
            return abbreviation.upper()
        if family := found["family"] or found["alone"]:
            return family.lower()
        if found["short"]:
            return _SHORT[found["short"].lower()]
        if found["mine"]:
            return _ELSEWHERE
        if place := _place(found["city"].lower()):
            return place
    return ""


def without_change(text: str) -> str:
    """The text without BEFORE and AFTER, which say nothing about a day or a time."""
    return _CHANGE.sub("", text)


def is_ours(name: str, zone: ZoneInfo, local: datetime) -> bool:
    """Whether a named zone shows the same time as the clinic then.

    An abbreviation counts as the clinic's all year, because callers say "EST" in summer too.
    """
    if name in (BEFORE, AFTER):
        return True
    here = local.replace(tzinfo=zone)
    if name in FAMILIES or "/" in name:
        there = FAMILIES.get(name, name)
        return there in available_timezones() and _offset(there, local) == here.utcoffset()
    if name in ("UTC", "GMT") and here.utcoffset() == timedelta(0):
        return True
    return name in {datetime(local.year, month, 1, tzinfo=zone).tzname() for month in (1, 7)}


def is_second(name: str, day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the zone's name means the second of two equal wall-clock times."""
    first, second = (datetime.combine(day, at, tzinfo=zone).replace(fold=fold) for fold in (0, 1))
    if name == AFTER:
        return is_repeated(day, at, zone=zone)
    return first.tzname() != second.tzname() and second.tzname() == name


def words_for_repeated(local: datetime) -> str:
    """The words that distinguish a time from the equal one that day: “EST”, or AFTER.

    AFTER or BEFORE if the zone's name is a number (“+00”) or the same for both (“MSK” in 2014).
    """
    name, other = local.tzname() or "", local.replace(fold=1 - local.fold).tzname()
    if name.isalpha() and name != other:
        return name
    return AFTER if local.fold else BEFORE


def load() -> None:
    """Read the names of the zone database, before the first caller names a place."""
    _cities()


def _offset(place: str, local: datetime) -> timedelta | None:
    return local.replace(tzinfo=ZoneInfo(place)).utcoffset()


def _place(words: str) -> str:
    """The zone of a place whose name ends in these words; "" for words that are none."""
    last = words.rpartition(" ")[2]
    return _cities().get(words) or _cities().get(last) or ""


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    named_places = {
        name.rpartition("/")[2].replace("_", " ").lower(): name
        for name in available_timezones()
        if name.partition("/")[0] in _AREAS.split("|")
    }
    known = {name: zone for name, zone in named_places.items() if name not in _NO_PLACES}
    return known | _PLACES
