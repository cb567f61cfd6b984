"""Under way: whether a request of this call is still being carried out, in any process.

A request that writes holds the lock of its call until its transaction has ended. PostgreSQL
releases it when others can see the COMMIT, or when the session is gone. Who gets the lock sees
everything that this call has done, and nothing more can follow while it is held.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS

Before it holds the lock a request waits for a thread, for a connection, and for its org to be
looked up. From its arrival on, all workers of this machine know of it (`pending`). On another
machine it waits that long only while the database is slow for all: a request that had to wait as
well cannot tell (`may_be_waiting`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from assistants.calls import pending
from assistants.conversation import Caller
from bookings import diaries
from tenants import budgets
from tenants.postgresql import deadlines, statements
from tenants.postgresql.statements import Bound, Value, together

_host: ContextVar[str] = ContextVar("host", default="")


@contextmanager
def arrival(host: str, conversation: str, *, writes: bool) -> Iterator[None]:
    """Inside, a message is answered. If it has requests that write, its call is under way."""
    token = _host.set(host)
    is_counted = writes and bool(conversation)
    call = pending.named(host, conversation) if is_counted else pending.CHANGES_NOTHING
    try:
        with pending.of_call(call):
            yield
    finally:
        _host.reset(token)


def has_waited(seconds: float = budgets.WAITED_UNTIL_KNOWN) -> bool:
    """Whether this request has taken so long already, by the server's own count."""
    left = deadlines.remaining()
    return left is not None and budgets.REQUEST - left > seconds


def may_be_waiting(caller: Caller) -> bool:
    """Whether a request that came before, perhaps of this call, may be waiting unknown to all.

    Before it says so it gives the other messages that this machine has received some time, since
    the truth is worth more to the caller than to be told to ask again.
    """
    has_waited_itself = caller.has_waited or has_waited(budgets.WAITED_UNTIL_ANSWERED)
    return has_waited_itself or not pending.settle(named(caller), within=budgets.SETTLE)


def named(caller: Caller) -> int:
    return pending.named(_host.get(), caller.conversation)


def lock_of(caller: Caller) -> int | None:
    """The lock of the call; of the number, where Vapi names no call. None without either."""
    name = caller.conversation or caller.number
    if not name:
        return None
    return diaries.lock_named(name)


def is_over(caller: Caller) -> bool:
    """Whether no other request that writes for this call is being carried out. None begins before
    this transaction ends, unless it arrives meanwhile.

    Call it inside a transaction. It does not wait.
    """
    if pending.is_another(named(caller)):
        return False
    return all(shares for [[shares]] in together(*asked_ahead(caller)))


def asked_ahead(caller: Caller) -> list[Bound[Value]]:
    """What `is_over` asks."""
    lock = lock_of(caller)
    return [] if lock is None else [statements.shared_turn(lock)]
