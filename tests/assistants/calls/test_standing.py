"""Standing: what was answered is said again while it holds, and never where it does not."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from assistants import speech
from assistants.calls import retention
from assistants.models import ToolCall
from bookings import appointments
from bookings.models import Appointment, Callback, Practitioner, ServiceType, WaitlistEntry
from tests.breaking import broken
from tests.conftest import Booked, Call, Door, at

pytestmark = pytest.mark.usefixtures("monday")

SAME = "hook-function-call"
BOOKING = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}


def told(call: Call, tool: str, **said: Any) -> str:
    """As a hook of Vapi asks: every request of a call under one id."""
    return call(tool, id=SAME, **said)


def only() -> Appointment:
    return Appointment.objects.get()


# --- Z04: undone by the call itself, and asked for again


def test_book_cancel_and_book_again_under_one_id_is_booked(call: Call, booked: Booked) -> None:
    """Z04."""
    first = told(call, "book_appointment", **BOOKING)
    told(call, "cancel_appointment")
    again = told(call, "book_appointment", **BOOKING)

    [row] = booked()
    assert again.startswith("You're booked")
    assert row.reference in again
    assert again != first
    assert told(call, "book_appointment", **BOOKING) == again
    assert booked() == [row]


def test_cancel_book_and_cancel_again_under_one_id_is_cancelled(call: Call, booked: Booked) -> None:
    for _ in range(2):
        told(call, "book_appointment", **BOOKING)
        assert len(booked()) == 1
        assert told(call, "cancel_appointment").startswith("I've cancelled it")
        assert booked() == []


def test_moves_to_11_to_10_and_to_11_under_one_id_end_at_11(call: Call) -> None:
    """Z04."""
    told(call, "book_appointment", **BOOKING)
    for hour in (11, 10, 11, 10):
        heard = told(call, "reschedule_appointment", start=f"2026-12-03T{hour}:00")

        assert heard.startswith("I've moved it")
        assert f"{hour}:00 AM" in heard
        assert only().start == at(f"2026-12-03 {hour}:00")


def test_every_request_that_was_carried_out_stays_on_record(call: Call) -> None:
    told(call, "book_appointment", **BOOKING)
    told(call, "cancel_appointment")
    told(call, "book_appointment", **BOOKING)

    outcomes = ToolCall.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["Booked", "Cancelled", "Booked"]


def test_other_arguments_under_the_same_id_are_another_request(call: Call, booked: Booked) -> None:
    told(call, "book_appointment", **BOOKING)
    heard = told(call, "book_appointment", **{**BOOKING, "start": "2026-12-04T10:00"})

    assert "Friday, December 4" in heard
    assert len(booked()) == 2


def test_a_booking_moved_by_the_call_is_not_booked_beside_itself(
    call: Call, booked: Booked
) -> None:
    told(call, "book_appointment", **BOOKING)
    told(call, "reschedule_appointment", start="2026-12-03T10:00")

    heard = told(call, "book_appointment", **BOOKING)

    assert heard.startswith("That visit has been moved since. It is a cleaning on Thursday")
    assert "10:00 AM" in heard
    assert len(booked()) == 1


# --- after the call has ended, nobody is there to want it again


@pytest.fixture
def hang_up(door: Door) -> Callable[[], None]:
    def tell() -> None:
        message = {"type": "status-update", "status": "ended", "call": {"id": "call-1"}}
        door.post({"message": message})

    return tell


def test_a_booking_that_comes_after_the_call_is_not_made_again(
    call: Call,
    booked: Booked,
    hang_up: Callable[[], None],
) -> None:
    """A request the network kept: the caller has cancelled since, and hung up."""
    told(call, "book_appointment", **BOOKING)
    told(call, "cancel_appointment")
    hang_up()

    heard = told(call, "book_appointment", **BOOKING)

    assert heard.startswith("That visit was cancelled since")
    assert booked() == []


def test_a_cancellation_that_comes_after_the_call_cancels_nothing(
    call: Call,
    booked: Booked,
    hang_up: Callable[[], None],
) -> None:
    told(call, "book_appointment", **BOOKING)
    told(call, "cancel_appointment")
    told(call, "book_appointment", **BOOKING)
    hang_up()

    heard = told(call, "cancel_appointment")

    assert heard.startswith("That visit is booked again since")
    assert len(booked()) == 1


def test_a_move_that_comes_after_the_call_moves_nothing(
    call: Call, hang_up: Callable[[], None]
) -> None:
    told(call, "book_appointment", **BOOKING)
    for hour in (11, 10):
        told(call, "reschedule_appointment", start=f"2026-12-03T{hour}:00")
    hang_up()

    heard = told(call, "reschedule_appointment", start="2026-12-03T11:00")

    assert heard.startswith("That visit has been moved since")
    assert only().start == at("2026-12-03 10:00")


def test_a_booking_first_made_after_the_call_is_made(
    call: Call,
    booked: Booked,
    hang_up: Callable[[], None],
) -> None:
    """A caller who hangs up while the visit is being booked still wants it."""
    hang_up()

    assert told(call, "book_appointment", **BOOKING).startswith("You're booked")
    assert len(booked()) == 1


# --- changed by somebody else: told, and nothing done


def cancel(row: Appointment, now: datetime, by: str) -> None:
    appointments.cancel(row, now=now, by=by)


def cancel_without_history(row: Appointment, now: datetime, by: str) -> None:
    Appointment.objects.filter(pk=row.pk).update(status="cancelled")


@pytest.mark.parametrize(
    ("change", "by"),
    [(cancel, "desk"), (cancel, "call-2"), (cancel_without_history, "")],
    ids=["the clinic", "another call", "nobody knows who"],
)
def test_what_others_cancelled_is_not_booked_by_a_late_copy(
    change: Callable[..., None], by: str, call: Call, monday: datetime
) -> None:
    call("book_appointment", id="a", **BOOKING)
    change(only(), monday, by)

    for _ in range(2):
        assert call("book_appointment", id="a", **BOOKING) == (
            "That visit was cancelled since: a cleaning on Thursday, December 3 at 2:30 PM with"
            " Dr. Ada Moss. Shall I book it again?"
        )
        assert only().status == "cancelled"
    assert call("did_that_go_through").startswith("That visit was cancelled since")


def test_what_others_cancelled_after_a_copy_broke_did_go_through(
    call: Call, monday: datetime
) -> None:
    """A copy that waited behind a frozen database is written down as later than what was done."""
    call("book_appointment", **BOOKING)
    with broken("bookings_patient"), time_machine.travel(monday + timedelta(seconds=1), tick=False):
        assert call("book_appointment", **BOOKING).startswith("You're booked")
    cancel(only(), monday, "desk")

    assert call("did_that_go_through") == (
        "That visit was cancelled since: a cleaning on Thursday, December 3 at 2:30 PM with"
        " Dr. Ada Moss. Shall I book it again?"
    )


def test_what_the_call_cancelled_and_could_not_book_again_did_not_go_through(
    call: Call,
) -> None:
    call("book_appointment", **BOOKING)
    call("cancel_appointment")
    with broken("bookings_offer"):
        assert call("book_appointment", **BOOKING) == speech.FAULT

    assert call("did_that_go_through").startswith("No, that did not go through")


def test_a_caller_who_proved_one_visit_is_not_told_of_another_one(
    call: Call, booked: Booked, monday: datetime
) -> None:
    """By reference and birthday from a withheld number; the patient has booked it again since."""
    said = {**BOOKING, "date_of_birth": "1988-04-17"}
    call("book_appointment", **said)
    proof = {"reference": only().reference, "date_of_birth": "1988-04-17"}
    cancel(only(), monday, "call-1")
    call("book_appointment", **said)
    [again] = booked()

    withheld = {"caller": "", "call_id": "call-2"}
    cancelled = call("cancel_appointment", id="b", **withheld, **proof)
    asked = call("did_that_go_through", **withheld)
    late = call("cancel_appointment", id="b", **withheld, **proof)

    assert cancelled.startswith("It was already cancelled")
    assert asked == f"Yes, that went through. {cancelled}"
    assert late == cancelled
    assert booked() == [again]


def test_who_wants_it_again_has_it_under_a_new_id_and_the_old_copy_tells_of_that(
    call: Call, booked: Booked, monday: datetime
) -> None:
    call("book_appointment", id="a", **BOOKING)
    cancel(only(), monday, "desk")

    again = call("book_appointment", id="b", **BOOKING)

    assert again.startswith("You're booked")
    assert call("book_appointment", id="a", **BOOKING) == again
    assert len(booked()) == 1


def test_the_call_that_cancelled_before_the_clinic_changed_it_does_not_count(
    call: Call, monday: datetime, ada: Practitioner
) -> None:
    """Moved by the call, then by the clinic: the clinic's word is the last."""
    call("book_appointment", id="a", **BOOKING)
    call("reschedule_appointment", id="b", start="2026-12-03T11:00")
    appointments.reschedule(only(), start=at("2026-12-03 09:00"), now=monday, by="desk")

    heard = call("reschedule_appointment", id="b", start="2026-12-03T11:00")

    assert heard == (
        "That visit has been moved since. It is a cleaning on Thursday, December 3 at 9:00 AM"
        f" with Dr. Ada Moss, reference {only().reference}. Does that suit you?"
    )
    assert only().start == at("2026-12-03 09:00")
    assert call("did_that_go_through") == heard


def test_another_practitioner_at_the_same_time_is_a_change(
    call: Call, bo: Practitioner, monday: datetime
) -> None:
    said = {**BOOKING, "service": "consultation", "practitioner": "Dr. Ada Moss"}
    call("book_appointment", id="a", **said)
    row = only()
    appointments.reschedule(row, start=row.start, practitioner=bo, now=monday, by="desk")

    heard = call("book_appointment", id="a", **said)

    assert heard.startswith("That visit has been moved since")
    assert "Dr. Bo Lind" in heard


def test_what_the_clinic_cancelled_is_not_moved_by_a_late_copy(
    call: Call, monday: datetime
) -> None:
    call("book_appointment", id="a", **BOOKING)
    call("reschedule_appointment", id="b", start="2026-12-03T11:00")
    cancel(only(), monday, "desk")

    heard = call("reschedule_appointment", id="b", start="2026-12-03T11:00")

    assert heard.startswith("That visit was cancelled since")
    assert only().status == "cancelled"


def test_what_the_clinic_booked_again_is_not_cancelled_by_a_late_copy(
    call: Call,
    booked: Booked,
    cleaning: ServiceType,
    monday: datetime,
) -> None:
    call("book_appointment", id="a", **BOOKING)
    call("cancel_appointment", id="b")
    appointments.book(
        service=cleaning,
        start=at("2026-12-03 14:30"),
        patient=only().patient,
        now=monday,
        source=Appointment.Source.STAFF,
        by="desk",
    )

    heard = call("cancel_appointment", id="b")

    [row] = booked()
    assert heard == (
        "That visit is booked again since: a cleaning on Thursday, December 3 at 2:30 PM with"
        f" Dr. Ada Moss, reference {row.reference}. Shall I cancel it?"
    )


def test_a_patient_who_has_arrived_is_still_booked(call: Call) -> None:
    heard = call("book_appointment", id="a", **BOOKING)
    Appointment.objects.update(status="arrived")

    assert call("book_appointment", id="a", **BOOKING) == heard


def test_a_patient_who_did_not_come_is_not_booked(call: Call) -> None:
    call("book_appointment", id="a", **BOOKING)
    Appointment.objects.update(status="noshow")

    heard = call("book_appointment", id="a", **BOOKING)

    assert heard.startswith("I can't change that one any more")


# --- callbacks and the waitlist


def test_a_callback_the_clinic_has_made_is_not_promised_by_a_late_copy(
    call: Call,
) -> None:
    said = {"name": "Ben Ode", "phone": "202 555 0177", "reason": "a bill"}
    first = call("request_callback", id="a", **said)
    assert call("request_callback", id="a", **said) == first
    Callback.objects.update(status="done")

    heard = call("request_callback", id="a", **said)

    assert heard.startswith("The clinic has already seen to that call back.")
    assert Callback.objects.get().status == "done"
    assert call("did_that_go_through") == heard
    assert call("request_callback", id="b", **said) == first


def test_a_place_on_the_waitlist_that_is_gone_is_not_taken_again_by_a_late_copy(
    call: Call,
) -> None:
    said = {"service": "cleaning", "patient_name": "Ben Ode"}
    first = call("join_waitlist", id="a", **said)
    assert call("join_waitlist", id="a", **said) == first
    WaitlistEntry.objects.update(status="done")

    heard = call("join_waitlist", id="a", **said)

    assert heard.startswith("You're no longer on the waitlist for that.")
    assert WaitlistEntry.objects.get().status == "done"
    assert call("join_waitlist", id="b", **said) == first


def test_what_was_erased_with_its_patient_is_not_said_again_nor_done_again(
    call: Call, monday: datetime
) -> None:
    call("book_appointment", id="a", **BOOKING)
    cancel(only(), monday, "desk")
    retention.forget_patient(only().patient, monday)

    assert call("book_appointment", id="a", **BOOKING).startswith("I no longer have that on record")
    assert only().status == "cancelled"


# --- what only reads


def test_free_times_are_looked_up_each_time(call: Call) -> None:
    said = {"service": "cleaning", "date": "2026-12-03"}
    assert "9:00 AM" in call("check_availability", id="a", **said)
    call("book_appointment", id="b", **{**BOOKING, "start": "2026-12-03T09:00"})

    assert "9:00 AM" not in call("check_availability", id="a", **said)


def test_appointments_are_looked_up_each_time(call: Call, monday: datetime) -> None:
    call("book_appointment", id="b", **BOOKING)
    assert call("find_appointments", id="a").startswith("You have a cleaning")
    cancel(only(), monday, "desk")

    assert call("find_appointments", id="a").startswith("I can't find")


# --- a request that names no call


def test_a_request_of_no_call_is_told_by_the_rows(call: Call, booked: Booked) -> None:
    first = told(call, "book_appointment", call_id="", **BOOKING)

    assert told(call, "book_appointment", call_id="", **BOOKING) == first
    assert len(booked()) == 1
    assert told(call, "cancel_appointment", call_id="").startswith("I've cancelled it")
    assert told(call, "cancel_appointment", call_id="").startswith("It was already cancelled")
    assert told(call, "book_appointment", call_id="", **BOOKING).startswith("You're booked")
    assert len(booked()) == 1


def test_a_request_of_no_call_is_not_told_that_nothing_was_done(call: Call) -> None:
    told(call, "book_appointment", call_id="", **BOOKING)

    assert told(call, "did_that_go_through", call_id="") == (
        "I can't check that from here. Shall I look up your appointments instead?"
    )
