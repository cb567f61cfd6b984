"""Under way: whether a request of this call is still being carried out, by whatever process.

A request that writes holds the lock of its call until its transaction has ended. PostgreSQL lets
go of it when the COMMIT can be seen by others, or when the session is gone. Whoever gets the lock
finds all that this call has done in the rows, and nothing more will follow.
https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
"""

from django.db import connection

from assistants.callers import Caller
from bookings import diaries


def lock_of(caller: Caller) -> int | None:
    """The lock of the call; of the number, where Vapi names no call. None without either."""
    name = caller.conversation or caller.number
    if not name:
        return None
    return diaries.lock_named(name)


def is_over(caller: Caller) -> bool:
    """Whether no other session is writing for this call. None begins before this transaction ends.

    Asked inside a transaction; nothing is waited for.
    """
    lock = lock_of(caller)
    if lock is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [lock])
        return bool(cursor.fetchone()[0])
