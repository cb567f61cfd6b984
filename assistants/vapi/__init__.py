"""Vapi's words: what it posts, read into ours; what we answer, written into its."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bookings import phones

TOOL_CALLS, FUNCTION_CALL = "tool-calls", "function-call"
ASSISTANT_REQUEST = "assistant-request"
TRANSFER_REQUEST = "transfer-destination-request"
HANDOFF_REQUEST = "handoff-destination-request"
# Those that are answered with an `error` the caller hears, when with nothing better.
WANTED_SPEECH = {ASSISTANT_REQUEST, TRANSFER_REQUEST, HANDOFF_REQUEST}


class NotAnEnvelope(ValueError):
    """The body is not `{"message": {...}}`."""


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """`id` is echoed as it came. `arguments` is None when they could not be read."""

    id: Any
    name: str
    arguments: dict[str, Any] | None
    key: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """`conversation` is the id of the call or chat; `caller` the number signalled (E.164) or ""."""

    type: str
    conversation: str
    caller: str
    requests: list[ToolRequest] = field(default_factory=list)


def read(body: Any) -> Message:
    """Raises NotAnEnvelope."""
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, dict):
        raise NotAnEnvelope("A body is {“message”: {…}}.")
    conversation = conversation_of(message)
    kind = message.get("type")
    entries: list[dict[str, Any]] = []
    if kind == TOOL_CALLS:
        entries = tool_calls(message)
    elif kind == FUNCTION_CALL:
        entries = [{"id": FUNCTION_CALL, **mapping(message.get("functionCall"))}]
    return Message(
        type=str(kind),
        conversation=conversation,
        caller=caller_of(message),
        requests=[tool_request(entry, conversation) for entry in entries],
    )


def conversation_of(message: Mapping[str, Any]) -> str:
    for name in ("call", "chat"):
        identifier = mapping(message.get(name)).get("id")
        if isinstance(identifier, str) and identifier:
            return printable(identifier)
    return ""


def caller_of(message: Mapping[str, Any]) -> str:
    """Whoever the signalling says is calling: never what the model wrote. Withheld is empty."""
    for holder in (mapping(message.get("call")), message):
        number = mapping(holder.get("customer")).get("number")
        if isinstance(number, str) and phones.is_e164(number):
            return number
    return ""


def tool_calls(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first list that is not empty: the others repeat it."""
    for name in ("toolCallList", "toolCalls"):
        if entries := mappings(message.get(name)):
            return entries
    return [
        {
            "name": tool.get("name") or mapping(tool.get("function")).get("name"),
            **mapping(tool.get("toolCall")),
        }
        for tool in mappings(message.get("toolWithToolCallList"))
    ]


def tool_request(entry: Mapping[str, Any], conversation: str) -> ToolRequest:
    function = mapping(entry.get("function"))
    name = printable(str(function.get("name") or entry.get("name") or ""))
    raw: Any = next(
        (
            holder[word]
            for holder in (function, entry)
            for word in ("arguments", "parameters")
            if holder.get(word) is not None
        ),
        {},
    )
    identifier, arguments = entry.get("id"), arguments_of(raw)
    return ToolRequest(
        id="" if identifier is None else identifier,
        name=name[:80],
        arguments=arguments,
        key=key_of(conversation, identifier, name, arguments),
    )


def arguments_of(raw: Any) -> dict[str, Any] | None:
    """An object, or the text of one; nothing is an empty one. None: cut off, or no object."""
    try:
        if isinstance(raw, str):
            raw = json.loads(raw) if raw.strip() else {}
        return cleaned(raw) if isinstance(raw, dict) else None
    except (ValueError, RecursionError):
        return None


def key_of(conversation: str, identifier: Any, name: str, arguments: Any) -> str | None:
    """What makes this the same request when it comes again; None when nothing tells.

    Ids are not unique: hooks share one (assistants/assistant-hooks), and models reuse them. So the
    tool and what it was asked belong to the key; the same words under a new id are `book`'s matter.
    """
    if not conversation or identifier in (None, ""):
        return None
    canonical = json.dumps([conversation, identifier, name, arguments], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def write(message: Message, sentences: Iterable[str]) -> dict[str, Any]:
    """The answer Vapi wants: one entry per request, in order, ids as they came."""
    if message.type == FUNCTION_CALL:
        return {"result": " ".join(sentences)}
    return {
        "results": [
            {"name": request.name, "toolCallId": request.id, "result": sentence}
            for request, sentence in zip(message.requests, sentences, strict=True)
        ]
    }


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def cleaned(value: Any) -> Any:
    """The same value without what PostgreSQL cannot store and nobody can say."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {printable(str(name)): cleaned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def printable(text: str) -> str:
    return "".join(ch if ch.isprintable() else " " for ch in text)
