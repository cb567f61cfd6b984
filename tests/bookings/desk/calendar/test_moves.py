"""Moving a visit in the calendar: what is written, and what the page is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bookings import appointments
from bookings.availability.overrides import Overrides
from bookings.models import Appointment, Patient, Practitioner, Schedule, ServiceType
from tests.conftest import NEW_YORK, at
from tests.desk import Desk
from tests.visits import book, booked

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def visit(consultation: ServiceType, ben: Patient, ada: Practitioner, monday: datetime) -> Any:
    return booked(consultation, ben, "2026-12-03 14:30", monday, practitioner=ada)


def move(desk: Desk, visit: Appointment, start: str, /, **more: Any) -> Any:
    """As the page does, with what it showed; the row is read anew."""
    newest = visit.changes.last()
    sent = {
        "visit": visit.pk,
        "start": start,
        "practitioner": visit.practitioner_id,
        "seen": newest.pk if newest else 0,
        **more,
    }
    answer = desk.client.post("/admin/calendar/move/", sent, headers={"Accept": "application/json"})
    desk.organization.activate()
    visit.refresh_from_db()
    return answer


def place(visit: Appointment) -> tuple[str, str, int]:
    minutes = (visit.end - visit.start) // timedelta(minutes=1)
    return f"{visit.start.astimezone(NEW_YORK):%m-%d %H:%M}", visit.practitioner.name, minutes


# --- done


def test_a_visit_moves_and_can_be_put_back(desk: Desk, visit: Appointment) -> None:
    answer = move(desk, visit, "2026-12-04T10:15")

    assert place(visit) == ("12-04 10:15", "Dr. Ada Moss", 30)
    change = visit.changes.last()
    assert change is not None
    assert (change.kind, change.by, change.overrides) == ("rescheduled", "desk", [])
    assert (answer.status_code, answer.json()) == (200, {
        "said": "Moved to Fri 4 Dec 10:15 with Dr. Ada Moss.",
        "undo": f"/admin/bookings/appointment/undo/{change.pk}/",
        "refused": False,
        "alternatives": [],
    })  # fmt: skip
    desk.client.post(answer.json()["undo"], headers={"Accept": "application/json"})
    desk.organization.activate()
    visit.refresh_from_db()
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 30)


def test_a_visit_moves_to_a_colleague(desk: Desk, visit: Appointment, bo: Practitioner) -> None:
    answer = move(desk, visit, "2026-12-03T14:30:00-05:00", practitioner=bo.pk)

    assert answer.json()["said"] == "Moved to Thu 3 Dec 14:30 with Dr. Bo Lind."
    visit = Appointment.objects.get(pk=visit.pk)
    assert place(visit) == ("12-03 14:30", "Dr. Bo Lind", 30)


def test_what_is_put_back_where_it_was_has_no_undo(desk: Desk, visit: Appointment) -> None:
    answer = move(desk, visit, "2026-12-03T14:30")

    assert answer.json()["said"] == "It is there already. Nothing was changed."
    assert answer.json()["undo"] is None
    assert visit.changes.count() == 1


def test_another_length_is_an_override_that_is_kept(desk: Desk, visit: Appointment) -> None:
    answer = move(desk, visit, "2026-12-03T14:30", minutes=45)

    assert answer.json()["said"] == "It takes 45 minutes now."
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 45)
    change = visit.changes.last()
    assert change is not None
    assert change.overrides == ["length"]


def test_a_length_that_was_chosen_stays_when_the_visit_moves(
    desk: Desk, visit: Appointment
) -> None:
    move(desk, visit, "2026-12-03T14:30", minutes=45)

    answer = move(desk, visit, "2026-12-03T10:00")

    assert answer.json()["said"] == "Moved to Thu 3 Dec 10:00 with Dr. Ada Moss."
    assert place(visit) == ("12-03 10:00", "Dr. Ada Moss", 45)


def test_who_may_choose_no_length_is_told_when_a_move_changes_it(
    desk: Desk, visit: Appointment
) -> None:
    move(desk, visit, "2026-12-03T14:30", minutes=45)

    desk.may_only("view_appointment", "change_appointment")
    answer = move(desk, visit, "2026-12-03T10:00")

    assert answer.json()["said"] == (
        "Moved to Thu 3 Dec 10:00 with Dr. Ada Moss. It takes 30 minutes now."
    )


# --- refused


def test_a_taken_time_is_refused_with_times_that_are_free(
    desk: Desk, visit: Appointment, cat: Patient, consultation: ServiceType, ada: Practitioner,
    monday: datetime,
) -> None:  # fmt: skip
    book(consultation, cat, "2026-12-03 10:00", monday, practitioner=ada)

    answer = move(desk, visit, "2026-12-03T10:00")

    told = answer.json()
    assert (answer.status_code, told["said"], told["insist"]) == (409, "This time is taken.", "")
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 30)
    assert len(told["alternatives"]) == 3
    first = told["alternatives"][0]
    again = move(desk, visit, first["start"], practitioner=first["practitioner"])
    assert again.status_code == 200
    assert visit.start == datetime.fromisoformat(first["start"])


def test_a_time_outside_the_hours_is_refused_until_it_is_insisted_on(
    desk: Desk, visit: Appointment
) -> None:
    refused = move(desk, visit, "2026-12-03T12:15").json()

    assert refused["said"].startswith("Dr. Ada Moss works 09:00 to 12:00 and 13:00 to 17:00 on")
    assert refused["insist"] == "over_hours"
    done = move(desk, visit, "2026-12-03T12:15", **{refused["insist"]: "on"})
    assert done.status_code == 200
    assert place(visit) == ("12-03 12:15", "Dr. Ada Moss", 30)
    change = visit.changes.last()
    assert change is not None
    assert change.overrides == ["hours"]


def test_a_time_that_is_being_offered_is_refused_until_it_is_insisted_on(
    desk: Desk, visit: Appointment, call: Any
) -> None:
    call("check_availability", service="cleaning", date="2026-12-03")

    refused = move(desk, visit, "2026-12-03T09:00").json()

    assert refused["said"].startswith("A caller is being offered this time")
    assert refused["insist"] == "over_holds"
    assert move(desk, visit, "2026-12-03T09:00", over_hours="on").status_code == 409
    assert move(desk, visit, "2026-12-03T09:00", over_holds="on").status_code == 200


def test_who_may_set_no_rule_aside_cannot_insist(desk: Desk, visit: Appointment) -> None:
    desk.may_only("view_appointment", "change_appointment")

    refused = move(desk, visit, "2026-12-03T12:15").json()

    assert refused["insist"] == ""
    assert move(desk, visit, "2026-12-03T12:15", over_hours="on").status_code == 409
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 30)


def test_who_may_set_no_rule_aside_gives_no_other_length(desk: Desk, visit: Appointment) -> None:
    desk.may_only("view_appointment", "change_appointment")

    answer = move(desk, visit, "2026-12-03T14:30", minutes=45)

    assert answer.status_code == 403
    assert answer.json()["said"] == (
        "Your account may not give a visit another length than its service has."
    )
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 30)


def test_who_may_only_look_moves_nothing(desk: Desk, visit: Appointment) -> None:
    desk.may_only("view_appointment")
    answer = move(desk, visit, "2026-12-03T10:00")

    assert answer.status_code == 403
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 30)


def test_the_loser_of_a_race_hears_who_was_faster(
    desk: Desk, visit: Appointment, monday: datetime
) -> None:
    shown = visit.changes.get().pk
    appointments.reschedule(visit, start=at("2026-12-03 10:00"), now=monday, by="mila")

    answer = move(desk, visit, "2026-12-03T11:00", seen=shown)

    assert answer.status_code == 409
    assert answer.json()["said"].startswith(
        "It has been changed since you looked: rescheduled by mila"
    )
    assert place(visit) == ("12-03 10:00", "Dr. Ada Moss", 30)


def test_a_visit_without_a_history_is_moved_unless_it_has_one_by_then(
    desk: Desk, visit: Appointment, monday: datetime
) -> None:
    visit.changes.all().delete()

    assert move(desk, visit, "2026-12-03T10:00", seen=0).status_code == 200
    assert move(desk, visit, "2026-12-03T11:00", seen=0).status_code == 409


def test_a_practitioner_who_does_not_offer_it_is_named_with_those_who_do(
    desk: Desk, cleaning: ServiceType, ben: Patient, bo: Practitioner, monday: datetime
) -> None:
    visit = booked(cleaning, ben, "2026-12-03 14:30", monday)

    answer = move(desk, visit, "2026-12-03T14:30", practitioner=bo.pk)

    assert answer.json()["said"] == "Not offered by them. Offered by: Dr. Ada Moss."


# --- the nights when clocks change


@pytest.fixture
def at_night(ada: Practitioner) -> None:
    for day in Schedule.Weekday:
        Schedule.objects.create(practitioner=ada, weekday=day, starts="22:00", ends="06:00")


@pytest.mark.usefixtures("at_night")
def test_a_time_that_clocks_jump_over_is_when_they_jump(desk: Desk, visit: Appointment) -> None:
    answer = move(desk, visit, "2027-03-14T02:30")

    assert answer.json()["said"] == "Moved to Sun 14 Mar 03:00 EDT with Dr. Ada Moss."
    assert visit.start == at("2027-03-14 03:00")


@pytest.mark.usefixtures("at_night")
def test_of_an_hour_that_comes_twice_it_is_the_one_the_visit_is_in(
    desk: Desk, visit: Appointment
) -> None:
    first, second = (at("2027-11-07 01:30").replace(fold=fold) for fold in (0, 1))
    by_wall = move(desk, visit, "2027-11-07T01:30")
    assert by_wall.json()["said"] == "Moved to Sun 7 Nov 01:30 EDT with Dr. Ada Moss."
    assert visit.start.timestamp() == first.timestamp()

    move(desk, visit, second.isoformat())
    assert visit.start.timestamp() == second.timestamp()
    again = move(desk, visit, "2027-11-07T01:45")

    assert again.json()["said"] == "Moved to Sun 7 Nov 01:45 EST with Dr. Ada Moss."


# --- not what a page sends


@pytest.mark.parametrize(
    "wrong",
    [
        {"start": "soon"},
        {"start": ""},
        {"start": "0001-01-01T00:00"},
        {"start": "9999-12-31T23:59"},
        {"visit": "00000000-0000-0000-0000-000000000000"},
        {"visit": "x"},
        {"practitioner": "9" * 30},
        {"seen": ""},
        {"seen": "-1"},
        {"minutes": "0"},
        {"minutes": "481"},
    ],
)
def test_what_no_page_sends_is_refused(
    wrong: dict[str, str], desk: Desk, visit: Appointment
) -> None:
    answer = move(desk, visit, "2026-12-03T10:00", **wrong)

    assert (answer.status_code, answer.json()["refused"]) == (400, True)
    assert place(visit) == ("12-03 14:30", "Dr. Ada Moss", 30)


def test_an_address_alone_moves_nothing(desk: Desk, visit: Appointment) -> None:
    assert desk.get("calendar/move/").status_code == 405


def test_a_visit_that_has_begun_is_moved_by_who_may(
    desk: Desk, visit: Appointment, monday: datetime
) -> None:
    began = at("2026-11-23 07:30")
    overrides = Overrides(hours=True)
    appointments.reschedule(visit, start=began, now=monday, overrides=overrides)
    visit.refresh_from_db()

    assert move(desk, visit, "2026-11-23T09:00").status_code == 200
