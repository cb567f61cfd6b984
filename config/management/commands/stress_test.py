"""Races callers for the same slots, over HTTP, and counts what the diary holds afterwards."""

import logging
from dataclasses import asdict
from json import dumps

from django.core.management.base import CommandError, CommandParser

from config import logs
from config.operations import races, scratch
from config.operations.races import Race, Tally
from tenants.commands import Command as BaseCommand
from tenants.commands import with_progress

# Without its guard a race is lost now and then, not each time: how often to try.
UNGUARDED_ROUNDS = 50
MOST = 500


class Command(BaseCommand):
    help = "Let callers race for slots in a scratch clinic; each slot must be booked exactly once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--callers", type=int, default=5, help="processes that race")
        parser.add_argument("--slots", type=int, default=1, help="slots they race for, in turn")
        parser.add_argument("--rounds", type=int, default=1, help="how often, on fresh slots")
        parser.add_argument(
            "--url", help="a running server over this database; else one is started"
        )
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
        parser.add_argument(
            "--without-guard",
            action="store_true",
            help="take the walls away first: double bookings must be found",
        )

    @logs.silenced(logging.INFO)
    def handle(
        self,
        *,
        callers: int,
        slots: int,
        rounds: int,
        url: str | None,
        json: bool,
        without_guard: bool,
        **_: object,
    ) -> str:
        race = Race(callers, slots, rounds)
        for name, number in asdict(race).items():
            if not 1 <= number <= MOST:
                raise CommandError(f"--{name}: must be from 1 to {MOST}")
        if without_guard:
            return self.without_guard(race, as_json=json)
        with scratch.line(url) as line:
            numbers = with_progress(range(race.rounds), many=race.rounds, doing="Racing")
            tally = sum((races.run(race, line, number) for number in numbers), Tally())
            overlapping = races.overlapping(line.organization)
        return report(race, tally, overlapping, as_json=json)

    def without_guard(self, race: Race, *, as_json: bool) -> str:
        """The negative control: the same race, with neither queue nor constraint to stop it."""
        total, found, rounds = Tally(), 0, 0
        with scratch.clinic() as (organization, _), races.unguarded(organization):
            while rounds < max(race.rounds, UNGUARDED_ROUNDS) and not found:
                total = total + races.run_inside(race, organization, rounds)
                found = races.overlapping(organization)
                rounds += 1
        if as_json:
            return dumps({**total.as_dict(), "overlapping": found, "rounds": rounds})
        if not found:
            raise CommandError(f"No double booking in {rounds} rounds: this race proves nothing.")
        return (
            f"{total}\n{found} pairs of overlapping rows without the guard, in round {rounds}:"
            " this race can be lost."
        )


def report(race: Race, tally: Tally, overlapping: int, *, as_json: bool) -> str:
    told = (
        dumps({**tally.as_dict(), "overlapping": overlapping})
        if as_json
        else f"{tally}\n{tally.speed()}\n{overlapping} overlapping rows in the diary"
    )
    if overlapping or tally.errors or tally.booked != race.slots * race.rounds:
        raise CommandError(f"{told}\nExpected each of {race.slots * race.rounds} slots once.")
    return told
