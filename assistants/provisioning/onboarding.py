"""Onboarding: makes a whole clinic in one step, down to the secret that Vapi will send."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DataError

from assistants import authentication, staff
from assistants.models import Assistant
from assistants.prompts import versions
from assistants.provisioning.clinic_files import ClinicFile
from bookings import clinic_files
from tenants import organizations
from tenants.accounts import links
from tenants.models import Organization
from tenants.organizations import Refused
from tenants.passwords import ONE_TIME_PASSWORD
from tenants.staff import LINK

LONGEST_USERNAME = 150  # Django's own


@dataclass(frozen=True)
class Onboarded:
    """What the operator sees once. `secret`, `admin_password` and the secret of `admin_link` are
    stored as hashes only. The first account has a password or a link, never both."""

    org: str
    schema: str
    domain: str
    vapi_url: str
    secret: str
    admin_url: str
    admin_email: str
    admin_password: str
    admin_link: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def onboard(
    *,
    slug: str,
    name: str,
    domain: str,
    timezone: str,
    phone_region: str,
    clinic: Mapping[str, Any],
    assistant_name: str = "",
    admin_email: str = "",
    staffed: bool = True,
    invites: bool = False,
) -> Onboarded:
    """The organization with its staff account, diary, assistant and secret; or nothing at all.

    `clinic` is a clinic file's content (bookings.clinic_files); empty if staff set the clinic up.
    Unless `staffed`, nobody gets an account: it is to be removed again. If it `invites`, the
    account has no password, but a link by which its user chooses one. Raises Refused.
    """
    email = admin_email or f"admin@{domain}"[:LONGEST_USERNAME] if staffed else ""
    if admin_email:
        refuse_no_address(admin_email)

    organization, (key, secret) = organizations.onboard(
        slug=slug,
        name=name,
        domain=domain,
        timezone=timezone,
        phone_region=phone_region,
        furnish=partial(
            furnish,
            clinic=clinic,
            assistant_name=assistant_name,
            email=email,
            invites=invites,
        ),
    )
    return Onboarded(
        org=slug,
        schema=organization.schema_name,
        domain=organizations.primary_domain(organization),
        vapi_url=organizations.address(organization, "/vapi/"),
        secret=secret,
        admin_url=organizations.address(organization, "/admin/"),
        admin_email=email,
        admin_password="" if invites else key,
        admin_link=organizations.address(organization, LINK.format(key)) if invites else "",
    )


def furnish(
    organization: Organization,
    *,
    clinic: Mapping[str, Any],
    assistant_name: str,
    email: str,
    invites: bool,
) -> tuple[str, str]:
    """Put the diary, the assistant and the staff account in. The account's password (or, if it
    `invites`, the secret of its link), and the secret.

    Without an e-mail address there is no account, and no password.
    """
    tables = clinic_files.load(clinic, shape=ClinicFile)
    assistant = create_assistant(tables.get("assistant", {}), assistant_name)
    versions.record(organization, assistant, now=organization.now())
    staff.make_roles()
    key = create_staff(email, invites=invites, now=organization.now()) if email else ""
    return key, authentication.issue_secret()


def refuse_no_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("admin-email", "must be an e-mail address") from None
    if len(address) > LONGEST_USERNAME:
        raise Refused("admin-email", f"must have at most {LONGEST_USERNAME} characters")


def create_assistant(described: Mapping[str, Any], name: str) -> Assistant:
    assistant = Assistant(**{"name": "Assistant", **described})
    assistant.name = name or assistant.name
    try:
        assistant.full_clean()
        assistant.save()
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        argument = "assistant-name" if field == "name" and name else clinic_files.ARGUMENT
        raise Refused(argument, f"assistant {field}: {problems[0]}") from None
    except DataError:
        problem = "assistant: it holds a character that cannot be stored"
        raise Refused(clinic_files.ARGUMENT, problem) from None
    return assistant


def create_staff(email: str, *, invites: bool, now: datetime) -> str:
    """The first account of the front desk. Its password, to be changed at the first sign-in; or, if
    it `invites`, the secret of its link."""
    password = None if invites else secrets.token_urlsafe(12)
    account = User.objects.create_superuser(username=email, email=email, password=password)
    must_replace_it = Group.objects.create(name=ONE_TIME_PASSWORD)
    if password is None:
        return links.make(account, now=now)
    account.groups.add(must_replace_it)
    return password
