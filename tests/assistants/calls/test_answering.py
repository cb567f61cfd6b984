"""Calls: answered once, whatever is repeated; and truthfully, whatever breaks."""

import json
import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from assistants import speech
from assistants.models import ToolCall
from bookings.models import Appointment
from tenants.models import Organization
from tests.breaking import broken
from tests.conftest import (
    MONDAY,
    Committed,
    Door,
    Server,
    booking,
    gunicorn,
    tool_calls,
    wait_until,
    waiters,
)
from tests.outages import Outage
from tests.served import SECONDS, next_wednesday, rows, say, slot
from tests.sql import execute
from tests.visits import held_diary

# --- once


def test_a_request_is_claimed_in_one_statement(
    elm: Organization, django_assert_num_queries: Any
) -> None:
    """Its row is what the database holds. A copy finds that row, and asks for it."""
    said = {"conversation": "call-1", "tool": "find_appointments", "arguments": {"a": "é"}}
    with django_assert_num_queries(1):
        claimed = ToolCall.claim(key="k", received=MONDAY, **said)[0]
    with django_assert_num_queries(2):
        copy = ToolCall.claim(key="k", received=MONDAY, **said)[0]

    assert copy == claimed == ToolCall.objects.get()
    for name in (field.attname for field in ToolCall._meta.concrete_fields):
        assert getattr(copy, name) == getattr(claimed, name)


def test_requests_without_a_key_are_claimed_each_by_itself(elm: Organization) -> None:
    said = {"key": None, "conversation": "", "tool": "x", "received": MONDAY}

    assert ToolCall.claim(**said)[0] != ToolCall.claim(**said)[0]


def test_eight_identical_requests_at_once_are_one_appointment_in_one_sentence(
    committed: Committed, server: Server
) -> None:
    """I01, I02."""
    made = committed()
    body = booking(slot(made))
    with ThreadPoolExecutor(8) as callers:
        heard = {
            sentence for sentence, _ in callers.map(lambda _: say(server, made, body), range(8))
        }

    assert len(heard) == 1
    assert heard.pop().startswith("You're booked")
    assert rows(made) == 1


def test_eight_copies_of_what_the_call_itself_has_cancelled_are_one_appointment(
    committed: Committed, server: Server
) -> None:
    """Z04, I02: the first of them does it anew, and the others find that."""
    made = committed()
    body = booking(slot(made))
    first, _ = say(server, made, body)
    cancelling = {"id": "a", "tool": "cancel_appointment", "arguments": {}}
    assert say(server, made, tool_calls(cancelling))[0].startswith("I've cancelled it")
    with ThreadPoolExecutor(8) as callers:
        heard = {
            sentence for sentence, _ in callers.map(lambda _: say(server, made, body), range(8))
        }

    assert len(heard) == 1
    assert heard.pop() != first
    assert rows(made) == 1


def test_eight_new_ids_for_the_same_thing_are_one_appointment_in_one_sentence(
    committed: Committed, server: Server
) -> None:
    """I03: a model that asks again after an interruption, all at once."""
    made = committed()
    bodies = [booking(slot(made), call_id=f"call-{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as callers:
        heard = {sentence for sentence, _ in callers.map(lambda b: say(server, made, b), bodies)}

    assert len(heard) == 1
    assert rows(made) == 1


def test_equal_ids_of_two_orgs_are_two_appointments(committed: Committed, server: Server) -> None:
    """I14."""
    for made in (committed(), committed()):
        assert say(server, made, booking(slot(made)))[0].startswith("You're booked")
        assert rows(made) == 1


@pytest.mark.usefixtures("monday")
def test_a_refusal_is_not_remembered(door: Door) -> None:
    """I06: the same request may succeed when it is tried again."""
    door.post(booking("2026-12-03T14:30", id="first", name="Cat Ruiz"))
    body = booking("2026-12-03T14:30")
    assert "just taken" in door.post(body).content.decode()

    Appointment.objects.update(status="cancelled")

    assert "You're booked" in door.post(body).json()["results"][0]["result"]


@pytest.mark.usefixtures("monday")
def test_book_and_book_in_one_message_is_one_appointment(door: Door) -> None:
    """I09."""
    arguments = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
    calls = [{"id": i, "tool": "book_appointment", "arguments": arguments} for i in ("a", "b")]

    answers = door.post(tool_calls(*calls)).json()["results"]

    assert [one["toolCallId"] for one in answers] == ["a", "b"]
    assert answers[0]["result"] == answers[1]["result"]
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("monday")
def test_a_call_is_on_record_with_what_was_answered(door: Door) -> None:
    door.post(booking("2026-12-03T14:30"))

    record = ToolCall.objects.get()
    assert (record.tool, record.outcome, record.settled) == ("book_appointment", "Booked", True)
    assert record.arguments["patient_name"] == "Ben Ode"
    assert record.sentence.startswith("You're booked")


# --- whatever breaks


def test_a_database_that_is_away_is_an_apology_and_comes_back_by_itself(outage: Outage) -> None:
    server, made = outage.server, outage.made
    body = booking(f"{next_wednesday()}T14:30")
    assert say(server, made, booking(f"{next_wednesday()}T10:30", id="a", call_id="w"))[
        0
    ].startswith("You're booked")

    outage.stop()
    for _ in range(3):
        sentence, seconds = say(server, made, body)
        assert sentence == speech.UNCERTAIN
        assert seconds < SECONDS
    status, answer = server.request("GET", "/health", host="anything.example", timeout=2)
    assert (status, json.loads(answer)) == (503, {"status": "unavailable"})
    assert server.request("GET", "/admin/", host=made.domain)[0] == 500

    outage.start()
    wait_until(lambda: server.request("GET", "/health", host="x", timeout=3)[0] == 200)
    wait_until(lambda: say(server, made, body)[0].startswith("You're booked"), seconds=10)


def test_a_database_that_says_nothing_is_an_apology_in_time(outage: Outage) -> None:
    """A frozen server accepts and is silent: only our own clock can end the wait."""
    server, made = outage.server, outage.made
    body = booking(f"{next_wednesday()}T15:30", call_id="call-2")
    say(server, made, booking(f"{next_wednesday()}T11:30", call_id="w-2"))

    frozen = outage.freeze()
    try:
        with ThreadPoolExecutor(1) as caller:
            waiting = caller.submit(say, server, made, body)
            began = time.monotonic()
            status, _ = server.request("GET", "/health", host="x", timeout=4)
            assert (status, time.monotonic() - began < 2) == (503, True)
            sentence, seconds = waiting.result(timeout=20)
        assert sentence == speech.UNCERTAIN
        assert seconds < SECONDS
    finally:
        outage.thaw(frozen)

    wait_until(lambda: say(server, made, body)[0].startswith("You're booked"), seconds=10)


def test_a_diary_held_by_another_is_an_apology_in_time_and_nothing_is_booked(
    committed: Committed, server: Server
) -> None:
    made = committed()
    body = booking(slot(made))

    with held_diary(made.schema):
        sentence, seconds = say(server, made, body)

    assert "nothing has been booked" in sentence
    assert seconds < SECONDS
    assert rows(made) == 0
    assert say(server, made, body)[0].startswith("You're booked")


def test_several_calls_of_one_message_share_the_time_there_is(
    committed: Committed, server: Server
) -> None:
    made = committed()
    requests = [
        {
            "id": f"call_{number}",
            "tool": "book_appointment",
            "arguments": {
                "service": "cleaning",
                "start": slot(made, hour=9 + number),
                "patient_name": "Ben Ode",
            },
        }
        for number in range(6)
    ]
    with held_diary(made.schema):
        began = time.monotonic()
        status, answer = server.request(
            "POST", "/vapi/", host=made.domain, secret=made.secret, body=tool_calls(*requests)
        )
        seconds = time.monotonic() - began

    assert status == 200
    assert seconds < SECONDS
    for one in json.loads(answer)["results"]:
        assert "the diary is very busy" in one["result"]
        assert "nothing has been booked" in one["result"]
    assert rows(made) == 0


def test_a_chunked_body_is_read(committed: Committed, server: Server) -> None:
    """As tunnels and some proxies send it."""
    made = committed()
    body = json.dumps(booking(slot(made))).encode()
    http = HTTPConnection("127.0.0.1", server.port, timeout=20)
    headers = {"Host": made.domain, "Authorization": f"Bearer {made.secret}"}
    http.request("POST", "/vapi/", iter([body[:50], body[50:]]), headers, encode_chunked=True)
    answer = http.getresponse().read()
    http.close()

    assert b"You're booked" in answer


def test_a_body_past_all_measure_is_told_so_over_the_line(server: Server) -> None:
    """Whoever is still sending would find the line cut, and no answer."""
    body = b'{"message": {"type": "' + b"x" * 12_000_000 + b'"}}'

    status, answer = server.request("POST", "/vapi/", host="elm-street.localhost", body=body)

    assert (status, json.loads(answer)) == (400, {"error": "The body is too long."})


def test_what_gunicorn_cannot_read_is_not_logged(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as plain:
        plain.sendall(
            b"POST /vapi/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"Zebediah Quux +14155550123\r\n"
        )
        plain.recv(100)

    assert "Quux" not in server.log.read_text()


def test_a_copy_that_arrives_while_the_first_is_still_at_work_is_told_so(
    committed: Committed, server: Server
) -> None:
    """I02: the first waits at the diary, the second at the record of the first."""
    made = committed()
    body = booking(slot(made))
    with held_diary(made.schema), ThreadPoolExecutor(2) as callers:
        heard = [
            sentence for sentence, _ in callers.map(lambda _: say(server, made, body), range(2))
        ]

    assert any("very busy" in sentence for sentence in heard)
    assert rows(made) == 0


def test_a_bug_is_an_apology_and_a_log_line_without_anyones_words(
    committed: Committed, server: Server
) -> None:
    """The fault is below us: a table is gone. PostgreSQL's message would quote what was asked."""
    made = committed()
    execute(f"ALTER TABLE {made.schema}.bookings_closure RENAME TO bookings_closed")
    before = len(server.log.read_text())

    assert say(server, made, booking(slot(made)))[0] == speech.FAULT

    logged = server.log.read_text()[before:]
    [line] = [json.loads(text) for text in logged.splitlines() if "tool call failed" in text]
    assert (line["sqlstate"], line["exception"]) == ("42P01", "ProgrammingError")
    assert line["org"] == made.org
    assert any("slots.py" in frame for frame in line["frames"])
    assert "Ben Ode" not in logged


@pytest.mark.usefixtures("monday")
def test_one_fault_does_not_touch_the_other_calls_of_the_message(door: Door) -> None:
    booking_of = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
    asked = tool_calls(
        {"id": "a", "tool": "book_appointment", "arguments": booking_of},
        {"id": "b", "tool": "check_availability", "arguments": {"service": "cleaning"}},
    )

    with broken("bookings_patient"):
        answers = door.post(asked).json()["results"]

    assert answers[0]["result"] == speech.FAULT
    assert answers[1]["result"].startswith("For a cleaning")


def test_a_connection_lost_while_committing_is_not_called_booked_or_failed(
    committed: Committed, server: Server
) -> None:
    """C19: the server's session is ended in the middle of COMMIT, by a trigger that waits there."""
    made = committed()
    slow_commit(made.schema)
    with ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(say, server, made, booking(slot(made)))
        wait_until(lambda: end_sleeping_sessions() > 0)
        sentence, seconds = waiting.result(timeout=20)

    assert "can't tell yet whether" in sentence
    assert seconds < SECONDS
    assert rows(made) == 0


@pytest.mark.parametrize("code", ["22023", "23503"])
def test_a_commit_that_is_refused_is_called_failed(
    committed: Committed, server: Server, code: str
) -> None:
    """PostgreSQL has said that nothing is done: neither for a value nor for a constraint."""
    made = committed()
    refused_commit(made.schema, code)

    assert say(server, made, booking(slot(made)))[0] == speech.FAULT
    assert rows(made) == 0


def refused_commit(schema: str, code: str) -> None:
    execute(
        f"""
            CREATE FUNCTION {schema}.refuse() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{code}'; END $$
            """,
        f"""
            CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON {schema}.bookings_appointment
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.refuse()
            """,
    )


def slow_commit(schema: str) -> None:
    execute(
        f"""
            CREATE FUNCTION {schema}.wait() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$
            """,
        f"""
            CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON {schema}.bookings_appointment
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {schema}.wait()
            """,
    )


def end_sleeping_sessions() -> int:
    """Only sessions of this test's own database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
        return int(cursor.fetchone()[0])


def test_a_worker_killed_before_its_commit_leaves_nothing_and_the_retry_books(
    committed: Committed, server: Server
) -> None:
    """C19: no ghost holds the slot."""
    made = committed()
    body = booking(slot(made))
    with held_diary(made.schema) as other, ThreadPoolExecutor(1) as caller:
        waiting = caller.submit(say, server, made, body)
        wait_until(lambda: bool(waiters(other)))
        kill_workers(server)
        assert waiting.exception(timeout=20) is not None
    wait_until(lambda: server.is_healthy(), seconds=15)
    assert rows(made) == 0

    assert say(server, made, body)[0].startswith("You're booked")
    assert rows(made) == 1


def test_a_worker_killed_after_its_commit_has_booked_and_the_retry_hears_of_it(
    committed: Committed, tmp_path: Path
) -> None:
    """C19, I07: the caller heard nothing; it stands all the same, once."""
    made = committed()
    body, held = booking(slot(made)), tmp_path / "held"
    with gunicorn(tmp_path, application="tests.held", HELD=str(held)) as server:
        with ThreadPoolExecutor(1) as caller:
            waiting = caller.submit(say, server, made, body)
            wait_until(held.exists)
            assert rows(made) == 1
            kill_workers(server)
            assert waiting.exception(timeout=20) is not None
        wait_until(lambda: server.is_healthy(), seconds=15)

        asked = {"id": "a", "tool": "did_that_go_through", "arguments": {}}
        told = say(server, made, tool_calls(asked))[0]
        assert told.startswith("Yes, that went through. You're booked: a cleaning")
        assert told.endswith(say(server, made, body)[0])
    assert rows(made) == 1


def kill_workers(server: Server) -> None:
    import psutil

    for worker in psutil.Process(server.process.pid).children():
        worker.kill()


def test_the_address_in_the_environment_is_this_runs_own() -> None:
    assert urlsplit(os.environ["DATABASE_URL"]).path.startswith("/test_")
