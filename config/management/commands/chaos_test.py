"""Breaks a server of its own under its callers' hands, and checks every sentence they heard."""

import json
import logging
import secrets
import time
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.progress import Progress, TaskID, TextColumn, TimeElapsedColumn

from config.operations import chaos, chaos_report
from config.operations.chaos import Outcome, Plan
from tenants.commands import Command as BaseCommand

LIMITS = {"seconds": (5, 3600), "orgs": (1, 20), "callers": (1, 50)}


class Command(BaseCommand):
    help = (
        "Let callers book while processes are killed, COMMITs are cut and the database is frozen;"
        " every sentence they heard must be so. It makes a PostgreSQL and scratch clinics of its"
        " own, in a temporary folder, and removes them: nobody's data is near."
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

    def handle(self, *args: Any, **options: Any) -> None:
        logging.disable(logging.WARNING)
        for name, (least, most) in LIMITS.items():
            if not least <= options[name] <= most:
                raise CommandError(f"--{name}: must be from {least} to {most}")
        seed = secrets.randbelow(10**6) if options["seed"] is None else options["seed"]
        plan = Plan(
            options["seconds"],
            options["orgs"],
            options["callers"],
            seed,
            is_own=not options["in_place"],
        )
        outcome = self.run_shown(plan)
        if options["json"]:
            self.stdout.write(json.dumps(chaos_report.as_dict(outcome)))
        else:
            chaos_report.show(outcome, self.console())
        if outcome.findings:
            raise SystemExit(1)

    def run_shown(self, plan: Plan) -> Outcome:
        with Progress(
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        ) as progress:
            return chaos.run(plan, Line(progress, progress.add_task(f"Seed {plan.seed}")).tell)


class Line:
    """What is told while it runs, a few times a second."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self.progress, self.task, self.last = progress, task, 0.0

    def tell(self, doing: str, outcome: Outcome) -> None:
        if time.monotonic() - self.last < 0.25:
            return
        self.last = time.monotonic()
        faults = sum(outcome.faults.values())
        self.progress.update(
            self.task,
            description=f"Seed {outcome.plan.seed}. {doing}: {len(outcome.log)} requests,"
            f" {faults} faults",
        )
