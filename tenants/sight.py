"""Sight: which rows a user of the front desk sees. Most roles see all; a bound one sees a part.

The apps say which roles are bound, and give a rule for each model of which these see something. A
bound user sees no row of a model without a rule. The lists, pages and fields of `ModelAdmin` keep
to it by themselves; every other page asks here.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from tenants import roles
from tenants.roles import Account

Row = TypeVar("Row", bound=Model)
# The rows of a model that this user sees. It may match a row only once: no joins to many.
Rule = Callable[[Account], Q]

bound: set[str] = set()
rules: dict[type[Model], Rule] = {}


def is_bound(user: Account) -> bool:
    """Whether the user sees a part of the rows only."""
    return not user.is_superuser and bool(roles.held_by(user) & bound)


def visible(rows: QuerySet[Row], user: Account) -> QuerySet[Row]:
    """Those of `rows` that the user sees."""
    if not is_bound(user):
        return rows
    rule = rules.get(rows.model)
    return rows.none() if rule is None else rows.filter(rule(user))


def sees(row: Model, user: Account) -> bool:
    """Whether the user sees `row`, as it is stored now."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    return not is_bound(user) or visible(rows, user).exists()


def among(rows: Iterable[Row], user: Account) -> list[Row]:
    """Those of `rows`, all of one model, that the user sees, in the same order."""
    found = list(rows)
    if not found or not is_bound(user):
        return found
    keys = [row.pk for row in found]
    seen = visible(type(found[0])._base_manager.filter(pk__in=keys), user)
    kept = set(seen.values_list("pk", flat=True))
    return [row for row in found if row.pk in kept]
