"""The organization of a request: found by host, entered, or refused."""

import time
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db.models import Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from tenants import memory, organizations
from tenants.memory import Home
from tenants.models import Directory, Domain, Organization
from tenants.refusals import refuse

Handler = Callable[[HttpRequest], HttpResponse]

# Whether a message recalls, each time that it runs. It runs again only if what it recalled changed
# meanwhile.
TRIES = (True, True, False)
OUTDATED = "tenants.outdated"


class OrganizationMiddleware:
    """Enters the schema of the org whose domain was asked for, for the length of the request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        organizations.leave()
        set_urlconf(None)
        try:
            host = request.get_host().partition(":")[0].lower().rstrip(".")
        except DisallowedHost:
            return unknown_host(request)
        if host == settings.OPERATORS_HOST:
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        for recalls in TRIES if memory.is_allowed() else TRIES[-1:]:
            request.META[OUTDATED] = False
            with suppress(memory.Outdated):
                response = self.served(request, host, recalls=recalls)
                if not request.META[OUTDATED]:
                    return response
            memory.forget(host)
            organizations.leave()
        return unavailable(request)

    def served(self, request: HttpRequest, host: str, *, recalls: bool) -> HttpResponse:
        """Raises Outdated if what was recalled of the host is no longer so."""
        home = memory.home(host) if recalls else None
        if home is None:
            home = looked_up(host)
            if home is None:
                return unknown_host(request)
            if not is_served(home.organization):
                return unavailable(request)
        organization = home.organization
        with (
            memory.recalling(host, home) if recalls else organizations.within(organization),
            timezone.override(organization.zone),
            bound_contextvars(org=organization.slug),
        ):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Has the request run again if what it recalled is no longer so. Django tells a middleware
        of an exception here alone, and makes a 500 of it otherwise."""
        if not isinstance(fault, memory.Outdated):
            return None
        request.META[OUTDATED] = True
        return HttpResponse(status=503)


def looked_up(host: str) -> Home | None:
    """Whose host it is. In one statement with the version of the organizations, so that they belong
    together."""
    now = time.monotonic()
    version = Subquery(Directory.objects.values("version"))
    rows = Domain.objects.select_related("tenant").annotate(version=version)
    domain = rows.filter(domain=host).first()
    return Home(domain.tenant, domain.version, now) if domain else None


def is_served(organization: Organization) -> bool:
    return (
        organization.is_active
        and organization.has_known_zone
        and organizations.is_complete(organization)
    )


def unknown_host(request: HttpRequest) -> HttpResponse:
    return refuse(
        request, 404, error="There is no clinic at this address.", page="unknown_host.html"
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    return refuse(request, 503, error="This clinic is unavailable.", page="unavailable.html")
