"""Free times, as the drawer offers them: the soonest, then a day by practitioner."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from bookings import appointments
from bookings.availability import slots
from bookings.availability.reading import Requester
from bookings.availability.slots import Calendar, Slot
from bookings.desk import outside_hours
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.outcomes import BookOutcome, NobodyOffers, Wanted
from bookings.preferences import ANY, Preference

MOST_SOONEST = 4
# What suits somebody who waits is looked for within so many days.
LOOK = timedelta(days=90)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Lane:
    practitioner: Practitioner
    free: list[Slot]


@dataclass(frozen=True, slots=True)
class Offered:
    """`soonest` are the first that suit. `lanes` are those of `day`; `before` and `after` are the
    days beside it; `begins_soonest`: it is that of the soonest. If `day` has none, `following` is
    the next day with a free time, and `closed` why no visit can begin on `day`, or ""."""

    soonest: list[Slot]
    day: date
    lanes: list[Lane]
    before: date | None
    after: date
    following: date | None
    closed: str
    begins_soonest: bool


def offer(
    service: ServiceType,
    people: Sequence[Practitioner],
    *,
    requester: Requester,
    day: date | None,
    now: datetime,
    wish: Preference = ANY,
) -> Offered:
    """What is free for `service` with `people`, who can be booked for it. Without a `day`, it is
    that of the soonest. A visit that is to move is not offered the time it has."""
    calendar = slots.calendar(people, start=now, now=now, requester=requester)

    def others(found: Iterable[Slot]) -> Iterator[Slot]:
        return (slot for slot in found if not is_there(requester.appointment, slot))

    soonest = list(islice(others(suiting(calendar, service, wish)), MOST_SOONEST))
    first = soonest[0].start.astimezone(calendar.zone).date() if soonest else now.date()
    day = day or first
    here = on(calendar, day)
    lanes = [Lane(who, list(others(here.upcoming_with(who, service)))) for who in people]
    lanes = [lane for lane in lanes if lane.free]
    return Offered(
        soonest,
        day,
        lanes,
        before=day - A_DAY if day > now.date() else None,
        after=day + A_DAY,
        following=None if lanes else next_free(calendar, service, day),
        begins_soonest=day == first,
        closed="" if lanes else outside_hours.nothing_begins(day, people, calendar.bookable),
    )


def is_there(visit: Appointment | None, slot: Slot) -> bool:
    """Whether it is where the visit is: a visit does not block itself."""
    where = (slot.start, slot.practitioner.pk)
    return visit is not None and (visit.start, visit.practitioner_id) == where


def requester(patient: Patient | None) -> Requester:
    return Requester(patient=None if patient is None or patient.is_new else patient.pk)


def suiting(calendar: Calendar, service: ServiceType, wish: Preference) -> Iterator[Slot]:
    """One slot a time, from the soonest on."""
    if wish == ANY:
        yield from calendar.times(service)
        return
    last = None
    for slot in calendar.between(calendar.start, calendar.start + LOOK).upcoming(service):
        local = slot.start.astimezone(calendar.zone)
        if slot.start != last and not wish.misses(local, slot.practitioner.pk):
            last = slot.start
            yield slot


def on(calendar: Calendar, day: date) -> Calendar:
    zone = calendar.zone
    return calendar.between(slots.instant(day, zone), slots.instant(day + A_DAY, zone))


def next_free(calendar: Calendar, service: ServiceType, day: date) -> date | None:
    later = calendar.between(slots.instant(day + A_DAY, calendar.zone), calendar.end)
    found = next(later.times(service), None)
    return found.start.astimezone(calendar.zone).date() if found else None


def look(
    service: ServiceType,
    practitioner: Practitioner | None,
    start: datetime,
    able: Sequence[Practitioner],
    *,
    patient: Patient | None,
    now: datetime,
) -> Slot | BookOutcome:
    """The slot at `start`, if it is free; else why it is not, with alternatives. `able` are those
    who can be booked for it."""
    wanted = Wanted(service.name, start, practitioner.name if practitioner else None)
    asked = [who for who in able if practitioner in (None, who)]
    if not asked:
        return NobodyOffers(wanted, tuple(who.name for who in able))
    wishes, whose = [Slot(who, service, start) for who in asked], requester(patient)
    calendar = slots.around(start, practitioners=asked, now=now, requester=whose)
    others = [who for who in able if who not in asked]
    return next(filter(calendar.is_free, wishes), None) or appointments.refusal(
        wanted, wishes, calendar, others, now=now, preference=Preference
    )
