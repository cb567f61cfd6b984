"""A practitioner, service or room is taken out of use while a caller books, and the other way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client

from assistants.provisioning.onboarding import Onboarded
from bookings import appointments
from bookings.models import Appointment, Patient, Practitioner, Room, ServiceType
from bookings.outcomes import Booked
from config.operations.scratch import CLINIC
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN, wait_until, waiters
from tests.desk import fields_in
from tests.meanwhile import ask

WANTED = {"service": "cleaning", "patient_name": "Ben Ode", "start": "next Wednesday at 2:30 pm"}
OTHER = [*CLINIC["practitioners"], {**CLINIC["practitioners"][0], "name": "Dr. Other"}]


@pytest.fixture
def clinic(committed: Callable[..., Onboarded]) -> Organization:
    return organizations.get(committed(clinic={**CLINIC, "practitioners": OTHER}).org)


def meanwhile(
    clinic: Organization, change: Callable[[], Any], tool: str = "book_appointment", **said: str
) -> str:
    """What the caller hears whose request waits for the desk's change, which is then committed."""
    with organizations.within(clinic), ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            Practitioner.objects.lock()
            Room.objects.lock()
            change()
            heard = threads.submit(ask, clinic, tool, said)
            wait_until(lambda: bool(waiters(connection.connection)))
        return heard.result(timeout=30)


def deactivate(model: Any, **which: Any) -> Callable[[], Any]:
    return lambda: model.objects.filter(**which).update(is_active=False)


def stop_offering() -> None:
    for person in Practitioner.objects.all():
        person.services.clear()


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        (deactivate(Practitioner), "nobody here is taking appointments for a cleaning"),
        (deactivate(ServiceType), "nobody here is taking appointments for a cleaning"),
        (stop_offering, "nobody here is taking appointments for a cleaning"),
    ],
)
def test_a_booking_that_meets_the_end_of_an_offer_is_refused(
    change: Callable[[], Any], heard: str, clinic: Organization
) -> None:
    assert heard in meanwhile(clinic, change, **WANTED)

    with organizations.within(clinic):
        assert not Appointment.objects.exists()


def test_a_practitioner_who_has_just_stopped_is_not_booked(clinic: Organization) -> None:
    change = deactivate(Practitioner, name="Dr. Scratch")

    heard = meanwhile(clinic, change, **WANTED, practitioner="Dr. Scratch")

    assert heard == (
        "Dr. Scratch isn't taking appointments for a cleaning. Dr. Other is."
        " Who would you like to see?"
    )
    with organizations.within(clinic):
        assert not Appointment.objects.exists()


def test_a_colleague_is_booked_where_anybody_will_do(clinic: Organization) -> None:
    heard = meanwhile(clinic, deactivate(Practitioner, name="Dr. Scratch"), **WANTED)

    assert heard.startswith("You're booked"), heard
    with organizations.within(clinic):
        assert Appointment.objects.get().practitioner.name == "Dr. Other"


def test_the_only_room_is_taken_out_of_use(clinic: Organization) -> None:
    with organizations.within(clinic):
        ServiceType.objects.get().rooms.add(Room.objects.create(name="Surgery"))

    heard = meanwhile(clinic, deactivate(Room), **WANTED)

    assert not heard.startswith("You're booked"), heard
    with organizations.within(clinic):
        assert not Appointment.objects.exists()


def visit(clinic: Organization) -> Booked:
    """Ben, with Dr. Scratch in a week."""
    start: datetime = (clinic.now() + timedelta(days=7)).replace(hour=9, minute=0, second=0)
    patient = Patient.objects.create(name="Ben Ode", name_key="ben ode", phone=BEN)
    outcome = appointments.book(
        service=ServiceType.objects.get(),
        start=start.replace(microsecond=0),
        patient=patient,
        practitioner=Practitioner.objects.get(name="Dr. Scratch"),
        source=Appointment.Source.STAFF,
        now=clinic.now(),
    )
    assert isinstance(outcome, Booked)
    return outcome


@pytest.mark.parametrize("model", [Practitioner, ServiceType])
def test_a_move_that_meets_the_end_of_an_offer_is_refused(model: Any, clinic: Organization) -> None:
    with organizations.within(clinic):
        before = visit(clinic).appointment

    heard = meanwhile(
        clinic, deactivate(model), "reschedule_appointment", start="next Wednesday at 2:30 pm"
    )

    assert "taking appointments for a cleaning" in heard
    with organizations.within(clinic):
        assert Appointment.objects.get().start == before.start


# --- the other way: the desk waits for the booking


def desk(clinic: Organization) -> Client:
    user, _ = get_user_model().objects.get_or_create(
        username="desk", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client(headers={"Host": f"{clinic.slug.replace('_', '-')}.localhost"})
    client.force_login(user)
    return client


def saved(client: Client, path: str, form: dict[str, Any]) -> Any:
    try:
        return client.post(path, form)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("page", "left_out"),
    [
        ("practitioner", "is_active"),
        ("practitioner", "services"),
        ("servicetype", "is_active"),
    ],
)
def test_the_desk_is_told_of_a_booking_it_waited_for(
    page: str, left_out: str, clinic: Organization
) -> None:
    with organizations.within(clinic):
        client = desk(clinic)
        model: Any = Practitioner if page == "practitioner" else ServiceType
        row = model.objects.order_by("-name").first()
        path = f"/admin/bookings/{page}/{row.pk}/change/"
        form = fields_in(client.get(path))
        form.pop(left_out)
    with organizations.within(clinic), ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            made = visit(clinic).appointment
            answer = threads.submit(saved, client, path, form)
            wait_until(lambda: bool(waiters(connection.connection)))
        told = answer.result(timeout=30)

        assert told.status_code == 200
        assert made.reference in told.content.decode()
        assert Practitioner.objects.filter(is_active=True, services__is_active=True).count() == 2
