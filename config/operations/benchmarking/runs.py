"""Benchmarks: what a request costs beside the floor, turns taken, on a mixed load.

On a machine that is shared the ratios of one run mean something, the figures alone do not.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
from django.core.management import call_command
from django.db import connection

from config.operations import races, scratch
from config.operations.benchmarking import calls
from config.operations.benchmarking.calls import DAYS, KINDS, PEOPLE, Asked, Clinic
from config.operations.chaos import database as databases
from config.operations.scratch import Line
from tenants import organizations
from tenants.models import Organization

EDIT_EVERY = 20  # requests
STAMPEDE = 50  # callers
WARM = 10  # callers before anything is measured


@dataclass(frozen=True)
class Plan:
    """`requests` are those of each kind in a turn. `deployed` are the orgs of the no-op deploy."""

    orgs: int
    requests: int
    turns: int
    callers: tuple[int, ...]
    stampedes: int
    deployed: int
    crowd: int
    edits_are_lost: bool

    @property
    def times_needed(self) -> int:
        """How many free times are used up, in all diaries together: by bookings and by moves."""
        return 2 * self.requests * self.turns * len(self.callers)


@dataclass
class Turn:
    """One kind's requests, one after the other for each caller."""

    milliseconds: list[float]
    cpu: float  # milliseconds of server and PostgreSQL a request


@dataclass
class Outcome:
    plan: Plan
    turns: dict[tuple[str, int], list[Turn]] = field(default_factory=dict)
    answers: Counter[tuple[str, bool]] = field(default_factory=Counter)
    unexpected: dict[str, str] = field(default_factory=dict)
    edits: int = 0
    disobeyed: list[str] = field(default_factory=list)
    figures: dict[str, list[float]] = field(default_factory=dict)
    overlapping: int = 0

    def note(self, name: str, value: float) -> None:
        self.figures.setdefault(name, []).append(value)


Tell = Callable[[str], object]


def run(plan: Plan, tell: Tell) -> Outcome:
    """One run over a PostgreSQL of its own. Nothing that was started or made is left."""
    outcome = Outcome(plan)
    with ExitStack() as stack:
        stack.enter_context(scratch.ends_tidily())
        tell("Preparing a database")
        database = stack.enter_context(databases.own())
        made = []
        for number in range(plan.orgs + 1):
            tell(f"Making clinic {number + 1} of {plan.orgs + 1}")
            made.append(stack.enter_context(timed_clinic(outcome)))
        address, server = stack.enter_context(scratch.gunicorn())
        floor_at, floor = stack.enter_context(
            scratch.gunicorn(application="config.operations.benchmarking.floor")
        )
        crowded, *lines = [Line(organization, address, secret) for organization, secret in made]
        clinics = []
        for number, line in enumerate(lines):
            tell(f"Filling diary {number + 1} of {plan.orgs}")
            clinics.append(calls.furnish(line, f"diary {number}"))
        bench = Bench(
            plan,
            clinics,
            Clinic(crowded, random.Random(0)),  # noqa: S311 - the same again from the same seed
            floor_at,
            (server, floor),
            database,
            outcome,
            tell,
        )
        bench.take_turns()
        bench.stampede()
        bench.look_a_year_ahead()
        bench.ask_a_fresh_worker()
        outcome.overlapping = sum(races.overlapping(one) for one, _ in made)
        bench.deploy()
    return outcome


@contextmanager
def timed_clinic(outcome: Outcome) -> Iterator[tuple[Organization, str]]:
    """A scratch clinic. The first one of a process loads what the others find loaded."""
    connection.ensure_connection()
    backend = backend_pid()
    before = time.process_time() + cpu_seconds(backend)
    with scratch.clinic(calls.CLINIC) as made:
        # The connection is the same: onboarding is one transaction.
        spent = time.process_time() + cpu_seconds(backend) - before
        if "onboarding" in outcome.figures:
            outcome.note("onboarding", spent * 1000)
        else:
            outcome.figures["onboarding"] = []
        yield made


def backend_pid() -> int:
    return int(connection.connection.info.backend_pid)


@dataclass
class Bench:
    """Everything that stands ready."""

    plan: Plan
    clinics: Sequence[Clinic]
    crowded: Clinic
    floor_at: str
    servers: tuple[int, int]
    database: databases.ScratchServer
    outcome: Outcome
    tell: Tell
    asked: int = 0

    # --- a turn of each kind

    def take_turns(self) -> None:
        self.warm_up()
        for callers in self.plan.callers:
            for number in range(self.plan.turns):
                first = number % len(KINDS)
                for kind in [*KINDS, *KINDS][first : first + len(KINDS)]:
                    self.tell(f"{callers} callers, turn {number + 1}: {kind}")
                    turn = self.turn(kind, callers, self.plan.requests)
                    self.outcome.turns.setdefault((kind, callers), []).append(turn)

    def warm_up(self) -> None:
        """Each worker has served, has its connections, and has met each clinic with them."""
        self.tell("Warming up")
        for kind in ("floor", "availability", "find", "conflict"):
            asked = [self.next(kind) for _ in range(max(20, WARM * len(self.clinics)))]
            self.ask_all(asked, WARM)
            self.ask_all(asked, 1)
        self.outcome.answers.clear()
        self.outcome.unexpected.clear()

    def turn(self, kind: str, callers: int, requests: int) -> Turn:
        """An edit comes before every 20th request of the turn, which is asked alone."""
        milliseconds: list[float] = []
        cpu = 0.0
        for first in range(0, requests, EDIT_EVERY):
            count = min(EDIT_EVERY, requests - first)
            has_edit = count == EDIT_EVERY and kind != "floor"
            asked = [self.next(kind) for _ in range(count - has_edit)]
            before = self.cpu(kind)
            milliseconds += self.ask_all(asked, callers)
            cpu += self.cpu(kind) - before
            if has_edit:
                self.ask_behind_an_edit(kind)
        return Turn(milliseconds, cpu * 1000 / len(milliseconds))

    def next(self, kind: str) -> Asked:
        """The clinics are asked in turn."""
        self.asked += 1
        return self.clinics[self.asked % len(self.clinics)].request(kind)

    def ask_all(self, asked: Sequence[Asked], callers: int) -> list[float]:
        with ThreadPoolExecutor(callers) as threads:
            return list(threads.map(self.ask, asked))

    def ask(self, asked: Asked) -> float:
        line = asked.clinic.line
        if asked.kind == "floor":
            line = replace(line, address=self.floor_at)
        began = time.perf_counter()
        sentence = asked.ask(line)
        milliseconds = (time.perf_counter() - began) * 1000
        self.judge(asked, sentence)
        return milliseconds

    def judge(self, asked: Asked, sentence: str) -> None:
        is_expected = asked.is_expected(sentence)
        self.outcome.answers[asked.kind, is_expected] += 1
        if not is_expected:
            self.outcome.unexpected.setdefault(asked.kind, sentence)

    def ask_behind_an_edit(self, kind: str) -> None:
        asked = self.next(kind)
        self.outcome.edits += 1
        is_lost = self.plan.edits_are_lost
        with nullcontext() if is_lost else calls.edited(asked, self.outcome.edits):
            sentence = asked.ask(asked.clinic.line)
        if not asked.is_obeyed(sentence):
            self.outcome.disobeyed.append(f"{kind}: {sentence}")

    def cpu(self, kind: str = "") -> float:
        """Seconds so far of the server that answers, and of PostgreSQL but for our own session."""
        server, floor = self.servers
        own = cpu_seconds(backend_pid()) if connection.connection else 0.0
        answering = floor if kind == "floor" else server
        return tree_seconds(answering) + tree_seconds(self.database.postmaster()) - own

    # --- what is measured by itself

    def stampede(self) -> None:
        """Fifty callers for one slot: when the last has heard, and how many were booked."""
        for number in range(self.plan.stampedes):
            self.tell(f"Stampede {number + 1}")
            clinic = self.clinics[number % len(self.clinics)]
            # Behind the days that others are offered, which holds them.
            start = clinic.said(DAYS + number, 0)
            said = {"service": "cleaning", "start": start, "practitioner": PEOPLE[0]}
            asked = [
                replace(one, said={**said, "patient_name": one.said["patient_name"]})
                for one in (clinic.request("conflict") for _ in range(STAMPEDE))
            ]
            with ThreadPoolExecutor(STAMPEDE) as threads:
                began = time.perf_counter()
                heard = list(threads.map(lambda one: one.ask(one.clinic.line), asked))
                self.outcome.note("stampede", (time.perf_counter() - began) * 1000)
            booked = sum(sentence.startswith("You're booked") for sentence in heard)
            self.outcome.note("stampede_booked", booked)

    def look_a_year_ahead(self) -> None:
        """The next time that is free, behind thousands of visits."""
        if not self.plan.crowd:
            return
        self.tell("Crowding a diary")
        clinic = self.crowded
        calls.crowd(clinic, self.plan.crowd)
        for _ in range(self.plan.turns * 4):
            self.tell("The next time there is")
            asked = clinic.request("availability")
            asked = replace(asked, said={"service": "cleaning"}, day=None)
            before = self.cpu()
            asked.ask(clinic.line)
            self.outcome.note("next_available", (self.cpu() - before) * 1000)

    def ask_a_fresh_worker(self) -> None:
        """The first request of each org in a worker that has served none; then the second."""
        self.tell("A fresh worker")
        with scratch.gunicorn(WEB_CONCURRENCY="1", THREADS="1") as (address, server):
            self.servers = (server, self.servers[1])
            for name in ("first_request", "second_request"):
                for clinic in self.clinics:
                    asked, line = clinic.request("availability"), clinic.line
                    before = self.cpu()
                    asked.ask(replace(line, address=address))
                    self.outcome.note(name, (self.cpu() - before) * 1000)

    def deploy(self) -> None:
        """`migrate_schemas` where there is nothing to do: of no org, and of many; in turn."""
        if not self.plan.deployed:
            return
        self.tell(f"Copying {self.plan.deployed} clinics' tables")
        original = self.clinics[0].line.organization
        copies = [copied(original, number) for number in range(self.plan.deployed)]
        for _ in range(max(3, self.plan.turns)):
            for name, options in (("deploy_none", {"shared": True}), ("deploy_all", {})):
                self.tell("A deploy with nothing to do")
                began = time.perf_counter()
                call_command("migrate_schemas", interactive=False, verbosity=0, **options)
                self.outcome.note(name, (time.perf_counter() - began) * 1000)
        for one in copies:
            organizations.remove(one)


def copied(original: Organization, number: int) -> Organization:
    """A schema with the tables of another and its migrations, made in a moment; for a deploy."""
    schema, slug = original.schema_name, f"copy_{number:04}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        tables = [name for (name,) in cursor.fetchall()]
        rows = f"INSERT INTO {slug}.django_migrations OVERRIDING SYSTEM VALUE"
        statements = [
            f"CREATE SCHEMA {slug}",
            *(
                f"CREATE TABLE {slug}.{name} (LIKE {schema}.{name} INCLUDING ALL)"
                for name in tables
            ),
            f"{rows} TABLE {schema}.django_migrations",
        ]
        cursor.execute(";".join(statements))
    made: Organization = Organization.objects.create(
        schema_name=slug, slug=slug, name=slug, timezone="UTC", phone_region="US"
    )
    return made


# --- CPU


def tree_seconds(root: int) -> float:
    """Of a process and all below it, ended children included (to a hundredth of a second)."""
    process = psutil.Process(root)
    return sum(map(of_member, [process, *process.children(recursive=True)]))


def of_member(member: psutil.Process) -> float:
    try:
        times: Any = member.cpu_times()
        return cpu_seconds(member.pid) + float(times.children_user + times.children_system)
    except psutil.NoSuchProcess:
        return 0.0


def cpu_seconds(pid: int) -> float:
    """Of one process and its threads: to the nanosecond where Linux says it (schedstat)."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except (OSError, IndexError):
        times: Any = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
