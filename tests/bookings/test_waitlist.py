"""Waitlist: whatever a visit leaves behind is heard of by who waits for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import appointments, attendance, undo, waitlist
from bookings.availability.overrides import Overrides
from bookings.models import Appointment, Patient, Practitioner, ServiceType, WaitlistEntry
from tests.conftest import at
from tests.desk import Desk, fields_in
from tests.visits import booked

pytestmark = pytest.mark.usefixtures("monday")

THURSDAY, FRIDAY = at("2026-12-03 14:30"), at("2026-12-04 09:00")
AFTERWARDS = at("2026-12-03 14:50")


@pytest.fixture
def visit(consultation: ServiceType, ada: Practitioner, ben: Patient, monday: datetime) -> Any:
    return booked(
        consultation,
        ben,
        THURSDAY,
        monday,
        practitioner=ada,
        source="staff",
        by="rosa",
        overrides=Overrides(minutes=60),
    )


@pytest.fixture
def waiting(consultation: ServiceType, cat: Patient) -> WaitlistEntry:
    return WaitlistEntry.objects.create(patient=cat, service=consultation)


def move(visit: Appointment, **change: Any) -> None:
    appointments.reschedule(visit, **{"start": FRIDAY, "by": "rosa", **change})


def mark(status: Appointment.Status) -> Callable[[Appointment, datetime], object]:
    return lambda visit, now: attendance.mark(visit, status, now=now)


def shorten(visit: Appointment, now: datetime) -> None:
    move(visit, start=THURSDAY, now=now, overrides=Overrides(minutes=30))


def undo_the_booking(visit: Appointment, now: datetime) -> None:
    booked = visit.changes.last()
    assert booked is not None
    undo.undo(booked, now=now, by="rosa")


def move_and_undo(visit: Appointment, now: datetime) -> None:
    """The day it was moved to is free again."""
    move(visit, now=now)
    undo_the_booking(visit, now)


WAYS: dict[str, tuple[Callable[[Appointment, datetime], object], str]] = {
    "cancelled": (lambda visit, now: appointments.cancel(visit, now=now), "2026-12-03 14:30"),
    "moved": (lambda visit, now: move(visit, now=now), "2026-12-03 14:30"),
    "ended early": (shorten, "2026-12-03 15:00"),
    "entered in error": (mark(Appointment.Status.ENTERED_IN_ERROR), "2026-12-03 14:30"),
    "undone": (undo_the_booking, "2026-12-03 14:30"),
    "moved and undone": (move_and_undo, "2026-12-04 09:00"),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_behind_is_given_back(
    way: str, visit: Appointment, waiting: WaitlistEntry, monday: datetime
) -> None:
    free_it, start = WAYS[way]
    assert waitlist.given_back(now=monday) == {}

    free_it(visit, monday)

    given = waitlist.given_back(now=monday)
    assert {key: slot.start for key, slot in given.items()} == {waiting.pk: at(start)}
    [match] = waitlist.wanting(visit, now=monday)
    assert (match.entry, match.slot.practitioner) == (waiting, visit.practitioner)


def test_a_no_show_leaves_what_is_still_to_come(visit: Appointment, waiting: Any) -> None:
    attendance.mark(visit, Appointment.Status.NO_SHOW, now=AFTERWARDS)

    [slot] = waitlist.given_back(now=AFTERWARDS).values()

    assert slot.start == at("2026-12-03 15:00")


def test_a_move_to_a_colleague_leaves_the_time_with_the_first(
    visit: Appointment,
    waiting: WaitlistEntry,
    ada: Practitioner,
    bo: Practitioner,
    monday: datetime,
) -> None:
    move(visit, start=THURSDAY, practitioner=bo, now=monday)

    [slot] = waitlist.given_back(now=monday).values()

    assert (slot.practitioner, slot.start) == (ada, THURSDAY)


def test_a_move_by_half_leaves_the_half(
    visit: Appointment, waiting: WaitlistEntry, monday: datetime
) -> None:
    move(visit, start=at("2026-12-03 15:00"), now=monday, overrides=Overrides(minutes=60))

    [slot] = waitlist.given_back(now=monday).values()

    assert slot.start == THURSDAY


def test_what_somebody_else_has_now_is_not_given_back(
    visit: Appointment,
    waiting: WaitlistEntry,
    consultation: ServiceType,
    ben: Patient,
    monday: datetime,
) -> None:
    move(visit, now=monday)
    for start in ("2026-12-03 14:30", "2026-12-03 15:00"):
        appointments.book(
            service=consultation, start=at(start), patient=ben, practitioner=visit.practitioner,
            source=Appointment.Source.STAFF, now=monday,
        )  # fmt: skip

    assert waitlist.given_back(now=monday) == {}


def test_who_waits_longer_reaches_back_into_what_was_free_before(
    visit: Appointment,
    root_canal: ServiceType,
    consultation: ServiceType,
    cat: Patient,
    ben: Patient,
    monday: datetime,
) -> None:
    """Ninety minutes do not begin in the half hour that is left."""
    entry = WaitlistEntry.objects.create(patient=cat, service=root_canal)
    shorten(visit, monday)
    appointments.book(
        service=consultation, start=at("2026-12-03 15:30"), patient=ben,
        practitioner=visit.practitioner, source=Appointment.Source.STAFF, now=monday,
    )  # fmt: skip
    assert waitlist.given_back(now=monday) == {}
    move(visit, now=monday)

    given = waitlist.given_back(now=monday)

    assert given[entry.pk].start < THURSDAY


def test_it_takes_as_many_queries_for_any_number_of_visits(
    visit: Appointment, waiting: WaitlistEntry, cat: Patient, monday: datetime
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert waitlist.given_back(now=monday)
        return len(asked)

    move(visit, now=monday)
    one = queries()
    for hour in (9, 10, 11, 13):
        move(visit, start=at(f"2026-12-07 {hour:02}:00"), now=monday)
        person = Patient.objects.create(name=f"Dee {hour}")
        WaitlistEntry.objects.create(patient=person, service=visit.service)

    assert queries() == one


def test_staff_hear_who_waits_when_they_move_a_visit(
    elm: Any, visit: Appointment, waiting: WaitlistEntry
) -> None:
    desk = Desk(elm)
    path = f"bookings/appointment/{visit.pk}/change/"

    desk.post(path, {**fields_in(desk.get(path)), "start_0": "2026-12-04", "start_1": "09:00"})
    page = desk.get("bookings/appointment/?when=all").content.decode()

    assert "Waiting for Thu 3 Dec 2026 14:30 with Dr. Ada Moss, in order: Cat Ruiz" in page
