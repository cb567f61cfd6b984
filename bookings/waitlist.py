"""Waitlist: who would like a time that has just become free, first come first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bookings import slots
from bookings.models import (
    Appointment,
    AppointmentChange,
    BookingPolicy,
    Practitioner,
    WaitlistEntry,
)
from bookings.slots import Slot


@dataclass(frozen=True, slots=True)
class Freed:
    """A time that a visit had and has no longer: from the UTC instant `start` on."""

    practitioner: Practitioner
    start: datetime


def wanting(freed: Freed, *, now: datetime) -> list[WaitlistEntry]:
    """Those who wait for what became free, as long as they could have it now."""
    local = freed.start.astimezone(slots.zone_of(now))
    waiting = WaitlistEntry.objects.filter(
        status=WaitlistEntry.Status.WAITING, service__practitioners=freed.practitioner
    ).select_related("patient", "service", "practitioner")
    policy = BookingPolicy.current()
    liking = [entry for entry in waiting if entry.would_like(local, freed.practitioner, policy)]
    if not liking:
        return []
    calendar = slots.around(freed.start, practitioners=[freed.practitioner], now=now)
    return [
        entry
        for entry in liking
        if calendar.is_free(Slot(freed.practitioner, entry.service, freed.start))
    ]


def given_back(*, now: datetime) -> dict[int, Freed]:
    """By the key of an entry, the soonest time given back that is still free and is what it waits
    for. Two queries, and a calendar for each time that somebody waits for."""
    waited_for = {"practitioner__services__waiting__status": WaitlistEntry.Status.WAITING}
    cancelled = Appointment.objects.exclude(status__in=Appointment.OCCUPYING).filter(
        start__gt=now, **waited_for
    )
    changes = AppointmentChange.objects.filter(end__gt=now, **waited_for)
    found = {
        *(Freed(row.practitioner, row.start) for row in cancelled.select_related("practitioner")),
        *(
            freed
            for change in changes.select_related("practitioner", "appointment")
            for freed in left_by(change)
            if freed.start > now
        ),
    }
    soonest: dict[int, Freed] = {}
    for freed in sorted(found, key=lambda one: (one.start, one.practitioner.pk)):
        for entry in wanting(freed, now=now):
            soonest.setdefault(entry.pk, freed)
    return soonest


def freed_by(appointment: Appointment, *, now: datetime) -> list[Freed]:
    """What `appointment` had in the course of its history and has no longer, the soonest first."""
    changes = appointment.changes.select_related("practitioner", "appointment")
    found = {freed for change in changes for freed in left_by(change) if freed.start > now}
    if not appointment.occupies and appointment.start > now:
        found.add(Freed(appointment.practitioner, appointment.start))
    return sorted(found, key=lambda one: one.start)


def left_by(change: AppointmentChange) -> Iterator[Freed]:
    """Where the visit stood after `change` and is not now: all of it when it was moved away or
    ended, what is before or behind it when it was moved a little or made shorter."""
    visit = change.appointment
    is_elsewhere = (
        not visit.occupies
        or visit.practitioner_id != change.practitioner_id
        or visit.end <= change.start
        or change.end <= visit.start
    )
    if is_elsewhere or change.start < visit.start:
        yield Freed(change.practitioner, change.start)
    if not is_elsewhere and visit.end < change.end:
        yield Freed(change.practitioner, visit.end)
