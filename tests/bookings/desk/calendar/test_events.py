"""What the calendar draws: the visits and hours of some days, for who may see them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import appointments
from bookings.models import (
    Appointment,
    Closure,
    Opening,
    Patient,
    Practitioner,
    Room,
    Schedule,
    ServiceType,
)
from tenants import organizations
from tests.conftest import Committed, at
from tests.desk import Desk
from tests.visits import booked, insert, row

pytestmark = pytest.mark.usefixtures("monday")

DAY = "from=2026-12-03&to=2026-12-04"


def events(desk: Desk, days: str = DAY) -> Any:
    answer = desk.get(f"calendar/events/?{days}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def shades(found: Any, person: Practitioner, kind: str) -> list[tuple[str, str, str]]:
    return [
        (one["start"], one["end"], one["title"])
        for one in found["shades"]
        if (one["practitioner"], one["kind"]) == (person.pk, kind)
    ]


# --- visits


def test_a_visit_is_drawn_with_all_that_is_read_in_it(
    desk: Desk, cleaning: ServiceType, ben: Patient, ada: Practitioner, monday: datetime
) -> None:
    Room.objects.create(name="Two").services.add(cleaning)
    visit = booked(cleaning, ben, "2026-12-03 14:30", monday)
    change = visit.changes.get()

    [drawn] = events(desk)["visits"]

    assert drawn == {
        "id": str(visit.pk),
        "practitioner": ada.pk,
        "start": "2026-12-03T14:30",
        "end": "2026-12-03T15:00",
        "at": "2026-12-03T14:30:00-05:00",
        "minutes": 30,
        "when": "14:30-15:00",
        "patient": "Ben Ode",
        "service": "Cleaning",
        "room": "Two",
        "reference": visit.reference,
        "status": "booked",
        "by_phone": True,
        "seen": change.pk,
        "movable": True,
    }


def test_a_patient_whom_nobody_verified_is_marked_so(
    desk: Desk, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    booked(cleaning, ben, "2026-12-03 14:30", monday)
    Patient.objects.filter(pk=ben.pk).update(claimed_by="+12025550143")

    [drawn] = events(desk)["visits"]

    assert drawn["patient"] == "Ben Ode (unverified)"


@pytest.mark.parametrize(
    ("status", "is_drawn"),
    [
        ("pending", True),
        ("booked", True),
        ("arrived", True),
        ("fulfilled", True),
        ("noshow", True),
        ("cancelled", False),
        ("entered-in-error", False),
    ],
)
def test_what_is_in_nobodys_way_is_not_drawn(
    status: str, is_drawn: bool, desk: Desk, ben: Patient
) -> None:
    insert(row(status=status))

    assert [one["status"] for one in events(desk)["visits"]] == [status] * is_drawn


def test_a_patient_in_the_room_has_a_sign_of_its_own(
    desk: Desk, ben: Patient, monday: datetime
) -> None:
    insert(row(status="arrived", arrived_at=monday, in_room_since=monday))

    assert [one["status"] for one in events(desk)["visits"]] == ["in-room"]


def test_a_visit_that_began_the_day_before_is_drawn(desk: Desk, ben: Patient) -> None:
    late = row(start=at("2026-12-02 23:30"))
    late.end = late.start + timedelta(hours=1)
    late.blocked = DateTimeTZRange(late.start, late.end)
    insert(late)

    found = events(desk)

    assert [one["start"] for one in found["visits"]] == ["2026-12-02T23:30"]
    assert found["hours"]["first"] == 0
    assert events(desk, "from=2026-12-04&to=2026-12-05")["visits"] == []


def test_one_practitioners_visits_are_told_alone(
    desk: Desk, consultation: ServiceType, ben: Patient, cat: Patient, ada: Practitioner,
    bo: Practitioner, monday: datetime,
) -> None:  # fmt: skip
    booked(consultation, ben, "2026-12-03 14:30", monday, practitioner=ada)
    booked(consultation, cat, "2026-12-03 14:30", monday, practitioner=bo)

    found = events(desk, f"{DAY}&practitioner={bo.pk}")

    assert [one["patient"] for one in found["visits"]] == ["Cat Ruiz"]
    assert found["practitioners"] == [{"id": bo.pk, "name": "Dr. Bo Lind"}]
    assert {one["practitioner"] for one in found["shades"]} == {bo.pk}


def test_who_takes_no_appointments_any_more_keeps_a_column_while_there_are_visits(
    desk: Desk, consultation: ServiceType, ben: Patient, bo: Practitioner, monday: datetime
) -> None:
    booked(consultation, ben, "2026-12-03 14:30", monday, practitioner=bo)
    Practitioner.objects.filter(pk=bo.pk).update(is_active=False)

    def names(days: str) -> list[str]:
        return [one["name"] for one in events(desk, days)["practitioners"]]

    assert names(DAY) == ["Dr. Ada Moss", "Dr. Bo Lind"]
    assert names("from=2026-12-04&to=2026-12-05") == ["Dr. Ada Moss"]


# --- hours


def test_hours_that_nobody_works_are_shaded(desk: Desk, ada: Practitioner) -> None:
    found = events(desk)

    assert shades(found, ada, "off") == [
        ("2026-12-03T00:00", "2026-12-03T09:00", ""),
        ("2026-12-03T12:00", "2026-12-03T13:00", ""),
        ("2026-12-03T17:00", "2026-12-04T00:00", ""),
    ]
    assert found["hours"] == {"first": 9, "last": 17}


def test_a_closure_is_shaded_with_its_reason_except_where_somebody_works_all_the_same(
    desk: Desk, ada: Practitioner, bo: Practitioner
) -> None:
    Closure.objects.create(
        start=at("2026-12-03 00:00"), end=at("2026-12-04 00:00"), reason="Inventory"
    )
    Opening.objects.create(
        practitioner=bo, start=at("2026-12-03 10:00"), end=at("2026-12-03 11:00")
    )

    found = events(desk)

    assert shades(found, ada, "closed") == [("2026-12-03T00:00", "2026-12-04T00:00", "Inventory")]
    assert shades(found, bo, "closed") == [
        ("2026-12-03T00:00", "2026-12-03T10:00", "Inventory"),
        ("2026-12-03T11:00", "2026-12-04T00:00", "Inventory"),
    ]
    assert shades(found, bo, "off") == []


def test_a_closure_that_comes_every_year_is_shaded(desk: Desk, ada: Practitioner) -> None:
    Closure.objects.create(
        practitioner=ada, start=at("2020-12-03 12:00"), end=at("2020-12-03 14:00"), is_yearly=True,
        reason="Birthday",
    )  # fmt: skip

    found = events(desk)

    assert shades(found, ada, "closed") == [("2026-12-03T12:00", "2026-12-03T14:00", "Birthday")]


def test_a_room_that_is_closed_keeps_its_practitioners_free(desk: Desk, ada: Practitioner) -> None:
    room = Room.objects.create(name="One")
    Closure.objects.create(room=room, start=at("2026-12-03 09:00"), end=at("2026-12-03 12:00"))

    assert shades(events(desk), ada, "closed") == []


def test_a_time_that_a_caller_is_offered_is_shaded(
    desk: Desk, call: Any, ada: Practitioner, cleaning: ServiceType
) -> None:
    call("check_availability", service="cleaning", date="2026-12-03")

    held = shades(events(desk), ada, "held")

    assert ("2026-12-03T09:00", "2026-12-03T09:30", "Offered to a caller") in held


# --- nights on which the clocks change


def all_night(person: Practitioner) -> None:
    for day in Schedule.Weekday:
        Schedule.objects.create(practitioner=person, weekday=day, starts="22:00", ends="06:00")


def test_an_hour_that_comes_twice_is_told_apart(
    desk: Desk, ada: Practitioner, cleaning: ServiceType, ben: Patient, cat: Patient
) -> None:
    """In New York clocks show 1:30 twice on November 1, 2026."""
    first = at("2026-11-01 01:30")
    insert(row(start=first))
    insert(row(start=first.replace(fold=1), patient=cat))

    one, other = events(desk, "from=2026-11-01&to=2026-11-02")["visits"]

    assert (one["start"], one["end"]) == (other["start"], other["end"])
    assert (one["start"], one["end"]) == ("2026-11-01T01:30", "2026-11-01T02:00")
    assert [one["when"], other["when"]] == ["01:30 EDT-01:00 EST", "01:30 EST-02:00 EST"]
    assert [one["at"][-6:], other["at"][-6:]] == ["-04:00", "-05:00"]


def test_an_hour_that_is_left_out_makes_no_visit_longer(desk: Desk, ben: Patient) -> None:
    """In New York it is 3:00 after 1:59 on March 14, 2027."""
    insert(row(start=at("2027-03-14 01:45")))

    [drawn] = events(desk, "from=2027-03-14&to=2027-03-15")["visits"]

    assert (drawn["start"], drawn["end"]) == ("2027-03-14T01:45", "2027-03-14T02:15")
    assert drawn["when"] == "01:45 EST-03:15 EDT"
    assert drawn["minutes"] == 30


def test_a_day_of_23_or_25_hours_is_shaded_to_its_end(desk: Desk, ada: Practitioner) -> None:
    for day, next_day in (("2026-11-01", "2026-11-02"), ("2027-03-14", "2027-03-15")):
        found = events(desk, f"from={day}&to={next_day}")
        assert shades(found, ada, "off") == [(f"{day}T00:00", f"{next_day}T00:00", "")]


def test_hours_over_midnight_draw_the_whole_day(desk: Desk, ada: Practitioner) -> None:
    all_night(ada)

    assert events(desk)["hours"] == {"first": 0, "last": 24}


# --- an answer that has not changed


def again(desk: Desk, tag: str) -> Any:
    answer = desk.client.get(f"/admin/calendar/events/?{DAY}", headers={"If-None-Match": tag})
    desk.organization.activate()
    return answer


def test_an_unchanged_diary_is_told_in_one_line(
    desk: Desk, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    booked(cleaning, ben, "2026-12-03 14:30", monday)
    tag = desk.get(f"calendar/events/?{DAY}").headers["ETag"]

    answer = again(desk, tag)

    assert (answer.status_code, answer.content) == (304, b"")


def cancelled(ben: Patient, booked: Appointment) -> None:
    appointments.cancel(booked, now=at("2026-11-23 08:00"))


def renamed(ben: Patient, booked: Appointment) -> None:
    Patient.objects.filter(pk=ben.pk).update(name="Ben Oden")


def nothing(ben: Patient, booked: Appointment) -> None:
    pass


@pytest.mark.parametrize(("change", "status"), [(cancelled, 200), (renamed, 200), (nothing, 304)])
def test_whatever_changes_is_told(
    change: Any, status: int, desk: Desk, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    visit = booked(cleaning, ben, "2026-12-03 14:30", monday)
    tag = desk.get(f"calendar/events/?{DAY}").headers["ETag"]

    change(ben, visit)

    assert again(desk, tag).status_code == status


@pytest.fixture
def clinic(committed: Committed) -> Callable[[], Desk]:
    """The desk of a clinic whose rows are really committed."""

    def make() -> Desk:
        made = committed()
        organization = organizations.get(made.org)
        with organizations.within(organization):
            get_user_model().objects.filter(username="desk").delete()
            desk = Desk(organization)
            desk.client = Client(headers={"Host": made.domain})
            desk.client.force_login(get_user_model().objects.get(username="desk"))
        return desk

    return make


def test_a_closure_is_told_when_it_is_committed(clinic: Callable[[], Desk]) -> None:
    desk = clinic()
    with organizations.within(desk.organization):
        tag = desk.get(f"calendar/events/?{DAY}").headers["ETag"]
        unchanged = again(desk, tag)
        Closure.objects.create(start=at("2026-12-03 09:00"), end=at("2026-12-03 10:00"))
        told = again(desk, tag)

    assert (unchanged.status_code, told.status_code) == (304, 200)


def test_an_offer_to_a_caller_changes_the_answer(desk: Desk, call: Any) -> None:
    tag = desk.get(f"calendar/events/?{DAY}").headers["ETag"]

    call("check_availability", service="cleaning", date="2026-12-03")

    assert again(desk, tag).status_code == 200


# --- queries


def queries(desk: Desk, **headers: str) -> int:
    with CaptureQueriesContext(connection) as made:
        desk.client.get(f"/admin/calendar/events/?{DAY}", headers=headers)
    desk.organization.activate()
    return len(made)


def test_many_visits_are_as_many_queries_as_one(
    desk: Desk, cleaning: ServiceType, ben: Patient, cat: Patient, monday: datetime
) -> None:
    booked(cleaning, ben, "2026-12-03 09:00", monday)
    with_one = queries(desk)
    for hour in range(10, 17):
        insert(row(start=at(f"2026-12-03 {hour}:00"), patient=cat))

    assert queries(desk) == with_one
    tag = desk.get(f"calendar/events/?{DAY}").headers["ETag"]
    assert queries(desk, **{"If-None-Match": tag}) == with_one - 4


# --- rights


@pytest.mark.parametrize("page", ["calendar/", f"calendar/events/?{DAY}"])
@pytest.mark.parametrize(
    ("rights", "status"), [(["view_appointment"], 200), (["view_patient"], 403)]
)
def test_who_may_see_appointments_sees_the_calendar(
    page: str, rights: list[str], status: int, desk: Desk
) -> None:
    desk.may_only(*rights)

    assert desk.get(page).status_code == status


def test_who_may_only_look_is_offered_no_moves(
    desk: Desk, cleaning: ServiceType, ben: Patient, monday: datetime
) -> None:
    desk.may_only("view_appointment")

    page = desk.get("calendar/")

    assert page.context["config"]["may_move"] is False
    assert page.context["config"]["may_override"] is False
    assert page.context["config"]["may_book"] is False
    assert 'id="calendar-move"' not in page.content.decode()


def test_nobody_sees_another_clinics_visits(clinic: Callable[[], Desk]) -> None:
    """Nor does an answer that is unchanged there stand for one here."""
    here, there = clinic(), clinic()
    with organizations.within(there.organization):
        insert(row(patient=Patient.objects.create(name="Ben Ode", phone="+12025550177")))
        theirs = events(there)["visits"]
        tag = there.get(f"calendar/events/?{DAY}").headers["ETag"]

    with organizations.within(here.organization):
        ours, told = events(here)["visits"], again(here, tag)

    assert ([one["patient"] for one in theirs], ours) == (["Ben Ode"], [])
    assert told.status_code == 200


# --- addresses


@pytest.mark.parametrize(
    "days",
    [
        "",
        "from=2026-12-03",
        "from=x&to=y",
        "from=2026-12-03&to=2026-12-03",
        "from=2026-12-03&to=2026-12-02",
        "from=2026-12-03&to=2027-12-03",
        "from=0001-01-01&to=0001-01-02",
        "from=9999-12-30&to=9999-12-31",
        "from=2026-12-03&to=2026-12-04&practitioner=ada",
    ],
)
def test_days_that_no_page_asks_for_are_refused(days: str, desk: Desk) -> None:
    assert desk.get(f"calendar/events/?{days}").status_code == 400


def test_a_number_that_no_practitioner_has_is_an_empty_diary(desk: Desk) -> None:
    for key in ("0", "-1", "9" * 30):
        assert events(desk, f"{DAY}&practitioner={key}")["practitioners"] == []
