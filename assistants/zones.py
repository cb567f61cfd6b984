"""Zones: what a caller means by naming one. The clinic's own is meant; another is asked about."""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

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
ABBREVIATIONS = {name for family in FAMILIES.values() for name in family}
WORD = re.compile(
    rf"\b(?:(?P<family>{'|'.join(FAMILIES)})(?: standard| daylight| summer)?(?: mean)? time"
    rf"|(?P<abbreviation>{'|'.join(sorted(ABBREVIATIONS))})"
    r"|(?<=[apAP][mM] )(?P<alone>eastern|central|mountain|pacific))\b",
    re.IGNORECASE,
)


def named(text: str) -> str:
    """The abbreviation, or the family's name, that `text` says beside a time; "" for none."""
    found = WORD.search(text)
    if found is None:
        return ""
    if found["abbreviation"]:
        return found["abbreviation"].upper()
    return (found["family"] or found["alone"]).lower()


def is_ours(name: str, zone: ZoneInfo, year: int) -> bool:
    """Whether `zone` goes by that name at some time of the year."""
    ours = {datetime(year, month, 1, tzinfo=zone).tzname() for month in (1, 7)}
    return not ours.isdisjoint(FAMILIES.get(name, (name,)))


def is_second(name: str, day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether of a wall-clock time that comes twice the name tells the second."""
    first, second = (datetime.combine(day, at, tzinfo=zone).replace(fold=fold) for fold in (0, 1))
    return first.tzname() != second.tzname() and second.tzname() == name
