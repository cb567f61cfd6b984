"""Pages of the front desk beside the lists: who may open them, and where the sidebar has them."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import Client
from django.urls import path

from tenants.models import Organization
from tenants.roles import FRONT_DESK
from tenants.sites import FrontDeskSite

SEES_VISITS = "bookings.view_appointment"
site = FrontDeskSite(name="admin")


@site.page("heron/", name="heron", title="Heron", position=2, permission=SEES_VISITS)
def heron(request: HttpRequest) -> HttpResponse:
    context = {**site.each_context(request), "title": "the heron"}
    return TemplateResponse(request, "admin/base.html", context)


@site.page(
    "", name="egret", title="Egret", position=1, permission=SEES_VISITS, badge=lambda _: "3 eggs",
    start=True,
)  # fmt: skip
def egret(request: HttpRequest) -> HttpResponse:
    context = {**site.each_context(request), "title": "the egret"}
    return TemplateResponse(request, "admin/base.html", context)


@site.page("hidden/", name="hidden", permission=SEES_VISITS)
def hidden(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the hidden one")


@site.page("stork/", name="stork", title="Stork", position=3, permission="auth.view_user")
def stork(request: HttpRequest) -> HttpResponse:
    return HttpResponse("the stork")


urlpatterns = [path("admin/", site.urls)]


def pages(elm: Organization, settings: Any, *groups: str) -> Any:
    """What a colleague of these groups gets at an address."""
    settings.ROOT_URLCONF = __name__
    account = get_user_model().objects.create_user("rosa", is_staff=True)
    account.groups.set(Group.objects.filter(name__in=groups))
    client = Client(headers={"Host": "elm-street.localhost"})
    client.force_login(account)
    return lambda address: client.get(f"/admin/{address}")


def sidebar(page: Any) -> list[tuple[str, list[str]]]:
    return [
        (group.get("title", ""), [item["title"] for item in group["items"]])
        for group in page.context["sidebar_navigation"]
    ]


def test_pages_stand_in_the_sidebar_in_their_order_and_lists_below(
    elm: Organization, settings: Any
) -> None:
    page = pages(elm, settings, FRONT_DESK)("heron/")

    assert sidebar(page)[0] == ("", ["Egret", "Heron"])
    assert page.content.decode().index("3 eggs") < page.content.decode().index(">Heron<")
    assert "/admin/hidden/" not in page.content.decode()


def test_a_page_is_for_those_with_its_right(elm: Organization, settings: Any) -> None:
    get = pages(elm, settings, FRONT_DESK)

    assert get("stork/").status_code == 403
    assert get("hidden/").content == b"the hidden one"


def test_the_start_page_is_the_index(elm: Organization, settings: Any) -> None:
    page = pages(elm, settings, FRONT_DESK)("")

    assert page.context["title"] == "the egret"


def test_who_may_not_see_the_start_page_sees_the_list_of_lists(
    elm: Organization, settings: Any
) -> None:
    page = pages(elm, settings)("")

    assert page.status_code == 200
    assert page.context["title"] == "Front desk"
    assert sidebar(page) == [("", [])]


def test_nobody_who_is_signed_out_sees_a_page(elm: Organization, settings: Any) -> None:
    settings.ROOT_URLCONF = __name__

    page = Client(headers={"Host": "elm-street.localhost"}).get("/admin/heron/")

    assert page.status_code == 302
    assert page.headers["Location"].startswith("/admin/login/")
