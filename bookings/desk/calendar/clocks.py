"""Clocks: instants as the clinic's wall shows them, and back.

A page draws an hour of the wall as one length, also on the nights when clocks change. So a visit is
drawn from where the clock is when it begins, as long as it really takes; its words say the rest.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bookings.availability import hours

MINUTES = "%Y-%m-%dT%H:%M"
# Others are a slip of the keyboard, and those near the first and the last year cannot be computed
# with.
YEARS = range(2000, 2201)


def wall(at: datetime, zone: ZoneInfo) -> str:
    """The clinic's date and time at this instant: ISO 8601 without an offset."""
    return f"{at.astimezone(zone):{MINUTES}}"


def drawn(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[str, str]:
    """Where a visit begins and ends in the drawing."""
    local = start.astimezone(zone).replace(tzinfo=None)
    return f"{local:{MINUTES}}", f"{local + (end - start):{MINUTES}}"


def words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """“09:00-09:30”; with the zone's letters on a day on which the clocks change."""
    begins, ends = start.astimezone(zone), end.astimezone(zone)
    if not change(begins.date(), zone):
        return f"{begins:%H:%M}-{ends:%H:%M}"
    return f"{begins:%H:%M %Z}-{ends:%H:%M %Z}"


def in_full(at: datetime, zone: ZoneInfo) -> str:
    """“Tue 24 Nov 14:30”; with the zone's letters on a day on which the clocks change."""
    local = at.astimezone(zone)
    letters = f" {local:%Z}" if change(local.date(), zone) else ""
    return f"{local:%a} {local.day} {local:%b %H:%M}{letters}"


@lru_cache(maxsize=1_000)  # a few months of some zones
def change(day: date, zone: ZoneInfo) -> bool:
    """Whether the clocks change on the local day."""
    midnight = datetime.combine(day, time.min, tzinfo=zone)
    return midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()


def instant(text: str, zone: ZoneInfo, *, fold: int) -> datetime:
    """The instant of an ISO 8601 time: with an offset, or of the clinic's wall.

    If clocks jump over it, the jump. If they show it twice, the first time, or with `fold` 1 the
    second one. Raises ValueError.
    """
    said = datetime.fromisoformat(text)
    if said.tzinfo is not None:
        return said
    first = hours.instant(said.date(), said.time(), zone)
    return max(first, said.replace(tzinfo=zone, fold=1).astimezone(UTC)) if fold else first
