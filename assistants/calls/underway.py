"""Under way: whether a request of this call is still being carried out, in any process.

A request that writes holds the lock of its call until its transaction has ended. PostgreSQL
releases it when others can see the COMMIT, or when the session is gone. Who gets the lock sees
everything that this call has done, and nothing more can follow while it is held.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS

Before it holds the lock a request waits for a connection and for its org to be looked up. In this
process it is counted from its arrival (`arrival`). In another process it waits that long only while
the database is slow for all: a request that had to wait as well cannot tell (`may_be_waiting`).
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

from assistants.conversation import Caller
from bookings import diaries
from tenants import budgets
from tenants.postgresql import deadlines

Name = tuple[str, str]  # a host, and the id of a call there

_arrived: Counter[Name] = Counter()
_counting = threading.Lock()
_host: ContextVar[str] = ContextVar("host", default="")
_own: ContextVar[int] = ContextVar("own", default=0)


@contextmanager
def arrival(host: str, conversation: str, *, writes: bool) -> Iterator[None]:
    """Counts a message with requests that write, from its arrival until its answer."""
    name, count = (host, conversation), int(writes and bool(conversation))
    tokens = _host.set(host), _own.set(count)
    with _counting:
        _arrived[name] += count
    try:
        yield
    finally:
        with _counting:
            _arrived[name] -= count
            if not _arrived[name]:
                del _arrived[name]
        _host.reset(tokens[0])
        _own.reset(tokens[1])


def has_waited(seconds: float = budgets.WAITED_UNTIL_KNOWN) -> bool:
    """Whether this request has taken so long already, by the server's own count."""
    left = deadlines.remaining()
    return left is not None and budgets.REQUEST - left > seconds


def may_be_waiting(caller: Caller) -> bool:
    """Whether another request of the call may have arrived that does not hold its lock yet."""
    with _counting:
        others = _arrived[_host.get(), caller.conversation] - _own.get()
    return others > 0 or caller.has_waited or has_waited(budgets.WAITED_UNTIL_ANSWERED)


def lock_of(caller: Caller) -> int | None:
    """The lock of the call; of the number, where Vapi names no call. None without either."""
    name = caller.conversation or caller.number
    if not name:
        return None
    return diaries.lock_named(name)


def is_over(caller: Caller) -> bool:
    """Whether no other session is writing for this call. None begins before this transaction ends.

    Call it inside a transaction. It does not wait.
    """
    lock = lock_of(caller)
    if lock is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [lock])
        return bool(cursor.fetchone()[0])
