"""Error pages: what is answered where no view answers."""

from django.http import HttpRequest, HttpResponse

from tenants.refusals import refuse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 400, error="This cannot be understood.", page="bad_request.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 404, error="There is nothing at this address.", page="not_found.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return refuse(request, 500, error="Something of ours failed.", page="unavailable.html")
