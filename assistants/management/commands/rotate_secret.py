from json import dumps

from django.core.management.base import CommandParser

from assistants import authentication
from assistants.models import Secret
from tenants import organizations
from tenants.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Issue a second bearer secret; retire the old one once Vapi has the new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument(
            "--retire-old", action="store_true", help="end every secret but the newest, issue none"
        )
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(self, *, org: str, retire_old: bool, json: bool, **common: object) -> str:
        organization = organizations.migrated(org)
        answer: dict[str, str | int] = {
            "org": organization.slug,
            "vapi_url": organizations.address(organization, "/vapi/"),
        }
        with organizations.within(organization):
            if retire_old:
                answer["retired"] = Secret.objects.retire_old(now=organization.now())
            else:
                answer["secret"] = authentication.issue_secret()
        return dumps(answer) if json else summary(answer)


def summary(answer: dict[str, str | int]) -> str:
    if "secret" not in answer:
        return f"Retired: {answer['retired']}. The newest secret of {answer['org']} stays valid."
    return (
        f"New secret for {answer['vapi_url']}, shown this once:\n\n  {answer['secret']}\n\n"
        f"The old one stays valid until: manage.py rotate_secret {answer['org']} --retire-old"
    )
