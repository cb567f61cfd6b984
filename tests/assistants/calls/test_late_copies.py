"""Copies that are slow on the way undo nothing, and what has only arrived is under way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from datetime import datetime, timedelta
from typing import Any

import pytest

from assistants.calls import underway
from bookings.models import Appointment
from tests.conftest import MONDAY, Door, at, tool_calls

pytestmark = pytest.mark.usefixtures("monday")

Say = Callable[..., str]
Rows = Callable[[], list[Appointment]]
BOOK = {"service": "cleaning", "start": "2026-12-03T15:00", "patient_name": "Ben Ode"}


@pytest.fixture
def say(door: Door, monday: datetime) -> Say:
    """`say("book_appointment", id="x", sent=-3)`: sent three seconds before it comes in."""

    def ask(tool: str, *, id: str, sent: float | None = 0.0, **said: Any) -> str:
        body = tool_calls({"id": id, "tool": tool, "arguments": said}, call_id="call-1")
        if sent is not None:
            moment = MONDAY + timedelta(seconds=sent)
            body["message"]["timestamp"] = int(moment.timestamp() * 1000)
        [result] = door.post(body).json()["results"]
        return str(result["result"])

    return ask


def test_a_late_copy_of_a_booking_books_nothing_again(say: Say, booked: Rows) -> None:
    say("book_appointment", id="x", **BOOK)
    assert say("cancel_appointment", id="y", sent=1).startswith("I've cancelled it")

    heard = say("book_appointment", id="x", sent=-3, **BOOK)

    assert booked() == []
    assert heard.startswith("That visit was cancelled since"), heard


def test_the_same_sent_later_is_a_new_wish(say: Say, booked: Rows) -> None:
    """The control: Vapi's hooks share one id."""
    say("book_appointment", id="hook", **BOOK)
    say("cancel_appointment", id="y", sent=1)

    assert say("book_appointment", id="hook", sent=5, **BOOK).startswith("You're booked")
    assert len(booked()) == 1


def test_a_late_copy_of_a_cancellation_cancels_nothing(say: Say, booked: Rows) -> None:
    say("book_appointment", id="a", **BOOK)
    say("cancel_appointment", id="x", sent=1)
    say("book_appointment", id="b", sent=2, **BOOK)

    say("cancel_appointment", id="x", sent=-1)

    assert len(booked()) == 1


def test_a_late_copy_of_a_move_moves_nothing(say: Say, booked: Rows) -> None:
    say("book_appointment", id="a", **BOOK)
    say("reschedule_appointment", id="x", sent=1, start="2026-12-03T09:00")
    say("reschedule_appointment", id="c", sent=2, start="2026-12-03T15:00")

    say("reschedule_appointment", id="x", sent=-1, start="2026-12-03T09:00")

    assert [row.start for row in booked()] == [at("2026-12-03 15:00")]


@pytest.mark.parametrize("sent", [5.0, None])
def test_the_same_cancellation_may_mean_another_visit_by_now(
    sent: float | None, say: Say, booked: Rows
) -> None:
    """A constant id: it is asked, and neither said again nor carried out."""
    say("book_appointment", id="a", **BOOK)
    say("cancel_appointment", id="hook", sent=1)
    say("book_appointment", id="b", sent=2, **{**BOOK, "start": "2026-12-04T10:00"})

    heard = say("cancel_appointment", id="hook", sent=sent)

    assert "Friday, December 4" in heard
    assert heard.endswith("?")
    assert len(booked()) == 1


def test_a_copy_of_that_cancellation_is_said_again(say: Say, booked: Rows) -> None:
    say("book_appointment", id="a", **BOOK)
    first = say("cancel_appointment", id="hook", sent=-1)
    say("book_appointment", id="b", sent=2, **{**BOOK, "start": "2026-12-04T10:00"})

    assert say("cancel_appointment", id="hook", sent=-1) == first
    assert len(booked()) == 1


# --- under way from its arrival


@contextmanager
def another(host: str, call: str, *, writes: bool) -> Iterator[None]:
    """Another message, in a thread of its own."""
    thread, arrival = Context(), underway.arrival(host, call, writes=writes)
    thread.run(arrival.__enter__)
    try:
        yield
    finally:
        thread.run(arrival.__exit__, None, None, None)


def test_what_has_only_arrived_is_under_way(say: Say) -> None:
    with another("elm-street.localhost", "call-1", writes=True):
        heard = say("did_that_go_through", id="d")

    assert "can't tell yet" in heard
    assert say("did_that_go_through", id="e").startswith("I haven't booked or changed anything")


@pytest.mark.parametrize(
    ("host", "call", "writes"),
    [
        ("elm-street.localhost", "call-2", True),
        ("oak.example", "call-1", True),
        ("elm-street.localhost", "call-1", False),
    ],
)
def test_another_call_or_clinic_or_a_question_is_not(
    host: str, call: str, writes: bool, say: Say
) -> None:
    with another(host, call, writes=writes):
        heard = say("did_that_go_through", id="d")

    assert heard.startswith("I haven't booked or changed anything")
