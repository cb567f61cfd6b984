"""Configuration: the tables that decide what can be booked, and the lock of those who write them.

A booking reads them, and then writes. What is committed between the two, such as a closed day, the
booking would not know of. So whoever writes one of them commits behind an advisory lock of the
organization, and a booking shares that lock from before it reads until it has committed.

The write is seen where Django executes it: a queryset's `update`, a cascade and a table of a
many-to-many field are seen as well as `save`. A trigger would see `psql` too, but Citus refuses it.
"""

import re
from functools import cache

from django.db import connection
from django.db.models import Model

LOCK = "SELECT pg_advisory_xact_lock(hashtext('configuration'), hashtext(%s))"
SHARE = "SELECT pg_advisory_xact_lock_shared(hashtext('configuration'), hashtext(current_schema()))"
WRITES = r"\b(?:INSERT|UPDATE|DELETE|TRUNCATE|MERGE|COPY)\b"

tables: set[str] = set()


def register(*models: type[Model]) -> None:
    """Add the tables of `models`, and of their many-to-many fields."""
    for model in models:
        tables.add(model._meta.db_table)
        tables.update(field.m2m_db_table() for field in model._meta.local_many_to_many)
    pattern.cache_clear()


@cache
def pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, tables)))
    return re.compile(rf"{WRITES}.*\b(?:{names})\b", re.IGNORECASE | re.DOTALL)


def is_written_by(sql: str) -> bool:
    """Whether the statements may write to one of the tables. Where it cannot be told, yes."""
    is_one_select = sql.startswith("SELECT") and ";" not in sql
    return not is_one_select and bool(tables) and pattern().search(sql) is not None


def share() -> None:
    """Wait for who is committing configuration, and let nobody else until the transaction ends.

    To be called when all rows are locked that the transaction needs: whoever waits to commit holds
    rows. What was read before it has to be read again.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHARE)
