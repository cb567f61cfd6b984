"""Closing days: whole days on the clinic's clock, and saved as they were shown."""

import re
from typing import Any

import pytest

from bookings.models import Appointment, Closure, Patient, Practitioner, Room
from tests.conftest import at
from tests.desk import Desk, fields_in
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")

DAYS = {"first_day": "2026-12-24", "last_day": "2026-12-26", "reason": "Christmas"}


@pytest.fixture
def visit(ada: Practitioner, ben: Patient) -> Appointment:
    """Ben, within the days."""
    made = row(start=at("2026-12-24 10:00"))
    insert(made)
    return made


def shown(desk: Desk, **changes: str) -> Any:
    return desk.post("close/", {**DAYS, **changes, "show": "1"})


def save(desk: Desk, page: Any, **changes: str) -> Any:
    return desk.post("close/", {**fields_in(page), **changes, "save": "1"})


def test_whole_days_are_closed_and_who_is_affected_is_shown_before(
    desk: Desk, visit: Appointment
) -> None:
    page = shown(desk)
    assert "1 affected" in page.content.decode()
    assert f"{visit.reference}, Ben Ode" in page.content.decode()
    assert not Closure.objects.exists()

    assert save(desk, page).status_code == 302

    closure = Closure.objects.get()
    assert (closure.start, closure.end) == (at("2026-12-24 00:00"), at("2026-12-27 00:00"))
    assert (closure.practitioner, closure.room, closure.reason) == (None, None, "Christmas")
    history = desk.get(f"bookings/closure/{closure.pk}/history/").content.decode()
    assert "Added" in history
    assert 'href="/admin/inbox/#strays">Call them</a>' in history


def test_one_day_on_which_the_clocks_change_is_whole(desk: Desk) -> None:
    save(desk, shown(desk, first_day="2027-03-14", last_day=""))

    closure = Closure.objects.get()
    assert (closure.start, closure.end) == (at("2027-03-14 00:00"), at("2027-03-15 00:00"))


def test_what_was_not_shown_is_not_saved(desk: Desk, visit: Appointment, cat: Patient) -> None:
    page = shown(desk)
    insert(row(patient=cat, start=at("2026-12-24 11:00")))

    refused = save(desk, page)
    assert refused.status_code == 409
    assert "2 affected" in refused.content.decode()
    assert not Closure.objects.exists()

    assert save(desk, refused).status_code == 302
    assert Closure.objects.count() == 1


def test_who_is_away_is_marked_from_the_day_with_all_filled_in(
    desk: Desk, visit: Appointment, ada: Practitioner
) -> None:
    board = desk.get("?day=2026-12-24").content.decode()
    (link,) = re.findall(r'href="/admin/(close/[^"]*)" aria-label="Mark away: Dr. Ada Moss"', board)

    page = desk.get(link.replace("&amp;", "&"))

    assert "1 affected" in page.content.decode()
    assert not Closure.objects.exists()
    assert save(desk, page).status_code == 302
    closure = Closure.objects.get()
    assert (closure.practitioner, closure.start) == (ada, at("2026-12-24 00:00"))
    assert "Mark away" not in desk.get("?day=2026-12-24").content.decode()


def test_a_save_that_has_shown_nothing_is_refused(desk: Desk, visit: Appointment) -> None:
    assert desk.post("close/", {**DAYS, "save": "1"}).status_code == 409

    assert not Closure.objects.exists()


def test_a_practitioner_is_closed_alone(
    desk: Desk, visit: Appointment, bo: Practitioner, ada: Practitioner
) -> None:
    page = shown(desk, whom=f"practitioner:{bo.pk}")
    assert "Nobody is affected." in page.content.decode()
    assert "1 affected" in shown(desk, whom=f"practitioner:{ada.pk}").content.decode()

    save(desk, page, whom=f"practitioner:{bo.pk}")

    assert Closure.objects.get().practitioner == bo


def test_a_room_is_closed_alone(desk: Desk) -> None:
    room = Room.objects.create(name="Red")

    save(desk, shown(desk), whom=f"room:{room.pk}")

    assert Closure.objects.get().room == room


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first_day": ""}, "Please give the first day."),
        ({"first_day": "2026-02-30"}, "Enter a valid date."),
        ({"last_day": "2026-12-23"}, "The last day has to come after the first."),
        ({"first_day": "9999-12-31", "last_day": ""}, "Please check the year."),
        ({"whom": "practitioner:999"}, "is not one of the available choices"),
        ({"whom": "room:x"}, "is not one of the available choices"),
        (
            {"last_day": "2028-12-26", "is_yearly": "on"},
            "What comes every year has to end within one.",
        ),
    ],
)
def test_days_that_are_none_close_nothing(changes: dict[str, str], said: str, desk: Desk) -> None:
    page = desk.post("close/", {**DAYS, **changes, "save": "1"})

    assert re.search(said, page.content.decode())
    assert not Closure.objects.exists()


def test_who_may_not_close_has_no_page(desk: Desk) -> None:
    desk.may_only()

    assert desk.get("close/").status_code == 403
    assert desk.post("close/", {**DAYS, "save": "1"}).status_code == 403
    assert not Closure.objects.exists()


def test_the_list_of_closures_leads_there(desk: Desk) -> None:
    page = desk.get("bookings/closure/").content.decode()

    assert "Close days" in page


def test_who_is_affected_can_be_called_and_looked_at(
    desk: Desk, visit: Appointment, cat: Patient
) -> None:
    """Here, and where an admin page asks: both name the number last, and link to the visit."""
    Appointment.objects.filter(pk=visit.pk).update(contact_phone="+12025550111")
    by_hours = {
        "start_0": "2026-12-24",
        "start_1": "09:00",
        "end_0": "2026-12-24",
        "end_1": "18:00",
    }

    for page in (shown(desk), desk.post("bookings/closure/add/", by_hours)):
        text = page.content.decode()

        address = f"/admin/bookings/appointment/{visit.pk}/change/"
        assert f'<a class="underline" href="{address}" target="_blank">{visit.reference}, ' in text
        assert '<a class="underline" href="tel:+12025550177">+12025550177</a>' in text
        assert '<a class="underline" href="tel:+12025550111">+12025550111</a>' in text


def test_a_name_is_no_html_in_a_line(desk: Desk, visit: Appointment) -> None:
    Patient.objects.filter(pk=visit.patient_id).update(name="<b>Ben</b>")

    assert "<b>Ben</b>" not in shown(desk).content.decode()


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-12-24 00:00", "2026-12-27 00:00", ["24 Dec 2026", "26 Dec 2026"]),
        ("2026-12-24 00:00", "2026-12-25 00:00", ["24 Dec 2026", "24 Dec 2026"]),
        ("2026-12-24 14:00", "2026-12-24 18:30", ["24 Dec 2026, 14:00", "24 Dec 2026, 18:30"]),
        ("2026-11-01 00:00", "2026-11-02 00:00", ["1 Nov 2026", "1 Nov 2026"]),
    ],
)
def test_the_list_names_the_last_closed_day(
    start: str, end: str, said: list[str], desk: Desk
) -> None:
    Closure.objects.create(start=at(start), end=at(end))

    page = desk.get("bookings/closure/").content.decode()

    cells = re.findall(r"field-(?:first|last)\b[^>]*>\s*([^<]*?)\s*<", page)
    assert cells == said


WHOLE, PARTLY, UNTIL_MIDNIGHT = (
    ("2026-12-24 00:00", "2026-12-27 00:00"),
    ("2026-12-24 14:00", "2026-12-24 18:30"),
    ("2026-12-24 14:00", "2026-12-25 00:00"),
)


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (WHOLE, ("2026-12-24", "", "2026-12-26", "")),
        (PARTLY, ("2026-12-24", "14:00", "2026-12-24", "18:30")),
        (UNTIL_MIDNIGHT, ("2026-12-24", "14:00", "2026-12-24", "")),
    ],
)
def test_the_page_of_a_closure_says_its_days_as_the_list_does(
    closed: tuple[str, str], said: tuple[str, ...], desk: Desk
) -> None:
    row = Closure.objects.create(start=at(closed[0]), end=at(closed[1]))

    page = desk.get(f"bookings/closure/{row.pk}/change/")
    fields = fields_in(page)
    saved = desk.post(f"bookings/closure/{row.pk}/change/", {**fields, "reason": "Christmas"})

    start_day, start_time, end_day, end_time = said
    assert (fields["start_0"], fields["end_0"]) == (start_day, end_day)
    assert (fields["start_1"][:5], fields["end_1"][:5]) == (start_time, end_time)
    assert saved.status_code == 302
    row.refresh_from_db()
    assert (row.start, row.end, row.reason) == (at(closed[0]), at(closed[1]), "Christmas")
    history = desk.get(f"bookings/closure/{row.pk}/history/").content.decode()
    assert "reason" in history.lower()
    assert "Start" not in re.findall(r"Changed [^<]*", history)[0]


@pytest.mark.parametrize(
    ("typed", "closed"),
    [
        (("2026-12-31", "", "2027-01-01", ""), ("2026-12-31 00:00", "2027-01-02 00:00")),
        (("2026-12-31", "12:00", "2026-12-31", ""), ("2026-12-31 12:00", "2027-01-01 00:00")),
        (("2026-12-31", "00:00", "2027-01-01", "00:00"), ("2026-12-31 00:00", "2027-01-01 00:00")),
    ],
)
def test_days_without_a_time_are_closed_to_their_end(
    typed: tuple[str, ...], closed: tuple[str, str], desk: Desk
) -> None:
    fields = dict(zip(("start_0", "start_1", "end_0", "end_1"), typed, strict=True))

    desk.post("bookings/closure/add/", fields)

    row = Closure.objects.get()
    assert (row.start, row.end) == (at(closed[0]), at(closed[1]))


@pytest.mark.parametrize(
    ("missing", "said"),
    [("start_0", "This field is required."), ("end_0", "Please give the day.")],
)
def test_a_closure_needs_both_days(missing: str, said: str, desk: Desk) -> None:
    fields = {"start_0": "2026-12-31", "end_0": "2026-12-31", "start_1": "", "end_1": "12:00"}

    page = desk.post("bookings/closure/add/", {**fields, missing: ""})

    assert said in page.content.decode()
    assert not Closure.objects.exists()


def test_who_may_only_look_reads_the_days_as_in_the_list(desk: Desk) -> None:
    row = Closure.objects.create(start=at(WHOLE[0]), end=at(WHOLE[1]))
    desk.may_only("view_closure")

    page = desk.get(f"bookings/closure/{row.pk}/change/").content.decode()

    assert "24 Dec 2026" in page
    assert "26 Dec 2026" in page
    assert "00:00" not in page
