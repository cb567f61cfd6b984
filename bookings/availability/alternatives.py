"""Alternatives: the free times nearest to one that cannot be had, as the caller would like them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bookings.availability.slots import (
    DAYS,
    INSTANT,
    Calendar,
    Requester,
    Slot,
    around,
    chosen,
    days_near,
)
from bookings.models import Practitioner, ServiceType
from bookings.preferences import ANY, Preference, minutes

# A preference is searched for within so many days; after them the nearest times come first.
PREFERENCES_LOOK = DAYS[2]
# A practitioner without a free time for so long is away: a colleague is offered as well.
AWAY = timedelta(days=7)


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

    `near` is the calendar of the days around `wanted`. If it is too full, the whole horizon is
    read, once, and searched from the nearest days on.
    """
    if not preference.is_within(wanted.astimezone(near.zone).date()):
        preference = preference.without_days()
    found = near.free(service)
    if how_many_meet(found, near.zone, preference) < count:
        whole = around(
            wanted, practitioners=near.people, now=now, days=DAYS[-1], requester=near.requester
        )
        for days in DAYS[1:]:
            found = whole.between(*days_near(wanted, days, near.zone)).free(service)
            looked_far_enough = days >= PREFERENCES_LOOK and len(times_of(found)) >= count
            if looked_far_enough or how_many_meet(found, near.zone, preference) >= count:
                break
    best = best_by_time(found, key=by_nearness(wanted, near.zone, preference))
    return chosen(best, count)


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
    near = around(wanted, practitioners=colleagues, now=now, requester=requester)
    then = near.between(wanted, wanted + INSTANT).free(service)
    if then:
        return then[0]
    if theirs and abs(theirs[0].start - wanted) < AWAY:
        return None
    return next(iter(nearest(near, service=service, wanted=wanted, now=now, count=1)), None)


def best_by_time(slots: Iterable[Slot], *, key: Callable[[Slot], tuple[float, ...]]) -> list[Slot]:
    """The best slot of each start time by `key`, in the order of `key`."""
    best: dict[datetime, Slot] = {}
    for slot in sorted(slots, key=key):
        best.setdefault(slot.start, slot)
    return list(best.values())


def by_nearness(
    wanted: datetime, zone: ZoneInfo, preference: Preference
) -> Callable[[Slot], tuple[float, ...]]:
    meant = wanted.astimezone(zone)

    def rank(slot: Slot) -> tuple[float, ...]:
        local = slot.start.astimezone(zone)
        days = abs((local.date() - meant.date()).days)
        apart: float = minutes(local.time()) - minutes(meant.time())
        if not days:  # in real minutes, should the clocks change on that day
            apart = (slot.start - wanted) / timedelta(minutes=1)
        misses = preference.misses(local, slot.practitioner.pk)
        return misses, days, abs(apart), -slot.start.timestamp()

    return rank


def how_many_meet(slots: Iterable[Slot], zone: ZoneInfo, preference: Preference) -> int:
    return len(
        times_of(
            slot
            for slot in slots
            if not preference.misses(slot.start.astimezone(zone), slot.practitioner.pk)
        )
    )


def times_of(slots: Iterable[Slot]) -> set[datetime]:
    return {slot.start for slot in slots}
