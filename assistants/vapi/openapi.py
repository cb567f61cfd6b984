"""OpenAPI: what Vapi posts and what it is answered, as JSON Schema and in examples."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistants.conversation import JSON, JSONObject
from assistants.vapi import HEADER

# By the name of the file in fixtures/vapi/: what each stands for.
EXAMPLES = {
    "02-tool-calls.live-object-arguments": "A tool call, as captured live",
    "01-tool-calls.schema-string-arguments": "The same, arguments as text",
    "15-tool-calls.book": "A booking",
    "30-function-call.legacy-object": "A function call of the old kind",
    "40-assistant-request.inbound": "Who answers this call?",
    "51-status-update.ended": "A call has ended",
    "60-end-of-call-report": "The report after a call",
}
TEXT = """
What Vapi posts to a clinic's own host, and what it is answered. Every tool call gets one sentence,
HTTP 200 and its own id back, also when it is refused or when something of ours fails. Messages
that want no answer get an empty object.
"""


TYPES = (
    "tool-calls",
    "status-update",
    "end-of-call-report",
    "function-call",
    "assistant-request",
    "transfer-destination-request",
)


@dataclass(frozen=True, slots=True)
class Description:
    """`examples` are payloads in fixtures/vapi/ and what they stand for; `header` may hold the
    secret."""

    text: str
    header: str
    request: JSONObject
    answer: JSONObject
    examples: dict[str, str]
    answered: JSONObject


def describe(tools: Iterable[str]) -> Description:
    return Description(TEXT, HEADER, request(tools), ANSWER, EXAMPLES, BOOKED)


def text(description: str) -> JSONObject:
    return {"type": "string", "description": description}


def closed(properties: JSONObject) -> JSONObject:
    return {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }


def known_or(values: Iterable[str], description: str) -> JSONObject:
    """The schema of a value: one we know, or any other. Vapi adds new values, and none is an
    error."""
    known: list[JSON] = [*values]
    return {"anyOf": [{"enum": known}, {"type": "string"}], "description": description}


def request(tools: Iterable[str]) -> JSONObject:
    message: JSONObject = {
        "type": known_or(TYPES, "What the message is."),
        "call": CALL,
        "toolCallList": {"type": "array", "items": tool_call(tools)},
    }
    return {
        "type": "object",
        "required": ["message"],
        "properties": {
            "message": {"type": "object", "properties": message, "additionalProperties": True}
        },
    }


def tool_call(tools: Iterable[str]) -> JSONObject:
    function: JSONObject = {"name": known_or(tools, "The tool."), "arguments": ARGUMENTS}
    return {
        "type": "object",
        "properties": {
            "id": text("Comes back as it is."),
            "function": {"type": "object", "properties": function},
        },
    }


ARGUMENTS: JSONObject = {
    "description": "An object, or the text of one: both are sent.",
    "anyOf": [{"type": "object", "additionalProperties": True}, {"type": "string"}],
}
CALL: JSONObject = {
    "type": "object",
    "properties": {
        "id": text("What makes a repeated request the same one."),
        "customer": {
            "type": "object",
            "properties": {"number": text("Who is calling, by the network, E.164.")},
        },
    },
}
RESULT = closed(
    {
        "name": text("The tool's name, as it was asked."),
        "toolCallId": {"description": "As it came."},
        "result": text("One line, to be spoken."),
    }
)
OVERRIDES = closed(
    {
        "firstMessage": text("The first words."),
        "variableValues": {"type": "object", "additionalProperties": {"type": "string"}},
    }
)
NUMBER = closed(
    {
        "type": {"enum": ["number"]},
        "number": text("E.164."),
        "message": text("What the caller hears before it is dialled."),
    }
)
ANSWER: JSONObject = {
    "oneOf": [
        closed({"results": {"type": "array", "items": RESULT}}),
        closed({"result": text("The answer to a function call of the old kind.")}),
        closed({"assistantId": text("Who takes the call."), "assistantOverrides": OVERRIDES}),
        closed({"assistant": {"type": "object"}, "assistantOverrides": OVERRIDES}),
        closed({"destination": NUMBER}),
        closed({"error": text("What the caller hears instead.")}),
        closed({}),
    ]
}
BOOKED: JSONObject = {
    "results": [
        {
            "name": "book_appointment",
            "toolCallId": "call_Zk3vB8nQ",
            "result": "You're booked: a cleaning on Thursday, December 3, 2026 at 2:30 PM with"
            " Dr. Amara Okafor. Your reference is 7Q2MK.",
        }
    ]
}
