"""The organization of a request: found by host, entered, or refused."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf
from django.utils import timezone
from structlog.contextvars import bound_contextvars

from tenants import organizations
from tenants.models import Domain, Organization
from tenants.refusals import refuse

Handler = Callable[[HttpRequest], HttpResponse]


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
        ):
            return self.get_response(request)


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
