"""A fault below us: a table that requests need is away."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def broken(table: str) -> Iterator[None]:
    """Configuration is remembered, so it is missed only if it is one that every request reads."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO broken")
        yield
        cursor.execute(f"ALTER TABLE broken RENAME TO {table}")
