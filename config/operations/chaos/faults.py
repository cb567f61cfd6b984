"""Faults: what a run does to the processes that serve, in an order drawn from a seed."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import psutil
import psycopg

from config.operations.chaos.database import ScratchServer
from config.operations.chaos.proxy import CUTS, Proxy

PAUSE_SECONDS = (0.1, 1.0)
FROZEN_SECONDS = (1.0, 6.0)
# A killed backend restarts the whole server with all its connections, so it is done rarely.
APART_SECONDS = 15.0


@dataclass
class Faults:
    """`gunicorn` is its own process. Without `database` and `proxy` only workers are killed."""

    draw: random.Random
    gunicorn: int
    database: ScratchServer | None = None
    proxy: Proxy | None = None
    done: Counter[str] = field(default_factory=Counter)
    kills: list[float] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    last_restart: float = 0.0

    def run(self) -> None:
        time.sleep(1)
        while not self.is_over.wait(self.draw.uniform(*PAUSE_SECONDS)):
            faults, weights = zip(*self.choices(), strict=True)
            [fault] = self.draw.choices(faults, weights)
            with suppress(psycopg.Error, psutil.Error, OSError):
                fault()
        if self.proxy:
            self.proxy.withdraw()

    def choices(self) -> list[tuple[Callable[[], None], int]]:
        found: list[tuple[Callable[[], None], int]] = [(self.kill_worker, 3)]
        if self.proxy:
            found += [(partial(self.cut, self.proxy, name), 4) for name in CUTS]
        if self.database:
            found += [(partial(self.terminate_backend, self.database), 3)]
            found += [(partial(self.freeze, self.database), 2)]
            if time.monotonic() - self.last_restart > APART_SECONDS:
                found += [(partial(self.kill_backend, self.database), 1)]
        return found

    def cut(self, proxy: Proxy, name: str) -> None:
        proxy.order(name)
        self.done[name] += 1

    def kill_worker(self) -> None:
        if workers := psutil.Process(self.gunicorn).children():
            worker = self.draw.choice(workers)
            self.kills.append(time.monotonic())
            worker.kill()
            self.done["worker killed"] += 1

    def backend(self, session: "psycopg.Connection[tuple[int]]") -> int | None:
        """The process of one of the application's connections."""
        found = session.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'clinic-booking'"
            " AND pid <> pg_backend_pid() ORDER BY pid"
        ).fetchall()
        return self.draw.choice(found)[0] if found else None

    def terminate_backend(self, database: ScratchServer) -> None:
        with psycopg.connect(database.address, autocommit=True) as session:
            if pid := self.backend(session):
                session.execute("SELECT pg_terminate_backend(%s)", [pid])
                self.done["backend terminated"] += 1

    def kill_backend(self, database: ScratchServer) -> None:
        with psycopg.connect(database.address, autocommit=True) as session:
            pid = self.backend(session)
        if pid:
            os.kill(pid, signal.SIGKILL)
            self.last_restart = time.monotonic()
            self.done["backend killed"] += 1

    def freeze(self, database: ScratchServer) -> None:
        frozen = database.freeze()
        try:
            self.is_over.wait(self.draw.uniform(*FROZEN_SECONDS))
        finally:
            database.thaw(frozen)
        self.done["database frozen"] += 1
