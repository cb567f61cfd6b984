"""Alternatives: the free times nearest to one that cannot be had, as the caller would like them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from bookings.availability.reading import Requester
from bookings.availability.slots import (
    ALL_DAYS,
    INSTANT,
    NEAR_DAYS,
    Calendar,
    Slot,
    around,
    chosen,
    days_near,
)
from bookings.models import Practitioner, ServiceType
from bookings.preferences import ANY, Preference, minutes

# A preference is searched for within so many days; after them the nearest times come first.
PREFERENCES_LOOK = 90
# How far the days are looked at, from the nearest on: those of a calendar that is read anyway, then
# about a week at a time, up to PREFERENCES_LOOK and on to the end of any horizon.
DISTANCES = (NEAR_DAYS, *range(NEAR_DAYS + 8, ALL_DAYS + 8, 8))
# A practitioner without a free time for so long is away: a colleague is offered as well.
AWAY = timedelta(days=7)

# Wishes missed, days away, minutes from the hour wished for, and the later of two that are equal.
Rank = tuple[int, int, float, float]


def nearest(
    near: Calendar,
    *,
    service: ServiceType,
    wanted: datetime,
    now: datetime,
    count: int = 3,
    preference: Preference = ANY,
) -> tuple[Slot, ...]:
    """The `count` free times nearest to `wanted`, earliest first; fewer when there are no more.

    Times that meet the preference come first. If `wanted` is not on one of the preferred days, the
    preferred days are ignored. Then the same day is nearest, by the minutes before or after, then
    other days by their distance, and on them by the clock. If two are equally near, the later one
    comes first. A time that several practitioners have counts once, with the one who suits best.
    The time of the visit that is to move is not among them.

    `near` is the calendar of the day of `wanted`, or of more. If it is too full, the days around it
    are read; if these are, the whole horizon is, once, and searched from the nearest days on.
    """
    if not preference.is_within(wanted.astimezone(near.zone).date()):
        preference = preference.without_days()
    moving = near.requester.appointment
    own = (moving.start, moving.practitioner_id) if moving else None
    ranking = Ranking(service, wanted, near.zone, preference, own)
    found: list[tuple[Rank, Slot]] = []
    for days, parts in rings(near, wanted, now=now):
        found += (ranked for part in parts for ranked in ranking.of(part))
        met = sum(1 for (misses, *_), _ in found if not misses)
        if met >= count or (days == PREFERENCES_LOOK and len(found) >= count):
            break
    return chosen([slot for _, slot in sorted(found, key=itemgetter(0))], count)


def rings(
    near: Calendar, wanted: datetime, *, now: datetime
) -> Iterator[tuple[int, list[Calendar]]]:
    """The day of `wanted`, then the days around those before: how many days away the last of them
    are, and the parts. What is in one is nearer than all that is in the next."""
    inner = days_near(wanted, 0, near.zone)
    yield 0, [near.between(*inner)]
    part, (first, last) = near, near.bookable
    for days in DISTANCES:
        outer = days_near(wanted, days, near.zone)
        if not part.covers(near.people, *outer):
            read = NEAR_DAYS if days == NEAR_DAYS else ALL_DAYS
            part = around(
                wanted, practitioners=near.people, now=now, days=read, requester=near.requester
            )
        yield days, [part.between(outer[0], inner[0]), part.between(inner[1], outer[1])]
        if outer[0] <= first and last <= outer[1]:
            return
        inner = outer


def with_colleague(
    requester: Requester,
    colleagues: Sequence[Practitioner],
    *,
    service: ServiceType,
    wanted: datetime,
    now: datetime,
    theirs: Sequence[Slot],
) -> Slot | None:
    """A time with one of `colleagues`: at `wanted` if one is free. Else the nearest time, if the
    practitioner asked for is away: has nothing among `theirs` for a week."""
    if not colleagues:
        return None
    near = around(wanted, practitioners=colleagues, now=now, days=0, requester=requester)
    then = near.between(wanted, wanted + INSTANT).free(service)
    if then:
        return then[0]
    if theirs and abs(theirs[0].start - wanted) < AWAY:
        return None
    return next(iter(nearest(near, service=service, wanted=wanted, now=now, count=1)), None)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What makes one free time better than another: the smaller `rank`."""

    service: ServiceType
    wanted: datetime
    zone: ZoneInfo
    preference: Preference
    own: tuple[datetime, int] | None  # when and with whom the visit is that is to move

    def of(self, part: Calendar) -> list[tuple[Rank, Slot]]:
        """The best slot of each start time of `part`, with its rank."""
        whoever = self.preference.practitioner is None
        found = part.times(self.service) if whoever else part.upcoming(self.service)
        best: dict[datetime, tuple[Rank, Slot]] = {}
        for slot in found:
            if (slot.start, slot.practitioner.pk) == self.own:
                continue
            rank = self.rank(slot)
            if slot.start not in best or rank < best[slot.start][0]:
                best[slot.start] = rank, slot
        return list(best.values())

    def rank(self, slot: Slot) -> Rank:
        local, meant = slot.start.astimezone(self.zone), self.wanted.astimezone(self.zone)
        days = abs((local.date() - meant.date()).days)
        apart: float = minutes(local.time()) - minutes(meant.time())
        if not days:  # in real minutes, should the clocks change on that day
            apart = (slot.start - self.wanted) / timedelta(minutes=1)
        misses = self.preference.misses(local, slot.practitioner.pk)
        return misses, days, abs(apart), -slot.start.timestamp()
