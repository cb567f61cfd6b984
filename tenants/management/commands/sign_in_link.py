from django.core.management.base import CommandParser

from tenants import staff
from tenants.accounts import links
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused


class Command(BaseCommand):
    help = "Print a link by which a user chooses a password and is signed in, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operators", action="store_true", help="at the operators' host")
        parser.add_argument(
            "names", nargs="*", metavar="name", help="the organization's slug, then the user"
        )

    def handle(self, *, operators: bool, names: list[str], **_: object) -> str:
        place, user = staff.named(names, operators=operators)
        if not user:
            raise Refused("user", "is missing: give the name of an account")
        account = staff.account(place, user)
        if not (account.is_active and account.is_staff):
            raise Refused("user", f"“{user}” may not sign in at {place.name}")
        return (
            f"{staff.link(place, account)}\n\n"
            f"Whoever opens it first chooses the password of {user}. It can be used once, within"
            f" {links.LASTS.days} days; links made before do not work any more."
        )
