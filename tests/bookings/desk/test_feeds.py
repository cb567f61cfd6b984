"""Calendar feeds: read by who knows the address, and by nobody else."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from icalendar import Calendar

from assistants import staff
from assistants.provisioning.onboarding import Onboarded
from bookings import feeds
from bookings.models import Appointment, Feed, Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tenants.roles import FRONT_DESK
from tests.conftest import MONDAY, Committed, Server, gunicorn
from tests.desk import Desk
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")

ADDRESS = re.compile(r"http://[^ <]+(/feeds/[\w-]+\.ics)")
BO = "Dr. Bo Lind"


def read(organization: Organization, path: str) -> Any:
    """As a calendar program does, without a session."""
    host = f"{organization.slug.replace('_', '-')}.localhost"
    try:
        return Client(headers={"Host": host}).get(path)
    finally:
        organization.activate()


def events(answer: Any) -> list[Any]:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def made_at(desk: Desk, **form: Any) -> str:
    """The path of a new feed, as its page shows it."""
    assert desk.post("bookings/feed/add/", form).status_code == 302
    shown = desk.get("bookings/feed/").content.decode()
    found = ADDRESS.search(shown)
    assert found
    assert not ADDRESS.search(desk.get("bookings/feed/").content.decode()), "shown twice"
    return found[1]


@pytest.fixture
def visit(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> Appointment:
    visit = row(start=MONDAY + timedelta(days=1, hours=3), notes="Afraid of needles")
    insert(visit)
    return visit


def test_a_program_reads_the_visits_with_initials_only(
    desk: Desk, elm: Organization, visit: Appointment
) -> None:
    answer = read(elm, made_at(desk, practitioner=visit.practitioner_id))

    [event] = events(answer)
    assert event["summary"] == "Cleaning, B. O."
    assert event["dtstart"].dt == visit.start.astimezone(UTC)
    assert event["dtend"].dt == visit.end.astimezone(UTC)
    assert event["uid"] == f"{visit.pk}@{elm.slug}"
    text = answer.content.decode()
    for secret in ("Ben", "Ode", visit.patient.phone, "needles", visit.reference):
        assert secret not in text
    assert answer["Cache-Control"] == "private, no-store"


def test_names_are_shown_by_choice(desk: Desk, elm: Organization, visit: Appointment) -> None:
    path = made_at(desk, practitioner=visit.practitioner_id, shows_patients="on")

    [event] = events(read(elm, path))

    assert event["summary"] == f"Cleaning, {visit.patient.name}"
    assert event["description"] == f"{visit.reference}\n{visit.patient.phone}\nAfraid of needles"


def test_each_practitioner_has_their_own_and_one_has_all(
    desk: Desk, elm: Organization, visit: Appointment, bo: Practitioner
) -> None:
    assert events(read(elm, made_at(desk, practitioner=bo.pk))) == []

    [event] = events(read(elm, made_at(desk, practitioner="")))
    assert event["summary"] == f"Cleaning, B. O. ({visit.practitioner.name})"


def test_cancelled_and_old_visits_are_not_in_it(
    desk: Desk, elm: Organization, visit: Appointment
) -> None:
    path = made_at(desk, practitioner=visit.practitioner_id)
    Appointment.objects.filter(pk=visit.pk).update(status=Appointment.Status.CANCELLED)
    assert events(read(elm, path)) == []

    past = row(start=MONDAY - timedelta(days=31))
    insert(past)
    assert events(read(elm, path)) == []


def test_what_is_stored_does_not_open_it(desk: Desk, elm: Organization) -> None:
    path = made_at(desk, practitioner="")
    feed = Feed.objects.get()

    assert feed.digest not in path
    assert read(elm, f"/feeds/{feed.digest}.ics").status_code == 404
    assert read(elm, "/feeds/.ics").status_code == 404
    assert read(elm, "/feeds/a\ud800b.ics".encode("utf-8", "surrogatepass").decode("latin-1"))


def test_a_deleted_feed_is_closed(desk: Desk, elm: Organization) -> None:
    path = made_at(desk, practitioner="")
    assert events(read(elm, path)) == []

    desk.post(f"bookings/feed/{Feed.objects.get().pk}/delete/", {"post": "yes"})

    assert read(elm, path).status_code == 404


@pytest.mark.parametrize("change", ["switched off", "another role"])
def test_a_feed_ends_with_the_rights_of_who_made_it(
    change: str, desk: Desk, elm: Organization
) -> None:
    path = made_at(desk, practitioner="")
    assert read(elm, path).status_code == 200

    made_by = get_user_model().objects.filter(username=Feed.objects.get().by)
    made_by.update(**{"is_active": False} if change == "switched off" else {"is_superuser": False})

    assert read(elm, path).status_code == 404


def test_when_it_was_read_is_noted_once_an_hour(elm: Organization) -> None:
    get_user_model().objects.create_superuser("desk")
    _, secret = feeds.make(None, shows_patients=False, by="desk")

    def last_read(after: int) -> datetime | None:
        feeds.find(secret, now=MONDAY + timedelta(minutes=after))
        return Feed.objects.get().last_read

    assert last_read(0) == last_read(59) == MONDAY
    assert last_read(61) == MONDAY + timedelta(minutes=61)


def test_the_front_desk_makes_none(desk: Desk, elm: Organization) -> None:
    """Only who manages the clinic lets others read its diary."""
    user = get_user_model().objects.create_user("kim", is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=FRONT_DESK)[0])
    staff.give_rights()
    desk.client.force_login(user)

    assert desk.get("bookings/patient/").status_code == 200
    assert desk.get("bookings/feed/").status_code == 403
    assert desk.post("bookings/feed/add/", {"practitioner": ""}).status_code == 403


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Ben Ode", "B. O."),
        ("Ben van der Ode", "B. O."),
        ("Cher", "C."),
        ("", ""),
        ("É À", "É. À."),
    ],
)
def test_initials(name: str, short: str) -> None:
    assert feeds.initials(name) == short


def test_another_clinic_does_not_know_it_and_no_secret_is_logged(
    committed: Committed, tmp_path: Path
) -> None:
    made, other = committed(), committed()
    with organizations.within(organizations.get(made.org)):
        get_user_model().objects.create_superuser("desk")
        _, secret = feeds.make(None, shows_patients=False, by="desk")

    def ask(server: Server, path: str, whose: Onboarded = made) -> int:
        return server.request("GET", path, host=whose.domain)[0]

    with gunicorn(tmp_path) as server:
        assert ask(server, f"/feeds/{secret}.ics") == 200
        assert ask(server, f"/feeds/{secret}.ics", other) == 404
        assert ask(server, f"/feeds/{secret}") == 404
        log = server.log
    text = log.read_text()
    assert text.count('"path": "/feeds/"') == 3
    assert secret not in text
