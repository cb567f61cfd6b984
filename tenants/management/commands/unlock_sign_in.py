from typing import Any

from django.core.management.base import CommandParser

from tenants import organizations, sign_in
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused


class Command(BaseCommand):
    help = "Let people sign in again who are locked out after too many failures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", nargs="?", default="", help="the organization's slug")
        parser.add_argument("--operators", action="store_true", help="at the operators' host")
        parser.add_argument("--user", default="", help="this one alone")

    def handle(self, *args: Any, **options: Any) -> str:
        if bool(options["org"]) == options["operators"]:
            raise Refused("org", "name one organization, or say --operators")
        if options["operators"]:
            organizations.leave()
            return told("the operators' host", sign_in.unlock(options["user"]))
        organization = organizations.get(options["org"])
        with organizations.within(organization):
            return told(organization.name, sign_in.unlock(options["user"]))


def told(where: str, forgotten: int) -> str:
    if not forgotten:
        return f"No sign-in has failed at {where}."
    return f"Unlocked at {where}."
