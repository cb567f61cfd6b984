"""Operators: what one click, or a request made by hand, does not take away."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.test import Client, RequestFactory

from tenants import organizations
from tenants.models import Domain, Organization
from tenants.sites import front_desk
from tenants.versions import VERSION
from tests.desk import version_in

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def operator(elm: Organization) -> Client:
    organizations.leave()
    client = Client(headers={"Host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("operator"))
    return client


def page_of(organization: Organization) -> str:
    return f"/admin/tenants/organization/{organization.pk}/change/"


def domains(*rows: Domain, delete: tuple[int, ...] = ()) -> dict[str, Any]:
    sent: dict[str, Any] = {
        "domains-TOTAL_FORMS": len(rows),
        "domains-INITIAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        sent |= {
            f"domains-{number}-id": row.pk,
            f"domains-{number}-tenant": row.tenant_id,
            f"domains-{number}-domain": row.domain,
        }
        sent |= {f"domains-{number}-is_primary": "on"} if row.is_primary else {}
        sent |= {f"domains-{number}-DELETE": "on"} if number in delete else {}
    return sent


def save(client: Client, organization: Organization, sent: dict[str, Any]) -> Any:
    path = page_of(organization)
    said = {
        "name": organization.name,
        "status": organization.status,
        "timezone": organization.timezone,
        "phone_region": organization.phone_region,
    }
    return client.post(path, {**said, **sent, VERSION: version_in(client.get(path))})


def test_the_last_domain_stays(operator: Client, elm: Organization) -> None:
    page = save(operator, elm, domains(elm.domains.get(), delete=(0,)))

    assert "The last domain stays" in page.content.decode()
    assert elm.domains.count() == 1


def test_the_primary_domain_goes_when_another_is(operator: Client, elm: Organization) -> None:
    first = elm.domains.get()
    second = organizations.add_domain(elm, "elm.example.com")

    refused = save(operator, elm, domains(first, second, delete=(0,)))

    assert "has to be the primary one" in refused.content.decode()
    second.is_primary = True
    first.is_primary = False
    assert save(operator, elm, domains(first, second, delete=(0,))).status_code == 302
    assert [row.domain for row in elm.domains.all()] == ["elm.example.com"]


def test_a_clinic_is_deleted_by_no_page(operator: Client, elm: Organization) -> None:
    """Its own page has no delete, and the list has no such action."""
    alone = operator.post(f"/admin/tenants/organization/{elm.pk}/delete/", {"post": "yes"})
    picked = {"action": "delete_selected", "_selected_action": [elm.pk], "post": "yes"}
    operator.post("/admin/tenants/organization/", picked)

    assert alone.status_code == 403
    assert Organization.objects.filter(pk=elm.pk).exists()
    assert operator.get("/admin/tenants/domain/").status_code == 404


def test_an_operator_who_has_worked_is_not_deleted(operator: Client) -> None:
    row = get_user_model().objects.get(username="operator")

    page = operator.post(f"/admin/auth/user/{row.pk}/delete/", {"post": "yes"}, follow=True)

    assert "operator has signed in here." in page.content.decode()
    assert get_user_model().objects.filter(pk=row.pk).exists()


def test_an_operator_who_never_signed_in_is_deleted(operator: Client) -> None:
    """Whose diary an account sees is written in a clinic alone; in `public` no table says it."""
    row = get_user_model().objects.create_user("other", is_staff=True)

    operator.post(f"/admin/auth/user/{row.pk}/delete/", {"post": "yes"}, follow=True)

    assert not get_user_model().objects.filter(pk=row.pk).exists()


def test_an_organizations_history_says_where_it_began(operator: Client, elm: Organization) -> None:
    page = operator.get(f"/admin/tenants/organization/{elm.pk}/history/")

    assert [(event.by, event.what) for event in page.context["events"]] == [("a command", "Added.")]


def test_another_time_zone_comes_with_what_it_means_for_visits(
    operator: Client, elm: Organization
) -> None:
    """The sentence is `bookings`' own: this app knows of no visits."""
    saved = save(operator, elm, {**domains(elm.domains.get()), "timezone": "Europe/London"})

    told = [str(message) for message in get_messages(saved.wsgi_request)]
    assert any(text.startswith("Hours are now Europe/London time. Appointments") for text in told)


def test_the_menu_of_the_front_desk_begins_with_what_staff_come_for(elm: Organization) -> None:
    request = RequestFactory().get("/admin/")
    request.user = get_user_model().objects.create_superuser("rosa")

    apps = [app["app_label"] for app in front_desk.get_app_list(request)]

    assert apps == ["bookings", "assistants", "auth", "accounts"]


def test_the_lists_are_grouped_in_the_sidebar(elm: Organization) -> None:
    request = RequestFactory().get("/admin/")
    request.user = get_user_model().objects.create_superuser("rosa")

    groups = [group["title"] for group in front_desk.get_sidebar_list(request)[1:]]

    assert groups == ["Patients and visits", "Practice", "Assistant", "Accounts"]
