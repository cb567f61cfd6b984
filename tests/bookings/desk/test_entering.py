"""Entering: what staff book while somebody else registers the same patient."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import RequestFactory

from bookings.desk import entering
from bookings.desk.entering import Entry
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from bookings.outcomes import KnownAlready
from config.operations.scratch import CLINIC
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN, Committed, at, wait_until, waiters


def ben() -> Patient:
    return Patient(name="Ben Ode", name_key="ben ode", phone=BEN)


def enter(clinic: Organization, entry: Entry) -> object:
    request = RequestFactory().post("/admin/book/")
    request.user = get_user_model()(username="desk", is_superuser=True)
    try:
        with organizations.within(clinic):
            return entering.enter(request, entry, now=at("2026-11-30 09:00"))
    finally:
        connection.close()


def test_a_patient_who_is_registered_at_that_moment_is_known_and_the_form_can_go_on(
    committed: Committed,
) -> None:
    """The look for the same patient finds nobody: the row is not committed yet."""
    clinic = organizations.get(committed(clinic=CLINIC).org)
    with organizations.within(clinic), ThreadPoolExecutor(1) as threads:
        service, practitioner = ServiceType.objects.get(), Practitioner.objects.get()
        entry = Entry(uuid4(), ben(), service, practitioner, at("2026-12-03 14:30"))
        with transaction.atomic():
            ben().save()
            pressed = threads.submit(enter, clinic, entry)
            wait_until(lambda: bool(waiters(connection.connection)))

        assert pressed.result(30) == KnownAlready(Patient.objects.get())
        assert entry.patient.is_new
        assert not Appointment.objects.exists()
