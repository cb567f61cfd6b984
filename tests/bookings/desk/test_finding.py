"""Finding: by name, number, birthday and reference; and never across orgs."""

from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Patient
from tenants import organizations
from tests.conftest import Committed
from tests.desk import Desk
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")


def find(desk: Desk, words: str) -> list[str]:
    """The titles of what is found."""
    return [one["title"] for one in results(desk, words)]


def results(desk: Desk, words: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = desk.post("find/", {"words": words}).json()["found"]
    return found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Mary O'Brien", "obrien"),
        ("Mary O\u2019Brien", "o'brien"),
        ("Mary OBrien", "O\u2019Brien"),
        ("José Núñez", "nunez jose"),
        ("Søren Sørensen", "sorensen"),
        ("Łukasz Nowak", "lukasz"),
        ("Jürgen Groß", "GROSS"),
        ("Anne-Marie Smith-Jones", "jones anne"),
        ("Anne Marie Smith", "anne-marie"),
        ("St. John Doe", "st john"),
        ("Ben Ode", "  be   od "),
    ],
)
def test_a_name_is_found_however_it_is_written(name: str, typed: str, desk: Desk) -> None:
    Patient.objects.create(name=name, phone="+14155550123")
    Patient.objects.create(name="Zoe Quill", phone="+14155550124")

    assert find(desk, typed) == [name]


@pytest.mark.parametrize(
    "typed", ["+1 (415) 555-0123", "415.555.0123", "5550123", "001 415 555 0123", "0123"]
)
def test_a_number_is_found_in_any_spelling(typed: str, desk: Desk, cat: Patient) -> None:
    Patient.objects.create(name="Ben Ode", phone="+14155550123")
    Patient.objects.create(name="Ida Oak", phone="+12025550100", other_phones=["+14155550123"])

    assert find(desk, typed) == ["Ben Ode", "Ida Oak"]


@pytest.mark.parametrize(
    "typed",
    ["1988-04-17", "17.4.1988", "4/17/1988", "17 Apr 1988", "April 17, 1988"],
)
def test_a_birthday_is_found_as_it_is_written(typed: str, desk: Desk, cat: Patient) -> None:
    Patient.objects.create(name="Ben Ode", phone="", date_of_birth=date(1988, 4, 17))

    assert find(desk, typed) == ["Ben Ode"]


def test_a_visit_is_found_by_its_reference(desk: Desk, ben: Patient) -> None:
    visit = row()
    insert(visit)

    for typed in (
        visit.reference,
        visit.reference.lower(),
        f"{visit.reference[:2]} {visit.reference[2:]}",
    ):
        [found] = results(desk, typed)
        assert found["title"] == f"{visit.reference}, Ben Ode"
        assert found["link"] == f"/admin/bookings/appointment/{visit.pk}/change/"
        assert "Cleaning, Thu 3 Dec 2026 14:30 with Dr. Ada Moss: booked" in found["more"]


def test_who_is_known_by_another_name_is_found(desk: Desk) -> None:
    Patient.objects.create(name="Ann Lee", phone="", other_names=["Ann Hopper"])

    assert find(desk, "hopper") == ["Ann Lee"]


def test_eight_are_shown(desk: Desk) -> None:
    for number in range(12):
        Patient.objects.create(name=f"Ann {number:02}", phone=f"+141555501{number:02}")

    assert find(desk, "ann") == [f"Ann {number:02}" for number in range(8)]


def test_a_result_says_who_it_is_and_when_they_come(desk: Desk, ben: Patient) -> None:
    insert(row())
    Patient.objects.filter(pk=ben.pk).update(date_of_birth=date(1988, 4, 7))

    [found] = results(desk, "ode")

    assert found["more"] == "born 7 Apr 1988 · +12025550177 · next visit Thu 3 Dec 14:30"
    assert found["link"] == f"/admin/bookings/patient/{ben.pk}/change/"


@pytest.mark.parametrize(
    "typed", ["", " ", "1", "%", "_", "\0", "'", "'; DROP", "x" * 5000, "9" * 99]
)
def test_odd_words_find_nobody(typed: str, desk: Desk, ben: Patient) -> None:
    assert find(desk, typed) == []


def test_words_are_not_taken_from_an_address(desk: Desk, ben: Patient) -> None:
    assert desk.get("find/?words=ode").status_code == 400


def test_who_may_not_see_patients_finds_only_visits(desk: Desk, ben: Patient) -> None:
    visit = row()
    insert(visit)
    desk.may_only("view_appointment")

    assert find(desk, "ode") == []
    assert len(find(desk, visit.reference)) == 1
    desk.may_only()
    assert desk.post("find/", {"words": visit.reference}).status_code == 403


def test_it_takes_as_many_queries_for_any_number_of_patients(desk: Desk, ben: Patient) -> None:
    with CaptureQueriesContext(connection) as one:
        find(desk, "ode")
    for number in range(40):
        Patient.objects.create(name=f"Ode {number}", phone=f"+141555501{number:02}")

    with CaptureQueriesContext(connection) as many:
        assert len(find(desk, "ode")) == 8

    assert len(many) == len(one)


# --- orgs are sealed off from each other


def test_no_org_finds_what_another_searched_for(committed: Committed) -> None:
    """Both have a user with the same key, and look for the same word in one process."""
    clinics = [committed(), committed()]
    found = {}
    for made, name in zip(clinics, ("Ann Heron", "Bob Heron"), strict=True):
        with organizations.within(organizations.get(made.org)):
            Patient.objects.create(name=name, phone="+14155550123")
            user = get_user_model().objects.get(username=made.admin_email)
            user.groups.clear()
            client = Client(headers={"Host": made.domain})
            client.force_login(user)
        answer = client.post("/admin/find/", {"words": "heron"})
        found[user.pk, name] = [one["title"] for one in answer.json()["found"]]
        assert client.get("/admin/search/?s=heron&extended=1").status_code == 404
        assert "no-store" in answer.headers["Cache-Control"]

    assert {key for key, _ in found} == {1}
    assert [*found.values()] == [["Ann Heron"], ["Bob Heron"]]
