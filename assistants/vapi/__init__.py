"""Vapi's words: what it posts, read into ours; what we answer, written into its."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assistants.vapi import events
from assistants.vapi.events import Told
from assistants.vapi.shapes import cleaned, mapping, mappings, printable
from bookings import phones

TOOL_CALLS, FUNCTION_CALL = "tool-calls", "function-call"
STATUS_UPDATE, REPORT, HANG = "status-update", "end-of-call-report", "hang"
CALL_DELETED, CHAT_DELETED = "call.deleted", "chat.deleted"
ASSISTANT_REQUEST = "assistant-request"
TRANSFER_REQUEST = "transfer-destination-request"
HANDOFF_REQUEST = "handoff-destination-request"
INBOUND, OUTBOUND = "inboundPhoneCall", "outboundPhoneCall"
PHONE_CALLS = (INBOUND, OUTBOUND)
# Those that are answered with an `error` the caller hears, when with nothing better.
WANTED_SPEECH = {ASSISTANT_REQUEST, TRANSFER_REQUEST, HANDOFF_REQUEST}
# What tells of a call, and is to be kept. Nobody waits for an answer.
EVENTS = {STATUS_UPDATE, REPORT, HANG, CALL_DELETED, CHAT_DELETED}
# What is looked into. All else is thanked for and let go.
HEEDED = {
    TOOL_CALLS,
    FUNCTION_CALL,
    *EVENTS,
    *WANTED_SPEECH,
}
# Far beyond what anybody says in one turn. It is stored, so it has to end somewhere.
MOST_ARGUMENT_BYTES = 64 * 1024
# Ids are opaque. One that is longer than what is stored of it is told apart by its digest.
LONGEST_CONVERSATION = 200
# Of what a call asked for before, the last so many requests are read.
MOST_EARLIER = 30
NOTHING_TOLD = Told()


class NotAnEnvelope(ValueError):
    """The body is not `{"message": {...}}`."""


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """`id` is echoed as it came. `arguments` is None when they could not be read.

    `is_too_long`: they were not read, since they are longer than MOST_ARGUMENT_BYTES.
    """

    id: Any
    name: str
    arguments: dict[str, Any] | None
    key: str | None
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """`conversation` is the id of the call or chat.

    `signalled` is the number the network shows as the caller's (E.164, or ""), which may be no
    person's; `called` are the clinic's numbers the call came in at, as Vapi writes them. `caller`
    is the number that proves who calls (E.164), or "": `signalling.identified` fills it in.
    `assistant` is the id of the assistant that speaks, as Vapi knows it; `wish` what a caller who
    is to be put through wants; `told` what the message tells of the call itself.
    `earlier` are the tool calls the call made before those of this message, in order, as Vapi
    remembers them; whether they came here is not said. `sent` is when Vapi sent the message, UTC;
    None where it does not say.
    """

    type: str
    conversation: str
    caller: str = ""
    requests: list[ToolRequest] = field(default_factory=list)
    assistant: str = ""
    wish: str = ""
    told: Told = NOTHING_TOLD
    signalled: str = ""
    called: tuple[str, ...] = ()
    earlier: tuple[ToolRequest, ...] = ()
    sent: datetime | None = None


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
        sent=events.instant(message.get("timestamp")),
        conversation=conversation,
        requests=[tool_request(entry, conversation) for entry in entries],
        assistant=assistant_of(message),
        wish=wish_of(message) if kind == TRANSFER_REQUEST else "",
        told=events.told(message),
        signalled=signalled_by(message),
        called=called_in(message),
        earlier=earlier_than(entries, message, conversation),
    )


def conversation_of(message: Mapping[str, Any]) -> str:
    """The id of the call or chat; of one longer than can be stored, what tells it from others."""
    for name in ("call", "chat"):
        identifier = mapping(message.get(name)).get("id")
        if isinstance(identifier, str) and identifier:
            text = printable(identifier)
            is_long = len(text) > LONGEST_CONVERSATION
            return hashlib.sha256(text.encode()).hexdigest() if is_long else text
    return ""


def signalled_by(message: Mapping[str, Any]) -> str:
    """The caller's number by the signalling: never what the model wrote. Absent is empty.

    Only of a telephone call: whoever begins a call or a chat on the web may write any number in
    it. The number beside the call is a copy; where the two differ, neither counts.
    """
    call = mapping(message.get("call"))
    if not call or call.get("type", INBOUND) not in PHONE_CALLS:
        return ""
    written = [mapping(holder.get("customer")).get("number") for holder in (call, message)]
    numbers = [number for number in written if number not in (None, "")]
    if not numbers or any(number != numbers[0] for number in numbers):
        return ""
    [number, *_] = numbers
    return number if isinstance(number, str) and phones.is_e164(number) else ""


def called_in(message: Mapping[str, Any]) -> tuple[str, ...]:
    """The number of the clinic this call is on, once or as often as it is written differently."""
    holders = (mapping(message.get("call")), message)
    numbers = (mapping(holder.get("phoneNumber")).get("number") for holder in holders)
    return tuple({printable(one)[:40]: None for one in numbers if isinstance(one, str) and one})


def assistant_of(message: Mapping[str, Any]) -> str:
    """The id of a stored assistant; empty for one made for this call, and for a squad."""
    call = mapping(message.get("call"))
    for identifier in (call.get("assistantId"), mapping(message.get("assistant")).get("id")):
        if isinstance(identifier, str) and identifier:
            return printable(identifier)
    return ""


def wish_of(message: Mapping[str, Any]) -> str:
    """The words a model gave with its wish to put the caller through."""
    arguments = arguments_of(mapping(message.get("functionCall")).get("parameters", {})) or {}
    return " ".join(word for word in arguments.values() if isinstance(word, str))[:500]


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


def earlier_than(
    entries: Iterable[Mapping[str, Any]], message: Mapping[str, Any], conversation: str
) -> tuple[ToolRequest, ...]:
    """Those that Vapi's account of the call holds beside `entries`, which are asked now."""
    account = mapping(message.get("artifact")).get("messages") or message.get("messages")
    made = [
        entry
        for turn in mappings(account)
        if turn.get("role") == "tool_calls"
        for entry in mappings(turn.get("toolCalls"))
    ]
    now_asked = [entry.get("id") for entry in entries]
    before = [entry for entry in made if entry.get("id") not in now_asked]
    return tuple(tool_request(entry, conversation) for entry in before[-MOST_EARLIER:])


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
    identifier, is_long = entry.get("id"), is_too_long(raw)
    arguments = None if is_long else arguments_of(raw)
    return ToolRequest(
        id="" if identifier is None else identifier,
        name=name[:80],
        arguments=arguments,
        key=key_of(conversation, identifier, name, arguments),
        is_too_long=is_long,
    )


def is_too_long(raw: Any) -> bool:
    """By the bytes of the text that came, or of the same written as JSON."""
    try:
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    except (ValueError, RecursionError):
        return False  # it cannot be read either: `arguments_of`
    return len(text.encode(errors="surrogatepass")) > MOST_ARGUMENT_BYTES


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


def hand_over(
    *,
    to: str | Mapping[str, Any],
    first_message: str,
    variables: Mapping[str, str],
) -> dict[str, Any]:
    """A call is `to`'s: the id of an assistant Vapi stores, or all that makes one for this call."""
    whom = {"assistantId": to} if isinstance(to, str) else {"assistant": dict(to)}
    return {
        **whom,
        "assistantOverrides": {"firstMessage": first_message, "variableValues": dict(variables)},
    }


def put_through(phone: str, sentence: str) -> dict[str, Any]:
    """Vapi says the sentence, then dials."""
    return {"destination": {"type": "number", "number": phone, "message": sentence}}


def turn_down(sentence: str) -> dict[str, str]:
    """Vapi says the sentence; a call that was only coming in ends with it."""
    return {"error": sentence}
