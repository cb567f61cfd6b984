"""A time that no visit can begin at: the desk says which rule is in the way."""

from collections.abc import Callable

import pytest

from bookings.models import (
    BookingPolicy,
    Closure,
    Opening,
    Patient,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
)
from tests.conftest import at
from tests.desk import Desk, form
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")
# Dr. Ada Moss works from 9 to 12 and from 13 to 17, on weekdays. It is Monday, at eight.
Changed = Callable[[], object]


def ada() -> Practitioner:
    return Practitioner.objects.get(name="Dr. Ada Moss")


def closed(first: str, until: str, **changes: object) -> Closure:
    return Closure.objects.create(start=at(first), end=at(until), **changes)


def clinic_closed() -> None:
    closed("2026-12-03 00:00", "2026-12-04 00:00", reason="Inventory")


def clinic_closed_every_year() -> None:
    closed("2025-12-03 00:00", "2025-12-04 00:00", is_yearly=True)


def ada_away() -> None:
    closed("2026-12-03 00:00", "2026-12-04 00:00", practitioner=ada(), reason="Training")


def bo_away() -> None:
    bo = Practitioner.objects.get(name="Dr. Bo Lind")
    closed("2026-12-03 00:00", "2026-12-04 00:00", practitioner=bo)


def closed_in_the_afternoon() -> None:
    closed("2026-12-03 15:15", "2026-12-03 18:00")


def open_on_saturday() -> None:
    Opening.objects.create(
        practitioner=ada(), start=at("2026-12-05 10:00"), end=at("2026-12-05 11:00")
    )


def at_night() -> None:
    Schedule.objects.create(practitioner=ada(), weekday=3, starts="22:00", ends="02:00")


def two_hours_of_notice() -> None:
    BookingPolicy.objects.update_or_create(defaults={"notice_minutes": 120})


def two_days_of_notice() -> None:
    BookingPolicy.objects.update_or_create(defaults={"notice_days": 2})


def one_cleaning_a_day() -> None:
    ServiceType.objects.filter(name="Cleaning").update(most_a_day=1)
    insert(row(start=at("2026-12-03 09:00"), patient=Patient.objects.create(name="Dee")))


def open_for_a_quarter_of_an_hour() -> None:
    closed("2026-12-03 10:00", "2026-12-04 00:00")
    closed("2026-12-03 00:00", "2026-12-03 09:45")


def a_room_that_is_closed() -> None:
    room = Room.objects.create(name="Room 1")
    ServiceType.objects.get(name="Cleaning").rooms.add(room)
    closed("2026-12-03 00:00", "2026-12-04 00:00", room=room)


ON_THURSDAY = "Dr. Ada Moss works 09:00 to 12:00 and 13:00 to 17:00 on Thursday 3 December."


@pytest.mark.parametrize(
    ("change", "start", "said"),
    [
        (None, "2026-12-03 20:00", ON_THURSDAY),
        (bo_away, "2026-12-03 12:15", ON_THURSDAY),
        (None, "2026-12-03 11:45", f"{ON_THURSDAY} The visit would end at 12:15."),
        (None, "2026-12-05 10:00", "Dr. Ada Moss does not work on Saturday 5 December."),
        (
            open_on_saturday,
            "2026-12-05 12:00",
            "Dr. Ada Moss works 10:00 to 11:00 on Saturday 5 December.",
        ),
        (
            at_night,
            "2026-12-03 20:00",
            "Dr. Ada Moss works 09:00 to 12:00, 13:00 to 17:00 and 22:00 to 02:00"
            " on Thursday 3 December.",
        ),
        (clinic_closed, "2026-12-03 14:30", "The clinic is closed then: Inventory."),
        (clinic_closed_every_year, "2026-12-03 14:30", "The clinic is closed then."),
        (closed_in_the_afternoon, "2026-12-03 15:00", "The clinic is closed then."),
        (ada_away, "2026-12-03 14:30", "Dr. Ada Moss is away then: Training."),
        (None, "2026-12-03 14:35", "Visits begin every 15 minutes, counted from 13:00."),
        (
            two_hours_of_notice,
            "2026-11-23 09:30",
            "This is too soon. Visits can be booked from Monday 23 November, 10:00.",
        ),
        (
            two_days_of_notice,
            "2026-11-23 14:30",
            "This is too soon. Visits can be booked from Wednesday 25 November, 00:00.",
        ),
        (a_room_that_is_closed, "2026-12-03 14:30", "No room for Cleaning is open then."),
        (
            one_cleaning_a_day,
            "2026-12-03 14:30",
            "The limit for Cleaning is reached: 1 a day with Dr. Ada Moss.",
        ),
    ],
)
def test_it_says_which_rule_is_in_the_way(
    change: Changed | None, start: str, said: str, desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    if change:
        change()

    page = desk.post("bookings/appointment/add/", form(ben, ada(), cleaning, start))

    assert f"{said} Nearest free: " in page.content.decode()


def cleaning_by_ada_alone_who_is_away() -> None:
    ServiceType.objects.get(name="Cleaning").practitioners.set([ada()])
    ada_away()


@pytest.mark.parametrize(
    ("change", "day", "said"),
    [
        (clinic_closed, "2026-12-03", "The clinic is closed on Thursday 3 December: Inventory."),
        (
            cleaning_by_ada_alone_who_is_away,
            "2026-12-03",
            "Dr. Ada Moss is away on Thursday 3 December: Training.",
        ),
        (None, "2026-12-05", "Nobody who offers it works on Saturday 5 December."),
        (open_on_saturday, "2026-12-05", None),
        (open_for_a_quarter_of_an_hour, "2026-12-03", "Nothing is free on this day."),
    ],
)
def test_the_drawer_says_why_a_day_has_no_free_time(
    change: Changed | None, day: str, said: str | None, desk: Desk, cleaning: ServiceType
) -> None:
    if change:
        change()

    page = desk.post("book/", {"service": cleaning.pk, "day": day}).content.decode()

    if said:
        assert f'<p class="book-hint">{said} <button' in page
    else:
        assert 'class="book-lane"' in page
