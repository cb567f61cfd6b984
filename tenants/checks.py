"""System checks: the database has the version, the isolation and the pooler that we need."""

from collections.abc import Iterable

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections, transaction

from tenants.postgresql import poolers

OLDEST = 150000  # PostgreSQL 15: NULLS NOT DISTINCT


@register(Tags.database)
def database_can_keep_promises(
    *, databases: Iterable[str] | None = None, **_: object
) -> list[CheckMessage]:
    problems: list[CheckMessage] = []
    for alias in databases or []:
        if poolers.mixes_sessions(connections[alias]):
            problems.append(Error(poolers.MIXED, id="tenants.E003"))
            continue
        # The isolation inside a transaction: our connections set it at each BEGIN.
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
