"""Request a callback: a note for staff, who call when the caller has hung up."""

from dataclasses import dataclass
from datetime import datetime

from assistants.calls.memory import Memory
from assistants.conversation import Caller
from assistants.models import ToolCall
from assistants.outcomes import (
    CallbackRequested,
    CalledBack,
    ToolOutcome,
)
from assistants.tools.fields import (
    NameField,
    PhoneField,
    RemarkField,
    refused,
)
from assistants.tools.serializers import Arguments, ToolSerializer, reachable
from assistants.tools.tool import Effect, Tool
from bookings import names, phones
from bookings.models import (
    Callback,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCallback(Arguments):
    """`phone` is E.164."""

    name: str
    phone: str
    reason: str
    best_time: str

    @property
    def number_said(self) -> str:
        return self.phone


class RequestCallbackSerializer(ToolSerializer[RequestCallback]):
    arguments = RequestCallback
    older_names = {"patient_name": "name", "patient_phone": "phone"}

    name = NameField(
        asked_for="your name",
        help_text="First and last name of whoever is to be called back.",
    )
    phone = PhoneField()
    reason = RemarkField(room=500, help_text="What it is about.")
    best_time = RemarkField(room=200, help_text="When a call would suit them.")

    def validate_phone(self, value: str) -> str:
        """Refuses costly numbers (satellite, premium rate), also when the call came from one."""
        phone = reachable(value, self.call)
        if phones.is_costly(phone):
            raise refused("costly")
        return phone


def request_callback(heard: RequestCallback, *, caller: Caller, now: datetime) -> ToolOutcome:
    """One call back per call, number and person. A second request adds to the first.

    A number that is only said is noted as such: it may be anybody's.
    """
    noted = Callback.objects.open().filter(conversation=caller.conversation, phone=heard.phone)
    theirs = (row for row in noted.order_by("pk") if names.are_alike(row.name, heard.name))
    callback = next(theirs, None) or Callback(
        conversation=caller.conversation,
        phone=heard.phone,
        phone_is_proven=heard.phone == caller.number,
        created=now,
    )
    callback.name = heard.name
    callback.reason = added(callback.reason, heard.reason)
    callback.best_time = heard.best_time or callback.best_time
    callback.save()
    return CallbackRequested(callback.phone, callback.pk)


def added(noted: str, said: str) -> str:
    """Both reasons, unless one holds the other; as far as there is room."""
    if said.casefold() in noted.casefold():
        return noted
    if noted.casefold() in said.casefold():
        return said
    room = Callback._meta.get_field("reason").max_length or 0
    return f"{noted}; {said}"[:room]


def memory_of(outcome: ToolOutcome) -> Memory:
    if not isinstance(outcome, CallbackRequested) or not outcome.callback:
        return {}
    return {"callback": outcome.callback}


def changed_since(record: ToolCall, memory: Memory) -> ToolOutcome | None:
    """The clinic has called, or need not any more."""
    return None if Callback.objects.open().filter(pk=memory["callback"]) else CalledBack()


TOOL = Tool(
    name="request_callback",
    place=70,
    serializer=RequestCallbackSerializer,
    function=request_callback,
    description=(
        "Ask the clinic's staff to call somebody back. Use it when nothing else helps, or when the"
        " caller would rather speak to a person later."
    ),
    waiting="Let me note that down.",
    prompt="when you cannot help, a tool has failed twice, or they ask to be called.",
    prompt_place=85,
    effect=Effect(outcomes=(CallbackRequested,), memory_of=memory_of, changed_since=changed_since),
    is_capped=True,
)
