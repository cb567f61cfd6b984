"""Introspection: the tables of the current schema, as django-tenants finds them."""

import pytest
from django.db import connection
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection
from django_tenants.utils import schema_context

from tenants.models import Organization
from tests.sql import execute


@pytest.mark.parametrize("schema", ["elm_street", "public", "extensions", "not_there"])
def test_it_finds_what_the_library_finds(elm: Organization, schema: str) -> None:
    """Whatever kind of table it is; none of another schema."""
    execute(
        "CREATE VIEW elm_street.seen AS SELECT 1 AS one",
        "CREATE MATERIALIZED VIEW elm_street.kept AS SELECT 1 AS one",
        "CREATE TABLE elm_street.parts (day date) PARTITION BY LIST (day)",
        "CREATE TABLE elm_street.part PARTITION OF elm_street.parts FOR VALUES IN ('2026-1-1')",
        "COMMENT ON TABLE elm_street.parts IS 'Said of it'",
    )
    with schema_context(schema), connection.cursor() as cursor:
        ours = connection.introspection.get_table_list(cursor)
        theirs = DatabaseSchemaIntrospection(connection).get_table_list(cursor)

    assert sorted(ours) == sorted(theirs)
    assert bool(ours) == (schema in ("elm_street", "public"))
