from typing import Any

from django.core.management.base import CommandParser

from assistants import prompts
from assistants.models import Assistant
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
            named = {"name": options["assistant"]} if options["assistant"] else {}
            assistant = Assistant.objects.filter(**named).first()
            if assistant is None:
                raise Refused("--assistant", "there is none of that name")
            try:
                return prompts.merged(organization, assistant)
            except prompts.Unsafe as problem:
                raise Refused("personality", str(problem)) from None
