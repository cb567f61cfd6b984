from django.core.management.base import CommandParser

from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization


class Command(BaseCommand):
    help = "Stop an organization's assistant and admin; nothing of it is lost."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")

    def handle(self, *, org: str, **_: object) -> str:
        organization = organizations.get(org)
        organizations.set_status(organization, Organization.Status.SUSPENDED)
        return f"{organization.name} is suspended: callers hear an apology, staff cannot sign in."
