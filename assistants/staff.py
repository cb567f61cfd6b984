"""Staff: what the groups of an org's accounts may do."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import Q, QuerySet
from django_tenants.utils import get_public_schema_name

from tenants.sites import FRONT_DESK


def front_desk_rights() -> QuerySet[Permission]:
    """The whole diary and the call log, but no accounts, and no address from which others read the
    diary. Hours can be deleted, visits cannot."""
    hours = Q(codename__in=["delete_closure", "delete_opening", "delete_schedule"])
    diary = Q(content_type__app_label="bookings") & (~Q(codename__startswith="delete_") | hours)
    log = Q(content_type__app_label="assistants", codename__startswith="view_")
    return Permission.objects.filter(diary | log).exclude(codename__endswith="_feed")


def lacking_rights() -> QuerySet[Permission]:
    """The rights that the group of the front desk should have, and has not."""
    return front_desk_rights().exclude(group__name=FRONT_DESK)


def give_rights(**_: Any) -> None:
    """After a migration, give the group of the org the rights of new models.

    Connected to `post_migrate` of this app, which comes after the rights themselves are made.
    """
    if getattr(connection, "schema_name", None) == get_public_schema_name():
        return
    group = Group.objects.filter(name=FRONT_DESK).first()
    if group is not None:
        group.permissions.add(*lacking_rights())
