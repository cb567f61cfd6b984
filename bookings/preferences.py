"""Preferences: what a caller would rather have. They rank what is offered, and book nothing."""

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Preference:
    """Hours of the org's day, `earliest` included and `latest` not; weekdays, Monday being 0, of
    which none means any; a practitioner's key."""

    earliest: time | None = None
    latest: time | None = None
    weekdays: frozenset[int] = frozenset()
    practitioner: int | None = None

    def misses(self, local: datetime, practitioner: int) -> int:
        """How many of the wishes a visit then, in the org's time, with `practitioner` misses."""
        return sum(
            (
                not self.is_between(local.time()),
                bool(self.weekdays) and local.weekday() not in self.weekdays,
                self.practitioner not in (None, practitioner),
            )
        )

    def is_between(self, at: time) -> bool:
        return (self.earliest or time.min) <= at and (self.latest is None or at < self.latest)

    def minutes_outside(self, local: datetime) -> int:
        """How long before the hours, or behind them, a time of the day is; 0 within."""
        at = minutes(local.time())
        too_early = minutes(self.earliest) - at if self.earliest else 0
        too_late = at - minutes(self.latest) if self.latest else 0
        return max(too_early, too_late, 0)


def minutes(at: time) -> int:
    return at.hour * 60 + at.minute


ANY = Preference()
