"""The organization of a request: found by host, entered, or refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from tenants import memory, organizations
from tenants.models import Domain, Organization
from tenants.refusals import refuse

Handler = Callable[[HttpRequest], HttpResponse]
Recalling = Callable[[], AbstractContextManager[None]]

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
            response = self.served(request, host, memory.recalling if recalls else memory.unused)
            if not request.META[OUTDATED]:
                break
            organizations.leave()
        return response

    def served(self, request: HttpRequest, host: str, recalling: Recalling) -> HttpResponse:
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
        if domain is None:
            return unknown_host(request)
        organization = domain.tenant
        if not is_served(organization):
            return unavailable(request)
        with (
            organizations.within(organization),
            timezone.override(organization.zone),
            bound_contextvars(org=organization.slug),
            recalling(),
        ):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Has the request run again if what it recalled is no longer so. Django tells a middleware
        of an exception here alone, and makes a 500 of it otherwise."""
        if not isinstance(fault, memory.Outdated):
            return None
        request.META[OUTDATED] = True
        return HttpResponse(status=503)


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
