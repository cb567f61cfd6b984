"""Waitlist: who would like a time that has just become free, first come first."""

from datetime import datetime

from bookings import slots
from bookings.models import Appointment, WaitlistEntry
from bookings.slots import Slot


def wanting(freed: Appointment, *, now: datetime) -> list[WaitlistEntry]:
    """Those who wait for what `freed` left behind, as long as they could have it now."""
    local = freed.start.astimezone(slots.zone_of(now))
    waiting = WaitlistEntry.objects.filter(
        status=WaitlistEntry.Status.WAITING, service__practitioners=freed.practitioner
    ).select_related("patient", "service", "practitioner")
    calendar = slots.around(freed.start, practitioners=[freed.practitioner], now=now)
    return [
        entry
        for entry in waiting
        if entry.would_like(local, freed.practitioner)
        and calendar.is_free(Slot(freed.practitioner, entry.service, freed.start))
    ]


def freed_for(entry: WaitlistEntry, *, now: datetime) -> Appointment | None:
    """The soonest time that was given back, is still free, and is what `entry` waits for."""
    if entry.status != WaitlistEntry.Status.WAITING:
        return None
    given_back = Appointment.objects.filter(
        status=Appointment.Status.CANCELLED, start__gt=now
    ).select_related("practitioner")
    return next(
        (row for row in given_back.order_by("start") if entry in wanting(row, now=now)), None
    )
