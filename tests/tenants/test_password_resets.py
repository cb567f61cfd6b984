"""Password resets by mail: one sentence for everybody, one use, one org, a real mail server."""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tenants import organizations
from tenants.models import Organization
from tenants.password_resets import BY_ONE, TO_ONE
from tests.conftest import onboard_elm
from tests.desk import Desk, fields_in
from tests.mailbox import Mailbox, mailbox, use

LINK = re.compile(r"http://[\w.-]+:8000(/admin/reset/[\w-]+/[\w-]+/)")
HOST = "elm-street.localhost"
PASSWORD = "sunrise over elm"
ROSA = "rosa@elm.example"


@pytest.fixture
def box(elm: Organization, clock: Any, settings: Any) -> Iterator[Mailbox]:
    """The mail server; Rosa works at Elm Street."""
    User.objects.create_user("rosa", ROSA, "the first one", is_staff=True)
    with mailbox(settings) as found:
        yield found


def ask(email: str = ROSA, host: str = HOST, address: str = "203.0.113.7") -> str:
    client = Client(headers={"Host": host}, REMOTE_ADDR=address)
    page = client.post("/admin/password_reset/", {"email": email}, follow=True)
    assert page.status_code == 200
    return str(page.content.decode())


def opened(path: str, host: str = HOST) -> tuple[Client, Any]:
    client = Client(headers={"Host": host})
    return client, client.get(path, follow=True)


def choose(client: Client, page: Any) -> Any:
    said = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    return client.post(page.redirect_chain[-1][0], said)


def test_a_forgotten_password_is_replaced_by_mail(box: Mailbox, elm: Organization) -> None:
    signing_in = Client(headers={"Host": HOST}).get("/admin/login/").content.decode()
    assert "Forgot your password?" in signing_in

    ask()
    text = box.one()
    [path] = LINK.findall(text)
    client, page = opened(path)
    answer = choose(client, page)

    assert (box.taken[0]["To"], box.taken[0]["From"]) == (ROSA, "desk@clinics.example")
    assert "a new password at Elm Street" in text
    assert "Your user name is rosa" in text
    assert answer["Location"] == "/admin/login/"
    said = {"username": "rosa", "password": PASSWORD}
    assert client.post("/admin/login/?next=/admin/", said)["Location"] == "/admin/"
    assert "does not work any more" in opened(path)[1].content.decode()


def test_nobody_learns_whether_an_address_is_known(box: Mailbox, settings: Any) -> None:
    known, unknown = ask(), ask("nobody@elm.example")
    box.refuses.add(ROSA)
    refused = ask(address="198.51.100.9")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        use(settings, deaf.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.1
        unheard = ask(address="198.51.100.9")
    unreachable = ask(address="198.51.100.9")

    assert known == unknown == refused == unheard == unreachable
    assert "If an account has this address" in known
    box.one()


@pytest.mark.parametrize("what", ["is_active", "is_staff", "password"])
def test_who_may_not_sign_in_is_sent_nothing(what: str, box: Mailbox, elm: Organization) -> None:
    rosa = User.objects.get(username="rosa")
    if what == "password":
        rosa.set_unusable_password()  # invited, and not yet here
    else:
        setattr(rosa, what, False)
    rosa.save()
    User.objects.create_user("last", "last@elm.example", "p", is_staff=True)

    ask()
    ask("last@elm.example")

    assert "name is last" in box.one()


def test_too_many_are_not_sent_and_not_told(box: Mailbox, clock: Any) -> None:
    said = {ask(address=f"203.0.113.{number}") for number in range(TO_ONE.tries + 2)}
    assert len(said) == 1
    box.one(TO_ONE.tries)

    for number in range(BY_ONE.tries + 1):
        ask(f"nobody{number}@elm.example")
    clock.shift(TO_ONE.period - timedelta(minutes=1))
    ask(address="192.0.2.1")
    clock.shift(timedelta(minutes=1))
    ask(address="192.0.2.1")

    box.one(TO_ONE.tries + 1)


def test_a_link_of_one_org_is_worth_nothing_at_another(box: Mailbox, elm: Organization) -> None:
    """Not even for an account that was copied, key, password and all."""
    rosa = User.objects.get(username="rosa")
    organizations.leave()
    onboard_elm("oak_street")
    with organizations.within(organizations.get("oak_street")):
        User.objects.filter(pk=rosa.pk).delete()
        rosa.save(force_insert=True)
    ask()
    [path] = LINK.findall(box.one())

    for host in ("oak-street.localhost", "localhost"):
        assert "does not work any more" in opened(path, host)[1].content.decode()
    assert "Your user name is" in opened(path)[1].content.decode()


def test_a_host_with_a_port_of_a_strangers_is_not_mailed(box: Mailbox) -> None:
    ask(host=f"{HOST}:4444")

    assert f"http://{HOST}:8000/admin/reset/" in box.one()


def test_the_address_with_the_token_is_told_to_nobody(box: Mailbox) -> None:
    ask()
    [path] = LINK.findall(box.one())

    for token in (path, path[:-2] + "x/"):
        answer = Client(headers={"Host": HOST}).get(token)
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]


def test_an_invitation_is_mailed_and_its_failure_is_told(box: Mailbox, elm: Organization) -> None:
    desk = Desk(elm)
    said = {**fields_in(desk.get("auth/user/add/")), "username": "tim", "email": "tim@elm.example"}

    page = desk.post("auth/user/add/", said).content.decode()
    assert "It was sent to tim@elm.example as well." in page
    [link] = re.findall(r"http://\S+/admin/welcome/\S+/", box.one())
    assert link in page
    box.refuses.add("tom@elm.example")
    told = desk.post("auth/user/add/", {**said, "username": "tom", "email": "tom@elm.example"})

    assert "It could not be sent to tom@elm.example." in told.content.decode()


def test_without_a_mail_server_the_page_says_whom_to_ask(elm: Organization) -> None:
    client = Client(headers={"Host": HOST})

    page = client.get("/admin/login/").content.decode()

    assert "Ask a manager or your operator for a sign-in link." in page
    assert client.get("/admin/password_reset/").status_code == 404
