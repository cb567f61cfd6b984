"""Refusals of a request: JSON where a machine asked, a page for people."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def is_by_a_machine(request: HttpRequest) -> bool:
    return request.path.startswith(settings.VENDOR_PATHS)


def refuse(request: HttpRequest, status: int, *, error: str, page: str) -> HttpResponse:
    """`error` for a machine, the template `page` for people."""
    if is_by_a_machine(request):
        return JsonResponse({"error": error}, status=status)
    return render(request, page, status=status)
