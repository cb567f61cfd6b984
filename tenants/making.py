"""Making: an org's schema, by the migrations that stand in the code.

Most of the time Django takes for that goes into building all models anew for each operation. For an
empty schema they are always the same: a process keeps those of the first schema it makes. What an
operation does is done by itself, in every schema anew.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django_tenants.utils import quote_schema_name, schema_context

from tenants import behind

Migration = Any  # of django.db.migrations


class Step(NamedTuple):
    """An operation, and the models before and after it."""

    operation: Any
    before: ProjectState
    after: ProjectState


_kept: list[tuple[Migration, list[Step]]] = []


def make(schema: str) -> None:
    """The schema, with all that `migrate_schemas` gives one. There must be none of the name."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {quote_schema_name(schema)}")
    with schema_context(schema):
        executor = MigrationExecutor(connection)
        executor.recorder.ensure_schema()
        if _kept:
            for migration, steps in _kept:
                carry_out(executor, migration, iter(steps))
        else:
            _kept.extend(carried_out(executor))
        executor.check_replacements()
        emit_post_migrate_signal(0, False, connection.alias)
    behind.write_rights(schema)


def carried_out(executor: MigrationExecutor) -> list[tuple[Migration, list[Step]]]:
    """For the first time in this process: each step before the models change for the next one."""
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    _ = state.apps  # rendered, so that what changes is rendered again with it, and nothing else
    return [
        (migration, carry_out(executor, migration, steps_of(migration, state)))
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


def carry_out(executor: Any, migration: Migration, steps: Iterator[Step]) -> list[Step]:
    done = []
    with connection.schema_editor(atomic=migration.atomic) as editor:
        for step in steps:
            step.operation.database_forwards(migration.app_label, editor, step.before, step.after)
            step.before.is_delayed = False  # rendered: RunPython would have it rendered once more
            done.append(step)
    executor.record_migration(migration)
    return done
