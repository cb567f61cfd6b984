"""Runs: callers and staff use clinics while their server is being broken.

Then what they heard is compared with what the diaries held. See `judging.truth`.
"""

import multiprocessing
import os
import queue
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import TypeAlias

from django.core.management.base import CommandError

from config.operations import background, processes, scratch
from config.operations.chaos import database as databases
from config.operations.chaos import proxy, staff, watch
from config.operations.chaos.callers import callers_of, talk
from config.operations.chaos.faults import Faults
from config.operations.chaos.pulse import Pulse
from config.operations.chaos.watch import Watch
from config.operations.judging import truth
from config.operations.judging.history import Clinic
from config.operations.judging.truth import Finding
from config.operations.judging.world import Exchange
from config.operations.scratch import EVERY_DAY, ClinicFile, Line
from tenants.models import Organization

# What callers heard; None when those of a clinic have hung up.
Heard: TypeAlias = "Queue[Exchange | None]"

CLINIC: ClinicFile = {
    "rooms": [{"name": "Room 1"}],
    "services": [
        {"name": "Cleaning", "minutes": 30},
        {
            "name": "Root canal",
            "minutes": 60,
            "minutes_before": 10,
            "minutes_after": 20,
            "rooms": ["Room 1"],
        },
    ],
    "practitioners": [
        {"name": "Dr. Ada Moss", "services": ["Cleaning", "Root canal"], "hours": EVERY_DAY},
        {"name": "Dr. Bo Lind", "services": ["Cleaning"], "hours": EVERY_DAY},
    ],
}
PLACES = (
    ("America/New_York", "US"),
    ("Europe/London", "GB"),
    ("America/Los_Angeles", "US"),
    ("Pacific/Auckland", "NZ"),
    ("Asia/Kolkata", "IN"),
)
# Seconds: how long before the callers the faults end, and how long the callers may take to finish
# after that.
CALM_SECONDS = 3.0
REST_SECONDS = 120.0


@dataclass(frozen=True)
class Plan:
    """`callers` are those of each org at once. `is_own`: over a PostgreSQL of its own."""

    seconds: int
    orgs: int
    callers: int
    seed: int
    is_own: bool = True


@dataclass
class Outcome:
    plan: Plan
    log: list[Exchange] = field(default_factory=list)
    clinics: dict[str, Clinic] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    waits: list[tuple[float, float]] = field(default_factory=list)


Tell = Callable[[str, Outcome], object]


def run(plan: Plan, tell: Tell) -> Outcome:
    """One run. `tell` is called with the progress. All that was started or made is removed."""
    outcome = Outcome(plan)
    with ExitStack() as stack:
        stack.enter_context(scratch.ends_tidily())
        tell("Preparing a database", outcome)
        database = stack.enter_context(databases.own()) if plan.is_own else None
        address = database.address if database else databases.address_in_use()
        tell("Making clinics", outcome)
        made = [stack.enter_context(clinic(number)) for number in range(plan.orgs)]
        between = stack.enter_context(proxy.in_front_of(address)) if database else None
        behind = {"DATABASE_URL": between.address} if between else {}
        url, gunicorn = stack.enter_context(scratch.gunicorn(**behind))
        draw = random.Random(plan.seed)  # noqa: S311 - the same again from the same seed
        run = Run(
            plan,
            [Line(organization, url, secret) for organization, secret in made],
            Faults(draw, gunicorn, database, between, outcome.faults),
            address,
            outcome,
            tell,
        )
        run.judge(run.telephone())
    return outcome


def clinic(number: int) -> AbstractContextManager[tuple[Organization, str]]:
    """Each in another place: another zone, and another way to say a date."""
    timezone, region = PLACES[number % len(PLACES)]
    return scratch.clinic(CLINIC, timezone=timezone, phone_region=region)


@dataclass
class Run:
    """Everything that stands ready for the callers."""

    plan: Plan
    lines: Sequence[Line]
    faults: Faults
    address: str
    outcome: Outcome
    tell: Tell

    def telephone(self) -> Watch:
        """Starts all callers and collects what they heard until the last one has finished."""
        context = multiprocessing.get_context("fork")
        heard: Heard = context.Queue()
        is_over, is_at_rest = context.Event(), context.Event()
        works = [
            partial(self.talk, number, heard, is_over, is_at_rest)
            for number in range(len(self.lines))
        ]
        schemas = [line.organization.schema_name for line in self.lines]
        calm = min(CALM_SECONDS, self.plan.seconds / 4)
        with (
            processes.started([*works, partial(self.work, is_over)]) as started,
            background.running(Watch(self.address, schemas)) as watched,
            background.running(Pulse()) as beats,
        ):
            self.outcome.waits = beats.waits
            with background.running(self.faults):
                self.gather(heard, "Breaking", self.plan.seconds - calm)
            self.gather(heard, "Calming", calm)
            is_over.set()
            started[-1].join(timeout=REST_SECONDS)
            is_at_rest.set()
            self.gather(heard, "Coming to rest", REST_SECONDS, until_all=True)
        return watched

    def talk(self, number: int, heard: "Heard", is_over: Event, is_at_rest: Event) -> None:
        """The callers of one clinic, in a process of their own. At the end they say so."""
        callers = callers_of(
            self.lines[number], self.plan.callers, f"{self.plan.seed}-{number}", heard.put
        )
        parent = os.getppid()

        def has_ended() -> bool:
            return bool(is_over.is_set()) or processes.ended_with_us(parent)

        try:
            talk(callers, has_ended, lambda: is_at_rest.wait(REST_SECONDS))
        finally:
            heard.put(None)

    def work(self, is_over: Event) -> None:
        parent = os.getppid()
        draw = random.Random(f"{self.plan.seed}-staff")  # noqa: S311
        clinics = [line.organization for line in self.lines]
        staff.work(clinics, draw, lambda: bool(is_over.is_set()) or processes.ended_with_us(parent))

    def gather(
        self, heard: "Heard", doing: str, seconds: float, *, until_all: bool = False
    ) -> None:
        """Collect the exchanges of the next `seconds`; or until every clinic's callers have hung
        up."""
        deadline = time.monotonic() + seconds
        talking = len(self.lines)
        while time.monotonic() < deadline and talking:
            with suppress(queue.Empty):
                exchange = heard.get(timeout=0.1)
                if exchange is None:
                    talking -= 1
                else:
                    self.outcome.log.append(exchange)
            self.tell(doing, self.outcome)
        if until_all and talking:
            raise CommandError(f"The callers of {talking} clinics did not come to an end.")

    def judge(self, watched: Watch) -> None:
        self.tell("Comparing", self.outcome)
        for line in self.lines:
            read = watch.read(watched, line.organization, CLINIC)
            self.outcome.clinics[line.organization.slug] = read
        self.outcome.findings = truth.check(
            self.outcome.clinics,
            self.outcome.log,
            kills=self.faults.kills,
            waits=self.outcome.waits,
        )
