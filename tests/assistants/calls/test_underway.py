"""Under way: what has not ended is told as such, by every process, and then the truth is."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from assistants import speech
from assistants.models import ToolCall
from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests.breaking import broken
from tests.conftest import Call, Committed, Door, Server, booking, tool_calls, wait_until
from tests.outages import Outage
from tests.served import SECONDS, next_wednesday, rows, say, slot

STILL_WORKING = (
    "I'm still working on what you asked before. Please give me a moment, then ask me again."
)


def asking(tool: str, call_id: str = "call-1", **said: Any) -> Any:
    return tool_calls({"id": "a", "tool": tool, "arguments": said}, call_id=call_id)


class Gate:
    """While it is shut, a COMMIT that wrote an appointment does not end."""

    def __init__(self, session: "psycopg.Connection[Any]", schema: str) -> None:
        self.session, self.schema = session, schema
        self.met: set[int] = set()

    def shut(self) -> None:
        for statement in (
            "CREATE TABLE {0}.gate AS SELECT true AS is_shut",
            "CREATE FUNCTION {0}.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " WHILE EXISTS (SELECT FROM {0}.gate) LOOP PERFORM pg_sleep(0.1); END LOOP;"
            " RETURN NULL; END $$",
            "CREATE CONSTRAINT TRIGGER wait AFTER INSERT OR UPDATE ON {0}.bookings_appointment"
            " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {0}.wait()",
        ):
            self.session.execute(statement.format(self.schema))

    def open(self) -> None:
        self.session.execute(f"DELETE FROM {self.schema}.gate")

    def let_through(self) -> None:
        """Open it, and wait until the COMMITs that came to it have ended."""
        self.open()
        wait_until(lambda: not self.at_work())

    def remove(self) -> None:
        self.let_through()
        self.session.execute(f"DROP FUNCTION {self.schema}.wait() CASCADE")
        self.session.execute(f"DROP TABLE {self.schema}.gate")

    def waiting(self) -> list[int]:
        """The processes that wait in their COMMIT, where the trigger is carried out."""
        found = self.session.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event = 'PgSleep'"
        )
        pids = [pid for (pid,) in found]
        self.met.update(pids)
        return pids

    def at_work(self) -> list[int]:
        """Those that waited, and have not ended. Between two pauses they wait for nothing."""
        found = self.session.execute(
            "SELECT pid FROM pg_stat_activity WHERE state = 'active' AND pid = ANY(%s)",
            [[*self.met]],
        )
        return [pid for (pid,) in found]


@contextmanager
def shut_gate(address: str, schema: str) -> Iterator[Gate]:
    with psycopg.connect(address, autocommit=True) as session:
        gate = Gate(session, schema)
        gate.shut()
        try:
            yield gate
        finally:
            gate.remove()


def heard(server: Server, made: Onboarded, callers: ThreadPoolExecutor, *bodies: Any) -> list[str]:
    """What each of these hears, asked at the same time and in time."""
    answers = list(callers.map(lambda body: say(server, made, body), bodies))
    assert all(seconds < SECONDS for _, seconds in answers)
    return [sentence for sentence, _ in answers]


def first_copy(
    server: Server, made: Onboarded, body: Any, gate: Gate, callers: ThreadPoolExecutor
) -> "Future[tuple[str, float]]":
    """A request that has come to its COMMIT, and waits there."""
    waiting = callers.submit(say, server, made, body)
    wait_until(lambda: bool(gate.waiting()))
    return waiting


def test_while_a_commit_takes_long_nothing_is_denied_and_then_it_is_told(
    committed: Committed, server: Server
) -> None:
    """Z05, I02, I07: a COMMIT longer than a caller can wait."""
    made = committed()
    body = booking(slot(made))
    with (
        shut_gate(os.environ["DATABASE_URL"], made.schema) as gate,
        ThreadPoolExecutor(8) as callers,
    ):
        first = first_copy(server, made, body, gate, callers)
        assert heard(server, made, callers, booking(slot(made, hour=10))) == [STILL_WORKING]
        assert heard(
            server,
            made,
            callers,
            asking("did_that_go_through"),
            asking("find_appointments"),
            body,
            asking("did_that_go_through", call_id="another"),
        ) == [
            speech.UNCERTAIN,
            STILL_WORKING,
            STILL_WORKING,
            # The control: another call is not in doubt.
            "I haven't booked or changed anything on this call yet. What would you like to do?",
        ]
        sentence, seconds = first.result(timeout=20)
        assert (sentence, seconds < SECONDS) == (speech.UNCERTAIN, True)
        assert rows(made) == 0
        assert heard(server, made, callers, asking("did_that_go_through")) == [speech.UNCERTAIN]

        gate.let_through()
        [told] = heard(server, made, callers, asking("did_that_go_through"))
        assert told.startswith("Yes, that went through. You're booked")
        [again] = heard(server, made, callers, body)
        assert told.endswith(again)
    assert rows(made) == 1


def test_once_it_cannot_be_done_any_more_that_is_told(committed: Committed, server: Server) -> None:
    """C19: the session is ended in its COMMIT."""
    made = committed()
    body = booking(slot(made))
    asked = asking("did_that_go_through")
    with (
        shut_gate(os.environ["DATABASE_URL"], made.schema) as gate,
        ThreadPoolExecutor(2) as callers,
    ):
        first = first_copy(server, made, body, gate, callers)
        assert heard(server, made, callers, asked) == [speech.UNCERTAIN]

        gate.session.execute("SELECT pg_terminate_backend(%s)", gate.waiting()[:1])

        assert first.result(timeout=20)[0] == speech.UNCERTAIN
        assert heard(server, made, callers, asked) == [
            "No, that did not go through: nothing has been changed. Shall I try again?"
        ]
        gate.open()
        assert heard(server, made, callers, body)[0].startswith("You're booked")
    assert rows(made) == 1


def test_a_backend_that_is_stopped_in_its_commit_is_under_way_until_it_goes_on(
    committed: Committed, server: Server
) -> None:
    """Z05: the others answer, so nothing but the lock tells of it."""
    made = committed()
    body = booking(slot(made))
    asked = asking("did_that_go_through")
    with (
        shut_gate(os.environ["DATABASE_URL"], made.schema) as gate,
        ThreadPoolExecutor(2) as callers,
    ):
        first = first_copy(server, made, body, gate, callers)
        [backend] = gate.waiting()
        os.kill(backend, signal.SIGSTOP)
        try:
            gate.open()
            assert heard(server, made, callers, asked, body) == [speech.UNCERTAIN, STILL_WORKING]
            assert first.result(timeout=20)[0] == speech.UNCERTAIN
            assert rows(made) == 0
        finally:
            os.kill(backend, signal.SIGCONT)
        wait_until(lambda: rows(made) == 1)
        wait_until(lambda: "Yes" in heard(server, made, callers, asked)[0])
    assert rows(made) == 1


def test_a_database_that_is_frozen_in_a_commit_is_denied_by_no_copy(outage: Outage) -> None:
    """Z05: nobody can look, so nobody says that nothing has been booked."""
    server, made = outage.server, outage.made
    body = booking(f"{next_wednesday()}T12:00", call_id="call-z")
    asked = asking("did_that_go_through", call_id="call-z")
    say(server, made, booking(f"{next_wednesday()}T09:30", call_id="w-z"))
    with shut_gate(outage.address, made.schema) as gate, ThreadPoolExecutor(8) as callers:
        first = first_copy(server, made, body, gate, callers)
        frozen = outage.freeze()
        try:
            free = asking("check_availability", call_id="call-z", service="cleaning")
            assert heard(server, made, callers, body, asked, free) == [
                speech.UNCERTAIN,
                speech.UNCERTAIN,
                speech.NOT_LOOKED_UP,
            ]
            assert first.result(timeout=20)[0] == speech.UNCERTAIN
        finally:
            outage.thaw(frozen)
        wait_until(lambda: server.request("GET", "/health", host="x", timeout=3)[0] == 200)
        assert heard(server, made, callers, asked) == [speech.UNCERTAIN]

        gate.let_through()
        assert heard(server, made, callers, asked)[0].startswith("Yes, that went through.")
        assert heard(server, made, callers, body)[0].startswith("You're booked")


# --- after a fault that came before the commit


CLEANING = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}


@pytest.mark.usefixtures("monday")
def test_what_the_same_request_has_done_before_is_not_denied_by_a_fault(
    call: Call,
) -> None:
    """A model that asks again under a new id, after an answer that was lost."""
    first = call("book_appointment", id="a", **CLEANING)
    ToolCall.objects.update(key=None)

    with broken("bookings_patient"):
        assert call("book_appointment", id="b", **CLEANING) == first
        assert call("book_appointment", id="c", **{**CLEANING, "start": "2026-12-03T15:30"}) == (
            speech.FAULT
        )


@pytest.mark.usefixtures("monday")
def test_what_only_reads_claims_nothing_of_bookings_after_a_fault(
    call: Call,
) -> None:
    with broken("bookings_appointment"):
        assert call("check_availability", service="cleaning") == speech.NOT_LOOKED_UP


@pytest.mark.usefixtures("monday")
def test_a_request_of_no_call_is_not_denied_by_a_fault(call: Call) -> None:
    with broken("bookings_patient"):
        assert call("book_appointment", call_id="", **CLEANING) == speech.UNCERTAIN


@pytest.mark.usefixtures("monday")
def test_where_the_org_is_not_served_nothing_is_denied(door: Door, elm: Organization) -> None:
    """A copy that came before may have been committing."""
    organizations.leave()
    organizations.set_status(elm, Organization.Status.SUSPENDED)
    elm.activate()
    requests = [
        {"id": str(number), "tool": tool, "arguments": CLEANING}
        for number, tool in enumerate(
            ("book_appointment", "did_that_go_through", "find_appointments", "no such tool")
        )
    ]

    answers = door.post(tool_calls(*requests)).json()["results"]

    assert [one["result"] for one in answers] == [
        speech.UNCERTAIN,
        speech.UNCERTAIN,
        speech.NOT_LOOKED_UP,
        speech.NOT_LOOKED_UP,
    ]
    assert not Appointment.objects.exists()
