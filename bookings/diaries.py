"""Diaries: a practitioner's booked time, and the queue of its writers.

Every writer of a diary locks the practitioner's row (`Practitioner.objects.….hold()`) until the
transaction ends. Without this queue the exclusion constraint still refuses a double booking, but
callers then wait in deadlocks of ten seconds (measured; see docs/design.md).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants import budgets, organizations
from tenants.postgresql import deadlines


@contextmanager
def writing(*, patience: float | None = None, turn: int | None = None) -> Iterator[None]:
    """A transaction, or a savepoint of one, that waits 3 s for a lock and 5 s for a statement.

    `patience`, in seconds, replaces both limits: a statement may wait for several locks, one after
    the other. Both are shortened to what is left until the caller's deadline. `turn` is an
    advisory lock to wait for, and to hold until the transaction ends. Raises RuntimeError when the
    connection is not in the schema of the current org.
    """
    lock = patience or budgets.LOCK
    statement = min(patience or budgets.STATEMENT, budgets.STATEMENT)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(bounded(lock, statement, turn))
            if cursor.fetchone()[0] != organizations.current().schema_name:
                raise RuntimeError("the schema of the organization is missing")
        yield


def lock_named(*names: str) -> int:
    """The key of an advisory lock for `names` in the current org."""
    text = "\n".join([organizations.current().schema_name, *names])
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def bounded(lock_seconds: float, statement_seconds: float, turn: int | None) -> str:
    """Statements for one round trip. The first one returns the schema. The limits come before the
    lock `turn`, so that they apply to waiting for it.

    With the setting `propagate_set_commands` Citus sends `SET LOCAL` on to the node of the org. It
    never sends `set_config` (its variableset.c). A plain PostgreSQL ignores that setting.
    """
    return (
        "SELECT current_schema();"
        " SET LOCAL citus.propagate_set_commands = 'local';"
        f" SET LOCAL lock_timeout = '{milliseconds(lock_seconds)}';"
        f" SET LOCAL statement_timeout = '{milliseconds(statement_seconds)}'"
        + ("" if turn is None else f"; SELECT pg_advisory_xact_lock({turn:d})")
    )


def milliseconds(seconds: float) -> str:
    """`seconds` for PostgreSQL, but not more than is left until the deadline. At least 1 ms, since
    0 would mean no limit."""
    left = deadlines.remaining()
    if left is not None:
        seconds = min(seconds, left - budgets.RESERVE)
    return f"{max(1, round(seconds * 1000))}ms"
