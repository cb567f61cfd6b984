"""A patient who asks to be forgotten is; what was booked stays on record without a name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core import serializers
from django.db import connection

from assistants.models import Call, ToolCall
from bookings.models import Appointment, Callback, Patient, Practitioner, ServiceType, WaitlistEntry
from tests.conftest import BEN, at
from tests.desk import Desk, fields_in
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")

# What Ben ever told of himself.
TOLD = (
    "ben ode",
    "5550177",
    "0 1 7 7",
    "1988-04-17",
    "ben@example.com",
    "latex",
    "molar",
    "headache",
)


@pytest.fixture
def known(call: Callable[..., str], ada: Practitioner, cleaning: ServiceType) -> Patient:
    """Ben has booked, cancelled, asked for a call back, waits, and has been here before."""
    said = {"patient_name": "Ben Ode", "date_of_birth": "1988-04-17", "service": "cleaning"}
    call(
        "book_appointment",
        **said,
        start="2026-12-03T14:30",
        patient_email="ben@example.com",
        notes="allergic to latex",
    )
    call("cancel_appointment", patient_name="Ben", reason="my molar is better")
    call("request_callback", name="Ben Ode", reason="headache")
    call("join_waitlist", **said)
    ben = Patient.objects.get()
    have(
        ada,
        cleaning,
        ben,
        "2026-11-20 10:00",
        status="fulfilled",
        source="staff",
        notes="second molar",
    )
    return ben


def erase(
    desk: Desk, *patients: Patient, sure: bool = True, chosen: list[str] | None = None
) -> str:
    picked: dict[str, Any] = {
        "action": "erase",
        "_selected_action": [str(patient.pk) for patient in patients],
        "chosen": chosen or [],
    }
    if sure:
        picked["post"] = "yes"
    page = desk.post("bookings/patient/", picked).content.decode()
    return str(page or desk.get("bookings/patient/").content.decode())


def kept_of_him() -> list[str]:
    """Which of his words are still in any table of the clinic."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT lower(t::text) FROM "{table}" AS t')
            found += [
                f"{word} in {table}" for (row,) in cursor.fetchall() for word in TOLD if word in row
            ]
    return found


def test_nothing_he_told_is_left_and_what_was_booked_is(known: Patient, desk: Desk) -> None:
    """L12: the cancelled row can still be read, without a name."""
    desk.get(f"bookings/patient/{known.pk}/change/")
    LogEntry.objects.create(
        user_id=get_user_model().objects.get(username="desk").pk,
        object_id=str(known.pk),
        object_repr=str(known),
        action_flag=2,
    )
    call = Call.objects.create(
        conversation="call-1",
        transcript="User: Ben Ode, my molar.",
        summary="Ben called.",
        recording_url="https://storage.example/ben-ode.wav",
        structured_outputs={"so-1": {"name": "Intake", "result": "headache"}},
    )
    assert kept_of_him()

    page = erase(desk, known)

    assert "1 erased." in page
    assert kept_of_him() == []
    call.refresh_from_db()
    assert (call.transcript, call.summary, call.recording_url) == ("", "", "")
    assert call.structured_outputs is None
    assert not WaitlistEntry.objects.exists()
    assert not Callback.objects.exists()
    known.refresh_from_db()
    assert (known.name, known.phone, known.date_of_birth, known.email) == ("Erased", "", None, "")
    rows = Appointment.objects.order_by("start").values_list("status", "patient", "notes")
    assert list(rows) == [("fulfilled", known.pk, ""), ("cancelled", known.pk, "")]
    listed = desk.get("bookings/appointment/?status__exact=cancelled").content.decode()
    assert "Erased" in listed


def test_the_desks_own_log_repeats_nothing_of_him(known: Patient, desk: Desk) -> None:
    """Z14: of callbacks and places on the waitlist that staff edited, marked and deleted."""
    callback, entry = Callback.objects.get(), WaitlistEntry.objects.get()
    desk.post(f"bookings/callback/{callback.pk}/delete/", {"post": "yes"})
    path = f"bookings/waitlistentry/{entry.pk}/change/"
    desk.post(path, {**fields_in(desk.get(path)), "patient": str(known.pk)})
    desk.post(f"bookings/waitlistentry/{entry.pk}/delete/", {"post": "yes"})
    assert LogEntry.objects.filter(object_repr__icontains="Ben Ode").count() >= 2

    erase(desk, known)

    assert kept_of_him() == []


def test_the_record_of_the_calls_keeps_what_came_of_them(known: Patient, desk: Desk) -> None:
    erase(desk, known)

    assert set(ToolCall.objects.values_list("outcome", flat=True)) == {
        "Booked", "Cancelled", "CallbackRequested", "Waiting",
    }  # fmt: skip
    assert all(record.arguments == {} for record in ToolCall.objects.all())


def test_a_patient_with_a_visit_to_come_is_not_erased_yet(
    known: Patient, desk: Desk, ada: Practitioner, cleaning: ServiceType
) -> None:
    ahead = have(ada, cleaning, known, "2026-12-04 10:00", source="staff")

    page = erase(desk, known)

    assert f"Ben Ode has appointments to come: {ahead.reference}. Please cancel them first." in page
    known.refresh_from_db()
    assert (known.name, known.phone) == ("Ben Ode", BEN)
    assert Callback.objects.exists()


def test_it_is_asked_once_more_before_anything_is_gone(known: Patient, desk: Desk) -> None:
    page = erase(desk, known, sure=False)

    assert "cannot be brought back" in page
    assert "Ben Ode" in page
    known.refresh_from_db()
    assert known.name == "Ben Ode"


def test_the_family_at_the_same_number_is_remembered(
    known: Patient, desk: Desk, call: Callable[..., str]
) -> None:
    call("request_callback", name="Ann Ode", call_id="hers")
    call(
        "book_appointment",
        service="cleaning",
        start="2026-12-04T09:00",
        patient_name="Ann Ode",
        call_id="hers",
    )
    before = serializers.serialize("json", Patient.objects.filter(name="Ann Ode"))

    erase(desk, known)

    assert serializers.serialize("json", Patient.objects.filter(name="Ann Ode")) == before
    assert [callback.name for callback in Callback.objects.all()] == ["Ann Ode"]
    hers = [record.arguments for record in ToolCall.objects.filter(conversation="hers")]
    assert {said.get("name") or said["patient_name"] for said in hers} == {"Ann Ode"}


def test_an_erased_patient_is_a_new_one_when_they_call(
    known: Patient, desk: Desk, call: Callable[..., str]
) -> None:
    erase(desk, known)

    call(
        "book_appointment",
        service="cleaning",
        start="2026-12-04T09:00",
        patient_name="Ben Ode",
        call_id="later",
    )

    assert Appointment.objects.get(start=at("2026-12-04 09:00")).patient != known


@pytest.mark.parametrize(("permission", "erased"), [("delete_patient", True), ("", False)])
def test_only_who_may_delete_patients_erases(
    permission: str, erased: bool, known: Patient, desk: Desk
) -> None:
    desk.may_only("view_patient", "change_patient", permission)

    erase(desk, known)

    known.refresh_from_db()
    assert (known.name == "Erased") == erased


# --- who gave the same name without a proof

OTHER = "+12025550143"


def unproven(**details: Any) -> Patient:
    """Somebody of the same name called from a number, and with a birthday, of their own."""
    given = {"phone": OTHER, "claimed_by": OTHER, "date_of_birth": "1951-01-30", **details}
    return Patient.objects.create(name="Ode, Ben", **given)


def visit_of(patient: Patient, known: Patient, **changes: Any) -> Appointment:
    had = known.appointments.latest("start")
    to_come = {"start": at("2026-12-04 10:00"), "source": "voice", **changes}
    return Appointment.objects.create(
        patient=patient, practitioner=had.practitioner, service=had.service, **to_come
    )


def names_left() -> list[str]:
    return sorted(Patient.objects.exclude(name="Erased").values_list("name", flat=True))


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"phone": BEN, "date_of_birth": None},
        {"claimed_by": BEN, "phone": ""},
        {"date_of_birth": "1988-04-17"},
        {"date_of_birth": None},
    ],
)
def test_who_gave_the_name_without_a_proof_is_erased_with_him(
    given: dict[str, Any], known: Patient, desk: Desk
) -> None:
    other = unproven(**given)
    was_here = visit_of(other, known, start=at("2026-11-20 11:00"), status="fulfilled")

    asked = erase(desk, known, sure=False)
    erase(desk, known)

    assert "Erased with them" in asked
    assert "Ode, Ben" in asked
    assert names_left() == []
    assert kept_of_him() == []
    was_here.refresh_from_db()
    assert (was_here.status, was_here.patient.name) == ("fulfilled", "Erased")


def test_somebody_else_of_the_name_loses_no_visit_to_come(known: Patient, desk: Desk) -> None:
    """Another number, another birthday, and a visit ahead: they are named, and stay."""
    other = unproven()
    ahead = visit_of(other, known)

    asked = erase(desk, known, sure=False)
    page = erase(desk, known)

    assert "They may be somebody else, and are kept" in asked
    assert f'value="{other.pk}"' in asked
    assert "Fri 4 Dec 2026 10:00" in asked
    assert "1 erased." in page
    assert names_left() == ["Ode, Ben"]
    ahead.refresh_from_db()
    assert (ahead.status, ahead.patient) == ("booked", other)


def test_a_visit_booked_while_the_page_was_read_is_kept_too(known: Patient, desk: Desk) -> None:
    other = unproven()
    assert "Erased with them" in erase(desk, known, sure=False)
    visit_of(other, known)

    erase(desk, known)

    assert names_left() == ["Ode, Ben"]


@pytest.mark.parametrize("given", [{"phone": BEN}, {"date_of_birth": "1988-04-17"}])
def test_nothing_is_erased_while_the_same_person_has_a_visit_to_come(
    given: dict[str, Any], known: Patient, desk: Desk
) -> None:
    """The number or the birthday is the patient's: whoever it is, the visit is cancelled first."""
    ahead = visit_of(unproven(**given), known)

    page = erase(desk, known)

    assert f"Ben Ode has appointments to come: {ahead.reference}." in page
    assert names_left() == ["Ben Ode", "Ode, Ben"]


def test_a_chosen_patient_is_erased_once_no_visit_is_to_come(known: Patient, desk: Desk) -> None:
    other = unproven()
    ahead = visit_of(other, known)
    WaitlistEntry.objects.create(patient=other, service=ahead.service)

    refused = erase(desk, known, chosen=[str(other.pk)])
    names_then = names_left()
    Appointment.objects.filter(pk=ahead.pk).update(status="cancelled")
    done = erase(desk, known, chosen=[str(other.pk)])

    assert f"Ben Ode has appointments to come: {ahead.reference}." in refused
    assert names_then == ["Ben Ode", "Ode, Ben"]
    assert "1 erased." in done
    assert names_left() == []
    assert not WaitlistEntry.objects.exists()


def test_a_place_on_the_waitlist_is_kept_unless_it_is_chosen(known: Patient, desk: Desk) -> None:
    other = unproven()
    service = known.appointments.latest("start").service
    WaitlistEntry.objects.create(patient=other, service=service)

    asked = erase(desk, known, sure=False)
    erase(desk, known)

    assert "waits for Cleaning" in asked
    assert names_left() == ["Ode, Ben"]
    assert WaitlistEntry.objects.get().patient == other


def test_nobody_is_chosen_by_a_request_made_by_hand(known: Patient, desk: Desk) -> None:
    """A patient of another name, a verified one of the same name, and what is no key at all."""
    cat = Patient.objects.create(name="Cat Ruiz", phone="+12025550188", claimed_by="+12025550188")
    same = Patient.objects.create(name="Ben Ode", phone="+12025550111")

    erase(desk, known, chosen=[str(cat.pk), str(same.pk), "'; DROP", ""])

    assert names_left() == ["Ben Ode", "Cat Ruiz"]


def test_who_proved_nothing_takes_nobody_with_them(known: Patient, desk: Desk) -> None:
    """What is erased is a claim: of the same name there may be a patient, and other claims."""
    first = unproven()
    unproven(phone="+12025550112", claimed_by="+12025550112")

    erase(desk, first)

    assert names_left() == ["Ben Ode", "Ode, Ben"]


@pytest.mark.parametrize(
    ("status", "phone", "is_left"),
    [("done", OTHER, False), ("pending", OTHER, True), ("pending", BEN, False)],
)
def test_a_call_back_at_another_number_stays_until_it_is_made(
    status: str, phone: str, is_left: bool, known: Patient, desk: Desk
) -> None:
    Callback.objects.create(name="Ode, Ben", phone=phone, status=status)

    asked = erase(desk, known, sure=False)
    erase(desk, known)

    assert (f"call back at {OTHER}" in asked) == is_left
    assert [callback.phone for callback in Callback.objects.all()] == [OTHER] * is_left


def test_a_call_back_to_another_patient_of_the_name_is_theirs(known: Patient, desk: Desk) -> None:
    Patient.objects.create(name="Ben Ode", phone=OTHER)
    Callback.objects.create(name="Ben Ode", phone=OTHER, status="done")

    asked = erase(desk, known, sure=False)
    erase(desk, known)

    assert "call back at" not in asked
    assert Callback.objects.count() == 1
