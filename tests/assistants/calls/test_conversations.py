"""Six whole calls, as they are heard on the line, and what the clinic's rows hold when it is quiet.

What the caller says goes along as Vapi sends it; what is asked for them is what a model made of it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

import pytest
from django.db import transaction

from assistants.models import ToolCall
from bookings.models import Appointment, Callback, Patient, WaitlistEntry
from tests.conftest import BEN, NEW_YORK, Door, tool_calls
from tests.desk import Desk, fields_in
from tests.heard import times_in

pytestmark = pytest.mark.usefixtures("monday")

CAT, DEE, EVE, FAY = (f"+120255501{number}" for number in (88, 89, 90, 91))


@dataclass
class Line:
    """One call. `asks` is a turn of it: the caller's words, what the model asks, what is heard."""

    door: Door
    name: str
    caller: str
    spoken: list[dict[str, str]] = field(default_factory=list)

    def asks(self, words: str, tool: str, **said: Any) -> str:
        self.spoken.append({"role": "user", "message": words})
        request = {"id": f"call_{len(self.spoken)}", "tool": tool, "arguments": said}
        body = tool_calls(request, call_id=self.name, caller=self.caller)
        body["message"]["artifact"] = {"messages": self.spoken}
        [answer] = self.door.post(body).json()["results"]
        heard: str = answer["result"]
        assert answer["toolCallId"] == request["id"]
        assert "\n" not in heard
        assert 0 < len(heard) <= 350
        self.spoken.append({"role": "bot", "message": heard})
        return heard

    def hangs_up(self) -> None:
        report = {"type": "end-of-call-report", "call": {"id": self.name}}
        assert self.door.post({"message": report}).status_code == 200


@pytest.fixture
def dial(door: Door) -> Callable[..., Line]:
    return lambda name, caller=BEN: Line(door, name, caller)


def diary() -> list[str]:
    """Every appointment there is, in the clinic's words."""
    rows = Appointment.objects.select_related("patient", "service").order_by("start")
    return [
        f"{row.start.astimezone(NEW_YORK):%a %d %b %Y %H:%M} {row.patient.name}:"
        f" {row.service.name.lower()}, {row.status}"
        for row in rows
    ]


def assert_each_can_be_had(line: Line, offered: str, **said: str) -> None:
    """Every time that was offered is booked, as this caller, and undone again."""
    assert times_in(offered)
    for time in times_in(offered):
        with undone(line):
            heard = line.asks(f"{time}.", "book_appointment", time=time, **said)
        assert heard.startswith("You're booked")


@contextmanager
def undone(line: Line) -> Iterator[None]:
    spoken = list(line.spoken)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    line.spoken = spoken


def test_a_time_that_is_gone_and_one_that_is_not(
    dial: Callable[..., Line], cats: Appointment
) -> None:
    """A booking with a conflict. V08, V10 on the way."""
    wanted = {"service": "teeth cleaning", "patient_name": "Ben Ode", "date": "next Thursday"}
    ben = dial("conflict")

    heard = ben.asks(
        "I'd like my teeth cleaned next Thursday, half past two. Ben Ode.",
        "book_appointment",
        **wanted,
        time="half past two",
    )
    assert heard.startswith("I'm so sorry, it looks like that specific time slot was just taken.")
    assert len(set(times_in(heard))) == 3
    assert_each_can_be_had(ben, heard, **wanted)

    asked = ben.asks("Yes.", "book_appointment", **wanted)
    assert asked.startswith("For a cleaning on Thursday, December 3 I have")
    assert len(diary()) == 1

    chosen = times_in(heard)[1]
    booked = ben.asks(f"{chosen}, then.", "book_appointment", **wanted, time=chosen)
    assert booked.startswith(
        f"You're booked: a cleaning on Thursday, December 3, 2026 at {chosen} with Dr. Ada Moss."
    )
    again = ben.asks("Sorry, did you get that?", "book_appointment", **wanted, time=chosen)
    assert again == booked

    near = {"service": "cleaning", "date": "next Thursday", "time_preference": f"at {chosen}"}
    left = ben.asks("What else is there that afternoon?", "check_availability", **near)
    assert chosen not in times_in(left)
    ben.hangs_up()

    hour = f"{Appointment.objects.get(patient__name='Ben Ode').start.astimezone(NEW_YORK):%H:%M}"
    assert sorted(diary()) == sorted(
        [
            "Thu 03 Dec 2026 14:30 Cat Ruiz: cleaning, booked",
            f"Thu 03 Dec 2026 {hour} Ben Ode: cleaning, booked",
        ]
    )
    assert Patient.objects.filter(phone=BEN).count() == 1


def test_a_family_of_three_at_one_telephone(dial: Callable[..., Line]) -> None:
    """P06, I04: three people, three rows; and nobody hears of another's."""
    ann = dial("family")
    for words, name, time in (
        ("A cleaning for me, please: Ann Ode, December third at nine.", "Ann Ode", "9 am"),
        ("And one for my husband Ben, half past nine.", "Ben Ode", "9:30 am"),
        ("And for little Cleo at ten.", "Cleo Ode", "10 am"),
    ):
        heard = ann.asks(
            words,
            "book_appointment",
            service="cleaning",
            patient_name=name,
            date="December third",
            time=time,
        )
        assert heard.startswith("You're booked")
    ann.hangs_up()

    later = dial("family-later")
    asked = later.asks("When is our next appointment?", "find_appointments")
    assert asked == "Whose appointment is it? Please tell me the patient's name."
    told = later.asks("Cleo's.", "find_appointments", patient_name="Cleo")
    assert times_in(told) == ["10:00 AM"]
    gone = later.asks("She can't come.", "cancel_appointment", patient_name="Cleo")
    assert gone.startswith("I've cancelled it: a cleaning on Thursday, December 3 at 10:00 AM")
    later.hangs_up()

    assert diary() == [
        "Thu 03 Dec 2026 09:00 Ann Ode: cleaning, booked",
        "Thu 03 Dec 2026 09:30 Ben Ode: cleaning, booked",
        "Thu 03 Dec 2026 10:00 Cleo Ode: cleaning, cancelled",
    ]
    assert set(Patient.objects.values_list("phone", flat=True)) == {BEN}
    assert Patient.objects.count() == 3


def test_a_move_over_the_night_the_clocks_change(dial: Callable[..., Line]) -> None:
    """T01, T04: ten o'clock stays ten o'clock, and is an hour earlier for everybody else."""
    ben = dial("clocks")
    booked = ben.asks(
        "A cleaning on Friday the twelfth of March at ten in the morning. It's Ben Ode.",
        "book_appointment",
        service="cleaning",
        patient_name="Ben Ode",
        date="March 12th",
        time="10 in the morning",
    )
    assert booked.startswith("You're booked: a cleaning on Friday, March 12, 2027 at 10:00 AM")
    first = Appointment.objects.get()
    assert f"{first.start.astimezone(UTC):%H:%M}" == "15:00"

    asked = ben.asks(
        "Actually, Sunday night, half past two in the morning?",
        "reschedule_appointment",
        start="2027-03-14T02:30",
    )
    assert asked == (
        "I'm sorry. The clocks skip that time on that day. What other time would suit you?"
    )
    moved = ben.asks(
        "Monday then, same time.", "reschedule_appointment", date="2027-03-15", time="10 am"
    )
    assert moved.startswith("I've moved it: a cleaning on Monday, March 15, 2027 at 10:00 AM")
    ben.hangs_up()

    assert diary() == ["Mon 15 Mar 2027 10:00 Ben Ode: cleaning, booked"]
    row = Appointment.objects.get()
    assert (row.pk, row.reference) == (first.pk, first.reference)
    assert f"{row.start.astimezone(UTC):%H:%M} {row.end.astimezone(UTC):%H:%M}" == "14:00 14:30"


def test_a_withheld_number(dial: Callable[..., Line], desk: Desk) -> None:
    """P04: nothing is told before reference and date of birth are, and then it can be moved;
    Z03: by a birthday that staff have checked, and by none that was only said."""
    wanted = {"service": "cleaning", "patient_name": "Ben Ode", "start": "2026-12-03T14:30"}
    first = dial("withheld", caller="anonymous")
    assert (
        first.asks("A cleaning on the third, half past two. Ben Ode.", "book_appointment", **wanted)
        == "I still need a phone number. Could you tell me?"
    )
    booked = first.asks(
        "Four one five, five five five, oh one two three. Born April 17th, 1988.",
        "book_appointment",
        **wanted,
        patient_phone="four one five, five five five, oh one two three",
        date_of_birth="April 17th 1988",
    )
    assert booked.startswith("You're booked")
    first.hangs_up()
    reference = Appointment.objects.get().reference

    second = dial("withheld-later", caller="")
    for words, said in (
        ("I have an appointment, and my number is 415 555 0123.", {"patient_name": "Ben Ode"}),
        ("Born in 1988.", {"patient_name": "Ben Ode", "date_of_birth": "1988-04-17"}),
        (f"It's {reference}.", {"reference": reference, "date_of_birth": "1988-04-16"}),
    ):
        assert second.asks(words, "find_appointments", **said).startswith(
            "I can't find an upcoming appointment with those details."
        )
    proof = {"reference": " ".join(reference), "date_of_birth": "1988-04-17"}
    assert second.asks("The seventeenth!", "find_appointments", **proof).startswith("I can't find")
    accept(desk)
    assert second.asks("The seventeenth!", "find_appointments", **proof).startswith("I can't find")
    accept(desk, "check_birthday")
    assert times_in(second.asks("The seventeenth!", "find_appointments", **proof)) == ["2:30 PM"]
    friday = {"date": "2026-12-04", "time": "9 am"}
    moved = second.asks("Make it Friday at nine.", "reschedule_appointment", **proof, **friday)
    assert moved.startswith("I've moved it")
    second.hangs_up()

    assert diary() == ["Fri 04 Dec 2026 09:00 Ben Ode: cleaning, booked"]
    assert [patient.phone for patient in Patient.objects.all()] == ["+14155550123"]


def accept(desk: Desk, action: str = "accept") -> None:
    """Staff have called back, and know who it is."""
    picked = {"action": action, "_selected_action": [str(row.pk) for row in Patient.objects.all()]}
    asked = desk.post("bookings/patient/", picked)
    desk.post("bookings/patient/", {**fields_in(asked), **picked})


def test_an_angry_caller_is_called_back(dial: Callable[..., Line], desk: Desk) -> None:
    """I07 on the way: what was promised is on record, and staff work it off."""
    ben = dial("angry")

    heard = ben.asks("Forty minutes I waited! Get me a human!", "transfer_to_staff", reason="anger")
    assert heard.startswith("I'm sorry, I can't put calls through from here.")
    assert heard.endswith("Shall the clinic call you back?")
    missing = ben.asks("They'd better!", "request_callback", reason="waited forty minutes")
    assert missing == "I still need your name. Could you tell me?"
    promised = ben.asks(
        "Ben Ode. After five. Forty minutes!",
        "request_callback",
        name="Ben Ode",
        reason="waited forty minutes",
        best_time="after five",
    )
    assert promised.startswith("I've asked the clinic to call you back at the number ending in")
    sure = ben.asks("And that's really down?", "did_that_go_through")
    assert sure == f"Yes, that went through. {promised}"
    ben.hangs_up()

    [callback] = Callback.objects.all()
    assert (callback.name, callback.phone, callback.status) == ("Ben Ode", BEN, "pending")
    assert (callback.reason, callback.best_time) == ("waited forty minutes", "after five")
    assert diary() == []
    assert "waited forty minutes" in desk.get("bookings/callback/").content.decode()
    desk.post("bookings/callback/", {"action": "mark_done", "_selected_action": [str(callback.pk)]})
    callback.refresh_from_db()
    assert callback.status == "done"


def test_staff_see_who_waits_for_a_cancelled_time(dial: Callable[..., Line], desk: Desk) -> None:
    """Waitlist after a cancellation: staff see who waits for it, in order, and who does not."""
    nine = {"service": "cleaning", "start": "2026-12-03T09:00"}
    ben = dial("gives-back")
    words = "A cleaning on December third at nine. Ben Ode."
    ben.asks(words, "book_appointment", **nine, patient_name="Ben Ode")
    for number, name, days, told in (
        (DEE, "Dee Park", "Thursdays in the morning", "on a Thursday in the morning"),
        (EVE, "Eve Lane", "any morning", "in the morning"),
        (FAY, "Fay Hill", "Thursday afternoons", "on a Thursday in the afternoon"),
    ):
        words = f"Nothing on {days}? Put me on your list. {name}."
        said = {"service": "cleaning", "patient_name": name, "days": days}
        heard = dial(name, caller=number).asks(words, "join_waitlist", **said)
        assert heard.startswith(f"You're on the waitlist for a cleaning {told}. The clinic")
    assert "Thu 3 Dec 2026 09:00" not in desk.get("bookings/waitlistentry/").content.decode()

    gone = ben.asks("I can't make it after all.", "cancel_appointment")
    assert gone.startswith("I've cancelled it")
    ben.hangs_up()

    page = desk.get("bookings/waitlistentry/").content.decode()
    assert [freed_for(page, name) for name in ("Dee Park", "Eve Lane", "Fay Hill")] == [
        "Thu 3 Dec 2026 09:00",
        "Thu 3 Dec 2026 09:00",
        "",
    ]
    assert page.index("Dee Park") < page.index("Eve Lane")

    dee = dial("called-by-staff", caller=DEE)
    words = "You called: I'll take the third at nine."
    booked = dee.asks(words, "book_appointment", **nine, patient_name="Dee Park")
    assert booked.startswith("You're booked")
    assert "Thu 3 Dec 2026 09:00" not in desk.get("bookings/waitlistentry/").content.decode()

    assert sorted(diary()) == [
        "Thu 03 Dec 2026 09:00 Ben Ode: cleaning, cancelled",
        "Thu 03 Dec 2026 09:00 Dee Park: cleaning, booked",
    ]
    waiting = [entry.patient.name for entry in WaitlistEntry.objects.all()]
    assert waiting == ["Dee Park", "Eve Lane", "Fay Hill"]
    assert ToolCall.objects.filter(outcome="Waiting").count() == 3


def freed_for(page: str, name: str) -> str:
    """What the list of those who wait says has become free for one of them."""
    [row] = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if name in row]
    return "".join(re.findall(r"\w{3} \d\d? \w{3} \d{4} \d\d:\d\d", row))
