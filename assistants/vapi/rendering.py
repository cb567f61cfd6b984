"""Rendering: what is answered, in the shapes that Vapi takes.

https://docs.vapi.ai/server-url/events
"""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from assistants.conversation import JSON, VoiceMessage
from assistants.vapi.parsing import FUNCTION_CALL
from assistants.vapi.shapes import Assistant


class Result(TypedDict):
    """The answer to one tool call. `toolCallId` is its id, as it came."""

    name: str
    toolCallId: JSON
    result: str


class Results(TypedDict):
    results: list[Result]


class FunctionResult(TypedDict):
    """The answer to a function call of the old kind, which has no id."""

    result: str


class Overrides(TypedDict):
    """What is different in this call: the first words, and values for the prompt."""

    firstMessage: str
    variableValues: dict[str, str]


class StoredAssistant(TypedDict):
    assistantId: str
    assistantOverrides: Overrides


class WholeAssistant(TypedDict):
    assistant: Assistant
    assistantOverrides: Overrides


class Number(TypedDict):
    """`message` is said before Vapi dials `number`, E.164."""

    type: str
    number: str
    message: str


class Destination(TypedDict):
    destination: Number


class Error(TypedDict):
    """The caller hears `error`; a call that is only coming in ends after it."""

    error: str


def answer(message: VoiceMessage, sentences: Iterable[str]) -> Results | FunctionResult:
    """One result for each request, in order, with the ids as they came."""
    if message.type == FUNCTION_CALL:
        return {"result": " ".join(sentences)}
    return {
        "results": [
            {"name": request.name, "toolCallId": request.id, "result": sentence}
            for request, sentence in zip(message.requests, sentences, strict=True)
        ]
    }


def hand_over(
    *, to: str | Assistant, first_message: str, variables: Mapping[str, str]
) -> StoredAssistant | WholeAssistant:
    """`to` takes the call: the id of a stored assistant, or a whole one for this call."""
    overrides: Overrides = {"firstMessage": first_message, "variableValues": dict(variables)}
    if isinstance(to, str):
        return {"assistantId": to, "assistantOverrides": overrides}
    return {"assistant": to, "assistantOverrides": overrides}


def put_through(phone: str, sentence: str) -> Destination:
    return {"destination": {"type": "number", "number": phone, "message": sentence}}


def turn_down(sentence: str) -> Error:
    return {"error": sentence}
