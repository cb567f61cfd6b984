"""Sign-ins: how many tries an account has, and who has used them up.

A try is counted before its password is looked at, so that tries at one moment are counted, too. It
makes no difference whether there is such an account. The counts stand in `public` as digests: they
cost an org no table, and name neither accounts nor addresses.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AxesHandler
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tenants.utils import get_public_schema_name, schema_context
from structlog import get_logger

from tenants.models import SignInCount

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    tries: int
    within: timedelta


# Of one account from one address.
FROM_ONE = Limit(5, timedelta(minutes=15))
# Of one account from all addresses together that it has not signed in from: who changes addresses
# has no more than these, and who is where they always are does not hear of it.
FROM_ALL = Limit(30, timedelta(hours=1))
ALL = ""
KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Account:
    """An account of an org, or of the operators. There need be none of that name."""

    schema: str
    name: str

    @property
    def digest(self) -> str:
        return digest(self.schema, self.name.casefold())


def digest(*parts: str) -> str:
    text = "\0".join(parts)
    return salted_hmac("tenants.sign_ins", text, algorithm="sha256").hexdigest()


def locked_until(account: Account, address: str, *, now: datetime) -> datetime | None:
    """Count a try; None where it may be made, else when the next one may be."""
    with in_public():
        here = held(account, digest(address), FROM_ONE, now=now)
        if over := counted(here, FROM_ONE):
            return over
        if is_known(here, now=now):
            return None
        return counted(held(account, ALL, FROM_ALL, now=now), FROM_ALL)


def succeeded(account: Account, address: str, *, now: datetime) -> None:
    """The password was right: its try does not count, and the address is known from now on."""
    with in_public():
        here = held(account, digest(address), FROM_ONE, now=now)
        if not is_known(here, now=now):
            of(account).filter(address=ALL, tries__gt=0).update(tries=F("tries") - 1)
        here.tries, here.signed_in = 0, now
        here.save()


def unlock(schema: str, name: str = "") -> None:
    """Give back the tries of one account, or of all."""
    with in_public():
        rows = SignInCount.objects.filter(schema_name=schema)
        (of(Account(schema, name)) if name else rows).update(tries=0)


@contextmanager
def in_public() -> Iterator[None]:
    """One transaction in the schema that the counts are in, from wherever."""
    with schema_context(get_public_schema_name()), transaction.atomic():
        yield


def of(account: Account) -> "QuerySet[SignInCount]":
    return SignInCount.objects.filter(schema_name=account.schema, account=account.digest)


def held(account: Account, address: str, limit: Limit, *, now: datetime) -> SignInCount:
    """The row, begun anew when its time is over, and held until the transaction ends."""
    row, is_new = SignInCount.objects.select_for_update().get_or_create(
        schema_name=account.schema,
        account=account.digest,
        address=address,
        defaults={"since": now},
    )
    if is_new:
        forget_old(now=now)
    if row.since + limit.within <= now:
        row.since, row.tries = now, 0
    return row


def counted(row: SignInCount, limit: Limit) -> datetime | None:
    if row.tries >= limit.tries:
        return row.since + limit.within
    row.tries += 1
    row.save()
    return None


def is_known(row: SignInCount, *, now: datetime) -> bool:
    return row.signed_in is not None and now < row.signed_in + KNOWN_FOR


def forget_old(*, now: datetime) -> None:
    """Nothing is left of who tried an hour ago, and never signed in."""
    over = Q(since__lt=now - FROM_ALL.within)
    unknown = Q(signed_in=None) | Q(signed_in__lt=now - KNOWN_FOR)
    SignInCount.objects.filter(over & unknown).delete()


class Handler(AxesHandler):
    """What django-axes asks before a password is looked at, and tells after it."""

    def is_allowed(self, request: HttpRequest, credentials: Any = None) -> bool:
        account = Account(schema_now(), str((credentials or {}).get("username") or ""))
        address, now = address_of(request), timezone.now()
        until = locked_until(account, address, now=now)
        vars(request)["locked_for"] = until - now if until else None
        vars(request)["tried"] = account, address
        if until:
            log.warning("sign_in_locked")
        return until is None

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        if tried := vars(request).get("tried"):
            succeeded(*tried, now=timezone.now())

    def get_failures(self, request: HttpRequest, credentials: Any = None) -> int:
        """Asked by nobody: `is_allowed` decides."""
        return 0


def schema_now() -> str:
    return str(getattr(connection, "schema_name", get_public_schema_name()))


def address_of(request: HttpRequest) -> str:
    """Who asks: an IPv4 address, or the network of an IPv6 one, of which one customer has it all.

    Behind proxies it is what the outermost one of ours (settings.TRUSTED_PROXIES) saw; what stands
    before it in X-Forwarded-For was written by anybody.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    hops = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    count = settings.TRUSTED_PROXIES if settings.HTTPS else 0
    seen = hops[-count] if 0 < count <= len(hops) else peer
    return network(seen.strip()) or network(peer) or peer


def network(address: str) -> str:
    """“203.0.113.7”, “2001:db8::/64”; "" for what is no address. A port is left out."""
    host, _, port = address.rpartition(":")
    if "." in address and port.isdecimal():
        address = host
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((int(found), 64), strict=False))
