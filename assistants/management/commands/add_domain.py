from django.core.management.base import CommandParser

from tenants import organizations
from tenants.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Make an organization reachable at another host name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("domain", help="a host name, such as elm.example.com")
        parser.add_argument("--primary", action="store_true", help="the one told to others")

    def handle(self, *, org: str, domain: str, primary: bool, **_: object) -> str:
        organization = organizations.get(org)
        row = organizations.add_domain(organization, domain, primary=primary)
        url = organizations.address(organization, "/vapi/", host=row.domain)
        return f"{organization.name} is reached at {row.domain}; for Vapi, at {url}"
