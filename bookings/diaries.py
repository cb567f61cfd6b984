"""Diaries: a practitioner's booked time, and the queue of those who want to write in it.

Whoever changes a diary holds the practitioner's row (`Practitioner.objects.….hold()`) until their
transaction ends. Measured in the design: without this queue the exclusion constraint still refuses
doubles, but by deadlocks of ten seconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from tenants import organizations

LOCK_TIMEOUT = "3s"
STATEMENT_TIMEOUT = "5s"


@contextmanager
def writing() -> Iterator[None]:
    """A transaction, or a savepoint of one, that waits 3 s for a lock and 5 s for a statement.

    Raises RuntimeError when the schema of the current org is not the one written to.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_schema(), set_config('lock_timeout', %s, true),"
                " set_config('statement_timeout', %s, true)",
                [LOCK_TIMEOUT, STATEMENT_TIMEOUT],
            )
            if cursor.fetchone()[0] != organizations.current().schema_name:
                raise RuntimeError("the schema of the organization is missing")
        yield
