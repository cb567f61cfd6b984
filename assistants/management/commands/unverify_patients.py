from django.core.management.base import CommandParser

from assistants.calls import signalling
from bookings import diaries, merging
from tenants import organizations
from tenants.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Mark patients as unverified if the number that verified them belongs to no person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("--dry-run", action="store_true", help="count, and change nothing")

    def handle(self, *, org: str, dry_run: bool, **common: object) -> str:
        organization = organizations.migrated(org)
        with organizations.within(organization), diaries.writing():
            chosen = signalling.wrongly_verified()
            if dry_run:
                return f"{organization.name}: {chosen.count()} would be marked as unverified."
            done = merging.unverify(chosen)
        return (
            f"{organization.name}: {done} marked as unverified. Staff see them at Patients, and"
            " accept those they know."
        )
