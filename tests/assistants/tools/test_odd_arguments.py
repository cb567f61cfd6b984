"""Odd arguments: values of every type where a tool takes text, and more of it than is read."""

import json
from typing import Any

import pytest
import time_machine

from assistants.models import ToolCall
from assistants.tools.fields import is_nothing
from assistants.vapi.parsing import MOST_ARGUMENT_BYTES
from bookings.models import Appointment, Callback, Patient, ServiceType, WaitlistEntry
from tests.conftest import BEN, Booked, Call, Door, at, tool_calls
from tests.tools import TOOLS, needed

pytestmark = pytest.mark.usefixtures("monday")

# All that a tool takes and does not need.
OPTIONAL = [
    (tool, name)
    for tool in TOOLS
    for name in TOOLS[tool].serializer.text_fields()
    if name not in needed(tool)
]
SAFE = [
    (tool, name) for tool, name in OPTIONAL if TOOLS[tool].serializer.text_fields()[name].left_out
]
# To leave these out would be a guess: whose visit, which one, with whom, which day, which number.
ASKED = sorted(set(OPTIONAL) - set(SAFE))
NOTHING: list[Any] = [None, "", "(Not specified)", False, [], {}]
UNREADABLE: list[Any] = [True, {"a": 1}, [1, 2], [{"a": 1}], [[]], [None], "x " * 1500]


@pytest.fixture
def visit(ada: Any, ben: Patient, cleaning: ServiceType) -> Appointment:
    """What Ben has."""
    return Appointment.objects.create(
        practitioner=ada,
        service=cleaning,
        patient=ben,
        start=at("2026-12-03 14:30"),
        source="staff",
    )


def outcome_of(call: Call, tool: str, **arguments: Any) -> tuple[str, str]:
    heard = call(tool, **{**needed(tool), **arguments})
    record = ToolCall.objects.latest("pk")
    return record.outcome, heard


def written() -> list[Any]:
    """Every row a tool may make or change."""
    return [
        list(table.objects.order_by("pk").values())
        for table in (Appointment, Patient, Callback, WaitlistEntry)
    ]


# Written out for the tools there were in November 2026; a new tool says it in its fields.
GUESSES = {
    ("check_availability", "date"),
    ("check_availability", "practitioner"),
    ("book_appointment", "patient_phone"),
    ("book_appointment", "date_of_birth"),
    ("book_appointment", "practitioner"),
    ("find_appointments", "date_of_birth"),
    *(
        (tool, name)
        for tool in ("reschedule_appointment", "cancel_appointment")
        for name in ("patient_name", "date_of_birth", "reference", "current")
    ),
    ("reschedule_appointment", "practitioner"),
    ("request_callback", "phone"),
    ("join_waitlist", "patient_phone"),
    ("join_waitlist", "date_of_birth"),
    ("join_waitlist", "practitioner"),
    ("join_waitlist", "days"),
}


def test_what_would_be_a_guess_is_not_left_out() -> None:
    """Whatever the fields say of themselves, these are, and no others of the same tools."""
    tools = {tool for tool, _ in GUESSES} | {"clinic_info", "transfer_to_staff"}

    assert {(tool, name) for tool, name in ASKED if tool in tools} == GUESSES


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize("odd", [*NOTHING, *UNREADABLE], ids=lambda odd: repr(odd)[:20])
@pytest.mark.parametrize(("tool", "name"), SAFE)
def test_an_optional_argument_that_cannot_be_read_is_left_out(
    tool: str, name: str, odd: Any, call: Call
) -> None:
    outcome, _ = outcome_of(call, tool, **{name: odd})

    assert outcome not in ("Unclear", "Garbled", "Fault", "")


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize("odd", [7, 7.5, -1, 10**30])
@pytest.mark.parametrize(("tool", "name"), OPTIONAL)
def test_a_number_is_read_as_text(tool: str, name: str, odd: float, call: Call) -> None:
    """“7” may be a time, and is no name: it is heard as a caller's word would be."""
    number, _ = outcome_of(call, tool, **{name: odd})
    text, _ = outcome_of(call, tool, **{name: str(odd)})

    assert number == text
    assert number != "Fault"


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize(("tool", "name"), ASKED)
def test_what_would_be_a_guess_is_asked_for_and_nothing_is_written(
    tool: str, name: str, call: Call
) -> None:
    before = written()

    for number, odd in enumerate(UNREADABLE):
        outcome, heard = outcome_of(call, tool, call_id=f"call-{number}", **{name: odd})

        assert (outcome, "?" in heard) == ("Unclear", True), odd
        assert written() == before, odd


def test_what_models_write_for_nothing_is_nothing() -> None:
    for said in ("null", "N/A", "n.a.", "-", "Unknown.", "<unspecified>", "TBD", "not yet given"):
        assert is_nothing(said), said
    for said in ("0000-00-00", "YYYY-MM-DD", "{{customer.number}}"):
        assert is_nothing(said), said
    for said in ("00:00", "no", "7", "not Tuesday", "Nada", "My"):
        assert not is_nothing(said), said


@pytest.mark.usefixtures("visit")
def test_an_argument_may_be_called_in_other_words(call: Call) -> None:
    """Unless two of them may be the same one."""
    afternoon = {"preferredDate": "2026-12-03", "preferred_time": "afternoon"}
    told = call("check_availability", service_type="cleaning", **afternoon)
    told_of_a_time = call("check_availability", service="cleaning", day="2026-12-03", time="10:00")
    when = {"start_time": "the second one", "phone_number": "202 555 0188"}
    booked = call("book_appointment", service="cleaning", full_name="Cat Ruiz", **when)
    dates = {"appointment_date": "2026-12-03", "new_date": "2026-12-04"}
    asked = call("reschedule_appointment", patient_name="Ben Ode", time="14:00", **dates)

    assert told.startswith("For a cleaning on Thursday, December 3 I have 1:00 PM")
    assert told_of_a_time.startswith("For a cleaning on Thursday, December 3 I have 9:45 AM")
    assert booked.startswith("You're booked: a cleaning on Thursday, December 3, 2026 at 10:00 AM")
    assert Patient.objects.get(name="Cat Ruiz").phone == "+12025550188"
    assert asked.endswith("Could you tell me?")


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize("odd", NOTHING, ids=repr)
@pytest.mark.parametrize(("tool", "name"), ASKED)
def test_what_was_not_said_is_not_asked_for(tool: str, name: str, odd: Any, call: Call) -> None:
    outcome, _ = outcome_of(call, tool, **{name: odd})

    assert outcome not in ("Unclear", "Garbled", "Fault", "")


@pytest.mark.parametrize(
    ("tool", "name"), [(tool, name) for tool in TOOLS for name in needed(tool)]
)
def test_what_a_tool_needs_is_asked_for(tool: str, name: str, call: Call) -> None:
    for number, odd in enumerate([*NOTHING, *UNREADABLE, 7]):
        outcome, heard = outcome_of(call, tool, call_id=f"call-{number}", **{name: odd})
        is_time_of_a_visit = (tool, odd) == ("reschedule_appointment", 7)

        assert outcome == ("NothingFound" if is_time_of_a_visit else "Unclear"), odd
        assert "?" in heard, odd
        assert written() == [[], [], [], []], odd


def test_a_list_of_one_text_is_that_text(call: Call, booked: Booked) -> None:
    said = {**needed("book_appointment"), "patient_email": "ben@example.com"}

    call("book_appointment", **{name: [value] for name, value in said.items()})

    [row] = booked()
    assert (row.start, row.patient.email) == (at("2026-12-04 10:00"), "ben@example.com")


def test_an_unreadable_start_stands_in_the_way_of_nothing_said_beside_it(
    call: Call, booked: Booked
) -> None:
    said = {**needed("book_appointment"), "start": {"at": 10}}

    assert call("book_appointment", **said) == (
        "I still need the day and the time. Could you tell me?"
    )
    call("book_appointment", **said, date="2026-12-04", time="10:00")

    assert [row.start for row in booked()] == [at("2026-12-04 10:00")]


def test_remarks_are_kept_as_people_read_them(call: Call) -> None:
    call("request_callback", name="Ben Ode", reason=["billing", "a refund"], best_time={"day": 5})

    note = Callback.objects.get()
    assert (note.reason, note.best_time) == ("billing, a refund", "day: 5")


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("patient_phone", "I didn't get a full phone number. Could you say it with the area code?"),
        (
            "date_of_birth",
            "I didn't catch the date of birth. Could you say day, month and year?",
        ),
    ],
)
def test_the_question_names_what_was_not_read(argument: str, said: str, call: Call) -> None:
    heard = call("book_appointment", **needed("book_appointment"), **{argument: {"a": 1}})

    assert heard == f"I'm sorry. {said}"


# --- more than is read

TOO_MUCH = (
    "I'm sorry, that was more than I can take in at once."
    " Could you tell me what you need in a few words?"
)


def long(length: int) -> str:
    """Arguments that are `length` bytes, written as JSON."""
    said = {**needed("book_appointment"), "notes": ""}
    return json.dumps({**said, "notes": "x" * (length - len(json.dumps(said)))})


@pytest.mark.parametrize("is_text", [True, False])
@pytest.mark.parametrize("beyond", [0, 1])
def test_arguments_have_a_longest(is_text: bool, beyond: int, door: Door) -> None:
    """Only the one that is longer is refused, and nothing of it is kept."""
    text = long(MOST_ARGUMENT_BYTES + beyond)
    too_long = {"id": "a", "tool": "book_appointment", "arguments": text}
    if not is_text:
        too_long["arguments"] = json.loads(text)
    beside = {"id": "b", "tool": "clinic_info", "arguments": {}}

    first, second = door.post(tool_calls(too_long, beside)).json()["results"]

    assert (first["toolCallId"], second["toolCallId"]) == ("a", "b")
    assert second["result"].startswith("The clinic is open")
    assert (first["result"] == TOO_MUCH) is bool(beyond)
    assert Appointment.objects.count() == 1 - beyond
    record = ToolCall.objects.get(tool="book_appointment")
    assert (record.outcome, bool(record.arguments)) == (
        ("TooMuch", False) if beyond else ("Booked", True)
    )


@pytest.mark.parametrize("text", ["é", "\ud800", "日"])
def test_the_longest_is_counted_in_bytes(text: str, door: Door) -> None:
    arguments = {**needed("book_appointment"), "notes": text * (MOST_ARGUMENT_BYTES // 2)}
    asked = {"id": "a", "tool": "book_appointment", "arguments": arguments}

    [one] = door.post(tool_calls(asked)).json()["results"]

    assert one["result"] == TOO_MUCH
    assert not Patient.objects.filter(phone=BEN).exists()


def test_what_was_too_long_may_be_said_again_in_a_few_words(door: Door) -> None:
    with time_machine.travel(at("2026-11-23 09:00"), tick=False):
        for arguments in (long(70_000), needed("book_appointment")):
            asked = {"id": "a", "tool": "book_appointment", "arguments": arguments}
            [one] = door.post(tool_calls(asked)).json()["results"]

    assert one["result"].startswith("You're booked")
