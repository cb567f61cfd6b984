"""What staff do with patients who are unverified, or may be one person: accept and merge."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from assistants.models import ToolCall
from bookings import appointments, erasure, merging
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType, WaitlistEntry
from bookings.outcomes import Accepted, Busy, Cancelled, Merged, NotMergeable
from tests.conftest import BEN, MONDAY, Call, at
from tests.desk import Desk, fields_in
from tests.visits import book, have

pytestmark = pytest.mark.usefixtures("monday")

DEE = "+12025550143"
OTHER = "+14155550123"
STRANGERS = "+14155550177"


@pytest.fixture
def claimed(call: Call, ben: Patient) -> Patient:
    """Dee has booked for Ben, and said another number of his, his birthday and his e-mail."""
    call(
        "book_appointment",
        caller=DEE,
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Ben Ode",
        patient_phone=BEN,
        patient_email="ben@example.com",
        date_of_birth="1988-04-17",
    )
    patient = Patient.objects.get(claimed_by=DEE)
    patient.phone = OTHER
    patient.save()
    return patient


def visit(patient: Patient, who: Practitioner, start: str, **more: Any) -> Appointment:
    service = ServiceType.objects.get(name="Cleaning")
    return have(who, service, patient, start, source="staff", **more)


def act(desk: Desk, action: str, *rows: Patient) -> str:
    """Chosen in the list, and sure of what the page shows that asks."""
    asked = chosen(desk, action, *rows)
    if asked.status_code == 200:
        sure(desk, asked, *rows)
    return page(desk)


def chosen(desk: Desk, action: str, *rows: Patient) -> Any:
    picked = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return desk.post("bookings/patient/", picked)


def sure(desk: Desk, asked: Any, *rows: Patient) -> Any:
    picked = {**fields_in(asked), "_selected_action": [str(row.pk) for row in rows]}
    return desk.post("bookings/patient/", picked)


def page(desk: Desk, query: str = "") -> str:
    return str(desk.get(f"bookings/patient/{query}").content.decode())


def of(patient: Patient, shown: str) -> str:
    """The row of the list that is the patient's."""
    [row] = [row for row in shown.split("<tr") if f'value="{patient.pk}"' in row]
    return row.partition("</tr>")[0]


def merge_page(one: Patient, other: Patient) -> str:
    return f"bookings/patient/{one.pk}/merge/{other.pk}/"


def merge(desk: Desk, one: Patient, other: Patient, **ticked: str) -> str:
    asked = fields_in(desk.get(merge_page(one, other)))
    desk.post(merge_page(one, other), {**asked, **(ticked or {"with_numbers": OTHER})})
    return page(desk)


# --- the pages


def test_the_list_shows_who_is_unverified_and_whom_they_may_be(
    desk: Desk, claimed: Patient, ben: Patient, cat: Patient
) -> None:
    shown = page(desk)

    rows = {row.pk: of(row, shown) for row in (claimed, cat)}
    assert "Unverified" in rows[claimed.pk]
    assert "Unverified" not in rows[cat.pk]
    assert "Verified" in rows[cat.pk]
    assert f"/admin/bookings/patient/{ben.pk}/change/" in shown
    assert f"/admin/{merge_page(claimed, ben)}" in shown
    for query in ("?trust=unverified", "?trust=same"):
        filtered = page(desk, query)
        assert str(claimed.pk) in filtered
        assert str(cat.pk) not in filtered


def test_the_page_of_a_claimed_patient_says_who_gave_the_details(
    desk: Desk, claimed: Patient, ben: Patient
) -> None:
    shown = desk.get(f"bookings/patient/{claimed.pk}/change/").content.decode()

    assert "Unverified" in shown
    assert f"a caller at {DEE}" in shown
    assert merge_page(claimed, ben) in shown
    known = desk.get(f"bookings/patient/{ben.pk}/change/").content.decode()
    assert merge_page(ben, claimed) in known
    listed = desk.get("bookings/appointment/?when=all").content.decode()
    assert "Ben Ode (unverified)" in listed


def test_another_number_said_is_on_the_page_of_the_appointment(
    desk: Desk, call: Call, ben: Patient
) -> None:
    call(
        "book_appointment",
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Ben Ode",
        patient_phone=OTHER,
    )
    row = Appointment.objects.get()

    assert OTHER in desk.get(f"bookings/appointment/{row.pk}/change/").content.decode()
    assert row.reference in desk.get("bookings/appointment/?q=4155550123").content.decode()


def test_staff_write_other_numbers_as_people_do(desk: Desk, ben: Patient) -> None:
    form = {
        "name": "Ben Ode",
        "phone": "(202) 555-0177",
        "other_phones": ["(415) 555-0123"],
        "email": "",
        "date_of_birth": "",
        "appointments-TOTAL_FORMS": "0",
        "appointments-INITIAL_FORMS": "0",
    }
    response = desk.post(f"bookings/patient/{ben.pk}/change/", form)

    assert response.status_code == 302, response.content.decode()[:3000]
    ben.refresh_from_db()
    assert (ben.phone, ben.other_phones) == (BEN, [OTHER])
    assert str(ben.pk) in page(desk, "?q=(415) 555-0123")
    bad = desk.post(f"bookings/patient/{ben.pk}/change/", {**form, "other_phones": ["12"]})
    assert "This is no telephone number" in bad.content.decode()


def test_what_staff_wrote_is_not_corrected_by_the_call_that_goes_on(
    desk: Desk, call: Call, elm: Any
) -> None:
    wanted = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
    call("book_appointment", **wanted, patient_email="ben@exampel.com")
    form = {
        "name": "Ben Ode",
        "phone": BEN,
        "email": "ben@clinic.example",
        "date_of_birth": "",
        "appointments-TOTAL_FORMS": "0",
        "appointments-INITIAL_FORMS": "0",
    }
    desk.post(f"bookings/patient/{Patient.objects.get().pk}/change/", form)

    call("book_appointment", **wanted, patient_email="ben@example.com")

    assert Patient.objects.get().email == "ben@clinic.example"


# --- accept


def test_an_accepted_patient_is_verified_and_nobody_elses(
    desk: Desk, claimed: Patient, call: Call
) -> None:
    """The number of the record opens it now; the caller who claimed it has no part in it."""
    shown = act(desk, "accept", claimed)

    assert f"Ben Ode is verified: a call from {OTHER} hears of their appointments." in shown
    claimed.refresh_from_db()
    assert (claimed.is_verified, claimed.may_be) == (True, None)
    assert call("find_appointments", caller=OTHER).startswith("You have a cleaning")
    assert call("find_appointments", caller=DEE, call_id="b").startswith("I can't find")
    assert LogEntry.objects.get(object_id=str(claimed.pk)).change_message.startswith("Accepted")


def test_a_record_with_a_verified_twin_is_not_accepted(
    desk: Desk, claimed: Patient, ben: Patient
) -> None:
    Patient.objects.filter(pk=claimed.pk).update(phone=BEN, date_of_birth=None)

    shown = act(desk, "accept", claimed)

    assert f"Ben Ode, {BEN} is verified already: merge the two." in shown
    claimed.refresh_from_db()
    assert not claimed.is_verified


def corrects_number(call: Call, number: str) -> None:
    """Dee puts right, in her call, which number she gave for Ben."""
    Patient.objects.filter(claimed_by=DEE).update(phone=OTHER)
    heard = call(
        "book_appointment",
        caller=DEE,
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Ben Ode",
        patient_phone=number,
    )
    assert "I've corrected the details" in heard


def test_a_number_that_was_not_shown_is_not_accepted(
    desk: Desk, claimed: Patient, call: Call
) -> None:
    """The caller's own number, put in while staff looked at another one."""
    asked = chosen(desk, "accept", claimed)
    corrects_number(call, STRANGERS)

    sure(desk, asked, claimed)
    shown = page(desk)

    assert f"has changed since you opened the page: phone is now {STRANGERS}" in shown
    claimed.refresh_from_db()
    assert not claimed.is_verified
    assert call("find_appointments", caller=STRANGERS, call_id="b").startswith("I can't find")


def test_nobody_is_accepted_who_was_not_shown(desk: Desk, claimed: Patient, ben: Patient) -> None:
    """A request made by hand is refused, with and without another page's version."""
    for asked in (chosen(desk, "accept", ben), None):
        said = {} if asked is None else fields_in(asked)
        picked = {**said, "action": "accept", "post": "yes", "_selected_action": [str(claimed.pk)]}
        desk.post("bookings/patient/", picked)

        assert "was not on the page you opened" in page(desk)
        claimed.refresh_from_db()
        assert not claimed.is_verified


def test_a_birthday_that_was_not_shown_is_not_taken_for_checked(
    desk: Desk, claimed: Patient
) -> None:
    asked = chosen(desk, "check_birthday", claimed)
    Patient.objects.filter(pk=claimed.pk).update(date_of_birth=date(1990, 1, 1))

    sure(desk, asked, claimed)

    assert "date of birth changed" in page(desk)
    claimed.refresh_from_db()
    assert not claimed.birthday_proves


# --- merge


def test_a_number_that_was_not_shown_is_not_kept_by_a_merge(
    desk: Desk, claimed: Patient, ben: Patient, call: Call
) -> None:
    """The page showed a number that staff know is his; the caller put theirs in meanwhile."""
    asked = desk.get(merge_page(claimed, ben))
    corrects_number(call, STRANGERS)

    again = desk.post(merge_page(claimed, ben), {**fields_in(asked), "with_numbers": OTHER})

    told = again.content.decode()
    assert f"has changed since you opened the page: phone is now {STRANGERS}" in told
    assert "Nothing was merged" in told
    assert Patient.objects.count() == 2
    done = desk.post(merge_page(claimed, ben), {**fields_in(again), "with_numbers": OTHER})
    assert done.status_code == 302
    ben.refresh_from_db()
    assert ben.other_phones == []
    assert call("find_appointments", caller=STRANGERS, call_id="b").startswith("I can't find")


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "Mallory Ode"},
        {"date_of_birth": date(1990, 1, 1)},
        {"email": "mallory@example.com"},
        {"claimed_by": ""},
        {"other_phones": ["+12025550199"]},
    ],
)
@pytest.mark.parametrize("whose", ["kept", "gone"])
def test_a_merge_is_of_what_the_page_showed(
    whose: str, changed: dict[str, Any], desk: Desk, claimed: Patient, ben: Patient
) -> None:
    row = ben if whose == "kept" else claimed
    if changed == {"claimed_by": ""} and whose == "kept":
        changed = {"claimed_by": DEE}
    asked = desk.get(merge_page(claimed, ben))
    Patient.objects.filter(pk=row.pk).update(**changed)

    again = desk.post(merge_page(claimed, ben), fields_in(asked))

    assert "has changed since you opened the page" in again.content.decode()
    assert Patient.objects.count() == 2


def test_a_merge_with_who_is_gone_is_told(desk: Desk, claimed: Patient, ben: Patient) -> None:
    asked = desk.get(merge_page(claimed, ben))
    merge(desk, claimed, ben)

    desk.post(merge_page(claimed, ben), fields_in(asked))

    assert "One of the two is gone" in page(desk)


def test_it_is_asked_once_with_both_and_what_moves(
    desk: Desk, claimed: Patient, ben: Patient, cleaning: ServiceType
) -> None:
    WaitlistEntry.objects.create(patient=claimed, service=cleaning, parts=["morning"])

    shown = desk.get(merge_page(claimed, ben)).content.decode()

    assert "cannot be undone" in shown
    assert f"Ben Ode, {BEN}" in shown
    assert f"Ben Ode, {OTHER} (unverified)" in shown
    assert claimed.appointments.get().reference in shown
    assert "Cleaning, morning" in shown
    assert "It was only said on the telephone" in shown
    assert re.search(r"date of birth: [^<]*1988 \(not proven: a caller said\s+it\)", shown)
    assert '<input type="checkbox" name="birthday_is_checked" value="yes">' in shown
    assert "e-mail: ben@example.com" in shown
    assert Patient.objects.count() == 2


def test_two_are_chosen_in_the_list(desk: Desk, claimed: Patient, ben: Patient) -> None:
    picked = {"action": "merge", "_selected_action": [str(claimed.pk), str(ben.pk)]}
    response = desk.post("bookings/patient/", picked)

    assert response.status_code == 302
    assert "/merge/" in response["Location"]
    assert "Please choose two patients to merge." in act(desk, "merge", ben)


def test_everything_of_two_is_of_one(
    desk: Desk, claimed: Patient, ben: Patient, call: Call, cleaning: ServiceType
) -> None:
    WaitlistEntry.objects.create(patient=claimed, service=cleaning, parts=["morning"])
    row = claimed.appointments.get()

    shown = merge(desk, claimed, ben)

    assert f"is one patient now. Visits moved: {row.reference}." in shown
    patient = Patient.objects.get()
    assert (patient.pk, patient.phone, patient.other_phones) == (ben.pk, BEN, [OTHER])
    assert (patient.date_of_birth, patient.email) == (date(1988, 4, 17), "ben@example.com")
    assert patient.appointments.get() == row
    assert patient.waiting.get().parts == ["morning"]
    assert row.changes.count() == 1
    assert ToolCall.objects.filter(appointment__patient=patient).exists()
    for number, call_id in ((BEN, "b"), (OTHER, "c")):
        assert row.reference in call("find_appointments", caller=number, call_id=call_id)
    assert call("find_appointments", caller=DEE, call_id="d").startswith("I can't find")
    [entry] = LogEntry.objects.filter(object_id=str(ben.pk))
    assert row.reference in entry.change_message
    assert "Ben" not in entry.change_message
    history = desk.get(f"bookings/patient/{ben.pk}/history/").content.decode()
    assert f"Visits moved: {row.reference}" in history


def test_a_number_that_may_not_be_theirs_is_left_out(
    desk: Desk, claimed: Patient, ben: Patient, call: Call
) -> None:
    merge(desk, claimed, ben, with_numbers_is="not ticked")

    ben.refresh_from_db()
    assert ben.other_phones == []
    assert call("find_appointments", caller=OTHER).startswith("I can't find")


@pytest.mark.parametrize("is_verified", [True, False])
def test_only_a_number_that_is_proven_is_ticked_already(
    is_verified: bool, desk: Desk, claimed: Patient, ben: Patient
) -> None:
    """Staff who click through the page open no visits to a number that was only said."""
    claimed_by = "" if is_verified else DEE
    later = ben.created + timedelta(hours=1)
    Patient.objects.filter(pk=claimed.pk).update(claimed_by=claimed_by, created=later)
    Patient.objects.filter(pk=ben.pk).update(created=MONDAY)
    path = merge_page(ben, claimed)

    asked = desk.get(path)
    desk.post(path, fields_in(asked))

    assert f"Keep {OTHER}" in asked.content.decode()
    numbers = {number for row in Patient.objects.all() for number in row.numbers}
    assert numbers == ({BEN, OTHER} if is_verified else {BEN})


def test_a_merged_patient_is_not_merged_again(desk: Desk, claimed: Patient, ben: Patient) -> None:
    path = merge_page(ben, claimed)
    opened = fields_in(desk.get(path))
    merging.merge(ben, claimed)

    desk.post(path, opened)

    assert "One of the two is gone" in page(desk)


def test_the_details_of_the_patient_who_stays_are_kept(claimed: Patient, ben: Patient) -> None:
    ben.date_of_birth, ben.email = date(1960, 1, 1), "old@example.com"
    ben.save()
    Patient.objects.filter(pk=claimed.pk).update(name="Benn Ode", name_key="benn ode")

    assert isinstance(merging.merge(claimed, ben), Merged)

    ben.refresh_from_db()
    assert (ben.name, ben.other_names) == ("Ben Ode", ["Benn Ode"])
    assert (ben.date_of_birth, ben.email) == (date(1960, 1, 1), "old@example.com")


def test_a_birthday_that_would_make_a_third_one_the_same_is_left_out(
    claimed: Patient, ben: Patient
) -> None:
    """A father without a birthday on record, and his son of the same name and number."""
    Patient.objects.create(name="Ben Ode", phone=BEN, date_of_birth=date(1988, 4, 17))

    assert isinstance(merging.merge(claimed, ben, with_numbers=[OTHER]), Merged)

    ben.refresh_from_db()
    assert (ben.date_of_birth, ben.other_phones) == (None, [OTHER])


def test_a_caller_is_known_by_both_names_afterwards(
    claimed: Patient, ben: Patient, call: Call
) -> None:
    """Z12: nobody is asked who “Benn” is once the clinic has said so."""
    Patient.objects.filter(pk=claimed.pk).update(name="Benn Lane", name_key="benn lane")
    merging.merge(claimed, ben)

    wanted = {"service": "cleaning", "start": "2026-12-04T09:00"}
    heard = call("book_appointment", call_id="b", patient_name="Lane, Benn", **wanted)

    assert heard.startswith("You're booked")
    assert Patient.objects.count() == 1


def test_a_patient_who_waits_twice_for_the_same_keeps_the_older_place(
    claimed: Patient, ben: Patient, cleaning: ServiceType
) -> None:
    older = WaitlistEntry.objects.create(
        patient=claimed, service=cleaning, created=at("2026-11-01 09:00")
    )
    kept = WaitlistEntry.objects.create(patient=ben, service=cleaning, parts=["evening"])

    merging.merge(ben, claimed)

    kept.refresh_from_db()
    older.refresh_from_db()
    assert (kept.created, kept.status, kept.parts) == (older.created, "waiting", ["evening"])
    assert (older.patient, older.status) == (ben, "done")


def test_two_visits_at_one_time_are_named_and_nothing_is_merged(
    desk: Desk, claimed: Patient, ben: Patient, bo: Practitioner
) -> None:
    """C23's rule at this door, too."""
    theirs = visit(ben, bo, "2026-12-03 14:45")
    other = claimed.appointments.get()

    shown = merge(desk, claimed, ben)

    assert "Both have something at the same time" in shown
    assert theirs.reference in shown
    assert other.reference in shown
    assert Patient.objects.count() == 2
    appointments.cancel(theirs, now=MONDAY)
    assert "is one patient now" in merge(desk, claimed, ben)


def test_two_who_are_unverified_are_not_merged(desk: Desk, claimed: Patient, ben: Patient) -> None:
    second = Patient.objects.create(name="Ben Ode", phone=DEE, claimed_by="call-9")

    shown = merge(desk, claimed, second)

    assert "Please accept one of them first." in shown
    assert isinstance(merging.merge(claimed, second), NotMergeable)
    assert isinstance(merging.accept(second), Accepted)
    assert isinstance(merging.merge(claimed, second), Merged)
    assert isinstance(merging.merge(claimed, second), NotMergeable)


@pytest.mark.parametrize(("permission", "may"), [("change_patient", True), ("", False)])
def test_only_who_may_change_patients_accepts_and_merges(
    permission: str, may: bool, desk: Desk, claimed: Patient, ben: Patient
) -> None:
    desk.may_only("view_patient", permission)

    asked = desk.get(merge_page(claimed, ben))
    assert (asked.status_code == 200) == may
    desk.post(merge_page(claimed, ben), fields_in(asked))
    assert (Patient.objects.count() == 1) == may
    second = Patient.objects.create(name="Eve Lane", phone=DEE, claimed_by="call-9")
    act(desk, "accept", second)
    second.refresh_from_db()
    assert second.is_verified == may


@pytest.mark.parametrize(("permission", "is_linked"), [("change_patient", True), ("", False)])
def test_the_merge_is_linked_for_users_who_may_merge(
    permission: str, is_linked: bool, desk: Desk, claimed: Patient, ben: Patient
) -> None:
    desk.may_only("view_patient", permission)

    for path in ("bookings/patient/", f"bookings/patient/{ben.pk}/change/"):
        shown = desk.get(path).content.decode()
        assert "unverified" in shown
        assert ("/merge/" in shown) == is_linked


# --- a birthday that nobody proved


WITHHELD_PROOF = {"caller": "", "date_of_birth": "1988-04-17"}


def is_opened(call: Call, row: Appointment, call_id: str) -> bool:
    """Whether a caller without a number who knows reference and birthday is believed."""
    asked = {**WITHHELD_PROOF, "reference": row.reference, "call_id": call_id}
    return row.reference in call("find_appointments", **asked)


def test_a_merge_makes_no_proof_of_a_birthday_a_caller_said(
    desk: Desk, claimed: Patient, ben: Patient, call: Call, ada: Practitioner
) -> None:
    """Whoever gave it, from another number, may not open what is Ben's with it."""
    own = visit(ben, ada, "2026-12-04 10:00")

    merge(desk, claimed, ben)

    ben.refresh_from_db()
    assert (ben.date_of_birth, ben.birthday_proves) == (date(1988, 4, 17), False)
    assert not any(is_opened(call, row, row.reference) for row in ben.appointments.all())
    assert own.reference in call("find_appointments", caller=BEN, call_id="b")
    assert "nobody checked it" in desk.get(f"bookings/patient/{ben.pk}/change/").content.decode()


@pytest.mark.parametrize("how", ["ticked", "action", "written", "own number"])
def test_a_birthday_proves_once_staff_or_its_number_have_said_it(
    how: str, desk: Desk, claimed: Patient, ben: Patient, call: Call
) -> None:
    row = claimed.appointments.get()
    ticked = {"birthday_is_checked": "yes"} if how == "ticked" else {"with_numbers": OTHER}
    merge(desk, claimed, ben, **ticked)
    match how:
        case "action":
            act(desk, "check_birthday", ben)
        case "written":
            change = f"bookings/patient/{ben.pk}/change/"
            for day in ("1988-04-16", "1988-04-17"):
                written = {**fields_in(desk.get(change)), "date_of_birth": day}
                assert desk.post(change, written).status_code == 302
        case "own number":
            said = {"patient_name": "Ben Ode", "date_of_birth": "1988-04-17", "caller": BEN}
            call("book_appointment", service="cleaning", start="2026-12-04T10:00", **said)

    assert is_opened(call, row, "w")


def test_to_be_accepted_makes_no_proof_either(desk: Desk, claimed: Patient, call: Call) -> None:
    row = claimed.appointments.get()
    act(desk, "accept", claimed)
    assert not is_opened(call, row, "w1")

    act(desk, "check_birthday", claimed)

    assert is_opened(call, row, "w2")


def test_a_birthday_that_is_proven_stays_so(
    desk: Desk, claimed: Patient, ben: Patient, call: Call
) -> None:
    row = claimed.appointments.get()
    Patient.objects.filter(pk=ben.pk).update(date_of_birth=date(1988, 4, 17))
    assert "birthday_is_checked" not in desk.get(merge_page(claimed, ben)).content.decode()

    merge(desk, claimed, ben)

    assert is_opened(call, row, "w")


def test_nobody_merges_a_patient_with_themselves(desk: Desk, ben: Patient) -> None:
    assert desk.get(merge_page(ben, ben)).status_code == 403


def test_who_comes_after_a_merge_finds_the_one_that_stays(
    claimed: Patient, ben: Patient, cleaning: ServiceType
) -> None:
    """What was looked at before is changed as it stands now; who is gone is not booked."""
    row = claimed.appointments.get()
    gone = Patient.objects.get(pk=claimed.pk)
    merging.merge(claimed, ben)

    late = book(cleaning, gone, "2026-12-04 09:00", MONDAY, source="staff")

    assert isinstance(late, Busy)
    assert isinstance(appointments.cancel(row, now=MONDAY), Cancelled)
    row.refresh_from_db()
    assert (row.patient, row.status) == (ben, "cancelled")


# --- erase


def test_who_may_be_the_same_is_named_and_stays(desk: Desk, claimed: Patient, ben: Patient) -> None:
    picked = {"action": "erase", "_selected_action": [str(ben.pk)]}
    asked = desk.post("bookings/patient/", picked).content.decode()
    assert "They may be somebody else, and are kept" in asked
    assert f"{claimed}" in asked

    desk.post("bookings/patient/", {**picked, "post": "yes"})

    claimed.refresh_from_db()
    assert (claimed.name, claimed.may_be) == ("Ben Ode", None)


def test_nothing_is_left_of_a_claimed_patient(claimed: Patient, ben: Patient) -> None:
    row = claimed.appointments.get()
    row.contact_phone = OTHER
    row.save()
    Callback.objects.create(name="Ben Ode", phone=OTHER)
    Callback.objects.create(name="Zoe Hart", phone=OTHER)
    appointments.cancel(row, now=MONDAY)

    erasure.erase(claimed, now=MONDAY)

    claimed.refresh_from_db()
    row.refresh_from_db()
    assert (claimed.claimed_by, claimed.given_in, claimed.may_be, row.contact_phone) == (
        "", "", None, "",
    )  # fmt: skip
    assert [callback.name for callback in Callback.objects.all()] == ["Zoe Hart"]
    [record] = ToolCall.objects.all()
    assert (record.arguments, record.caller) == ({}, "")
    ben.refresh_from_db()
    assert ben.name == "Ben Ode"


def test_nothing_is_left_of_a_name_that_was_asked_about_or_corrected(call: Call, elm: Any) -> None:
    """L12: in sentences, too, of this call and of another."""
    wanted = {"service": "cleaning", "start": "2026-12-03T14:30"}
    for name in ("Shane Cole", "Shayne Cole"):
        call("book_appointment", patient_name=name, **wanted)
    call("book_appointment", call_id="b", patient_name="Shane Kole", **wanted)
    shayne = Patient.objects.get()
    appointments.cancel(shayne.appointments.get(), now=MONDAY)

    erasure.erase(shayne, now=MONDAY)

    said = [f"{row.arguments} {row.sentence}" for row in ToolCall.objects.order_by("received")]
    assert not any("Shane Cole" in text or "Shayne" in text for text in said)


def test_a_merged_patient_is_erased_under_both_names(desk: Desk, call: Call, ben: Patient) -> None:
    wanted = {"service": "cleaning", "days": "Fridays"}
    call("join_waitlist", caller=DEE, patient_name="Benedict Lane", patient_phone=OTHER, **wanted)
    merging.merge(ben, Patient.objects.get(claimed_by=DEE))
    ben.refresh_from_db()

    erasure.erase(ben, now=MONDAY)

    ben.refresh_from_db()
    assert (ben.other_names, ben.other_phones) == ([], [])
    assert [record.arguments for record in ToolCall.objects.all()] == [{}]
