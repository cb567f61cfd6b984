"""Error pages: what is answered where no view answers."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from bookings.desk import answers
from tenants.refusals import refuse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 400, error="This cannot be understood.", page="bad_request.html")


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 403, error="This is not allowed.", page="not_allowed.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refuse(request, 404, error="There is nothing at this address.", page="not_found.html")


def server_error(request: HttpRequest) -> HttpResponse:
    return refuse(request, 500, error="Something of ours failed.", page="unavailable.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The browser gets a token with the answer, so that the next try is accepted."""
    get_token(request)
    said = "This page was out of date. Nothing was changed; please try again."
    if answers.is_asked_for(request):
        return answers.not_allowed(said)
    return refuse(request, 403, error=said, page="out_of_date.html")
