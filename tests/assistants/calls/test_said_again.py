"""The same words again: a model repeats itself, and a caller chooses from what they were told."""

from collections.abc import Callable
from typing import Any

import pytest

from assistants.models import ToolCall
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tests.conftest import Call, Door, at, tool_calls
from tests.visits import have

pytestmark = pytest.mark.usefixtures("monday")

Message = Callable[..., list[str]]
Three = dict[str, Appointment]


@pytest.fixture
def three(ben: Patient) -> Three:
    """Ben's: a cleaning on December 2, a consultation on the 3rd, a root canal in January."""

    def book(service: str, who: str, start: str) -> Appointment:
        return have(
            Practitioner.objects.get(name__contains=who),
            ServiceType.objects.get(name=service),
            ben,
            start,
        )

    return {
        "cleaning": book("Cleaning", "Ada", "2026-12-02 09:00"),
        "consultation": book("Consultation", "Bo", "2026-12-03 14:30"),
        "root canal": book("Root canal", "Ada", "2027-01-20 16:00"),
    }


@pytest.fixture
def message(door: Door) -> Message:
    """`message(("cancel_appointment", {…}), …)`: several requests in one message of one call."""

    def ask(*requests: tuple[str, dict[str, Any]]) -> list[str]:
        made = [
            {"id": f"m{ToolCall.objects.count()}-{number}", "tool": tool, "arguments": said}
            for number, (tool, said) in enumerate(requests)
        ]
        response = door.post(tool_calls(*made, call_id="call-1"))
        return [result["result"] for result in response.json()["results"]]

    return ask


def cancelled(three: Three) -> list[str]:
    for row in three.values():
        row.refresh_from_db()
    return [name for name, row in three.items() if row.status == "cancelled"]


@pytest.mark.parametrize(
    "said", ["my next appointment", "the first one", "my next visit", "the last one", "cleaning"]
)
def test_a_cancellation_asked_for_again_is_the_one_that_was_done(
    said: str, call: Call, three: Three
) -> None:
    first = call("cancel_appointment", current=said)
    done = cancelled(three)
    again = call("cancel_appointment", current=said)

    assert first.startswith("I've cancelled it")
    assert again.startswith("It was already cancelled"), again
    assert cancelled(three) == done
    assert len(done) == 1


def test_two_equal_cancellations_in_one_message_are_one(message: Message, three: Three) -> None:
    wish = ("cancel_appointment", {"current": "the first one"})

    first, again = message(wish, wish)

    assert first.startswith("I've cancelled it")
    assert again.startswith("It was already cancelled")
    assert cancelled(three) == ["cleaning"]


def test_the_next_one_is_cancelled_by_what_it_is(call: Call, three: Three) -> None:
    call("cancel_appointment", current="my next appointment")
    call("cancel_appointment", current="my next appointment")

    heard = call("cancel_appointment", current="the consultation")

    assert heard.startswith("I've cancelled it: a consultation")
    assert cancelled(three) == ["cleaning", "consultation"]


def test_what_was_booked_again_is_cancelled_again(call: Call, three: Three) -> None:
    call("cancel_appointment", current="my cleaning")
    call("book_appointment", service="cleaning", start="2026-12-02T09:00", patient_name="Ben Ode")

    assert call("cancel_appointment", current="my cleaning").startswith("I've cancelled it")


@pytest.mark.parametrize("said", [{"current": "my cleaning"}, {}])
def test_the_same_words_after_a_booking_are_asked_about(
    said: dict[str, str], call: Call, three: Three
) -> None:
    """They may be a copy, or be of the visit that was booked meanwhile."""
    call("cancel_appointment", current="my consultation")
    call("cancel_appointment", current="my root canal")
    call("cancel_appointment", current="my cleaning")
    call("book_appointment", service="cleaning", start="2026-12-04T09:00", patient_name="Ben Ode")
    before = cancelled(three)

    heard = call("cancel_appointment", **said)

    assert heard == (
        "You still have a cleaning on Friday, December 4 at 9:00 AM with Dr. Ada Moss."
        " Shall I cancel it, or look for another time?"
    )
    assert call("cancel_appointment", **said).startswith("I've cancelled it: a cleaning on Friday")
    assert before == cancelled(three)


def test_a_reason_is_asked_about_once_for_each_visit(call: Call, three: Three) -> None:
    reason = "only if you can't move it"
    call("cancel_appointment", current="my cleaning", reason=reason)

    heard = call("cancel_appointment", current="my consultation", reason=reason)

    assert heard.startswith("You still have a consultation")
    assert cancelled(three) == []


def test_fewer_words_after_a_cancellation_are_asked_about(call: Call, three: Three) -> None:
    call("cancel_appointment", current="my root canal")
    call("cancel_appointment", current="my cleaning")

    heard = call("cancel_appointment")

    assert heard.startswith("You still have a consultation")
    assert cancelled(three) == ["cleaning", "root canal"]


@pytest.mark.parametrize("said", ["the next day", "an hour later"])
def test_a_move_asked_for_again_is_not_done_twice(said: str, call: Call, three: Three) -> None:
    row = three["cleaning"]
    first = call("reschedule_appointment", current="my cleaning", start=said)
    row.refresh_from_db()
    moved = row.start
    again = call("reschedule_appointment", current="my cleaning", start=said)

    assert first.startswith("I've moved it")
    row.refresh_from_db()
    assert row.start == moved != at("2026-12-02 09:00")
    assert again.startswith("It is there already"), again


def test_two_equal_moves_in_one_message_are_one(message: Message, three: Three) -> None:
    wish = ("reschedule_appointment", {"current": "cleaning", "start": "an hour later"})

    message(wish, wish)

    three["cleaning"].refresh_from_db()
    assert three["cleaning"].start == at("2026-12-02 10:00")


def test_a_next_appointment_moved_again_is_not_another_ones(call: Call, three: Three) -> None:
    wish = {"current": "my next appointment", "start": "2026-12-10T10:00"}
    call("reschedule_appointment", **wish)

    again = call("reschedule_appointment", **wish)

    assert again.startswith("It is there already"), again
    for row in three.values():
        row.refresh_from_db()
    assert three["consultation"].start == at("2026-12-03 14:30")


def test_back_to_the_first_time_is_a_new_wish(call: Call, three: Three) -> None:
    row = three["cleaning"]
    for start in ("2026-12-02T10:00", "2026-12-02T11:00", "2026-12-02T10:00"):
        call("reschedule_appointment", current="my cleaning", start=start)

    row.refresh_from_db()
    assert row.start == at("2026-12-02 10:00")


def test_a_place_is_one_in_the_list_that_was_told(call: Call, three: Three) -> None:
    """The first one is cancelled, and the second one is still the second that was told."""
    call("find_appointments")
    call("cancel_appointment", current="the first one")

    heard = call("cancel_appointment", current="the second one")

    assert heard.startswith("I've cancelled it: a consultation"), heard
    assert cancelled(three) == ["cleaning", "consultation"]


def test_a_list_that_was_told_anew_counts(call: Call, three: Three) -> None:
    call("find_appointments")
    call("cancel_appointment", current="the first one")
    call("find_appointments")

    heard = call("cancel_appointment", current="the second one")

    assert heard.startswith("I've cancelled it: a root canal"), heard


def test_a_visit_moved_keeps_its_place_in_the_list_that_was_told(call: Call, three: Three) -> None:
    call("find_appointments")
    call("reschedule_appointment", current="the first one", start="2026-12-10T10:00")

    heard = call("cancel_appointment", current="the second one")

    assert heard.startswith("I've cancelled it: a consultation"), heard


@pytest.mark.parametrize(
    "said",
    [
        "not the cleaning", "keep the cleaning, cancel the other one", "all but the cleaning",
        "I don't want to cancel the cleaning", "not the cleaning, the other one",
        "anything except the cleaning", "the one that isn't the cleaning", "no la cleaning",
        "leave the cleaning", "not the first one", "anything but the first one",
        "all but the first one",
        "not the first one, the second one",
    ],
)  # fmt: skip
@pytest.mark.parametrize("others", [True, False])
def test_what_is_not_meant_is_never_taken_for_it(
    said: str, others: bool, call: Call, three: Three
) -> None:
    if not others:
        Appointment.objects.exclude(pk=three["cleaning"].pk).delete()

    heard = call("cancel_appointment", current=said)

    three["cleaning"].refresh_from_db()
    assert three["cleaning"].status == "booked"
    assert heard.endswith("?"), heard


@pytest.mark.parametrize(
    "said",
    ["the cleaning I can't make", "my cleaning, I won't make it", "I can't keep my cleaning"],
)
def test_a_caller_who_cannot_come_means_that_visit(said: str, call: Call, three: Three) -> None:
    assert call("cancel_appointment", current=said).startswith("I've cancelled it: a cleaning")


@pytest.mark.parametrize(
    "said",
    ["my daughter's cleaning", "the cleaning for my wife", "Sam's cleaning", "cleaning for my son"],
)
def test_somebody_elses_visit_is_not_the_callers(said: str, call: Call, three: Three) -> None:
    heard = call("cancel_appointment", current=said)

    assert cancelled(three) == []
    assert heard.endswith("?"), heard


def test_somebody_who_is_named_and_known_may_be_told_of_so(call: Call, three: Three) -> None:
    heard = call("cancel_appointment", current="my son's cleaning", patient_name="Ben Ode")

    assert heard.startswith("I've cancelled it: a cleaning")


def test_an_offer_of_the_same_message_was_not_heard(message: Message, three: Three) -> None:
    told = call_of(message, "check_availability", service="cleaning", date="2026-12-08")
    assert "December 8" in told

    message(
        ("check_availability", {"service": "cleaning", "date": "2026-12-15"}),
        (
            "book_appointment",
            {"service": "cleaning", "start": "the second one", "patient_name": "Ben Ode"},
        ),
    )

    made = Appointment.objects.exclude(pk__in=[row.pk for row in three.values()]).get()
    assert made.start.astimezone(at("2026-12-08 09:00").tzinfo).date().day == 8


def test_a_first_offer_of_the_same_message_is_asked(message: Message, three: Three) -> None:
    before = Appointment.objects.count()

    _, heard = message(
        ("check_availability", {"service": "cleaning", "date": "2026-12-15"}),
        (
            "book_appointment",
            {"service": "cleaning", "start": "the first one", "patient_name": "Ben Ode"},
        ),
    )

    assert Appointment.objects.count() == before
    assert heard.endswith("?"), heard


def call_of(message: Message, tool: str, **said: Any) -> str:
    [sentence] = message((tool, said))
    return sentence
