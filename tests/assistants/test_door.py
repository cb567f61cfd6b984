"""The door: who may come in, and what is no message at all."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assistants import authentication
from assistants.models import Secret
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tenants.organizations import Refused
from tests.conftest import MONDAY, Door, booking, onboard_elm, tool_calls

BOOK = booking("2026-12-03T14:30")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": ""},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Basic d3Jvbmc6d3Jvbmc="},
        {"Authorization": "", "X-Vapi-Secret": "wrong"},
        {"Authorization": "", "X-Vapi-Secret": ""},
    ],
)
def test_without_the_secret_nobody_comes_in(headers: dict[str, str], door: Door) -> None:
    """S01."""
    response = door.post(BOOK, **headers)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert not Appointment.objects.exists()


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_secret_it_books(scheme: str, door: Door) -> None:
    door.post(BOOK, Authorization=f"{scheme} {door.secret}")

    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("monday")
def test_the_secret_may_come_in_vapis_own_header(door: Door) -> None:
    door.post(BOOK, **{"Authorization": "", "X-Vapi-Secret": door.secret})

    assert Appointment.objects.count() == 1


def test_the_secret_of_one_org_opens_no_other(door: Door) -> None:
    organizations.leave()
    other = onboard_elm("oak_street")
    Organization.objects.get(slug="elm_street").activate()

    assert door.post(BOOK, Authorization=f"Bearer {other.secret}").status_code == 401


def test_secrets_are_stored_as_digests_only(elm: Organization) -> None:
    token = authentication.issue_secret()

    assert token not in json.dumps(list(Secret.objects.values_list("digest", flat=True)))
    assert len(token) > 40


def test_two_secrets_are_valid_until_the_old_one_is_retired(door: Door) -> None:
    old, new = door.secret, authentication.issue_secret()
    for token in (old, new):
        assert authentication.is_secret(token)
    with pytest.raises(Refused):
        authentication.issue_secret()

    Secret.objects.retire_old(now=MONDAY)

    assert not authentication.is_secret(old)
    assert authentication.is_secret(new)


SAID = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
EXTRA = {**SAID, "mood": "cheerful", "": None, "service_id": [7], "tenant": "oak_street"}
BOOKED = "You're booked: a cleaning on Thursday, December 3, 2026 at 2:30 PM"


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("said", [SAID, EXTRA, {**SAID, "notes": ["a", {"b": 1}]}])
@pytest.mark.parametrize(
    "entry",
    [
        lambda said: {"function": {"name": "book_appointment", "arguments": said}},
        lambda said: {"function": {"name": "book_appointment", "arguments": json.dumps(said)}},
        lambda said: {"function": {"name": "book_appointment", "parameters": said}},
        lambda said: {"name": "book_appointment", "arguments": said},
        lambda said: {"name": "book_appointment", "arguments": json.dumps(said, indent=2)},
        lambda said: {"name": "book_appointment", "parameters": said},
    ],
)
def test_arguments_book_in_whatever_shape_they_come(
    entry: Callable[[Any], dict[str, Any]], said: dict[str, Any], door: Door
) -> None:
    """S07: as an object or its text, under either name, with keys nobody asked for."""
    body = tool_calls({"id": "a", "tool": "", "arguments": {}})
    body["message"]["toolCallList"] = [{"id": "a", **entry(said)}]

    [one] = door.post(body).json()["results"]

    assert one["result"].startswith(BOOKED)
    assert Appointment.objects.count() == 1


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("missing", SAID)
@pytest.mark.parametrize("instead", ["absent", None, "", 7, True, [], {}])
def test_a_required_argument_that_is_missing_or_of_a_wrong_type_is_asked_for(
    missing: str, instead: Any, door: Door
) -> None:
    """S07: speakable, and nothing is booked."""
    said = {word: value for word, value in SAID.items() if word != missing}
    if instead != "absent":
        said[missing] = instead
    body = tool_calls({"id": "a", "tool": "book_appointment", "arguments": said})

    [one] = door.post(body).json()["results"]

    assert "?" in one["result"]
    assert "trouble" not in one["result"]
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        '"hello"',
        "{}",
        '{"message": null}',
        '{"message": []}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_envelope_is_400_in_json(body: Any, door: Door) -> None:
    response = door.post(body)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Accept": "text/html"},
        {"Accept": "image/png"},
    ],
)
def test_no_header_of_a_proxy_stands_in_the_way(headers: dict[str, str], door: Door) -> None:
    assert "You're booked" in door.post(BOOK, **headers).content.decode()


@pytest.mark.usefixtures("monday")
def test_a_byte_order_mark_does_not_either(door: Door) -> None:
    assert (
        "You're booked" in door.post(b"\xef\xbb\xbf" + json.dumps(BOOK).encode()).content.decode()
    )


def test_a_body_past_all_measure_is_400_in_json(door: Door) -> None:
    response = door.post(b"[" + b"1," * 6_000_000 + b"1]")

    assert (response.status_code, response["Content-Type"]) == (400, "application/json")


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize("call_id", ["a\x00b", "\ud800", "x" * 1000])
def test_any_call_id_will_do(call_id: str, door: Door) -> None:
    body = json.loads(json.dumps(BOOK))
    body["message"]["call"]["id"] = call_id

    assert "You're booked" in door.post(body).content.decode()


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"type": None},
        {"type": 7},
        {"type": "something-new"},
        {"type": "tool-calls"},
        {"type": "tool-calls", "toolCallList": None},
        {"type": "tool-calls", "toolCallList": "call"},
        {"type": "tool-calls", "toolCallList": [None, 3, "call"]},
        {"type": "tool-calls", "call": "x", "customer": [], "toolCallList": [{}]},
        {"type": "tool-calls", "toolCallList": [{"id": {"a": 1}, "function": "f"}]},
        {"type": "tool-calls", "toolCallList": [{"id": 7, "function": {"name": ["x"]}}]},
        {"type": "function-call"},
        {"type": "function-call", "functionCall": "book_appointment"},
    ],
)
def test_any_envelope_is_answered_with_200(message: dict[str, Any], door: Door) -> None:
    assert door.post({"message": message}).status_code == 200


@pytest.mark.parametrize("identifier", ["call_8Qm", "toolu_01A", "x" * 500, "ü ☃", "\ud800", 7])
def test_an_id_comes_back_as_it_came(identifier: Any, door: Door) -> None:
    body = tool_calls({"id": identifier, "tool": "check_availability", "arguments": {}})

    [one] = door.post(body).json()["results"]

    assert one["toolCallId"] == identifier


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "9" * 5000])
def test_a_number_json_cannot_hold_comes_back_as_its_text(number: str, door: Door) -> None:
    text = json.dumps(tool_calls({"id": "ID", "tool": "check_availability", "arguments": {}}))

    response = door.post(text.replace('"ID"', number))

    assert response.status_code == 200
    assert json.loads(response.content)["results"][0]["toolCallId"] == number


@pytest.mark.usefixtures("monday")
@pytest.mark.parametrize(
    "arguments",
    [
        {"service": None, "start": [], "patient_name": {}},
        {"service": "\x00", "start": "\ud800", "patient_name": "\x00"},
        {"service": 3, "start": 3.5, "patient_name": True},
        {"service": "x" * 10_000, "start": "y" * 10_000, "patient_name": "z" * 10_000},
        {"service": "cleaning", "start": "asap", "patient_name": "Ben"},
        {"service": "cleaning", "start": "", "patient_name": ""},
        {"": {"": [{"": None}]}},
        [1, 2],
        "[]",
        "true",
        "{" * 5000,
        "[" * 50_000,
        '{"service": NaN}',
        {"service": "cleaning", "notes": 1e999},
        {"service": "cleaning", "notes": "[" * 50 + "]" * 50},
        '{"a":' * 600 + "1" + "}" * 600,
    ],
)
def test_no_argument_is_a_fault(
    arguments: Any, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """D09: speakable, nothing booked, nothing of ours breaks."""
    body = tool_calls({"id": "a", "tool": "book_appointment", "arguments": arguments})

    [one] = door.post(body).json()["results"]

    assert "trouble" not in one["result"]
    assert not Appointment.objects.exists()


@pytest.mark.usefixtures("monday")
def test_the_address_is_right_without_the_slash_too(door: Door) -> None:
    response = door.client.post(
        "/vapi",
        json.dumps(BOOK),
        content_type="application/json",
        headers={"Host": door.host, "Authorization": f"Bearer {door.secret}"},
    )

    assert response.status_code == 200


def test_get_is_not_a_message(door: Door) -> None:
    headers = {"Host": door.host, "Authorization": f"Bearer {door.secret}"}

    assert Client().get("/vapi/", headers=headers).status_code == 405
