"""Races: real processes, one slot; and the same race lost when the guard is taken away."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from multiprocessing.context import ForkProcess
from typing import Any

import pytest
from django.db import DatabaseError, connection

from bookings import appointments
from bookings.models import Appointment, BookingPolicy, Closure, Patient, Room, ServiceType
from bookings.outcomes import Booked, Busy, SlotTaken
from config.operations import races, scratch
from config.operations.races import Race, Tally
from config.operations.scratch import CLINIC, Line
from tenants import organizations
from tenants.models import Organization
from tests.conftest import Committed, Server
from tests.deadlocks import counting

pytestmark = pytest.mark.usefixtures("alone")

# As the property test of the slots: SAMPLES=10000 is the nightly setting.
NIGHTLY = int(os.environ.get("SAMPLES", "300")) >= 10_000


@pytest.fixture
def line(committed: Committed, server: Server) -> Line:
    made = committed(clinic=CLINIC)
    return Line(organizations.get(made.org), f"http://127.0.0.1:{server.port}", made.secret)


def test_of_fifty_callers_one_is_booked_and_all_others_are_offered_three(line: Line) -> None:
    """C01. Where the machine is too busy to answer so many in time, of fewer callers."""
    for number, callers in enumerate((50, 50, 25, 12, 6)):
        tally = races.run(Race(callers=callers, slots=1, rounds=1), line, number)

        assert (tally.booked, tally.offered + tally.errors) == (1, callers - 1)
        assert races.overlapping(line.organization) == 0
        if tally.errors == 0:
            return
    pytest.fail("not even six were answered in time")


def test_each_of_many_slots_is_booked_once(line: Line) -> None:
    tally = races.run(Race(callers=8, slots=12, rounds=1), line, 0)

    assert (tally.booked, tally.errors) == (12, 0)
    assert races.overlapping(line.organization) == 0


def test_a_race_that_is_ended_at_its_start_leaves_no_caller_waiting(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first stands at the gate, the second was not let out any more."""
    started: list[ForkProcess] = []

    def start(process: ForkProcess, begin: Callable[[Any], None] = ForkProcess.start) -> None:
        if started:
            raise SystemExit(143)
        begin(process)
        started.append(process)

    monkeypatch.setattr(ForkProcess, "start", start)
    organization = organizations.get(committed(clinic=CLINIC).org)

    with pytest.raises(SystemExit):
        races.together(Race(callers=2, slots=1, rounds=1), 0, organization, lambda *_: "")

    assert not started[0].is_alive()


def test_a_race_that_is_ended_while_it_forks_is_ended(committed: Committed) -> None:
    """What a signal's handler raises while Python forks would be lost: hooks run then."""
    organization = organizations.get(committed(clinic=CLINIC).org)
    connection.close()  # a forked process must not share it

    def race() -> None:
        signal.signal(signal.SIGTERM, scratch.end)
        os.register_at_fork(after_in_parent=lambda: signal.raise_signal(signal.SIGTERM))
        races.together(Race(callers=2, slots=1, rounds=1), 0, organization, lambda *_: "")

    process = multiprocessing.get_context("fork").Process(target=race)
    process.start()
    process.join(20)
    process.kill()

    assert process.exitcode == 128 + signal.SIGTERM


def is_ever_lost(organization: Organization) -> bool:
    """Whether one of fifty rounds without the guard double books."""
    race = Race(callers=6, slots=2, rounds=1)
    with races.unguarded(organization):
        for number in range(50):
            races.run_inside(race, organization, number)
            if races.overlapping(organization):
                return True
    return False


def test_without_the_guard_the_same_race_double_books(committed: Committed) -> None:
    """The negative control: a race that cannot be lost would prove nothing."""
    assert is_ever_lost(organizations.get(committed(clinic=CLINIC).org))


def test_with_the_guard_the_race_inside_is_won_as_well(committed: Committed) -> None:
    organization = organizations.get(committed(clinic=CLINIC).org)

    tally = races.run_inside(Race(callers=6, slots=10, rounds=1), organization, 0)

    assert (tally.booked, tally.errors) == (10, 0)
    assert races.overlapping(organization) == 0


def test_any_practitioner_means_every_one_of_them(committed: Committed, server: Server) -> None:
    """C04: twenty callers, three free practitioners: three booked, three different ones."""
    people = [
        {**CLINIC["practitioners"][0], "name": name} for name in ("Dr. One", "Dr. Two", "Dr. Three")
    ]
    made = committed(clinic={**CLINIC, "practitioners": people})
    line = Line(organizations.get(made.org), f"http://127.0.0.1:{server.port}", made.secret)

    tally = races.run(Race(callers=20, slots=1, rounds=1), line, 0)

    assert (tally.booked, tally.offered, tally.errors) == (3, 17, 0)
    assert races.overlapping(line.organization) == 0


# --- rooms

ONE_ROOM: dict[str, Any] = {
    "rooms": [{"name": "Surgery"}],
    "services": [{"name": "Cleaning", "minutes": 30, "rooms": ["Surgery"]}],
    "practitioners": [
        {**CLINIC["practitioners"][0], "name": f"Dr. {name}"}
        for name in ("One", "Two", "Three", "Four")
    ],
}
CROSSING: dict[str, Any] = {
    "rooms": [{"name": "North"}, {"name": "South"}],
    "services": [
        {"name": "Cleaning", "minutes": 30, "rooms": ["North", "South"]},
        {"name": "Scan", "minutes": 30, "rooms": ["South"]},
    ],
    "practitioners": [
        {**CLINIC["practitioners"][0], "name": f"Dr. {name}", "services": ["Cleaning", "Scan"]}
        for name in ("One", "Two", "Three")
    ],
}


def test_one_room_is_booked_once_whoever_is_free(committed: Committed, server: Server) -> None:
    """C05: twenty callers, four free practitioners, one room: one booked, nobody half-reserved."""
    made = committed(clinic=ONE_ROOM)
    line = Line(organizations.get(made.org), f"http://127.0.0.1:{server.port}", made.secret)

    tally = races.run(Race(callers=20, slots=1, rounds=1), line, 0)

    assert (tally.booked, tally.offered, tally.errors) == (1, 19, 0)
    assert races.overlapping(line.organization) == 0
    with organizations.within(line.organization):
        [row] = Appointment.objects.all()
        assert row.room == Room.objects.get()


def test_without_the_guard_the_room_is_doubled(committed: Committed) -> None:
    """The negative control of C05."""
    assert is_ever_lost(organizations.get(committed(clinic=ONE_ROOM).org))


def cross(organization: Organization, race: Race, *, number: int = 0, ordered: bool) -> Any:
    """Callers book, move and cancel across practitioners, rooms and patients; staff close rooms.

    The tally, and how many deadlocks PostgreSQL broke up. Unless `ordered`, every second caller
    takes patients and rooms before practitioners.
    """
    deadlocks = multiprocessing.get_context("fork").Value("i", 0)

    def ask(caller: int, slot: int, start: datetime) -> str:
        with pytest.MonkeyPatch.context() as patch, organizations.within(organization):
            patch.setattr(appointments, "sqlstate", counting(deadlocks))
            if caller % 2 and not ordered:
                patch.setattr(appointments, "lock", lock_patients_first)
            try:
                return use_the_diary(caller, start, organization.now())
            except DatabaseError:
                return ""

    return races.together(race, number, organization, ask), deadlocks.value


def lock_patients_first(*asked: Any, lock: Any = appointments.lock, **named: Any) -> list[Any]:
    return list(reversed(lock(*asked, **named)))


def use_the_diary(caller: int, start: datetime, now: datetime) -> str:
    """As one who is booked when all ended in an outcome, whichever it was."""
    outcome = appointments.book(
        service=ServiceType.objects.get(name="Scan" if caller % 3 else "Cleaning"),
        start=start + timedelta(minutes=30 * (caller % 2)),
        patient=Patient.objects.order_by("pk")[caller % 3],
        source=Appointment.Source.VOICE,
        now=now,
    )
    outcomes: list[object] = [outcome]
    if isinstance(outcome, Booked):
        move = timedelta(minutes=-30 if caller % 2 else 30)
        row = outcome.appointment
        outcomes.append(appointments.reschedule(row, start=row.start + move, now=now))
        if caller % 4 == 0:
            outcomes.append(appointments.cancel(row, now=now))
    if caller % 5 == 0:
        far = start + timedelta(days=300)
        room = Room.objects.order_by("pk")[caller % 2]
        Closure.objects.create(room=room, start=far, end=far + timedelta(minutes=1))
        Closure.objects.create(start=far, end=far + timedelta(minutes=1))
    return "" if any(isinstance(one, Busy) for one in outcomes) else "You're booked"


@pytest.fixture
def crossing(committed: Committed) -> Organization:
    organization = organizations.get(committed(clinic=CROSSING).org)
    with organizations.within(organization):
        for number in range(3):
            Patient.objects.create(name=f"Caller {number}", phone=f"+120255501{number:02}")
    return organization


def test_practitioners_rooms_and_patients_that_cross_do_not_deadlock(
    crossing: Organization,
) -> None:
    """C06."""
    race = Race(callers=24, slots=30, rounds=1) if NIGHTLY else Race(callers=8, slots=8, rounds=1)

    tally, deadlocks = cross(crossing, race, ordered=True)

    assert (tally.booked, tally.errors, deadlocks) == (race.callers * race.slots, 0, 0)
    assert races.overlapping(crossing) == 0


def test_without_the_order_they_deadlock(crossing: Organization) -> None:
    """The negative control of C06: half of the callers take patients and rooms first."""
    for number in range(20):
        race = Race(callers=6, slots=1, rounds=1)
        if cross(crossing, race, number=number, ordered=False)[1]:
            return
    pytest.fail("no deadlock in twenty rounds")


# --- one practitioner, other starts, other services

MANY: dict[str, Any] = {
    "services": [{"name": f"Visit {minutes}", "minutes": minutes} for minutes in (30, 45, 60)],
    "practitioners": [
        {
            **CLINIC["practitioners"][0],
            "services": ["Visit 30", "Visit 45", "Visit 60"],
        }
    ],
}


@pytest.fixture
def many(committed: Committed) -> Organization:
    """Visits of three lengths with one practitioner, every ten minutes, and twelve patients."""
    organization = organizations.get(committed(clinic=MANY).org)
    with organizations.within(organization):
        BookingPolicy.objects.create(step_minutes=10)
        for number in range(12):
            Patient.objects.create(name=f"Caller {number}", phone=f"+120255501{number:02}")
    return organization


def overlap(organization: Organization, service: str, minutes: int, number: int = 0) -> Tally:
    """Twelve callers for visits that overlap and are not equal.

    The name of each one's service is made of the caller's number, and so is their start.
    """

    def ask(caller: int, slot: int, start: datetime) -> str:
        with organizations.within(organization):
            outcome = appointments.book(
                service=ServiceType.objects.get(name=service.format([30, 45, 60][caller % 3])),
                start=start + timedelta(minutes=minutes * (caller % 3)),
                patient=Patient.objects.order_by("pk")[caller],
                source=Appointment.Source.VOICE,
                now=organization.now(),
            )
        told = {Booked: "You're booked", SlotTaken: "just taken; available"}
        return told.get(type(outcome), "")

    return races.together(Race(callers=12, slots=1, rounds=1), number, organization, ask)


@pytest.mark.parametrize(
    ("service", "minutes"),
    [
        ("Visit 30", 10),  # C02: half hours at nine, ten past and twenty past
        ("Visit {}", 0),  # C03: three services at nine
    ],
)
def test_of_visits_that_overlap_and_are_not_equal_one_is_booked(
    service: str, minutes: int, many: Organization
) -> None:
    """C02, C03: a key over equal starts, or over start and service, would let them in."""
    tally = overlap(many, service, minutes)

    assert (tally.booked, tally.offered, tally.errors) == (1, 11, 0)
    assert races.overlapping(many) == 0


@pytest.mark.parametrize(("service", "minutes"), [("Visit 30", 10), ("Visit {}", 0)])
def test_without_the_guard_visits_overlap(service: str, minutes: int, many: Organization) -> None:
    """The negative control of C02 and C03."""
    with races.unguarded(many):
        for number in range(50):
            overlap(many, service, minutes, number)
            if races.overlapping(many):
                return
    pytest.fail("no overlap in fifty rounds")
