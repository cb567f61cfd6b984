"""The two demonstration clinics, and what a newcomer needs to know about them."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils.timezone import now as utc_now

from assistants import authentication
from assistants.provisioning import rehearsal
from assistants.provisioning.onboarding import onboard
from bookings import clinics
from tenants import organizations
from tenants.models import Organization

CLINICS = ("bright_smile", "harbour_street")
# What was shown once is kept here for the demonstration alone, readable by its owner alone.
SHOWN: Path = settings.DATA_DIR / "demonstration.json"


def welcome() -> str:
    """Load what is missing of the demonstration, and say how to try it."""
    shown = read_shown()
    stored: dict[str, str] = shown.setdefault("stored", {})
    for slug in CLINICS:
        if not Organization.objects.filter(slug=slug).exists():
            shown[slug] = load(slug, stored)
            write_shown(shown)
    operator = ensure_operator(shown, stored)
    clinics_told = [
        described(Organization.objects.get(slug=slug), shown.get(slug, {}), stored)
        for slug in CLINICS
    ]
    write_shown(shown)
    return "\n".join([*clinics_told, operator, booking_line(shown), "", "Ctrl-C stops everything."])


def load(slug: str, stored: dict[str, str]) -> dict[str, str]:
    clinic = clinics.read(settings.BASE_DIR / "fixtures" / "clinics" / f"{slug}.toml")
    made = onboard(slug=slug, clinic=clinic, **clinic["organization"])
    with organizations.within(organizations.get(slug)):
        stored[made.admin_email] = get_user_model().objects.get(username=made.admin_email).password
    return made.as_dict()


def ensure_operator(shown: dict[str, Any], stored: dict[str, str]) -> str:
    """The first operator's account, at the operators' host."""
    users = get_user_model().objects
    if not users.exists():
        password = token_urlsafe(12)
        stored["operator"] = users.create_superuser("operator", password=password).password
        shown["operator"] = password
        write_shown(shown)
    url = f"http://{settings.OPERATORS_HOST}:{settings.PORT}/admin/"
    known = has_password("operator", shown.get("operator", ""), stored)
    password = (
        shown["operator"] if known else "(as you set it; or manage.py changepassword operator)"
    )
    return f"Operators\n  Admin      {url}\n  Sign in    operator   {password}\n"


def described(organization: Organization, shown: dict[str, str], stored: dict[str, str]) -> str:
    """What was shown once, as far as it is still so."""
    slug, email = organization.slug, shown.get("admin_email", "")
    if not organizations.is_complete(organization):
        return f"{organization.name} ({slug})\n  Not served: see manage.py doctor --org {slug}\n"
    with organizations.within(organization):
        password = shown.get("admin_password", "")
        password = password if has_password(email, password, stored) else ""
        secret = shown.get("secret", "")
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
    """Whether it is still the account's.

    To check a password takes half a second; how it is `stored` is the same as long as it is.
    """
    user = get_user_model().objects.filter(username=username).first()
    if user is None or not password:
        return False
    if user.password != stored.get(username) and not user.check_password(password):
        return False
    stored[username] = user.password
    return True


def booking_line(shown: dict[str, Any]) -> str:
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
    secret = shown.get(CLINICS[0], {}).get("secret", "$SECRET")
    return (
        "Book an appointment as the assistant would:\n\n"
        f"curl -s {organizations.address(organization, '/vapi/')}"
        f" -H 'Authorization: Bearer {secret}' -H 'Content-Type: application/json'"
        f" -d '{json.dumps(body)}'"
    )


def next_thursday(now: datetime) -> datetime:
    return now + timedelta(days=(3 - now.weekday()) % 7 or 7)


def read_shown() -> dict[str, Any]:
    try:
        shown: dict[str, Any] = json.loads(SHOWN.read_text())
    except FileNotFoundError:
        return {}
    return shown


def write_shown(shown: dict[str, Any]) -> None:
    with open(os.open(SHOWN, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(shown, file, indent=1)
