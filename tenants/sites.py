"""The two admin sites: the front desk at an org's host, the operators at theirs."""

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any, TypedDict

from django.apps import apps
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from unfold.forms import AuthenticationForm

from tenants import organizations, sidebar
from tenants.sidebar import Badge, Page, View
from tenants.theme import ThemedSite

# Members of this group still use the password that `onboard_org` made, and must replace it.
ONE_TIME_PASSWORD = "One-time password"  # noqa: S105 - the name of a group
# Staff who work with the diary and manage no accounts.
FRONT_DESK = "Front desk"
# The place of an app in the menu that does not give one, as `menu_position` of its AppConfig.
LAST = 100
# Where a request keeps the lists its user may see: each page needs them twice.
APP_LIST = "front_desk_app_list"


class SignInForm(AuthenticationForm):
    """Its errors are the same for existing and unknown accounts."""

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


class Site(ThemedSite):
    """Answers 400 to a hand-made address or form that no page could have sent."""

    login_form = SignInForm

    def search(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The theme keeps what it found under the user's key, for all orgs. It is off."""
        raise Http404

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return inner(request, *args, **kwargs)
            except (DataError, OverflowError, ValidationError) as error:
                raise BadRequest("a value that no page sends") from error

        return guarded


class AppInMenu(TypedDict):
    """The part of Django's menu entry for an app that we use."""

    app_label: str
    models: list[dict[str, Any]]


class FrontDeskSite(Site):
    """The site where the staff of one org work, inside their schema.

    Its start page is the page that was registered with `start`; for who may not see that one, it is
    the list of lists.
    """

    index_title = "Front desk"
    has_exports = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.pages: list[Page] = []
        self.start: View | None = None

    def page(
        self,
        route: str,
        *,
        name: str,
        permission: str,
        title: str = "",
        icon: str = "",
        position: int = LAST,
        badge: Badge | None = None,
        start: bool = False,
    ) -> Callable[[View], View]:
        """Register a view as the page `admin:<name>` at /admin/<route>, for users with `permission`
        (“app.codename”). A page with a title is in the sidebar, in the order of `position`. The
        start page has the route "".
        """

        def register(view: View) -> View:
            page = Page(route, name, view, permission, title, icon, position, badge)
            self.pages.append(page)
            return view

        def register_start(view: View) -> View:
            self.start = view
            return register(view)

        return register_start if start else register

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path(page.route, self.admin_view(self.permitted(page)), name=page.name)
            for page in self.pages
        ]
        return [*own, *super().get_urls()]

    def permitted(self, page: Page) -> View:
        """The view of the page, for those who may see it."""

        @wraps(page.view)
        def view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.has_perm(page.permission):
                return page.view(request, *args, **kwargs)
            if page.view is self.start:
                return self.index(request)
            raise PermissionDenied

        return view

    def log_change(self, request: HttpRequest, row: Model, message: str) -> None:
        """Enter in the history of `row` what a page did to it."""
        admin: Any = self._registry[type(row)]
        admin.log_change(request, row, message)

    def get_sidebar_list(self, request: HttpRequest) -> list[sidebar.Entry]:
        """Made once for a request: a page may ask for its context several times."""
        kept = vars(request)
        if "sidebar" not in kept:
            lists = kept.get(APP_LIST) or self.get_app_list(request)
            kept["sidebar"] = sidebar.groups(self.pages, lists, request)
        found: list[sidebar.Entry] = kept["sidebar"]
        return found

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        organization = organizations.current()
        return {
            **super().each_context(request),
            "site_title": organization.name,
            "site_header": organization.name,
            "site_subheader": f"Times are {organization.timezone}",
        }

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> "list[AppInMenu]":
        """Asked once for a request and app: it takes queries, and a page needs it several times."""
        kept: dict[str | None, list[AppInMenu]] = vars(request).setdefault("app_lists", {})
        if app_label not in kept:
            kept[app_label] = self.apps_in_menu(request, app_label)
        return kept[app_label]

    def apps_in_menu(self, request: HttpRequest, app_label: str | None) -> "list[AppInMenu]":
        found: list[AppInMenu] = super().get_app_list(request, app_label)
        for app in found:
            for model in app["models"]:
                model["menu_group"] = getattr(self._registry[model["model"]], "menu_group", "")
        ordered = sorted(found, key=lambda app: menu_position(app["app_label"]))
        if app_label is None:
            setattr(request, APP_LIST, ordered)
        return ordered

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """A user with a one-time password can only open the page to choose another one, or sign
        out."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            is_open = request.path in {reverse("admin:password_change"), reverse("admin:logout")}
            if not is_open and one_time(request).exists():
                return HttpResponseRedirect(reverse("admin:password_change"))
            return inner(request, *args, **kwargs)

        return guarded

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        response = super().login(request, extra_context)
        if request.method == "POST" and one_time(request).exists():
            messages.warning(request, "Please choose your own password: this one was for once.")
            return HttpResponseRedirect(reverse("admin:password_change"))
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> TemplateResponse:
        response = super().password_change(request, extra_context)
        if request.method == "POST" and isinstance(response, HttpResponseRedirect):
            one_time(request).delete()
        return response


def menu_position(app_label: str) -> int:
    return int(getattr(apps.get_app_config(app_label), "menu_position", LAST))


def one_time(request: HttpRequest) -> "QuerySet[Model]":
    """The signed-in user's membership, if they still have it."""
    return get_user_model().groups.through.objects.filter(
        user_id=request.user.pk or 0, group__name=ONE_TIME_PASSWORD
    )


class OperatorsSite(Site):
    """The site where operators see the organizations, and nothing that is inside one."""

    index_title = "Organizations"

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        context = super().each_context(request)
        return {**context, "site_title": "Operators", "site_header": "Operators"}


front_desk = FrontDeskSite(name="admin")
operators = OperatorsSite(name="admin")
