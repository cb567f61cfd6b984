"""Poolers: one that mixes sessions up is refused, in one line; in session mode clinics are served.

Z17. PgBouncer in transaction mode gave every second session another's search path, 20 of 20 times.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment, Patient
from config.management.commands import serve
from tenants import organizations
from tenants.postgresql import poolers
from tenants.postgresql.connections import conninfo
from tests.conftest import ROOT, Committed, Server, free_port, gunicorn, manage, tool_calls
from tests.poolers import pgbouncer, search_path, through

pytestmark = pytest.mark.usefixtures("django_db_setup")


@pytest.fixture(scope="module")
def transaction_mode(django_db_setup: None) -> Iterator[Path]:
    with pgbouncer("transaction") as folder:
        yield folder


@pytest.fixture(scope="module")
def session_mode(django_db_setup: None) -> Iterator[Path]:
    with pgbouncer("session", default_pool_size=40) as folder:
        yield folder


def is_the_one_line(said: str) -> bool:
    [line] = said.strip().splitlines()
    return poolers.MIXED in line


# --- the probe


def test_without_a_pooler_sessions_are_kept_apart() -> None:
    assert poolers.keeps_sessions_apart(conninfo(connection))


@pytest.mark.parametrize(
    ("mode", "settings"),
    [
        ("transaction", {}),
        ("transaction", {"default_pool_size": 1}),
        ("transaction", {"server_round_robin": 1, "min_pool_size": 2}),
        ("transaction", {"server_round_robin": 1, "min_pool_size": 7}),
        ("transaction", {"server_reset_query": "DISCARD ALL", "server_reset_query_always": 1}),
        ("statement", {}),
    ],
)
def test_a_pooler_that_mixes_sessions_up_is_found_each_time(
    mode: str, settings: dict[str, Any]
) -> None:
    with pgbouncer(mode, **settings) as folder:
        found = [poolers.keeps_sessions_apart(through(folder)) for _ in range(20)]

    assert found == [False] * 20


def test_it_is_found_while_others_are_at_work() -> None:
    """Transactions of others take the pooler's connections in and out of its hand."""
    with pgbouncer("transaction", min_pool_size=10) as folder, ThreadPoolExecutor(4) as threads:
        done: list[bool] = []
        working = [threads.submit(work, folder, done) for _ in range(4)]
        try:
            found = [poolers.keeps_sessions_apart(through(folder)) for _ in range(20)]
        finally:
            done.append(True)
        assert min(worker.result() for worker in working) > 0

    assert found == [False] * 20


def work(folder: Path, done: list[bool]) -> int:
    transactions = 0
    with psycopg.connect(through(folder), prepare_threshold=None) as client:
        while not done:
            with client.transaction():
                client.execute("SELECT pg_sleep(0.001)")
            transactions += 1
    return transactions


@pytest.mark.parametrize("size", [2, 40])
def test_in_session_mode_sessions_are_kept_apart(size: int) -> None:
    """This holds also if the pooler has fewer connections than we would like to try."""
    with pgbouncer("session", default_pool_size=size) as folder:
        assert poolers.keeps_sessions_apart(through(folder))


def test_others_behind_the_pooler_keep_their_search_path(transaction_mode: Path) -> None:
    before = search_path(transaction_mode)

    poolers.keeps_sessions_apart(through(transaction_mode))

    assert search_path(transaction_mode) == before


# --- transaction mode is refused


@pytest.fixture
def bare(transaction_mode: Path) -> Iterator[str]:
    """The address of a database that nothing was done to, by way of the pooler."""
    name = f"behind_a_pooler_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as plain:
        plain.execute(f"CREATE DATABASE {name}")
        try:
            yield through(transaction_mode, name)
        finally:
            plain.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables(address: str) -> list[tuple[Any, ...]]:
    """Read past the pooler."""
    name = conninfo_to_dict(address)["dbname"]
    with psycopg.connect(os.environ["DATABASE_URL"], dbname=name) as session:
        return session.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()


@pytest.mark.parametrize("command", ["serve", "doctor", "list_orgs"])
def test_a_command_is_refused_before_it_reads_or_writes(command: str, bare: str) -> None:
    done = manage(command, DATABASE_URL=bare, PORT=str(free_port()))

    assert done.returncode == 1
    assert is_the_one_line(done.stderr)
    assert done.stdout == ""
    assert tables(bare) == []


def test_migrations_are_refused(bare: str) -> None:
    done = manage("migrate_schemas", DATABASE_URL=bare)

    assert done.returncode == 1
    assert poolers.MIXED in done.stderr
    assert "Traceback" not in done.stderr
    assert tables(bare) in ([], [("public", "django_migrations")])


def test_gunicorn_does_not_start(transaction_mode: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": through(transaction_mode),
            "PORT": str(free_port()),
            "WEB_CONCURRENCY": "1",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 1
    assert is_the_one_line(done.stderr)


# --- session mode serves


def test_in_session_mode_each_clinic_has_its_own_bookings(
    session_mode: Path, committed: Committed, tmp_path: Path
) -> None:
    clinics = [committed(), committed()]
    address = through(session_mode)
    with gunicorn(tmp_path, DATABASE_URL=address) as server, ThreadPoolExecutor(4) as threads:
        requests = [(server, made, number) for number in range(6) for made in clinics]
        said = list(threads.map(lambda request: book(*request), requests))

    assert [text for text in said if not text.startswith("You're booked")] == []
    for made in clinics:
        with organizations.within(organizations.get(made.org)):
            assert Appointment.objects.count() == 6
            assert set(Patient.objects.values_list("name", flat=True)) == {name_at(made)}


def name_at(made: Onboarded) -> str:
    """A name of letters, as names are. It differs for each clinic, whatever its schema is
    called."""
    digest = hashlib.sha256(made.org.encode()).digest()[:8]
    return "Ben " + "".join(chr(ord("a") + byte % 26) for byte in digest).title()


def book(server: Server, made: Onboarded, number: int) -> str:
    arguments = {
        "service": "cleaning",
        "date": "next Wednesday",
        "time": f"{1 + number // 2}:{'03'[number % 2]}0 pm",
        "patient_name": name_at(made),
    }
    request = {"id": "a", "tool": "book_appointment", "arguments": arguments}
    status, answer = server.request(
        "POST",
        "/vapi/",
        host=made.domain,
        secret=made.secret,
        body=tool_calls(request, call_id=f"{made.org} {number}"),
    )
    assert status == 200
    sentence: str = json.loads(answer)["results"][0]["result"]
    return sentence


def test_in_session_mode_the_doctor_finds_nothing_wrong_with_the_database(
    session_mode: Path, committed: Committed
) -> None:
    done = manage("doctor", "--org", committed().org, DATABASE_URL=through(session_mode))

    assert "read committed" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


# --- nothing else of ours is a session's


def test_who_prepares_the_database_leaves_no_lock_behind_a_pooler(transaction_mode: Path) -> None:
    """A pooler may keep the session when its client has gone, and with it the session's locks."""
    connection.close()
    settings, before = connection.settings_dict, dict(connection.settings_dict)
    settings.update(HOST=str(transaction_mode), PORT="6432")
    try:
        with serve.one_at_a_time():
            assert advisory_locks() == 1
        assert advisory_locks() == 0
    finally:
        settings.update(HOST=before["HOST"], PORT=before["PORT"])


def advisory_locks() -> int:
    with psycopg.connect(os.environ["DATABASE_URL"]) as plain:
        [count] = plain.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchone() or [0]
    return int(count)
