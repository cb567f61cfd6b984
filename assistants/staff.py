"""Staff: the roles of an org's accounts, and what each may do."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django_tenants.utils import get_public_schema_name

from bookings.desk.own_diary import PRACTITIONER
from bookings.models import Practitioner, PractitionerAccount
from tenants.accounts.models import schema_now
from tenants.organizations import Refused
from tenants.roles import FRONT_DESK, MANAGER, READ_ONLY

# In their own diary; `bookings.desk.own_diary` says which rows these are.
PRACTITIONERS_OWN = [
    "view_appointment",
    "add_appointment",
    "change_appointment",
    "view_patient",
    "view_waitlistentry",
    "view_practitioner",
    "view_schedule",
    "view_closure",
    "view_opening",
    "view_servicetype",
    "view_room",
    "change_look",
    "view_feed",
    "add_feed",
    "delete_feed",
]


def manager_rights() -> QuerySet[Permission]:
    """All that is in the clinic, and its accounts."""
    clinic = Q(content_type__app_label__in=["bookings", "assistants"])
    accounts = Q(content_type__app_label="auth", content_type__model="user") | Q(
        content_type__app_label="accounts", content_type__model="signinpolicy"
    )
    return Permission.objects.filter(clinic | accounts)


def front_desk_rights() -> QuerySet[Permission]:
    """The whole diary and the call log, but no accounts, and no address from which others read the
    diary. Hours can be deleted, visits cannot."""
    hours = Q(codename__in=["delete_closure", "delete_opening", "delete_schedule"])
    diary = Q(content_type__app_label="bookings") & (~Q(codename__startswith="delete_") | hours)
    log = Q(content_type__app_label="assistants", codename__startswith="view_")
    accounts = Q(codename__endswith="_feed") | Q(codename__endswith="_practitioneraccount")
    return Permission.objects.filter(diary | log).exclude(accounts)


def practitioner_rights() -> QuerySet[Permission]:
    """Of the diary alone. No patients are added: the front desk books a first visit."""
    return Permission.objects.filter(
        content_type__app_label="bookings", codename__in=PRACTITIONERS_OWN
    )


def read_only_rights() -> QuerySet[Permission]:
    """To see what the front desk sees."""
    return front_desk_rights().filter(codename__startswith="view_")


RIGHTS: dict[str, Callable[[], QuerySet[Permission]]] = {
    MANAGER: manager_rights,
    FRONT_DESK: front_desk_rights,
    PRACTITIONER: practitioner_rights,
    READ_ONLY: read_only_rights,
}


def lacking_rights(role: str) -> QuerySet[Permission]:
    """The rights that the group of a role should have, and has not."""
    return RIGHTS[role]().exclude(group__name=role)


def make_roles() -> None:
    """Make the groups of all roles, and give each the rights it lacks."""
    for role in RIGHTS:
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*lacking_rights(role))


@transaction.atomic
def add(user: str, *, role: str, practitioner: Practitioner | None) -> User:
    """Add an account with this role, and, for a practitioner's, whose diary it sees. It has no
    password: it needs a sign-in link. Raises Refused."""
    account = User(username=user, email=user if "@" in user else "", is_staff=True)
    account.set_unusable_password()
    try:
        account.full_clean()
    except ValidationError as error:
        raise Refused("user", " ".join(error.messages)) from None
    account.save()
    make_roles()
    account.groups.set([Group.objects.get(name=role)])
    if practitioner:
        PractitionerAccount.objects.create(user=account, practitioner=practitioner)
    return account


def give_rights(**_: Any) -> None:
    """After a migration, give the roles of the org the rights of new models; a clinic that is from
    before a role gets it.

    Connected to `post_migrate` of this app, which comes after the rights themselves are made.
    """
    if schema_now() == get_public_schema_name():
        return
    if Group.objects.filter(name=FRONT_DESK).exists():  # else it is not onboarded yet
        make_roles()


def digest() -> str:
    """What the roles may do, as text: when it changes, the orgs there are need `make_roles`."""
    return " ".join(f"{role}: {rights().query}" for role, rights in RIGHTS.items())
