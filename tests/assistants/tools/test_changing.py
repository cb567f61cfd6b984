"""Callers find, move and cancel their own visits; each request is one change, truthfully told."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from assistants import speech
from assistants.models import ToolCall
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.breaking import broken
from tests.conftest import BEN, Call, Door, at, tool_calls

pytestmark = pytest.mark.usefixtures("monday")

CAT = "+12025550188"
THURSDAY = "2026-12-03 14:30"


@pytest.fixture
def row(ada: Practitioner, cleaning: ServiceType, ben: Patient) -> Appointment:
    """Ben's cleaning on Thursday, December 3 at half past two."""
    return have(ada, cleaning, ben, THURSDAY)


def have(who: Practitioner, service: ServiceType, patient: Patient, start: str) -> Appointment:
    return Appointment.objects.create(
        practitioner=who, service=service, patient=patient, start=at(start), source="voice"
    )


NOTHING = "I can't find an upcoming appointment with those details."


# --- find


@pytest.mark.parametrize(
    "said",
    [
        {"date": "2026-12-03"},
        {"date": "2024-12-03", "time": "2:30 PM"},
        {"start": "2026-12-03T14:30"},
        {"service": "teeth cleaning", "practitioner": "Dr. Moss"},
        {"appointmentDate": "2026-12-03", "appointmentTime": "14:30"},
        {"current": "the cleaning on Thursday", "date": "December 3"},
        {"current": "all my appointments"},
        {"current": "any", "date": "null", "time": ""},
        {
            "current": "my cleaning on Thursday at half past two",
            "date": "2026-12-03",
            "time": "14:30",
        },
        {"doctor": "Dr. Moss"},
    ],
)
@pytest.mark.parametrize("tool", ["find_appointments", "cancel_appointment"])
def test_a_visit_is_told_as_it_is_to_book_one(
    tool: str, said: dict[str, str], call: Call, row: Appointment
) -> None:
    assert call(tool, **said).startswith(("You have a cleaning on", "I've cancelled it"))


@pytest.mark.parametrize("said", [{"time": "3 pm"}, {"current": "Thursday at three pm"}])
def test_the_visit_at_that_very_time_is_meant_before_one_near_it(
    said: dict[str, str],
    call: Call,
    row: Appointment,
    ada: Practitioner,
    ben: Patient,
) -> None:
    have(ada, ServiceType.objects.get(name="Consultation"), ben, "2026-12-03 15:00")

    assert call("cancel_appointment", **said).startswith("I've cancelled it: a consultation")


@pytest.mark.parametrize(
    "said",
    [
        {"date": "2026-11-30"},
        {"day": "Monday"},
        {"start": "2026-12-03T10:00"},
        {"service": "consultation"},
        {"practitioner": "Dr. Lind"},
        {"current": "the cleaning", "date": "Wednesday"},
        {"appointment": "the root canal on Monday"},
        {"doctor": "Dr. Lind"},
    ],
)
def test_a_visit_that_is_told_otherwise_is_not_the_one(
    said: dict[str, str], call: Call, row: Appointment
) -> None:
    """Also where they have no other: it may be with another clinic."""
    heard = call("cancel_appointment", **said)

    assert heard.startswith("I don't see that one. You have a cleaning on Thursday"), heard
    row.refresh_from_db()
    assert row.status == Appointment.Status.BOOKED


def test_a_caller_hears_their_visits(call: Call, row: Appointment) -> None:
    assert call("find_appointments") == (
        "You have a cleaning on Thursday, December 3 at 2:30 PM with Dr. Ada Moss,"
        f" reference {row.reference}. Is it about that?"
    )


@pytest.mark.parametrize("signalled", ["", "anonymous", CAT])
@pytest.mark.parametrize("said", [{}, {"patient_name": "Ben Ode"}, {"patient_phone": BEN}])
def test_nobody_else_hears_of_it_whatever_they_say(
    said: dict[str, str], signalled: str, call: Call, row: Appointment
) -> None:
    """P07: the number said opens nothing; P04: withheld numbers reveal nothing."""
    heard = call("find_appointments", caller=signalled, **said)

    assert heard.startswith(NOTHING)


def test_a_withheld_number_proves_itself_by_reference_and_date_of_birth(
    call: Call, row: Appointment, ben: Patient
) -> None:
    ben.date_of_birth = date(1988, 4, 17)
    ben.save()
    reference = " ".join(row.reference.lower())

    for wrong in (
        {"reference": reference},
        {"date_of_birth": "1988-04-17"},
        {"reference": reference, "date_of_birth": "1988-04-18"},
        {"reference": "ZZZZZ", "date_of_birth": "1988-04-17"},
    ):
        assert call("find_appointments", caller="", **wrong).startswith(NOTHING)
    assert row.reference in call(
        "find_appointments",
        caller="",
        call_id="two",
        reference=reference,
        date_of_birth="1988-04-17",
    )


@pytest.fixture
def proof(row: Appointment, ben: Patient) -> dict[str, str]:
    """What a caller without a number has to say for Ben's cleaning."""
    ben.date_of_birth = date(1988, 4, 17)
    ben.save()
    return {"reference": row.reference, "date_of_birth": "1988-04-17"}


def guess(call: Call, times: int, **more: str) -> None:
    """A wrong birthday, so many times; five in a call."""
    for number in range(times):
        reference = "XXXXX" if number % 2 else "YYYYY"  # ten wrong birthdays close one
        said = {"reference": reference, "date_of_birth": f"{1940 + number}-04-17", **more}
        call_id = said.pop("call_id", f"guessing-{number // 5}")
        assert call("find_appointments", caller="", call_id=call_id, **said).startswith(NOTHING)


def test_guessing_ends_in_a_call(call: Call, proof: dict[str, str]) -> None:
    guess(call, 5, reference=proof["reference"], call_id="call-1")

    assert call("find_appointments", caller="", **proof).startswith(NOTHING)
    assert proof["reference"] in call("find_appointments", caller="", call_id="another", **proof)


def test_guessing_ends_for_all_calls_and_begins_after_an_hour(
    call: Call, proof: dict[str, str], monday: datetime
) -> None:
    """Whoever calls again and again does not try on; and what is not allowed sounds the same."""
    guess(call, 20)

    for tool, more in (
        ("find_appointments", {}),
        ("cancel_appointment", {}),
        ("reschedule_appointment", {"start": "2026-12-04T09:00"}),
    ):
        refused = call(tool, caller="", call_id="right", **proof, **more)
        assert refused == call(tool, caller="", call_id="none", reference="ZZZZZ", **more)
        assert refused.startswith(NOTHING)
    assert Appointment.objects.get().status == "booked"
    with time_machine.travel(monday + timedelta(hours=1, seconds=1), tick=False):
        assert proof["reference"] in call("find_appointments", caller="", call_id="x", **proof)


def test_what_is_tried_while_the_way_is_closed_does_not_keep_it_closed(
    call: Call, proof: dict[str, str], monday: datetime
) -> None:
    guess(call, 20)
    with time_machine.travel(monday + timedelta(minutes=50), tick=False):
        guess(call, 20, reference="ZZZZZ")

    with time_machine.travel(monday + timedelta(minutes=61), tick=False):
        assert proof["reference"] in call("find_appointments", caller="", call_id="x", **proof)


def test_the_callers_own_number_is_never_locked_out(call: Call, proof: dict[str, str]) -> None:
    for _ in range(6):
        heard = call("find_appointments", reference="ZZZZZ")
        assert heard.startswith("I don't see that one. You have a cleaning on Thursday")
    guess(call, 20, reference="ZZZZZ")

    assert proof["reference"] in call("find_appointments")
    assert proof["reference"] in call("find_appointments", reference=proof["reference"])
    assert call("cancel_appointment").startswith("I've cancelled it")


def test_only_a_reference_is_a_guess(call: Call, proof: dict[str, str]) -> None:
    """A caller whose number has no visits, and who asks for them five times, does not guess."""
    for said in ({}, {"patient_name": "Ben Ode"}, {"date_of_birth": "1988-04-17"}) * 8:
        assert call("find_appointments", caller=CAT, **said).startswith(NOTHING)

    assert proof["reference"] in call("find_appointments", caller=CAT, **proof)
    assert not ToolCall.objects.filter(outcome="NotProven").exists()


def test_a_family_is_asked_whose_it_is(
    call: Call,
    row: Appointment,
    ada: Practitioner,
    cleaning: ServiceType,
) -> None:
    """P06."""
    ann = Patient.objects.create(name="Ann Ode", phone=BEN)
    have(ada, cleaning, ann, "2026-12-03 15:00")

    assert call("find_appointments") == (
        "Whose appointment is it? Please tell me the patient's name."
    )
    heard = call("find_appointments", patient_name="Ann")
    assert "3:00 PM" in heard
    assert "2:30 PM" not in heard


def test_what_is_over_or_cancelled_is_not_ahead(call: Call, row: Appointment) -> None:
    Appointment.objects.update(status="cancelled")

    assert call("find_appointments").startswith(NOTHING)


# --- reschedule


def test_it_is_moved_in_one_change(call: Call, row: Appointment) -> None:
    sentence = call("reschedule_appointment", date="2026-12-04", time="9 am")

    assert sentence == (
        "I've moved it: a cleaning on Friday, December 4, 2026 at 9:00 AM with Dr. Ada Moss."
        f" Your reference is {row.reference}."
    )
    row.refresh_from_db()
    assert (row.start, row.end) == (at("2026-12-04 09:00"), at("2026-12-04 09:30"))
    assert Appointment.objects.count() == 1


def test_a_move_to_a_taken_time_keeps_the_old_one(
    call: Call,
    row: Appointment,
    ada: Practitioner,
    cleaning: ServiceType,
    cat: Patient,
) -> None:
    """C09's rule for one caller, L02, I12."""
    have(ada, cleaning, cat, "2026-12-04 09:00")

    heard = call("reschedule_appointment", start="2026-12-04T09:00")

    assert "just taken" in heard
    assert "9:30 AM" in heard
    row.refresh_from_db()
    assert row.start == at(THURSDAY)


def test_the_time_it_has_is_not_offered_in_place_of_a_taken_one(
    call: Call,
    row: Appointment,
    ada: Practitioner,
    cleaning: ServiceType,
    cat: Patient,
) -> None:
    have(ada, cleaning, cat, "2026-12-03 15:00")

    heard = call("reschedule_appointment", start="2026-12-03T15:00")

    assert "I have 2:15 PM, 3:30 PM, or 3:45 PM available" in heard


def test_moving_to_where_it_is_is_said_plainly(call: Call, row: Appointment) -> None:
    """I10."""
    heard = call("reschedule_appointment", start="2026-12-03T14:30")

    assert heard.startswith("It is there already: a cleaning on Thursday, December 3, 2026")


def test_with_several_it_asks_which_and_takes_the_one_that_is_named(
    call: Call,
    row: Appointment,
    ada: Practitioner,
    cleaning: ServiceType,
    ben: Patient,
) -> None:
    other = have(ada, cleaning, ben, "2026-12-07 10:00")

    asked = call("reschedule_appointment", start="2026-12-08T11:00")
    assert asked.startswith("I see more than one: a cleaning on Thursday, December 3 at")
    call("reschedule_appointment", start="2026-12-08T11:00", current="Monday December 7th")
    call("reschedule_appointment", start="2026-12-09T11:00", reference=row.reference)

    other.refresh_from_db()
    row.refresh_from_db()
    assert (other.start, row.start) == (at("2026-12-08 11:00"), at("2026-12-09 11:00"))


def test_a_stale_year_is_understood_and_said(call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", start="2024-12-04T09:00")

    assert heard.startswith("I took the day to be Friday, December 4, 2026. I've moved it")


def test_without_a_new_time_it_tells_those_there_are(call: Call, row: Appointment) -> None:
    assert call("reschedule_appointment", date="2026-12-04") == (
        "For a cleaning on Friday, December 4 I have 9:00 AM, 1:30 PM, or 4:30 PM."
        " Which would you like?"
    )
    row.refresh_from_db()
    assert row.start == at(THURSDAY)


def test_what_has_begun_cannot_be_moved(call: Call, row: Appointment) -> None:
    """L03: named by its reference, it is theirs, and it is over."""
    Appointment.objects.update(
        start=at("2026-11-20 14:30"), end=at("2026-11-20 15:00"), status="fulfilled",
        blocked=("[2026-11-20 19:30+00,2026-11-20 20:00+00)"),
    )  # fmt: skip

    heard = call("reschedule_appointment", start="2026-12-04T09:00", reference=row.reference)

    assert heard.startswith("I can't change that one any more")


def test_somebody_elses_is_neither_moved_nor_admitted_to(call: Call, row: Appointment) -> None:
    for tool, more in (
        ("reschedule_appointment", {"start": "2026-12-04T09:00"}),
        ("cancel_appointment", {}),
    ):
        for _ in range(2):  # also where it is asked once more
            heard = call(tool, call_id="a", caller=CAT, reference=row.reference, **more)
            unknown = call(tool, call_id="b", caller=CAT, reference="ZZZZZ", **more)
            assert heard == unknown
    row.refresh_from_db()
    assert (row.start, row.status) == (at(THURSDAY), "booked")


@pytest.mark.parametrize(
    "said",
    [
        {"service": "consultation"},
        {"start": "make it a consultation instead"},
        {"start": "change the cleaning to a consultation"},
        {"start": "Friday at 2 for a consultation"},
        {"date": "2026-12-04", "time": "14:00", "service": "Consultation"},
        {"start": "same time but for a root canal"},
    ],
)
def test_a_visit_that_moves_is_for_what_it_was(
    said: dict[str, str], call: Call, row: Appointment
) -> None:
    """A caller who wants another service would have the wrong visit."""
    heard = call("reschedule_appointment", **said)

    assert heard.startswith(
        "What you have is a cleaning on Thursday, December 3 at 2:30 PM with Dr. Ada Moss. I can"
        " move it as it is, or cancel it and book a"
    )
    row.refresh_from_db()
    assert (row.start, row.service.name) == (at(THURSDAY), "Cleaning")


@pytest.mark.parametrize(
    "said",
    [
        {"start": "2026-12-08 at 10 am", "service": "consultation"},
        {"start": "Tuesday December 8 at 10 am for the consultation"},
    ],
)
def test_of_two_visits_the_one_for_the_service_named_moves(
    said: dict[str, str],
    call: Call,
    row: Appointment,
    ada: Practitioner,
    ben: Patient,
) -> None:
    consultation = ServiceType.objects.get(name="Consultation")
    other = have(ada, consultation, ben, "2026-12-04 10:00")

    heard = call("reschedule_appointment", **said)

    assert heard.startswith("I've moved it: a consultation on Tuesday, December 8"), heard
    other.refresh_from_db()
    assert other.start == at("2026-12-08 10:00")


@pytest.mark.parametrize(
    "start", ["the same day as my root canal, at 3", "Friday at 9, not a consultation"]
)
def test_a_service_that_is_not_wanted_offers_no_cancellation(
    start: str, call: Call, row: Appointment
) -> None:
    assert "cancel it" not in call("reschedule_appointment", start=start)


@pytest.mark.parametrize("said", [{"service": "cleaning"}, {"service": "a teeth cleaning"}, {}])
def test_its_own_service_may_be_named(said: dict[str, str], call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", start="2026-12-04 at 2 pm for my cleaning", **said)

    assert heard.startswith("I've moved it: a cleaning on Friday, December 4"), heard


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ({"start": "the same time with the other doctor"}, THURSDAY),
        ({"start": "same time but with somebody else"}, THURSDAY),
        ({"start": "same time", "practitioner": "a different one"}, THURSDAY),
        ({"start": "December 4 at 9 with another dentist"}, "2026-12-04 09:00"),
        ({"date": "December 4", "time": "9 am with someone else"}, "2026-12-04 09:00"),
    ],
)
def test_it_is_moved_to_somebody_else(
    said: dict[str, str],
    when: str,
    call: Call,
    ada: Practitioner,
    bo: Practitioner,
    consultation: ServiceType,
    ben: Patient,
) -> None:
    visit = have(ada, consultation, ben, THURSDAY)

    heard = call("reschedule_appointment", **said)

    visit.refresh_from_db()
    assert (visit.practitioner, visit.start) == (bo, at(when)), heard


def test_where_there_is_nobody_else_it_stays(call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", start="December 4 at 9 with someone else")

    assert heard.startswith("For a cleaning there is only Dr. Ada Moss.")
    row.refresh_from_db()
    assert row.start == at(THURSDAY)


# --- cancel


def test_it_is_cancelled_and_the_time_is_free(call: Call, row: Appointment) -> None:
    assert call("cancel_appointment", reason="travelling") == (
        "I've cancelled it: a cleaning on Thursday, December 3 at 2:30 PM with"
        " Dr. Ada Moss. Is there anything else I can do for you?"
    )
    row.refresh_from_db()
    assert row.status == "cancelled"
    assert call(
        "book_appointment",
        caller=CAT,
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Cat Ruiz",
    ).startswith("You're booked")


@pytest.mark.parametrize(
    "reason",
    [
        "only if you can't move it",
        "unless there is something earlier",
        "if there is nothing on Monday",
        "I don't want to cancel, I want to move it",
        "rather than cancelling I'd like another day",
        "what would happen if I cancelled",
        "maybe, I don't know yet",
        "caller is thinking about cancelling, not sure yet",
        "can't come to the root canal on Friday",
        "thinking of cancelling",
        "cancel if there's nothing on Thursday",
        "if there are no afternoon slots",
        "not cancelling",
        "I don't want it cancelled",
        "wants to reschedule instead",
        "no quiero cancelar",
        "I want to move it instead",
        "I need to reschedule to next week",
        "I'd like a later time",
        "wants to think about it",
        "unless Dr. Moss can see me sooner",
        "if I can't get a refund",
        "in case I don't make it",
        "if it costs something then don't",
        "please reschedule",
        "could you push it back a week",
        "wants another day",
        "no la cancele",
        "no cancelar todavía",
        "solo si no se puede cambiar",
        "prefiere moverla",
        "quiere cambiarla en vez de cancelar",
        "si no pueden moverla al viernes",
        "ich will nicht absagen",
        "nur falls es nichts Früheres gibt",
        "möchte den Termin lieber verschieben",
        "change to Tuesday at 10",
        "moving it to Monday",
        "Thursday would be better",
        "wants Dr. Lind instead",
        "running late",
        "will be 10 minutes late",
        "pending confirmation from wife",
        "caller did not confirm",
        "patient asked whether it can be cancelled",
        "just asking about the cancellation policy",
        "can't make my Tuesday appointment",
        "Monday's appointment isn't needed",
        "the Monday one",
        "I can't make the 4 o'clock",
        "it's for Tim, he's sick",
        "another time please",
    ],
)
def test_a_reason_that_puts_it_off_is_asked_about_once(
    reason: str, call: Call, row: Appointment
) -> None:
    heard = call("cancel_appointment", reason=reason)

    assert heard == (
        "You still have a cleaning on Thursday, December 3 at 2:30 PM with Dr. Ada Moss."
        " Shall I cancel it, or look for another time?"
    )
    row.refresh_from_db()
    assert row.status == "booked"
    assert call("cancel_appointment", reason=reason) == heard  # it may be a copy
    assert "Please say “cancel it”" in call("cancel_appointment", reason=reason)
    assert call("cancel_appointment", reason="ill").startswith("I've cancelled it")


@pytest.mark.parametrize(
    "reason",
    [
        "I can't come",
        "my boss said no",
        "I might be away",
        "if I go I'd be late",
        "I don't want to cancel but I have to",
        "I never cancel but my kid is sick",
        "instead of cancelling last minute",
        "I thought about it and I no longer need it",
        "they said if there is no pain I can skip it",
        "I'm getting a root canal elsewhere",
        "I'm not sure if I'll be back in town",
        "considering another dentist",
        "can't make the appointment because of my consultation at the hospital",
        "if I can't get there by 10 I'd be late",
        "unless pain comes back I don't need it",
        "I'm moving to Boston",
        "we have to move to another city",
        "I need to move house that day",
        "I need to change dentist",
        "I found an earlier appointment elsewhere",
        "I already rescheduled with another clinic",
        "I got a later shift",
        "quiero cambiar de dentista",
        "no puedo ir",
        "ya no la necesito",
        "ich bin krank",
        "I have to change my tires",
        "something came up",
        "if I'm honest I forgot",
        "I have to work late",
        "can't make my Thursday appointment",
        "can't make the 2:30",
        "I'm flying on Tuesday",
        "my kids have school",
        "I can't make the drive",
        "no",
        "I got an earlier one from the waiting list",
        "cancel and call me back",
        "please call me back",
        "I have another appointment",
    ],
)
def test_a_reason_that_is_one_is_not_asked_about(reason: str, call: Call, row: Appointment) -> None:
    assert call("cancel_appointment", reason=reason).startswith("I've cancelled it")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ({"current": "no"}, "All right, I've changed nothing."),
        ({"current": "never mind"}, "All right, I've changed nothing."),
        ({"reason": "no, keep it"}, "All right, I've changed nothing."),
        ({"reason": "I want to move it to Monday"}, "You still have a cleaning"),
        ({"reason": "yes, look for another time"}, "You still have a cleaning"),
        ({"reason": "a later time, but cancel it"}, "I've cancelled it"),
        ({"current": "my place on the waiting list"}, "I can't take back a place"),
        ({"reason": "take me off the waiting list"}, "I can't take back a place"),
        ({"reason": "I don't need the call back any more"}, "I can't take back a place"),
        ({"reason": "ya no necesito la llamada"}, "I can't take back a place"),
    ],
)
def test_it_is_cancelled_only_if_the_answer_says_so(
    said: dict[str, str], heard: str, call: Call, row: Appointment
) -> None:
    call("cancel_appointment", reason="I'd like a later time")

    assert call("cancel_appointment", **said).startswith(heard)


def test_what_was_left_as_it_is_is_not_tried_again(call: Call, row: Appointment) -> None:
    call("cancel_appointment", reason="I'd like a later time")
    call("cancel_appointment", reason="no, never mind")

    assert call("did_that_go_through").startswith("All right, I've changed nothing")


@pytest.mark.parametrize("said", ["I am travelling", "I am travelling " * 60])
def test_a_callers_reason_stands_at_the_appointment_and_in_its_history(
    said: str, call: Call, row: Appointment
) -> None:
    assert call("cancel_appointment", reason=said).startswith("I've cancelled it")

    row.refresh_from_db()
    change = row.changes.get(kind="cancelled")
    assert row.cancellation_reason == change.reason
    assert row.cancellation_reason.startswith("I am travelling")
    assert (change.by, len(change.reason) <= 500) == ("call-1", True)


def test_cancelling_twice_is_said_plainly(call: Call, row: Appointment) -> None:
    """I10."""
    call("cancel_appointment")

    assert call("cancel_appointment").startswith("It was already cancelled: a cleaning on")


def test_with_several_nothing_is_cancelled_before_it_is_clear(
    call: Call,
    row: Appointment,
    ada: Practitioner,
    cleaning: ServiceType,
    ben: Patient,
) -> None:
    have(ada, cleaning, ben, "2026-12-07 10:00")

    assert "Which one do you mean?" in call("cancel_appointment")
    assert Appointment.objects.occupying().count() == 2


def test_a_repeated_request_is_answered_in_the_same_words(door: Door, row: Appointment) -> None:
    """To nobody but the caller."""
    entry = {"id": "a", "tool": "cancel_appointment", "arguments": {}}
    body = tool_calls(entry)

    first, second = (door.post(body).json()["results"][0]["result"] for _ in range(2))

    assert first == second
    assert first.startswith("I've cancelled it")
    [result] = door.post(tool_calls(entry, caller=CAT)).json()["results"]
    assert result["result"].startswith("I can't find")


# --- did that go through?


def test_before_anything_was_asked_nothing_is_claimed(call: Call) -> None:
    assert call("did_that_go_through").startswith("I haven't booked or changed anything")


def test_what_was_booked_is_told_again(call: Call) -> None:
    """I07."""
    booked = call(
        "book_appointment", service="cleaning", start="2026-12-03T14:30", patient_name="Ben Ode"
    )

    assert call("did_that_go_through") == f"Yes, that went through. {booked}"


def test_what_was_refused_did_not_go_through(call: Call, row: Appointment) -> None:
    call(
        "book_appointment",
        caller=CAT,
        service="cleaning",
        start="2026-12-03T14:30",
        patient_name="Cat Ruiz",
    )

    assert call("did_that_go_through", caller=CAT).startswith("No, that did not go through")


def test_what_broke_after_something_that_worked_is_not_called_done(
    call: Call, row: Appointment
) -> None:
    said: dict[str, Any] = {"service": "cleaning", "patient_name": "Ben Ode"}
    call("book_appointment", start="2026-12-07T10:00", **said)
    with broken("bookings_patient"):
        assert call("book_appointment", start="2026-12-08T10:00", **said) == speech.FAULT

    assert call("did_that_go_through").startswith("No, that did not go through")


@pytest.mark.parametrize("other", [{"call_id": "another"}, {"caller": CAT}, {"caller": ""}])
def test_another_call_or_number_hears_nothing_of_it(other: dict[str, str], call: Call) -> None:
    said = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
    call("book_appointment", **said)

    assert "I haven't booked" in call("did_that_go_through", **other)


@pytest.mark.parametrize("said", ["Friday at 11 for Tim", "Friday at 11 for my son Tim"])
def test_a_move_for_somebody_else_is_asked_about(said: str, call: Call, row: Appointment) -> None:
    heard = call("reschedule_appointment", start=said)

    assert heard == "Whose appointment is it? Please tell me the patient's name."
    before = row.start
    row.refresh_from_db()
    assert row.start == before


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Monday at 9", "today, Monday, November 23 or Monday, November 30"),
        ("Tuesday at 10", "tomorrow, Tuesday, November 24 or Tuesday, December 1"),
        ("Wednesday at 3 instead", "Wednesday, November 25 or Wednesday, December 2"),
    ],
)
def test_a_weekday_of_this_week_or_of_the_visits_is_asked_about(
    said: str, days: str, call: Call, row: Appointment
) -> None:
    assert days in call("reschedule_appointment", start=said)


def test_two_ways_to_move_it_are_not_added_up(call: Call, row: Appointment) -> None:
    before = row.start

    assert call("reschedule_appointment", start="an hour later or the next day").endswith("?")
    row.refresh_from_db()
    assert row.start == before


def test_a_day_of_a_month_may_be_of_the_visits_month(call: Call, row: Appointment) -> None:
    call("reschedule_appointment", start="January 8 at 10")

    heard = call("reschedule_appointment", start="the 15th at 2")

    assert heard == "Is that Tuesday, December 15 or Friday, January 15?"


@pytest.mark.parametrize("said", ["I don't have it", "I lost it", "no, I can't find it"])
def test_no_reference_is_none(said: str, call: Call, row: Appointment) -> None:
    assert call("cancel_appointment", reference=said).startswith("I've cancelled it")


@pytest.mark.parametrize(
    "said",
    ["Tim's", "Tim's cleaning", "Tim\u2019s appointment on Friday", "Tim", "la cita de Tim Ode"],
)
def test_of_a_family_whose_visit_it_is_may_be_said_with_it(
    said: str, call: Call, row: Appointment
) -> None:
    call("book_appointment", service="cleaning", patient_name="Tim Ode", start="Friday at 10")

    heard = call("cancel_appointment", current=said)

    assert heard.startswith("I've cancelled it: a cleaning on Friday, November 27")
    row.refresh_from_db()
    assert row.status == "booked"


def test_somebody_elses_name_is_nobodys_of_the_family(call: Call, row: Appointment) -> None:
    call("book_appointment", service="cleaning", patient_name="Tim Ode", start="Friday at 10")

    assert "I've cancelled" not in call("cancel_appointment", current="Zoe's cleaning")


def test_later_in_the_week_is_not_today(call: Call, row: Appointment) -> None:
    call("reschedule_appointment", start="Friday December 4 at 10")

    heard = call("reschedule_appointment", start="later in the week")

    assert "The nearest I have is Monday, December 7" in heard


@pytest.mark.parametrize("said", ["the 30th at 2", "Monday the 30th at 2"])
def test_a_day_near_the_visit_is_not_of_the_next_month(
    said: str, call: Call, row: Appointment
) -> None:
    assert "Monday, November 30, 2026 at 2:00 PM" in call("reschedule_appointment", start=said)


def test_the_day_that_was_asked_about_is_taken_with_its_time(call: Call, row: Appointment) -> None:
    call("reschedule_appointment", start="Tuesday at 10")

    assert "November 24, 2026 at 10:00 AM" in call("reschedule_appointment", start="the 24th")
