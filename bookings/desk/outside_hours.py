"""Outside hours: why no visit can begin at a time that no other visit takes, or on a day."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

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
    for closure, _ in closures(slot.practitioner, (slot.start, slot.end), written):
        return shut(closure, slot.practitioner, "then")
    start, zone = slot.start.astimezone(written.zone), written.zone
    day = day_in_words(start)
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


def closures(
    person: Practitioner, during: Period, written: Timetable
) -> Iterator[tuple[Closure, Period]]:
    """Those of the clinic and of the practitioner that touch this time, and when they are."""
    for closure in written.closures:
        if closure.practitioner_id in (None, person.pk) and closure.room_id is None:
            for start, end in hours.periods_closed(closure, *written.days(), written.zone):
                if start < during[1] and during[0] < end:
                    yield closure, (start, end)


def shut(closure: Closure, person: Practitioner, when: str) -> str:
    whom = f"{person} is away" if closure.practitioner_id else "The clinic is closed"
    return f"{whom} {when}: {closure.reason}." if closure.reason else f"{whom} {when}."


def nothing_begins(day: date, people: Sequence[Practitioner], bookable: Period) -> str:
    """Why no visit with one of `people` can begin on that day, be it ever so free; "" if one can.
    `bookable` is what the policy allows."""
    written, (soonest, end) = of_day(day, people), bookable
    if end <= written.start:
        return too_far(end - slots.INSTANT)
    if written.end <= soonest:
        return too_soon(soonest)
    whole = written.start, written.end
    if any(works(person, written) for person in people):
        return ""
    when = f"on {day_in_words(day)}"
    found = [(person, next(closures(person, whole, written), None)) for person in people]
    said = [shut(closed[0], person, when) for person, closed in found if closed]
    if not all(closed for _, closed in found):
        said.insert(0, f"Nobody who offers it works {when}.")
    return " ".join(dict.fromkeys(said))


def works(person: Practitioner, written: Timetable) -> bool:
    return any(begin < written.end and written.start < end for begin, end in written.opened(person))


def absences(day: date, people: Sequence[Practitioner]) -> dict[int, str]:
    """What closes a diary on that day, such as “away 14:00 to 18:00: Training”, by the key of its
    practitioner; "" for nothing."""
    written = of_day(day, people)
    whole = written.start, written.end
    return {
        person.pk: "; ".join(
            in_short(closure, period, written)
            for closure, period in closures(person, whole, written)
        )
        for person in people
    }


def in_short(closure: Closure, period: Period, written: Timetable) -> str:
    said = "away" if closure.practitioner_id else "closed"
    if written.start < period[0] or period[1] < written.end:
        within = max(period[0], written.start), min(period[1], written.end)
        said += f" {in_words(within, written.zone)}"
    return f"{said}: {closure.reason}" if closure.reason else said


def of_day(day: date, people: Sequence[Practitioner]) -> Timetable:
    zone = organizations.current().zone
    start, end = slots.instant(day, zone), slots.instant(day + timedelta(days=1), zone)
    return hours.timetable(people, start=start, end=end, zone=zone)


def too_soon(soonest: datetime) -> str:
    first = timezone.localtime(soonest)
    begins = f"{first:%A} {first.day} {first:%B, %H:%M}"
    return f"This is too soon. Visits can be booked from {begins}."


def too_far(last: datetime) -> str:
    local = timezone.localtime(last)
    return f"The diary is open until {local.day} {local:%B %Y}."


def day_in_words(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


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
        return too_soon(soonest)
    day = slots.around(slot.start, practitioners=[slot.practitioner], now=now, days=0)
    if not day.rooms.without_visits().has_one(slot.service, number(slot.start)):
        return f"No room for {slot.service} is open then."
    if most := slot.service.most_a_day:
        return f"The limit for {slot.service} is reached: {most} a day with {slot.practitioner}."
    return NOT_THEN
