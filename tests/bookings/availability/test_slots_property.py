"""Offered = bookable, not offered = refused: over random calendars, against a slower calculation.

The slower one knows no periods: it colours every minute of eight days as the wall clock shows it,
and asks of each minute whether a visit could begin there. SAMPLES=10000 in the nightly setting.
"""

import os
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from operator import attrgetter
from random import Random
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookings.availability import alternatives, holds, hours, reading, rooms, slots
from bookings.availability.hours import Timetable
from bookings.availability.periods import MINUTE as A_MINUTE
from bookings.availability.periods import Blocked, moment, number
from bookings.availability.reading import ANYBODY, Seen, Visit
from bookings.availability.slots import Calendar, Slot
from bookings.models import (
    Appointment,
    BookingPolicy,
    Closure,
    Opening,
    Patient,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
)
from bookings.outcomes import Booked
from bookings.preferences import Preference
from tenants.models import Organization
from tests.bookings.availability import reference
from tests.bookings.availability.reference import Reference
from tests.free_times import free_times
from tests.visits import book

SAMPLES = int(os.environ.get("SAMPLES", "300"))
BOOKED_SAMPLES = max(SAMPLES // 25, 1)
ZONES = tuple(
    map(
        ZoneInfo,
        (
            "America/New_York",
            "Europe/London",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "Africa/Casablanca",
            "Asia/Kathmandu",
        ),
    )
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# No clock of these zones is changed on the way.
QUARTER = 15 * MINUTE
OF_A_QUARTER = [number * MINUTE for number in range(15)]
BEFORE, AFTER = 3 * DAY, 5 * DAY  # the minutes coloured around the first day asked about
ASKED = 2 * DAY

Found = set[tuple[int, datetime]]


@cache
def changes(zone: ZoneInfo) -> list[date]:
    """The days of 2027 on which the clocks change; a day in June where they never do."""
    noons = [datetime(2027, 1, 1, 12, tzinfo=zone) + number * DAY for number in range(365)]
    return [
        noon.date()
        for noon in noons
        if noon.utcoffset() != (noon - DAY).replace(tzinfo=zone).utcoffset()
    ] or [date(2027, 6, 10)]


@dataclass
class Clinic:
    """A random clinic and a random moment. Rows are not saved; their keys are their own."""

    zone: ZoneInfo
    start: datetime
    now: datetime
    policy: BookingPolicy
    service: ServiceType
    people: list[Practitioner]
    length: timedelta = ASKED
    schedules: list[Schedule] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        return self.start + self.length


OTHER_SERVICE = 9002


def clinic(seed: int) -> Clinic:
    random = Random(seed)
    zone = random.choice(ZONES)
    day = random.choice([*changes(zone), date(2027, 1, 1) + random.randrange(360) * DAY])
    start = datetime.combine(day - random.randrange(2) * DAY, time.min, tzinfo=zone)
    ahead = timedelta(minutes=random.choice([-900, 0, 1, 700, 1500, 4000]), seconds=59)
    made = Clinic(
        zone=zone,
        start=start.astimezone(UTC),
        now=(start.astimezone(UTC) - ahead).astimezone(zone),
        policy=BookingPolicy(
            step_minutes=random.choice([5, 7, 10, 15, 15, 20, 30, 45, 60]),
            notice_minutes=random.choice([0, 0, 0, 45, 600]),
            notice_days=random.choice([0, 0, 0, 1, 2]),
            horizon_days=random.choice([1, 2, 3, 30, 365]),
        ),
        service=ServiceType(
            pk=9001,
            name="Visit",
            minutes=random.choice([5, 10, 25, 30, 60, 90, 240]),
            minutes_before=random.choice([0, 0, 5, 40, 120]),
            minutes_after=random.choice([0, 0, 5, 40, 120]),
            most_a_day=random.choice([None, None, 1, 2]),
            is_active=random.random() > 0.03,
        ),
        length=random.choice([ASKED, ASKED, ASKED - random.randrange(600) * MINUTE]),
        people=[
            Practitioner(pk=9001 + number, name=f"Dr. {number}", is_active=random.random() > 0.1)
            for number in range(random.randint(1, 3))
        ],
        rooms=[
            Room(pk=9001 + number, name=f"Room {number}", is_active=random.random() > 0.2)
            for number in range(random.choice([0, 0, 1, 2]))
        ],
    )
    furnish(made, random)
    return made


def furnish(made: Clinic, random: Random) -> None:
    for person in made.people:
        for weekday in range(7):
            made.schedules += [
                stretch(person, weekday, made, random) for _ in range(random.choice([0, 1, 1, 2]))
            ]
        if random.random() < 0.4:
            start, end = period(made, random)
            made.openings.append(Opening(practitioner=person, start=start, end=end))
    for _ in range(random.choice([0, 1, 1, 2, 3])):
        made.closures.append(closure(made, random))
    for _ in range(random.randrange(14)):
        add_visit(made, random)


def stretch(person: Practitioner, weekday: int, made: Clinic, random: Random) -> Schedule:
    starts, ends = random.sample(range(0, 24 * 60, random.choice([1, 5, 30])), 2)
    if random.random() < 0.2:  # around the hours at which clocks change
        starts, ends = random.randrange(4 * 60), 5 * 60
    if random.random() < 0.7:
        starts, ends = sorted((starts, ends))
    around = made.start.astimezone(made.zone).date()
    return Schedule(
        practitioner=person,
        weekday=weekday,
        starts=clock(starts),
        ends=clock(ends),
        valid_from=random.choice([None, None, None, around, around + DAY]),
        valid_until=random.choice([None, None, None, around + DAY, around + 2 * DAY]),
    )


def clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def period(made: Clinic, random: Random, longest: int = 600) -> tuple[datetime, datetime]:
    start = made.start + random.randrange(-24 * 60, 60 * 60) * MINUTE
    return start, start + random.randrange(10, longest) * MINUTE


def closure(made: Clinic, random: Random) -> Closure:
    start, end = period(made, random, longest=random.choice([300, 3000]))
    made_for: dict[str, object] = random.choice([{}, {"practitioner": random.choice(made.people)}])
    if made.rooms and random.random() < 0.4:
        made_for = {"room": random.choice(made.rooms)}
    is_yearly = random.random() < 0.3
    if is_yearly:
        start, end = ((at - 3 * 365 * DAY) for at in (start, end))
    return Closure(start=start, end=end, is_yearly=is_yearly, **made_for)


def add_visit(made: Clinic, random: Random) -> None:
    start = made.start + random.randrange(-30 * 60, 55 * 60, 5) * MINUTE
    visit = Visit(
        practitioner=random.choice(made.people).pk,
        room=random.choice([None, *(room.pk for room in made.rooms)]),
        service=random.choice([made.service.pk, OTHER_SERVICE]),
        starts=number(start),
        blocked_from=number(start - random.choice([0, 0, 10, 120]) * MINUTE),
        blocked_until=number(start + random.choice([5, 30, 60, 240, 480]) * MINUTE),
    )
    if not any(
        visit.blocked_from < other.blocked_until
        and other.blocked_from < visit.blocked_until
        and (visit.practitioner == other.practitioner or visit.room == other.room is not None)
        for other in made.visits
    ):
        made.visits.append(visit)


# --- the slower calculation: every minute by itself


class Wall:
    """What the clock on the wall shows, minute by minute."""

    def __init__(self, start: datetime, zone: ZoneInfo) -> None:
        self.start = start - BEFORE
        quarters = [
            (self.start + number * QUARTER).astimezone(zone).replace(tzinfo=None)
            for number in range((BEFORE + AFTER) // QUARTER)
        ]
        self.shown = [quarter + minutes for quarter in quarters for minutes in OF_A_QUARTER]
        self.latest = list(accumulate(self.shown, max))

    def minute_of(self, instant: datetime) -> int:
        return min(max((instant - self.start) // MINUTE, 0), len(self.shown))

    def first_showing(self, local: datetime) -> int:
        """The first minute whose clock shows `local` or more."""
        return bisect_left(self.latest, local)


@cache
def wall(start: datetime, zone: ZoneInfo) -> Wall:
    return Wall(start, zone)


def expected(made: Clinic) -> Found:
    if not made.service.is_active:
        return set()
    shown = wall(made.start, made.zone)
    first, last = shown.minute_of(made.start), shown.minute_of(made.end)
    found: Found = set()
    for person in made.people:
        if not person.is_active:
            continue
        is_open, openings = worked_minutes(made, person, shown)
        opening = -1
        for minute in range(last):
            if minute in openings or (is_open[minute] and not is_open[minute - 1]):
                opening = minute
            if (
                minute < first
                or not is_open[minute]
                or (minute - opening) % made.policy.step_minutes
            ):
                continue
            if could_begin(made, person, shown, minute, is_open):
                found.add((person.pk, shown.start + minute * MINUTE))
    return found


def worked_minutes(made: Clinic, person: Practitioner, shown: Wall) -> tuple[bytearray, set[int]]:
    is_open, openings = bytearray(len(shown.shown)), set()
    for schedule in made.schedules:
        if schedule.practitioner == person:
            for start, end in schedule_minutes(schedule, shown):
                is_open[start:end] = bytes([1]) * (end - start)
                openings.add(start)
    for start, end in closed_minutes(made, shown, practitioner=None):
        is_open[start:end] = bytes(end - start)
    for opening in made.openings:
        if opening.practitioner == person:
            start, end = shown.minute_of(opening.start), shown.minute_of(opening.end)
            is_open[start:end] = bytes([1]) * (end - start)
            openings.add(start)
    for start, end in closed_minutes(made, shown, practitioner=person):
        is_open[start:end] = bytes(end - start)
    return is_open, openings


def schedule_minutes(schedule: Schedule, shown: Wall) -> Iterator[tuple[int, int]]:
    day = shown.shown[0].date()
    while day <= shown.shown[-1].date():
        valid = (schedule.valid_from or day) <= day <= (schedule.valid_until or day)
        if valid and day.weekday() == schedule.weekday:
            until = day if schedule.starts < schedule.ends else day + DAY
            start = shown.first_showing(datetime.combine(day, schedule.starts))
            end = shown.first_showing(datetime.combine(until, schedule.ends))
            if start < end:
                yield start, end
        day += DAY


def closed_minutes(
    made: Clinic, shown: Wall, *, practitioner: Practitioner | None = None, room: int | None = None
) -> Iterator[tuple[int, int]]:
    for closure in made.closures:
        if (closure.practitioner, closure.room_id) != (practitioner, room):
            continue
        if not closure.is_yearly:
            yield shown.minute_of(closure.start), shown.minute_of(closure.end)
            continue
        start, end = (at.astimezone(made.zone) for at in (closure.start, closure.end))
        for years in range(1, 6):
            yield tuple(shown.first_showing(anniversary(at, years)) for at in (start, end))  # type: ignore[misc]


def anniversary(local: datetime, years: int) -> datetime:
    naive = local.replace(tzinfo=None)
    try:
        return naive.replace(year=naive.year + years)
    except ValueError:
        return datetime(naive.year + years, 3, 1)  # noqa: DTZ001


def could_begin(
    made: Clinic, person: Practitioner, shown: Wall, minute: int, is_open: bytearray
) -> bool:
    service, policy = made.service, made.policy
    start, day = shown.start + minute * MINUTE, shown.shown[minute].date()
    if start <= made.now or start < made.now.astimezone(UTC) + policy.notice:
        return False
    if not policy.notice_days <= (day - made.now.date()).days <= policy.horizon_days:
        return False
    if 0 in is_open[minute : minute + service.minutes]:
        return False
    mine = [visit for visit in made.visits if visit.practitioner == person.pk]
    if any(meets(made, visit, start) for visit in mine):
        return False
    days = Counter(
        shown.shown[shown.minute_of(visit.start)].date()
        for visit in mine
        if visit.service == service.pk
    )
    if service.most_a_day is not None and days[day] >= service.most_a_day:
        return False
    return not made.rooms or any(room_is_free(made, room, shown, start) for room in made.rooms)


def meets(made: Clinic, visit: Visit, start: datetime) -> bool:
    service = made.service
    return moment(
        visit.blocked_from
    ) < start + service.duration + service.buffer_after and start - service.buffer_before < moment(
        visit.blocked_until
    )


def room_is_free(made: Clinic, room: Room, shown: Wall, start: datetime) -> bool:
    minute = shown.minute_of(start)
    return (
        room.is_active
        and not any(meets(made, visit, start) for visit in made.visits if visit.room == room.pk)
        and not any(
            shut < minute + made.service.minutes and minute < reopened
            for shut, reopened in closed_minutes(made, shown, room=room.pk)
        )
    )


# --- the property


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> list[Clinic]:
    """What a calendar reads comes from the one clinic in the list."""
    here: list[Clinic] = []

    def timetable(people: object, *, start: datetime, end: datetime, zone: ZoneInfo) -> Timetable:
        made = here[0]
        return Timetable(made.schedules, made.openings, made.closures, start, end, zone)

    monkeypatch.setattr(hours, "timetable", timetable)
    monkeypatch.setattr(slots, "read", lambda *_, **__: Seen(here[0].visits, Blocked()))
    monkeypatch.setattr(rooms, "read_needed", lambda: needed(here[0]))
    monkeypatch.setattr(BookingPolicy, "current", lambda: here[0].policy)
    return here


def needed(made: Clinic) -> dict[int, list[int]]:
    if not made.rooms:
        return {}
    return {made.service.pk: [room.pk for room in made.rooms if room.is_active]}


def offered(made: Clinic) -> Found:
    found = free_times(
        service=made.service,
        practitioners=made.people,
        start=made.start,
        end=made.end,
        now=made.now,
    )
    return {(slot.practitioner.pk, slot.start) for slot in found}


def asked(made: Clinic, free: Found, count: int) -> list[Slot]:
    """Some of what is offered, and as much that is not: beside it, and anywhere."""
    random = Random(str(made.start))
    some = random.sample(sorted(free), min(count, len(free)))
    beside = [(pk, start + random.choice([-5, -1, 1, 5]) * MINUTE) for pk, start in some]
    anywhere = [
        (
            random.choice(made.people).pk,
            made.start + random.randrange(made.length // MINUTE) * MINUTE,
        )
        for _ in range(count)
    ]
    people = {person.pk: person for person in made.people}
    return [
        Slot(people[pk], made.service, start)
        for pk, start in [*some, *beside, *anywhere]
        if made.start <= start < made.end
    ]


@settings(
    max_examples=SAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_what_is_offered_is_what_could_be(without_database: list[Clinic], seed: int) -> None:
    """A01, A03, A04, A05, A10, A13, A19, T01, T02: and the look before booking sees the same."""
    made = clinic(seed)
    without_database[:] = [made]

    free = offered(made)

    assert free == expected(made)
    for slot in asked(made, free, 4):
        near = slots.around(slot.start, practitioners=made.people, now=made.now)
        assert near.is_free(slot) == ((slot.practitioner.pk, slot.start) in free)


@settings(
    max_examples=BOOKED_SAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_what_is_offered_is_booked_and_nothing_else(elm: Organization, seed: int) -> None:
    """A01, A02: the same through the diary, the locks and the constraints."""
    made = clinic(seed)
    with transaction.atomic():
        store(made)

        free = offered(made)

        assert free == expected(made)
        with mock.patch.object(reading, "LONG", timedelta()):  # visits that touch are read as one
            assert offered(made) == free
        for slot in asked(made, free, 3):
            is_booked = isinstance(book_and_undo(made, slot), Booked)
            assert is_booked == ((slot.practitioner.pk, slot.start) in free)
        transaction.set_rollback(True)


# --- the alternatives, against a slower calculation

WEEKDAYS = range(7)


@settings(
    max_examples=max(SAMPLES // 3, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_alternatives_are_the_nearest_there_are(without_database: list[Clinic], seed: int) -> None:
    """V01, V02: every free time is ranked by itself, with the practitioner who suits best."""
    made, random = clinic(seed), Random(seed)
    without_database[:] = [made]
    wanted = made.start + random.randrange(made.length // MINUTE) * MINUTE
    wish = preference(made, random)

    near = day_of(wanted, made) if random.random() < 0.5 else around(wanted, made)
    found = alternatives.nearest(
        near, service=made.service, wanted=wanted, now=made.now, preference=wish
    )

    assert [slot.start for slot in found] == nearest_one_by_one(made, wanted, wish)


def around(wanted: datetime, made: Clinic) -> slots.Calendar:
    return slots.around(wanted, practitioners=made.people, now=made.now)


def day_of(wanted: datetime, made: Clinic) -> slots.Calendar:
    """As a booking reads it."""
    begin, end = slots.days_near(wanted, 0, made.zone)
    first, last = number(begin - slots.LONGEST_VISIT), number(end + slots.LONGEST_VISIT)
    seen = [row for row in made.visits if first < row.blocked_until and row.blocked_from < last]
    return slots.day_of(wanted, made.people, ANYBODY, [[], seen], now=made.now)


def preference(made: Clinic, random: Random) -> Preference:
    return Preference(
        earliest=random.choice([None, None, time(10), time(15)]),
        latest=random.choice([None, None, time(12), time(20)]),
        weekdays=frozenset(random.sample(WEEKDAYS, random.choice([0, 0, 1, 3]))),
        practitioner=random.choice([None, *(person.pk for person in made.people)]),
    )


def nearest_one_by_one(made: Clinic, wanted: datetime, wish: Preference) -> list[datetime]:
    """Within 90 days, where there are three times; else wherever there are any."""
    meant, ranked = wanted.astimezone(made.zone), dict[datetime, tuple[float, ...]]()
    for slot in free_times(
        service=made.service,
        practitioners=made.people,
        start=wanted - 800 * DAY,
        end=wanted + 800 * DAY,
        now=made.now,
    ):
        local = slot.start.astimezone(made.zone)
        days = abs((local.date() - meant.date()).days)
        real = abs((slot.start - wanted) / MINUTE)
        shown = abs(local.hour * 60 + local.minute - meant.hour * 60 - meant.minute)
        misses = wish.misses(local, slot.practitioner.pk)
        rank = (misses, days, shown if days else real, -slot.start.timestamp())
        ranked[slot.start] = min(rank, ranked.get(slot.start, rank))
    soon = [start for start, (_, days, *_) in ranked.items() if days <= 90]
    pool = soon if len(soon) >= 3 else list(ranked)
    return sorted(sorted(pool, key=ranked.__getitem__)[:3])


# --- what one slot, one day and one gap at a time must find as well


@settings(
    max_examples=max(SAMPLES // 3, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_the_same_slots_are_found_in_the_same_order(
    without_database: list[Clinic], seed: int
) -> None:
    """Against every start of the period, made and looked for: rooms, holds and colleagues too."""
    made, random = clinic(seed), Random(seed)
    without_database[:] = [made]
    made.visits = [
        visit._replace(conversation=random.choice(["", "", "A"])) for visit in made.visits
    ]
    for calendar in calendars(made, random):
        old = Reference.of(calendar)

        free = list(calendar.upcoming(made.service))

        assert with_rooms(free) == with_rooms(old.free(made.service))
        assert with_rooms(calendar.times(made.service)) == with_rooms(reference.one_a_time(free))
        for slot in asked(made, {(slot.practitioner.pk, slot.start) for slot in free}, 6):
            told = (calendar.is_free(slot), calendar.is_worked(slot), calendar.is_taken(slot))
            assert told == (old.is_free(slot), old.is_worked(slot), old.is_taken(slot))
            assert calendar.is_any_held([slot]) == old.is_held(slot)
            assert calendar.works_on(slot.start) == old.works_on(slot.start)


def calendars(made: Clinic, random: Random) -> Iterator[Calendar]:
    """The days asked about, some of their hours, and those of a patient who has other visits."""
    whole = slots.calendar(made.people, start=made.start, end=made.end, now=made.now)
    yield whole
    first = made.start + random.randrange(made.length // MINUTE) * MINUTE
    yield whole.between(first, first + random.randrange(900) * MINUTE)
    begins = [number(made.start) + random.randrange(2880) * A_MINUTE for _ in range(4)]
    there = Blocked((start, start + 50 * A_MINUTE) for start in begins)
    yield replace(whole, elsewhere=there)


@settings(
    max_examples=max(SAMPLES // 6, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_the_soonest_of_a_year_are_the_same(without_database: list[Clinic], seed: int) -> None:
    """The hours are computed four weeks at a time. The clocks change in some of them."""
    made, random = clinic(seed), Random(seed)
    without_database[:] = [made]
    fill(made, days=random.choice([0, 3, 40]))

    whole = slots.calendar(made.people, start=made.start, now=made.now)
    found = whole.times(made.service)

    old = Reference.of(whole)
    every = old.free(made.service)
    assert with_rooms(found) == with_rooms(reference.one_a_time(every))
    for slot in random.sample(every, min(len(every), 20)):
        beside = replace(slot, start=slot.start + random.choice([-5, -1, 1, 5]) * MINUTE)
        assert whole.is_free(slot)
        assert whole.is_free(beside) == old.is_free(beside)


@settings(
    max_examples=max(SAMPLES // 3, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_what_may_be_held_is_the_same_in_a_calendar_that_was_read(
    without_database: list[Clinic], seed: int
) -> None:
    made, random = clinic(seed), Random(seed)
    without_database[:] = [made]
    end = random.choice([None, made.end])
    read = slots.calendar(made.people, start=made.start, end=end, now=made.now)
    free = list(read.between(made.start, made.end).upcoming(made.service))
    wanted = sorted(random.sample(free, min(len(free), 3)), key=attrgetter("start"))

    found = holds.that_may_be_kept(wanted, requester=ANYBODY, now=made.now, read=[read])

    assert found == holds.that_may_be_kept(wanted, requester=ANYBODY, now=made.now)


def fill(made: Clinic, *, days: int) -> None:
    """Every practitioner has one long visit on each of the first days."""
    made.visits = [
        Visit(person.pk, None, OTHER_SERVICE, number(at), number(at), number(at + DAY))
        for person in made.people
        for at in (made.start + day * DAY for day in range(days))
    ]


@settings(
    max_examples=max(SAMPLES // 3, 1),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_the_same_alternatives_are_chosen_day_by_day(
    without_database: list[Clinic], seed: int
) -> None:
    """V01, V02: with whom and in which room as well, for the people asked and their colleagues."""
    made, random = clinic(seed), Random(seed)
    without_database[:] = [made]
    wanted = made.start + random.randrange(made.length // MINUTE) * MINUTE
    wish, service, now = preference(made, random), made.service, made.now
    colleagues = made.people[1:]

    near, day = around(wanted, made), day_of(wanted, made)
    found = alternatives.nearest(day, service=service, wanted=wanted, now=now, preference=wish)
    other = alternatives.with_colleague(
        ANYBODY, colleagues, service=service, wanted=wanted, now=now, theirs=found
    )

    assert with_rooms(found) == with_rooms(
        reference.nearest(near, service=service, wanted=wanted, now=now, wish=wish)
    )
    theirs = slots.around(wanted, practitioners=colleagues, now=now)
    expected_other = reference.with_colleague(
        theirs, service=service, wanted=wanted, now=now, theirs=found
    )
    assert other == expected_other
    assert (other and other.room) == (expected_other and expected_other.room)


def with_rooms(found: Iterable[Slot]) -> list[tuple[int, datetime, int | None]]:
    return [(slot.practitioner.pk, slot.start, slot.room) for slot in found]


# --- the diary


def store(made: Clinic) -> None:
    made.policy.save()
    made.service.save()
    other = ServiceType.objects.create(pk=OTHER_SERVICE, name="Another", minutes=30)
    for rows in (made.people, made.rooms, made.schedules, made.openings):
        for row in rows:
            row.save()
    made.service.rooms.set(made.rooms)
    made.service.practitioners.set(made.people)
    Closure.objects.bulk_create(made.closures)
    Appointment.objects.bulk_create(
        Appointment(
            practitioner_id=visit.practitioner,
            room_id=visit.room,
            service_id=visit.service if visit.service == made.service.pk else other.pk,
            patient=Patient.objects.create(name=f"Patient {number}"),
            reference=f"P{number}",
            start=visit.start,
            end=min(moment(visit.blocked_until), visit.start + 5 * MINUTE),
            blocked=DateTimeTZRange(moment(visit.blocked_from), moment(visit.blocked_until)),
            source="staff",
        )
        for number, visit in enumerate(made.visits)
    )


def book_and_undo(made: Clinic, slot: Slot) -> object:
    with transaction.atomic():
        outcome = book(
            made.service,
            Patient.objects.create(name="Ben Ode"),
            slot.start,
            made.now,
            practitioner=slot.practitioner,
        )
        transaction.set_rollback(True)
    return outcome
