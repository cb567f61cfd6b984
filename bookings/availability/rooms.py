"""Rooms: those that are free for a service that needs one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bookings.availability.periods import MINUTE, Blocked
from bookings.models import Room, ServiceType
from tenants import memory


@dataclass(frozen=True, slots=True)
class Rooms:
    """`needed`: by service, the rooms in use, in the order of their keys. `busy` and `closed`: by
    room, the periods that block it. A service that is not in `needed` needs no room. Instants are
    numbers, as in `periods`.
    """

    needed: Mapping[int, Sequence[int]]
    busy: Mapping[int, Blocked]
    closed: Mapping[int, Blocked]

    def has_one(self, service: ServiceType, start: int) -> bool:
        return service.pk not in self.needed or bool(self.free(service, start))

    def free(self, service: ServiceType, start: int) -> list[int]:
        """The rooms that no other visit blocks, and that are not closed during the visit."""
        wanted = self.needed.get(service.pk)
        if not wanted:
            return []
        end = start + service.minutes * MINUTE
        blocked_from = start - service.minutes_before * MINUTE
        blocked_until = end + service.minutes_after * MINUTE
        return [
            room
            for room in wanted
            if self.busy[room].is_clear(blocked_from, blocked_until)
            and self.closed[room].is_clear(start, end)
        ]

    def without_visits(self) -> "Rooms":
        return replace(self, busy=dict.fromkeys(self.closed, Blocked()))


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
