"""Preferences: the days and hours that a caller would like. They rank or limit what is offered."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Self


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A part of the clinic's day, and its hours. `latest` is excluded."""

    name: str
    earliest: time | None = None
    latest: time | None = None

    def has(self, at: time) -> bool:
        return is_between(at, self.earliest, self.latest)

    def minutes_outside(self, at: time) -> int:
        """How long before or after these hours a time is; 0 within."""
        too_early = minutes(self.earliest) - minutes(at) if self.earliest else 0
        too_late = minutes(at) - minutes(self.latest) if self.latest else 0
        return max(too_early, too_late, 0)


@dataclass(frozen=True, slots=True)
class Preference:
    """What is searched for, what a waitlist entry waits for, and what ranks the alternatives to a
    taken time. Days and hours are the org's. An empty field allows all.

    `earliest` is included and `latest` is not; `parts` are several parts of the day, of which any
    will do. `first_day` and `last_day` are both included; `days` are these and no others;
    `weekdays` count from Monday, which is 0. `practitioner` is a key.
    """

    earliest: time | None = None
    latest: time | None = None
    weekdays: frozenset[int] = frozenset()
    practitioner: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    days: frozenset[date] = frozenset()
    excluded: frozenset[date] = frozenset()
    parts: tuple[PartOfDay, ...] = ()

    def misses(self, local: datetime, practitioner: int) -> int:
        """How many of the wishes are not met by a visit at `local`, the org's time."""
        return sum(
            (
                not self.is_between(local.time()),
                bool(self.weekdays) and local.weekday() not in self.weekdays,
                self.practitioner not in (None, practitioner),
                not self.is_within(local.date()),
            )
        )

    def is_between(self, at: time) -> bool:
        in_a_part = not self.parts or any(part.has(at) for part in self.parts)
        return in_a_part and is_between(at, self.earliest, self.latest)

    def is_within(self, day: date) -> bool:
        """Whether a day is allowed, whatever weekday it is."""
        return (
            (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
            and (not self.days or day in self.days)
            and day not in self.excluded
        )

    def may_be_on(self, day: date) -> bool:
        return self.is_within(day) and (not self.weekdays or day.weekday() in self.weekdays)

    def minutes_outside(self, local: datetime) -> int:
        """How long before or after the hours a time is; 0 within."""
        at = local.time()
        nearest = min((part.minutes_outside(at) for part in self.parts), default=0)
        return max(nearest, self.hours.minutes_outside(at))

    @property
    def hours(self) -> PartOfDay:
        return PartOfDay("", self.earliest, self.latest)

    @property
    def has_hours(self) -> bool:
        return bool(self.earliest or self.latest or self.parts)

    @property
    def has_days(self) -> bool:
        """Whether days are named, and not weekdays alone."""
        return bool(self.first_day or self.last_day or self.days or self.excluded)

    def without_hours(self) -> Self:
        return replace(self, earliest=None, latest=None, parts=())

    def without_days(self) -> Self:
        return replace(self, first_day=None, last_day=None, days=frozenset(), excluded=frozenset())


def is_between(at: time, earliest: time | None, latest: time | None) -> bool:
    """`earliest` is included and `latest` is not; None leaves that side open."""
    return (earliest is None or earliest <= at) and (latest is None or at < latest)


def minutes(at: time) -> int:
    """Since midnight."""
    return at.hour * 60 + at.minute


ANY = Preference()
