"""Overrides: rules that staff set aside by an explicit choice, each kept in the history.

The exclusion constraints cannot be set aside: no visit is ever written over another one.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass

from django.db.models import Q

from bookings.availability import holds
from bookings.availability.reading import Requester
from bookings.availability.slots import Calendar, Slot
from bookings.models import Appointment, AppointmentChange, Offer, Room, ServiceType

Override = AppointmentChange.Override


@dataclass(frozen=True, slots=True)
class Overrides:
    """`hours`: hours, closures, steps, notice, horizon, the most of a day, and the past.
    `holds`: times that are held for callers. `begun`: what has begun may still be changed.
    `minutes`: a length other than the service's, 5 to 480."""

    hours: bool = False
    holds: bool = False
    begun: bool = False
    minutes: int | None = None

    def of_length(self, service: ServiceType) -> ServiceType:
        """The service as it is, or with the length that was chosen. The row is not changed."""
        if self.minutes in (None, service.minutes):
            return service
        other = copy(service)
        other.minutes = self.minutes
        return other


NONE = Overrides()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a visit can be entered: `room` is the key of one, if it needs one; `used` are the
    rules that had to be set aside for it."""

    slot: Slot
    room: int | None
    used: tuple[Override, ...]


def place(
    calendar: Calendar, asked: Sequence[Slot], chosen: Overrides, *, stay_in: int | None = None
) -> Place | None:
    """The first of `asked` that can be entered, with as few rules set aside as possible.

    It stays in the room with the key `stay_in` if that is free. Call it when the diaries are
    locked.
    """
    length = [Override.LENGTH] if chosen.minutes and is_other_length(asked) else []
    for used in combinations(chosen):
        for slot in asked:
            rooms = rooms_for(calendar, slot, used)
            if rooms is not None:
                room = stay_in if stay_in in rooms else next(iter(rooms), None)
                return Place(slot, room, (*length, *used))
    return None


def is_other_length(asked: Iterable[Slot]) -> bool:
    stored = ServiceType.objects.filter(pk__in={slot.service.pk for slot in asked})
    minutes = dict(stored.values_list("pk", "minutes"))
    return any(slot.service.minutes != minutes[slot.service.pk] for slot in asked)


def combinations(chosen: Overrides) -> Iterator[tuple[Override, ...]]:
    """The combinations of rules to set aside, the smallest first."""
    yield ()
    if chosen.holds:
        yield (Override.HOLDS,)
    if chosen.hours:
        yield (Override.HOURS,)
    if chosen.hours and chosen.holds:
        yield (Override.HOURS, Override.HOLDS)


def rooms_for(calendar: Calendar, slot: Slot, used: Sequence[Override]) -> list[int] | None:
    """The rooms in which `slot` can be booked, [] if it needs none; None if it cannot be booked."""
    if Override.HOURS in used:
        return rooms_at_any_hour(slot, calendar.requester, over_holds=Override.HOLDS in used)
    if Override.HOLDS in used:
        calendar = calendar.without_holds()
    return calendar.rooms_for(slot) if calendar.is_free(slot) else None


def rooms_at_any_hour(slot: Slot, requester: Requester, *, over_holds: bool) -> list[int] | None:
    """As `rooms_for`, if hours do not count: only visits and holds block it."""
    visits = Appointment.objects.blocking(*slot.blocked)
    if requester.appointment is not None:
        visits = visits.exclude(pk=requester.appointment.pk)
    held = requester.holds_of_others(*slot.blocked) if not over_holds else Offer.objects.none()
    if requester.visits(slot.start, slot.end).exists():
        return None
    if any(rows.filter(practitioner=slot.practitioner).exists() for rows in (visits, held)):
        return None
    rooms = Room.objects.filter(services=slot.service).order_by("pk")
    if not rooms:
        return []
    taken = {row.room_id for rows in (visits, held) for row in rows}
    return [room.pk for room in rooms if room.is_active and room.pk not in taken] or None


def release_holds(place: Place, requester: Requester) -> None:
    """Release the holds at this time. Their callers will hear that it has been taken."""
    if Override.HOLDS in place.used:
        here = Q(practitioner=place.slot.practitioner) | Q(room=place.room, room__isnull=False)
        others = requester.holds_of_others(*place.slot.blocked).filter(here)
        holds.remove(list(others.values_list("pk", flat=True)))
