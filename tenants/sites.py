"""The two admin sites: the front desk at an org's host, the operators at theirs."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.sites import UnfoldAdminSite

from tenants import organizations


class FrontDeskSite(UnfoldAdminSite):
    """Where the staff of one org work, inside their schema."""

    index_title = "Front desk"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        name = organizations.current().name
        context: dict[str, Any] = super().each_context(request)
        return {**context, "site_title": name, "site_header": name}

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        new = never_signed_in(request.POST.get("username", ""))
        response: HttpResponse = super().login(request, extra_context)
        if new and isinstance(response, HttpResponseRedirect) and request.user.is_authenticated:
            messages.warning(request, "Please choose your own password: this one was for once.")
            return HttpResponseRedirect(reverse("admin:password_change"))
        return response


def never_signed_in(username: str) -> bool:
    user: AbstractBaseUser | None = (
        get_user_model().objects.filter(username=username, last_login=None).first()
        if username
        else None
    )
    return user is not None


class OperatorsSite(UnfoldAdminSite):
    """Where operators see the organizations, and nothing that is inside one."""

    index_title = "Organizations"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return {**context, "site_title": "Operators", "site_header": "Operators"}


front_desk = FrontDeskSite(name="admin")
operators = OperatorsSite(name="admin")
