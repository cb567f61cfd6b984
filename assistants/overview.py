"""Overview: how each clinic is doing, for the operators. Figures and times, and nothing about
patients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from django.db import connection

from tenants import organizations, together
from tenants.models import Checkup, Organization

# A clinic may be closed at a weekend; after that, no call is a reason to look.
SILENT_AFTER = timedelta(days=3)
# The newest changes of visits among which bookings are counted: there is no index on their time.
MOST_CHANGES = 2_000
# Of one schema. The first parameters are the last migrations of this code, the last one is since
# when calls and bookings are counted. “rights” is no app: see tenants.behind. A call whose report
# has not come yet is known by what it asked for.
FIGURES = """
    SELECT
        NOT EXISTS (
            SELECT app, name FROM unnest(%s::text[], %s::text[]) AS expected (app, name)
            EXCEPT SELECT app, name FROM {schema}.django_migrations
        ),
        migrated.applied, migrated.app, migrated.name,
        (SELECT count(*) FROM {schema}.assistants_call WHERE received > since.at),
        greatest(
            (SELECT max(received) FROM {schema}.assistants_call),
            (SELECT max(received) FROM {schema}.assistants_toolcall)
        ),
        booked.number, booked.by_telephone
    FROM (SELECT %s::timestamptz AS at) AS since
    LEFT JOIN LATERAL (
        SELECT applied, app, name FROM {schema}.django_migrations
        WHERE app <> 'rights' ORDER BY id DESC LIMIT 1
    ) AS migrated ON true
    CROSS JOIN LATERAL (
        SELECT count(*) AS number, count(*) FILTER (WHERE source = 'voice') AS by_telephone
        FROM (
            SELECT kind, at, source FROM {schema}.bookings_appointmentchange
            ORDER BY id DESC LIMIT {most}
        ) AS newest
        WHERE kind = 'booked' AND newest.at > since.at
    ) AS booked
""".replace("{most}", str(MOST_CHANGES))


class Need(IntEnum):
    """Why a clinic needs a look, the most urgent first."""

    UNAVAILABLE = 1
    WRONG = 2
    SILENT = 3
    UNKNOWN = 4
    NOTHING = 5
    SUSPENDED = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last 24 hours, and the newest of all. `is_complete`: it has this code's migrations."""

    is_complete: bool
    migrated: datetime | None
    newest_migration: str
    calls: int
    last_call: datetime | None
    booked: int
    booked_by_telephone: int


@dataclass(frozen=True, slots=True)
class Clinic:
    """`figures` is None where its schema cannot be read. `host` is "" if it has no domain."""

    organization: Organization
    host: str
    address: str
    figures: Figures | None
    checkup: Checkup | None
    need: Need


@dataclass(frozen=True, slots=True)
class Overview:
    """The clinics, those that need a look first. `now` is the database's time."""

    now: datetime
    clinics: list[Clinic]


def read() -> Overview:
    """Call it outside any organization. It takes a query for every 50 clinics, and two more."""
    now = database_time()
    rows = list(Organization.objects.select_related("checkup").prefetch_related("domains"))
    figures = figures_of([row.schema_name for row in rows], since=now - timedelta(hours=24))
    clinics = [clinic(row, figures.get(row.schema_name), now) for row in rows]
    return Overview(now, sorted(clinics, key=turn))


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        [now] = cursor.fetchone()
    found: datetime = now
    return found


def figures_of(schemas: Sequence[str], *, since: datetime) -> Mapping[str, Figures]:
    """By schema, without those that cannot be read."""
    expected = sorted(organizations.expected_migrations())
    apps, names = map(list, zip(*expected, strict=True))
    found = together.ask(schemas, FIGURES, [apps, names, since])
    return {schema: figures(row) for schema, row in found.items()}


def figures(row: Sequence[Any]) -> Figures:
    is_complete, migrated, app, name, calls, last_call, booked, by_telephone = row
    return Figures(
        is_complete=is_complete,
        migrated=migrated,
        newest_migration=f"{app} {name}" if name else "",
        calls=calls,
        last_call=last_call,
        booked=booked,
        booked_by_telephone=by_telephone,
    )


def clinic(row: Organization, figures: Figures | None, now: datetime) -> Clinic:
    checkup = getattr(row, "checkup", None)
    domains = sorted(row.domains.all(), key=lambda domain: not domain.is_primary)
    host = domains[0].domain if domains else ""
    address = organizations.address(row, "/admin/", host=host) if host else ""
    return Clinic(row, host, address, figures, checkup, need(row, figures, checkup, now))


def need(
    row: Organization, figures: Figures | None, checkup: Checkup | None, now: datetime
) -> Need:
    if not row.is_active:
        return Need.SUSPENDED
    if figures is None or not figures.is_complete or not row.has_known_zone:
        return Need.UNAVAILABLE
    if checkup and checkup.wrong:
        return Need.WRONG
    if now - (figures.last_call or row.created) > SILENT_AFTER:
        return Need.SILENT
    return Need.NOTHING if checkup else Need.UNKNOWN


def turn(clinic: Clinic) -> tuple[Need, float, str]:
    """Among those with the same need: the longest silent first, then by name."""
    row, figures = clinic.organization, clinic.figures
    last = (figures and figures.last_call) or row.created
    return clinic.need, last.timestamp() if clinic.need is Need.SILENT else 0, row.name
