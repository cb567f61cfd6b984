"""Waitlist: who would like a time that has just become free, first come first."""

from datetime import datetime

from bookings import slots
from bookings.models import Appointment, BookingPolicy, WaitlistEntry
from bookings.slots import Slot


def wanting(freed: Appointment, *, now: datetime) -> list[WaitlistEntry]:
    """Those who wait for what `freed` left behind, as long as they could have it now."""
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


def given_back(*, now: datetime) -> dict[int, Appointment]:
    """By the key of an entry, the soonest time given back that is still free and is what it waits
    for. Two queries, and a calendar for each time that somebody waits for."""
    cancelled = Appointment.objects.filter(
        status=Appointment.Status.CANCELLED,
        start__gt=now,
        practitioner__services__waiting__status=WaitlistEntry.Status.WAITING,
    ).select_related("practitioner")
    found: dict[int, Appointment] = {}
    for row in cancelled.distinct().order_by("start"):
        for entry in wanting(row, now=now):
            found.setdefault(entry.pk, row)
    return found
