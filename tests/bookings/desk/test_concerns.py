"""What a change at the desk leaves behind is named, each visit of it, before it is saved."""

from typing import Any

import pytest

from bookings.models import Appointment, Patient, Practitioner, Room, ServiceType
from tests.desk import Desk, fields_in, known_in
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def visits(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> list[Appointment]:
    """Two to come, and one that is over."""
    return [
        have(ada, cleaning, ben, start, source="staff")
        for start in ("2026-12-03 14:00", "2026-12-07 09:00", "2026-11-02 09:00")
    ]


def asked_about(desk: Desk, path: str, visits: list[Appointment], **typed: Any) -> None:
    """The page names the visits to come, saves nothing, and saves all the same when it is told."""
    form = {**fields_in(desk.get(path)), **typed}
    form = {name: value for name, value in form.items() if value is not None}

    asked = desk.client.post(f"/admin/{path}", form)
    desk.organization.activate()

    told = asked.content.decode()
    assert asked.status_code == 200
    assert [row.reference in told for row in visits] == [True, True, False]
    done = desk.client.post(f"/admin/{path}", {**form, **known_in(asked)})
    desk.organization.activate()
    assert done.status_code == 302


def test_a_service_taken_from_a_practitioner(
    desk: Desk, ada: Practitioner, visits: list[Appointment]
) -> None:
    asked_about(desk, f"bookings/practitioner/{ada.pk}/change/", visits, services=None)

    assert not ada.services.exists()


@pytest.mark.parametrize("typed", [{"minutes": "45"}, {"minutes_after": "10"}])
def test_another_length_of_a_service(
    typed: dict[str, str], desk: Desk, cleaning: ServiceType, visits: list[Appointment]
) -> None:
    asked_about(desk, f"bookings/servicetype/{cleaning.pk}/change/", visits, **typed)


def test_a_length_that_is_changed_twice_is_asked_about_twice(
    desk: Desk, cleaning: ServiceType, visits: list[Appointment]
) -> None:
    path = f"bookings/servicetype/{cleaning.pk}/change/"
    asked_about(desk, path, visits, minutes="45")
    asked_about(desk, path, visits, minutes="60")


def test_a_room_taken_from_a_service(
    desk: Desk, cleaning: ServiceType, visits: list[Appointment]
) -> None:
    surgery, other = (Room.objects.create(name=name) for name in ("Surgery", "Other"))
    cleaning.rooms.add(surgery, other)
    Appointment.objects.update(room=surgery)

    path = f"bookings/servicetype/{cleaning.pk}/change/"
    asked_about(desk, path, visits, rooms=[str(other.pk)])

    assert list(cleaning.rooms.all()) == [other]


def test_a_service_that_needs_a_room_from_now_on(
    desk: Desk, cleaning: ServiceType, visits: list[Appointment]
) -> None:
    surgery = Room.objects.create(name="Surgery")

    path = f"bookings/servicetype/{cleaning.pk}/change/"
    asked_about(desk, path, visits, rooms=[str(surgery.pk)])


def test_what_concerns_no_visit_is_saved_at_once(
    desk: Desk, cleaning: ServiceType, visits: list[Appointment]
) -> None:
    path = f"bookings/servicetype/{cleaning.pk}/change/"
    form = fields_in(desk.get(path))

    saved = desk.client.post(f"/admin/{path}", {**form, "most_a_day": "9"})

    assert saved.status_code == 302, saved.context["errors"]
