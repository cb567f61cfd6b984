"""Staff as commands name them: an account of an org, or of the operators."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django_tenants.utils import get_public_schema_name, schema_context

from tenants import organizations, sign_ins
from tenants.accounts import links
from tenants.models import Organization
from tenants.organizations import Refused

LINK = "/admin/welcome/{}/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where accounts are. `organization` is None at the operators' host."""

    name: str
    schema: str
    organization: Organization | None = None


OPERATORS = Place("the operators' host", get_public_schema_name())


def named(names: list[str], *, operators: bool) -> tuple[Place, str]:
    """The place, and the user or "". `names` holds an org's slug, unless they are the operators',
    and then a user or nothing. Raises Refused."""
    if not operators and not names:
        raise Refused("org", "is missing: give an organization's slug, or --operators")
    if len(names) > (1 if operators else 2):
        raise Refused("user", "give one user name at most")
    if operators:
        return OPERATORS, names[0] if names else ""
    organization = organizations.migrated(names[0])
    place = Place(organization.name, organization.schema_name, organization)
    return place, names[1] if names[1:] else ""


def account(place: Place, user: str) -> User:
    """Raises Refused if there is no such account."""
    with schema_context(place.schema):
        found = User.objects.filter(username=user).first()
    if found is None:
        raise Refused("user", f"there is no account “{user}” at {place.name}")
    return found


def link(place: Place, user: User) -> str:
    """The address of a new sign-in link for `user`, in place of the one there was."""
    with schema_context(place.schema):
        path = LINK.format(links.make(user, now=sign_ins.clock()))
    if place.organization is None:
        return organizations.address_at(settings.OPERATORS_HOST, path)
    return organizations.address(place.organization, path)
