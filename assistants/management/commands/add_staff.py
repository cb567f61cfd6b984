from django.core.management.base import CommandParser

from assistants import staff
from bookings.desk.own_diary import PRACTITIONER
from bookings.models import Practitioner
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused
from tenants.staff import Place, link

# A role as it is typed: “front-desk” is “Front desk”.
TYPED = {role.lower().replace(" ", "-"): role for role in staff.RIGHTS}


class Command(BaseCommand):
    help = "Add an account of a clinic's staff, with a role, and print their sign-in link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("user", help="who signs in, such as an e-mail address")
        parser.add_argument(
            "--role", choices=[*TYPED], default="front-desk", help="what the account is for"
        )
        parser.add_argument(
            "--practitioner", default="", help="whose diary an account of that role sees"
        )

    def handle(self, *, org: str, user: str, role: str, practitioner: str, **_: object) -> str:
        organization = organizations.migrated(org)
        with organizations.within(organization):
            whose = named(practitioner) if practitioner else None
            if (whose is not None) != (TYPED[role] == PRACTITIONER):
                raise Refused("--practitioner", "is needed with --role practitioner, and only then")
            account = staff.add(user, role=TYPED[role], practitioner=whose)
        place = Place(organization.name, organization.schema_name, organization)
        return (
            f"{user} may sign in as {TYPED[role]}, with a password of their own. For seven days"
            f" they can choose it at\n\n  {link(place, account)}"
        )


def named(name: str) -> Practitioner:
    """Raises Refused if nobody is called that."""
    found = Practitioner.objects.filter(name=name).first()
    if found is None:
        raise Refused("--practitioner", f"nobody is called “{name}”")
    return found
