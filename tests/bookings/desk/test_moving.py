"""Moving in the drawer: the free times of a visit's service, and a click that moves it there."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bookings import appointments, attendance
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import MONDAY, at
from tests.desk import Desk, fields_in
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")

NINE, A_QUARTER = at("2026-11-23 09:00"), timedelta(minutes=15)


@pytest.fixture
def visit(ben: Patient) -> Appointment:
    """Ben's cleaning with Dr. Ada, on Monday at nine."""
    visit = row(start=NINE)
    insert(visit)
    attendance.mark(visit, Appointment.Status.BOOKED, now=MONDAY)
    return Appointment.objects.get()


def opened(desk: Desk, visit: Appointment) -> Any:
    page = desk.client.get("/admin/move/", {"visit": str(visit.pk)}, headers={"HX-Request": "true"})
    return desk.answered(page)


def press(desk: Desk, page: Any, **button: str) -> Any:
    sent = {**fields_in(page), **button}
    answer = desk.client.post("/admin/move/", sent, headers={"HX-Request": "true"})
    return desk.answered(answer)


def times(page: Any) -> list[str]:
    return re.findall(r'name="at" value="([^"]+)"', page.content.decode())


def at_quarter_past(ada: Practitioner) -> str:
    return f"{(NINE + A_QUARTER).isoformat()} {ada.pk}"


def test_a_click_moves_the_visit_and_it_is_not_in_its_own_way(
    desk: Desk, visit: Appointment, ada: Practitioner
) -> None:
    page = opened(desk, visit)

    assert times(page)[0] == at_quarter_past(ada)  # and not at nine, where it is
    answer = press(desk, page, at=times(page)[0])

    assert answer.status_code == 204
    assert "Ben Ode: Moved to Mon 23 Nov 09:15 with Dr. Ada Moss." in answer["HX-Trigger"]
    assert "/undo/" in answer["HX-Trigger"]
    assert Appointment.objects.get().start == NINE + A_QUARTER


def test_another_day_is_shown_and_moves_nothing(desk: Desk, visit: Appointment) -> None:
    page = press(desk, opened(desk, visit), day="2026-11-30")

    assert "Monday 30 November" in page.content.decode()
    assert Appointment.objects.get().start == NINE


def test_the_visits_own_practitioner_comes_first(
    desk: Desk, ben: Patient, cat: Patient, ada: Practitioner, bo: Practitioner
) -> None:
    """Dr. Ada is free at nine, Dr. Bo from half past nine on."""
    consultation = ServiceType.objects.get(name="Consultation")
    insert(row(start=NINE, patient=cat, service=consultation, practitioner=bo))
    visit = row(start=NINE + timedelta(hours=1), patient=ben, service=consultation, practitioner=bo)
    insert(visit)

    offered = times(opened(desk, visit))

    assert offered[0] == f"{(NINE + 2 * A_QUARTER).isoformat()} {bo.pk}"
    assert f"{NINE.isoformat()} {ada.pk}" in offered

    consultation.practitioners.remove(bo)
    assert times(opened(desk, visit))[0] == f"{NINE.isoformat()} {ada.pk}"


def test_a_time_that_is_lost_is_answered_with_others(
    desk: Desk, visit: Appointment, cat: Patient, ada: Practitioner
) -> None:
    page = opened(desk, visit)
    insert(row(start=NINE + timedelta(minutes=30), patient=cat))

    answer = press(desk, page, at=at_quarter_past(ada))

    assert answer.status_code == 409
    assert "This time is taken." in answer.content.decode()
    assert Appointment.objects.get(patient__name="Ben Ode").start == NINE
    assert press(desk, answer, at=times(answer)[0]).status_code == 204


def test_a_visit_that_a_colleague_changed_is_shown_first(
    desk: Desk, visit: Appointment, ada: Practitioner
) -> None:
    page = opened(desk, visit)
    appointments.reschedule(visit, start=NINE + timedelta(hours=1), now=MONDAY, by="colleague")

    answer = press(desk, page, at=at_quarter_past(ada))

    assert answer.status_code == 409
    assert "changed since you looked: rescheduled by colleague" in answer.content.decode()
    assert "Mon 23 Nov 10:00" in answer.content.decode()
    assert press(desk, answer, at=at_quarter_past(ada)).status_code == 204


def test_the_page_of_a_visit_offers_to_move_it_while_it_may(desk: Desk, visit: Appointment) -> None:
    page = f"bookings/appointment/{visit.pk}/change/"
    assert 'id="visit-move"' in desk.get(page).content.decode()

    appointments.cancel(visit, now=MONDAY)

    assert 'id="visit-move"' not in desk.get(page).content.decode()
