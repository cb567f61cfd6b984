"""Organizations: onboard one, find one, enter its schema; the current one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import TypeVar, cast

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import (
    DatabaseError,
    IntegrityError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.utils import (
    get_public_schema_name,
    quote_schema_name,
    schema_context,
    schema_exists,
    tenant_context,
)

from tenants.models import Checkup, Domain, Organization, SignInCount
from tenants.postgresql import statements
from tenants.sqlstates import DEADLOCK, sqlstate

Furnished = TypeVar("Furnished")
REMOVAL_TRIES = 5  # a deadlock is seen after a second
# What another time zone means for the rows of an app: each adds a function here in its `ready`. The
# operator who chose the zone is shown the sentences.
on_new_timezone: list[Callable[[Organization], str]] = []


class Refused(Exception):
    """A request that cannot be carried out. `argument` names the argument to change, `reason` says
    why."""

    def __init__(self, argument: str, reason: str) -> None:
        super().__init__(f"{argument}: {reason}")
        self.argument = argument
        self.reason = reason


def current() -> Organization:
    """The organization whose schema this thread is in. Raises RuntimeError outside one."""
    organization = getattr(connection, "tenant", None)
    if not isinstance(organization, Organization):
        raise RuntimeError("no organization is current")
    return organization


def get(slug: str) -> Organization:
    """Raises Refused when there is none."""
    try:
        organization: Organization = Organization.objects.get(slug=slug)
    except Organization.DoesNotExist:
        raise Refused("org", f"there is no organization “{slug}”") from None
    return organization


def migrated(slug: str) -> Organization:
    """As `get`, of a clinic whose schema can be worked in. Raises Refused when it is behind."""
    organization = get(slug)
    refuse_behind(organization)
    return organization


def refuse_behind(organization: Organization) -> None:
    if not is_complete(organization):
        raise Refused("org", "its schema is behind or missing; see migrate_schemas and doctor")


def chosen(slug: str) -> list[Organization]:
    """The organization of this slug; without one, all that are in service. Raises Refused."""
    if slug:
        return [get(slug)]
    return list(Organization.objects.filter(status=Organization.Status.ACTIVE))


@contextmanager
def within(organization: Organization) -> Iterator[Organization]:
    """Inside, every query goes to the organization's schema, or fails. Where what was written
    before fails, it fails before the organization is entered."""
    statements.here().leave_schema()
    with tenant_context(organization):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            if cursor.fetchone() != (organization.schema_name,):
                raise RuntimeError("the schema of the organization is missing")
        try:
            yield organization
        except BaseException:
            with suppress(DatabaseError):  # a write that waits may fail: that is not the reason
                statements.here().leave_schema()
            raise


def problem_of_path(organization: Organization) -> str:
    """What is wrong with the search path; "" if only the org's schema is on it.

    Call it within the org. The canary is a table that exists in `public` only.
    """
    expected = [organization.schema_name, *settings.PG_EXTRA_SEARCH_PATHS]
    canary = Organization._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schemas(false)::text[], to_regclass(%s) IS NULL", [canary])
        path, is_hidden = cursor.fetchone()
    if path != expected:
        return f"its search path is {', '.join(path)}: no other schema may be on it"
    return "" if is_hidden else f"it sees a table {canary}, which is not a clinic's: drop that one"


def leave() -> None:
    """Leave the organization: the search path is `public`'s, and `current()` raises."""
    statements.here().set_schema_to_public()


def onboard(
    *,
    slug: str,
    name: str,
    domain: str,
    timezone: str,
    phone_region: str,
    furnish: Callable[[Organization], Furnished],
) -> tuple[Organization, Furnished]:
    """Make an organization whole: its row, its domain, its schema, and what `furnish` adds.

    One transaction: killed or failing at any step there is nothing, and of two at the same time
    for one slug the second waits and is refused. Raises Refused.
    """
    name = " ".join(name.split())
    if not name.isprintable():
        raise Refused("name", "holds a character that cannot be seen or said")
    organization = Organization(
        schema_name=slug,
        slug=slug,
        name=name,
        timezone=timezone,
        phone_region=phone_region,
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('onboard'), hashtext(%s))", [slug]
            )
        refuse_invalid(organization)
        if schema_exists(slug):
            raise Refused("slug", f"a schema “{slug}” is already in the database")
        organization.save()
        add_domain(organization, domain)
        organization.create_schema(verbosity=0)
        with within(organization):
            furnished = furnish(organization)
    return organization, furnished


def refuse_invalid(model: Organization | Domain) -> None:
    try:
        model.full_clean(exclude=["schema_name"])  # it is the slug
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Refused(field.replace("_", "-"), "; ".join(problems)) from None


def add_domain(organization: Organization, domain: str, *, primary: bool = False) -> Domain:
    """Make `organization` reachable at `domain`. Raises Refused when it is another's, or bad.

    A trailing dot is removed.
    """
    row = Domain(
        domain=domain.strip().lower().removesuffix("."), tenant=organization, is_primary=primary
    )
    refuse_invalid(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # another process took the name after our check
        raise Refused("domain", f"{row.domain} is already taken") from None
    return row


def primary_domain(organization: Organization) -> str:
    """Queries `public`, also while an org is current, because an org's search path does not hold
    the domains."""
    with schema_context(get_public_schema_name()):
        row = Domain.objects.filter(tenant=organization).order_by("-is_primary", "pk").first()
    if row is None:
        raise Refused("org", f"“{organization.slug}” has no domain; see add_domain")
    return str(row.domain)


def address(organization: Organization, path: str, *, host: str = "") -> str:
    """The URL of `path` at `host`, or at the organization's primary domain."""
    return address_at(host or primary_domain(organization), path)


def address_at(host: str, path: str) -> str:
    if settings.HTTPS:
        return f"https://{host}{path}"
    return f"http://{host}:{settings.PORT}{path}"


def set_status(organization: Organization, status: Organization.Status) -> None:
    organization.status = status
    organization.save(update_fields=["status"])


def remove(organization: Organization) -> None:
    """Drop the organization's schema and forget it. Nothing of it can be brought back.

    Waits for sessions that still use it, and tries again after a deadlock with them.
    """
    for tries_left in reversed(range(REMOVAL_TRIES)):
        try:
            drop(organization)
        except OperationalError as error:
            if not tries_left or sqlstate(error) != DEADLOCK:
                raise
        else:
            break
    _complete.discard(organization.schema_name)


def drop(organization: Organization) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DROP SCHEMA IF EXISTS {quote_schema_name(organization.schema_name)} CASCADE"
        )
        SignInCount.objects.filter(schema_name=organization.schema_name).delete()
        Domain.objects.filter(tenant=organization).delete()
        Checkup.objects.filter(organization=organization).delete()
        Organization.objects.filter(pk=organization.pk).delete()


_complete: set[str] = set()


def is_complete(organization: Organization) -> bool:
    """Whether the schema has every table this code expects. Asked once a process for each org."""
    schema = organization.schema_name
    if schema not in _complete:
        try:
            with within(organization), transaction.atomic():
                # We query the table directly. To check first whether it exists takes ten times as
                # long.
                rows = MigrationRecorder(connection).migration_qs.values_list("app", "name")
                applied = set(rows)
        except (ProgrammingError, RuntimeError):
            return False
        if not expected_migrations() <= applied:
            return False
        _complete.add(schema)
    return True


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of every app that lives in an org's schema."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    apps = {AppConfig.create(entry).label for entry in settings.TENANT_APPS}
    return frozenset(
        cast("tuple[str, str]", node) for node in graph.leaf_nodes() if node[0] in apps
    )
