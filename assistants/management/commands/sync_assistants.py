import json
from typing import Any

from django.core.management.base import CommandError, CommandParser
from rich.console import Console

from assistants.provisioning import reports, sync
from assistants.provisioning.sync import Plan, Report
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization
from tenants.organizations import Refused


class Command(BaseCommand):
    help = "Bring tools and assistants at Vapi in step with ours. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--org", default="", help="its slug; else every org in service")
        parser.add_argument("--dry-run", action="store_true", help="tell, and change nothing")
        parser.add_argument(
            "--credential-id",
            default="",
            help="of the credential at Vapi that holds the org's secret; kept for the next time",
        )
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["credential_id"] and not options["org"]:
            raise Refused("--credential-id", "is one organization's; name it with --org")
        console = self.console(quiet=options["json"])
        done = [synced(organization, console, options) for organization in chosen(options["org"])]
        if options["json"]:
            self.stdout.write(json.dumps([reports.as_dict(report) for report in done]))
        if failed := [report.org for report in done if report.failure]:
            raise CommandError(f"Not finished: {', '.join(failed)}. Run it again to go on.")


def chosen(slug: str) -> list[Organization]:
    if slug:
        return [organizations.get(slug)]
    return list(Organization.objects.filter(status=Organization.Status.ACTIVE))


def synced(organization: Organization, console: Console, options: dict[str, Any]) -> Report:
    def tell(plan: Plan) -> None:
        for line in reports.differences(plan):
            console.print(line)

    console.print(reports.headline(organization))
    report = sync.run(
        organization,
        credential_id=options["credential_id"],
        dry_run=options["dry_run"],
        tell=tell,
    )
    console.print(reports.conclusion(report, dry_run=options["dry_run"]))
    return report
