"""The two admin sites: the front desk at an org's host, the operators at theirs."""

from collections.abc import Callable, Mapping
from functools import partial, wraps
from math import ceil
from typing import Any, TypedDict, cast

from django.apps import apps
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import DataError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp import DEVICE_ID_SESSION_KEY
from unfold.forms import AuthenticationForm

from tenants import (
    organizations,
    password_resets,
    roles,
    second_steps,
    sidebar,
    sign_in_links,
    sign_ins,
)
from tenants.accounts import mail, second_step
from tenants.accounts.second_step import Standing
from tenants.passwords import ONE_TIME_PASSWORD
from tenants.refusals import refuse
from tenants.sidebar import Badge, Page, View
from tenants.theme import ThemedSite

# The place of an app in the menu that does not give one, as `menu_position` of its AppConfig.
LAST = 100
BACKEND = "django.contrib.auth.backends.ModelBackend"
RESETS: list[tuple[str, Any, str]] = [
    ("password_reset/", password_resets.AskView, "reset"),
    ("password_reset/asked/", password_resets.AskedView, "reset_asked"),
    ("reset/<uidb64>/<token>/", password_resets.ConfirmView, "reset_confirm"),
]


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


class AppInMenu(TypedDict):
    """The part of Django's menu entry for an app that we use."""

    app_label: str
    models: list[dict[str, Any]]


class Site(ThemedSite):
    """Its start page is the page that was registered with `start`; for users who may not see that
    one, it is the list of lists.

    Answers 400 to a hand-made address or form that no page could have sent.
    """

    def account_urls(self) -> list[URLResolver | URLPattern]:
        """The pages of whoever signs in."""
        return [
            path(
                "welcome/<str:secret>/",
                self.open_view(partial(sign_in_links.arrive, self)),
                name="sign_in_link",
            ),
            path("welcome/", self.open_view(partial(sign_in_links.welcome, self)), name="welcome"),
            path(
                "login/code/", self.open_view(partial(second_steps.ask, self)), name="second_step"
            ),
            path(
                "second-step/",
                super().admin_view(partial(second_steps.own, self)),
                name="own_second_step",
            ),
            *(
                path(route, self.open_view(view.as_view(site=self)), name=name)
                for route, view, name in RESETS
            ),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has a second step has taken it in this session."""
        if not super().has_permission(request):
            return False
        device = self.standing(request).device
        return not device or request.session.get(DEVICE_ID_SESSION_KEY) == device

    def standing(self, request: HttpRequest) -> Standing:
        """Asked once for a request, and anew when its user becomes another one."""
        kept: dict[int, Standing] = vars(request).setdefault("second_steps", {})
        user = request.user
        if isinstance(user, User) and user.pk not in kept:
            kept[user.pk] = second_step.standing(user)
        return kept.get(user.pk or 0, Standing())

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Django's page, with our view."""
        index = reverse("admin:index")
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(index)
        context = {
            **self.each_context(request),
            "title": "Sign in",
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            "has_mail": mail.is_configured(),
            **(extra_context or {}),
        }
        if "next" not in request.GET and "next" not in request.POST:
            context["next"] = index
        view = second_steps.SignInView.as_view(
            site=self,
            extra_context=context,
            authentication_form=SignInForm,
            template_name="tenants/sign_in.html",
        )
        return cast(HttpResponse, view(request))

    def enter(self, request: HttpRequest, user: User, *, next_page: str = "") -> HttpResponse:
        """Let in who has shown who they are by a password; or ask for their second step first."""
        if second_step.standing(user).device:
            return second_steps.wait(request, user, next_page=next_page)
        return self.signed_in(request, user, next_page=next_page)

    def signed_in(self, request: HttpRequest, user: User, *, next_page: str) -> HttpResponse:
        sign_ins.expect(request, user.get_username())
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(next_page or reverse("admin:index"))

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Who needs a second step and has none can only open the page to turn it on, or leave."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            open_pages = {reverse("admin:password_change"), reverse("admin:logout")}
            if request.path not in open_pages and self.lacks_second_step(request):
                return HttpResponseRedirect(reverse("admin:own_second_step"))
            if request.path not in open_pages and self.would_lose_a_form(request):
                return refuse(request, 403, error="You are signed out.", page="out_of_date.html")
            return self.answered(inner, request, *args, **kwargs)

        return guarded

    def would_lose_a_form(self, request: HttpRequest) -> bool:
        """Whether a form is sent by a browser that is signed out: after a sign-in it would be
        empty. Scripts of our pages, which do not ask for HTML, say so themselves."""
        is_form = request.method == "POST" and "text/html" in request.headers.get("Accept", "")
        return is_form and not self.has_permission(request)

    def lacks_second_step(self, request: HttpRequest) -> bool:
        standing = self.standing(request)
        return standing.is_required and not standing.device and self.has_permission(request)

    def answered(
        self, view: View, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (DataError, OverflowError, ValidationError) as error:
            raise BadRequest("a value that no page sends") from error

    def open_view(self, view: View) -> View:
        """`view` for whoever comes. Nobody keeps what it answers."""
        return sensitive_post_parameters()(never_cache(view))

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.pages: list[Page] = []
        # Why a user may open nothing, in words, or "". Apps add theirs.
        self.obstacles: list[Callable[[HttpRequest], str]] = [several_roles]
        self.start: View | None = None

    def page(
        self,
        route: str,
        *,
        name: str,
        permission: str | tuple[str, ...],
        title: str = "",
        icon: str = "",
        position: int = LAST,
        badge: Badge | None = None,
        start: bool = False,
        by_sight: bool = False,
        only_reads: bool = False,
    ) -> Callable[[View], View]:
        """Register a view as the page `admin:<name>` at /admin/<route>, for users with `permission`
        (“app.codename”), or one of several. A page with a title is in the sidebar, in the order of
        `position`. The start page has the route "".

        `by_sight`: the view shows and changes only what `tenants.sight` lets its user see; bound
        users may open no others. `only_reads`: a POST changes nothing, so that who may change
        nothing may send it.
        """

        def register(view: View) -> View:
            page = Page(
                route, name, view, permission, title, icon, position, badge, by_sight, only_reads
            )
            self.pages.append(page)
            return view

        def register_start(view: View) -> View:
            self.start = view
            return register(view)

        return register_start if start else register

    def render(
        self, request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200
    ) -> TemplateResponse:
        """A whole page of the site."""
        whole = {**self.each_context(request), **context}
        return TemplateResponse(request, template, whole, status=status)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        own: list[URLResolver | URLPattern] = [
            path(page.route, self.admin_view(self.permitted(page)), name=page.name)
            for page in self.pages
        ]
        # Django's way to a row's public page: no row has one, and it looks into any table.
        others = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        return [*self.account_urls(), *own, *others]

    def permitted(self, page: Page) -> View:
        """The view of the page, for those who may see it."""

        @wraps(page.view)
        def view(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if page.is_for(request.user):
                return page.view(request, *args, **kwargs)
            if page.view is self.start:
                return self.index(request)
            raise PermissionDenied

        vars(view)["only_reads"] = page.only_reads
        return view

    def get_sidebar_list(self, request: HttpRequest) -> list[sidebar.Entry]:
        """Made once for a request: a page may ask for its context several times."""
        kept = vars(request)
        if "sidebar" not in kept:
            kept["sidebar"] = sidebar.groups(self.pages, self.get_app_list(request), request)
        found: list[sidebar.Entry] = kept["sidebar"]
        return found

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
        return sorted(found, key=lambda app: menu_position(app["app_label"]))

    def search(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The theme keeps what it found under the user's key, for all orgs. It is off."""
        raise Http404


class FrontDeskSite(Site):
    """The site where the staff of one org work, inside their schema."""

    index_title = "Front desk"
    has_exports = True

    def log_change(self, request: HttpRequest, row: Model, message: str) -> None:
        """Enter in the history of `row` what a page did to it."""
        admin: Any = self._registry[type(row)]
        admin.log_change(request, row, message)

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        organization = organizations.current()
        return {
            **super().each_context(request),
            "site_title": organization.name,
            "site_header": organization.name,
            "site_subheader": f"Times are {organization.timezone}",
        }

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """A user with a one-time password can only open the page to choose another one, or sign
        out."""
        inner, only_reads = super().admin_view(view, cacheable), getattr(view, "only_reads", False)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            is_open = request.path in {reverse("admin:password_change"), reverse("admin:logout")}
            if not is_open and one_time(request).exists():
                return HttpResponseRedirect(reverse("admin:password_change"))
            if not is_open and (said := self.obstacle(request)):
                return self.told(request, said)
            if not is_open and not only_reads and would_change(request):
                raise PermissionDenied
            return inner(request, *args, **kwargs)

        return guarded

    def obstacle(self, request: HttpRequest) -> str:
        """Why this user may open nothing; "" if they may."""
        return next(filter(None, (obstacle(request) for obstacle in self.obstacles)), "")

    def told(self, request: HttpRequest, said: str) -> HttpResponse:
        context = {"title": "Nothing to see yet", "said": said}
        return self.render(request, "tenants/obstacle.html", context, status=403)

    def login(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        response = super().login(request, extra_context)
        is_signed_in = request.method == "POST" and isinstance(response, HttpResponseRedirect)
        if is_signed_in and one_time(request).exists():
            messages.warning(request, "Please choose your own password: this one was for once.")
            # The same answer, since it brings the cookies of a new sign-in.
            response["Location"] = reverse("admin:password_change")
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


def several_roles(request: HttpRequest) -> str:
    if not roles.is_unclear(request.user):
        return ""
    return "Your account has several roles that contradict each other. A manager has to choose one."


def would_change(request: HttpRequest) -> bool:
    """Whether the user of the role “Read only” sends something that may change a row."""
    is_safe = request.method in {"GET", "HEAD", "OPTIONS"}
    return not is_safe and roles.has(request.user, roles.READ_ONLY)


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
