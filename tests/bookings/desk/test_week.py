"""A week's hours as a grid: filled by a click, with today's rules for what it leaves behind."""

from datetime import date, time
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from bookings.models import Patient, Practitioner, Schedule, ServiceType
from tests.conftest import at
from tests.desk import Desk, fields_in
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")

SPLIT = [("09:00", "12:00"), ("13:00", "17:00")]


@pytest.fixture
def new(elm: object) -> Practitioner:
    """Somebody without hours."""
    return Practitioner.objects.create(name="Dr. Cy Vance")


def hours(practitioner: Practitioner) -> list[tuple[int, str, str]]:
    return [
        (row.weekday, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}")
        for row in practitioner.schedules.all()
    ]


def press(desk: Desk, page: Any, practitioner: Practitioner, **pressed: str) -> Any:
    fields = {name: value for name, value in fields_in(page).items() if name != "show"}
    return desk.post(f"week/{practitioner.pk}/", {**fields, **pressed})


def opened(desk: Desk, practitioner: Practitioner) -> Any:
    return desk.get(f"week/{practitioner.pk}/")


def test_a_new_practitioner_gets_the_hours_of_a_colleague_by_two_clicks(
    desk: Desk, new: Practitioner, ada: Practitioner
) -> None:
    filled = press(desk, opened(desk, new), new, fill=str(ada.pk))
    assert hours(new) == []

    assert press(desk, filled, new, save="1").status_code == 302

    assert hours(new) == [(day, *stretch) for day in range(5) for stretch in SPLIT]
    history = desk.get(f"bookings/practitioner/{new.pk}/history/").content.decode()
    assert "Weekly hours: Mon-Fri 09:00-12:00, 13:00-17:00." in history


@pytest.mark.parametrize(("fill", "days"), [("workdays", 5), ("all", 7)])
def test_every_day_is_the_same_as_the_first(
    fill: str, days: int, desk: Desk, new: Practitioner
) -> None:
    typed = {"0-0-starts": "08:30", "0-0-ends": "14:00"}
    filled = press(desk, opened(desk, new), new, **typed, fill=fill)

    press(desk, filled, new, save="1")

    assert hours(new) == [(day, "08:30", "14:00") for day in range(days)]


def test_what_stays_keeps_its_row_and_what_has_dates_is_left_alone(
    desk: Desk, ada: Practitioner
) -> None:
    Schedule.objects.create(
        practitioner=ada, weekday=5, starts=time(9), ends=time(12), valid_from=date(2027, 1, 1)
    )
    before = set(ada.schedules.values_list("pk", flat=True))
    page = opened(desk, ada)
    assert "Saturday 09:00 to 12:00 from 1 Jan 2027" in page.content.decode()

    press(desk, page, ada, **{"4-1-ends": "16:00"}, save="1")

    after = set(ada.schedules.values_list("pk", flat=True))
    assert (len(before - after), len(after - before)) == (1, 1)
    assert (4, "13:00", "16:00") in hours(ada)
    assert ada.schedules.filter(weekday=5).exists()


def test_a_visit_that_would_be_outside_is_asked_about_first(
    desk: Desk, ada: Practitioner, ben: Patient
) -> None:
    insert(row(start=at("2026-11-24 16:30")))

    asked = press(desk, opened(desk, ada), ada, **{"1-1-ends": "16:00"}, save="1")

    assert asked.status_code == 409
    assert "Ben Ode" in asked.content.decode()
    assert (1, "13:00", "17:00") in hours(ada)

    assert press(desk, asked, ada, save="1").status_code == 302
    assert (1, "13:00", "16:00") in hours(ada)


def test_a_page_that_is_older_than_a_colleagues_change_stores_nothing(
    desk: Desk, ada: Practitioner
) -> None:
    page = opened(desk, ada)
    ada.schedules.filter(weekday=4).delete()

    refused = press(desk, page, ada, **{"0-0-starts": "10:00"}, save="1")

    assert refused.status_code == 409
    assert "since you opened this page" in refused.content.decode()
    assert (0, "09:00", "12:00") in hours(ada)
    assert press(desk, refused, ada, **{"0-0-starts": "10:00"}, save="1").status_code == 302
    assert (0, "10:00", "12:00") in hours(ada)
    assert not ada.schedules.filter(weekday=4).exists()


def test_what_no_page_showed_is_not_stored(desk: Desk, ada: Practitioner) -> None:
    before = hours(ada)

    assert desk.post(f"week/{ada.pk}/", {"save": "1"}).status_code == 409

    assert hours(ada) == before


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"0-0-starts": "", "0-0-ends": "12:00"}, "Monday: Please give both times."),
        ({"2-0-starts": "25:00", "2-0-ends": "12:00"}, "Wednesday: Enter a valid time."),
        ({"6-0-starts": "09:00", "6-0-ends": "09:00"}, "Sunday: It has to end at another time"),
    ],
)
def test_a_stretch_that_is_none_is_said_and_stays_typed(
    typed: dict[str, str], said: str, desk: Desk, ada: Practitioner
) -> None:
    before = hours(ada)

    page = press(desk, opened(desk, ada), ada, **typed, save="1")

    assert said in page.content.decode()
    assert fields_in(page).items() >= typed.items()
    assert hours(ada) == before


def test_hours_over_midnight_are_asked_about(desk: Desk, new: Practitioner) -> None:
    typed = {"4-0-starts": "22:00", "4-0-ends": "02:00"}

    asked = press(desk, opened(desk, new), new, **typed, save="1")

    assert "ends on the next day: is that meant?" in asked.content.decode()
    press(desk, asked, new, save="1")
    assert hours(new) == [(4, "22:00", "02:00")]


def test_whoever_is_added_is_given_hours_next(desk: Desk, cleaning: ServiceType) -> None:
    form = {
        "name": "Dr. Cy Vance",
        "aliases": "",
        "services": [cleaning.pk],
        "is_active": "on",
        "accounts-TOTAL_FORMS": "0",
        "accounts-INITIAL_FORMS": "0",
        "schedules-TOTAL_FORMS": "0",
        "schedules-INITIAL_FORMS": "0",
        "_save": "Save",
    }

    answer = desk.post("bookings/practitioner/add/", form)

    made = Practitioner.objects.get(name="Dr. Cy Vance")
    assert answer["Location"] == f"/admin/week/{made.pk}/"


def test_who_may_not_change_practitioners_has_no_grid(desk: Desk, ada: Practitioner) -> None:
    desk.client.force_login(get_user_model().objects.create_user("looks", is_staff=True))

    assert opened(desk, ada).status_code == 403
    assert desk.post(f"week/{ada.pk}/", {"save": "1"}).status_code == 403


def test_nobody_there_is_not_found(desk: Desk) -> None:
    assert desk.get("week/999/").status_code == 404
