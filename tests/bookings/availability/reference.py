"""The slots as they were computed before: every start of a period is made, and then looked for.

It adds datetimes, knows the hours of the whole period, and looks at every slot of every day around
a wish. `bookings.availability` has to find the same slots in the same order.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from heapq import merge
from itertools import groupby, zip_longest
from operator import attrgetter, itemgetter

from bookings.availability import slots
from bookings.availability.alternatives import AWAY, PREFERENCES_LOOK
from bookings.availability.hours import Period, joined
from bookings.availability.periods import moment
from bookings.availability.reading import Visit
from bookings.availability.slots import INSTANT, Calendar, Slot
from bookings.models import Practitioner, ServiceType
from bookings.preferences import Preference, minutes

# How many days around a wished one to look for others, nearest first; the last is past any horizon.
DAYS = (2, 14, 90, 731)


@dataclass(frozen=True)
class Reference:
    """The same calendar, in datetimes."""

    calendar: Calendar
    start: datetime
    end: datetime
    visits: Sequence[Visit]
    opened: dict[int, list[Period]]

    @classmethod
    def of(cls, calendar: Calendar) -> "Reference":
        timetable = calendar.opened.timetable
        opened = {person.pk: timetable.opened(person) for person in calendar.people}
        return cls(calendar, calendar.start, calendar.end, calendar.visits, opened)

    def between(self, start: datetime, end: datetime) -> "Reference":
        return replace(self, start=max(self.start, start), end=min(self.end, end))

    def without_holds(self) -> "Reference":
        return replace(self, visits=[visit for visit in self.visits if not visit.conversation])

    def free(self, service: ServiceType) -> list[Slot]:
        people = sorted(self.calendar.people, key=attrgetter("pk"))
        return list(merge(*(self.free_with(one, service) for one in people), key=start_of))

    def free_with(self, person: Practitioner, service: ServiceType) -> Iterator[Slot]:
        for at in self.starts(person, service):
            yield Slot(person, service, at, next(iter(self.rooms_at(service, at)), None))

    def starts(self, person: Practitioner, service: ServiceType) -> Iterator[datetime]:
        if not (person.is_active and service.is_active):
            return
        opened, full = self.opened[person.pk], self.full_days(person, service)
        first = bisect_left(opened, self.start, key=itemgetter(1))
        last = bisect_left(opened, self.end, key=itemgetter(0))
        busy = self.busy[person.pk]
        for at in starts(opened[first:last], busy, service, step=self.calendar.policy.step):
            if at >= self.end:
                return
            if at < self.start or self.calendar.day_of(at) in full:
                continue
            if not is_clear(self.elsewhere, (at, at + service.duration)):
                continue
            if self.has_room(service, at):
                yield at

    def full_days(self, person: Practitioner, service: ServiceType) -> set[date]:
        counted = {
            (self.calendar.day_of(visit.start), visit.conversation or number)
            for number, visit in enumerate(self.visits)
            if (visit.practitioner, visit.service) == (person.pk, service.pk)
        }
        days, most = Counter(day for day, _ in counted), service.most_a_day
        return {day for day, count in days.items() if most is not None and count >= most}

    @cached_property
    def busy(self) -> dict[int, list[Period]]:
        return {
            person.pk: blocked(visit for visit in self.visits if visit.practitioner == person.pk)
            for person in self.calendar.people
        }

    @cached_property
    def rooms(self) -> dict[int, tuple[list[Period], list[Period]]]:
        """When each room is blocked, and when it is closed."""
        closed = self.calendar.opened.timetable.closed
        return {
            room: (
                blocked(visit for visit in self.visits if visit.room == room),
                joined(closed(room=room)),
            )
            for needed in self.calendar.rooms.needed.values()
            for room in needed
        }

    @cached_property
    def elsewhere(self) -> list[Period]:
        there = self.calendar.elsewhere
        both = zip(there.starts, there.ends, strict=True)
        return [(moment(start), moment(end)) for start, end in both]

    def has_room(self, service: ServiceType, at: datetime) -> bool:
        return service.pk not in self.calendar.rooms.needed or bool(self.rooms_at(service, at))

    def rooms_at(self, service: ServiceType, at: datetime) -> list[int]:
        end = at + service.duration
        return [
            room
            for room in self.calendar.rooms.needed.get(service.pk, ())
            if is_clear(
                self.rooms[room][0], (at - service.buffer_before, end + service.buffer_after)
            )
            and is_clear(self.rooms[room][1], (at, end))
        ]

    # --- one slot, looked for among all

    def is_free(self, slot: Slot) -> bool:
        here = self.between(slot.start, slot.start + INSTANT)
        return slot.start in here.starts(slot.practitioner, slot.service)

    def is_worked(self, slot: Slot) -> bool:
        return replace(self, visits=[]).is_there(slot)

    def is_taken(self, slot: Slot) -> bool:
        return self.is_worked(slot) and not self.is_there(slot)

    def is_there(self, slot: Slot) -> bool:
        busy = self.busy[slot.practitioner.pk]
        opened, step = self.opened[slot.practitioner.pk], self.calendar.policy.step
        is_start = slot.start in starts(opened, busy, slot.service, step=step)
        return is_start and self.has_room(slot.service, slot.start)

    def is_held(self, slot: Slot) -> bool:
        return not self.is_free(slot) and self.without_holds().is_free(slot)

    def works_on(self, at: datetime) -> bool:
        start, end = slots.days_near(at, 0, self.calendar.zone)
        return any(
            opening < end and closing > start
            for opened in self.opened.values()
            for opening, closing in opened
        )


def blocked(visits: Iterable[Visit]) -> list[Period]:
    return joined((moment(visit.blocked_from), moment(visit.blocked_until)) for visit in visits)


def nearest(
    near: Calendar, *, service: ServiceType, wanted: datetime, now: datetime, wish: Preference
) -> tuple[Slot, ...]:
    """The three nearest, chosen among all of the days around."""
    if not wish.is_within(wanted.astimezone(near.zone).date()):
        wish = wish.without_days()
    best = ranked(Reference.of(near).free(service), near, wanted, wish)
    if not are_met(best, near, wish):
        whole = Reference.of(
            slots.around(
                wanted, practitioners=near.people, now=now, days=DAYS[-1], requester=near.requester
            )
        )
        for days in DAYS[1:]:
            here = whole.between(*slots.days_near(wanted, days, near.zone))
            best = ranked(here.free(service), near, wanted, wish)
            looked_far_enough = days >= PREFERENCES_LOOK and len(best) >= 3
            if looked_far_enough or are_met(best, near, wish):
                break
    return tuple(sorted(best[:3], key=start_of))


def ranked(found: Sequence[Slot], near: Calendar, wanted: datetime, wish: Preference) -> list[Slot]:
    def rank(slot: Slot) -> tuple[float, ...]:
        local, meant = slot.start.astimezone(near.zone), wanted.astimezone(near.zone)
        days = abs((local.date() - meant.date()).days)
        apart: float = minutes(local.time()) - minutes(meant.time())
        if not days:
            apart = (slot.start - wanted) / timedelta(minutes=1)
        misses = wish.misses(local, slot.practitioner.pk)
        return misses, days, abs(apart), -slot.start.timestamp()

    best: dict[datetime, Slot] = {}
    for slot in sorted(found, key=rank):
        best.setdefault(slot.start, slot)
    return list(best.values())


def are_met(found: Iterable[Slot], near: Calendar, wish: Preference) -> bool:
    meeting = [
        slot
        for slot in found
        if not wish.misses(slot.start.astimezone(near.zone), slot.practitioner.pk)
    ]
    return len(meeting) >= 3


def with_colleague(
    near: Calendar,
    *,
    service: ServiceType,
    wanted: datetime,
    now: datetime,
    theirs: Sequence[Slot],
) -> Slot | None:
    """A time with one of the people of `near`, who are the colleagues."""
    then = Reference.of(near).between(wanted, wanted + INSTANT).free(service)
    if then:
        return then[0]
    if theirs and abs(theirs[0].start - wanted) < AWAY:
        return None
    return nearest_one(near, service=service, wanted=wanted, now=now)


def nearest_one(
    near: Calendar, *, service: ServiceType, wanted: datetime, now: datetime
) -> Slot | None:
    best = ranked(Reference.of(near).free(service), near, wanted, Preference())
    for days in DAYS[1:]:
        if best:
            return best[0]
        wider = slots.around(
            wanted, practitioners=near.people, now=now, days=days, requester=near.requester
        )
        best = ranked(Reference.of(wider).free(service), near, wanted, Preference())
    return best[0] if best else None


def one_a_time(found: Iterable[Slot]) -> list[Slot]:
    return [next(together) for _, together in groupby(found, key=start_of)]


def starts(
    opened: Sequence[Period], busy: Sequence[Period], service: ServiceType, *, step: timedelta
) -> Iterator[datetime]:
    followings = [opening for opening, _ in opened[1:]]
    for (opening, closing), following in zip_longest(opened, followings):
        for earliest, latest in gaps(opening, closing, busy, service):
            at = opening + -((opening - earliest) // step) * step  # rounded up
            while at <= latest and (following is None or at < following):
                yield at
                at += step


def gaps(
    opening: datetime, closing: datetime, busy: Sequence[Period], service: ServiceType
) -> Iterator[Period]:
    before, behind = service.buffer_before, service.duration + service.buffer_after
    earliest, latest = opening, closing - service.duration
    following = bisect_right(busy, opening - before, key=itemgetter(1))
    while following < len(busy) and earliest <= latest:
        taken_from, taken_until = busy[following]
        yield earliest, min(latest, taken_from - behind)
        earliest = max(earliest, taken_until + before)
        following += 1
    yield earliest, latest


def is_clear(busy: Sequence[Period], wanted: Period) -> bool:
    start, end = wanted
    following = bisect_right(busy, start, key=itemgetter(1))
    return following == len(busy) or end <= busy[following][0]


def start_of(slot: Slot) -> datetime:
    return slot.start
