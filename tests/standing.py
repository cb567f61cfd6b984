"""Clinics that one test leaves for the next, which empties and furnishes them again.

Making a clinic's tables takes most of the time of onboarding. Only a clinic whose tables are still
as they were made is used again.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import connection, transaction

from assistants.provisioning import onboarding
from assistants.provisioning.onboarding import Onboarded
from tenants import organizations
from tenants.models import Checkup, Domain, Organization, SignInCount
from tests.copies import KEPT

STRUCTURE = """
    SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
           a.attnotnull::text, a.attidentity::text || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind = 'r'
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', ''
    FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace
    UNION ALL
    SELECT 'index', tablename, indexname, indexdef, '', ''
    FROM pg_indexes WHERE schemaname = %(schema)s
    UNION ALL
    SELECT 'function', proname, prosrc, '', '', ''
    FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace
    ORDER BY 1, 2, 3, 4
"""


def structure(schema: str) -> list[tuple[str, ...]]:
    """Every column, constraint, index and function, but for the schema's own name."""
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE, {"schema": schema})
        return [tuple(text.replace(f"{schema}.", "") for text in row) for row in cursor.fetchall()]


def state(schema: str) -> Any:
    """What must be unchanged in a clinic that is used again."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {schema}.django_migrations ORDER BY 1, 2")
        applied = cursor.fetchall()
    domains = list(Domain.objects.filter(tenant__schema_name=schema).values_list("domain"))
    return structure(schema), applied, domains


class Standing:
    """The clinics of one test process that no test uses now."""

    def __init__(self) -> None:
        self.free: list[Onboarded] = []
        self.made_as: dict[str, Any] = {}

    def made(self, onboarded: Onboarded) -> None:
        self.made_as[onboarded.schema] = state(onboarded.schema)

    def take(self, described: Mapping[str, Any]) -> Onboarded | None:
        """A free clinic, furnished as described; None if none is free."""
        if not self.free:
            return None
        made = self.free.pop()
        organization = Organization.objects.get(slug=made.org)
        for name in ("name", "timezone", "phone_region"):
            setattr(organization, name, described[name])
        organization.status = Organization.Status.ACTIVE
        organization.save()
        with organizations.within(organization):
            password, secret = onboarding.furnish(
                organization,
                clinic=described["clinic"],
                assistant_name="",
                email=made.admin_email,
                invites=False,
            )
        return replace(made, secret=secret, admin_password=password)

    def give_back(self, made: Onboarded) -> None:
        """Empty it for the next test, or remove it if its tables have changed."""
        organizations.leave()
        organization = Organization.objects.filter(slug=made.org).first()
        if organization is None:
            return
        if self.made_as.get(made.schema) == state(made.schema):
            empty(made.schema)
            restart_sequences(made.schema)
            SignInCount.objects.filter(schema_name=made.schema).delete()
            Checkup.objects.filter(organization=organization).delete()
            # It is not among the clinics in service while no test uses it.
            organization.status = Organization.Status.SUSPENDED
            organization.save()
            self.free.append(made)
        else:
            organizations.remove(organization)


def empty(schema: str) -> None:
    """Empty the tables with DELETE: TRUNCATE makes new files for each table, which is slower for
    few rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('DELETE FROM %%I.%%I;', schemaname, tablename) FROM pg_tables"
            " WHERE schemaname = %s AND tablename <> ALL(%s)",
            [schema, KEPT],
        )
        deletions = "".join(text for (text,) in cursor.fetchall())
        # In any order: foreign keys are not checked.
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deletions}")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def restart_sequences(schema: str) -> None:
    """Restart the sequences at one; a rollback does not restore them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, 1, false)"
            " FROM pg_sequences WHERE schemaname = %s AND sequencename <> ALL(%s)",
            [schema, [f"{table}_id_seq" for table in KEPT]],
        )
