"""Accounts: nobody gives more than they have; and what no page sends is no fault of ours."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from bookings.desk.actions import key_in
from tenants.models import Organization
from tests.desk import fields_in

pytestmark = pytest.mark.usefixtures("monday")

PAGES = ("view_user", "add_user", "change_user", "delete_user")


class Desk:
    def __init__(self, organization: Organization, user: User) -> None:
        self.organization = organization
        self.user = user
        self.client = Client(
            headers={"Host": "elm-street.localhost"}, raise_request_exception=False
        )
        self.client.force_login(user)

    def get(self, path: str) -> Any:
        return self.answered(self.client.get(f"/admin/{path}"))

    def post(self, path: str, data: dict[str, Any]) -> Any:
        return self.answered(self.client.post(f"/admin/{path}", data))

    def answered(self, response: Any) -> Any:
        self.organization.activate()
        return response


def account(name: str, **said: Any) -> User:
    made: User = get_user_model().objects.create_user(name, password="the first one", **said)
    return made


@pytest.fixture
def chief(elm: Organization) -> User:
    return account("chief", is_staff=True, is_superuser=True)


@pytest.fixture
def personnel(elm: Organization) -> Desk:
    """May change accounts, and look at the appointments."""
    group = Group.objects.create(name="Personnel")
    group.permissions.set(Permission.objects.filter(codename__in=[*PAGES, "view_appointment"]))
    user = account("personnel", is_staff=True)
    user.groups.add(group)
    return Desk(elm, user)


def page_of(user: User) -> str:
    return f"auth/user/{user.pk}/change/"


def test_nobody_makes_themself_a_superuser(personnel: Desk) -> None:
    page = personnel.get(page_of(personnel.user))
    assert "is_superuser" not in fields_in(page)
    assert b"is_superuser" not in page.content

    answer = personnel.post(page_of(personnel.user), {**fields_in(page), "is_superuser": "on"})

    personnel.user.refresh_from_db()
    assert answer.status_code == 302
    assert not personnel.user.is_superuser


def test_nobody_takes_a_right_they_lack(personnel: Desk) -> None:
    more = Group.objects.create(name="Diary")
    more.permissions.set(Permission.objects.filter(codename="change_appointment"))
    page = personnel.get(page_of(personnel.user))

    answer = personnel.post(page_of(personnel.user), {**fields_in(page), "groups": [more.pk]})

    assert answer.status_code == 200
    assert "is not one of the available choices" in answer.content.decode()
    assert not personnel.user.groups.filter(pk=more.pk).exists()


@pytest.mark.parametrize("where", ["change/", "password/", "delete/"])
def test_a_superusers_account_is_not_touched(where: str, chief: User, personnel: Desk) -> None:
    page = f"auth/user/{chief.pk}/{where}"
    said = {"password1": "mine from now on", "password2": "mine from now on", "post": "yes"}

    answer = personnel.post(page, {**said, "username": "chief"})

    chief.refresh_from_db()
    assert answer.status_code == 403
    assert chief.check_password("the first one")


def test_nor_by_an_action_on_the_list(chief: User, personnel: Desk) -> None:
    said = {"action": "delete_selected", "_selected_action": [chief.pk], "post": "yes"}

    assert personnel.post("auth/user/", said).status_code in (200, 403)
    assert User.objects.filter(pk=chief.pk).exists()


def test_who_may_do_more_keeps_their_password(personnel: Desk) -> None:
    more = account("diary", is_staff=True)
    more.user_permissions.set(Permission.objects.filter(codename="change_appointment"))
    said = {"password1": "mine from now on", "password2": "mine from now on"}

    assert personnel.post(f"auth/user/{more.pk}/password/", said).status_code == 403
    more.refresh_from_db()
    assert more.check_password("the first one")


def test_a_colleague_who_may_do_as_much_is_changed(personnel: Desk) -> None:
    other = account("other", is_staff=True)
    page = personnel.get(page_of(other))
    groups = list(personnel.user.groups.values_list("pk", flat=True))

    answer = personnel.post(page_of(other), {**fields_in(page), "groups": groups})

    assert answer.status_code == 302
    assert list(other.groups.values_list("pk", flat=True)) == groups


def test_a_superuser_makes_another(chief: User, elm: Organization) -> None:
    other = account("other", is_staff=True)
    desk = Desk(elm, chief)

    desk.post(page_of(other), {**fields_in(desk.get(page_of(other))), "is_superuser": "on"})

    other.refresh_from_db()
    assert other.is_superuser


# --- what no page sends


@pytest.mark.parametrize(
    "address",
    [
        "bookings/closure/?start__year=9999&start__month=12&start__day=31",
        "autocomplete/?app_label=bookings&model_name=appointment&field_name=patient&term=%00",
        "bookings/appointment/?q=%00",
        "bookings/appointment/?start__year=99999999999999999999",
        "bookings/appointment/not-a-key/change/",
        "bookings/appointment/?p=99999999999999999999",
    ],
)
def test_an_address_written_by_hand_is_no_fault(
    address: str, chief: User, elm: Organization
) -> None:
    assert Desk(elm, chief).get(address).status_code < 500


@pytest.mark.parametrize(
    "said",
    [
        {"action": "cancel", "_selected_action": ["x"]},
        {"action": "cancel", "_selected_action": ["x"], "post": "yes", "seen-x": "1"},
        {"action": "mark_arrived", "_selected_action": ["\x00"]},
        {"action": "merge", "_selected_action": ["9" * 5000]},
    ],
)
def test_a_choice_written_by_hand_is_no_fault(
    said: dict[str, Any], chief: User, elm: Organization
) -> None:
    desk = Desk(elm, chief)

    assert desk.post("bookings/appointment/", said).status_code < 500
    assert desk.post("bookings/patient/", said).status_code < 500


def test_a_change_of_five_thousand_digits_is_another_one() -> None:
    assert key_in("9" * 5000) == 999_999_999_999_999_999
    assert key_in("12") == 12
