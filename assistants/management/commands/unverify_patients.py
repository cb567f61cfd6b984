from typing import Any

from django.core.management.base import CommandParser

from assistants.calls import signalling
from bookings import diaries, merging
from tenants import organizations
from tenants.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Mark patients as unverified whom a number verified that is no person's."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *args: Any, **options: Any) -> str:
        organization = organizations.get(options["org"])
        with organizations.within(organization), diaries.writing():
            chosen = signalling.wrongly_verified()
            if options["dry_run"]:
                return f"{organization.name}: {chosen.count()} would be marked as unverified."
            done = merging.unverify(chosen)
        return (
            f"{organization.name}: {done} marked as unverified. Staff see them at Patients, and"
            " accept those they know."
        )
