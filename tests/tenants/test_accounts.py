"""Accounts: users give no rights they lack; a request that no page sends is not a server error."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from bookings.desk.actions import key_in
from tenants.models import Organization
from tenants.roles import FRONT_DESK
from tests.desk import SignedIn, fields_in

pytestmark = pytest.mark.usefixtures("monday")

PAGES = ("view_user", "add_user", "change_user", "delete_user")


class Desk(SignedIn):
    def __init__(self, organization: Organization, user: User) -> None:
        super().__init__(organization, user, raise_request_exception=False)

    def get(self, path: str) -> Any:
        return self.answered(self.client.get(f"/admin/{path}"))

    def post(self, path: str, data: dict[str, Any]) -> Any:
        return self.answered(self.client.post(f"/admin/{path}", data))


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


def test_an_action_on_the_list_does_not_touch_it_either(chief: User, personnel: Desk) -> None:
    said = {"action": "delete_selected", "_selected_action": [chief.pk], "post": "yes"}

    assert personnel.post("auth/user/", said).status_code in (200, 403)
    assert User.objects.filter(pk=chief.pk).exists()


def test_a_user_with_more_rights_keeps_their_password(personnel: Desk) -> None:
    more = account("diary", is_staff=True)
    more.user_permissions.set(Permission.objects.filter(codename="change_appointment"))
    said = {"password1": "mine from now on", "password2": "mine from now on"}

    assert personnel.post(f"auth/user/{more.pk}/password/", said).status_code == 403
    more.refresh_from_db()
    assert more.check_password("the first one")


def test_a_colleague_with_the_same_rights_is_changed(personnel: Desk) -> None:
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
def test_an_address_written_by_hand_is_not_a_server_error(
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
def test_a_choice_written_by_hand_is_not_a_server_error(
    said: dict[str, Any], chief: User, elm: Organization
) -> None:
    desk = Desk(elm, chief)

    assert desk.post("bookings/appointment/", said).status_code < 500
    assert desk.post("bookings/patient/", said).status_code < 500


def test_a_change_of_five_thousand_digits_is_another_one() -> None:
    assert key_in("9" * 5000) == 999_999_999_999_999_999
    assert key_in("12") == 12


# --- what somebody did stays theirs


def worked(**said: Any) -> User:
    """Somebody who has signed in, as who worked here has."""
    made = account("rosa", is_staff=True, **said)
    Client(headers={"Host": "elm-street.localhost"}).force_login(made)
    return made


def test_a_user_who_has_worked_here_is_not_deleted(chief: User, elm: Organization) -> None:
    """What the desk's log says they did would go with them."""
    rosa, desk = worked(is_superuser=True), Desk(elm, chief)
    elm.activate()

    path = f"auth/user/{rosa.pk}/delete/"
    for is_sure in (False, True):
        answer = desk.post(path, {"post": "yes"}) if is_sure else desk.get(path)
        assert answer.status_code == 302
        page = desk.get(page_of(rosa)).content.decode()
        assert "rosa has signed in here. What they did stays on record under this account" in page
    assert User.objects.filter(pk=rosa.pk).exists()


def test_a_selection_with_such_a_user_is_not_deleted(chief: User, elm: Organization) -> None:
    rosa, slip, desk = worked(), account("slip"), Desk(elm, chief)
    elm.activate()
    said = {"action": "delete_selected", "_selected_action": [rosa.pk, slip.pk]}

    for posted in (said, {**said, "post": "yes"}):
        page = desk.post("auth/user/", posted).content.decode()
        assert "rosa, who has signed in here: switch “Active” off instead" in page
        assert "have permission" not in page
    assert User.objects.filter(pk__in=[rosa.pk, slip.pk]).count() == 2


def test_an_account_nobody_ever_used_is_deleted(chief: User, elm: Organization) -> None:
    slip, desk = account("slip", is_staff=True), Desk(elm, chief)

    answer = desk.post(f"auth/user/{slip.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 302
    assert not User.objects.filter(pk=slip.pk).exists()


def test_a_user_who_has_worked_here_keeps_their_user_name(chief: User, elm: Organization) -> None:
    """The history of visits names them by it."""
    rosa, desk = worked(), Desk(elm, chief)
    elm.activate()
    page = desk.get(page_of(rosa))
    assert "username" not in fields_in(page)

    said = {**fields_in(page), "username": "rosie", "last_name": "Diaz"}
    assert desk.post(page_of(rosa), said).status_code == 302

    rosa.refresh_from_db()
    assert (rosa.username, rosa.last_name) == ("rosa", "Diaz")


@pytest.mark.parametrize("switch", ["is_active", "is_staff", "is_superuser"])
def test_the_last_superuser_stays_one(switch: str, chief: User, elm: Organization) -> None:
    User.objects.filter(is_superuser=True).exclude(pk=chief.pk).delete()
    desk = Desk(elm, chief)
    said = fields_in(desk.get(page_of(chief)))
    del said[switch]

    page = desk.post(page_of(chief), said)

    assert page.status_code == 200
    assert "Nobody else could manage this desk: make another superuser first." in (
        page.content.decode()
    )
    chief.refresh_from_db()
    assert getattr(chief, switch) is True


def test_one_of_two_superusers_may_go(chief: User, elm: Organization) -> None:
    other, desk = account("other", is_staff=True, is_superuser=True), Desk(elm, chief)
    said = fields_in(desk.get(page_of(other)))
    del said["is_active"]

    assert desk.post(page_of(other), said).status_code == 302
    other.refresh_from_db()
    assert not other.is_active


def test_a_new_colleague_is_of_the_front_desk_and_is_given_no_password(
    chief: User, elm: Organization
) -> None:
    """They choose one by a link: tests/tenants/test_sign_in_links.py."""
    said = fields_in(Desk(elm, chief).get("auth/user/add/"))

    assert said["groups"] == str(Group.objects.get(name=FRONT_DESK).pk)
    assert not [name for name in said if "password" in name]
