"""Error pages: what people read where no view answers."""

import pytest
from django.test import Client

from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import at
from tests.desk import Desk

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
