"""Roles: what an account of the front desk is for. Each role is a group, and an account has one.

Apps add roles of their own. A superuser has every right, and no role narrows them.
"""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser, User

Account: TypeAlias = User | AnonymousUser

# All that is in the clinic, the accounts included.
MANAGER = "Manager"
# Staff who work with the diary and manage no accounts.
FRONT_DESK = "Front desk"
# Sees what the front desk sees, and changes nothing.
READ_ONLY = "Read only"

roles = {MANAGER, FRONT_DESK, READ_ONLY}
# The roles that take something away: together with another role they would not mean anything.
narrowing = {READ_ONLY}

KEPT = "_names_of_groups"  # where a user keeps what was read


def held_by(user: Account) -> frozenset[str]:
    """The names of the user's groups. Read once for a user of a request."""
    found: frozenset[str] | None = getattr(user, KEPT, None)
    if found is None:
        found = frozenset(user.groups.values_list("name", flat=True))
        setattr(user, KEPT, found)
    return found


def has(user: Account, role: str) -> bool:
    return not user.is_superuser and role in held_by(user)


def clash(names: frozenset[str]) -> bool:
    """Whether one of these groups is a role that narrows another of them."""
    return bool(names & narrowing) and len(names & roles) > 1


def is_unclear(user: Account) -> bool:
    """Whether the user has roles that contradict each other. Then they may do nothing."""
    return not user.is_superuser and clash(held_by(user))
