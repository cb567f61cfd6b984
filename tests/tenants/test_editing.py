"""Editing: a page that is saved over a newer row is refused, and loses nothing that was typed."""

from datetime import time
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from assistants.models import Assistant
from bookings.models import Appointment, Closure, Patient, Practitioner, Schedule, ServiceType
from tenants.models import Organization
from tenants.versions import VERSION
from tests.conftest import BEN, Call, Door, at
from tests.desk import SignedIn, fields_in, version_in
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")


class Browser(SignedIn):
    """A page is opened, and saved later as it was opened."""

    def __init__(self, organization: Organization, name: str) -> None:
        super().__init__(organization, get_user_model().objects.create_superuser(name))

    def open(self, path: str) -> str:
        return version_in(self.answered(self.client.get(f"/admin/{path}")))

    def save(self, path: str, version: str, **typed: Any) -> Any:
        return self.answered(self.client.post(f"/admin/{path}", {VERSION: version, **typed}))


@pytest.fixture
def desk(elm: Organization) -> Browser:
    return Browser(elm, "desk")


@pytest.fixture
def colleague(elm: Organization) -> Browser:
    return Browser(elm, "colleague")


@pytest.fixture
def visit(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> Appointment:
    return have(ada, cleaning, ben, "2026-12-03 14:30")


def as_shown(visit: Appointment, **typed: Any) -> dict[str, Any]:
    return {
        "practitioner": visit.practitioner_id,
        "start_0": "2026-12-03",
        "start_1": "14:30:00",
        "notes": "",
        "changes-TOTAL_FORMS": "0",
        "changes-INITIAL_FORMS": "0",
        **typed,
    }


def test_a_visit_the_caller_moved_is_not_moved_back_by_a_note(
    desk: Browser, call: Call, visit: Appointment
) -> None:
    """Z08."""
    path = f"bookings/appointment/{visit.pk}/change/"
    opened = desk.open(path)
    call("reschedule_appointment", start="2026-12-04 at 9 am", caller=BEN)

    page = desk.save(path, opened, **as_shown(visit, notes="brings X-rays"))

    visit.refresh_from_db()
    assert visit.start == at("2026-12-04 09:00")
    text = page.content.decode()
    assert "start is now Fri 4 Dec 2026 09:00" in text
    assert "by a caller, by telephone on Mon 23 Nov 2026 08:00" in text
    assert "brings X-rays" in text
    assert 'value="2026-12-04"' in text

    saved_again = as_shown(visit, start_0="2026-12-04", start_1="09:00:00", notes="brings X-rays")
    assert desk.save(path, version_in(page), **saved_again).status_code == 302
    visit.refresh_from_db()
    assert (visit.start, visit.notes) == (at("2026-12-04 09:00"), "brings X-rays")


def test_a_cancelled_visit_is_not_booked_back(
    desk: Browser, call: Call, visit: Appointment
) -> None:
    path = f"bookings/appointment/{visit.pk}/change/"
    opened = desk.open(path)
    call("cancel_appointment", caller=BEN)

    text = desk.save(path, opened, **as_shown(visit, notes="late")).content.decode()

    visit.refresh_from_db()
    assert (visit.status, visit.notes) == ("cancelled", "")
    assert "status is now Cancelled" in text


def test_of_two_notes_none_is_lost(desk: Browser, colleague: Browser, visit: Appointment) -> None:
    path = f"bookings/appointment/{visit.pk}/change/"
    opened, also_opened = desk.open(path), colleague.open(path)
    assert desk.save(path, opened, **as_shown(visit, notes="latex")).status_code == 302

    text = colleague.save(path, also_opened, **as_shown(visit, notes="wheelchair")).content.decode()

    visit.refresh_from_db()
    assert visit.notes == "latex"
    assert "by desk on" in text
    assert "notes is now latex" in text
    assert "wheelchair" in text


def test_saving_once_more_keeps_both_on_a_plain_form(
    desk: Browser, colleague: Browser, ben: Patient
) -> None:
    """The refused page shows the stored row, and not what its form made of it."""
    path = f"bookings/patient/{ben.pk}/change/"
    page = desk.client.get(f"/admin/{path}")
    opened, typed = version_in(page), fields_in(page)
    colleague.save(path, colleague.open(path), **{**typed, "email": "ben@example.com"})

    refused = desk.save(path, opened, **{**typed, "name": "Ben Oden"})
    again = {**fields_in(refused), VERSION: version_in(refused)}

    assert "email is now ben@example.com" in refused.content.decode()
    assert desk.client.post(f"/admin/{path}", again).status_code == 302
    desk.organization.activate()
    ben.refresh_from_db()
    assert (ben.name, ben.email) == ("Ben Oden", "ben@example.com")


def test_a_page_that_is_not_stale_is_saved(desk: Browser, visit: Appointment) -> None:
    """The control."""
    path = f"bookings/appointment/{visit.pk}/change/"

    assert desk.save(path, desk.open(path), **as_shown(visit, notes="late")).status_code == 302

    visit.refresh_from_db()
    assert visit.notes == "late"


@pytest.mark.parametrize("version", ["", "forged", "eyJ9:1x:abc"])
def test_a_page_without_its_version_is_not_saved(
    version: str, desk: Browser, visit: Appointment
) -> None:
    page = desk.save(
        f"bookings/appointment/{visit.pk}/change/", version, **as_shown(visit, notes="late")
    )

    visit.refresh_from_db()
    assert (page.status_code, visit.notes) == (200, "")
    assert "Please save again" in page.content.decode()


def test_the_version_of_another_row_is_no_version(
    desk: Browser, visit: Appointment, bo: Practitioner, consultation: ServiceType, cat: Patient
) -> None:
    other = Appointment.objects.create(
        practitioner=bo, service=consultation, patient=cat, start=visit.start, source="staff"
    )
    opened = desk.open(f"bookings/appointment/{other.pk}/change/")

    desk.save(f"bookings/appointment/{visit.pk}/change/", opened, **as_shown(visit, notes="late"))

    visit.refresh_from_db()
    assert visit.notes == ""


def hours(*rows: Schedule, **typed: Any) -> dict[str, Any]:
    """The hours as the page of a practitioner shows them."""
    data: dict[str, Any] = {
        "accounts-TOTAL_FORMS": "0",
        "accounts-INITIAL_FORMS": "0",
        "schedules-TOTAL_FORMS": str(len(rows)),
        "schedules-INITIAL_FORMS": str(len(rows)),
    }
    for number, row in enumerate(rows):
        data |= {
            f"schedules-{number}-id": row.pk,
            f"schedules-{number}-practitioner": row.practitioner_id,
            f"schedules-{number}-weekday": row.weekday,
            f"schedules-{number}-starts": row.starts,
            f"schedules-{number}-ends": row.ends,
        }
    return {**data, **typed}


def test_hours_a_colleague_changed_are_kept_and_shown(
    desk: Browser, colleague: Browser, ada: Practitioner
) -> None:
    """This includes the rows in the page. Fields that nobody typed in show the present values."""
    path = f"bookings/practitioner/{ada.pk}/change/"
    rows = list(Schedule.objects.filter(practitioner=ada))
    said = {"name": ada.name, "is_active": "on", "services": [s.pk for s in ada.services.all()]}
    opened, also_opened = desk.open(path), colleague.open(path)
    earlier = hours(*rows, **{"schedules-0-starts": "08:00:00"})
    assert desk.save(path, opened, **said, **earlier).status_code == 302

    page = colleague.save(path, also_opened, **{**said, "name": "Dr. Ada Moss-Lee"}, **hours(*rows))

    text = page.content.decode()
    assert "its rows below" in text
    assert "Dr. Ada Moss-Lee" in text
    assert 'name="schedules-0-starts" value="08:00' in text.replace("\n", " ")
    rows[0].refresh_from_db()
    ada.refresh_from_db()
    assert (rows[0].starts, ada.name) == (time(8), "Dr. Ada Moss")


def open_patient(ben: Patient) -> tuple[str, dict[str, Any], str]:
    rows = {"appointments-TOTAL_FORMS": "0", "appointments-INITIAL_FORMS": "0"}
    typed = {"name": ben.name, "phone": ben.phone, "date_of_birth": "", "email": "b@elm.example"}
    return f"bookings/patient/{ben.pk}/change/", {**typed, **rows}, "email"


def test_a_birthday_that_came_by_telephone_stays(desk: Browser, call: Call, ben: Patient) -> None:
    path, typed, _ = open_patient(ben)
    opened = desk.open(path)
    call(
        "book_appointment",
        service="cleaning",
        start="2026-12-03 at 2:30 pm",
        patient_name="Ben Ode",
        date_of_birth="May 4, 1980",
    )

    text = desk.save(path, opened, **typed).content.decode()

    ben.refresh_from_db()
    assert str(ben.date_of_birth) == "1980-05-04"
    assert "Changed since you opened this page" in text
    assert "b@elm.example" in text


def test_who_typed_in_the_same_field_is_told_that_it_is_replaced(
    desk: Browser, colleague: Browser, ben: Patient
) -> None:
    path, typed, _ = open_patient(ben)
    opened, also_opened = desk.open(path), colleague.open(path)
    assert desk.save(path, opened, **{**typed, "email": "a@elm.example"}).status_code == 302

    text = colleague.save(path, also_opened, **typed).content.decode()
    assert "Save again to replace email by yours." in text

    other = desk.open(path)
    assert desk.save(path, other, **{**typed, "name": "Ben Odé"}).status_code == 302
    text = colleague.save(path, also_opened, **{**typed, "phone": "+12025550166"}).content.decode()
    assert "Save again to replace email by yours." in text  # and not the name, or the number


def test_every_page_that_can_be_saved_carries_its_version(
    desk: Browser, door: Door, visit: Appointment, elm: Organization
) -> None:
    """One mechanism for all of them: no page of either site is without it."""
    from tenants.editing import ModelAdmin
    from tenants.sites import front_desk, operators

    Closure.objects.create(start=at("2026-12-24 00:00"), end=at("2026-12-27 00:00"))

    for site in (front_desk, operators):
        assert all(isinstance(page, ModelAdmin) for page in site._registry.values())
    for path in (
        f"bookings/practitioner/{visit.practitioner_id}/change/",
        f"bookings/servicetype/{visit.service_id}/change/",
        f"bookings/closure/{Closure.objects.get().pk}/change/",
        f"assistants/assistant/{Assistant.objects.get().pk}/change/",
        f"auth/user/{get_user_model().objects.get(username='desk').pk}/change/",
    ):
        assert desk.open(path), path
