"""Connections of a worker: pooled, replaced after ten minutes, given up at the deadline."""

from collections import deque
from typing import TypedDict, TypeVar

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo
from psycopg.errors import _WaitTimeout
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from tenants import budgets
from tenants.postgresql import deadlines, outages

Value = TypeVar("Value")


class NoAnswerInTime(psycopg.OperationalError):
    """The server took a statement and was silent until the deadline; it may yet be carried out."""


class BoundedConnection(psycopg.Connection[TupleRow]):
    """Gives up on a silent server at the deadline.

    PostgreSQL's own `statement_timeout` needs a server that still runs; a frozen one, or a cut
    network, says nothing at all, and the caller on the phone hears just that.
    """

    def wait(self, gen: PQGen[Value], interval: float = 0.1, timeout: float | None = None) -> Value:
        left = deadlines.remaining()
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
        """The pool's other connections are probably broken as well, so all of them are replaced.

        The pool looks at two that are cut and then waits for as long as a request may (psycopg_pool
        3.3), so a caller would hear of an outage that is over.
        """
        mine = getattr(self, "_pool", None)
        if isinstance(mine, ConnectionPool):
            mine.drain()

    def doubt_the_server(self) -> None:
        """Reports the outage, so that other requests of this process do not wait as well."""
        mine = getattr(self, "_pool", None)
        if isinstance(mine, ConnectionPool):
            outages.doubt(mine)


def conninfo(django: BaseDatabaseWrapper) -> str:
    """The address of Django's database as `psycopg.connect` takes it; it holds the password.

    Raises psycopg.ProgrammingError for an option that PostgreSQL does not know.
    """
    ours = ("context", "cursor_factory", "prepare_threshold")
    parameters = django.get_connection_params()
    return make_conninfo(**{name: value for name, value in parameters.items() if name not in ours})


class Idle(deque[psycopg.Connection[TupleRow]]):
    """The idle connections of a pool: the one that was used last is given first.

    psycopg_pool gives the one that has been idle longest, so that all are used in turn; each then
    meets what it needs in no cache. Used last, a session of PostgreSQL took a tenth less CPU.
    """

    def popleft(self) -> psycopg.Connection[TupleRow]:
        return self.pop()


def give_last_used(pool: "ConnectionPool[psycopg.Connection[TupleRow]]") -> None:
    """psycopg_pool (3.3) has no option for it."""
    if not isinstance(pool._pool, Idle):
        with pool._lock:
            pool._pool = Idle(pool._pool)


class PoolOptions(TypedDict):
    connection_class: type[BoundedConnection]
    min_size: int
    max_size: int
    timeout: float
    max_lifetime: float
    reconnect_timeout: float


def pool(size: int) -> PoolOptions:
    """Options for psycopg's pool in a worker of `size` threads.

    A connection grows by about a third of a MiB for every org it serves, so it lives ten minutes.
    A connection is neither looked at on its way out nor cleared on its way back: its first
    statement does both (tenants.postgresql).
    """
    return {
        "connection_class": BoundedConnection,
        "min_size": 1,
        "max_size": size,
        "timeout": budgets.POOL,
        "max_lifetime": 600.0,
        "reconnect_timeout": budgets.POOL_RECONNECT,
    }
