"""Rooms: a service that needs one is offered where one is free, and holds it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from bookings import appointments, clinic_files
from bookings.models import Appointment, Closure, Patient, Practitioner, Room, ServiceType
from bookings.outcomes import Booked, OutsideHours, Rescheduled, SlotTaken
from tenants.organizations import Refused
from tenants.sqlstates import sqlstate
from tests.conftest import NEW_YORK, at
from tests.free_times import free_times
from tests.visits import book

THURSDAY = "2026-12-03 14:30"


@pytest.fixture
def north(consultation: ServiceType) -> Room:
    """The first of two rooms, one of which a consultation needs."""
    room = Room.objects.create(name="North")
    consultation.rooms.add(room)
    return room


@pytest.fixture
def south(consultation: ServiceType, north: Room) -> Room:
    room = Room.objects.create(name="South")
    consultation.rooms.add(room)
    return room


def booked(
    service: ServiceType, patient: Patient, start: str, now: datetime, **more: Any
) -> Appointment:
    outcome = book(service, patient, start, now, **more)
    assert isinstance(outcome, Booked)
    outcome.appointment.refresh_from_db()
    return outcome.appointment


def offered(service: ServiceType, who: Practitioner, now: datetime) -> list[str]:
    found = free_times(
        service=service,
        practitioners=[who],
        start=at("2026-12-03 00:00"),
        end=at("2026-12-04 00:00"),
        now=now,
    )
    return [f"{slot.start.astimezone(NEW_YORK):%H:%M}" for slot in found]


def test_a_service_that_needs_none_has_none(
    cleaning: ServiceType, ben: Patient, north: Room, monday: datetime
) -> None:
    assert booked(cleaning, ben, THURSDAY, monday).room is None


def test_the_first_free_room_is_the_one_booked(
    consultation: ServiceType,
    ben: Patient,
    cat: Patient,
    north: Room,
    south: Room,
    monday: datetime,
) -> None:
    first = booked(consultation, ben, THURSDAY, monday)
    second = booked(consultation, cat, THURSDAY, monday)

    assert (first.room, second.room) == (north, south)


def test_without_a_free_room_nothing_is_free(
    consultation: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    cat: Patient,
    north: Room,
    monday: datetime,
) -> None:
    """Bo is free, the room is not: not offered, and refused as taken."""
    booked(consultation, ben, THURSDAY, monday, practitioner=ada)

    assert not {"14:15", "14:30", "14:45"} & set(offered(consultation, bo, monday))
    outcome = book(consultation, cat, THURSDAY, monday, practitioner=bo)
    assert isinstance(outcome, SlotTaken)
    assert len(outcome.alternatives) == 3


def test_buffers_hold_the_room_as_well(
    consultation: ServiceType,
    root_canal: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    north: Room,
    monday: datetime,
) -> None:
    root_canal.rooms.add(north)
    booked(root_canal, ben, "2026-12-03 13:30", monday)  # blocks 13:20 to 15:20

    found = offered(consultation, bo, monday)

    assert "13:00" not in found
    assert found[found.index("11:30") + 1] == "15:30"


def test_a_room_out_of_use_or_closed_is_not_booked(
    consultation: ServiceType,
    ada: Practitioner,
    ben: Patient,
    north: Room,
    south: Room,
    monday: datetime,
) -> None:
    """A13, A21: the closure of a room closes what only that room could have held."""
    south.is_active = False
    south.save()
    Closure.objects.create(room=north, start=at("2026-12-03 13:00"), end=at("2026-12-03 16:00"))

    assert offered(consultation, ada, monday)[-3:] == ["16:00", "16:15", "16:30"]
    assert isinstance(book(consultation, ben, THURSDAY, monday), OutsideHours)
    north.is_active = False
    north.save()
    assert offered(consultation, ada, monday) == []


def test_a_move_keeps_its_room_while_that_is_free(
    consultation: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    cat: Patient,
    north: Room,
    south: Room,
    monday: datetime,
) -> None:
    booked(consultation, cat, "2026-12-03 09:00", monday, practitioner=ada)
    row = booked(consultation, ben, "2026-12-03 09:00", monday, practitioner=bo)
    assert row.room == south

    for start, room in (("2026-12-03 10:00", south), ("2026-12-03 09:15", south)):
        assert isinstance(appointments.reschedule(row, start=at(start), now=monday), Rescheduled)
        row.refresh_from_db()
        assert row.room == room


def test_a_cancelled_visit_gives_its_room_back(
    consultation: ServiceType, ben: Patient, cat: Patient, north: Room, monday: datetime
) -> None:
    row = booked(consultation, ben, THURSDAY, monday)

    appointments.cancel(row, now=monday)

    assert booked(consultation, cat, THURSDAY, monday).room == north


def test_the_database_refuses_a_room_twice(
    consultation: ServiceType,
    ada: Practitioner,
    bo: Practitioner,
    ben: Patient,
    cat: Patient,
    north: Room,
) -> None:
    """C20 for rooms: the constraint refuses it, even when no code of ours checks."""

    def row(who: Practitioner, patient: Patient, minutes: int) -> Appointment:
        start = at(THURSDAY) + timedelta(minutes=minutes)
        made = Appointment(
            practitioner=who, room=north, patient=patient, service=consultation, start=start
        )
        made.take(consultation)
        return made

    Appointment.objects.bulk_create([row(ada, ben, 0)])

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Appointment.objects.bulk_create([row(bo, cat, 15)])

    assert sqlstate(refused.value) == "23P01"
    Appointment.objects.bulk_create([row(bo, cat, 30)])


def test_a_room_with_appointments_is_not_deleted(
    consultation: ServiceType, ben: Patient, north: Room, monday: datetime
) -> None:
    """L09."""
    booked(consultation, ben, THURSDAY, monday)

    with pytest.raises(ProtectedError):
        north.delete()


def test_a_closure_is_of_a_practitioner_or_of_a_room(ada: Practitioner, north: Room) -> None:
    with pytest.raises(IntegrityError):
        Closure.objects.create(
            practitioner=ada,
            room=north,
            start=at("2026-12-03 13:00"),
            end=at("2026-12-03 16:00"),
        )


@pytest.mark.usefixtures("elm")
def test_a_clinic_file_may_name_rooms() -> None:
    clinic_files.load(
        {
            "rooms": [{"name": "East"}],
            "services": [{"name": "X-ray", "minutes": 10, "rooms": ["East"]}],
        }
    )

    assert [room.name for room in ServiceType.objects.get(name="X-ray").rooms.all()] == ["East"]
    with pytest.raises(Refused, match="service Scan: there is no room “West”"):
        clinic_files.load({"services": [{"name": "Scan", "minutes": 10, "rooms": ["West"]}]})
