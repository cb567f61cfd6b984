"""Credentials: the secrets Vapi proves itself with. Shown once, stored as digests."""

import hashlib
import hmac
import secrets
from datetime import datetime

from assistants.models import Secret
from tenants.organizations import Refused

MOST = 2


def issue() -> str:
    """A new secret, in plain text this one time. Raises Refused when two are in use already."""
    if Secret.objects.filter(retired=None).count() >= MOST:
        raise Refused("org", "two secrets are in use already; retire the old one first")
    token = secrets.token_urlsafe(32)
    Secret.objects.create(digest=digest(token))
    return token


def retire_old(*, now: datetime) -> int:
    """End every secret but the newest. How many were ended."""
    newest = Secret.objects.filter(retired=None).first()
    if newest is None:
        return 0
    return Secret.objects.filter(retired=None).exclude(pk=newest.pk).update(retired=now)


def is_valid(token: str) -> bool:
    """Compared in constant time with each secret in use in the current org."""
    shown = digest(token)
    known = list(Secret.objects.filter(retired=None).values_list("digest", flat=True))
    return sum(hmac.compare_digest(shown, stored) for stored in known) > 0


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
