from collections.abc import Mapping
from json import dumps
from pathlib import Path
from typing import TypedDict

from django.core.management.base import CommandError, CommandParser

from assistants.provisioning import reports
from assistants.provisioning import sync as syncing
from assistants.provisioning.onboarding import Onboarded, onboard
from assistants.provisioning.sync import Report
from bookings import clinic_files
from tenants import organizations
from tenants.accounts import links
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused


class Description(TypedDict):
    """What a clinic file may say in its [organization] table instead of an argument."""

    name: str
    domain: str
    timezone: str
    phone_region: str


class Command(BaseCommand):
    help = "Onboard a clinic: schema, domain, staff account, diary, assistant and secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="its name in commands, such as elm_street")
        parser.add_argument("--name", help="its name as callers hear it")
        parser.add_argument("--domain", help="the host it is reached at, such as elm.example.com")
        parser.add_argument("--timezone", help="IANA zone, such as America/New_York")
        parser.add_argument("--phone-region", help="country of its phones, such as US")
        parser.add_argument("--clinic-file", type=Path, help="services, practitioners and hours")
        parser.add_argument("--assistant-name", default="", help="who answers, such as Sarah")
        parser.add_argument("--admin-email", default="", help="who signs in first")
        parser.add_argument(
            "--sync", action="store_true", help="make its tools and its assistant at Vapi as well"
        )
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(
        self,
        *,
        slug: str,
        clinic_file: Path | None,
        assistant_name: str,
        admin_email: str,
        sync: bool,
        json: bool,
        **options: str | None,
    ) -> None:
        clinic = clinic_files.read(clinic_file) if clinic_file else {}
        onboarded = onboard(
            slug=slug,
            clinic=clinic,
            assistant_name=assistant_name,
            admin_email=admin_email,
            invites=True,
            **described(options, clinic.get("organization", {})),
        )
        report: Report | None = None
        try:
            report = syncing.run(organizations.get(onboarded.org)) if sync else None
        finally:  # the clinic is there also after Ctrl-C, and its secret is shown only now
            self.stdout.write(written(onboarded, report, as_json=json))
        if report and report.failure:
            again = f"manage.py sync_assistants --org {onboarded.org}"
            raise CommandError(f"Onboarded, but not yet at Vapi: {report.failure} Then: {again}")


def described(options: Mapping[str, str | None], file: Mapping[str, str]) -> Description:
    """From the arguments, or else from the file. Raises Refused if a value is in neither."""

    def found(name: str) -> str:
        value = options[name] or file.get(name)
        if not value:
            raise Refused(f"--{name.replace('_', '-')}", "is needed")
        return value

    return Description(
        name=found("name"),
        domain=found("domain"),
        timezone=found("timezone"),
        phone_region=found("phone_region"),
    )


def written(onboarded: Onboarded, report: Report | None, *, as_json: bool) -> str:
    if as_json:
        vapi = {"vapi": reports.as_dict(report)} if report else {}
        return dumps({**onboarded.as_dict(), **vapi})
    following = f"\n\n{next_step(onboarded, report)}" if report else ""
    return f"{summary(onboarded)}{following}"


def summary(onboarded: Onboarded) -> str:
    return (
        f"{onboarded.org} is onboarded at {onboarded.domain}.\n"
        f"\n"
        f"  Front desk   {onboarded.admin_url}\n"
        f"  Sign in      {onboarded.admin_email}\n"
        f"  Link         {onboarded.admin_link}\n"
        f"  Vapi URL     {onboarded.vapi_url}\n"
        f"  Secret       {onboarded.secret}\n"
        f"\n"
        f"Whoever opens the link first chooses the password, once, within"
        f" {links.LASTS.days} days; sign_in_link makes\n"
        f"another. Link and secret are shown this once; only their hashes are stored."
    )


def next_step(onboarded: Onboarded, report: Report) -> str:
    return (
        f"At Vapi {len(report.done)} tools and assistants were made. There, make a Custom\n"
        f"Credential of type Bearer Token with the secret, and tell its id:\n\n"
        f"  manage.py sync_assistants --org {onboarded.org} --credential-id ID"
    )
