"""Overview: the operators' start page names the clinics that need a look, and those first."""

import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants import overview
from assistants.models import Call, ToolCall
from assistants.overview import Need
from bookings import appointments
from bookings.models import Appointment, Patient
from tenants import organizations
from tenants.models import Checkup, Organization
from tests import many
from tests.sql import execute
from tests.visits import insert, row

ORGS = int(os.environ.get("ORGS", "60"))
OPERATORS = "localhost"


@pytest.fixture
def operator(elm: Organization) -> Client:
    organizations.leave()
    client = Client(headers={"Host": OPERATORS})
    client.force_login(get_user_model().objects.create_superuser("operator"))
    return client


@pytest.fixture
def busy(elm: Organization, ben: Patient) -> Organization:
    """Elm Street, which took two calls since yesterday and one before; one call booked a visit."""
    now = timezone.now()
    for hours in (1, 20, 30):
        Call.objects.create(conversation=str(hours), received=now - timedelta(hours=hours))
    visit = row(patient=ben, start=now + timedelta(days=3), source="voice")
    insert(visit)
    kind = appointments.Kind.BOOKED
    appointments.record(visit, kind, Appointment.Source.VOICE, now=now, by="1")
    appointments.record(visit, appointments.Kind.RESCHEDULED, Appointment.Source.STAFF,
                        now=now, by="rosa")  # fmt: skip
    return elm


def cells(page: Any, organization: Organization) -> str:
    """The text of the clinic's row."""
    text = str(page.content.decode())
    begins = text.index(f'id="clinic-{organization.pk}"')
    return text[begins : text.index("</tr>", begins)]


def test_a_clinic_shows_what_it_did_since_yesterday(busy: Organization, operator: Client) -> None:
    Checkup.objects.all().delete()  # another test may have had all clinics looked over

    page = operator.get("/admin/")

    shown = cells(page, busy)
    assert 'class="number">2</td>' in shown
    assert "1<small>1 by telephone" in shown
    assert "? </span> not looked over" in shown.replace("</span>", " </span>")
    assert organizations.address(busy, "/admin/") in shown
    assert f"/admin/tenants/organization/{busy.pk}/change/" in shown


def test_a_call_is_known_before_its_report_comes(elm: Organization, operator: Client) -> None:
    with organizations.within(elm):
        ToolCall.objects.create(conversation="call-1", tool="clinic_info", sentence="Hello.")

    shown = cells(operator.get("/admin/"), elm)

    assert "0\xa0minutes ago" in shown


def test_no_name_or_number_of_a_patient_is_on_it(busy: Organization, operator: Client) -> None:
    text = operator.get("/admin/").content.decode()

    assert "Ben Ode" not in text
    assert "2025550177" not in text


def test_what_doctor_says_is_remembered_and_shown(busy: Organization, operator: Client) -> None:
    with organizations.within(busy):
        from bookings.models import Schedule

        Schedule.objects.all().delete()

    asked = operator.post(f"/admin/look/{busy.pk}/")

    assert asked.status_code == 302
    assert "Dr. Ada Moss has no hours" in Checkup.objects.get(organization=busy).wrong
    shown = cells(operator.get("/admin/"), busy)
    assert "✗ Dr. Ada Moss has no hours" in shown
    assert "something is wrong" in shown


def test_who_may_not_see_organizations_sees_and_asks_nothing(elm: Organization) -> None:
    organizations.leave()
    client = Client(headers={"Host": OPERATORS})
    client.force_login(get_user_model().objects.create_user("trainee", is_staff=True))

    assert "elm-street" not in client.get("/admin/").content.decode()
    assert client.post(f"/admin/look/{elm.pk}/").status_code == 403


def test_an_org_host_has_no_such_page(elm: Organization, desk: Any) -> None:
    assert desk.get(f"look/{elm.pk}/").status_code == 404


@pytest.fixture
def clinics(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Organization]]:
    """`ORGS=1000` and `-s` make this file the measurement."""
    with django_db_blocker.unblock():
        organizations.leave()
        made = many.make(ORGS, prefix="view")
        yield made
        many.remove(made)
        connection.close()


def test_many_are_read_by_few_queries_and_the_worst_come_first(clinics: list[Organization]) -> None:
    broken, behind, suspended, silent, calling = clinics[10:15]
    execute(f"DROP TABLE {broken.schema_name}.assistants_call CASCADE")
    execute(f"DELETE FROM {behind.schema_name}.django_migrations WHERE app = 'bookings'")
    organizations.set_status(suspended, Organization.Status.SUSPENDED)
    Organization.objects.filter(pk=silent.pk).update(created=timezone.now() - timedelta(days=9))
    Checkup.objects.create(organization=calling, at=timezone.now())
    with organizations.within(calling):
        Call.objects.create(conversation="1", received=timezone.now())

    with CaptureQueriesContext(connection) as queries:
        began = time.process_time(), time.perf_counter()
        found = overview.read()
        took = time.process_time() - began[0], time.perf_counter() - began[1]

    sys.stdout.write(f"\n{ORGS} clinics: {took[0]:.2f} s of CPU, {took[1]:.2f} s\n")
    needs = {clinic.organization.slug: clinic.need for clinic in found.clinics}
    expected = {
        broken: Need.UNAVAILABLE, behind: Need.UNAVAILABLE, suspended: Need.SUSPENDED,
        silent: Need.SILENT, calling: Need.NOTHING,
    }  # fmt: skip
    assert {one.slug: needs[one.slug] for one in expected} == {
        one.slug: need for one, need in expected.items()
    }
    order = [clinic.need for clinic in found.clinics]
    assert order == sorted(order)
    # One for 50 clinics; the broken one is found by halves, each in a transaction of its own.
    selects = [query for query in queries.captured_queries if "assistants_call" in query["sql"]]
    assert len(selects) <= ORGS / 50 + 1 + 2 * 6
