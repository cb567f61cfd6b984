from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.text import Text

from assistants import checkup
from assistants.checkup import Finding, State
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization

COLOURS = {State.RIGHT: "green", State.WRONG: "red", State.NOTE: "yellow"}


class Command(BaseCommand):
    help = "Look over the database, every organization, and what Vapi has; exit 0 if all is well."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--org", default="", help="its slug; else every org")

    def handle(self, *args: Any, **options: Any) -> None:
        console = self.console()
        wrong = told(console, "Database", checkup.of_database())
        for organization in chosen(options["org"]):
            title = f"{organization.name} ({organization.slug})"
            wrong += told(console, title, checkup.of_organization(organization))
        if wrong:
            raise CommandError(f"Wrong: {wrong}.")


def chosen(slug: str) -> list[Organization]:
    return [organizations.get(slug)] if slug else list(Organization.objects.all())


def told(console: Console, title: str, findings: Iterable[Finding]) -> int:
    """How many were wrong."""
    console.print(Text(title, style="bold"))
    wrong = 0
    for finding in findings:
        line = f"  {finding.state.value} {finding.sentence}"
        console.print(Text(line, style=COLOURS[finding.state]))
        wrong += finding.state is State.WRONG
    return wrong
