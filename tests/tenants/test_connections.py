"""Connections of a worker: nobody's between requests, and never waited on past a deadline."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Patient
from tenants import organizations
from tenants.postgresql import deadlines
from tenants.postgresql.base import DatabaseWrapper
from tenants.postgresql.connections import BoundedConnection, NoAnswerInTime, pool
from tenants.postgresql.statements import Bound
from tests.conftest import Committed, Server, gunicorn, manage, tool_calls, wait_until

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


# --- out of the pool, and back


@pytest.fixture
def pooled(
    django_db_setup: None, django_db_blocker: Any, request: pytest.FixtureRequest
) -> Iterator[DatabaseWrapper]:
    """Django's connection of a worker with one in its pool, or as many as a test asks for."""
    options = {
        **connection.settings_dict["OPTIONS"],
        "pool": pool(size=getattr(request, "param", 1)),
    }
    ours = DatabaseWrapper({**connection.settings_dict, "OPTIONS": options}, "default")
    with django_db_blocker.unblock():
        yield ours
        ours.close()
        ours.close_pool()


def current_schema(ours: DatabaseWrapper) -> str:
    with ours.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def leave_another_path(ours: DatabaseWrapper) -> None:
    """In the pool lies one connection, with the search path of the clinic that had it."""
    ours.ensure_connection()
    ours.connection.execute("SET search_path = elm_street")
    ours.close()


@pytest.mark.parametrize("schema", ["public", "extensions"])
def test_whoever_has_a_connection_next_finds_their_own_path(
    pooled: DatabaseWrapper, schema: str
) -> None:
    leave_another_path(pooled)

    pooled.set_schema(schema)

    assert current_schema(pooled) == schema


@pytest.mark.parametrize("pooled", [3], indirect=True)
def test_the_connection_that_was_used_last_is_used_next(pooled: DatabaseWrapper) -> None:
    """With several in the pool: they were wanted at once."""
    pooled.ensure_connection()
    pool = pooled.pool
    others = [pool.getconn() for _ in range(2)]
    for other in others:
        pool.putconn(other)
    used = []
    for _ in range(3):
        pooled.ensure_connection()
        used.append(pooled.connection.info.backend_pid)
        pooled.close()

    assert len(set(used)) == 1


def test_the_path_is_the_first_statement_of_a_connection(pooled: DatabaseWrapper) -> None:
    """Whatever is asked first, even past Django's cursors."""
    leave_another_path(pooled)

    pooled.set_schema("extensions")
    pooled.ensure_connection()

    assert pooled.connection.execute("SELECT current_schema()").fetchone() == ("extensions",)


def test_what_is_asked_with_the_path_is_asked_within_it(pooled: DatabaseWrapper) -> None:
    leave_another_path(pooled)
    pooled.set_schema("extensions")

    pooled.force_debug_cursor = True

    found = [pooled.first(Bound("SELECT current_schema()")) for _ in range(2)]

    assert found == [[("extensions",)]] * 2
    texts = [query["sql"] for query in pooled.queries_log]
    assert [text.startswith("SET search_path") for text in texts] == [True, False]


def test_where_that_fails_the_path_is_set_with_the_next(pooled: DatabaseWrapper) -> None:
    """PostgreSQL undoes the path together with it."""
    leave_another_path(pooled)
    pooled.set_schema("extensions")

    for _ in range(2):
        with pytest.raises(ProgrammingError):
            pooled.first(Bound("SELECT 1 FROM nowhere"))

    assert current_schema(pooled) == "extensions"


def test_without_that_statement_they_would_find_the_others(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: nothing else stands between two clinics in the pool."""
    leave_another_path(pooled)
    monkeypatch.setattr(DatabaseWrapper, "_handle_search_path", lambda *_: None)

    pooled.set_schema("extensions")

    assert current_schema(pooled) == "elm_street"


def test_nothing_is_asked_when_the_path_cannot_be_set(
    pooled: DatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_another_path(pooled)
    pooled.set_schema("extensions")
    sent: list[str] = []

    def cancelled(cursor: Any, query: str, *_: Any, **__: Any) -> None:
        sent.append(query)
        raise psycopg.errors.QueryCanceled

    monkeypatch.setattr(psycopg.Cursor, "execute", cancelled)

    with pytest.raises(OperationalError):
        current_schema(pooled)
    assert {query.partition(" =")[0] for query in sent} == {"SET search_path"}


def test_a_failed_transaction_ends_as_it_should(pooled: DatabaseWrapper) -> None:
    """In it no path can be set; behind it, it is."""
    pooled.set_schema("elm_street")
    pooled.set_autocommit(False)
    with pytest.raises(ProgrammingError), pooled.cursor() as cursor:
        cursor.execute("SELECT * FROM not_there")
    pooled.set_schema("extensions")

    pooled.cursor().close()
    pooled.rollback()
    pooled.set_autocommit(True)

    assert current_schema(pooled) == "extensions"


@pytest.mark.parametrize(("pooled", "cut"), [(1, 1), (4, 4)], indirect=["pooled"])
def test_when_connections_are_cut_in_the_pool_the_next_request_has_a_new_one(
    pooled: DatabaseWrapper, cut: int
) -> None:
    """As after a restart of PostgreSQL: nobody hears of it."""
    pooled.ensure_connection()
    others = [pooled.pool.getconn() for _ in range(cut - 1)]
    pids = [one.info.backend_pid for one in (*others, pooled.connection)]
    for one in others:
        pooled.pool.putconn(one)
    pooled.close()
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) pid", [pids])
        wait_until(lambda: not living(other, pids))

    pooled.set_schema("elm_street")

    assert current_schema(pooled) == "elm_street"
    assert pooled.connection.info.backend_pid not in pids


def test_what_was_asked_of_a_connection_that_is_cut_then_is_not_asked_twice(
    pooled: DatabaseWrapper,
) -> None:
    """Only what sets the path is tried again: the rest may have been carried out."""
    pooled.ensure_connection()
    pid = pooled.connection.info.backend_pid
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        wait_until(lambda: not living(other, [pid]))

    with pytest.raises(OperationalError):
        current_schema(pooled)


def living(other: "psycopg.Connection[Any]", pids: list[int]) -> list[Any]:
    return other.execute("SELECT pid FROM pg_stat_activity WHERE pid = ANY(%s)", [pids]).fetchall()


def test_after_a_fault_in_one_org_the_next_is_served_its_own(
    committed: Committed, tmp_path: Path
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
    committed: Committed,
) -> None:
    address = os.environ["DATABASE_URL"]
    stricter = "options=-c%20default_transaction_isolation%3Dserializable"
    address += f"{'&' if '?' in address else '?'}{stricter}"
    with psycopg.connect(address) as plain:
        assert plain.execute("SHOW transaction_isolation").fetchone() == ("serializable",)

    done = manage("doctor", "--org", committed().org, DATABASE_URL=address)

    assert "read committed" in done.stdout
    assert done.returncode == 0, done.stdout
