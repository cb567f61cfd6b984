from collections.abc import Iterable

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.text import Text

from assistants.provisioning import checkup
from assistants.provisioning.checkup import Finding, State
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.commands import with_progress
from tenants.models import Organization

COLOURS = {State.RIGHT: "green", State.WRONG: "red", State.NOTE: "yellow"}


class Command(BaseCommand):
    help = "Look over the database, every organization, and what Vapi has; exit 0 if all is well."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--org", default="", help="everything about this one, by its slug")

    def handle(self, *, org: str, **common: object) -> None:
        console, whole = self.console(), bool(org)
        wrong = show(console, "Database", checkup.of_database())
        chosen = [organizations.get(org)] if whole else list(Organization.objects.all())
        unsound = 0
        for organization, findings in with_progress(
            checkup.of_organizations(chosen), many=len(chosen), doing="Looking over the clinics"
        ):
            checkup.remember(organization, findings)
            found = findings if whole else [one for one in findings if one.state is State.WRONG]
            unsound += any(one.state is State.WRONG for one in findings)
            if found:
                wrong += show(console, f"{organization.name} ({organization.slug})", found)
        if not whole:
            console.print(conclusion(len(chosen) - unsound))
        if wrong:
            raise CommandError(f"Wrong: {wrong}.")


def conclusion(sound: int) -> str:
    if sound == 1:
        return "1 clinic is right."
    return f"{sound or 'No'} clinics are right."


def show(console: Console, title: str, findings: Iterable[Finding]) -> int:
    """Print the findings; the number of those that are wrong."""
    console.print(Text(title, style="bold"))
    wrong = 0
    for finding in findings:
        line = f"  {finding.state.value} {finding.sentence}"
        console.print(Text(line, style=COLOURS[finding.state]))
        wrong += finding.state is State.WRONG
    return wrong
