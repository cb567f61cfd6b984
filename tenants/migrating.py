"""Migrating all organizations' schemas: if one fails, the others are still migrated."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

import structlog
from django.core.management.base import CommandError
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor as Migrations
from django_tenants.migration_executors import get_executor
from django_tenants.migration_executors.base import MigrationExecutor, run_migrations
from django_tenants.utils import get_public_schema_name, schema_context, schema_exists

from tenants import behind
from tenants.sqlstates import sqlstate

log = structlog.get_logger(__name__)

# Options of `migrate_schemas` by which something else is asked for than all that is left to do.
ASKING_ELSE = ("app_label", "migration_name", "plan", "prune", "run_syncdb", "check_unapplied")


class Unmigrated(CommandError):
    """The others are migrated. `schemas` holds those that are not, each with the reason."""

    def __init__(self, schemas: dict[str, str]) -> None:
        self.schemas = schemas
        named = "; ".join(f"{schema} ({why})" for schema, why in schemas.items())
        super().__init__(f"Not migrated, and not served: {named}. All others are. See doctor.")


def executor_for(codename: str | None = None) -> type[MigrationExecutor]:
    """The executor named on the command line, if it is django-tenants' own; else ours."""
    return get_executor(codename) if codename not in (None, "standard") else EachByItself


class EachByItself(MigrationExecutor):
    """Migrates `public` first, since the others need it; then each schema that is behind, even if
    one before it failed."""

    codename = "each_by_itself"

    def run_migrations(self, tenants: Iterable[str] | None = None) -> None:
        """Raises Unmigrated at the end; within a transaction what fails is raised at once."""
        schemas = list(tenants or [])
        if (public := get_public_schema_name()) in schemas:
            schemas.remove(public)
            self.migrate(public)
        # One that is named is looked at whole, so that whatever it lacks is mended.
        if self.is_asked_for_all and not self.options.get("schema_name"):
            schemas = behind.of(schemas)
        failed = {}
        for number, schema in enumerate(schemas):
            try:
                self.migrate(schema, idx=number, count=len(schemas))
            except Exception as error:
                if connection.in_atomic_block:
                    raise
                failed[schema] = given_up(schema, error)
        if failed:
            raise Unmigrated(failed)

    @property
    def is_asked_for_all(self) -> bool:
        return not any(self.options.get(name) for name in ASKING_ELSE)

    def migrate(self, schema: str, **progress: int) -> None:
        if not schema_exists(schema):
            raise CommandError("its schema is missing")
        run_migrations(self.args, self.options, self.codename, schema, **progress)
        if self.is_asked_for_all and schema != get_public_schema_name():
            behind.write_rights(schema)

    def run_multi_type_migrations(self, tenants: Sequence[tuple[str, str]]) -> None:
        raise NotImplementedError("organizations are of one type")


def given_up(schema: str, error: Exception) -> str:
    """Why it failed, without the words of the error, which may quote a row.

    Raises OperationalError where the database itself is away.
    """
    connection.close()
    connection.ensure_connection()
    if isinstance(error, CommandError):
        log.error("migration failed", org=schema, reason=str(error))
        return str(error)
    kind, state, at = type(error).__name__, sqlstate(error), next_migration(schema)
    log.error("migration failed", org=schema, exception=kind, sqlstate=state, migration=at)
    return " ".join(filter(None, [kind, state, at and f"at {at}"]))


def next_migration(schema: str) -> str:
    """The migration that failed, or "" if that is unknown."""
    with suppress(Error, ValueError), schema_context(schema):
        migrations = Migrations(connection)
        plan = migrations.migration_plan(migrations.loader.graph.leaf_nodes())
        return str(plan[0][0]) if plan else ""
    return ""
