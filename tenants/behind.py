"""Behind: the schemas in which `migrate_schemas` has something to do, found by a few queries.

What a schema has is read from its own table of migrations each time, so that it is true of one that
was restored from a backup. Schemas that give the same digest have the same rows: one of them is
looked at for all. To look at each takes a third of a second, and `serve` waits for it.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

import structlog
from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import connection
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import schema_context

from tenants import together

log = structlog.get_logger(__name__)

TABLE = "django_migrations"
DIGEST = """
    SELECT md5(string_agg(concat(app, '.', name), ' ' ORDER BY app COLLATE "C", name COLLATE "C"))
    FROM {schema}.django_migrations
"""
MOST_NAMED = 5

# A row among an org's migrations under the name of this app, which is none, says which rights were
# made and given when it was last migrated. It is written after all else.
RIGHTS = "rights"
# What apps do after each migration, as a text that is another when they would do something else.
done_after_migrations: list[Callable[[], str]] = []


def of(schemas: Sequence[str]) -> list[str]:
    """Those of `schemas`, in their order, that `migrate_schemas` would change.

    So it would those that cannot be read; it says why. Migrations that were applied and that this
    code does not know are nothing to do; they are written to the log.
    """
    found = digests(schemas)
    alike: dict[str, list[str]] = {}
    for schema, digest in found.items():
        alike.setdefault(digest, []).append(schema)
    done = {digest for digest, same in alike.items() if is_migrated(same)}
    return [schema for schema in schemas if found.get(schema) not in done]


def digests(schemas: Sequence[str]) -> dict[str, str]:
    """Of those that can be read, and have any migration."""
    found = together.ask(having_table(schemas), DIGEST)
    return {schema: digest for schema, (digest,) in found.items() if digest}


def having_table(schemas: Sequence[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nspname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relname = %s AND nspname = ANY(%s) ORDER BY nspname",
            [TABLE, list(schemas)],
        )
        return [schema for (schema,) in cursor.fetchall()]


def is_migrated(same: Sequence[str]) -> bool:
    """Whether the schemas, which have the `same` migrations, have all that this code has."""
    with schema_context(same[0]):
        try:
            executor = MigrationExecutor(connection)
        except NodeNotFoundError:  # some that a squashed one replaces are applied, and gone here
            return False
        loader, recorded = executor.loader, set(executor.recorder.applied_migrations())
        plan = executor.migration_plan(loader.graph.leaf_nodes())
    unknown = {key for key in recorded - set(loader.disk_migrations) if key[0] != RIGHTS}
    if unknown:
        log.warning(
            "migrations are unknown to this code",
            migrations=[f"{app}.{name}" for app, name in sorted(unknown)][:MOST_NAMED],
            organizations=len(same),
            such_as=same[0],
        )
    # A squashed one may be as good as applied, and not be written down yet.
    wanted = {*loader.applied_migrations, (RIGHTS, rights())}
    return not plan and wanted <= recorded


def write_rights(schema: str) -> None:
    """To be called when `schema` is migrated, and what comes after migrations is done in it."""
    with schema_context(schema):
        recorder = MigrationRecorder(connection)
        rows = recorder.migration_qs.filter(app=RIGHTS)
        if set(rows.values_list("name", flat=True)) != {rights()}:
            rows.delete()
            recorder.record_applied(RIGHTS, rights())


def rights() -> str:
    """A digest of the rights that Django makes after migrations (create_permissions), and of what
    our apps do then."""
    metas = [model._meta for app in apps.get_app_configs() for model in app.get_models()]
    made = {
        f"{meta.label} {get_permission_codename(action, meta)}"
        for meta in metas
        for action in meta.default_permissions
    }
    made |= {f"{meta.label} {name}" for meta in metas for name, _ in meta.permissions}
    parts = [*sorted(made), *(done() for done in done_after_migrations)]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]
