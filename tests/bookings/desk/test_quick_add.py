"""Quick add: a patient, a service and a click; once for each form, by the usual rules."""

import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import appointments, undo
from bookings.models import (
    Appointment,
    AppointmentChange,
    BookingPolicy,
    Callback,
    Offer,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from tests.conftest import MONDAY, Call, at
from tests.desk import Desk
from tests.visits import insert, row

pytestmark = pytest.mark.usefixtures("monday")

NINE, TEN = at("2026-11-23 09:00"), at("2026-11-23 10:00")
DRAWER = {"HX-Request": "true"}


class Form:
    """The form as the drawer has it: each press posts all its fields."""

    def __init__(self, desk: Desk, **opened: Any) -> None:
        self.desk = desk
        self.answer = desk.client.get("/admin/book/", opened, headers=DRAWER)
        desk.organization.activate()
        self.fields: dict[str, str] = {}
        self.read()

    def read(self) -> None:
        if self.answer.content:
            found = re.findall(r"<input[^>]*>", self.answer.content.decode())
            pairs = [(value(one, "name"), value(one, "value")) for one in found]
            self.fields = {name: text for name, text in pairs if name and name != "by_choice"}

    def press(self, **pressed: Any) -> Any:
        """Types or chooses, or presses a button."""
        sent = {**self.fields, **pressed}
        self.answer = self.desk.client.post("/admin/book/", sent, headers=DRAWER)
        self.desk.organization.activate()
        self.read()
        return self.answer

    @property
    def page(self) -> str:
        return str(self.answer.content.decode())

    @property
    def times(self) -> list[str]:
        """The values of its buttons that book, in their order."""
        return [one for one in re.findall(r'name="at" value="([^"]+)"', self.page) if " " in one]

    @property
    def told(self) -> str:
        found = re.search(r'role="alert">\s*<p>(.*?)</p>', self.page)
        return found[1] if found else ""


def value(tag: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', tag)
    return found[1] if found else ""


def time_of(start: datetime, who: Practitioner) -> str:
    return f"{start.isoformat()} {who.pk}"


def test_a_walk_in_is_a_name_a_service_and_a_time(
    desk: Desk, cleaning: ServiceType, ada: Practitioner
) -> None:
    form = Form(desk)
    form.press(who="Dan Fox 3/4/1985 (202) 555-0143", service=cleaning.pk)

    answer = form.press(at=form.times[0])

    assert answer.status_code == 204
    assert "Booked: Dan Fox, Cleaning, Mon 23 Nov 09:00 with Dr. Ada Moss." in answer["HX-Trigger"]
    visit = Appointment.objects.get()
    assert (visit.start, visit.practitioner, visit.source) == (NINE, ada, "staff")
    dan = visit.patient
    assert (dan.name, dan.phone) == ("Dan Fox", "+12025550143")
    assert dan.date_of_birth == date(1985, 3, 4)
    assert (dan.is_verified, dan.birthday_proves) == (True, True)
    assert visit.changes.get().by == "desk"


def test_a_new_patients_history_says_who_added_them(desk: Desk, cleaning: ServiceType) -> None:
    form = Form(desk)
    form.press(who="Dan Fox", service=cleaning.pk)
    form.press(at=form.times[0])

    page = desk.get(f"bookings/patient/{Patient.objects.get().pk}/history/").content.decode()

    assert "Added" in page
    assert "not the front desk" not in page


def test_a_known_patient_is_chosen_among_those_who_fit(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    form = Form(desk)
    form.press(who="ben", typing="1")
    assert f'value="{ben.pk}"' in form.page
    assert 'value="new"' in form.page
    form.press(patient=ben.pk)
    form.press(service=cleaning.pk)

    form.press(at=form.times[0])

    assert Appointment.objects.get().patient == ben
    assert Patient.objects.count() == 1


def test_a_number_that_one_patient_has_chooses_them(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    form = Form(desk)
    form.press(who="202-555-0177", service=cleaning.pk)

    form.press(at=form.times[0])

    assert Appointment.objects.get().patient == ben


def test_nobody_is_chosen_while_a_name_is_being_typed(desk: Desk) -> None:
    form = Form(desk)

    form.press(who="Dan F", typing="1")

    assert 'name="patient" value="new"' in form.page
    assert "book-picked" not in form.page


def test_a_double_click_books_once(desk: Desk, cleaning: ServiceType) -> None:
    form = Form(desk)
    form.press(who="Dan Fox", service=cleaning.pk)
    first = form.times[0]

    answers = [form.press(at=first), form.press(at=first)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert answers[0]["HX-Trigger"] == answers[1]["HX-Trigger"]
    assert Appointment.objects.count() == Patient.objects.count() == 1
    assert AppointmentChange.objects.count() == 1


def test_a_form_that_booked_does_not_book_another_time(
    desk: Desk, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    form = Form(desk, patient=ben.pk)
    form.press(patient=ben.pk, service=cleaning.pk)
    form.press(at=time_of(NINE, ada))

    answer = form.press(at=time_of(TEN, ada))

    assert "09:00" in answer["HX-Trigger"]
    assert Appointment.objects.get().start == NINE


def test_a_form_whose_visit_was_undone_books_nothing(
    desk: Desk, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    form = Form(desk)
    form.press(patient=ben.pk, service=cleaning.pk)
    form.press(at=time_of(NINE, ada))
    undo.undo(AppointmentChange.objects.get(), now=MONDAY, by="desk")

    answer = form.press(at=time_of(NINE, ada))

    assert answer.status_code == 409
    assert "which is entered in error now" in form.told
    assert Appointment.objects.count() == 1


def test_a_visit_that_the_patient_has_is_said(
    desk: Desk, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    insert(row(start=NINE))
    form = Form(desk)
    form.press(patient=ben.pk, service=cleaning.pk)

    assert form.press(at=time_of(NINE, ada)).status_code == 409

    assert "Booked already, with Dr. Ada Moss" in form.told
    assert Appointment.objects.count() == 1


def test_a_lost_race_keeps_what_was_typed_and_offers_other_times(
    desk: Desk, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    form = Form(desk)
    form.press(who="Dan Fox 2025550143", service=cleaning.pk, notes="brings a letter")
    insert(row(start=NINE))

    answer = form.press(at=time_of(NINE, ada))

    assert answer.status_code == 409
    assert form.told == "This time is taken."
    assert form.times[:3] == [time_of(NINE + timedelta(minutes=m), ada) for m in (30, 45, 60)]
    assert form.fields["who"] == "Dan Fox 2025550143"
    assert form.fields["notes"] == "brings a letter"
    assert not Patient.objects.filter(name="Dan Fox").exists()

    form.press(at=form.times[0])

    visit = Appointment.objects.get(patient__name="Dan Fox")
    assert (visit.start, visit.notes) == (NINE + timedelta(minutes=30), "brings a letter")


@pytest.mark.parametrize(
    ("name", "told"), [("Cleaning", ""), ("Root canal", "This time is taken.")]
)
def test_in_a_gap_the_service_decides_whether_it_fits(
    name: str, told: str, desk: Desk, ben: Patient, cat: Patient, ada: Practitioner
) -> None:
    insert(row(start=TEN + timedelta(minutes=30)))
    form = Form(desk, start=TEN.isoformat(), practitioner=ada.pk)
    form.press(who="Cat Ruiz", service=ServiceType.objects.get(name=name).pk)
    form.press(patient=cat.pk)

    assert form.told == told
    assert (form.times[0] == time_of(TEN, ada)) == (not told)
    assert form.press(at=form.times[0]).status_code == 204


def test_a_gap_offers_the_services_of_its_practitioner(desk: Desk, bo: Practitioner) -> None:
    form = Form(desk, start=TEN.isoformat(), practitioner=bo.pk)

    assert "Consultation" in form.page
    assert "Cleaning" not in form.page


def test_free_times_are_paged_by_day_and_by_practitioner(
    desk: Desk, consultation: ServiceType
) -> None:
    form = Form(desk)
    form.press(service=consultation.pk)
    assert "Monday 23 November" in form.page
    assert "Dr. Bo Lind" in form.page

    form.press(day="2026-11-28")

    assert "Saturday 28 November" in form.page
    assert 'value="2026-11-30"' in form.page
    assert "Next: Mon 30 Nov" in form.page


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-23", "This is too soon. Visits can be booked from Tuesday 24 November, 00:00."),
        ("2027-11-24", "The diary is open until 23 November 2027."),
    ],
)
def test_a_day_too_soon_or_too_far_ahead_says_so(
    day: str, said: str, desk: Desk, cleaning: ServiceType
) -> None:
    BookingPolicy.objects.update_or_create(defaults={"notice_days": 1})
    form = Form(desk)

    form.press(service=cleaning.pk, day=day)

    assert said in form.page


def by_choice(day: str, time: str, who: Practitioner, **more: Any) -> dict[str, Any]:
    fields = {"chosen_day": day, "chosen_time": time, "chosen_practitioner": who.pk}
    return {"at": "chosen", "by_choice": "on", **fields, **more}


def test_rules_are_set_aside_by_one_switch_and_recorded(
    desk: Desk, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    form = Form(desk)
    form.press(patient=ben.pk, service=cleaning.pk)

    answer = form.press(**by_choice("2026-11-28", "18:10", ada, minutes="50"))

    assert answer.status_code == 204
    visit = Appointment.objects.get()
    assert (visit.start, visit.end - visit.start) == (
        at("2026-11-28 18:10"),
        timedelta(minutes=50),
    )
    assert visit.changes.get().overrides == ["length", "hours"]


def test_a_hold_is_set_aside_by_choice_alone(
    desk: Desk, call: Call, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    call("check_availability", service="cleaning", date="2026-11-23", caller="+12025550155")
    held = Offer.objects.order_by("start").first()
    assert held is not None
    local = held.start.astimezone(NINE.tzinfo)
    form = Form(desk)
    form.press(patient=ben.pk, service=cleaning.pk)

    assert form.press(at=time_of(local, ada)).status_code == 409
    assert "A caller is being offered this time" in form.told

    assert form.press(**by_choice("2026-11-23", f"{local:%H:%M}", ada)).status_code == 204
    assert Appointment.objects.get().changes.get().overrides == ["holds"]
    assert not Offer.objects.filter(pk=held.pk).exists()


def test_no_choice_books_over_another_visit(
    desk: Desk, ben: Patient, cat: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    insert(row(start=NINE))
    form = Form(desk)
    form.press(patient=cat.pk, service=cleaning.pk)

    assert form.press(**by_choice("2026-11-23", "09:00", ada)).status_code == 409

    assert form.told == "This time is taken."
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"chosen_time": ""}, "Please give the day, the time and the practitioner."),
        ({"chosen_day": "9999-12-31"}, "Please give the day, the time and the practitioner."),
        ({"minutes": "900"}, "A visit takes 5 to 480 minutes."),
        (
            {"by_choice": ""},
            "Dr. Ada Moss works 09:00 to 12:00 and 13:00 to 17:00 on Monday 23 November.",
        ),
    ],
)
def test_a_choice_that_is_not_whole_is_refused(
    changes: dict[str, str],
    told: str,
    desk: Desk,
    ben: Patient,
    cleaning: ServiceType,
    ada: Practitioner,
) -> None:
    form = Form(desk)
    form.press(patient=ben.pk, service=cleaning.pk)

    answer = form.press(**{**by_choice("2026-11-23", "18:10", ada), **changes})

    assert (answer.status_code, form.told) == (409, told)
    assert not Appointment.objects.exists()


BOOKER = ("add_appointment", "view_appointment", "view_patient", "add_patient")


def test_who_may_not_override_has_no_switch_and_sets_nothing_aside(
    desk: Desk, ben: Patient, cleaning: ServiceType, ada: Practitioner
) -> None:
    desk.may_only(*BOOKER)
    form = Form(desk)
    form.press(patient=ben.pk, service=cleaning.pk)
    assert "by_choice" not in form.page

    assert form.press(**by_choice("2026-11-23", "18:10", ada)).status_code == 409

    assert not Appointment.objects.exists()


def test_who_may_not_add_patients_makes_none(desk: Desk, cleaning: ServiceType) -> None:
    desk.may_only("add_appointment", "view_patient")
    form = Form(desk)
    form.press(who="Dan Fox", service=cleaning.pk)

    answer = form.press(patient="new", at=form.times[0])

    assert (answer.status_code, form.told) == (409, "Please choose the patient first.")
    assert not Patient.objects.exists()


def test_who_may_not_see_patients_finds_none(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    desk.may_only("add_appointment")
    form = Form(desk)

    form.press(who="ben", typing="1")
    assert "Ben Ode" not in form.page

    form.press(patient=ben.pk, service=cleaning.pk)
    assert form.press(at=form.times[0]).status_code == 409
    assert not Appointment.objects.exists()


def test_who_may_not_book_has_no_drawer(desk: Desk) -> None:
    desk.may_only("view_appointment")

    assert Form(desk).answer.status_code == 403


def test_a_patient_who_is_known_is_not_made_again(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    form = Form(desk)
    form.press(who="ben ode 2025550177", service=cleaning.pk)

    answer = form.press(patient="new", at=form.times[0])

    assert answer.status_code == 409
    assert form.told.startswith("Ben Ode, +12025550177 is known already, and chosen now.")
    assert form.press(at=form.times[0]).status_code == 204
    assert Appointment.objects.get().patient == ben
    assert Patient.objects.count() == 1


@pytest.fixture
def waiting(cat: Patient, cleaning: ServiceType) -> WaitlistEntry:
    """Cat waits for a cleaning on an afternoon."""
    return WaitlistEntry.objects.create(patient=cat, service=cleaning, parts=["afternoon"])


def test_the_waitlist_fills_the_form_and_is_done_with_the_booking(
    desk: Desk, waiting: WaitlistEntry, ada: Practitioner
) -> None:
    form = Form(desk, waitlist=waiting.pk)
    assert "Cat Ruiz" in form.page
    assert form.times[0] == time_of(at("2026-11-23 13:00"), ada)

    form.press(at=form.times[0])

    waiting.refresh_from_db()
    assert (waiting.status, Appointment.objects.get().patient) == ("done", waiting.patient)
    page = desk.get(f"bookings/waitlistentry/{waiting.pk}/history/").content.decode()
    assert "Marked as done: booked." in page


def take_back(desk: Desk) -> str:
    """Undo the newest change of the only visit, as the button does; what is said."""
    change = Appointment.objects.get().changes.last()
    assert change is not None
    headers = {"Accept": "application/json"}
    answer = desk.client.post(f"/admin/bookings/appointment/undo/{change.pk}/", headers=headers)
    desk.organization.activate()
    return str(answer.json()["said"])


def test_who_waited_waits_again_when_the_booking_is_undone(
    desk: Desk, waiting: WaitlistEntry
) -> None:
    form = Form(desk, waitlist=waiting.pk)
    form.press(at=form.times[0])

    said = take_back(desk)

    assert "Cat Ruiz waits for Cleaning again." in said
    waiting.refresh_from_db()
    assert (waiting.status, waiting.appointment) == ("waiting", None)
    page = desk.get(f"bookings/waitlistentry/{waiting.pk}/history/").content.decode()
    assert "Open again: the booking was undone." in page


def test_who_waits_anew_by_then_does_not_wait_twice(desk: Desk, waiting: WaitlistEntry) -> None:
    form = Form(desk, waitlist=waiting.pk)
    form.press(at=form.times[0])
    WaitlistEntry.objects.create(patient=waiting.patient, service=waiting.service)

    said = take_back(desk)

    assert "waits" not in said
    waiting.refresh_from_db()
    assert (waiting.status, Appointment.objects.get().status) == ("done", "entered-in-error")


def test_what_a_colleague_marked_since_stays_done(desk: Desk, waiting: WaitlistEntry) -> None:
    form = Form(desk, waitlist=waiting.pk)
    form.press(at=form.times[0])
    for step in ("reopen", "done"):
        desk.post(f"inbox/waiting/{waiting.pk}/{step}/", {})

    said = take_back(desk)

    assert "waits" not in said
    waiting.refresh_from_db()
    assert waiting.status == "done"


def test_an_undone_cancellation_reopens_nothing(
    desk: Desk, waiting: WaitlistEntry, monday: datetime
) -> None:
    form = Form(desk, waitlist=waiting.pk)
    form.press(at=form.times[0])
    appointments.cancel(Appointment.objects.get(), now=monday, by="rosa")

    take_back(desk)

    waiting.refresh_from_db()
    assert (waiting.status, Appointment.objects.get().status) == ("done", "booked")


def test_the_waitlist_stays_if_another_is_booked(
    desk: Desk, ben: Patient, waiting: WaitlistEntry
) -> None:
    form = Form(desk, waitlist=waiting.pk)
    form.press(change="1")
    form.press(patient=ben.pk)

    assert form.press(at=form.times[0]).status_code == 204

    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_the_waitlist_stays_if_nothing_is_booked(
    desk: Desk, ben: Patient, waiting: WaitlistEntry, ada: Practitioner
) -> None:
    form = Form(desk, waitlist=waiting.pk)
    insert(row(start=NINE))

    assert form.press(at=time_of(NINE, ada)).status_code == 409

    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_what_a_colleague_has_dealt_with_is_asked_about_first(
    desk: Desk, waiting: WaitlistEntry
) -> None:
    form = Form(desk, waitlist=waiting.pk)
    first = form.times[0]
    WaitlistEntry.objects.update(status="done")

    assert form.press(at=first).status_code == 409
    assert "A colleague has dealt with this place on the waitlist" in form.told
    assert not Appointment.objects.exists()

    assert form.press(at=first).status_code == 204


def test_a_callback_fills_the_form_and_is_done_with_the_booking(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    call = Callback.objects.create(name="Ben Ode", phone=ben.phone, reason="a tooth")
    form = Form(desk, callback=call.pk)
    assert "a tooth" in form.page
    assert form.fields["patient"] == str(ben.pk)
    form.press(service=cleaning.pk)

    form.press(at=form.times[0])

    call.refresh_from_db()
    assert (call.status, Appointment.objects.get().patient) == ("done", ben)
    assert "Ben Ode is to be called back again." in take_back(desk)
    call.refresh_from_db()
    assert (call.status, call.note, call.done_by, call.done_at) == ("pending", "", "", None)


def test_a_callback_of_a_stranger_makes_nobody_by_itself(desk: Desk, ben: Patient) -> None:
    call = Callback.objects.create(name="Benny O.", phone=ben.phone)

    form = Form(desk, callback=call.pk)

    assert "book-picked" not in form.page
    assert 'name="patient" value="new"' in form.page
    assert f'name="patient" value="{ben.pk}"' in form.page


def test_the_page_works_without_a_script(desk: Desk, cleaning: ServiceType) -> None:
    page = desk.get("book/")
    assert "<html" in page.content.decode()
    key = str(uuid.uuid4())
    form = {"who": "Dan Fox", "service": cleaning.pk, "key": key}
    shown = desk.post("book/", form).content.decode()
    [first, *_] = re.findall(r'name="at" value="([^"]+)"', shown)

    answer = desk.post("book/", {**form, "patient": "new", "at": first})

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert Appointment.objects.get().patient.name == "Dan Fox"
    start = desk.get("").content.decode()
    assert "Booked: Dan Fox, Cleaning" in start
    assert "/undo/" in start


@pytest.mark.parametrize(
    "sent",
    [
        {"service": "x", "at": "x"},
        {"at": "chosen"},
        {"start": "0001-01-01T00:00:00+00:00", "practitioner": "1", "at": "9999-12-31T23:59 1"},
        {"key": "x", "patient": "\0", "who": "\0\0", "waitlist": "9" * 30, "at": " "},
        {"day": "9999-12-31", "service": "1"},
        {"minutes": "9" * 400, "at": "2026-11-23T09:00:00-05:00 99999999999999999999"},
    ],
)
def test_what_no_page_sends_books_nothing(sent: dict[str, str], desk: Desk) -> None:
    assert desk.post("book/", sent).status_code in (200, 400, 409)

    assert not Appointment.objects.exists()


def test_what_a_patient_is_called_is_shown_as_text(desk: Desk) -> None:
    form = Form(desk)

    form.press(who='<img src=x onerror="alert(1)">', typing="1")

    assert "<img src=x" not in form.page


def test_what_is_typed_never_stands_in_an_address(desk: Desk) -> None:
    form = Form(desk)

    form.press(who="Dan Fox")

    assert "hx-get" not in form.page
    assert "who=" not in form.page


def test_a_full_diary_asks_the_database_as_often_as_an_empty_one(
    desk: Desk, ben: Patient, cleaning: ServiceType
) -> None:
    form = Form(desk)
    form.press(who="ben", service=cleaning.pk)
    with CaptureQueriesContext(connection) as empty:
        form.press(who="ben", service=cleaning.pk)
    for number in range(12):
        patient = Patient.objects.create(name=f"Ben {number}")
        start = MONDAY + timedelta(days=1, minutes=60 + 30 * number)
        insert(row(patient=patient, start=start))
    with CaptureQueriesContext(connection) as full:
        form.press(who="ben", service=cleaning.pk)

    assert len(full) == len(empty)
