import csv
from io import StringIO
from typing import TypedDict, Unpack

from django.core.management.base import CommandParser

from bookings import erasure
from bookings.models import Patient
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.spreadsheets import defused

COLUMNS = ("id", "name", "phone", "other_phones", "email", "date_of_birth", "verified")


class Options(TypedDict):
    org: str
    email_for_all: bool


class Command(BaseCommand):
    help = "Print a clinic's patients as CSV, without those that were erased."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument(
            "--email-for-all",
            action="store_true",
            help="for a system that insists on an address: one under .invalid where there is none",
        )

    def handle(self, *args: str, **options: Unpack[Options]) -> str:
        with organizations.within(organizations.migrated(options["org"])):
            lines = StringIO(newline="")
            written = csv.writer(lines)
            written.writerow(COLUMNS)
            patients = Patient.objects.exclude(name=erasure.ERASED).order_by("name", "pk")
            for patient in patients.iterator():
                written.writerow(row(patient, email_for_all=options["email_for_all"]))
        return lines.getvalue()


def row(patient: Patient, *, email_for_all: bool) -> list[str]:
    # RFC 2606: nothing under .invalid can be reached.
    placeholder = f"{patient.id}@patient.invalid" if email_for_all else ""
    return [
        str(patient.id),
        defused(patient.name),
        patient.phone,
        " ".join(patient.other_phones),
        defused(patient.email or placeholder),
        str(patient.date_of_birth or ""),
        "yes" if patient.is_verified else "no",
    ]
