"""Together: one question to many schemas in one query."""

from collections.abc import Sequence
from typing import Any

from django.db import ProgrammingError, connection, transaction
from django_tenants.utils import quote_schema_name

TOGETHER = 50  # schemas in one query: 250 take PostgreSQL half as long again, with as many locks


def ask(
    schemas: Sequence[str], query: str, parameters: Sequence[Any] = ()
) -> dict[str, tuple[Any, ...]]:
    """The row that `query` gives in each of `schemas`; those that cannot be read are missing.

    `query` is a SELECT of one row. It names its tables as `{schema}.table`, and holds no text from
    outside: what is asked for stands in `parameters`.
    """
    found: dict[str, tuple[Any, ...]] = {}
    for first in range(0, len(schemas), TOGETHER):
        found |= read(schemas[first : first + TOGETHER], query, parameters)
    return found


def read(
    schemas: Sequence[str], query: str, parameters: Sequence[Any]
) -> dict[str, tuple[Any, ...]]:
    """In one query; where one of them cannot be read, in halves, until it stands alone."""
    each = (query.format(schema=quote_schema_name(schema)) for schema in schemas)
    union = " UNION ALL ".join(
        f"(SELECT {number}, one.* FROM ({one}) one)"  # noqa: S608 - of no text from outside
        for number, one in enumerate(each)
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(union, [*parameters] * len(schemas) or None)
            rows = cursor.fetchall()
    except ProgrammingError:  # it was dropped since, or is not as it should be
        if len(schemas) == 1:
            return {}
        half = len(schemas) // 2
        return read(schemas[:half], query, parameters) | read(schemas[half:], query, parameters)
    return {schemas[number]: tuple(row) for number, *row in rows}
