from django.contrib.auth.models import User
from django.core.management.base import CommandParser
from django.db import transaction
from django_tenants.utils import schema_context

from tenants import history, sign_ins, staff
from tenants.accounts import second_step
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused
from tenants.staff import Place


class Command(BaseCommand):
    help = "Let who was locked out after failed sign-ins, or lost a telephone, in again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operators", action="store_true", help="at the operators' host")
        parser.add_argument(
            "names", nargs="*", metavar="name", help="the organization's slug, then a user or none"
        )
        parser.add_argument(
            "--reset-totp", action="store_true", help="take the user's second step away"
        )

    def handle(
        self, *, operators: bool, names: list[str], reset_totp: bool = False, **_: object
    ) -> str:
        place, user = staff.named(names, operators=operators)
        account = staff.account(place, user) if user else None
        if reset_totp:
            return without_second_step(place, account)
        sign_ins.unlock(place.schema, user)
        return f"{user or 'Everybody'} may try to sign in again at {place.name}."


def without_second_step(place: Place, account: User | None) -> str:
    """Takes a lost device and the backup codes away. Raises Refused if there is none."""
    if account is None:
        raise Refused("user", "is missing: name whose second step is to be taken away")
    with schema_context(place.schema), transaction.atomic():
        if not second_step.end(account):
            raise Refused("user", f"“{account}” has no second step at {place.name}")
        history.note_of_command(account, "Took two-step sign-in away.")
    return f"{account} signs in at {place.name} by the password alone, and may turn it on again."
