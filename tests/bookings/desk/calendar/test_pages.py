"""The calendar's page: what an address shows, and the month as an overview."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import Appointment, BookingPolicy, Closure, Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tests.conftest import at
from tests.desk import Desk
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")


def shown(desk: Desk, said: str = "") -> Any:
    page = desk.get(f"calendar/{said}")
    assert page.status_code == 200
    return page


def links(page: Any) -> list[str]:
    view = page.context["shown"]
    return [one.address.partition("?")[2] for one in (view.previous, view.following)]


# --- addresses


@pytest.mark.parametrize(
    ("said", "title", "before", "after"),
    [
        ("", "Monday 23 November 2026", "date=2026-11-22", "date=2026-11-24"),
        (
            "?view=day&date=2026-12-31",
            "Thursday 31 December 2026",
            "date=2026-12-30",
            "date=2027-01-01",
        ),
        ("?view=week", "22 to 28 November 2026", "date=2026-11-21", "date=2026-11-29"),
        (
            "?view=week&date=2026-12-31",
            "27 December to 2 January 2027",
            "date=2026-12-26",
            "date=2027-01-03",
        ),
        ("?view=month&date=2026-12-31", "December 2026", "date=2026-11-30", "date=2027-01-01"),
        ("?view=month&date=2026-03-31", "March 2026", "date=2026-02-28", "date=2026-04-01"),
    ],
)
def test_an_address_says_what_is_shown(
    said: str, title: str, before: str, after: str, desk: Desk
) -> None:
    page = shown(desk, said)

    assert page.context["shown"].title == title
    assert [before in links(page)[0], after in links(page)[1]] == [True, True]


@pytest.mark.parametrize(
    ("region", "week"),
    [
        ("US", "22 to 28 November 2026"),
        ("GB", "23 to 29 November 2026"),
        ("EG", "21 to 27 November 2026"),
    ],
)
def test_a_week_begins_as_in_the_clinics_country(
    region: str, week: str, elm: Organization, desk: Desk
) -> None:
    organizations.leave()
    elm.phone_region = region
    elm.save()

    page = shown(desk, "?view=week")

    assert page.context["shown"].title == week


def test_a_week_is_of_one_practitioner(desk: Desk, ada: Practitioner, bo: Practitioner) -> None:
    assert shown(desk, "?view=week").context["config"]["practitioner"] == ada.pk
    assert (
        shown(desk, f"?view=week&practitioner={bo.pk}").context["config"]["practitioner"] == bo.pk
    )
    assert shown(desk).context["config"]["practitioner"] is None


def test_the_links_keep_the_practitioner(desk: Desk, bo: Practitioner) -> None:
    page = shown(desk, f"?practitioner={bo.pk}")

    assert all(f"practitioner={bo.pk}" in link for link in links(page))


@pytest.mark.parametrize(
    "said",
    [
        "view=year",
        "date=soon",
        "date=1999-12-31",
        "date=9999-12-31",
        "practitioner=0",
        "practitioner=999",
        "practitioner=abc",
        "practitioner=%00",
    ],
)
def test_an_address_that_no_page_has_shows_today_and_says_so(said: str, desk: Desk) -> None:
    page = shown(desk, f"?{said}")

    assert page.status_code == 200
    assert (
        "The address names a day, a view or a practitioner that does not exist."
        in page.content.decode()
    )
    assert "Monday 23 November 2026" in page.content.decode()


def test_what_is_understood_of_an_address_is_shown(desk: Desk) -> None:
    page = shown(desk, "?view=month&date=2026-12-31&practitioner=999").content.decode()

    assert "December 2026" in page
    assert "that does not exist" not in shown(desk, "?view=month").content.decode()


def test_an_address_that_is_refused_is_answered_by_a_page_of_the_house(desk: Desk) -> None:
    page = desk.get("calendar/events/?from=soon&to=never")

    assert page.status_code == 400
    assert "This address cannot be understood." in page.content.decode()
    assert 'href="/admin/"' in page.content.decode()


def test_a_clinic_without_practitioners_is_told_what_to_do(desk: Desk) -> None:
    Practitioner.objects.update(is_active=False)

    for view in ("day", "week", "month"):
        assert shown(desk, f"?view={view}").status_code == 200
    for page in (shown(desk), desk.get("")):
        assert "Nobody takes appointments yet." in page.content.decode()


@pytest.mark.parametrize(("step", "snap"), [(5, 5), (10, 10), (15, 15), (20, 10), (60, 30)])
def test_drags_are_as_long_as_a_step_or_a_part_of_it(step: int, snap: int, desk: Desk) -> None:
    BookingPolicy.objects.create(step_minutes=step)

    assert shown(desk).context["config"]["snap"] == snap


# --- without the package


@pytest.fixture
def no_package(settings: Any, tmp_path: Path) -> Iterator[None]:
    forget: Any = get_finder.cache_clear  # type: ignore[attr-defined]
    settings.STATICFILES_DIRS = [("event-calendar", tmp_path / "node_modules")]
    settings.STATIC_ROOT = tmp_path / "static"
    forget()
    yield
    forget()


@pytest.mark.usefixtures("no_package")
def test_without_its_package_the_page_says_so_and_others_go_on(desk: Desk) -> None:
    assert "run “make setup”" in shown(desk).content.decode()
    assert "run “make setup”" not in shown(desk, "?view=month").content.decode()
    assert desk.get("bookings/room/").status_code == 200


# --- the month


def of_day(page: Any, day: date) -> dict[str, tuple[int, int | None]]:
    [found] = [one for week in page.context["weeks"] for one in week if one.day == day]
    return {str(one.practitioner): (one.visits, one.percent) for one in found.shares}


def test_a_month_tells_visits_and_how_full_the_hours_are(
    desk: Desk, ben: Patient, cat: Patient, root_canal: ServiceType
) -> None:
    """Ada works seven hours."""
    insert(row(start=at("2026-12-03 09:00")))
    insert(row(start=at("2026-12-03 10:00"), patient=cat, service=root_canal))
    insert(row(start=at("2026-12-03 16:00"), status="cancelled"))

    page = shown(desk, "?view=month&date=2026-12-01")

    assert [len(week) for week in page.context["weeks"]] == [7] * 5
    assert of_day(page, date(2026, 12, 3)) == {"Dr. Ada Moss": (2, 29), "Dr. Bo Lind": (0, 0)}
    assert of_day(page, date(2026, 12, 5)) == {}


def test_a_visit_on_a_day_off_is_seen(desk: Desk, ben: Patient) -> None:
    insert(row(start=at("2026-12-05 09:00")))

    page = shown(desk, "?view=month&date=2026-12-01")

    assert of_day(page, date(2026, 12, 5)) == {"Dr. Ada Moss": (1, None)}


def test_a_month_of_one_practitioner_is_of_them_alone(
    desk: Desk, ben: Patient, bo: Practitioner
) -> None:
    insert(row(start=at("2026-12-03 09:00")))

    page = shown(desk, f"?view=month&date=2026-12-01&practitioner={bo.pk}")

    assert of_day(page, date(2026, 12, 3)) == {"Dr. Bo Lind": (0, 0)}


def test_a_month_names_the_days_on_which_the_clinic_is_closed(
    desk: Desk, ada: Practitioner
) -> None:
    Closure.objects.create(
        start=at("2026-12-24 12:00"), end=at("2026-12-26 00:00"), reason="Christmas"
    )
    Closure.objects.create(
        practitioner=ada, start=at("2026-12-28 00:00"), end=at("2026-12-29 00:00"), reason="Away"
    )

    weeks = shown(desk, "?view=month&date=2026-12-01").context["weeks"]

    closed = {one.day.day: one.closed for week in weeks for one in week if one.closed}
    assert closed == {24: "Christmas", 25: "Christmas"}


def test_a_visit_late_in_the_evening_counts_on_the_clinics_day(desk: Desk, ben: Patient) -> None:
    """At 23:30 in New York it is the next day in UTC."""
    insert(row(start=at("2026-12-03 23:30")))

    page = shown(desk, "?view=month&date=2026-12-01")

    assert of_day(page, date(2026, 12, 3))["Dr. Ada Moss"][0] == 1
    assert of_day(page, date(2026, 12, 4))["Dr. Ada Moss"][0] == 0


def test_a_full_month_is_as_many_queries_as_an_empty_one(desk: Desk, ben: Patient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            shown(desk, "?view=month&date=2026-12-01")
        return len(made)

    shown(desk)
    empty = queries()
    for day in range(1, 29):
        insert(row(start=at(f"2026-12-{day:02} 09:00")))

    assert queries() == empty
    assert Appointment.objects.count() == 28
