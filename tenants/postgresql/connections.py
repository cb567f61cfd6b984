"""Connections of a serving worker: pooled, replaced in time, not waited on past a deadline."""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout
from psycopg_pool import ConnectionPool

from tenants import budgets
from tenants.postgresql import outages

Value = TypeVar("Value")

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Inside, a database that does not answer is given up at `deadline` (monotonic seconds).

    Of one inside another, the earlier counts.
    """
    outer = _deadline.get()
    token = _deadline.set(deadline if outer is None else min(deadline, outer))
    try:
        yield
    finally:
        _deadline.reset(token)


def within(seconds: float) -> "AbstractContextManager[None]":
    """As `until`, `seconds` from now."""
    return until(time.monotonic() + seconds)


def remaining() -> float | None:
    """Seconds left until the deadline, below zero when it has passed; None without one."""
    deadline = _deadline.get()
    return None if deadline is None else deadline - time.monotonic()


class NoAnswerInTime(psycopg.OperationalError):
    """The server took a statement and was silent until the deadline; it may yet be carried out."""


class BoundedConnection(psycopg.Connection[Any]):
    """Gives up on a silent server at the deadline.

    PostgreSQL's own `statement_timeout` needs a server that still runs; a frozen one, or a cut
    network, says nothing at all, and the caller on the phone hears just that.
    """

    def wait(self, gen: PQGen[Value], interval: float = 0.1, timeout: float | None = None) -> Value:
        left = remaining()
        try:
            if left is None:
                return super().wait(gen, interval, timeout)
            return super().wait(gen, interval, max(0.0, left))
        except _WaitTimeout as error:
            if left is None:
                raise
            self.close()
            self.doubt_the_others()
            self.doubt_the_server()
            raise NoAnswerInTime("the database did not answer in time") from error
        except psycopg.OperationalError:
            if self.closed:
                self.doubt_the_others()
            raise

    def doubt_the_others(self) -> None:
        """What cut this connection has most likely cut all of the pool: they are made anew.

        The pool looks at two that are cut and then waits for as long as a request may (psycopg_pool
        3.3), so a caller would hear of an outage that is over.
        """
        mine = getattr(self, "_pool", None)
        if isinstance(mine, ConnectionPool):
            mine.drain()

    def doubt_the_server(self) -> None:
        """Before the other requests of this process wait for it in vain as well."""
        mine = getattr(self, "_pool", None)
        if isinstance(mine, ConnectionPool):
            outages.doubt(mine)


def plain_parameters(django: Any) -> dict[str, Any]:
    """What a connection of psycopg's needs, of Django's `connection` for a database."""
    ours = ("context", "cursor_factory", "prepare_threshold")
    parameters = django.get_connection_params()
    return {name: value for name, value in parameters.items() if name not in ours}


def forget_the_organization(connection: psycopg.Connection[Any]) -> None:
    """A connection goes back to the pool as nobody's."""
    connection.execute("RESET search_path")
    connection.commit()


def pool(size: int) -> dict[str, Any]:
    """Options for psycopg's pool in a worker of `size` threads.

    A connection grows by about a third of a MiB for every org it serves, so it lives ten minutes.
    """
    return {
        "connection_class": BoundedConnection,
        "reset": forget_the_organization,
        "min_size": 1,
        "max_size": size,
        "timeout": budgets.POOL,
        "max_lifetime": 600.0,
        "reconnect_timeout": budgets.POOL_RECONNECT,
    }
