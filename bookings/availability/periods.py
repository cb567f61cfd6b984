"""Periods in whole numbers: microseconds since 1970 in UTC, which are compared and added fast.

An instant of a diary is read, put in order and compared thousands of times for each one that is
told. A period includes its start and excludes its end.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1) // MICROSECOND
WEEK = timedelta(weeks=1) // MICROSECOND
Stretch = tuple[int, int]


def number(at: datetime) -> int:
    return (at - EPOCH) // MICROSECOND


def moment(at: int) -> datetime:
    return EPOCH + timedelta(microseconds=at)


def in_numbers(periods: Iterable[tuple[datetime, datetime]]) -> list[Stretch]:
    return [(number(start), number(end)) for start, end in periods]


class Blocked:
    """Periods in order that neither overlap nor touch: no visit fits between two that touch."""

    __slots__ = ("ends", "starts")

    def __init__(self, periods: Iterable[tuple[int, int]] = ()) -> None:
        """The periods may come in any order, and overlap, as the holds of one call may."""
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(periods):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(end, self.ends[-1])
            else:
                self.starts.append(start)
                self.ends.append(end)

    def __len__(self) -> int:
        return len(self.ends)

    def following(self, at: int) -> int:
        """The place of the first period that ends after `at`."""
        return bisect_right(self.ends, at)

    def is_clear(self, start: int, end: int) -> bool:
        """Whether no period overlaps [start, end)."""
        following = self.following(start)
        return following == len(self.ends) or end <= self.starts[following]
