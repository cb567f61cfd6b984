"""Checkup: `manage.py doctor` names what is wrong, and is content when nothing is."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assistants.models import Assistant, Reception, Secret, TransferNumber
from bookings.models import Practitioner, Schedule, ServiceType
from tenants import organizations
from tenants.models import Domain, Organization
from tests import vapi_server
from tests.conftest import MONDAY, Committed
from tests.inside import manage
from tests.sql import execute
from tests.vapi_server import VapiServer


@pytest.fixture
def doctor(elm: Organization, settings: Any) -> Callable[[], str]:
    """`doctor()` is the page; what is wrong makes it end in an error, and is on the page too."""

    def look() -> str:
        output = StringIO()
        organizations.leave()
        try:
            call_command("doctor", "--org", "elm_street", stdout=output)
        except CommandError as error:
            return f"{output.getvalue()}{error}"
        finally:
            elm.activate()
        return output.getvalue()

    return look


def test_a_healthy_clinic_has_nothing_wrong(doctor: Callable[[], str]) -> None:
    page = doctor()

    assert "✗" not in page
    assert "✓ migrations are applied" in page
    assert "read committed" in page
    assert "✓ 3 services, each offered by somebody" in page
    assert "· Vapi was not asked: VAPI_API_KEY: is not set" in page


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda: Secret.objects.update(retired=MONDAY), "no secret opens its door"),
        (lambda: Assistant.objects.update(is_active=False), "no assistant is in use"),
        (lambda: Assistant.objects.update(personality="{{x}}"), "Double braces"),
        (lambda: ServiceType.objects.create(name="Crown", minutes=60), "nobody offers “Crown”"),
        (lambda: ServiceType.objects.update(is_active=False), "it offers no service"),
        (lambda: Schedule.objects.all().delete(), "Dr. Ada Moss has no hours"),
        (lambda: Practitioner.objects.update(is_active=False), "nobody takes appointments"),
        (lambda: Reception.objects.create(emergency="x" * 200), "emergency sentence is too long"),
    ],
)
def test_what_is_wrong_is_named(
    spoil: Callable[[], object], said: str, doctor: Callable[[], str]
) -> None:
    spoil()

    page = doctor()

    assert said in page
    assert page.splitlines()[-1].startswith("Wrong: ")


def test_an_org_without_a_domain_is_told_of(elm: Organization, doctor: Callable[[], str]) -> None:
    organizations.leave()
    Domain.objects.filter(tenant=elm).delete()

    assert "has no domain; see add_domain" in doctor()


def test_a_schema_that_is_behind_is_told_of(committed: Committed) -> None:
    made = committed()
    execute(f"DELETE FROM {made.schema}.django_migrations WHERE app = 'bookings'")
    organizations._complete.clear()  # as a process of its own begins

    done = manage("doctor", "--org", made.org)

    assert (done.returncode, "its schema is behind" in done.stdout) == (1, True)


def test_what_vapi_has_is_held_against_what_we_would_send(
    elm: Organization, doctor: Callable[[], str], vapi: VapiServer
) -> None:
    assert "✗ Vapi: tool book_appointment is missing; see sync_assistants" in doctor()
    organizations.leave()
    call_command("sync_assistants", "--org", "elm_street", stdout=StringIO())
    elm.activate()
    assert "✓ Vapi has all 11 tools and assistants as they should be" in doctor()

    next(iter(vapi.assistants.values()))["serverMessages"] = ["status-update"]

    assert "✗ Vapi: assistant Sarah differs in serverMessages" in doctor()


def test_a_pin_is_a_note_and_nothing_wrong(
    elm: Organization, doctor: Callable[[], str], vapi: VapiServer
) -> None:
    organizations.leave()
    call_command("sync_assistants", "--org", "elm_street", stdout=StringIO())
    elm.activate()
    row = next(iter(vapi.assistants.values()))
    row["model"]["toolRefs"] = [{"toolId": row["model"]["toolIds"][0], "version": "v3"}]
    vapi_server.unlist_pinned(row)

    page = doctor()

    assert "✗" not in page
    assert "· Vapi: assistant Sarah is pinned to version v3 of check_availability at Vapi" in page


def test_a_number_that_vapi_was_not_told_of_is_wrong(
    elm: Organization, doctor: Callable[[], str], vapi: VapiServer
) -> None:
    organizations.leave()
    call_command("sync_assistants", "--org", "elm_street", stdout=StringIO())
    elm.activate()
    TransferNumber.objects.create(reason="", phone="+14155550102")

    assert "✗ Vapi: assistant Sarah differs in model.messages[0].content, model.tools" in doctor()


def test_a_vapi_that_does_not_take_the_key_is_told_of(
    doctor: Callable[[], str], vapi: VapiServer, settings: Any
) -> None:
    settings.VAPI_API_KEYS = {"": "wrong"}

    assert "✗ Vapi: Vapi does not take the API key (401)" in doctor()
