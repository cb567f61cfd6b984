"""Rooms: which of those that a service needs one of are free."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from bookings.availability.hours import Period, Periods
from bookings.models import Room, ServiceType


@dataclass(frozen=True, slots=True)
class Rooms:
    """By service the rooms in use, in the order of their keys; by room what stands in its way.

    Periods are in order and do not overlap. A service that is not `needed` needs no room.
    """

    needed: Mapping[int, Sequence[int]]
    busy: Mapping[int, Periods]
    closed: Mapping[int, Sequence[Period]]

    def has_one(self, service: ServiceType, start: datetime) -> bool:
        return service.pk not in self.needed or bool(self.free(service, start))

    def free(self, service: ServiceType, start: datetime) -> list[int]:
        """Those that could be had: nobody's period in the visit's, the visit itself not closed."""
        end = start + service.duration
        blocked = (start - service.buffer_before, end + service.buffer_after)
        return [
            room
            for room in self.needed.get(service.pk, ())
            if is_clear(self.busy.get(room, ()), blocked)
            and is_clear(self.closed.get(room, ()), (start, end))
        ]

    def without_visits(self) -> "Rooms":
        return replace(self, busy={})


def is_clear(periods: Periods, wanted: Period) -> bool:
    start, end = wanted
    following = bisect_right(periods, start, key=itemgetter(1))
    return following == len(periods) or end <= periods[following][0]


def read_needed() -> dict[int, list[int]]:
    """One query. A service whose rooms are all out of use has an empty list: it cannot be had."""
    needed: dict[int, list[int]] = {}
    columns = ("services", "pk", "is_active")
    rows = Room.objects.filter(services__isnull=False).order_by("pk").values_list(*columns)
    for service, room, is_active in rows:
        needed.setdefault(service, []).extend([room] if is_active else [])
    return needed
