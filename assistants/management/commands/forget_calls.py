import re
from datetime import timedelta

from django.core.management.base import CommandParser
from rich.console import Console
from rich.progress import track

from assistants.calls import retention
from assistants.models import CallPolicy
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization
from tenants.organizations import Refused

AGE = re.compile(r"([1-9]\d{0,3})d")


class Command(BaseCommand):
    help = "Erase what was said in old calls, as each organization's call policy says."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--org", default="", help="only this one, by its slug; else all that are active"
        )
        parser.add_argument("--older-than", metavar="DAYS", help="90d; instead of the call policy")
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *, org: str, older_than: str | None, dry_run: bool, **common: object) -> None:
        days = days_of(older_than)
        chosen = organizations.chosen(org)
        console = Console(stderr=True)
        for organization in track(
            chosen, "Forgetting", console=console, transient=True, disable=len(chosen) < 2
        ):
            self.stdout.write(forget(organization, days=days, is_dry=dry_run))


def days_of(age: str | None) -> int | None:
    if age is None:
        return None
    if not (said := AGE.fullmatch(age)):
        raise Refused("--older-than", "must be a number of days such as 90d")
    return int(said[1])


def forget(organization: Organization, *, days: int | None, is_dry: bool) -> str:
    if not organizations.is_complete(organization):
        return f"{organization.slug}: skipped: not migrated yet"
    if not organization.has_known_zone:
        return f"{organization.slug}: skipped: its time zone is unknown"
    now = organization.now()
    with organizations.within(organization):
        days = days or CallPolicy.current().keep_days
        before = now - timedelta(days=days)
        done = (
            retention.count_old(before=before)
            if is_dry
            else retention.forget_old(before=before, now=now)
        )
    return (
        f"{organization.slug}: {done.calls} calls and {done.tool_calls} tool calls older than"
        f" {days} days {'would be ' if is_dry else ''}forgotten"
    )
