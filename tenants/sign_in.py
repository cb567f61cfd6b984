"""Sign-in: who tries passwords is locked out for a while, at the desk and at the operators' host.

django-axes counts by user and address together, in the schema of the host that was asked: so
nobody locks a colleague out from somewhere else, and no clinic knows of another's.
"""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def client_address(request: HttpRequest) -> str:
    """The peer's; where a proxy ends TLS for us, what that one proxy wrote down last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The same for a user there is and for one there is not."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return render(request, "locked_out.html", {"minutes": minutes}, status=429)


def unlock(username: str = "") -> int:
    """Let `username` in again, or everybody. How many pairs of a user and an address had failed.

    To be called within an organization, or outside any for the operators.
    """
    attempts = AccessAttempt.objects.all()
    attempts = attempts.filter(username=username) if username else attempts
    forgotten, _ = attempts.delete()
    return int(forgotten)
