"""Rendering: what is answered, in the shapes that Vapi takes.

https://docs.vapi.ai/server-url/events
"""

from collections.abc import Iterable, Mapping

from assistants.conversation import Rendered, VoiceMessage
from assistants.vapi.parsing import FUNCTION_CALL
from assistants.vapi.shapes import Assistant


def answer(message: VoiceMessage, sentences: Iterable[str]) -> Rendered:
    """One result for each request, in order, with the ids as they came; a function call of the old
    kind has no id."""
    if message.type == FUNCTION_CALL:
        return {"result": " ".join(sentences)}
    return {
        "results": [
            {"name": request.name, "toolCallId": request.id, "result": sentence}
            for request, sentence in zip(message.requests, sentences, strict=True)
        ]
    }


def hand_over(*, to: str | Assistant, first_message: str, variables: Mapping[str, str]) -> Rendered:
    """`to` takes the call: the id of a stored assistant, or a whole one for this call. The
    `variables` are values for its prompt."""
    overrides = {"firstMessage": first_message, "variableValues": dict(variables)}
    who = "assistantId" if isinstance(to, str) else "assistant"
    return {who: to, "assistantOverrides": overrides}


def put_through(phone: str, sentence: str) -> Rendered:
    """The sentence is said before Vapi dials the number (E.164)."""
    return {"destination": {"type": "number", "number": phone, "message": sentence}}


def turn_down(sentence: str) -> Rendered:
    """The caller hears the sentence; a call that is only coming in ends after it."""
    return {"error": sentence}
