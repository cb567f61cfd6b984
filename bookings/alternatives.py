"""Alternatives: the free times nearest to one that cannot be had, as the caller would like them."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from bookings.models import ServiceType
from bookings.preferences import ANY, Preference, minutes
from bookings.slots import WINDOWS, Calendar, Slot, around

# Nobody waits longer than this for a preference to be met.
PREFERENCES_LOOK = WINDOWS[2]


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

    What meets the preference comes before what does not. Near is the same day, and on it by how
    long before or after; then the next days, and on them by the clock. Of two as near, the later
    one. A time that several practitioners have counts once.

    `near` is the calendar around `wanted`; when it is too full the whole horizon is read, once,
    and looked through nearest days first.
    """
    rank = by_nearness(wanted, near.zone, preference)
    found = sorted(near.free(service), key=rank)
    if how_many_meet(found, near.zone, preference) < count:
        whole = around(wanted, practitioners=near.people, now=now, window=WINDOWS[-1], own=near.own)
        for window in WINDOWS[1:]:
            found = sorted(whole.between(wanted - window, wanted + window).free(service), key=rank)
            looked_far_enough = window >= PREFERENCES_LOOK and len(times_of(found)) >= count
            if looked_far_enough or how_many_meet(found, near.zone, preference) >= count:
                break
    best = list({slot.start: slot for slot in reversed(found)}.values())[::-1]
    return tuple(sorted(best[:count], key=attrgetter("start")))


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
        return misses, days, abs(apart), slot.start < wanted

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
