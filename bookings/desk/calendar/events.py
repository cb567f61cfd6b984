"""Events: what a page of the calendar draws: visits, and the hours when nobody can be booked.

One query a kind, however many days, practitioners and visits.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Q, Subquery

from bookings.appointments import CHANGEABLE
from bookings.availability import hours, slots
from bookings.availability.hours import Timetable
from bookings.desk.calendar import clocks
from bookings.models import (
    Appointment,
    AppointmentChange,
    AppointmentQuerySet,
    Closure,
    Configuration,
    Offer,
    Practitioner,
)
from bookings.models.practice import LONGEST

Period = hours.Period
Status = Appointment.Status
# A visit that did not take place is no longer in the way; a patient who did not come is worth
# seeing.
SHOWN = [*Appointment.OCCUPYING, Status.NO_SHOW]
IN_ROOM = "in-room"
# The hours that are drawn where nobody works, first and last.
USUAL = 8, 18


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose diary is drawn, and which days: [start, end), whole days at the clinic. `only` is the
    key of a practitioner, or None for all."""

    start: datetime
    end: datetime
    zone: ZoneInfo
    only: int | None = None

    @classmethod
    def days(cls, first: date, until: date, *, zone: ZoneInfo, only: int | None = None) -> "Asked":
        """`until` is the first day that is not drawn."""
        return cls(slots.instant(first, zone), slots.instant(until, zone), zone, only)

    def clipped(self, period: Period) -> Period:
        return max(period[0], self.start), min(period[1], self.end)

    def each_day(self) -> Iterator[date]:
        day, until = (at.astimezone(self.zone).date() for at in (self.start, self.end))
        while day < until:
            yield day
            day += timedelta(days=1)


class Visit(NamedTuple):
    """A row of the diary. `seen` is the key of its newest change, 0 if it has none."""

    id: object
    practitioner: int
    start: datetime
    end: datetime
    status: str
    source: str
    reference: str
    room: str | None
    service: str
    patient: str
    claimed_by: str
    in_room_since: datetime | None
    seen: int | None

    @property
    def name(self) -> str:
        return f"{self.patient} (unverified)" if self.claimed_by else self.patient

    @property
    def sign(self) -> str:
        """Its status, or “in-room”."""
        is_in_room = self.status == Status.ARRIVED and self.in_room_since
        return IN_ROOM if is_in_room else self.status


class Hold(NamedTuple):
    practitioner: int
    start: datetime
    minutes: int

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)


class Shade(NamedTuple):
    """A stretch in which a practitioner cannot be booked: `kind` is off, closed or held. Times are
    the wall's."""

    practitioner: int
    start: str
    end: str
    kind: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Diary:
    """What changes from one minute to the next. `version` tells two states of it apart."""

    asked: Asked
    visits: Sequence[Visit]
    holds: Sequence[Hold]
    version: str

    @classmethod
    def read(cls, asked: Asked, shown: AppointmentQuerySet) -> "Diary":
        """Three queries. `shown` are the visits that the user may see."""
        visits, holds = read_visits(asked, shown), read_holds(asked)
        configured = Configuration.objects.values_list("version", flat=True).first()
        state = repr((asked, [*map(tuple, visits)], holds, configured))
        version = hashlib.blake2b(state.encode(errors="replace"), digest_size=16).hexdigest()
        return cls(asked, visits, holds, version)


def read_visits(asked: Asked, shown: AppointmentQuerySet) -> list[Visit]:
    newest = AppointmentChange.objects.filter(appointment=OuterRef("pk")).order_by("-at", "-pk")
    # The index is on the start, and no visit is longer than that.
    rows = shown.filter(
        start__gte=asked.start - LONGEST, start__lt=asked.end, end__gt=asked.start, status__in=SHOWN
    )
    if asked.only is not None:
        rows = rows.filter(practitioner=asked.only)
    columns = rows.order_by("start", "pk").values_list(
        "pk",
        "practitioner",
        "start",
        "end",
        "status",
        "source",
        "reference",
        "room__name",
        "service__name",
        "patient__name",
        "patient__claimed_by",
        "in_room_since",
        Subquery(newest.values("pk")[:1]),
    )
    return [Visit._make(row) for row in columns]


def read_holds(asked: Asked) -> list[Hold]:
    """The times that callers are being offered. Who they are is not read."""
    rows = Offer.objects.unexpired().blocking(asked.start, asked.end)
    if asked.only is not None:
        rows = rows.filter(practitioner=asked.only)
    columns = rows.order_by("start", "practitioner").distinct()
    return [Hold(*row) for row in columns.values_list("practitioner", "start", "service__minutes")]


def drawing(diary: Diary, *, now: datetime, may_change_begun: bool) -> dict[str, object]:
    """All that a page draws, for JSON. Four queries more: practitioners, and their hours."""
    asked = diary.asked
    people = practitioners(asked, {visit.practitioner for visit in diary.visits})
    written = hours.timetable(people, start=asked.start, end=asked.end, zone=asked.zone)
    worked = {person.pk: within(asked, written.opened(person)) for person in people}
    shaded = [*unworked(asked, written, worked), *held(diary)]
    return {
        "version": diary.version,
        "offset": now.isoformat()[-6:],
        "practitioners": [{"id": person.pk, "name": person.name} for person in people],
        "visits": [
            entry(visit, asked.zone, may_move(visit, now=now, may_change_begun=may_change_begun))
            for visit in diary.visits
        ],
        "shades": [shade._asdict() for shade in shaded],
        "hours": hours_drawn(diary, worked),
    }


def practitioners(asked: Asked, with_visits: Collection[int]) -> list[Practitioner]:
    """Those who take appointments, and those who still have some."""
    if asked.only is not None:
        return list(Practitioner.objects.filter(pk=asked.only))
    return list(Practitioner.objects.filter(Q(is_active=True) | Q(pk__in=with_visits)))


def may_move(visit: Visit, *, now: datetime, may_change_begun: bool) -> bool:
    """As in `appointments.is_changeable`, which decides."""
    if visit.start > now:
        return visit.status in CHANGEABLE
    return may_change_begun and visit.status in Appointment.OCCUPYING


def entry(visit: Visit, zone: ZoneInfo, may_be_moved: bool) -> dict[str, object]:
    """`start` and `end` are the wall's, `at` is the instant."""
    start, end = clocks.drawn(visit.start, visit.end, zone)
    return {
        "id": str(visit.id),
        "practitioner": visit.practitioner,
        "start": start,
        "end": end,
        "at": visit.start.astimezone(zone).isoformat(),
        "minutes": (visit.end - visit.start) // timedelta(minutes=1),
        "when": clocks.words(visit.start, visit.end, zone),
        "patient": visit.name,
        "service": visit.service,
        "room": visit.room or "",
        "reference": visit.reference,
        "status": visit.sign,
        "by_phone": visit.source == Appointment.Source.VOICE,
        "seen": visit.seen or 0,
        "movable": may_be_moved,
    }


def within(asked: Asked, periods: Iterable[Period]) -> list[Period]:
    clipped = (asked.clipped(period) for period in hours.joined(periods))
    return [(start, end) for start, end in clipped if start < end]


def unworked(asked: Asked, written: Timetable, worked: dict[int, list[Period]]) -> Iterator[Shade]:
    """When each practitioner does not work: closed, for the reason that staff gave; else off."""
    for person, opened in worked.items():
        closures = list(closed(asked, written, person))
        for closure, period in closures:
            for part in hours.subtract([period], opened):
                yield shade(person, part, asked.zone, "closed", closure.title)
        shut = (period for _, period in closures)
        for part in hours.subtract([(asked.start, asked.end)], [*opened, *shut]):
            yield shade(person, part, asked.zone, "off")


def closed(asked: Asked, written: Timetable, person: int) -> Iterator[tuple[Closure, Period]]:
    """The closures of the clinic and of this practitioner, in each year in which they come."""
    for closure in written.closures:
        if closure.room_id is None and closure.practitioner_id in (None, person):
            periods = hours.periods_closed(closure, *written.days(), asked.zone)
            yield from ((closure, period) for period in within(asked, periods))


def held(diary: Diary) -> Iterator[Shade]:
    for hold in diary.holds:
        period = hold.start, hold.end
        yield shade(hold.practitioner, period, diary.asked.zone, "held", "Offered to a caller")


def shade(person: int, period: Period, zone: ZoneInfo, kind: str, title: str = "") -> Shade:
    start, end = (clocks.wall(at, zone) for at in period)
    return Shade(person, start, end, kind, title)


def hours_drawn(diary: Diary, worked: dict[int, list[Period]]) -> dict[str, int]:
    """The whole hours of the wall, first and last, that hold all that is worked and booked."""
    asked = diary.asked
    booked = within(asked, ((visit.start, visit.end) for visit in diary.visits))
    spans = [of_the_day(period, asked.zone) for period in chain(booked, *worked.values())]
    if not spans:
        return {"first": USUAL[0], "last": USUAL[1]}
    return {"first": min(first for first, _ in spans), "last": max(last for _, last in spans)}


def of_the_day(period: Period, zone: ZoneInfo) -> tuple[int, int]:
    """The whole hours that hold the period; the whole day if it reaches over midnight."""
    start, last = (at.astimezone(zone) for at in (period[0], period[1] - slots.INSTANT))
    return (start.hour, last.hour + 1) if start.date() == last.date() else (0, 24)
