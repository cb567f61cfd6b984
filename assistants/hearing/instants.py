"""Instants: a wall-clock time in its zone, also on days when the clocks change."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from .meaning import NotUnderstood, Reason


def instant(day: date, at: time, *, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a wall-clock time in a zone; if it comes twice, the first of the two.

    Raises NotUnderstood with NO_SUCH_TIME for a time the clocks skip that day.
    """
    local = datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NotUnderstood("time", Reason.NO_SUCH_TIME, day=day)
    return found


def is_repeated(day: date, at: time, *, zone: ZoneInfo) -> bool:
    """Whether the wall-clock time comes twice that day, as clocks are set back."""
    local = datetime.combine(day, at.replace(tzinfo=None), tzinfo=zone)
    first, second = (local.replace(fold=fold).utcoffset() for fold in (0, 1))
    # A skipped time has two offsets too, the later one first.
    return first is not None and second is not None and first > second
