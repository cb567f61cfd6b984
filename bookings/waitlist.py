"""Waitlist: the patients who would like a time that has become free, in the order they wait.

What has become free is read from the history: times that a visit had, and no longer has.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Q, QuerySet

from bookings.availability import slots
from bookings.availability.slots import INSTANT, Calendar, Slot
from bookings.models import (
    Appointment,
    AppointmentChange,
    BookingPolicy,
    Practitioner,
    WaitlistEntry,
)

WAITING = WaitlistEntry.Status.WAITING


@dataclass(frozen=True, slots=True)
class Freed:
    """A time that a visit had, and no longer takes: [start, end), UTC instants."""

    practitioner: Practitioner
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Match:
    entry: WaitlistEntry
    slot: Slot


def wanting(appointment: Appointment, *, now: datetime) -> list[Match]:
    """The entries that could have a time that `appointment` freed, and each time."""
    return matches(freed(Appointment.objects.filter(pk=appointment.pk), now=now), now=now)


def given_back(*, now: datetime) -> dict[int, Slot]:
    """The soonest freed time that each entry could have, by the entry's key. The number of queries
    does not depend on that of visits and entries."""
    waited_for = Practitioner.objects.filter(services__waiting__status=WAITING)
    left = freed(Appointment.objects.all(), with_any_of=waited_for, now=now)
    return {match.entry.pk: match.slot for match in matches(left, now=now)}


def freed(
    appointments: QuerySet[Appointment],
    *,
    now: datetime,
    with_any_of: QuerySet[Practitioner] | None = None,
) -> list[Freed]:
    """The times to come that these visits freed, the soonest first: by a move, an earlier end, a
    cancellation, or another status that takes no time."""
    positions = [*left_positions(appointments, now), *unrecorded_positions(appointments, now)]
    pieces = {piece for visit, had in positions for piece in without(had, visit)}
    people = None if with_any_of is None else set(with_any_of.values_list("pk", flat=True))
    found = [
        piece
        for piece in pieces
        if piece.end > now and (people is None or piece.practitioner.pk in people)
    ]
    return sorted(found, key=lambda piece: (piece.start, piece.practitioner.pk))


def left_positions(
    appointments: QuerySet[Appointment], now: datetime
) -> Iterator[tuple[Appointment, Freed]]:
    """Earlier times of these visits, from the history, that they do not have today."""
    as_it_is = Q(
        appointment__status__in=Appointment.OCCUPYING,
        appointment__practitioner=F("practitioner"),
        appointment__start=F("start"),
        appointment__end=F("end"),
    )
    stood = AppointmentChange.objects.filter(
        appointment__in=appointments, status__in=Appointment.OCCUPYING, end__gt=now
    ).exclude(as_it_is)
    for change in stood.select_related("appointment", "practitioner"):
        yield change.appointment, Freed(change.practitioner, change.start, change.end)


def unrecorded_positions(
    appointments: QuerySet[Appointment], now: datetime
) -> Iterator[tuple[Appointment, Freed]]:
    """The times of visits that no longer take time, and whose history does not name earlier
    times."""
    over = appointments.exclude(status__in=Appointment.OCCUPYING).filter(end__gt=now)
    booked = AppointmentChange.objects.filter(status__in=Appointment.OCCUPYING)
    rows = over.exclude(pk__in=booked.values("appointment"))
    for row in rows.select_related("practitioner"):
        yield row, Freed(row.practitioner, row.start, row.end)


def without(had: Freed, visit: Appointment) -> Iterator[Freed]:
    """The part of the time `had` that `visit` no longer takes."""
    is_there = visit.occupies and visit.practitioner_id == had.practitioner.pk
    if not is_there or visit.end <= had.start or had.end <= visit.start:
        yield had
        return
    if had.start < visit.start:
        yield replace(had, end=visit.start)
    if visit.end < had.end:
        yield replace(had, start=visit.end)


def matches(left: list[Freed], *, now: datetime) -> list[Match]:
    """The soonest of these times that each entry could have, in the order in which they wait."""
    if not left:
        return []
    people = {piece.practitioner for piece in left}
    waiting = WaitlistEntry.objects.filter(
        status=WAITING, service__practitioners__in=people
    ).select_related("patient", "service", "practitioner")
    entries = list(waiting.prefetch_related("service__practitioners").distinct())
    if not entries:
        return []
    longest = max(entry.service.duration for entry in entries)
    calendar = slots.calendar(
        people,
        start=left[0].start - longest,
        end=max(piece.end for piece in left),
        now=now,
    )
    policy = BookingPolicy.current()
    found = ((entry, soonest(entry, left, calendar, policy)) for entry in entries)
    return [Match(entry, slot) for entry, slot in found if slot]


def soonest(
    entry: WaitlistEntry, left: Iterable[Freed], calendar: Calendar, policy: BookingPolicy
) -> Slot | None:
    able = set(entry.service.practitioners.all())
    for piece in left:
        if piece.practitioner in able:
            liked = (
                slot
                for slot in starting(entry, piece, calendar)
                if entry.would_like(
                    slot.start.astimezone(calendar.zone), piece.practitioner, policy
                )
            )
            if slot := next(liked, None):
                return slot
    return None


def starting(entry: WaitlistEntry, piece: Freed, calendar: Calendar) -> Iterator[Slot]:
    """Free times that take some of `piece`: those that begin in it, then those that reach into
    it."""
    service = entry.service
    inside = calendar.between(piece.start, piece.end)
    yield from inside.upcoming_with(piece.practitioner, service)
    before = calendar.between(piece.start - service.duration + INSTANT, piece.start)
    yield from reversed(list(before.upcoming_with(piece.practitioner, service)))
