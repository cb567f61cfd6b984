from json import dumps

from django.core.management.base import CommandParser

from assistants import signatures
from assistants.models import SigningKey
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.models import Organization

FORMAT = (
    "algorithm",
    "signature_header",
    "timestamp_header",
    "prefix",
    "payload_format",
    "encoding",
)


class Command(BaseCommand):
    help = "Issue a key Vapi signs its requests with, valid beside the secrets until --only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        for name in FORMAT:
            default = getattr(SigningKey(), name)
            meaning = f"as in Vapi's credential; {default or 'none'}, if not given"
            parser.add_argument(f"--{name.replace('_', '-')}", default=default, help=meaning)
        step = parser.add_mutually_exclusive_group()
        step.add_argument(
            "--only", action="store_true", help="end the secrets: only signed requests are accepted"
        )
        step.add_argument("--retire-old", action="store_true", help="end every key but the newest")
        step.add_argument("--off", action="store_true", help="end the keys: a secret is enough")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    def handle(
        self, *, org: str, only: bool, off: bool, retire_old: bool, json: bool, **options: object
    ) -> str:
        organization = organizations.migrated(org)
        with organizations.within(organization):
            now = organization.now()
            if only:
                signatures.insist(now=now)
                answer = {"state": "only signed requests come in"}
            elif off:
                signatures.stop(now=now)
                answer = {"state": "signatures are not looked at; a secret is enough"}
            elif retire_old:
                retired = SigningKey.objects.retire_old(now=now)
                answer = {"state": f"{retired} retired; the newest key stays valid"}
            else:
                key = signatures.issue(**{name: str(options[name]) for name in FORMAT})
                answer = {"key": str(key.key), **{name: getattr(key, name) for name in FORMAT}}
        if json:
            return dumps({"org": organization.slug, **answer})
        return summary(organization, answer)


def summary(organization: Organization, answer: dict[str, str]) -> str:
    if "state" in answer:
        return f"{organization.name}: {answer['state']}."
    lines = [f"  {name.replace('_', ' '):<17} {answer[name] or '(none)'}" for name in FORMAT]
    return (
        f"New key for {organizations.address(organization, '/vapi/')}, shown this once:\n\n"
        f"  {answer['key']}\n\n"
        "In Vapi, make a Custom Credential of type HMAC with this key and these settings,\n"
        "with the timestamp included:\n\n" + "\n".join(lines) + "\n\n"
        "The secrets stay valid until, when signed calls have come in:"
        f" manage.py set_hmac {organization.slug} --only"
    )
