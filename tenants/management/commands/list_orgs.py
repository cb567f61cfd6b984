import json
from typing import Any

from django.core.management.base import CommandParser

from tenants.commands import Command as BaseCommand
from tenants.models import Organization


class Command(BaseCommand):
    help = "List the organizations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> str:
        found = list(Organization.objects.prefetch_related("domains"))
        if options["json"]:
            return json.dumps([describe(organization) for organization in found])
        if not found:
            return "There is no organization yet. See onboard_org."
        return "\n".join(line(organization) for organization in found)


def line(organization: Organization) -> str:
    row = describe(organization)
    zone = row["timezone"] if organization.has_known_zone else f"{row['timezone']} (unknown)"
    return f"{row['org']:<24} {row['status']:<10} {zone:<24} {', '.join(row['domains'])}"


def describe(organization: Organization) -> dict[str, Any]:
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
