"""Database: what all orgs share outside their schemas (extensions, `public`), and what is wrong
with it."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import connection

EXTENSION, SCHEMA = "btree_gist", "extensions"


def problems() -> Iterator[str]:
    """A line each, with what to do."""
    yield from problem_of_the_extension()
    yield from misplaced_tables()


def problem_of_the_extension() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = %s",
            [EXTENSION],
        )
        found = cursor.fetchone()
    if found is None:
        yield f"{EXTENSION} is missing: CREATE EXTENSION {EXTENSION} SCHEMA {SCHEMA}"
    elif found != (SCHEMA,):
        yield (
            f"{EXTENSION} is in the schema “{found[0]}”, where no clinic finds it:"
            f" ALTER EXTENSION {EXTENSION} SET SCHEMA {SCHEMA}"
        )


def misplaced_tables() -> Iterator[str]:
    """Clinic tables outside a clinic's schema, and any table in the schema of the extensions, which
    every clinic sees."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables"
            " WHERE schemaname = %s OR (schemaname = 'public' AND tablename = ANY(%s)) ORDER BY 1",
            [SCHEMA, clinics_tables()],
        )
        for (name,) in cursor.fetchall():
            yield f"table {name} is where no clinic's rows may be: move them, and drop it"


def clinics_tables() -> list[str]:
    """Tables of the apps that live in orgs' schemas only."""
    alone = set(settings.TENANT_APPS) - set(settings.SHARED_APPS)
    models = (model for name in alone for model in apps.get_app_config(name).get_models())
    return sorted(model._meta.db_table for model in models)
