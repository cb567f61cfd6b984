from django.core.management.base import CommandParser

from assistants.models import Assistant
from assistants.prompts import authority, versions
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused


class Command(BaseCommand):
    help = "Print the prompt an organization's assistant runs with: authority, then personality."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("--assistant", default="", help="its name, where there are several")

    def handle(self, *, org: str, assistant: str, **common: object) -> str:
        organization = organizations.migrated(org)
        with organizations.within(organization):
            chosen = assistant_named(assistant)
            try:
                return versions.record(organization, chosen, now=organization.now()).prompt
            except authority.Unsafe as problem:
                raise Refused("personality", str(problem)) from None


def assistant_named(name: str) -> Assistant:
    """The assistant of that name; without a name, the one that answers calls."""
    assistant = Assistant.objects.filter(name=name).first() if name else Assistant.current()
    if assistant is None:
        reason = "there is none of that name" if name else "none answers calls"
        raise Refused("--assistant", reason)
    return assistant
