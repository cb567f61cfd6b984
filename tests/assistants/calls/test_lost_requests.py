"""Lost requests: one that left no trace here is known from Vapi's account of the call."""

import json
from typing import Any

import pytest

from assistants.models import ToolCall
from bookings import appointments
from bookings.models import Appointment
from tests.conftest import MONDAY, Door, tool_calls

pytestmark = pytest.mark.usefixtures("monday")

BOOK = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
LATER = {**BOOK, "start": "2026-12-03T15:30"}
LOST = "I have no record of your last request, so it has not been done."
AGAIN = "Shall I try the last one again?"


class Line:
    """A call, with Vapi's account of it: what the model asked for, whether it came here or not."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.account: list[dict[str, Any]] = [{"role": "system", "message": "You are Sarah."}]
        self.where = "artifact"
        # Static parameters that Vapi adds to what the model wrote.
        self.merged: dict[str, str] = {}

    def writes_down(self, id: str, tool: str, said: dict[str, Any]) -> None:
        called = {"id": id, "function": {"name": tool, "arguments": json.dumps(said)}}
        self.account.append({"role": "tool_calls", "message": "", "toolCalls": [called]})

    def asks(self, id: str, tool: str, **said: Any) -> str:
        self.writes_down(id, tool, said)
        body = tool_calls({"id": id, "tool": tool, "arguments": {**said, **self.merged}})
        account = {"messages": self.account}
        body["message"] |= {"artifact": account} if self.where == "artifact" else account
        [answer] = self.door.post(body).json()["results"]
        self.account.append({"role": "tool_call_result", "toolCallId": id, "result": ""})
        return str(answer["result"])

    def loses(self, id: str, tool: str, **said: Any) -> None:
        self.writes_down(id, tool, said)

    def asks_whether(self) -> str:
        return self.asks(f"whether-{len(self.account)}", "did_that_go_through")


@pytest.fixture
def line(door: Door) -> Line:
    return Line(door)


@pytest.mark.parametrize("where", ["artifact", "message"])
def test_a_request_that_was_lost_is_not_taken_for_the_one_before(where: str, line: Line) -> None:
    line.where = where
    booked = line.asks("a", "book_appointment", **BOOK)
    line.loses("b", "cancel_appointment")

    assert line.asks_whether() == f"{LOST} Before that this went through: {booked} {AGAIN}"
    assert Appointment.objects.get().status == "booked"


@pytest.mark.parametrize("merged", [{}, {"call_id": "call-1"}])
def test_the_same_once_more_that_was_lost_is_not_taken_for_the_first(
    merged: dict[str, str], line: Line
) -> None:
    """Booked, cancelled, booked again: the last one never came."""
    line.merged = merged
    line.asks("a", "book_appointment", **BOOK)
    line.asks("b", "cancel_appointment")
    line.loses("c", "book_appointment", **BOOK)

    heard = line.asks_whether()

    assert heard.startswith(f"{LOST} Before that this went through: I've cancelled it: a cleaning")
    assert heard.endswith(f"Moss. {AGAIN}")
    assert len(heard) <= 350


def test_a_repetition_that_was_lost_is_of_what_was_done(line: Line) -> None:
    """Models ask twice; the visit is booked, whichever of the two came here."""
    line.asks("a", "book_appointment", **BOOK)
    line.loses("b", "book_appointment", **BOOK)

    assert line.asks_whether().startswith("Yes, that went through.")


def test_the_first_request_of_a_call_that_was_lost(line: Line) -> None:
    line.loses("a", "book_appointment", **BOOK)

    assert line.asks_whether() == f"{LOST} {AGAIN}"
    assert line.asks("b", "book_appointment", **BOOK).startswith("You're booked")
    assert line.asks_whether().startswith("Yes, that went through.")


def test_what_stood_before_and_stands_no_longer_is_not_told(line: Line) -> None:
    line.asks("a", "book_appointment", **BOOK)
    appointments.cancel(Appointment.objects.get(), now=MONDAY, by="desk")
    line.loses("b", "book_appointment", **LATER)

    assert line.asks_whether() == f"{LOST} {AGAIN}"


def test_what_came_here_is_told_as_before(line: Line) -> None:
    """Looked up, booked, refused: the account adds nothing to it."""
    line.asks("a", "check_availability", service="cleaning")
    assert line.asks_whether().startswith("I haven't booked")
    line.asks("b", "book_appointment", **BOOK)
    assert line.asks_whether().startswith("Yes, that went through.")
    line.asks("c", "book_appointment", **{**BOOK, "start": "2026-12-03T03:00"})
    assert line.asks_whether().startswith("No, that did not go through")
    line.loses("d", "check_availability", service="cleaning")
    assert line.asks_whether().startswith("No, that did not go through")


def test_arguments_that_vapi_adds_make_no_other_request(line: Line) -> None:
    line.merged = {"clinic": "elm"}
    line.asks("a", "book_appointment", **BOOK)

    assert line.asks_whether().startswith("Yes, that went through.")


def test_a_hooks_request_that_is_answered_from_the_record_is_not_lost(line: Line) -> None:
    """Hooks share one id: asked twice, it is one record."""
    line.asks("hook-function-call", "book_appointment", **BOOK)
    line.asks("b", "request_callback", name="Ben Ode")
    line.asks("hook-function-call", "book_appointment", **BOOK)

    assert "not been done" not in line.asks_whether()


def test_a_record_without_its_words_may_be_of_it(line: Line) -> None:
    line.asks("a", "book_appointment", **BOOK)
    ToolCall.objects.all().forget(now=MONDAY)

    assert line.asks_whether().startswith("I no longer have that on record.")


def test_what_is_asked_in_the_same_message_is_not_lost(
    line: Line,
) -> None:
    """The model asks whether it was done before it is."""
    line.writes_down("a", "book_appointment", BOOK)
    body = tool_calls(
        {"id": "w", "tool": "did_that_go_through", "arguments": {}},
        {"id": "a", "tool": "book_appointment", "arguments": BOOK},
    )
    body["message"]["artifact"] = {"messages": line.account}

    first, second = (one["result"] for one in line.door.post(body).json()["results"])

    assert first.startswith("I haven't booked")
    assert second.startswith("You're booked")


@pytest.mark.parametrize(
    "account",
    [
        None, "text", 7, {}, [None, 3, "x"], [{"role": "tool_calls"}],
        [{"role": "tool_calls", "toolCalls": {"id": "a"}}],
        [{"role": "tool_calls", "toolCalls": [None, {}, {"id": None}, {"function": "x"}]}],
        [{"role": "user", "toolCalls": [{"function": {"name": "book_appointment"}}]}],
    ],
)  # fmt: skip
def test_an_account_of_another_shape_tells_nothing(account: Any, door: Door) -> None:
    body = tool_calls({"id": "w", "tool": "did_that_go_through", "arguments": {}})
    body["message"]["artifact"] = {"messages": account}

    [answer] = door.post(body).json()["results"]

    assert answer["result"].startswith("I haven't booked")
