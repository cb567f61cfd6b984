"""System checks on what the database must be for the promises of this system to hold."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, transaction

from tenants.postgresql import poolers

OLDEST = 150000  # PostgreSQL 15: NULLS NOT DISTINCT


@register(Tags.database)
def database_can_keep_promises(
    *, databases: Iterable[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for alias in databases or []:
        if poolers.mixes_sessions(connections[alias]):
            problems.append(Error(poolers.MIXED, id="tenants.E003"))
            continue
        # A transaction's, since that is what writes: our connections ask for it at each BEGIN.
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int,"
                " current_setting('transaction_isolation')"
            )
            version, isolation = cursor.fetchone()
        problems += problems_of(version, isolation)
    return problems


def problems_of(version: int, isolation: str) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    if version < OLDEST:
        problems.append(
            Error(f"PostgreSQL {version // 10000} is too old: 15 is needed.", id="tenants.E001")
        )
    if isolation != "read committed":
        problems.append(
            Error(
                f"The database's isolation is “{isolation}”; it has to be “read committed”.",
                hint="A lock taken after the snapshot does not protect a diary.",
                id="tenants.E002",
            )
        )
    return problems
