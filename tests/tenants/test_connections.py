"""Connections of a worker: nobody's between requests, and never waited on past a deadline."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Patient
from tenants import organizations
from tenants.postgresql import deadlines
from tenants.postgresql.connections import (
    BoundedConnection,
    NoAnswerInTime,
    forget_the_organization,
    pool,
)
from tests.conftest import Server, gunicorn, manage, tool_calls, wait_until

pytestmark = pytest.mark.usefixtures("django_db_setup")


@pytest.fixture
def bounded() -> Iterator[BoundedConnection]:
    with BoundedConnection.connect(os.environ["DATABASE_URL"]) as connection:
        yield connection


def test_a_statement_is_given_up_at_the_deadline(bounded: BoundedConnection) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswerInTime), deadlines.after(0.3):
        bounded.execute("SELECT pg_sleep(20)")

    assert time.monotonic() - began < 5
    assert bounded.closed


def test_without_a_deadline_it_is_waited_for(bounded: BoundedConnection) -> None:
    assert bounded.execute("SELECT pg_sleep(0.2), 7").fetchone() == ("", 7)


def test_a_deadline_that_is_kept_changes_nothing(bounded: BoundedConnection) -> None:
    with deadlines.after(20):
        assert bounded.execute("SELECT 7").fetchone() == (7,)
    assert not bounded.closed


def test_a_connection_goes_back_as_nobodys(bounded: BoundedConnection) -> None:
    bounded.execute("SET search_path = elm_street")
    bounded.commit()

    forget_the_organization(bounded)

    assert bounded.execute("SHOW search_path").fetchone() == ('"$user", public',)


def test_when_all_connections_are_cut_the_next_request_has_a_new_one() -> None:
    """The library looks at two, and waits until it is too late before it looks at a third."""
    address = os.environ["DATABASE_URL"]
    with (
        ConnectionPool(address, check=ConnectionPool.check_connection, **pool(size=4)) as ours,
        psycopg.connect(address, autocommit=True) as other,
    ):
        with ExitStack() as taken:
            pids = [taken.enter_context(ours.connection()).info.backend_pid for _ in range(4)]
        wait_until(lambda: ours.get_stats()["pool_available"] == 4)
        other.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [pids])
        wait_until(lambda: not living(other, pids))

        with ours.connection() as connection:
            assert connection.execute("SELECT 7").fetchone() == (7,)


def living(other: "psycopg.Connection[Any]", pids: list[int]) -> list[Any]:
    return other.execute("SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)", [pids]).fetchall()


def test_after_a_fault_in_one_org_the_next_is_served_its_own(
    committed: Callable[..., Onboarded], tmp_path: Path
) -> None:
    """M01, M07: one worker, one thread, one connection; a canary patient in each org."""
    elm, oak = committed(), committed()
    for made, name in ((elm, "Elm Canary"), (oak, "Oak Canary")):
        with organizations.within(organizations.get(made.org)):
            Patient.objects.create(name=name, phone="+12025550177")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as plain:
        plain.execute(f"ALTER TABLE {elm.schema}.bookings_closure RENAME TO broken")

    with gunicorn(tmp_path, WEB_CONCURRENCY="1", THREADS="1") as server:
        for number in range(6):
            assert "trouble" in book(server, elm, number)
            assert book(server, oak, number).startswith("You're booked")

    for made, rows in ((elm, 1), (oak, 1)):
        with organizations.within(organizations.get(made.org)):
            assert Patient.objects.count() == rows


def book(server: Server, made: Onboarded, number: int) -> str:
    now = organizations.get(made.org).now()
    weekday = {"service": "cleaning", "date": "next Wednesday", "patient_name": "Oak Canary"}
    arguments: dict[str, Any] = {**weekday, "time": f"{1 + number // 2}:{'03'[number % 2]}0 pm"}
    assert now.tzinfo is not None
    status, answer = server.request(
        "POST",
        "/vapi/",
        host=made.domain,
        secret=made.secret,
        body=tool_calls(
            {"id": "a", "tool": "book_appointment", "arguments": arguments}, call_id=f"c{number}"
        ),
    )
    assert status == 200
    sentence: str = json.loads(answer)["results"][0]["result"]
    return sentence


def test_every_transaction_is_read_committed_whatever_the_server_defaults_to(
    committed: Callable[..., Onboarded],
) -> None:
    address = os.environ["DATABASE_URL"]
    stricter = "options=-c%20default_transaction_isolation%3Dserializable"
    address += f"{'&' if '?' in address else '?'}{stricter}"
    with psycopg.connect(address) as plain:
        assert plain.execute("SHOW transaction_isolation").fetchone() == ("serializable",)

    done = manage("doctor", "--org", committed().org, DATABASE_URL=address)

    assert "read committed" in done.stdout
    assert done.returncode == 0, done.stdout
