from django.core.management.base import CommandParser

from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization


class Command(BaseCommand):
    help = "Take an organization back into service."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")

    def handle(self, *, org: str, **_: object) -> str:
        organization = organizations.get(org)
        organizations.set_status(organization, Organization.Status.ACTIVE)
        return f"{organization.name} is in service again."
