"""A patient who asks to be forgotten is; what was booked stays on record without a name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core import serializers
from django.db import connection

from assistants.models import Call, ToolCall
from bookings.models import (
    Appointment,
    Callback,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from tests.bookings.test_admin import Desk
from tests.conftest import BEN, at
from tests.desk import fields_in

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
def desk(elm: Any) -> Desk:
    return Desk(elm)


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
    Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=ben,
        start=at("2026-11-20 10:00"),
        status="fulfilled",
        source="staff",
        notes="second molar",
    )
    return ben


def erase(desk: Desk, *patients: Patient, sure: bool = True) -> str:
    picked: dict[str, Any] = {
        "action": "erase",
        "_selected_action": [str(patient.pk) for patient in patients],
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


def test_who_has_something_ahead_is_not_erased_yet(
    known: Patient, desk: Desk, ada: Practitioner, cleaning: ServiceType
) -> None:
    ahead = Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=known,
        start=at("2026-12-04 10:00"),
        source="staff",
    )

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


def test_who_was_erased_is_somebody_new_when_they_call(
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
    maria = get_user_model().objects.create_user("maria", is_staff=True)
    allowed = ["view_patient", "change_patient", permission]
    maria.user_permissions.set(Permission.objects.filter(codename__in=allowed))
    desk.client.force_login(maria)

    erase(desk, known)

    known.refresh_from_db()
    assert (known.name == "Erased") == erased
