from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, Unpack

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from bookings.desk.importing import pages, runs
from bookings.desk.importing.cells import Order
from bookings.desk.importing.rows import Means, Refusal
from bookings.desk.importing.runs import Kind, Report, Work
from bookings.desk.importing.sheets import Limits, Unreadable
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.commands import with_progress
from tenants.models import Organization

LIMITS = Limits(bytes=50_000_000, rows=100_000, otherwise="Please split it.")
BY = "import_csv"  # in the histories


class Options(TypedDict):
    org: str
    kind: str
    file: Path
    dates: str
    set_rules_aside: bool
    commit: bool


class Command(BaseCommand):
    help = "Try out, or with --commit make, an import of patients or appointments from a CSV file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("kind", choices=[*map(str, Kind)], help="what is in the file")
        parser.add_argument("file", type=Path, help="the CSV file")
        parser.add_argument(
            "--dates",
            choices=[*map(str, Order)],
            default=Order.SURE,
            help="how the file writes dates; without it, 03/04/2026 is refused",
        )
        parser.add_argument(
            "--set-rules-aside",
            action="store_true",
            help="book visits to come also outside hours and steps, and over held times",
        )
        parser.add_argument("--commit", action="store_true", help="import; without it, only try")

    def handle(self, *args: str, **options: Unpack[Options]) -> str:
        organization = organizations.migrated(options["org"])
        try:
            with (
                organizations.within(organization),
                timezone.override(organization.zone),
            ):
                report = run(organization, options)
        except Unreadable as unreadable:
            raise CommandError(str(unreadable)) from None
        except OSError as error:
            raise CommandError(f"file: {error.strerror}") from None
        for refusal in report.refused:
            self.stderr.write(described(refusal))
        if report.refused:
            of_all = f"{report.refused_rows} of {len(report.sheet.lines)} rows"
            raise CommandError(f"{of_all} are refused. Nothing was imported.")
        return conclusion(report)


def run(organization: Organization, options: Options) -> Report:
    kind = Kind(options["kind"])
    with options["file"].open("rb") as file:
        data = file.read(LIMITS.bytes + 1)
    means = Means(
        by=BY,
        now=organization.now(),
        zone=organization.zone,
        region=organization.phone_region,
        order=Order(options["dates"]),
        sets_rules_aside=options["set_rules_aside"],
        may_enter_past=True,
    )
    sheet = runs.opened(data, kind, LIMITS)
    return runs.run(sheet, kind, means, commit=options["commit"], progress=shown)


def shown(works: list[Work]) -> Iterator[Work]:
    return with_progress(works, many=len(works), doing="Looking at the rows")


def described(refusal: Refusal) -> str:
    """Without what the file says, or whom it is about: terminals are logged."""
    where = f"row {refusal.row}, {refusal.column}" if refusal.column else f"row {refusal.row}"
    return f"{where}: {refusal.in_short or refusal.reason}"


def conclusion(report: Report) -> str:
    lines = []
    if report.sheet.unread:
        lines.append(f"Columns that are not read: {', '.join(report.sheet.unread)}.")
    if report.sheet.encoding != "UTF-8":
        lines.append(f"The file is not UTF-8, and was read as {report.sheet.encoding}.")
    told = pages.summary(report)
    if report.is_written:
        lines.append(f"Imported: {told}.")
    else:
        lines.append(f"Nothing is refused: {told}. Nothing was imported: add --commit.")
    return "\n".join(lines)
