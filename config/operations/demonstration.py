"""The two demonstration clinics, and what a newcomer needs to know about them."""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.timezone import now as utc_now

from assistants import authentication
from assistants.provisioning import rehearsal
from assistants.provisioning.onboarding import onboard
from bookings import clinic_files
from tenants import organizations
from tenants.models import Organization

CLINICS = ("bright_smile", "harbour_street")
# Passwords and secrets of the demonstration clinics are kept here, readable by their owner only.
FILE: Path = settings.DATA_DIR / "demonstration.json"


@dataclass
class Shown:
    """What was shown once: `clinics` by slug, and the operator's password.

    `stored` holds the hashes of passwords by user name, as they were then.
    """

    clinics: dict[str, dict[str, str]] = field(default_factory=dict)
    stored: dict[str, str] = field(default_factory=dict)
    operator: str = ""

    @classmethod
    def read(cls) -> "Shown":
        try:
            kept = json.loads(FILE.read_text())
        except FileNotFoundError:
            return cls()
        stored, operator = kept.pop("stored", {}), kept.pop("operator", "")
        return cls(kept, stored, operator)

    def write(self) -> None:
        kept = {**self.clinics, "stored": self.stored, "operator": self.operator}
        with open(os.open(FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(kept, file, indent=1)


def welcome() -> str:
    """Load what is missing of the demonstration, and say how to try it."""
    shown = Shown.read()
    for slug in CLINICS:
        if not Organization.objects.filter(slug=slug).exists():
            shown.clinics[slug] = load(slug, shown.stored)
            shown.write()
    operator = ensure_operator(shown)
    lines = [described(Organization.objects.get(slug=slug), shown) for slug in CLINICS]
    shown.write()
    return "\n".join([*lines, operator, booking_line(shown), "", "Ctrl-C stops everything."])


def load(slug: str, stored: dict[str, str]) -> dict[str, str]:
    clinic = clinic_files.read(settings.BASE_DIR / "fixtures" / "clinics" / f"{slug}.toml")
    made = onboard(slug=slug, clinic=clinic, **clinic["organization"])
    with organizations.within(organizations.get(slug)):
        stored[made.admin_email] = get_user_model().objects.get(username=made.admin_email).password
    return made.as_dict()


def ensure_operator(shown: Shown) -> str:
    """The first operator's account, at the operators' host."""
    users = get_user_model().objects
    if not users.exists():
        password = token_urlsafe(12)
        shown.stored["operator"] = users.create_superuser("operator", password=password).password
        shown.operator = password
        shown.write()
    url = f"http://{settings.OPERATORS_HOST}:{settings.PORT}/admin/"
    known = has_password("operator", shown.operator, shown.stored)
    password = shown.operator if known else "(as you set it; or manage.py changepassword operator)"
    return f"Operators\n  Admin      {url}\n  Sign in    operator   {password}\n"


def described(organization: Organization, shown: Shown) -> str:
    """The sign-in and secret that were shown at first, if they still work."""
    first = shown.clinics.get(organization.slug, {})
    slug, email = organization.slug, first.get("admin_email", "")
    if not organizations.is_complete(organization):
        return f"{organization.name} ({slug})\n  Not served: see manage.py doctor --org {slug}\n"
    with organizations.within(organization):
        password = first.get("admin_password", "")
        password = password if has_password(email, password, shown.stored) else ""
        secret = first.get("secret", "")
        secret = secret if authentication.is_secret(secret) else ""
    change = f"manage.py tenant_command changepassword {email} --schema={slug}"
    return (
        f"{organization.name} ({slug})\n"
        f"  Front desk {organizations.address(organization, '/admin/')}\n"
        f"  Sign in    {email}   {password or f'(as you set it; or {change})'}\n"
        f"  Vapi URL   {organizations.address(organization, '/vapi/')}\n"
        f"  Secret     {secret or f'(as you rotated it; or manage.py rotate_secret {slug})'}\n"
    )


def has_password(username: str, password: str, stored: dict[str, str]) -> bool:
    """Whether `password` is still the account's.

    To check one takes half a second, so its hash is compared with the one in `stored` first: while
    that is unchanged, so is the password.
    """
    user = get_user_model().objects.filter(username=username).first()
    if user is None or not password:
        return False
    if user.password != stored.get(username) and not user.check_password(password):
        return False
    stored[username] = user.password
    return True


def booking_line(shown: Shown) -> str:
    """A `curl` that books a cleaning next Thursday at half past two."""
    organization = Organization.objects.get(slug=CLINICS[0])
    day = next_thursday(organization.now() if organization.has_known_zone else utc_now())
    arguments = {
        "service": "cleaning",
        "start": f"{day:%Y-%m-%d}T14:30",
        "patient_name": "Dana Whitfield",
        "patient_phone": "(415) 555-0123",
    }
    body = rehearsal.tool_call(
        "book_appointment", arguments, key="call_1", call=f"curl-{os.getpid()}"
    )
    secret = shown.clinics.get(CLINICS[0], {}).get("secret", "$SECRET")
    return (
        "Book an appointment as the assistant would:\n\n"
        f"curl -s {organizations.address(organization, '/vapi/')}"
        f" -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json'"
        f" -d '{json.dumps(body)}'"
    )


def next_thursday(now: datetime) -> datetime:
    return now + timedelta(days=(3 - now.weekday()) % 7 or 7)
