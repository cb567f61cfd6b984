"""Diaries: a practitioner's booked time, and the queue of those who want to write in it.

Whoever changes a diary holds the practitioner's row (`Practitioner.objects.….hold()`) until their
transaction ends. Measured in the design: without this queue the exclusion constraint still refuses
doubles, but by deadlocks of ten seconds.
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

    With `patience`, in seconds, it waits so long for either: a statement may wait for several
    locks, one after the other. For both less where a caller's time runs out before.
    `turn` is an advisory lock to wait for and to hold until the transaction has ended.
    Raises RuntimeError when the schema of the current org is not the one written to.
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
    """The key of an advisory lock of the current org's, for what has these names."""
    text = "\n".join([organizations.current().schema_name, *names])
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def bounded(lock_seconds: float, statement_seconds: float, turn: int | None) -> str:
    """Statements for one round trip, in this order; the first one's answer is the schema. The
    limit is set by the time the lock `turn` is waited for.

    Citus hands `SET LOCAL` on to the node where the org lives, once it is told to, and never
    `set_config` (its variableset.c). To a plain PostgreSQL the setting with a dot means nothing.
    """
    return (
        "SELECT current_schema();"
        " SET LOCAL citus.propagate_set_commands = 'local';"
        f" SET LOCAL lock_timeout = '{milliseconds(lock_seconds)}';"
        f" SET LOCAL statement_timeout = '{milliseconds(statement_seconds)}'"
        + ("" if turn is None else f"; SELECT pg_advisory_xact_lock({turn:d})")
    )


def milliseconds(seconds: float) -> str:
    """At most what is left until the deadline; at least one, since none would mean for ever."""
    left = deadlines.remaining()
    if left is not None:
        seconds = min(seconds, left - budgets.RESERVE)
    return f"{max(1, round(seconds * 1000))}ms"
