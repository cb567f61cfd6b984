"""Offers while others book: each is computed anew, and a mere “yes” never books one."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from assistants import speech
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.breaking import broken
from tests.conftest import BEN, Call, Door, at, tool_calls
from tests.heard import times_in
from tests.tools import TOOLS, needed

pytestmark = pytest.mark.usefixtures("monday")

CAT = "+12025550188"
ASKED = {"service": "cleaning", "date": "2026-12-03", "patient_name": "Ben Ode"}


@pytest.fixture
def book(call: Call) -> Callable[..., str]:
    return lambda time, **more: call("book_appointment", **{**ASKED, "time": time, **more})


@pytest.mark.usefixtures("cats")
def test_when_an_offered_time_is_taken_meanwhile_three_others_are_offered(
    book: Call, ada: Practitioner, cleaning: ServiceType
) -> None:
    """V03: as often as it happens, only what can be had then; from the third on, a way out too."""
    heard, offered = book("2:30 pm"), set[str]()
    for number in range(4):
        times = times_in(heard)
        assert len(set(times)) == 3
        offered.add(times[0])
        give_to_another(ada, cleaning, times[0], number)
        heard = book(times[0])
        assert "just taken" in heard
        assert not offered & set(times_in(heard))

        assert ("shall the clinic call you back?" in heard) == (number > 0)

    assert Appointment.objects.filter(patient__phone=BEN).count() == 0
    assert book(times_in(heard)[0]).startswith("You're booked")


@pytest.mark.usefixtures("cats")
def test_the_times_another_call_lost_are_not_counted_for_this_call(
    call: Call,
) -> None:
    """V03: a call back is offered to a call that has lost three times."""
    heard = [
        call("book_appointment", **ASKED, time="2:30 pm", call_id=call_id)
        for call_id in ("a", "b", "c", "a", "a")
    ]

    assert ["call you back" in one for one in heard] == [False] * 4 + [True]


def give_to_another(who: Practitioner, service: ServiceType, time: str, number: int) -> None:
    hour, minute = map(int, re.findall(r"\d+", time))
    patient = Patient.objects.create(name=f"Caller {number}", phone=f"+120255501{number:02}")
    start = at(f"2026-12-03 {hour % 12 + 12 * ('PM' in time):02}:{minute:02}")
    Appointment.objects.create(
        practitioner=who, service=service, patient=patient, start=start, source="staff"
    )


@pytest.mark.usefixtures("cats")
@pytest.mark.parametrize("yes", ["yes", "yes please", "sounds good", "ok", ""])
@pytest.mark.parametrize("argument", ["time", "start"])
def test_a_bare_yes_books_nothing(argument: str, yes: str, call: Call) -> None:
    """V08: a booking names its time, whatever was offered before."""
    call("book_appointment", **ASKED, time="2:30 pm")

    heard = call("book_appointment", **ASKED, **{argument: yes})

    assert heard.endswith("?")
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("cats")
def test_a_caller_who_wants_none_of_them_gets_none(call: Call) -> None:
    """V08: every option refused, nothing is booked, and nobody new is a patient."""
    call("book_appointment", **ASKED, time="2:30 pm")
    call("check_availability", service="cleaning", date="2026-12-04")
    call("check_availability", service="cleaning")

    assert call("did_that_go_through").startswith("No, that did not go through")
    assert [row.patient.name for row in Appointment.objects.all()] == ["Cat Ruiz"]
    assert not Patient.objects.filter(phone=BEN).exists()


def test_a_booked_time_is_not_listed_as_free(book: Call, call: Call) -> None:
    """V10: neither to the caller who booked it nor to another."""
    book("2:30 pm")

    for caller in (BEN, CAT):
        left = call(
            "check_availability",
            service="cleaning",
            date="2026-12-03",
            time_preference="at 2:30 pm",
            caller=caller,
        )
        assert len(times_in(left)) == 3
        assert not {"2:15 PM", "2:30 PM", "2:45 PM"} & set(times_in(left))


# --- V04

SENTENCES: dict[str, list[dict[str, Any]]] = {
    "check_availability": [{}, {"service": "cleaning"}, {"service": "x" * 500}],
    "book_appointment": [{}, {**ASKED, "time": "3 pm"}, {**ASKED, "start": "nonsense"}],
    "find_appointments": [{}, {"patient_name": "Ben"}, {"reference": "ZZZZZ"}],
    "reschedule_appointment": [{}, {"start": "2026-12-04T09:00"}],
    "cancel_appointment": [{}, {}],
    "did_that_go_through": [{}],
    "request_callback": [{}, {"name": "Ben Ode"}],
    "join_waitlist": [{}, {"service": "cleaning", "patient_name": "Ben Ode"}],
    "clinic_info": [{"topic": topic} for topic in ("", "services", "address", "who", "dogs")],
    "transfer_to_staff": [{}],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_sentence_can_be_spoken_and_gives_nothing_away(
    tool: str, door: Door, ada: Practitioner, cleaning: ServiceType
) -> None:
    """V04: one line, a string, its own id; no offset, key or code, at a clinic of long names."""
    Practitioner.objects.filter(pk=ada.pk).update(name=f"Dr. {'Wolfeschlegelstein' * 9}")
    for number in range(12):
        extra = ServiceType.objects.create(name=f"{'Periodontal ' * 12}{number}", minutes=30)
        extra.practitioners.add(ada)
    for number, said in enumerate(SENTENCES.get(tool, [{}, needed(tool)])):
        request = {"id": f"call_{number}", "tool": tool, "arguments": said}
        [answer] = door.post(tool_calls(request)).json()["results"]

        heard = answer["result"]
        assert answer["toolCallId"] == f"call_{number}"
        assert isinstance(heard, str)
        assert 0 < len(heard) <= 350
        assert heard.isprintable()
        assert not re.search(r"[+-]\d\d:\d\d|[0-9a-f]{8}-|[{}_<>]|None|Error", heard), heard


# --- what failed may succeed, and what was left may be wanted back


def test_after_a_fault_the_same_request_is_carried_out(door: Door) -> None:
    """I06: the very same ids, once the table that was missing is there again."""
    said = {**ASKED, "time": "2:30 pm"}
    body = tool_calls({"id": "a", "tool": "book_appointment", "arguments": said})
    with broken("bookings_patient"):
        assert door.post(body).json()["results"][0]["result"] == speech.FAULT

    heard = door.post(body).json()["results"][0]["result"]
    assert heard.startswith("You're booked")
    assert door.post(body).json()["results"][0]["result"] == heard
    assert Appointment.objects.count() == 1


def test_what_was_cancelled_can_be_booked_again_in_the_same_call(book: Call, call: Call) -> None:
    """I11: the first answer is not replayed; there is a second appointment."""
    first = book("2:30 pm")
    call("cancel_appointment")

    second = book("2:30 pm")

    assert second.startswith("You're booked")
    assert second != first
    statuses = Appointment.objects.order_by("created").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "booked"]


def test_a_caller_who_gave_a_time_up_may_not_get_it_back(book: Call, call: Call) -> None:
    """I12: the visit stays at its new time, and the times offered instead can be booked."""
    book("2:30 pm")
    call("reschedule_appointment", date="2026-12-03", time="3:30 pm")
    assert book("2:30 pm", caller=CAT, patient_name="Cat Ruiz").startswith("You're booked")

    heard = call("reschedule_appointment", date="2026-12-03", time="2:30 pm")

    assert "just taken" in heard
    assert len(times_in(heard)) == 3
    bens = Appointment.objects.get(patient__phone=BEN)
    assert (bens.start, bens.status) == (at("2026-12-03 15:30"), "booked")
    moved = call("reschedule_appointment", date="2026-12-03", time=times_in(heard)[0])
    assert moved.startswith("I've moved it")
