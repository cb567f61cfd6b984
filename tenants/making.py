"""Making: an org's schema, by the migrations that stand in the code.

Most of the time Django takes for that goes into building all models anew for each operation. For an
empty schema they are always the same: a process keeps those of the first schema it makes. What an
operation does is done by itself, in every schema anew.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection, transaction
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_tenants.utils import quote_schema_name, schema_context

from tenants import behind
from tenants.postgresql import statements
from tenants.postgresql.statements import Bound

Migration = Any  # of django.db.migrations


class Step(NamedTuple):
    """An operation, and the models before and after it."""

    operation: Any
    before: ProjectState
    after: ProjectState


_kept: list[tuple[Migration, list[Step]]] = []


class Editor(DatabaseSchemaEditor):
    """Hundreds of statements whose answers nobody needs: they go with what is asked next. A text
    that may be several statements goes at once."""

    def execute(self, sql: object, params: Sequence[object] | None = ()) -> None:
        text = str(sql)
        if params is not None:
            text = self.connection.ops.compose_sql(text, params)
        if ";" in text:
            super().execute(text, None)
        else:
            statements.here().later(Bound(text.replace("%", "%%")))


@transaction.atomic
def make(schema: str) -> None:
    """The schema, with all that `migrate_schemas` gives one, or nothing. There must be none of the
    name."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quote_schema_name(schema)}")
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        executor.recorder.ensure_schema()
        if _kept:
            for migration, steps in _kept:
                carry_out(migration, iter(steps))
        else:
            _kept.extend(carried_out(executor))
        record(executor, [migration for migration, _ in _kept])
        executor.check_replacements()
        emit_post_migrate_signal(0, False, connection.alias)
    behind.write_rights(schema)


def carried_out(executor: MigrationExecutor) -> list[tuple[Migration, list[Step]]]:
    """For the first time in this process: each step before the models change for the next one."""
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    _ = state.apps  # rendered, so that what changes is rendered again with it, and nothing else
    return [
        (migration, carry_out(migration, steps_of(migration, state)))
        for migration in in_order(executor.loader)
    ]


def in_order(loader: MigrationLoader) -> list[Migration]:
    """All of them, as for an empty database."""
    graph = loader.graph
    nodes = (node for leaf in graph.leaf_nodes() for node in graph.forwards_plan(leaf))
    return [graph.nodes[node] for node in dict.fromkeys(nodes)]


def steps_of(migration: Migration, state: ProjectState) -> Iterator[Step]:
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        yield Step(operation, before, state.clone())


def carry_out(migration: Migration, steps: Iterator[Step]) -> list[Step]:
    done = []
    with Editor(connection, atomic=False) as editor:
        for step in steps:
            step.operation.database_forwards(migration.app_label, editor, step.before, step.after)
            step.before.is_delayed = False  # rendered: RunPython would have it rendered once more
            done.append(step)
    return done


def record(executor: Any, migrations: list[Migration]) -> None:
    """That they were applied, all at once. One that stands for others counts as those."""
    names = [
        name
        for migration in migrations
        for name in migration.replaces or [(migration.app_label, migration.name)]
    ]
    row = executor.recorder.Migration
    executor.recorder.migration_qs.bulk_create([row(app=app, name=name) for app, name in names])
