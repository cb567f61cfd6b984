from json import dumps

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


def line(row: Organization) -> str:
    zone = row.timezone if row.has_known_zone else f"{row.timezone} (unknown)"
    return f"{row.slug:<24} {row.status:<10} {zone:<24} {', '.join(domains_of(row))}"


def domains_of(organization: Organization) -> list[str]:
    """The primary one first."""
    rows = sorted(organization.domains.all(), key=lambda row: not row.is_primary)
    return [row.domain for row in rows]


def describe(organization: Organization) -> dict[str, object]:
    return {
        "org": organization.slug,
        "schema": organization.schema_name,
        "uuid": str(organization.uuid),
        "name": organization.name,
        "status": organization.status,
        "timezone": organization.timezone,
        "phone_region": organization.phone_region,
        "domains": domains_of(organization),
    }
