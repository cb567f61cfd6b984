"""The two admin sites: the front desk at an org's host, the operators at theirs."""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, ValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.forms import AuthenticationForm
from unfold.sites import UnfoldAdminSite

from tenants import organizations

View = Callable[..., HttpResponse]

# Membership says that the password was made by `onboard_org` and is still to be replaced.
ONE_TIME_PASSWORD = "One-time password"  # noqa: S105 - the name of a group
# Who works with the diary, and is nobody's administrator.
FRONT_DESK = "Front desk"
# The place of an app in the menu that does not give one, as `menu_position` of its AppConfig.
LAST = 100


class SignInForm(AuthenticationForm):
    """Says the same of an account that there is and of one that there is not."""

    def get_invalid_login_error(self) -> ValidationError:
        locked_for = vars(self.request).get("locked_for")
        if locked_for is None:
            error: ValidationError = super().get_invalid_login_error()
            return error
        minutes = ceil(locked_for.total_seconds() / 60)
        again = "in a minute" if minutes == 1 else f"in {minutes} minutes"
        return ValidationError(
            f"Too many sign-ins have failed. Please try again {again}, or ask your operator."
        )


class Site(UnfoldAdminSite):
    """An admin whose addresses and forms may be written by hand: what no page sends is a 400."""

    login_form = SignInForm

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        inner: View = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return inner(request, *args, **kwargs)
            except (DataError, OverflowError, ValidationError) as error:
                raise BadRequest("a value that no page sends") from error

        return guarded


class FrontDeskSite(Site):
    """Where the staff of one org work, inside their schema."""

    index_title = "Front desk"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        organization = organizations.current()
        context: dict[str, Any] = super().each_context(request)
        return {
            **context,
            "site_title": organization.name,
            "site_header": organization.name,
            "site_subheader": f"Times are {organization.timezone}",
        }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found: list[Any] = super().get_app_list(request, app_label)
        return sorted(found, key=lambda app: menu_position(app["app_label"]))

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Of a one-time password nothing comes but a password of one's own."""
        inner: View = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_open = request.path in {reverse("admin:password_change"), reverse("admin:logout")}
            if not is_open and one_time(request).exists():
                return HttpResponseRedirect(reverse("admin:password_change"))
            return inner(request, *args, **kwargs)

        return guarded

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        if request.method == "POST" and one_time(request).exists():
            messages.warning(request, "Please choose your own password: this one was for once.")
            return HttpResponseRedirect(reverse("admin:password_change"))
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        response: HttpResponse = super().password_change(request, extra_context)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            one_time(request).delete()
        return response


def menu_position(app_label: str) -> int:
    return int(getattr(apps.get_app_config(app_label), "menu_position", LAST))


def one_time(request: HttpRequest) -> QuerySet[Any]:
    """The signed-in user's membership, if they still have it."""
    return get_user_model().groups.through.objects.filter(
        user_id=request.user.pk or 0, group__name=ONE_TIME_PASSWORD
    )


class OperatorsSite(Site):
    """Where operators see the organizations, and nothing that is inside one."""

    index_title = "Organizations"

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context: dict[str, Any] = super().each_context(request)
        return {**context, "site_title": "Operators", "site_header": "Operators"}


front_desk = FrontDeskSite(name="admin")
operators = OperatorsSite(name="admin")
