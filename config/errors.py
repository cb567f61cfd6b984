"""Error pages: JSON where a machine asked, a plain page for people."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/vapi"):
        return JsonResponse({"error": "There is nothing at this address."}, status=404)
    return render(request, "not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/vapi"):
        return JsonResponse({"error": "Something of ours failed."}, status=500)
    return render(request, "unavailable.html", status=500)
