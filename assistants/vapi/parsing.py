"""Parsing: what Vapi posts, read into a VoiceMessage.

https://docs.vapi.ai/server-url/events; what was seen beside it is in fixtures/vapi/.
"""

import hashlib
import json
from collections.abc import Sequence

from assistants.conversation import JSON, JSONObject, Kind, NotAMessage, ToolRequest, VoiceMessage
from assistants.vapi import events
from assistants.vapi.cleaning import cleaned_object, mapping, mappings, printable
from bookings import phones

FUNCTION_CALL = "function-call"
KINDS = {
    "tool-calls": Kind.TOOLS,
    FUNCTION_CALL: Kind.TOOLS,
    "assistant-request": Kind.ARRIVAL,
    "transfer-destination-request": Kind.TRANSFER,
    "handoff-destination-request": Kind.HANDOFF,
    "status-update": Kind.UPDATE,
    "end-of-call-report": Kind.UPDATE,
    "hang": Kind.UPDATE,
    "call.deleted": Kind.DELETION,
    "chat.deleted": Kind.DELETION,
}
INBOUND = "inboundPhoneCall"
PHONE_CALLS = (INBOUND, "outboundPhoneCall")
# Far more than anybody says in one turn. Arguments are stored, so their length has a limit.
MOST_ARGUMENT_BYTES = 64 * 1024
# Ids are opaque. An id that is too long to store is replaced by its digest.
LONGEST_CONVERSATION = 200
# Of the requests that a call made before, so many of the newest are read.
MOST_EARLIER = 30

Whose = tuple[str, str]  # the conversation, and the caller's number by the signalling


def read(body: JSON) -> VoiceMessage:
    """Raises NotAMessage."""
    message = body.get("message") if isinstance(body, dict) else None
    if not isinstance(message, dict):
        raise NotAMessage("A body is {“message”: {…}}.")
    conversation, signalled = whose = conversation_of(message), signalled_by(message)
    word = str(message.get("type"))
    kind = KINDS.get(word, Kind.OTHER)
    entries = requested(word, message)
    return VoiceMessage(
        kind=kind,
        type=word,
        sent=events.instant(message.get("timestamp")),
        conversation=conversation,
        requests=tuple(tool_request(entry, whose) for entry in entries),
        assistant=assistant_of(message),
        wish=wish_of(message) if kind is Kind.TRANSFER else "",
        update=events.update(message),
        signalled=signalled,
        called=called_in(message),
        earlier=earlier_than(entries, message, whose),
    )


def conversation_of(message: JSONObject) -> str:
    """The id of the call or chat; the digest of one that is too long to store."""
    for name in ("call", "chat"):
        identifier = mapping(message.get(name)).get("id")
        if isinstance(identifier, str) and identifier:
            text = printable(identifier)
            is_long = len(text) > LONGEST_CONVERSATION
            return hashlib.sha256(text.encode()).hexdigest() if is_long else text
    return ""


def by_telephone(message: JSONObject) -> tuple[JSONObject, ...]:
    """What may hold a number of a telephone call. Nothing for another call or a chat: whoever
    begins one on the web may write any number in it."""
    call = mapping(message.get("call"))
    is_by_telephone = bool(call) and call.get("type", INBOUND) in PHONE_CALLS
    return (call, message) if is_by_telephone else ()


def signalled_by(message: JSONObject) -> str:
    """The caller's number by the signalling: never what the model wrote. Absent is empty.

    The number beside the call is a copy; where the two differ, neither counts.
    """
    holders = by_telephone(message)
    written = [mapping(holder.get("customer")).get("number") for holder in holders]
    numbers = [number for number in written if number not in (None, "")]
    if not numbers or any(number != numbers[0] for number in numbers):
        return ""
    [number, *_] = numbers
    return number if isinstance(number, str) and phones.is_e164(number) else ""


def called_in(message: JSONObject) -> tuple[str, ...]:
    """The clinic's number that was called; several if the message writes it in several ways."""
    holders = by_telephone(message)
    numbers = (mapping(holder.get("phoneNumber")).get("number") for holder in holders)
    return tuple({printable(one)[:40]: None for one in numbers if isinstance(one, str) and one})


def assistant_of(message: JSONObject) -> str:
    """The id of a stored assistant; empty for one made for this call, and for a squad."""
    call = mapping(message.get("call"))
    for identifier in (call.get("assistantId"), mapping(message.get("assistant")).get("id")):
        if isinstance(identifier, str) and identifier:
            return printable(identifier)
    return ""


def wish_of(message: JSONObject) -> str:
    """The words that a model gave as the reason to put the caller through."""
    arguments = arguments_of(mapping(message.get("functionCall")).get("parameters", {})) or {}
    return " ".join(word for word in arguments.values() if isinstance(word, str))[:500]


def requested(word: str, message: JSONObject) -> list[JSONObject]:
    """The tool calls that are to be answered now."""
    if word == FUNCTION_CALL:
        return [{"id": FUNCTION_CALL, **mapping(message.get("functionCall"))}]
    return tool_calls(message) if KINDS.get(word) is Kind.TOOLS else []


def tool_calls(message: JSONObject) -> list[JSONObject]:
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
    entries: Sequence[JSONObject], message: JSONObject, whose: Whose
) -> tuple[ToolRequest, ...]:
    """The tool calls in Vapi's history of the call, without `entries`, which are asked now."""
    history = mapping(message.get("artifact")).get("messages") or message.get("messages")
    made = [
        entry
        for turn in mappings(history)
        if turn.get("role") == "tool_calls"
        for entry in mappings(turn.get("toolCalls"))
    ]
    now_asked = [entry.get("id") for entry in entries]
    before = [entry for entry in made if entry.get("id") not in now_asked]
    return tuple(tool_request(entry, whose) for entry in before[-MOST_EARLIER:])


def tool_request(entry: JSONObject, whose: Whose) -> ToolRequest:
    function = mapping(entry.get("function"))
    name = printable(str(function.get("name") or entry.get("name") or ""))
    raw: JSON = next(
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
        key=key_of(whose, identifier, name, arguments),
        is_too_long=is_long,
    )


def is_too_long(raw: JSON) -> bool:
    """Counted in bytes of the text that came, or of the value written as JSON."""
    try:
        text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    except (ValueError, RecursionError):
        return False  # `arguments_of` cannot read it either
    return len(text.encode(errors="surrogatepass")) > MOST_ARGUMENT_BYTES


def arguments_of(raw: JSON) -> JSONObject | None:
    """An object, or the text of one; nothing counts as an empty one. None: cut off, or not one."""
    try:
        if isinstance(raw, str):
            raw = json.loads(raw) if raw.strip() else {}
        return cleaned_object(raw) if isinstance(raw, dict) else None
    except (ValueError, RecursionError):
        return None


def key_of(whose: Whose, identifier: JSON, name: str, arguments: JSONObject | None) -> str | None:
    """Equal when the same request comes again; None when nothing tells that it does.

    Ids are not unique: hooks share one, and models reuse them. So the tool and its arguments are
    part of the key, and the number that calls: nobody else hears the answer. A request that comes
    again under a new id is recognised by `appointments.book`.
    https://docs.vapi.ai/assistants/assistant-hooks
    """
    conversation, _ = whose
    if not conversation or identifier in (None, ""):
        return None
    canonical = json.dumps([*whose, identifier, name, arguments], sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
