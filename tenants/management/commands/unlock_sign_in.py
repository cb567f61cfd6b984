from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from django_tenants.utils import get_public_schema_name, schema_context

from tenants import organizations, sign_ins
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused


class Command(BaseCommand):
    help = "Let who was locked out after failed sign-ins try again at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--operators", action="store_true", help="at the operators' host")
        parser.add_argument(
            "names", nargs="*", metavar="name", help="the organization's slug, then a user or none"
        )

    def handle(self, *, operators: bool, names: list[str], **_: object) -> str:
        if not operators and not names:
            raise Refused("org", "is missing: give an organization's slug, or --operators")
        if len(names) > (1 if operators else 2):
            raise Refused("user", "give one user name at most")
        place = "the operators' host"
        schema = get_public_schema_name()
        if not operators:
            organization = organizations.get(names.pop(0))
            place, schema = organization.name, organization.schema_name
        user = names[0] if names else ""
        refuse_unknown(schema, user, place)
        sign_ins.unlock(schema, user)
        return f"{user or 'Everybody'} may try to sign in again at {place}."


def refuse_unknown(schema: str, user: str, place: str) -> None:
    with schema_context(schema):
        if user and not get_user_model().objects.filter(username=user).exists():
            raise Refused("user", f"there is no account “{user}” at {place}")
