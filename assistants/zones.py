"""Zones: what a caller means by naming one. The clinic's own is meant; another is asked about."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from assistants import hearing

# Words for a zone, and the abbreviations it goes by in winter and in summer.
FAMILIES = {
    "eastern": ("EST", "EDT"),
    "central": ("CST", "CDT"),
    "mountain": ("MST", "MDT"),
    "pacific": ("PST", "PDT"),
    "alaska": ("AKST", "AKDT"),
    "hawaii": ("HST", "HST"),
    "atlantic": ("AST", "ADT"),
    "newfoundland": ("NST", "NDT"),
    "british": ("GMT", "BST"),
    "greenwich": ("GMT", "GMT"),
}
# What `wording.clock` says of a time that comes twice where the zone has no name to say.
BEFORE, AFTER = "before the clocks change", "after the clocks change"
CHANGE = re.compile(r",?\s*\b(before|after) the clocks (?:change|go back)\b", re.IGNORECASE)
ABBREVIATIONS = {name for family in FAMILIES.values() for name in family}
WORD = re.compile(
    rf"\b(?:(?P<family>{'|'.join(FAMILIES)})(?: standard| daylight| summer)?(?: mean)? time"
    rf"|(?P<abbreviation>{'|'.join(sorted(ABBREVIATIONS))})"
    r"|(?<=[apAP][mM] )(?P<alone>eastern|central|mountain|pacific))\b",
    re.IGNORECASE,
)


def named(text: str) -> str:
    """The abbreviation, or the family's name, that `text` says beside a time; "" for none.

    BEFORE and AFTER are names too: of the two zones of a night in which the clocks go back.
    """
    if change := CHANGE.search(text):
        return BEFORE if change[1].lower() == "before" else AFTER
    found = WORD.search(text)
    if found is None:
        return ""
    if found["abbreviation"]:
        return found["abbreviation"].upper()
    return (found["family"] or found["alone"]).lower()


def without_change(text: str) -> str:
    """The text without BEFORE and AFTER, which tell no day and no time."""
    return CHANGE.sub("", text)


def is_ours(name: str, zone: ZoneInfo, year: int) -> bool:
    """Whether `zone` goes by that name at some time of the year."""
    if name in (BEFORE, AFTER):
        return True
    ours = {datetime(year, month, 1, tzinfo=zone).tzname() for month in (1, 7)}
    return not ours.isdisjoint(FAMILIES.get(name, (name,)))


def is_second(name: str, day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether of a wall-clock time that comes twice the name tells the second."""
    first, second = (datetime.combine(day, at, tzinfo=zone).replace(fold=fold) for fold in (0, 1))
    if name == AFTER:
        return hearing.is_repeated(day, at, zone=zone)
    return first.tzname() != second.tzname() and second.tzname() == name


def told(local: datetime) -> str:
    """What tells a wall-clock time from the other that day: “EST”, or AFTER.

    A zone may have a number for a name (“+00”), or one name for both (“MSK” in 2014).
    """
    name, other = local.tzname() or "", local.replace(fold=1 - local.fold).tzname()
    if name.isalpha() and name != other:
        return name
    return AFTER if local.fold else BEFORE
