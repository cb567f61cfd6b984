"""Links by which a user chooses a password of their own: an invitation, or a way back in."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User

from tenants import tokens
from tenants.accounts.models import Link

LASTS = timedelta(days=7)


def make(user: User, *, now: datetime) -> str:
    """A new link of `user`, in place of the one there was. Its secret, which is not stored."""
    secret = tokens.draw()
    said = {
        "digest": tokens.digest(secret),
        "password": user.get_session_auth_hash(),
        "expires": now + LASTS,
    }
    Link.objects.update_or_create(user=user, defaults=said)
    return secret


def find(digest: str, *, now: datetime) -> User | None:
    """The user whose link has this digest, if it still works."""
    row = Link.objects.select_related("user").filter(digest=digest, expires__gt=now).first()
    return row.user if row and works(row) else None


def take(digest: str, *, now: datetime) -> User | None:
    """As `find`, and the link is used up. Called in the transaction that stores the password: of
    two at one moment the second waits here, and finds none."""
    rows = Link.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(digest=digest, expires__gt=now).first()
    if row is None or not works(row):
        return None
    row.delete()
    return row.user


def works(row: Link) -> bool:
    may_sign_in = row.user.is_active and row.user.is_staff
    return may_sign_in and row.password == row.user.get_session_auth_hash()
