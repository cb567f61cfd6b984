"""Sign-in links: an account without a password, whose user chooses one, once, at their org."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client

from tenants import organizations
from tenants.accounts.models import Link
from tenants.models import Organization
from tenants.roles import FRONT_DESK
from tests.conftest import Committed, Server, manage, onboard_elm, wait_until
from tests.desk import Desk, fields_in

ADDRESS = re.compile(r"http://[\w.:-]+(/admin/welcome/[\w-]{43}/)")
OVER = "This link does not work any more"
PASSWORD = "sunrise over elm"
HOST = "elm-street.localhost"


@pytest.fixture
def desk(elm: Organization, clock: Any) -> Desk:
    return Desk(elm)


def invite(desk: Desk, **said: str) -> str:
    """The path of the link that the page shows."""
    page = desk.post(
        "auth/user/add/", {**fields_in(desk.get("auth/user/add/")), "username": "rosa", **said}
    )
    assert page.status_code == 200, page.headers
    assert "no-store" in page["Cache-Control"]
    return path_in(page)


def path_in(page: Any) -> str:
    [path] = set(ADDRESS.findall(page.content.decode()))
    return str(path)


def arrived(path: str, host: str = HOST) -> Any:
    """A browser that has opened the link, and the page it is at."""
    client = Client(headers={"Host": host})
    return client, client.get(path, follow=True)


def choose(client: Client, password: str = PASSWORD) -> Any:
    said = {"new_password1": password, "new_password2": password}
    return client.post("/admin/welcome/", said)


def test_a_colleague_is_invited_chooses_a_password_and_is_signed_in(desk: Desk) -> None:
    path = invite(desk)
    rosa = User.objects.get(username="rosa")
    assert not rosa.has_usable_password()
    assert [group.name for group in rosa.groups.all()] == [FRONT_DESK]
    assert path.split("/")[3] not in str(Link.objects.values())

    client, page = arrived(path)
    assert "Your user name is <strong>rosa</strong>" in page.content.decode()
    answer = choose(client)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200
    desk.organization.activate()
    rosa.refresh_from_db()
    assert rosa.check_password(PASSWORD)
    notes = LogEntry.objects.filter(object_id=rosa.pk).order_by("pk")
    assert [(note.user.username, note.change_message) for note in notes][1:] == [
        ("desk", "Made a sign-in link."),
        ("rosa", "Chose a password by a sign-in link."),
    ]


def test_the_page_with_the_secret_tells_nobody_and_is_not_kept(desk: Desk) -> None:
    path = invite(desk)

    for secret in (path, path.replace("/welcome/", "/welcome/x")):
        answer = Client(headers={"Host": HOST}).get(secret)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]


def test_a_link_is_used_once(desk: Desk) -> None:
    path = invite(desk)
    (first, _), (second, _) = arrived(path), arrived(path)
    choose(first)

    late = choose(second, "another one of mine")

    assert (late.status_code, OVER in late.content.decode()) == (404, True)
    assert OVER in arrived(path)[1].content.decode()
    desk.organization.activate()
    assert User.objects.get(username="rosa").check_password(PASSWORD)


def test_a_password_that_is_too_easy_does_not_use_it_up(desk: Desk) -> None:
    client, _ = arrived(invite(desk))

    assert "too common" in choose(client, "password").content.decode()
    assert choose(client).status_code == 302


def test_a_link_ends_after_seven_days(desk: Desk, clock: Any) -> None:
    path = invite(desk)
    client, _ = arrived(path)
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    assert "Your user name is" in arrived(path)[1].content.decode()
    clock.shift(timedelta(seconds=1))

    assert OVER in arrived(path)[1].content.decode()
    assert choose(client).status_code == 404


def test_a_newer_link_ends_the_one_before(desk: Desk) -> None:
    old = invite(desk)
    client, _ = arrived(old)
    desk.organization.activate()
    rosa = User.objects.get(username="rosa")
    assert "Make the link" in desk.get(f"auth/user/{rosa.pk}/link/").content.decode()
    assert "Your user name is" in arrived(old)[1].content.decode()  # asking ends nothing

    new = path_in(desk.post(f"auth/user/{rosa.pk}/link/", {}))

    assert choose(client).status_code == 404
    assert OVER in arrived(old)[1].content.decode()
    assert choose(arrived(new)[0]).status_code == 302


def test_a_link_ends_when_its_account_gets_other_rights(desk: Desk) -> None:
    """Whoever made it may have kept it."""
    path = invite(desk)
    desk.organization.activate()
    rosa = User.objects.get(username="rosa")
    said = {"username": "rosa", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    desk.post(f"auth/user/{rosa.pk}/change/", said)
    assert User.objects.get(username="rosa").is_superuser

    assert OVER in arrived(path)[1].content.decode()


@pytest.mark.parametrize("what", ["password", "is_active", "is_staff"])
def test_a_link_ends_with_another_password_or_the_right_to_enter(what: str, desk: Desk) -> None:
    path = invite(desk)
    rosa = User.objects.get(username="rosa")
    if what == "password":
        rosa.set_password("set by a manager")
    else:
        setattr(rosa, what, False)
    rosa.save()

    assert OVER in arrived(path)[1].content.decode()


def test_a_link_of_one_org_is_worth_nothing_at_another(desk: Desk) -> None:
    path = invite(desk)
    client, _ = arrived(path)
    organizations.leave()
    onboard_elm("oak_street")

    for host in ("oak-street.localhost", "localhost"):
        assert OVER in arrived(path, host)[1].content.decode()
        there = client.get("/admin/welcome/", headers={"Host": host})
        assert OVER in there.content.decode()
    assert "Your user name is" in arrived(path)[1].content.decode()


def test_who_may_not_change_an_account_makes_no_link_for_it(desk: Desk, elm: Organization) -> None:
    chief = User.objects.get(username="desk")
    maria = get_user_model().objects.create_user("maria", is_staff=True)
    maria.groups.add(Group.objects.get(name=FRONT_DESK))
    client = Client(headers={"Host": HOST})
    client.force_login(maria)

    for pk in (chief.pk, maria.pk, 999_999):
        assert client.post(f"/admin/auth/user/{pk}/link/").status_code == 403
        elm.activate()
    assert not Link.objects.exists()


def test_there_is_no_link_for_an_account_that_may_not_sign_in(desk: Desk) -> None:
    said = {**fields_in(desk.get("auth/user/add/")), "username": "rosa"}
    del said["is_staff"]

    answer = desk.post("auth/user/add/", said)

    rosa = User.objects.get(username="rosa")
    assert answer["Location"] == f"/admin/auth/user/{rosa.pk}/change/"
    assert "rosa may not sign in" in desk.get(f"auth/user/{rosa.pk}/change/").content.decode()
    assert not Link.objects.exists()


def test_an_operators_link_is_for_the_operators_host(db: None) -> None:
    get_user_model().objects.create_user("olga", is_staff=True)
    client = Client(headers={"Host": "localhost"})
    client.force_login(get_user_model().objects.create_superuser("operator"))

    page = client.post(f"/admin/auth/user/{User.objects.get(username='olga').pk}/link/")

    path = path_in(page)
    assert OVER in arrived(path)[1].content.decode()
    assert choose(arrived(path, "localhost")[0]).status_code == 302


# --- real processes


def test_of_two_who_open_it_at_once_one_chooses(committed: Committed, server: Server) -> None:
    made = committed()
    with organizations.within(organizations.get(made.org)):
        user = User.objects.get(username=made.admin_email)
        user.is_superuser = False
        user.save()
    link = manage("sign_in_link", made.org, made.admin_email).stdout.split()[0]
    clients = [arrived(ADDRESS.findall(link)[0], made.domain)[0] for _ in range(4)]

    def race(number: int) -> tuple[int, int]:
        try:
            return number, choose(clients[number], f"sunrise over elm {number}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = dict(threads.map(race, range(4)))

    [winner] = [number for number, status in answers.items() if status == 302]
    assert sorted(answers.values()) == [302, 404, 404, 404]
    with organizations.within(organizations.get(made.org)):
        assert User.objects.get(pk=user.pk).check_password(f"sunrise over elm {winner}")


def test_the_log_has_no_secret_and_the_command_makes_a_link(
    committed: Committed, server: Server
) -> None:
    made = committed()
    told = manage("sign_in_link", made.org, made.admin_email).stdout
    [path] = ADDRESS.findall(told)

    assert f"http://{made.domain}" in told
    assert server.request("GET", path, host=made.domain)[0] == 302
    wait_until(lambda: '"path": "/admin/welcome/"' in server.log.read_text())
    assert path.split("/")[3] not in server.log.read_text()


def test_the_first_manager_is_invited(oak_street: str) -> None:
    onboard = ["--name", "Oak", "--timezone", "America/New_York", "--phone-region", "US"]
    told = manage("onboard_org", oak_street, "--domain", "oak.localhost", *onboard).stdout
    [path] = ADDRESS.findall(told)

    client, page = arrived(path, "oak.localhost")

    assert "admin@oak.localhost" in page.content.decode()
    assert choose(client)["Location"] == "/admin/"
    assert client.get("/admin/auth/user/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["elm_street"], "user: is missing"),
        (["elm_street", "nobody"], "there is no account “nobody” at Elm Street"),
        ([], "org: is missing"),
        (["--operators", "nobody"], "at the operators' host"),
    ],
)
def test_the_command_names_what_is_wrong(
    arguments: list[str], said: str, django_db_setup: None
) -> None:
    done = manage("sign_in_link", *arguments)

    assert (done.returncode, said in done.stderr) == (1, True), done.stderr
