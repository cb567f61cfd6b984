"""Error pages: what people read where no view answers; and the icon of all pages."""

import re
from pathlib import Path

import pytest
from django.test import Client

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import ROOT, at
from tests.desk import Desk

TEMPLATES = ROOT / "templates"
OUT_OF_DATE = "This page was out of date, so nothing was saved."


@pytest.fixture
def strict(desk: Desk) -> Client:
    """The same browser, which is asked for the token of its form."""
    desk.client.handler.enforce_csrf_checks = True
    return desk.client


@pytest.fixture
def row(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> Appointment:
    start = at("2026-12-03 14:30")
    return Appointment.objects.create(practitioner=ada, service=cleaning, patient=ben, start=start)


def test_a_form_that_is_out_of_date_is_told_so(strict: Client, row: Appointment) -> None:
    page = strict.post(f"/admin/bookings/appointment/{row.pk}/change/", {"notes": "secret words"})

    said = page.content.decode()
    assert page.status_code == 403
    assert OUT_OF_DATE in said
    assert said.index("sign in in another tab") < said.index("go back with your browser")
    assert "secret words" not in said
    assert "CSRF" not in said
    assert page.cookies["csrftoken"].value, "the next try would fail as well"


def test_a_script_whose_page_is_out_of_date_is_told_so(strict: Client, row: Appointment) -> None:
    address = f"/admin/bookings/appointment/{row.pk}/arrive/"

    page = strict.post(address, headers={"Accept": "application/json"})

    assert page.status_code == 403
    assert (
        page.json()["said"] == "This page was out of date. Nothing was changed; please try again."
    )


@pytest.mark.parametrize("path", ["close/", "inbox/", "bookings/patient/add/"])
def test_who_may_not_open_a_page_is_told_so(path: str, desk: Desk) -> None:
    desk.may_only()

    page = desk.get(path)

    assert page.status_code == 403
    assert "Your account may not open this page." in page.content.decode()


@pytest.mark.parametrize("path", ["/nothing/", "/admin/", "/admin/login/", "/admin/calendar/"])
def test_every_page_has_the_icon(path: str, desk: Desk) -> None:
    if "login" in path:
        desk.client.logout()

    page = desk.client.get(path).content.decode()

    (icon,) = re.findall(r'<link rel="icon" href="(.+?)"', page)
    served = desk.client.get(icon)
    assert served.status_code == 200
    assert served["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda one: one.name)
def test_every_error_page_has_the_icon(template: Path) -> None:
    assert "favicon.svg" in template.read_text()
