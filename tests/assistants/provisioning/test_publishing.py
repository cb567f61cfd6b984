"""Publishing: staff hear what is not on the telephone yet, and bring it there, who may."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client

from assistants.models import Assistant, VapiConnection
from tenants import budgets
from tenants.models import Organization
from tenants.roles import FRONT_DESK
from tests import vapi_server
from tests.conftest import manage
from tests.desk import SignedIn, fields_in, version_in
from tests.vapi_server import Fault, VapiServer


class Browser(SignedIn):
    def __init__(self, organization: Organization) -> None:
        super().__init__(organization, get_user_model().objects.create_superuser("manager"))
        self.sarah = Assistant.objects.get()
        self.page = f"/admin/assistants/assistant/{self.sarah.pk}"

    def get(self, path: str) -> Any:
        return self.answered(self.client.get(f"{self.page}/{path}/"))

    def save(self, **typed: str) -> str:
        opened = self.get("change")
        sent = {**fields_in(opened), "_version": version_in(opened), **typed}
        return self.post("change", sent)

    def post(self, path: str, sent: dict[str, str] | None = None) -> str:
        page = self.answered(self.client.post(f"{self.page}/{path}/", sent or {}, follow=True))
        assert page.status_code in (200, 403)
        return page.content.decode() if page.status_code == 200 else "403"


@pytest.fixture
def manager(elm: Organization, settings: Any) -> Browser:
    return Browser(elm)


def prompt(vapi: VapiServer) -> str:
    [assistant] = vapi.assistants.values()
    return str(assistant["model"]["messages"][0]["content"])


def test_what_is_saved_is_not_on_the_telephone_until_it_is_published(
    manager: Browser, vapi: VapiServer
) -> None:
    assert "Nothing of this assistant is on the telephone yet." in manager.save()
    assert vapi.writes == []

    assert "Published, for the next call:" in manager.post("publish")
    assert "This is what is on the telephone." in manager.save()

    told = manager.save(personality="You are brief.", first_message="Hello from Elm Street.")
    assert "Not on the telephone yet: the first message, the prompt. Publish it" in told
    assert "You are brief." not in prompt(vapi)
    assert "the first message, the prompt" in manager.get("publish").content.decode()

    assert "Published, for the next call: 0 made, 1 changed." in manager.post("publish")
    assert "You are brief." in prompt(vapi)
    assert "it is on the telephone already" in manager.post("publish")


def test_to_look_at_the_question_publishes_nothing(manager: Browser, vapi: VapiServer) -> None:
    assert manager.get("publish").status_code == 200

    assert vapi.writes == []


def test_without_a_key_it_is_said_what_to_do(manager: Browser) -> None:
    told = "ask your operator to run sync_assistants"

    assert told in manager.save(personality="You are brief.")
    assert told in manager.post("publish")
    assert Assistant.objects.get().personality == "You are brief."


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(401), "Vapi does not take the API key (401)"),
        (Fault(429, times=9), "Vapi asks to be left alone for a while"),
        (Fault(500, times=9), "Vapi has a fault of its own (500)"),
        (Fault(400, method="POST", body=b'{"message": ["no such voice"]}'), "no such voice"),
        (Fault(200, times=99, body=b"<html>"), "answer cannot be read"),
        (Fault(200, times=99, body=b'[{"id": "a", "function": 1}]'), "answer cannot be read"),
    ],
)
def test_a_failure_is_told_and_is_no_fault_of_the_page(
    fault: Fault, told: str, manager: Browser, vapi: VapiServer
) -> None:
    vapi.faults.append(fault)

    page = manager.post("publish")

    assert "Not everything is published." in page
    assert told in page
    assert vapi_server.KEY not in page


def test_what_was_made_before_a_failure_is_found_again(manager: Browser, vapi: VapiServer) -> None:
    vapi.faults.append(Fault(400, method="POST", after=3))
    assert "3 made, 0 changed before that" in manager.post("publish")

    manager.post("publish")

    names = [tool["function"]["name"] for tool in vapi.tools.values()]
    assert len(names) == len(set(names))
    assert "it is on the telephone already" in manager.post("publish")


def test_a_vapi_that_says_nothing_is_waited_for_no_longer_than_a_page(
    manager: Browser, vapi: VapiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budgets, "VENDOR_PUBLISHES", 1)
    monkeypatch.setattr(budgets, "VENDOR_LOOKS", 1)
    Assistant.objects.update(vapi_id="gone-quiet")
    vapi.faults.append(Fault(hangs=True, times=99))

    assert "Vapi did not answer within 1 seconds." in manager.save()
    assert "Vapi did not answer within 1 seconds." in manager.post("publish")
    assert len(vapi.requests) == 2  # nothing is tried again


@pytest.mark.parametrize(
    ("rights", "may"),
    [
        (["view_assistant", "change_assistant", "publish_assistant"], True),
        (["view_assistant", "change_assistant"], False),
        (["view_assistant", "publish_assistant"], False),
        (["view_assistant"], False),
        ([], False),
    ],
)
def test_only_who_may_publishes(
    rights: list[str], may: bool, manager: Browser, vapi: VapiServer
) -> None:
    manager.may_only(*rights)

    assert (manager.post("publish") != "403") == may
    assert bool(vapi.writes) == may
    assert (manager.get("publish").status_code == 200) == may
    if rights:
        assert ("/publish" in manager.get("change").content.decode()) == may


def test_nobody_signed_in_publishes(manager: Browser, vapi: VapiServer) -> None:
    manager.client.logout()

    assert "Log in" in manager.post("publish")
    assert vapi.requests == []


def test_the_front_desk_does_not_publish(elm: Organization) -> None:
    """Its group reads the conversation and changes nothing of it."""
    group = Group.objects.get(name=FRONT_DESK)

    assert Permission.objects.filter(codename="publish_assistant").exists()
    assert not group.permissions.filter(codename="publish_assistant").exists()


def test_two_do_not_publish_at_once(committed: Any, settings: Any, django_db_blocker: Any) -> None:
    """A second click while the first is at work makes nothing twice."""
    import psycopg

    made = committed()
    with vapi_server.running() as server:
        settings.VAPI_BASE_URL, settings.VAPI_API_KEYS = server.url, {"": vapi_server.KEY}
        from tenants import organizations

        organization = organizations.get(made.org)
        with organizations.within(organization):
            VapiConnection.objects.get_or_create()
        parameters = connection.get_connection_params()
        plain = {k: v for k, v in parameters.items() if k in ("dbname", "host", "port", "user")}
        plain["password"] = parameters.get("password", "")
        with psycopg.connect(**plain) as other, organizations.within(organization):
            other.execute(f"SELECT 1 FROM {made.schema}.assistants_vapiconnection FOR UPDATE")
            browser = Client(headers={"Host": made.domain})
            browser.force_login(get_user_model().objects.create_superuser("manager"))
            page = f"/admin/assistants/assistant/{Assistant.objects.get().pk}/publish/"
            told = browser.post(page, follow=True).content.decode()

    assert "somebody is publishing at this moment. Please try again." in told
    assert server.writes == []


def test_the_command_is_as_patient_as_it_was(committed: Any) -> None:
    made = committed()
    with vapi_server.running() as server:
        environment = {"VAPI_BASE_URL": server.url, "VAPI_API_KEY": vapi_server.KEY}
        done = manage("sync_assistants", "--org", made.org, **environment)

    assert done.returncode == 0, done.stderr
