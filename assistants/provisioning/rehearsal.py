"""Rehearsal: tool calls as Vapi posts them, for checks that telephone a clinic of their own."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from assistants.conversation import JSON, JSONObject

CLINICS_OWN = "+12025550199"
# What the signalling carries where it names no person: nothing, a word, a word typed on the keys
# (E.161), a line of a company, or, for a call that was forwarded, the clinic's own number.
WITHHELD: tuple[dict[str, str], ...] = (
    {},
    {"number": "anonymous"},
    {"number": "+266696687"},
    {"number": "+1266696687"},
    {"number": "+7378742833"},
    {"number": "+8656696"},
    {"number": "+18005550123"},
    {"number": CLINICS_OWN},
    {"sipUri": "sip:anonymous@anonymous.invalid"},
)

Said = Mapping[str, str]
Shape = Callable[[str, str, Said], JSONObject]


def tool_call(tool: str, said: Said, *, key: str, call: str, caller: str = "") -> JSONObject:
    """The shortest body that is answered. `key` is the tool call's id, `call` the call's."""
    customer: JSONObject = {"customer": {"number": caller}} if caller else {}
    return {
        "message": {
            "type": "tool-calls",
            "call": {"id": call, **customer},
            "toolCallList": [nested(key, tool, {**said})],
        }
    }


def full_tool_call(
    tool: str, said: Said, *, key: str, call: str, customer: Mapping[str, str]
) -> JSONObject:
    """A body in one of the shapes that are seen; a request has the same one each time."""
    shape = SHAPES[sum(map(ord, key)) % len(SHAPES)]
    return {
        "message": {
            "timestamp": int(time.time() * 1000),
            "type": "tool-calls",
            **shape(key, tool, said),
            "call": {
                "id": call,
                "type": "inboundPhoneCall",
                "customer": {**customer},
                "phoneNumber": {"number": CLINICS_OWN},
            },
            "customer": {**customer},
            "artifact": {"messages": []},
        }
    }


def nested(key: str, tool: str, said: JSON) -> JSONObject:
    return {"id": key, "type": "function", "function": {"name": tool, "arguments": said}}


def as_objects(key: str, tool: str, said: Said) -> JSONObject:
    """Three lists that repeat one another, arguments as an object."""
    entry = nested(key, tool, {**said})
    tools: list[JSON] = [{"type": "function", "function": {"name": tool}, "toolCall": entry}]
    return {"toolCalls": [entry], "toolCallList": [entry], "toolWithToolCallList": tools}


def as_text(key: str, tool: str, said: Said) -> JSONObject:
    """Arguments as the text of an object."""
    return {"toolCallList": [nested(key, tool, json.dumps(dict(said)))]}


def flat(key: str, tool: str, said: Said) -> JSONObject:
    return {"toolCallList": [{"id": key, "name": tool, "parameters": {**said}}]}


SHAPES: tuple[Shape, ...] = (as_objects, as_text, flat)


def answered(body: Any, sentence: str) -> JSONObject:
    """The same sentence for each tool call of a body that was made here."""
    asked = body["message"]["toolCallList"]
    return {"results": [{"toolCallId": one["id"], "result": sentence} for one in asked]}


def answer_in(body: bytes) -> tuple[str, JSON]:
    """The sentence, and the id it came with. Raises ValueError unless it is one result."""
    try:
        [result] = json.loads(body)["results"]
        return str(result["result"]), result["toolCallId"]
    except (LookupError, TypeError) as error:
        raise ValueError("not one result") from error
