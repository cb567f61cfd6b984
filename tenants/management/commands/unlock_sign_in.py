from django.core.management.base import CommandParser

from tenants import sign_ins, staff
from tenants.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Let who was locked out after failed sign-ins try again at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operators", action="store_true", help="at the operators' host")
        parser.add_argument(
            "names", nargs="*", metavar="name", help="the organization's slug, then a user or none"
        )

    def handle(self, *, operators: bool, names: list[str], **_: object) -> str:
        place, user = staff.named(names, operators=operators)
        if user:
            staff.account(place, user)
        sign_ins.unlock(place.schema, user)
        return f"{user or 'Everybody'} may try to sign in again at {place.name}."
