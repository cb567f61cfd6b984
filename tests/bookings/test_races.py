"""Races: real processes, one slot; and the same race lost when the guard is taken away."""

from collections.abc import Callable

import pytest

from assistants.onboarding import Onboarded
from config import races
from config.races import Race
from config.scratch import CLINIC, Line
from tenants import organizations
from tests.conftest import Server


@pytest.fixture
def line(committed: Callable[..., Onboarded], server: Server) -> Line:
    made = committed(clinic=CLINIC)
    return Line(organizations.get(made.org), f"http://127.0.0.1:{server.port}", made.secret)


def test_of_fifty_callers_one_is_booked_and_all_others_are_offered_three(line: Line) -> None:
    """C01."""
    tally = races.run(Race(callers=50, slots=1, rounds=1), line, 0)

    assert (tally.booked, tally.offered, tally.errors) == (1, 49, 0)
    assert races.overlapping(line.organization) == 0


def test_each_of_many_slots_is_booked_once(line: Line) -> None:
    tally = races.run(Race(callers=8, slots=12, rounds=1), line, 0)

    assert (tally.booked, tally.errors) == (12, 0)
    assert races.overlapping(line.organization) == 0


def test_without_the_guard_the_same_race_double_books(
    committed: Callable[..., Onboarded],
) -> None:
    """The negative control: a race that cannot be lost would prove nothing."""
    organization = organizations.get(committed(clinic=CLINIC).org)
    with races.unguarded(organization):
        for number in range(50):
            races.run_inside(Race(callers=6, slots=2, rounds=1), organization, number)
            if races.overlapping(organization):
                return
    pytest.fail("no double booking in fifty rounds")


def test_with_the_guard_the_race_inside_is_won_as_well(
    committed: Callable[..., Onboarded],
) -> None:
    organization = organizations.get(committed(clinic=CLINIC).org)

    tally = races.run_inside(Race(callers=6, slots=10, rounds=1), organization, 0)

    assert (tally.booked, tally.errors) == (10, 0)
    assert races.overlapping(organization) == 0


def test_any_practitioner_means_every_one_of_them(
    committed: Callable[..., Onboarded], server: Server
) -> None:
    """C04: twenty callers, three free practitioners: three booked, three different ones."""
    people = [
        {**CLINIC["practitioners"][0], "name": name} for name in ("Dr. One", "Dr. Two", "Dr. Three")
    ]
    made = committed(clinic={**CLINIC, "practitioners": people})
    line = Line(organizations.get(made.org), f"http://127.0.0.1:{server.port}", made.secret)

    tally = races.run(Race(callers=20, slots=1, rounds=1), line, 0)

    assert (tally.booked, tally.offered, tally.errors) == (3, 17, 0)
    assert races.overlapping(line.organization) == 0
