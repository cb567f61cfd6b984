"""Sign-ins: counts tries for each account and address, and locks out after too many.

A try is counted before its password is looked at, so that tries at one moment are counted, too.
Existing and unknown accounts are treated alike. The counts are in `public`, as digests: orgs need
no table for them, and they name no account and no address.
"""

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.handlers.base import AxesHandler
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tenants.utils import get_public_schema_name, schema_context
from structlog import get_logger

from tenants.accounts.models import schema_now
from tenants.models import SignInCount

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    tries: int
    period: timedelta


# For one account from one address.
FROM_ONE = Limit(5, timedelta(minutes=15))
# For one account from all addresses together that it has not signed in from: an attacker who
# changes addresses gets no more than these, and a user at a known address is not affected.
FROM_ALL = Limit(30, timedelta(hours=1))
ALL = ""
KNOWN_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Account:
    """The name of an account of an org or of the operators. It need not exist."""

    schema: str
    name: str

    @property
    def digest(self) -> str:
        return digest(self.schema, self.name.casefold())


def digest(*parts: str) -> str:
    text = "\0".join(parts)
    return salted_hmac("tenants.sign_ins", text, algorithm="sha256").hexdigest()


def locked_until(account: Account, address: str, *, now: datetime) -> datetime | None:
    """Counts a try. None if it is allowed, else the time of the next allowed one."""
    with in_public():
        here = held(account, digest(address), FROM_ONE, now=now)
        if over := counted(here, FROM_ONE):
            return over
        if is_known(here, now=now):
            return None
        return counted(held(account, ALL, FROM_ALL, now=now), FROM_ALL)


def is_within(limit: Limit, what: str, who: str, *, now: datetime) -> bool:
    """Counts that `who` does `what` here, and whether they have not done so too often."""
    with in_public():
        row = held(Account(schema_now(), f"\0{what}"), digest(who), limit, now=now)
        return counted(row, limit) is None


def succeeded(account: Account, address: str, *, now: datetime) -> None:
    """Called after a right password: uncounts the try and remembers the address as known."""
    with in_public():
        here = held(account, digest(address), FROM_ONE, now=now)
        if not is_known(here, now=now):
            of(account).filter(address=ALL, tries__gt=0).update(tries=F("tries") - 1)
        here.tries, here.signed_in = 0, now
        here.save()


def unlock(schema: str, name: str) -> None:
    """Gives the tries of one account back; without a name, of all."""
    with in_public():
        rows = SignInCount.objects.filter(schema_name=schema)
        (of(Account(schema, name)) if name else rows).update(tries=0)


@contextmanager
def in_public() -> Iterator[None]:
    """A transaction in `public`, where the counts are, whatever schema is current."""
    with schema_context(get_public_schema_name()), transaction.atomic():
        yield


def of(account: Account) -> "QuerySet[SignInCount]":
    return SignInCount.objects.filter(schema_name=account.schema, account=account.digest)


def held(account: Account, address: str, limit: Limit, *, now: datetime) -> SignInCount:
    """The row, locked until the transaction ends; reset if its period is over."""
    row, is_new = SignInCount.objects.select_for_update().get_or_create(
        schema_name=account.schema,
        account=account.digest,
        address=address,
        defaults={"since": now},
    )
    if is_new:
        forget_old(now=now)
    if row.since + limit.period <= now:
        row.since, row.tries = now, 0
    return row


def counted(row: SignInCount, limit: Limit) -> datetime | None:
    if row.tries >= limit.tries:
        return row.since + limit.period
    row.tries += 1
    row.save()
    return None


def is_known(row: SignInCount, *, now: datetime) -> bool:
    return row.signed_in is not None and now < row.signed_in + KNOWN_FOR


def forget_old(*, now: datetime) -> None:
    """Deletes counts older than an hour of addresses without a sign-in in the last 90 days."""
    over = Q(since__lt=now - FROM_ALL.period)
    unknown = Q(signed_in=None) | Q(signed_in__lt=now - KNOWN_FOR)
    SignInCount.objects.filter(over & unknown).delete()


def expect(request: HttpRequest, name: str) -> None:
    """The account that is about to sign in by `request`, where no password was asked for in it."""
    vars(request).setdefault("tried", (Account(schema_now(), name), address_of(request)))


class Handler(AxesHandler):
    """The handler that django-axes calls before and after a password is checked."""

    def is_allowed(
        self, request: HttpRequest, credentials: Mapping[str, str] | None = None
    ) -> bool:
        account = Account(schema_now(), str((credentials or {}).get("username") or ""))
        address, now = address_of(request), clock()
        until = locked_until(account, address, now=now)
        vars(request)["locked_for"] = until - now if until else None
        vars(request)["tried"] = account, address
        if until:
            log.warning("sign_in_locked")
        return until is None

    def user_logged_in(
        self,
        sender: type[AbstractBaseUser],
        request: HttpRequest,
        user: AbstractBaseUser,
        **_: object,
    ) -> None:
        if tried := vars(request).get("tried"):
            succeeded(*tried, now=clock())


def clock() -> datetime:
    """Now, also where no organization is current."""
    return timezone.now()


def address_of(request: HttpRequest) -> str:
    """The client's IPv4 address, or the /64 network of its IPv6 address, since a /64 belongs to one
    customer.

    Behind proxies it is what the outermost one of ours (settings.TRUSTED_PROXIES) saw; earlier
    entries of X-Forwarded-For can be written by anybody, so they are ignored.
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
