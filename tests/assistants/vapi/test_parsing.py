"""Vapi's words into ours: every shape a tool call is known to come in."""

from typing import Any

import pytest

from assistants import vapi

ARGUMENTS = {"service": "cleaning"}
TEXT = '{"service": "cleaning"}'


def message(**fields: Any) -> dict[str, Any]:
    return {"message": {"type": "tool-calls", "call": {"id": "c"}, **fields}}


NESTED = {"id": "a", "type": "function", "function": {"name": "t", "arguments": ARGUMENTS}}


@pytest.mark.parametrize(
    "fields",
    [
        {"toolCallList": [NESTED]},
        {"toolCalls": [NESTED]},
        {"toolCallList": [], "toolCalls": [NESTED]},
        {"toolCallList": [NESTED], "toolCalls": [NESTED], "toolWithToolCallList": [NESTED]},
        {"toolCallList": [{**NESTED, "function": {"name": "t", "arguments": TEXT}}]},
        {"toolCallList": [{**NESTED, "function": {"name": "t", "parameters": ARGUMENTS}}]},
        {"toolCallList": [{"id": "a", "name": "t", "parameters": ARGUMENTS}]},
        {"toolCallList": [{"id": "a", "name": "t", "arguments": TEXT}]},
        {"toolWithToolCallList": [{"name": "t", "toolCall": {"id": "a", "parameters": ARGUMENTS}}]},
        {
            "toolWithToolCallList": [
                {
                    "function": {"name": "t"},
                    "toolCall": {"id": "a", "function": {"name": "t", "parameters": ARGUMENTS}},
                }
            ]
        },
        {
            "toolWithToolCallList": [
                {"function": {"name": "t"}, "toolCall": {"id": "a", "arguments": TEXT}}
            ]
        },
    ],
)
def test_every_shape_is_the_same_one_request(fields: dict[str, Any]) -> None:
    [request] = vapi.read(message(**fields)).requests

    assert (request.id, request.name, request.arguments) == ("a", "t", ARGUMENTS)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (None, {}),
        ("", {}),
        ("  ", {}),
        ("{}", {}),
        ({}, {}),
        ('{"service": "clea', None),
        ("[1]", None),
        ([1], None),
        ("null", None),
        (3, None),
    ],
)
def test_arguments_are_an_object_nothing_or_unreadable(raw: Any, read: Any) -> None:
    [request] = vapi.read(
        message(toolCallList=[{"id": "a", "function": {"name": "t", "arguments": raw}}])
    ).requests

    assert request.arguments == read


@pytest.mark.parametrize(
    ("fields", "caller"),
    [
        ({"call": {"id": "c", "customer": {"number": "+12025550177"}}}, "+12025550177"),
        ({"customer": {"number": "+12025550177"}}, "+12025550177"),
        ({"customer": {"number": "anonymous"}}, ""),
        ({"customer": {"number": "+0123456789"}}, ""),
        ({"customer": {"number": 12025550177}}, ""),
        ({"customer": {"sipUri": "sip:ben@example.com"}}, ""),
        ({"customer": None}, ""),
        ({}, ""),
    ],
)
def test_the_caller_is_who_the_signalling_says(fields: dict[str, Any], caller: str) -> None:
    assert vapi.read(message(**fields)).signalled == caller


def key(**changes: Any) -> str | None:
    entry = {**NESTED, **changes.pop("entry", {})}
    [request] = vapi.read(message(toolCallList=[entry], **changes)).requests
    return request.key


def test_a_request_is_known_again_by_call_id_and_what_it_asks() -> None:
    other = {"function": {"name": "t", "arguments": {"service": "checkup"}}}
    as_text = {"function": {"name": "t", "arguments": TEXT}}

    assert key() == key() == key(entry=as_text)
    assert key() != key(call={"id": "d"})
    assert key() != key(entry={"id": "b"})
    assert key() != key(entry=other)


@pytest.mark.parametrize("fields", [{"call": {}}, {"call": None}, {"entry": {"id": None}}])
def test_without_a_conversation_or_an_id_nothing_is_known_again(fields: dict[str, Any]) -> None:
    assert key(**fields) is None


def test_what_cannot_be_stored_is_left_out_of_the_arguments_and_not_of_the_id() -> None:
    entry = {"id": "a\x00", "function": {"name": "t", "arguments": {"n": "Be\x00n \ud800 Ode"}}}
    [request] = vapi.read(message(toolCallList=[entry])).requests

    assert request.id == "a\x00"
    assert request.arguments == {"n": "Be n   Ode"}
