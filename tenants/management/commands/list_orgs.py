from json import dumps
from typing import TypedDict

from django.core.management.base import CommandParser

from tenants.commands import Command as BaseCommand
from tenants.models import Organization


class Command(BaseCommand):
    help = "List the organizations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, json: bool, **_: object) -> str:
        found = list(Organization.objects.prefetch_related("domains"))
        if json:
            return dumps([describe(organization) for organization in found])
        if not found:
            return "There is no organization yet. See onboard_org."
        return "\n".join(line(organization) for organization in found)


class Described(TypedDict):
    org: str
    schema: str
    uuid: str
    name: str
    status: str
    timezone: str
    phone_region: str
    domains: list[str]


def line(organization: Organization) -> str:
    row = describe(organization)
    zone = row["timezone"] if organization.has_known_zone else f"{row['timezone']} (unknown)"
    return f"{row['org']:<24} {row['status']:<10} {zone:<24} {', '.join(row['domains'])}"


def describe(organization: Organization) -> Described:
    domains = sorted(organization.domains.all(), key=lambda row: not row.is_primary)
    return {
        "org": organization.slug,
        "schema": organization.schema_name,
        "uuid": str(organization.uuid),
        "name": organization.name,
        "status": organization.status,
        "timezone": organization.timezone,
        "phone_region": organization.phone_region,
        "domains": [row.domain for row in domains],
    }
