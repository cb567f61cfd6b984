"""A second voice vendor, for tests: its messages, its answers, its header and its address.

{"kind": "ask", "line": "call-1", "from": "+1…", "wants": [{"n": 1, "do": "…", "with": {…}}]}
→ {"said": {"1": "You're booked: …"}}
"""

from collections.abc import Iterable
from datetime import datetime

from django.urls import path

from assistants.authentication import SecretAuthentication
from assistants.calls.arrivals import Connected
from assistants.conversation import (
    JSON,
    JSONObject,
    Kind,
    NotAMessage,
    Rendered,
    ToolRequest,
    VoiceMessage,
)
from assistants.views import MessageView

KINDS = {"ask": Kind.TOOLS, "ring": Kind.ARRIVAL, "connect": Kind.TRANSFER}


class Toy:
    """See `conversation.Vendor`."""

    def read(self, body: JSON) -> VoiceMessage:
        if not isinstance(body, dict) or "line" not in body:
            raise NotAMessage("A body has a line.")
        line, wants = str(body["line"]), body.get("wants")
        return VoiceMessage(
            KINDS.get(str(body.get("kind")), Kind.OTHER),
            conversation=line,
            signalled=str(body.get("from", "")),
            requests=tuple(
                request(want, line)
                for want in (wants if isinstance(wants, list) else [])
                if isinstance(want, dict)
            ),
        )

    def answer(self, message: VoiceMessage, sentences: Iterable[str]) -> Rendered:
        said = zip(message.requests, sentences, strict=True)
        return {"said": {str(request.id): sentence for request, sentence in said}}

    def put_through(self, phone: str, sentence: str) -> Rendered:
        return {"say": sentence, "dial": phone}

    def turn_down(self, sentence: str) -> Rendered:
        return {"say": sentence, "dial": None}


def request(want: JSONObject, line: str) -> ToolRequest:
    number, said = want.get("n"), want.get("with")
    arguments = said if isinstance(said, dict) else None
    return ToolRequest(number, str(want.get("do")), arguments, key=f"{line}/{number}")


class ToyAuthentication(SecretAuthentication):
    header = "X-Toy-Key"


class ToyView(MessageView):
    vendor = Toy()
    authentication_classes = [ToyAuthentication]

    def connect(self, met: Connected, *, now: datetime) -> Rendered:
        return {"say": met.first_message, "assistant": met.assistant.name}


urlpatterns = [path("toy/", ToyView.as_view())]
