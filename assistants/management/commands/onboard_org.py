import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from assistants.onboarding import Onboarded, onboard
from bookings import clinics
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused

# What a clinic file may say in its [organization] table instead of an argument.
FROM_FILE = ("name", "domain", "timezone", "phone_region")


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
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(self, *args: Any, **options: Any) -> str:
        file = options["clinic_file"]
        clinic = clinics.read(file) if file else {}
        described = {
            name: options[name] or clinic.get("organization", {}).get(name) for name in FROM_FILE
        }
        for name, value in described.items():
            if not value:
                raise Refused(f"--{name.replace('_', '-')}", "is needed")
        onboarded = onboard(
            slug=options["slug"],
            clinic=clinic,
            assistant_name=options["assistant_name"],
            admin_email=options["admin_email"],
            **described,
        )
        return json.dumps(onboarded.as_dict()) if options["json"] else told(onboarded)


def told(onboarded: Onboarded) -> str:
    return (
        f"{onboarded.org} is onboarded at {onboarded.domain}.\n"
        f"\n"
        f"  Front desk   {onboarded.admin_url}\n"
        f"  Sign in      {onboarded.admin_email}\n"
        f"  Password     {onboarded.admin_password}   (for the first sign-in)\n"
        f"  Vapi URL     {onboarded.vapi_url}\n"
        f"  Secret       {onboarded.secret}\n"
        f"\n"
        f"Password and secret are shown this once; only their hashes are stored."
    )
