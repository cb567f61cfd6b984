"""Today: the board of a day, one step a click, each with a way back."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import attendance
from bookings.models import (
    Appointment,
    AppointmentChange,
    Closure,
    Patient,
    Practitioner,
    ServiceType,
)
from tests.conftest import at
from tests.desk import Desk
from tests.visits import insert, row

Status = Appointment.Status
NINE = at("2026-11-23 09:00")


@pytest.fixture(autouse=True)
def quarter_past_nine() -> Iterator[None]:
    """Monday, a quarter past nine at the clinic."""
    with time_machine.travel(NINE + timedelta(minutes=15), tick=False):
        yield


@pytest.fixture
def visit(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> Appointment:
    """Ben at nine."""
    made = row(start=NINE)
    insert(made)
    return made


def step(desk: Desk, visit: Appointment, name: str, **said: Any) -> Any:
    """The answer to the button, with the row as it is now."""
    answer = desk.post(f"visit/{visit.pk}/{name}/", said)
    visit.refresh_from_db()
    return answer


def newest(visit: Appointment) -> AppointmentChange:
    change = visit.changes.last()
    assert change is not None
    return change


def found_in(page: str) -> list[tuple[str, str]]:
    """The names on the board, and the state of each."""
    rows = page.split('<li class="visit is-')[1:]
    return [
        (one.split('data-name="')[1].split('"')[0], one.split('"')[0].split()[0]) for one in rows
    ]


def test_a_visit_goes_from_late_to_done_by_a_click_each(desk: Desk, visit: Appointment) -> None:
    seen = []
    for name in ("arrived", "in-room", "done"):
        seen += found_in(desk.get("").content.decode())
        answer = step(desk, visit, name)
        assert answer.status_code == 200
        assert answer.json()["undo"].endswith(f"/undo/{newest(visit).pk}/")

    seen += found_in(desk.get("").content.decode())
    assert [state for _, state in seen] == ["late", "waiting", "in-room", "done"]
    assert [change.by for change in visit.changes.all()] == ["desk", "desk", "desk"]


def test_each_step_is_taken_back(desk: Desk, visit: Appointment) -> None:
    for name in ("arrived", "in-room", "done"):
        before = Appointment.objects.values().get()
        undo = step(desk, visit, name).json()["undo"]

        answer = desk.client.post(undo, headers={"Accept": "application/json"})
        desk.organization.activate()

        assert answer.status_code == 200
        assert Appointment.objects.values().get() == before
        step(desk, visit, name)


def test_a_step_is_refused_on_a_row_that_changed_since(desk: Desk, visit: Appointment) -> None:
    step(desk, visit, "arrived")
    seen = newest(visit).pk
    attendance.take_in(visit, now=NINE + timedelta(minutes=16), by="mila")

    answer = step(desk, visit, "not-here", seen=seen)

    assert (answer.status_code, visit.status) == (409, "arrived")
    assert "changed since you looked: marked by mila" in answer.json()["said"]


def test_a_cancellation_keeps_its_reason_and_names_who_waits(
    desk: Desk, ada: Practitioner, cleaning: ServiceType, ben: Patient, cat: Patient
) -> None:
    visit = row(start=at("2026-11-24 10:00"))
    insert(visit)
    cat.waiting.create(service=cleaning)

    answer = step(desk, visit, "cancel", reason="ill")

    assert (visit.status, visit.cancellation_reason) == ("cancelled", "ill")
    assert answer.json()["said"] == "Cancelled: Ben Ode, 10:00. Waiting for the time: Cat Ruiz."


def test_a_no_show_is_a_click_once_the_visit_has_begun(
    desk: Desk, visit: Appointment, cat: Patient
) -> None:
    later = row(start=at("2026-11-23 14:00"), patient=cat)
    insert(later)

    assert step(desk, later, "no-show").status_code == 409
    assert step(desk, visit, "no-show").status_code == 200

    assert (visit.status, later.status) == ("noshow", "booked")
    page = desk.get("").content.decode()
    assert f"/admin/visit/{later.pk}/no-show/" not in page
    assert f"/admin/visit/{later.pk}/arrived/" in page


@pytest.mark.parametrize(
    ("start", "end", "is_of_ada", "said"),
    [
        ("2026-11-23 00:00", "2026-11-24 00:00", True, "away: Flu"),
        ("2026-11-20 00:00", "2026-11-27 00:00", False, "closed: Flu"),
        ("2026-11-23 14:00", "2026-11-23 18:00", True, "away 14:00 to 18:00: Flu"),
        ("2026-11-24 00:00", "2026-11-25 00:00", True, ""),
    ],
)
def test_a_lane_says_that_its_practitioner_is_away(
    start: str, end: str, is_of_ada: bool, said: str, desk: Desk, visit: Appointment,
    ada: Practitioner,
) -> None:  # fmt: skip
    whose = ada if is_of_ada else None
    Closure.objects.create(practitioner=whose, start=at(start), end=at(end), reason="Flu")

    page = desk.get("").content.decode()

    assert re.findall(r'<span class="away">(.*?)</span>', page) == ([said] if said else [])


@pytest.mark.parametrize("name", ["fly", "booked", "ARRIVED"])
def test_a_step_that_no_page_has_is_bad_input(name: str, desk: Desk, visit: Appointment) -> None:
    assert step(desk, visit, name).status_code == 400

    assert visit.status == "booked"


def test_an_address_alone_does_nothing(desk: Desk, visit: Appointment) -> None:
    assert desk.get(f"visit/{visit.pk}/arrived/").status_code == 404

    visit.refresh_from_db()
    assert visit.status == "booked"


def test_who_may_only_look_sees_no_buttons_and_changes_nothing(
    desk: Desk, visit: Appointment
) -> None:
    desk.may_only("view_appointment")

    page = desk.get("").content.decode()

    assert found_in(page) == [("Ben Ode", "late")]
    assert "data-post" not in page
    assert "Walk-in" not in page
    assert "Mark away" not in page
    assert "/admin/bookings/patient/" not in page
    assert step(desk, visit, "arrived").status_code == 403
    assert visit.status == "booked"


def test_another_day_has_its_visits_and_nobody_arrives_ahead_of_it(
    desk: Desk, visit: Appointment, cat: Patient
) -> None:
    tomorrow = row(start=at("2026-11-24 23:30"), patient=cat)
    insert(tomorrow)

    page = desk.get("?day=2026-11-24").content.decode()

    assert found_in(page) == [("Cat Ruiz", "due")]
    assert f"/admin/visit/{tomorrow.pk}/arrived/" not in page
    assert f"/admin/visit/{tomorrow.pk}/cancel/" in page


@pytest.mark.parametrize("day", ["", "x", "2026-13-40", "0001-01-01", "9999-12-31", "2026-11-23"])
def test_a_day_that_is_none_is_today(day: str, desk: Desk, visit: Appointment) -> None:
    assert found_in(desk.get(f"?day={day}").content.decode()) == [("Ben Ode", "late")]


def test_a_board_that_has_not_changed_is_not_sent_again(desk: Desk, visit: Appointment) -> None:
    page = desk.get("")
    part = f"?part=live&version={page.context['part'].version}"

    same = desk.get(part)
    step(desk, visit, "arrived")
    changed = desk.get(part)

    assert (same.status_code, changed.status_code) == (204, 200)
    assert found_in(changed.content.decode()) == [("Ben Ode", "waiting")]
    assert "<html" not in changed.content.decode()


def test_what_was_entered_in_error_is_not_shown(desk: Desk, visit: Appointment) -> None:
    attendance.mark(visit, Status.ENTERED_IN_ERROR, now=NINE, by="rosa")

    assert "Nothing is booked on Monday 23 November." in desk.get("").content.decode()


def test_what_a_patient_is_called_is_shown_as_text(
    desk: Desk, visit: Appointment, ben: Patient
) -> None:
    ben.name = '<img src=x onerror="alert(1)">'
    ben.save()

    assert "<img src=x" not in desk.get("").content.decode()


def fill(day: datetime) -> None:
    """Ten practitioners with twenty visits each."""
    for number in range(10):
        person = Practitioner.objects.create(name=f"Dr. {number}")
        for place in range(20):
            patient = Patient.objects.create(
                name=f"Patient {number} {place}", phone=f"+120255{number}{place:04}"
            )
            start = day + timedelta(minutes=30 * place)
            # Of 200 references that are drawn two are the same once in a hundred times.
            own = f"T{number}{place:02}"
            insert(row(practitioner=person, patient=patient, start=start, reference=own))


@pytest.mark.usefixtures("visit")
def test_a_full_day_asks_the_database_as_often_as_one_with_a_visit(desk: Desk) -> None:
    desk.get("")  # the first page reads what is remembered afterwards
    with CaptureQueriesContext(connection) as of_one:
        desk.get("")
    fill(at("2026-11-23 06:00"))

    with CaptureQueriesContext(connection) as full:
        page = desk.get("")

    assert len(found_in(page.content.decode())) == 201
    assert len(full) == len(of_one)
