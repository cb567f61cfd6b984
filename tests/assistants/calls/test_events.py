"""Events: what becomes of a call, kept once, in whatever order and shape it is told."""

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
import time_machine

from assistants.models import Assistant, Call, ToolCall
from assistants.prompts import authority
from assistants.provisioning import checkup
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests.conftest import Committed, Door, Server, at, tool_calls, wait_until
from tests.outages import Outage
from tests.payloads import FILES, REPORT, payload, report

pytestmark = pytest.mark.usefixtures("monday")

IN_PROGRESS, ENDED, MINIMAL, HANG, DELETED = "50", "51", "61", "74", "82"
CONVERSATION = "019a7c31-5b20-7dd4-9c11-3f2e5a6b7c8d"


def facts(call: Call) -> dict[str, Any]:
    """All that is known of it but when we heard first."""
    kept = [field.attname for field in call._meta.concrete_fields]
    return {name: getattr(call, name) for name in kept if name not in ("id", "received")}


def tell(door: Door, *numbers: str) -> Call:
    for number in numbers:
        assert door.post(payload(number)).json() == {}
    return Call.objects.get()


def test_a_report_is_kept_whole(door: Door) -> None:
    call = tell(door, REPORT)

    assert (call.conversation, call.direction, call.status) == (CONVERSATION, "inbound", "ended")
    assert call.started == at("2026-11-23 10:02:12")
    assert call.ended == at("2026-11-23 10:06:02")
    assert (call.ended_reason, call.success) == ("customer-ended-call", "true")
    assert call.cost == Decimal("0.2312")
    assert call.summary.startswith("Dana Whitfield booked a cleaning")
    assert call.transcript.splitlines()[1].startswith("User: Hi, can I get a cleaning")
    assert call.recording_url == "https://storage.vapi.ai/019a7c31-mono.wav"


def test_the_prompt_a_call_ran_with_is_known_by_its_hash(door: Door, elm: Organization) -> None:
    """To the letter, so that it is the hash of the version that was sent."""
    sent = authority.merged(elm, Assistant(name="Sarah"))
    body = payload(REPORT)
    body["message"]["assistant"]["model"]["messages"] = [{"role": "system", "content": sent}]

    door.post(body)

    assert Call.objects.get().prompt_hash == authority.digest(sent)


def test_half_a_character_in_a_prompt_is_no_fault(door: Door) -> None:
    body = payload(REPORT)
    body["message"]["assistant"]["model"]["messages"] = [{"role": "system", "content": "\ud800"}]
    body["message"]["artifact"]["messages"] = []

    assert door.post(body).status_code == 200
    assert Call.objects.get().prompt_hash == ""


def test_in_every_order_and_twice_it_comes_to_the_same(door: Door) -> None:
    outcomes = []
    for order in permutations([IN_PROGRESS, ENDED, REPORT, HANG]):
        outcomes.append(facts(tell(door, *order, *order)))
        Call.objects.all().delete()

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert (outcomes[0]["status"], len(outcomes[0]["hangs"])) == ("ended", 1)


def test_a_call_that_has_ended_is_never_in_progress_again(door: Door) -> None:
    assert tell(door, ENDED, IN_PROGRESS).status == "ended"


def test_a_report_that_says_little_takes_nothing_away(door: Door) -> None:
    whole = facts(tell(door, REPORT))

    assert facts(tell(door, MINIMAL)) == {**whole, "ended_reason": "silence-timed-out"}


def test_a_report_that_says_little_is_a_call_all_the_same(door: Door) -> None:
    call = tell(door, MINIMAL)

    assert (call.status, call.ended_reason) == ("ended", "silence-timed-out")
    assert (call.started, call.cost, call.transcript) == (None, None, "")


def test_a_call_that_never_connected_is_kept_with_its_reason(door: Door) -> None:
    call = tell(door, "52")

    assert call.status == "ended"
    assert call.ended_reason == "assistant-request-returned-invalid-assistant"
    assert call.started is None


def test_what_older_bodies_say_at_the_top_is_read(door: Door) -> None:
    door.post(report(artifact={}, analysis=None, transcript="User: Hello", summary="Short."))

    call = Call.objects.get()
    assert (call.transcript, call.summary) == ("User: Hello", "Short.")
    assert call.recording_url == "https://storage.vapi.ai/019a7c31-mono.wav"


@pytest.mark.parametrize(
    "odd",
    [
        None, "", [], {}, 7, -1, True, "x" * 3000, "\x00\ud800", 1e999, {"a": 1},
        "9999-12-31T23:59:59-14:00",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "name",
    [
        "artifact", "analysis", "startedAt", "endedAt", "endedReason", "cost", "recordingUrl",
        "transcript", "summary", "assistant", "timestamp",
    ],
)  # fmt: skip
def test_nothing_in_a_report_is_a_fault(name: str, odd: Any, door: Door) -> None:
    response = door.post(report(**{name: odd}))

    assert (response.status_code, response.json()) == (200, {})
    assert Call.objects.get().status == "ended"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//host", "https://a b", "https://[", "x" * 3000],
)
def test_a_recording_is_only_what_a_browser_may_be_sent_to(address: str, door: Door) -> None:
    door.post(report(artifact={"recordingUrl": address}, recordingUrl=address))

    assert Call.objects.get().recording_url == ""


def test_a_call_that_cost_nothing_is_not_a_call_of_unknown_cost(door: Door) -> None:
    door.post(report(cost=0))

    assert Call.objects.get().cost == 0


def test_a_hang_is_counted_once_for_each_time(door: Door) -> None:
    again = payload(HANG)
    again["message"]["timestamp"] += 8000
    without_time = payload(HANG)
    del without_time["message"]["timestamp"]

    for body in (payload(HANG), again, again, without_time):
        door.post(body)

    assert len(Call.objects.get().hangs) == 3


def test_a_call_is_linked_with_what_was_asked_and_made_in_it(door: Door) -> None:
    door.post(payload("15"))
    call = tell(door, REPORT)

    [asked] = call.tool_calls
    appointment = Appointment.objects.get()
    assert (asked.tool, asked.appointment) == ("book_appointment", appointment)
    assert call.appointments == [appointment]
    assert list(appointment.tool_calls.all()) == [asked]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_whatever_is_no_request_of_a_tool_is_thanked_for_and_changes_no_diary(
    file: Any, door: Door
) -> None:
    """S08: an unknown tool, and every event that is none."""
    body = json.loads(file.read_text())
    if "message" not in body or body["message"]["type"] in ("tool-calls", "function-call"):
        body = tool_calls({"id": "a", "tool": "open_the_door", "arguments": {}})

    assert door.post(body).status_code == 200

    assert not Appointment.objects.exists()
    assert not ToolCall.objects.exclude(tool="open_the_door").exists()


# --- deleted there, erased here


@pytest.mark.parametrize("order", list(permutations(["15", REPORT, HANG, DELETED])))
def test_a_deleted_call_is_gone_whatever_comes_late(order: tuple[str, ...], door: Door) -> None:
    for number in order:
        body = payload(number)
        body["message"].setdefault("artifact", {})["structuredOutputs"] = {"a": {"result": 1}}
        door.post(body)
    door.post(payload(DELETED))
    door.post(payload(REPORT))

    call = Call.objects.get()
    assert call.erased is not None
    left = {name: value for name, value in facts(call).items() if value not in ("", None, [])}
    assert set(left) == {"conversation", "erased"}
    [record] = ToolCall.objects.all()
    assert (record.arguments, record.caller, record.sentence) == ({}, "", "")
    assert record.appointment is None


def test_what_was_erased_is_neither_answered_again_nor_done_again(door: Door) -> None:
    door.post(payload("15"))
    door.post(payload(DELETED))

    [one] = door.post(payload("15")).json()["results"]

    assert one["result"] == "I no longer have that on record. What would you like to do?"
    assert Appointment.objects.count() == 1


def test_nobody_is_told_that_nothing_was_done_in_a_call_that_is_erased(door: Door) -> None:
    door.post(payload("15"))
    door.post(payload(DELETED))
    asked = {"id": "z", "tool": "did_that_go_through", "arguments": {}}

    [one] = door.post(tool_calls(asked, call_id=CONVERSATION)).json()["results"]

    assert one["result"].startswith("I no longer have that on record")


def test_a_deleted_chat_is_erased_too(door: Door) -> None:
    body = payload("15")
    del body["message"]["call"], body["message"]["customer"]
    body["message"]["chat"] = {"id": "chat-1"}
    door.post(body)
    door.post({"message": {"type": "chat.deleted", "chat": {"id": "chat-1"}}})

    assert ToolCall.objects.get().arguments == {}


# --- at the same time


def test_eight_copies_of_a_report_at_once_are_one_call(
    committed: Committed, server: Server
) -> None:
    made = committed()
    events = [payload(number) for number in (IN_PROGRESS, REPORT, ENDED, REPORT) * 2]

    def send(body: Any) -> tuple[int, bytes]:
        return server.request("POST", "/vapi/", host=made.domain, body=body, secret=made.secret)

    with ThreadPoolExecutor(8) as senders:
        assert list(senders.map(send, events)) == [(200, b"{}")] * 8

    with organizations.within(organizations.get(made.org)):
        call = Call.objects.get()
        assert (call.status, call.cost) == ("ended", Decimal("0.2312"))
        assert call.started == at("2026-11-23 10:02:12")


# --- while nothing can be kept


@pytest.mark.parametrize("number", [IN_PROGRESS, REPORT, HANG, DELETED])
def test_what_cannot_be_kept_is_to_be_sent_again(number: str, outage: Outage) -> None:
    """Vapi repeats what is answered with 503, by the backoff plan of the assistant."""
    server, made = outage.server, outage.made

    def tell() -> int:
        body = payload(number)
        status, _ = server.request(
            "POST", "/vapi/", host=made.domain, body=body, secret=made.secret
        )
        return status

    outage.stop()
    try:
        assert tell() == 503
    finally:
        outage.start()

    wait_until(lambda: tell() == 200, seconds=10)


def test_calls_without_a_report_are_counted(door: Door, elm: Organization) -> None:
    """The status is told of at its time, the report of one of two is lost."""
    lost = payload(IN_PROGRESS)
    lost["message"]["call"]["id"] = "another"
    door.post(lost)
    tell_all = [door.post(payload(number)) for number in (IN_PROGRESS, ENDED, REPORT)]
    assert {answer.status_code for answer in tell_all} == {200}

    with time_machine.travel(at("2026-11-24 09:00"), tick=False):
        [found] = checkup.of_records(elm)

    assert found.sentence.startswith("calls of the last 30 days without their report: 1;")
