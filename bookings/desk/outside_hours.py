"""Outside hours: why no visit can begin at a time that no other visit takes, in a sentence."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bookings.availability import hours, slots
from bookings.availability.hours import Period, Timetable
from bookings.availability.periods import number
from bookings.availability.slots import Slot
from bookings.models import BookingPolicy, Closure, Practitioner, ServiceType
from bookings.outcomes import Wanted
from tenants import organizations

NOT_THEN = "No visit can begin then."


def why(wanted: Wanted) -> str:
    """The rule in the way, as hours are now. Of several practitioners, none is named."""
    service = ServiceType.objects.filter(name=wanted.service).first()
    person = Practitioner.objects.filter(name=wanted.practitioner).first()
    if service is None or person is None:
        return NOT_THEN
    slot, now = Slot(person, service, wanted.start), organizations.current().now()
    written = hours.timetable([person], start=slot.start, end=slot.end, zone=slots.zone_of(now))
    opened = written.opened(person)
    around = [period for period in opened if period[0] <= slot.start < period[1]]
    if not any(slot.end <= end for _, end in around):
        return not_worked(slot, written, hours.joined(opened))
    return against_a_rule(slot, around[-1][0], now=now)


def not_worked(slot: Slot, written: Timetable, opened: list[Period]) -> str:
    closure = next(closures(slot, written), None)
    if closure:
        whom = f"{slot.practitioner} is away" if closure.practitioner_id else "The clinic is closed"
        return f"{whom} then: {closure.reason}." if closure.reason else f"{whom} then."
    start, zone = slot.start.astimezone(written.zone), written.zone
    day = f"{start:%A} {start.day} {start:%B}"
    first, until = slots.days_near(slot.start, 0, zone)
    worked = [in_words(period, zone) for period in opened if first <= period[0] < until]
    if not worked:
        return f"{slot.practitioner} does not work on {day}."
    *before, last = worked
    listed = f"{', '.join(before)} and {last}" if before else last
    said = f"{slot.practitioner} works {listed} on {day}."
    if any(begin <= slot.start < end for begin, end in opened):
        said += f" The visit would end at {slot.end.astimezone(zone):%H:%M}."
    return said


def closures(slot: Slot, written: Timetable) -> Iterator[Closure]:
    """Those of the clinic and of the practitioner during the visit."""
    for closure in written.closures:
        is_theirs = closure.practitioner_id in (None, slot.practitioner.pk)
        if is_theirs and closure.room_id is None:
            for start, end in hours.periods_closed(closure, *written.days(), written.zone):
                if start < slot.end and slot.start < end:
                    yield closure


def in_words(period: Period, zone: ZoneInfo) -> str:
    start, end = (at.astimezone(zone) for at in period)
    return f"{start:%H:%M} to {end:%H:%M}"


def against_a_rule(slot: Slot, opening: datetime, *, now: datetime) -> str:
    """Within the hours, which begin at `opening`."""
    policy, zone = BookingPolicy.current(), slots.zone_of(now)
    if (slot.start - opening) % policy.step:
        counted = f"{opening.astimezone(zone):%H:%M}"
        return f"Visits begin every {policy.step_minutes} minutes, counted from {counted}."
    soonest, _ = slots.bookable(policy, now)
    if slot.start < soonest:
        first = soonest.astimezone(zone)
        begins = f"{first:%A} {first.day} {first:%B, %H:%M}"
        return f"This is too soon. Visits can be booked from {begins}."
    day = slots.around(slot.start, practitioners=[slot.practitioner], now=now, days=0)
    if not day.rooms.without_visits().has_one(slot.service, number(slot.start)):
        return f"No room for {slot.service} is open then."
    if most := slot.service.most_a_day:
        return f"The limit for {slot.service} is reached: {most} a day with {slot.practitioner}."
    return NOT_THEN
