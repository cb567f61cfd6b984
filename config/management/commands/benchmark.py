"""Measures what requests cost beside an empty view, over a PostgreSQL of its own."""

import json
import logging
from typing import Any

from django.core.management.base import CommandError, CommandParser

from config import logs
from config.operations.benchmarking import report, runs
from config.operations.benchmarking.runs import Plan
from tenants.commands import Command as BaseCommand
from tenants.commands import telling

LIMITS = {
    "orgs": (1, 100),
    "requests": (1, 5000),
    "turns": (1, 100),
    "stampedes": (0, 100),
    "deployed": (0, 5000),
    "crowd": (0, 20_000),
}
MOST_CALLERS = 200
MOST_TIMES = 1200  # free ones in a diary, a few less than there are


class Command(BaseCommand):
    help = (
        "Measure bookings, availability, conflicts and more on a mixed load, turns taken with an"
        " empty view behind the tenant middleware. It makes a PostgreSQL and scratch clinics of"
        " its own, in a temporary folder, and removes them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--orgs", type=int, default=24, help="clinics, asked in turn")
        parser.add_argument("--requests", type=int, default=60, help="of each kind in a turn")
        parser.add_argument("--turns", type=int, default=5, help="that each kind has")
        parser.add_argument("--callers", default="1,8,50", help="at once, one number after another")
        parser.add_argument("--stampedes", type=int, default=5, help="of 50 callers for one slot")
        parser.add_argument("--deployed", type=int, default=100, help="orgs of the no-op deploy")
        parser.add_argument("--crowd", type=int, default=5000, help="visits before the next time")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
        parser.add_argument(
            "--edits-are-lost",
            action="store_true",
            help="the negative control: no edit is made, and each must be missed",
        )

    @logs.silenced(logging.WARNING)
    def handle(self, *args: Any, **options: Any) -> None:
        for name, (least, most) in LIMITS.items():
            if not least <= options[name] <= most:
                raise CommandError(f"--{name}: must be from {least} to {most}")
        plan = Plan(
            **{name: options[name] for name in LIMITS},
            callers=callers_of(options["callers"]),
            edits_are_lost=options["edits_are_lost"],
        )
        if plan.times_needed > plan.orgs * MOST_TIMES:
            raise CommandError("--requests: there are not so many free times; take more --orgs")
        with telling("Beginning") as tell:
            outcome = runs.run(plan, tell)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict(outcome)))
        else:
            report.show(outcome, self.console())
        if outcome.disobeyed:
            kinds = sorted({line.partition(":")[0] for line in outcome.disobeyed})
            raise CommandError(
                f"{len(outcome.disobeyed)} of {outcome.edits} edits were not obeyed"
                f" by the next answer ({', '.join(kinds)}), such as {outcome.disobeyed[0]}"
            )
        if set(outcome.figures.get("stampede_booked", ())) - {1}:
            raise CommandError("A slot that 50 callers wanted was not booked once.")
        if outcome.overlapping:
            raise CommandError(f"{outcome.overlapping} rows overlap: this is no booking system.")


def callers_of(text: str) -> tuple[int, ...]:
    try:
        numbers = tuple(map(int, text.split(",")))
    except ValueError:
        numbers = ()
    if not numbers or not all(1 <= number <= MOST_CALLERS for number in numbers):
        raise CommandError(f"--callers: must be numbers from 1 to {MOST_CALLERS}, as 1,8,50")
    return numbers
