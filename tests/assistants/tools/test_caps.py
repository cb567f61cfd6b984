"""How much a caller may have open; beyond it nothing is added, and people decide."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from assistants.models import ToolCall, TransferNumber
from assistants.provisioning import checkup
from assistants.tools import caps
from bookings import appointments
from bookings.models import (
    Appointment,
    Callback,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from tenants.models import Organization
from tests.conftest import BEN, MONDAY, Booked, Call
from tests.desk import Desk

pytestmark = pytest.mark.usefixtures("monday")

VISIT = (
    "I'm sorry, I can't book another visit for you myself, so this one is not booked."
    " Shall the clinic call you back about it?"
)
FOR_ALL = (
    "I'm sorry, I can't book visits for callers whose own number I can't see just now, so this one"
    " is not booked."
)
OF_NUMBER = "I'm sorry, I can't book another visit for that number myself, so this one is not"
CALL_BACK = "Shall the clinic call you back about it?"
PLACE = (
    "I'm sorry, I can't put another visit on the waitlist for you myself."
    " Shall the clinic call you back about it?"
)
KNOWN = "The clinic has several requests for a call back already, and will call."
SHOW_A_NUMBER = "Could you call again from a phone that shows its number?"
LETTERS = "abcdefgijklopquvwxyz"


def name(number: int) -> str:
    """Short, so that no two are taken for slips of one another; none is a filler such as “ah”."""
    return f"Person {LETTERS[number // 20].upper()}{LETTERS[number % 20]}"


def spoken(number: int) -> str:
    return f"202 555 01{number:02}"


def start(number: int) -> str:
    """A different half hour of Dr. Ada for each: ten a day, from Tuesday on."""
    day = date(2026, 12, 1) + timedelta(days=number // 10 + number // 40 * 3)
    hours = (9, 10, 11, 13, 14)
    return f"{day:%Y-%m-%d}T{hours[number % 5]:02}:{number // 5 % 2 * 30:02}"


def book(call: Call, number: int, **more: str) -> str:
    """Dr. Ada's time of this number, for a person of this number."""
    said = {"service": "cleaning", "start": start(number), "patient_name": name(number)}
    return call("book_appointment", **{**said, **more})


def withheld(call: Call, number: int, **more: str) -> str:
    """As `book`, in a call of its own that shows no number, for a number of its own."""
    return book(
        call,
        number,
        **{"caller": "", "call_id": f"w{number}", "patient_phone": spoken(number), **more},
    )


# --- visits


def test_a_mother_books_two_visits_for_each_of_five_children(call: Call) -> None:
    heard = [book(call, number, patient_name=name(number // 2)) for number in range(10)]

    assert all(sentence.startswith("You're booked") for sentence in heard)
    assert Patient.objects.count() == 5


def test_the_eleventh_of_a_call_is_not_booked_and_a_call_back_is_offered(
    call: Call, booked: Booked
) -> None:
    """L08 of visits."""
    for number in range(10):
        book(call, number)

    assert book(call, 10) == VISIT
    assert len(booked()) == caps.VISITS.a_call == 10
    assert not Patient.objects.filter(name=name(10)).exists()
    assert call("did_that_go_through").startswith("No, that did not go through")
    assert book(call, 9).startswith("You're booked")  # what is booked is still told
    assert call("request_callback", name="Ben Ode").startswith("I've asked the clinic")
    assert book(call, 10, call_id="another").startswith("You're booked")


def test_what_is_cancelled_or_over_counts_no_more(call: Call) -> None:
    for number in range(10):
        book(call, number)
    call("cancel_appointment", patient_name=name(9))

    assert book(call, 10).startswith("You're booked")
    assert book(call, 11) == VISIT
    with time_machine.travel(MONDAY + timedelta(days=8, hours=4), tick=False):
        assert book(call, 11).startswith("You're booked")


def test_one_number_books_thirty_visits_ahead(call: Call, booked: Booked) -> None:
    heard = [book(call, number, call_id=f"call-{number}") for number in range(33)]

    assert len(booked()) == caps.VISITS.a_number == 30
    assert heard[30:] == [VISIT] * 3


def test_callers_without_a_number_book_thirty_visits_all_together(
    call: Call, booked: Booked
) -> None:
    """Other callers can still book."""
    heard = [withheld(call, number) for number in range(35)]

    assert len(booked()) == caps.VISITS.withheld == 30
    assert heard[30:] == [f"{FOR_ALL} {CALL_BACK}"] * 5
    assert book(call, 36).startswith("You're booked")


def test_for_one_number_that_is_said_ten_visits_are_booked(call: Call, booked: Booked) -> None:
    heard = [withheld(call, number, patient_phone=spoken(77)) for number in range(12)]

    assert len(booked()) == caps.VISITS.a_number_said == 10
    assert all(sentence.startswith(OF_NUMBER) for sentence in heard[10:])
    # They are not counted against whoever has that number.
    assert book(call, 13, caller="+12025550177").startswith("You're booked")


def test_what_was_forgotten_does_not_count_as_withheld(call: Call) -> None:
    for number in range(30):
        book(call, number, call_id=f"call-{number}")
    ToolCall.objects.all().forget(now=MONDAY)

    assert withheld(call, 31).startswith("You're booked")


def test_what_staff_book_has_no_cap(call: Call, ada: Any, cleaning: ServiceType) -> None:
    ben = Patient.objects.create(name="Ben Ode", phone="+12025550177")
    for number in range(40):
        Appointment.objects.create(
            practitioner=ada,
            service=cleaning,
            patient=ben,
            start=datetime.fromisoformat(start(number)).replace(tzinfo=MONDAY.tzinfo),
            source="staff",
        )

    assert book(call, 41).startswith("You're booked")


# --- what all callers without a number share, and what one of them is told


def fill_call_backs(call: Call) -> None:
    for number in range(30):
        callback(call, number, call_id=f"c{number}", caller="", phone=spoken(number))


def test_a_day_later_callers_without_a_number_book_again(call: Call, booked: Booked) -> None:
    """An attack's effect ends by itself, although all that was booked still stands."""
    for number in range(31):
        withheld(call, number)

    with time_machine.travel(MONDAY + timedelta(hours=24, minutes=1), tick=False):
        heard = withheld(call, 45)

    assert heard.startswith("You're booked")
    assert len(booked()) == 31


def test_what_staff_cancel_is_room_for_others_at_once(call: Call, booked: Booked) -> None:
    for number in range(30):
        withheld(call, number)
    assert withheld(call, 40).startswith(FOR_ALL)
    [row, *_] = booked()
    appointments.cancel(row, now=MONDAY, by="desk")

    assert withheld(call, 41).startswith("You're booked")


def test_ten_days_of_it_are_the_end(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attacker who comes back every day, unnoticed by staff, is stopped after ten days."""
    monkeypatch.setattr(caps, "VISITS", replace(caps.VISITS, withheld=2))
    monkeypatch.setattr(caps, "A_PRACTITIONER_A_DAY", 1)
    for number in range(20):
        with time_machine.travel(MONDAY - timedelta(days=20 - number), tick=False):
            assert withheld(call, number + 10).startswith("You're booked")

    assert withheld(call, 40).startswith(FOR_ALL)


def test_a_clinic_of_many_has_more_callers(call: Call, elm: Organization, booked: Booked) -> None:
    for number in range(2):
        Practitioner.objects.create(name=f"Dr. More {LETTERS[number]}")

    for number in range(42):
        withheld(call, number)

    assert len(booked()) == 40


def test_no_call_back_is_offered_that_would_be_refused(call: Call) -> None:
    fill_call_backs(call)
    for number in range(30):
        withheld(call, number)

    assert withheld(call, 40) == f"{FOR_ALL} {SHOW_A_NUMBER}"
    nowhere = call("clinic_info", topic="parking", caller="", call_id="w41")
    assert nowhere == f"I don't know that, I'm afraid. {SHOW_A_NUMBER}"
    unknown = call("find_appointments", caller="", call_id="w42")
    assert unknown.endswith("Could you tell me the reference and the patient's date of birth?")
    # Who shows a number is offered one, and gets it.
    assert call("clinic_info", topic="parking").endswith(CALL_BACK)
    assert callback(call, 50).startswith("I've asked the clinic")


def test_what_would_only_be_changed_is_offered_still(call: Call) -> None:
    fill_call_backs(call)
    asked = {"caller": "", "call_id": "c3"}

    assert call("find_appointments", **asked, phone=spoken(3)).endswith("call you back?")
    assert callback(call, 3, **asked, phone=spoken(3)).startswith("I've asked the clinic")


def test_instead_a_caller_is_put_through_where_somebody_is_there(call: Call) -> None:
    TransferNumber.objects.create(reason="billing", phone="+12025550199")
    fill_call_backs(call)

    def heard() -> tuple[str, str]:
        refused = callback(call, 40, caller="", phone=spoken(40))
        return refused, call("clinic_info", topic="parking", caller="", call_id="w40")

    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        assert [one.endswith("put you through to the clinic instead?") for one in heard()] == [
            True, True,
        ]  # fmt: skip
    assert [one.endswith(SHOW_A_NUMBER) for one in heard()] == [True, True]


def test_a_number_with_call_backs_noted_is_not_offered_another(call: Call) -> None:
    for number in range(5):
        callback(call, number)

    heard = call("clinic_info", topic="parking", call_id="call-9")

    assert heard == f"I don't know that, I'm afraid. {KNOWN} Is there anything else?"


def test_doctor_names_a_clinic_where_a_shared_bound_is_reached(
    call: Call, elm: Organization
) -> None:
    assert not list(checkup.of_callers(elm))
    fill_call_backs(call)

    [found] = checkup.of_callers(elm)

    assert found.state is checkup.State.WRONG
    assert "no more call backs" in found.sentence


def test_the_tool_calls_of_callers_without_a_number_can_be_listed(
    call: Call, elm: Organization
) -> None:
    withheld(call, 1)
    book(call, 2)
    desk = Desk(elm)

    rows = {
        shown: [row.caller for row in page.context["cl"].result_list]
        for shown in ("no", "yes")
        if (page := desk.get(f"assistants/toolcall/?number={shown}"))
    }

    assert rows == {"no": [""], "yes": [BEN]}


# --- call backs


def callback(call: Call, number: int, **more: str) -> str:
    return call("request_callback", name="Ben Ode", **{"call_id": f"call-{number}", **more})


def test_one_number_has_five_call_backs_open(call: Call) -> None:
    heard = [callback(call, number) for number in range(8)]

    assert Callback.objects.count() == caps.CALLBACKS.a_number == 5
    assert all(sentence.startswith(KNOWN) for sentence in heard[5:])
    assert callback(call, 4, reason="once more").startswith("I've asked the clinic")
    Callback.objects.filter(reason="").update(status="done")
    assert callback(call, 9).startswith("I've asked the clinic")


def test_one_call_has_five_call_backs_open(call: Call) -> None:
    for number in range(8):
        heard = callback(call, 0, phone=spoken(number))

    assert Callback.objects.count() == caps.CALLBACKS.a_call == 5
    assert heard.startswith(KNOWN)


def test_for_one_number_that_is_said_three_call_backs_are_open(call: Call) -> None:
    heard = [callback(call, number, caller="", phone=spoken(77)) for number in range(5)]

    assert Callback.objects.count() == caps.CALLBACKS.a_number_said == 3
    assert all(sentence.startswith(KNOWN) for sentence in heard[3:])
    assert callback(call, 9).startswith("I've asked the clinic")  # who has that number


def test_callers_without_a_number_have_thirty_call_backs_open(call: Call) -> None:
    """Nothing of theirs is noted, so it is not said that the clinic will call."""
    heard = [callback(call, number, caller="", phone=spoken(number)) for number in range(35)]

    assert Callback.objects.count() == caps.CALLBACKS.withheld == 30
    assert all(sentence.endswith(SHOW_A_NUMBER) for sentence in heard[30:])
    assert callback(call, 40).startswith("I've asked the clinic")


def test_what_staff_note_is_no_callers(call: Call) -> None:
    for number in range(40):
        Callback.objects.create(name=name(number), phone="+12025550177")

    assert callback(call, 1).startswith("I've asked the clinic")
    assert callback(call, 2, caller="", phone=spoken(77)).startswith("I've asked the clinic")


# --- the waitlist


def wait(call: Call, number: int, **more: str) -> str:
    said = {"service": "cleaning", "patient_name": name(number)}
    return call("join_waitlist", **{**said, **more})


def test_one_call_has_ten_places_on_the_waitlist(call: Call) -> None:
    heard = [wait(call, number) for number in range(12)]

    assert WaitlistEntry.objects.count() == caps.WAITING.a_call == 10
    assert heard[10:] == [PLACE] * 2
    assert not Patient.objects.filter(name=name(11)).exists()
    assert wait(call, 9, days="Fridays").startswith("You're on the waitlist")
    WaitlistEntry.objects.filter(patient__name=name(0)).update(status="done")
    assert wait(call, 11).startswith("You're on the waitlist")


def test_one_number_has_thirty_places_on_the_waitlist(call: Call) -> None:
    heard = [wait(call, number, call_id=f"call-{number}") for number in range(32)]

    assert WaitlistEntry.objects.count() == caps.WAITING.a_number == 30
    assert heard[30:] == [PLACE] * 2


def test_callers_without_a_number_have_thirty_places_all_together(call: Call) -> None:
    heard = [
        wait(call, number, caller="", call_id=f"w{number}", patient_phone=spoken(number))
        for number in range(32)
    ]

    assert WaitlistEntry.objects.count() == caps.WAITING.withheld == 30
    assert all("callers on the waitlist whose own number" in one for one in heard[30:])
    assert wait(call, 40).startswith("You're on the waitlist")


def test_for_one_number_that_is_said_ten_places_are_had(call: Call) -> None:
    for number in range(12):
        wait(call, number, caller="", call_id=f"w{number}", patient_phone=spoken(77))

    assert WaitlistEntry.objects.count() == caps.WAITING.a_number_said == 10
