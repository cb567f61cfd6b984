"""Structure: what the migrations make of an org's schema, and where a schema differs from that.

The expected structure is not written down. The current migrations build it in a transaction that is
rolled back. So it is true of a schema that grew step by step, of one that squashed migrations made,
and of one that came from a backup.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from tenants import budgets
from tenants.models import Organization
from tenants.sqlstates import LOCK_NOT_AVAILABLE, sqlstate

# One row for each table, column, constraint and index of a schema, and for each trigger or rule,
# which could change rows unseen. A definition is as PostgreSQL writes it, without the schema's own
# name. In `same` there are no casts and no brackets either: those it writes otherwise once a
# definition was restored.
STRUCTURE = """
    WITH schemas AS (
        SELECT oid, nspname, ' ' || quote_ident(nspname) || '.' AS own
        FROM pg_namespace WHERE nspname = ANY(%(schemas)s)
    ),
    tables AS (
        SELECT c.oid, c.relname AS tablename, s.nspname, s.own, c.relpersistence, c.relrowsecurity
        FROM pg_class c JOIN schemas s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')
    ),
    things AS (
        SELECT nspname, own, 'table' AS kind, tablename, '' AS name,
               CASE relpersistence WHEN 'u' THEN 'unlogged' ELSE 'logged' END
               || CASE WHEN relrowsecurity THEN ', with row security' ELSE '' END AS definition
        FROM tables
        UNION ALL
        SELECT nspname, own, 'column', tablename, a.attname,
               format_type(a.atttypid, a.atttypmod)
               || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
               || CASE a.attidentity WHEN '' THEN '' ELSE ' GENERATED AS IDENTITY' END
               || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
        FROM tables t
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        UNION ALL
        SELECT nspname, own, 'constraint', tablename, c.conname, pg_get_constraintdef(c.oid)
        FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
        WHERE c.contype <> 'n' OR NOT c.convalidated
        UNION ALL
        SELECT nspname, own, 'index', tablename, c.relname,
               pg_get_indexdef(i.indexrelid)
               || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' INVALID' END
        FROM tables t
        JOIN pg_index i ON i.indrelid = t.oid JOIN pg_class c ON c.oid = i.indexrelid
        UNION ALL
        SELECT DISTINCT nspname, own, 'trigger', tablename,
               CASE WHEN g.tgisinternal THEN 'of a foreign key' ELSE g.tgname END,
               CASE WHEN g.tgenabled = 'D' THEN 'disabled' ELSE pg_get_triggerdef(g.oid) END
        FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid
        WHERE NOT g.tgisinternal OR g.tgenabled = 'D'
        UNION ALL
        SELECT nspname, own, 'rule', tablename, r.rulename, pg_get_ruledef(r.oid)
        FROM tables t JOIN pg_rewrite r ON r.ev_class = t.oid
    ),
    nameless AS (
        SELECT nspname, kind, tablename, name, replace(definition, own, ' ') AS definition
        FROM things
    ),
    structure AS (
        SELECT *, translate(
            replace(replace(definition, '::character varying', ''), '::text', ''), '()[]', ''
        ) AS same
        FROM nameless
    )
"""
DIGESTS = rf"""{STRUCTURE}
    SELECT nspname, md5(string_agg(
        concat_ws('|', kind, tablename, name, same), E'\n'
        ORDER BY kind COLLATE "C", tablename COLLATE "C", name COLLATE "C"
    ))
    FROM structure GROUP BY nspname
"""  # noqa: S608 - of constants alone
PARTS = f"""{STRUCTURE}
    SELECT nspname, kind, tablename, name, definition, same FROM structure
"""  # noqa: S608 - of constants alone


class Key(NamedTuple):
    kind: str
    table: str
    name: str


class Part(NamedTuple):
    """`definition` is as PostgreSQL says it, `same` what is compared."""

    definition: str
    same: str


Parts = Mapping[Key, Part]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a schema should be."""

    parts: Parts
    digest: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as migrations make it.

    `is_harmless`: it affects no result. `is_final`: nothing else of the schema can be checked.
    """

    sentence: str
    is_harmless: bool = False
    is_final: bool = False


MISSING = Difference("its schema is missing or empty: restore it from a backup", is_final=True)
LOCKED = Difference(
    "it cannot be read, somebody holds one of its tables: look at pg_locks, and try again",
    is_final=True,
)


def reference() -> Reference:
    """Builds a schema from the migrations, reads its structure, and rolls back. Takes about a
    second."""
    name = f"reference_{secrets.token_hex(6)}"
    with transaction.atomic():
        try:
            Organization(schema_name=name).create_schema(verbosity=0)
            return Reference(parts([name])[name], digests([name])[name])
        finally:
            transaction.set_rollback(True)


def differences(schemas: Sequence[str], wanted: Reference) -> dict[str, list[Difference]]:
    """The differences of each schema that has some.

    Two queries: digests of all, then details of those that differ. If a locked table blocks a
    query, the schemas are halved until the locked one is alone.
    """
    try:
        with waiting_briefly():
            found = digests(schemas)
            differing = [schema for schema in schemas if found.get(schema) != wanted.digest]
            stands = parts(differing)
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        if len(schemas) == 1:
            return {schemas[0]: [LOCKED]}
        half = len(schemas) // 2
        return differences(schemas[:half], wanted) | differences(schemas[half:], wanted)
    return {
        schema: list(compared(schema, stands.get(schema, {}), wanted.parts)) for schema in differing
    }


@contextmanager
def waiting_briefly() -> Iterator[None]:
    """PostgreSQL opens a table to write down its constraints."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{budgets.LOCK_OF_DOCTOR}s'")
        yield


def digests(schemas: Sequence[str]) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(DIGESTS, {"schemas": list(schemas)})
        return dict(cursor.fetchall())


def parts(schemas: Sequence[str]) -> dict[str, dict[Key, Part]]:
    found: dict[str, dict[Key, Part]] = {}
    if not schemas:
        return found
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"schemas": list(schemas)})
        for schema, kind, table, name, definition, same in cursor.fetchall():
            found.setdefault(schema, {})[Key(kind, table, name)] = Part(definition, same)
    return found


def compared(schema: str, stands: Parts, wanted: Parts) -> Iterator[Difference]:
    if not stands:
        yield MISSING
        return
    differing = {key for key in {**wanted, **stands} if not is_same(key, stands, wanted)}
    for key in sorted(differing):
        if goes_with_another(key, differing, stands, wanted):
            continue
        if key not in stands:
            yield missing(schema, key, wanted[key])
        elif key not in wanted:
            yield unknown(key, stands[key])
        else:
            yield changed(schema, key, stands[key], wanted[key])


def is_same(key: Key, stands: Parts, wanted: Parts) -> bool:
    if key not in stands or key not in wanted:
        return False
    return stands[key].same == wanted[key].same


def goes_with_another(key: Key, differing: set[Key], stands: Parts, wanted: Parts) -> bool:
    """Differences that follow from another one are left out: columns of a missing table, the index
    of a constraint."""
    table = Key("table", key.table, "")
    of_table = key != table and (table not in stands or table not in wanted)
    return of_table or (key.kind == "index" and key._replace(kind="constraint") in differing)


def missing(schema: str, key: Key, wanted: Part) -> Difference:
    return Difference(f"{called(key)} is missing: {remedy(schema, key, wanted.definition)}")


def unknown(key: Key, stands: Part) -> Difference:
    return Difference(
        f"{called(key)} is made by no migration ({stands.definition}): drop it, unless you know"
        " what it is for",
        is_harmless=is_harmless(key, stands.definition),
    )


def changed(schema: str, key: Key, stands: Part, wanted: Part) -> Difference:
    table = f"ALTER TABLE {schema}.{key.table}"
    if stands.same == f"{wanted.same} NOT VALID":
        return Difference(f"{called(key)} is not validated: {table} VALIDATE CONSTRAINT {key.name}")
    if stands.same == f"{wanted.same} INVALID":
        return Difference(f"{called(key)} is invalid: REINDEX INDEX {schema}.{key.name}")
    return Difference(
        f"{called(key)} is “{stands.definition}” and should be “{wanted.definition}”: {table}"
    )


def called(key: Key) -> str:
    if key.kind == "table":
        return f"table {key.table}"
    if key.kind == "column":
        return f"column {key.table}.{key.name}"
    return f"{key.kind} {key.name} of {key.table}"


def remedy(schema: str, key: Key, definition: str) -> str:
    """The SQL that restores a missing part, if a statement can do it."""
    path = f"SET search_path = {schema}, extensions"
    if key.kind == "constraint":
        return f"{path}; ALTER TABLE {key.table} ADD CONSTRAINT {key.name} {definition}"
    if key.kind == "index":
        return f"{path}; {definition}"
    return "restore it from a backup"


def is_harmless(key: Key, definition: str) -> bool:
    """Whether an additional part affects neither what is written nor what is read."""
    if key.kind == "column":
        return "NOT NULL" not in definition or "DEFAULT" in definition
    return key.kind == "table" or (key.kind == "index" and "UNIQUE" not in definition)
