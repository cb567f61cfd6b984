"""Rooms: those that are free for a service that needs one."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from bookings.availability.hours import Period, Periods
from bookings.models import Room, ServiceType
from tenants import memory


@dataclass(frozen=True, slots=True)
class Rooms:
    """`needed`: by service, the rooms in use, in the order of their keys. `busy` and `closed`: by
    room, the periods that block it; they are in order and do not overlap. A service that is not in
    `needed` needs no room.
    """

    needed: Mapping[int, Sequence[int]]
    busy: Mapping[int, Periods]
    closed: Mapping[int, Sequence[Period]]

    def has_one(self, service: ServiceType, start: datetime) -> bool:
        return service.pk not in self.needed or bool(self.free(service, start))

    def free(self, service: ServiceType, start: datetime) -> list[int]:
        """The rooms that no other visit blocks, and that are not closed during the visit."""
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


def needed() -> Mapping[int, Sequence[int]]:
    """The rooms in use of each service that needs one, by keys. One query, if it is not remembered.

    A service whose rooms are all out of use has an empty list: it is not bookable.
    """
    return memory.recall("rooms needed", read_needed)


def read_needed() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    columns = ("services", "pk", "is_active")
    rows = Room.objects.filter(services__isnull=False).order_by("pk").values_list(*columns)
    for service, room, is_active in rows:
        found.setdefault(service, []).extend([room] if is_active else [])
    return found
