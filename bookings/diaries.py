"""Diaries: a practitioner's booked time, and the queue of those who want to write in it.

Whoever changes a diary holds the practitioner's row (`Practitioner.objects.….hold()`) until their
transaction ends. Measured in the design: without this queue the exclusion constraint still refuses
doubles, but by deadlocks of ten seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants import organizations
from tenants.postgresql.connections import remaining

LOCK_SECONDS = 3.0
STATEMENT_SECONDS = 5.0
# Left of a caller's time for the answer, when the rest of it was spent waiting.
RESERVE = 0.3

BEGIN = (
    "SELECT current_schema(), set_config('lock_timeout', %(lock)s, true),"
    " set_config('statement_timeout', %(statement)s, true)"
)
# One statement: the limit is set by the time the lock is waited for.
BEGIN_IN_TURN = f"{BEGIN}, pg_advisory_xact_lock(%(turn)s)"


@contextmanager
def writing(*, lock_seconds: float | None = None, turn: int | None = None) -> Iterator[None]:
    """A transaction, or a savepoint of one, that waits so long for a lock and 5 s for a statement.

    For a lock 3 s unless said otherwise; for both less where a caller's time runs out before.
    `turn` is an advisory lock to wait for and to hold until the transaction has ended.
    Raises RuntimeError when the schema of the current org is not the one written to.
    """
    values = {
        "lock": milliseconds(lock_seconds or LOCK_SECONDS),
        "statement": milliseconds(STATEMENT_SECONDS),
        "turn": turn,
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(BEGIN if turn is None else BEGIN_IN_TURN, values)
            if cursor.fetchone()[0] != organizations.current().schema_name:
                raise RuntimeError("the schema of the organization is missing")
        yield


def milliseconds(seconds: float) -> str:
    """At most what is left until the deadline; at least one, since none would mean for ever."""
    left = remaining()
    if left is not None:
        seconds = min(seconds, left - RESERVE)
    return f"{max(1, round(seconds * 1000))}ms"
