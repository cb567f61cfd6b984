"""Every payload Vapi is known to send, through the endpoint. The files are in fixtures/vapi/."""

import json
from typing import Any

import pytest

from assistants.models import Call, ToolCall
from bookings.models import Appointment
from tests.conftest import BEN, Booked, Door, at
from tests.payloads import FILES, payload

# What is kept of a call; nothing is, of the rest.
KEPT = ("status-update", "end-of-call-report", "hang", "call.deleted")
THURSDAY = at("2026-12-03 14:30")

pytestmark = pytest.mark.usefixtures("monday")


def results(door: Door, number: str) -> list[dict[str, str]]:
    response = door.post(payload(number))
    assert response.status_code == 200
    found: list[dict[str, str]] = response.json()["results"]
    return found


def test_there_are_payloads() -> None:
    assert len(FILES) > 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_payload_is_answered_as_the_contract_says(file: Any, door: Door) -> None:
    body = json.loads(file.read_text())
    response = door.post(body)

    if "message" not in body:
        assert response.status_code == 400
        return
    assert response.status_code == 200
    message, answer = body["message"], response.json()
    entries = message.get("toolCallList") or message.get("toolCalls") or []
    if message["type"] == "tool-calls":
        assert [one["toolCallId"] for one in answer["results"]] == [e["id"] for e in entries]
        for one in answer["results"]:
            assert set(one) == {"name", "toolCallId", "result"}
            assert isinstance(one["result"], str)
            assert "\n" not in one["result"]
            assert 0 < len(one["result"]) <= 350
    elif message["type"] == "function-call":
        assert set(answer) == {"result"}
    elif message["type"] == "assistant-request":
        assert set(answer) == {"assistant", "assistantOverrides"}
    elif message["type"] == "transfer-destination-request":
        assert isinstance(answer["error"], str)
    else:
        assert answer == {}
        assert not ToolCall.objects.exists()
        assert Call.objects.exists() == (message["type"] in KEPT)


@pytest.mark.parametrize("number", ["01", "02", "03", "04"])
def test_one_lookup_in_four_encodings_has_one_answer(number: str, door: Door) -> None:
    [one] = results(door, number)

    assert one["name"] == "check_availability"
    assert one["result"] == (
        "For a cleaning on Thursday, December 3 I have 1:00 PM, 2:45 PM, or 4:30 PM."
        " Which would you like?"
    )


def test_several_calls_in_one_message_are_isolated_from_each_other(door: Door) -> None:
    first, unknown, incomplete = results(door, "06")

    assert first["result"].startswith("For a cleaning on Thursday")
    assert unknown["result"].startswith("There is no such tool at this clinic")
    assert incomplete["result"] == (
        "I still need the day, the time, and the patient's name. Could you tell me?"
    )
    assert not Appointment.objects.exists()


def test_arguments_that_were_cut_off_are_asked_for_again(door: Door) -> None:
    [one] = results(door, "08")

    assert one["result"].startswith("I'm sorry, the details didn't come through")
    assert not Appointment.objects.exists()


def test_what_the_model_says_of_the_number_is_a_claim_and_stored_as_the_contact(
    door: Door,
) -> None:
    """Static parameters ride along; nobody's identity comes out of an argument."""
    body = payload("10")
    for calls in ("toolCalls", "toolCallList"):
        body["message"][calls][0]["function"]["arguments"]["patient_phone"] = "+12025550143"
    door.post(body)

    assert Appointment.objects.get().patient.phone == "+12025550143"


def test_a_web_call_without_a_number_is_asked_for_one(door: Door) -> None:
    body = payload("11")
    arguments = {
        "service": "cleaning",
        "start": "2026-12-03T14:30",
        "patient_name": "Dana Whitfield",
    }
    for calls in ("toolCalls", "toolCallList"):
        body["message"][calls][0]["function"] = {"name": "book_appointment", "arguments": arguments}
    [one] = door.post(body).json()["results"]

    assert one["result"] == "I still need a phone number. Could you tell me?"


@pytest.mark.parametrize("again", ["16", "17"])
def test_redelivered_or_asked_anew_it_is_one_appointment_in_the_same_words(
    again: str, door: Door
) -> None:
    """I01 (the same id again) and I03 (a new id for the same thing)."""
    [first] = results(door, "15")
    [second] = results(door, again)

    assert first["result"] == second["result"]
    assert first["result"].startswith("You're booked: a cleaning on Thursday, December 3, 2026")
    row = Appointment.objects.get()
    assert (row.start, row.patient.name, row.patient.phone) == (THURSDAY, "Dana Whitfield", BEN)
    assert f"{row.patient.date_of_birth}" == "1988-04-17"


def test_a_past_year_is_understood_and_said(door: Door) -> None:
    [one] = results(door, "18")

    row = Appointment.objects.get()
    assert row.start == THURSDAY
    assert one["result"].startswith(
        "I took the day to be Thursday, December 3, 2026. You're booked: a cleaning"
    )


def test_the_legacy_function_call_books_once(door: Door) -> None:
    first = door.post(payload("30")).json()
    second = door.post(payload("30")).json()

    assert first == second
    assert first["result"].startswith("You're booked")
    assert Appointment.objects.count() == 1


def test_a_hook_that_repeats_its_id_is_told_apart_by_what_it_asks(
    door: Door, booked: Booked
) -> None:
    body = payload("15")
    for start in ("2026-12-03T14:30", "2026-12-03T15:30"):
        for calls in ("toolCalls", "toolCallList"):
            call = body["message"][calls][0]
            call["id"] = "hook-function-call"
            call["function"]["arguments"]["start"] = start
        door.post(body)

    assert [row.start for row in booked()] == [THURSDAY, at("2026-12-03 15:30")]


def test_a_chat_has_no_call_and_books_as_well(door: Door) -> None:
    body = payload("15")
    del body["message"]["call"], body["message"]["customer"]
    body["message"]["chat"] = {"id": "chat-1"}
    for calls in ("toolCalls", "toolCallList"):
        arguments = body["message"][calls][0]["function"]["arguments"]
        arguments["patient_phone"] = "(415) 555-0123"
    door.post(body)
    door.post(body)

    assert Appointment.objects.get().patient.phone == "+14155550123"


def test_a_call_without_an_id_writes_nothing(door: Door) -> None:
    body = payload("15")
    for calls in ("toolCalls", "toolCallList"):
        del body["message"][calls][0]["id"]
    [one] = door.post(body).json()["results"]

    assert one["toolCallId"] == ""
    assert not Appointment.objects.exists()


def test_a_big_envelope_late_in_a_call_is_read(door: Door) -> None:
    body = payload("15")
    body["message"]["artifact"] = {"transcript": "and then I said " * 300_000}

    assert door.post(body).status_code == 200
    assert Appointment.objects.count() == 1


# --- squads: whatever they say of themselves is no matter of ours

ODD = [
    None,
    "",
    "x",
    7,
    True,
    [],
    [{"assistantId": "a"}],
    {},
    {"metadata": {"a": [1]}},
    "\x00\ud800",
]
SQUAD = ["squad", "squadId", "squadVersion", "squadOverrides", "squadMember", "assistantOverrides"]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("name", SQUAD)
def test_a_call_of_a_squad_is_answered_like_any_other(name: str, odd: Any, door: Door) -> None:
    for number in ("01", "60", "80"):
        plain = payload(number)
        squads = payload(number)
        squads["message"][name] = squads["message"]["call"][name] = odd

        assert door.post(squads).json() == door.post(plain).json()

    assert Call.objects.get().status == "ended"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_message_may_come_of_a_squad(file: Any, door: Door) -> None:
    body = json.loads(file.read_text())
    message = body.get("message", {})
    message["squadOverrides"] = {"memberOverrides": {"model": {"toolIds": ["x"]}}}
    message["call"] = {
        **message.get("call", {"id": "c"}),
        "squadId": "s",
        "squadOverrides": message["squadOverrides"],
        "assistantId": None,
    }

    assert door.post(body).status_code == (200 if "message" in body else 400)
