"""Breaks its own server while callers use it, and checks every sentence they heard."""

import logging
import secrets
from json import dumps

from django.core.management.base import CommandError, CommandParser

from config import logs
from config.operations.chaos import report, runs
from config.operations.chaos.runs import Outcome, Plan
from tenants.commands import Command as BaseCommand
from tenants.commands import telling

LIMITS = {"seconds": (5, 3600), "orgs": (1, 20), "callers": (1, 50)}


class Command(BaseCommand):
    help = (
        "Let callers book while processes are killed, COMMITs are cut and the database is frozen;"
        " every sentence they heard must be true. It makes a PostgreSQL and scratch clinics of its"
        " own, in a temporary folder, and removes them. Other data is not touched."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=int, default=60, help="how long things are broken")
        parser.add_argument("--orgs", type=int, default=5, help="scratch clinics")
        parser.add_argument("--callers", type=int, default=6, help="of each clinic, at once")
        parser.add_argument("--seed", type=int, help="what callers and faults are drawn from")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
        parser.add_argument(
            "--in-place",
            action="store_true",
            help="scratch clinics in the database in use; then only workers are killed",
        )

    @logs.silenced(logging.WARNING)
    def handle(
        self,
        *,
        seconds: int,
        orgs: int,
        callers: int,
        seed: int | None,
        json: bool,
        in_place: bool,
        **_: object,
    ) -> None:
        given = {"seconds": seconds, "orgs": orgs, "callers": callers}
        for name, (least, most) in LIMITS.items():
            if not least <= given[name] <= most:
                raise CommandError(f"--{name}: must be from {least} to {most}")
        seed = secrets.randbelow(10**6) if seed is None else seed
        with telling(f"Seed {seed}") as tell:
            plan = Plan(seconds, orgs, callers, seed, is_own=not in_place)
            outcome = runs.run(plan, lambda *standing: tell(told(*standing)))
        if json:
            self.stdout.write(dumps(report.as_dict(outcome)))
        else:
            report.show(outcome, self.console())
        if outcome.findings:
            raise SystemExit(1)


def told(doing: str, outcome: Outcome) -> str:
    faults = sum(outcome.faults.values())
    return f"Seed {outcome.plan.seed}. {doing}: {len(outcome.log)} requests, {faults} faults"
