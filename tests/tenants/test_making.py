"""Making: a clinic's schema is what `migrate_schemas` makes, whichever it is of its process."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tenants import making, organizations
from tests.sql import execute
from tests.standing import structure

pytestmark = pytest.mark.django_db

# Rows that migrations, and what comes after them, put into a schema; but for its keys and times.
ROWS = (
    "SELECT app, name FROM {0}.django_migrations",
    "SELECT app_label, model FROM {0}.django_content_type",
    "SELECT model, p.name, codename FROM {0}.auth_permission p"
    " JOIN {0}.django_content_type c ON c.id = content_type_id",
)


def everything_in(schema: str) -> list[Any]:
    found: list[Any] = structure(schema)
    with connection.cursor() as cursor:
        for query in ROWS:
            cursor.execute(query.format(schema))
            found += sorted(cursor.fetchall())
    return found


@pytest.fixture
def migrated() -> list[Any]:
    """What a schema has that grew by Django's own command."""
    execute("CREATE SCHEMA migrated")
    options = {"schema_name": "migrated", "interactive": False, "verbosity": 0}
    call_command("migrate_schemas", tenant=True, **options)
    organizations.leave()
    return everything_in("migrated")


def test_the_first_and_the_later_ones_have_what_migrations_make(
    migrated: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_kept", [])

    for schema in ("made_first", "made_second", "made_third"):
        making.make(schema)
        assert everything_in(schema) == migrated
    assert len(migrated) > 600


def test_one_whose_making_failed_leaves_nothing_to_be_made_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "_kept", [])
    execute("CREATE SCHEMA there_already")

    with pytest.raises(Exception, match="already exists"), connection.cursor():
        making.make("there_already")

    assert making._kept == []
