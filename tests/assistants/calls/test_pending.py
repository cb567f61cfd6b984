"""Pending: what one worker has received is under way in the eyes of the others, until it ends."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from assistants import speech
from assistants.provisioning.onboarding import Onboarded
from tests.conftest import Committed, Server, booking, gunicorn, tool_calls, wait_until
from tests.served import SECONDS, rows, slot

NOTHING_YET = "I haven't booked or changed anything on this call yet. What would you like to do?"


class Line:
    """A connection that one worker keeps."""

    def __init__(self, server: Server, made: Onboarded) -> None:
        self.server, self.made = server, made
        self.http = HTTPConnection("127.0.0.1", server.port, timeout=20)
        self.http.connect()
        self.worker = 0
        wait_until(self.is_accepted)

    def is_accepted(self) -> bool:
        own = self.http.sock.getsockname()[1]
        for child in psutil.Process(self.server.process.pid).children():
            if any(one.raddr and one.raddr.port == own for one in child.net_connections()):
                self.worker = child.pid
        return bool(self.worker)

    def say(self, body: Any) -> str:
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.made.secret}"}
        self.http.request(
            "POST", "/vapi/", body=json.dumps(body), headers={"Host": self.made.domain, **sent}
        )
        [one] = json.loads(self.http.getresponse().read())["results"]
        return str(one["result"])


@contextmanager
def lines(server: Server, made: Onboarded, number: int) -> Iterator[tuple[list[Line], Line]]:
    """So many lines to one worker, and one to another. That one has answered before, so that it
    knows whose the host is without asking the database."""
    by_worker: dict[int, list[Line]] = {}
    while len(by_worker) < 2 or max(map(len, by_worker.values())) < number:
        line = Line(server, made)
        by_worker.setdefault(line.worker, []).append(line)
    busy, other = sorted(by_worker.values(), key=len, reverse=True)
    assert other[0].say(asked("nobody")) == NOTHING_YET
    yield busy[:number], other[0]
    for line in (*busy, *other):
        line.http.close()


@contextmanager
def hosts_locked() -> Iterator["psycopg.Connection[Any]"]:
    """Who does not know yet whose a host is waits."""
    with psycopg.connect(os.environ["DATABASE_URL"]) as session:
        session.execute("LOCK TABLE public.tenants_domain IN ACCESS EXCLUSIVE MODE")
        yield session


def waiting(session: "psycopg.Connection[Any]") -> int:
    found = session.execute(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'tenants_domain'::regclass"
    ).fetchone()
    return int(found[0]) if found else 0


def asked(call: str) -> Any:
    return tool_calls({"id": "a", "tool": "did_that_go_through", "arguments": {}}, call_id=call)


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as pool:
        yield pool


def test_what_waits_in_another_worker_is_not_denied(
    committed: Committed, tmp_path: Path, callers: ThreadPoolExecutor
) -> None:
    """It has not got as far as its call's lock: only its arrival tells of it."""
    made = committed()
    with gunicorn(tmp_path) as server, lines(server, made, 1) as ([busy], other):
        with hosts_locked() as session:
            first = callers.submit(busy.say, booking(slot(made), call_id="call-1"))
            wait_until(lambda: waiting(session) == 1)

            assert other.say(asked("call-1")) == speech.UNCERTAIN
            assert other.say(asked("another")) == NOTHING_YET

        assert first.result(SECONDS).startswith("You're booked")
        assert other.say(asked("call-1")).startswith("Yes, that went through.")
    assert rows(made) == 1


def test_what_waits_for_a_thread_of_another_worker_is_not_denied(
    committed: Committed, tmp_path: Path, callers: ThreadPoolExecutor
) -> None:
    """Nobody has read yet of which call it is."""
    made = committed()
    with gunicorn(tmp_path, THREADS="1") as server, lines(server, made, 2) as (busy, other):
        with hosts_locked() as session:
            callers.submit(busy[0].say, asked("one that waits"))
            wait_until(lambda: waiting(session) == 1)
            queued = callers.submit(busy[1].say, booking(slot(made), call_id="call-1"))

            wait_until(lambda: other.say(asked("call-1")) == speech.UNCERTAIN)

        assert queued.result(SECONDS).startswith("You're booked")
        assert other.say(asked("call-1")).startswith("Yes, that went through.")
        assert other.say(asked("another")) == NOTHING_YET
    assert rows(made) == 1


def test_what_a_worker_had_received_ends_with_it(
    committed: Committed, tmp_path: Path, callers: ThreadPoolExecutor
) -> None:
    made = committed()
    with gunicorn(tmp_path) as server, lines(server, made, 1) as ([busy], other):
        with hosts_locked() as session:
            first: Future[str] = callers.submit(busy.say, booking(slot(made), call_id="call-1"))
            wait_until(lambda: waiting(session) == 1)
            assert other.say(asked("call-1")) == speech.UNCERTAIN

            os.kill(busy.worker, signal.SIGKILL)

            wait_until(lambda: other.say(asked("call-1")) == NOTHING_YET)
        assert isinstance(first.exception(SECONDS), OSError)
    assert rows(made) == 0
