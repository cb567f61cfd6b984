from json import dumps

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.text import Text

from assistants.provisioning import reports, sync
from assistants.provisioning.sync import Plan, Report
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization
from tenants.organizations import Refused


class Command(BaseCommand):
    help = "Update tools and assistants at Vapi to match ours. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--org", default="", help="its slug; else every org in service")
        parser.add_argument("--dry-run", action="store_true", help="tell, and change nothing")
        parser.add_argument(
            "--credential-id",
            default="",
            help="id of the credential at Vapi that holds the org's secret; it is remembered",
        )
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(
        self, *, org: str, dry_run: bool, credential_id: str, json: bool, **common: object
    ) -> None:
        if credential_id and not org:
            raise Refused("--credential-id", "belongs to one organization: add --org")
        console = self.console(quiet=json)
        done = [
            synced(organization, console, credential_id=credential_id, dry_run=dry_run)
            for organization in organizations.chosen(org)
        ]
        if json:
            self.stdout.write(dumps([reports.as_dict(report) for report in done]))
        if failed := [report.org for report in done if report.failure]:
            raise CommandError(f"Not finished: {', '.join(failed)}. Run it again to go on.")


def synced(
    organization: Organization, console: Console, *, credential_id: str, dry_run: bool
) -> Report:
    def tell(plan: Plan) -> None:
        for line in reports.differences(plan):
            console.print(line)

    console.print(Text(f"{organization.name} ({organization.slug})", style="bold"))
    report = sync.run(organization, credential_id=credential_id, dry_run=dry_run, tell=tell)
    console.print(reports.conclusion(report, dry_run=dry_run))
    return report
