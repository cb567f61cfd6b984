"""The Content-Security-Policy of pages, and their compression."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from tenants.refusals import is_by_a_machine

Handler = Callable[[HttpRequest], HttpResponse]

# https://www.w3.org/TR/CSP3/. The theme has inline styles but no inline scripts.
POLICY = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
SCRIPTS = "script-src 'self'"
# Alpine, which the theme is made with, reads its attributes by `new Function`.
SCRIPTS_OF_THE_ADMIN = f"{SCRIPTS} 'unsafe-eval'"


class ContentSecurityPolicyMiddleware:
    """Sets a Content-Security-Policy on every page, so that injected scripts do not run.

    What a machine is answered is not a page, and has none.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_by_a_machine(request):
            is_admin = request.path.startswith("/admin/")
            scripts = SCRIPTS_OF_THE_ADMIN if is_admin else SCRIPTS
            response["Content-Security-Policy"] = "; ".join((*POLICY, scripts))
        return response


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages of the admin and static files, and not what a machine is answered.

    Django pads each page by a random length, so that sizes tell nothing (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not request.path.startswith((settings.STATIC_URL, "/admin/")):
            return response
        return super().process_response(request, response)
