"""Configuration: the tables that decide what can be booked, their version, and the lock of those
who write them.

A booking reads them, and then writes. What is committed between the two, such as a closed day, the
booking would not know of. So whoever writes one of them commits behind an advisory lock of the
organization, and a booking shares that lock from before it reads until it has committed.

Each such commit also gives the configuration another version, so that what a process has read
before can be told from what is true now. A version is drawn at random: a number that is counted up
would come again after a rollback, or after a backup was restored.

The write is seen where Django executes it: a queryset's `update`, a cascade and a table of a
many-to-many field are seen as well as `save`. A trigger would see `psql` too, but Citus refuses it.
"""

import re
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper
from django.db.models import Model
from django_tenants.utils import get_public_schema_name, quote_schema_name

from tenants.postgresql.statements import Bound, Value, here

MISSING = "the schema of the organization is missing"
SHARE = "SELECT pg_advisory_xact_lock_shared(hashtext('configuration'), hashtext(current_schema()))"
# What follows each verb: a table, which may be named with its schema.
TARGETS = {
    verb: re.compile(rf'{verb}(?:\s+(?:into|from|only))*\s+(?:"?(\w+)"?\.)?"?(\w+)')
    for verb in ("insert", "update", "delete", "merge", "copy")
}


class Written(NamedTuple):
    """A configuration that was written: the schema, and the table there that has its version."""

    schema: str
    version: str


class Version(NamedTuple):
    """Of the organizations and their domains, and of what one organization has configured."""

    organizations: uuid.UUID
    own: uuid.UUID


# By the name of a table of the configuration, the table that has its version.
tables: dict[str, str] = {}
# By the parts of a Version, the table where it is read within an organization.
versions: dict[str, str] = {}


def register(*models: type[Model], version: type[Model], is_shared: bool = False) -> None:
    """Add the tables of `models`, and of their many-to-many fields. `version` has their version:
    one row with the key 1 and a UUID. What is shared by all organizations is in `public`."""
    schema = f"{get_public_schema_name()}." if is_shared else ""
    versions["organizations" if is_shared else "own"] = f"{schema}{version._meta.db_table}"
    for model in models:
        joined = [field.m2m_db_table() for field in model._meta.local_many_to_many]
        tables.update(dict.fromkeys([model._meta.db_table, *joined], version._meta.db_table))


def written_by(sql: str, schema: str) -> set[Written]:
    """The configurations that the statements may write to; a table named without a schema is in
    `schema`."""
    return {Written(named or schema, tables[table]) for named, table in targets_of(sql)}


@lru_cache(maxsize=200)  # most statements come again, with other values
def targets_of(sql: str) -> tuple[tuple[str, str], ...]:
    """The tables of the configuration that the statements may write to, each behind the schema that
    is named with it, or "".

    Each is looked for behind a verb: a booking locks practitioners and inserts a visit, perhaps in
    one string. TRUNCATE names several tables, and a comment may stand anywhere, so there a name is
    enough.
    """
    if sql.startswith("SELECT") and ";" not in sql:
        return ()
    text = sql.lower()
    if any(sign in text for sign in ("truncate", "/*", "--")):
        return tuple(("", table) for table in tables if table in text)
    targets = (
        found for verb, target in TARGETS.items() if verb in text for found in target.findall(text)
    )
    return tuple((named, table) for named, table in targets if table in tables)


def begin_version(cursor: CursorWrapper, written: Written) -> None:
    """Wait for the bookings that share the configuration, keep others waiting until the transaction
    ends, and give the configuration a version that it never had.

    The last statements before a COMMIT: a booking may hold the lock and wait for a row that this
    transaction has written. While an organization is made or migrated, it may have no such table.
    """
    table = f"{quote_schema_name(written.schema)}.{quote_schema_name(written.version)}"
    cursor.execute(
        "SELECT pg_advisory_xact_lock(hashtext('configuration'), hashtext(%s)),"
        " to_regclass(%s) IS NOT NULL",
        [written.schema, table],
    )
    if cursor.fetchone()[1]:
        another = (
            f"INSERT INTO {table} (id, version) VALUES (1, %s)"  # noqa: S608 - its name is quoted
            " ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version"
        )
        cursor.execute(another, [uuid.uuid4()])


def sharing() -> list[Bound[Value]]:
    """Wait for who is committing configuration, and let nobody else until the transaction ends; and
    the version as it is behind that lock: each statement of a round trip sees what was committed
    before it began.

    To be sent when all rows are locked that the transaction needs: whoever waits to commit holds
    rows. What was read before it has to be read again, or confirmed.
    """
    return [Bound(SHARE), reading()]


def version(schema: str) -> Version | None:
    """The version within the organization that was entered. Raises RuntimeError when the connection
    is not in its `schema`."""
    [row] = here().first(reading())
    if row[0] != schema:
        raise RuntimeError(MISSING)
    return of([row])


def reading() -> Bound[Value]:
    """The schema that the connection is in, and both versions."""
    tables = (versions[part] for part in Version._fields)
    parts = (f"(SELECT version FROM {table})" for table in tables)  # noqa: S608 - of a model
    return Bound(f"SELECT current_schema(), {', '.join(parts)}")


def of(read: Sequence[Sequence[Value]]) -> Version | None:
    """The version in what `reading` has given. None where there is none yet: then nothing may be
    remembered."""
    [[_, *found]] = read
    return None if None in found else Version(*found)
