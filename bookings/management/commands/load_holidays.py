import json
from typing import TypedDict, Unpack

from django.core.management.base import CommandError, CommandParser

from bookings import public_holidays
from bookings.public_holidays import Loaded
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization


class Options(TypedDict):
    org: str
    year: list[int]
    json: bool


class Command(BaseCommand):
    help = "Close a clinic on its country's public holidays. Existing closures are not changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument(
            "--year",
            type=int,
            action="append",
            default=[],
            help="only this year's; may be repeated. Without it, as far as the diary is open",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: str, **options: Unpack[Options]) -> str:
        for year in options["year"]:
            if not 1970 <= year <= 2200:
                raise CommandError(f"--year: {year} is not from 1970 to 2200")
        organization = organizations.migrated(options["org"])
        with organizations.within(organization):
            loaded = public_holidays.load(
                organization, years=options["year"], now=organization.now()
            )
            return as_json(loaded) if options["json"] else as_text(loaded, organization)


def as_text(loaded: Loaded, organization: Organization) -> str:
    lines = [f"{closure.holiday}  {closure.reason}" for closure in loaded.added]
    count = len(loaded.added) or "no"
    closed = f"{organization.name} is closed on {count} more public holidays"
    lines.append(f"{closed}; {loaded.known} were there already." if loaded.known else f"{closed}.")
    if loaded.booked_inside:
        references = ", ".join(row.reference for row in loaded.booked_inside)
        lines.append(f"Booked inside them, and still booked: {references}.")
    return "\n".join(lines)


def as_json(loaded: Loaded) -> str:
    return json.dumps(
        {
            "added": [
                {"date": str(closure.holiday), "name": closure.reason} for closure in loaded.added
            ],
            "known": loaded.known,
            "booked_inside": [row.reference for row in loaded.booked_inside],
        }
    )
