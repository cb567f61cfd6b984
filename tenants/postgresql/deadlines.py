"""Deadlines: until when the present work may wait for the database."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def at(moment: float) -> Iterator[None]:
    """Inside, a database that does not answer is given up at `moment` (monotonic seconds).

    If deadlines are nested, the earlier one counts.
    """
    outer = _deadline.get()
    token = _deadline.set(moment if outer is None else min(moment, outer))
    try:
        yield
    finally:
        _deadline.reset(token)


def after(seconds: float) -> "AbstractContextManager[None]":
    """As `at`, so many `seconds` from now."""
    return at(time.monotonic() + seconds)


def remaining() -> float | None:
    """Seconds left until the deadline, below zero if it has passed; None without one."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.monotonic()
