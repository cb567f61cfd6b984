from typing import Any

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

    def handle(self, *args: Any, **options: Any) -> str:
        organization = organizations.get(options["org"])
        with organizations.within(organization):
            assistant = found(options["assistant"])
            try:
                return versions.record(organization, assistant, now=organization.now()).prompt
            except authority.Unsafe as problem:
                raise Refused("personality", str(problem)) from None


def found(name: str) -> Assistant:
    """The one of that name; without one, the one that answers calls."""
    assistant = Assistant.objects.filter(name=name).first() if name else Assistant.current()
    if assistant is None:
        reason = "there is none of that name" if name else "none answers calls"
        raise Refused("--assistant", reason)
    return assistant
