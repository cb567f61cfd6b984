"""Transfer to staff: whom a caller can be put through to."""

from dataclasses import dataclass
from datetime import datetime

from assistants.conversation import Caller
from assistants.models import ToolCall, TransferNumber
from assistants.outcomes import ToolOutcome, Transfer
from assistants.tools.clinic_info import opening_hours
from assistants.tools.fields import RemarkField, text_of
from assistants.tools.serializers import Arguments, ToolSerializer
from assistants.tools.tool import Tool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferToStaff(Arguments):
    reason: str


class TransferToStaffSerializer(ToolSerializer[TransferToStaff]):
    arguments = TransferToStaff

    reason = RemarkField(help_text="What they want to talk about.")


def transfer_to_staff(heard: TransferToStaff, *, caller: Caller, now: datetime) -> ToolOutcome:
    """Whom the caller can be put through to, while the clinic is open."""
    return transfer_for(heard.reason, now=now)


def put_through(wish: str, *, caller: Caller, now: datetime) -> Transfer:
    """The number for a caller who agreed to be transferred (see `transfer_to_staff`).

    Vapi's request may hold no words: then what this call told `transfer_to_staff` counts.
    """
    return transfer_for(wish, reason_told(caller), now=now)


def transfer_for(*said: str, now: datetime) -> Transfer:
    opened = opening_hours(now)
    numbers = TransferNumber.known()
    if not any(opening <= now < closing for opening, closing in opened.periods):
        return Transfer("", opened, has_numbers=bool(numbers))
    if fitting := TransferNumber.for_reason(*said):
        return Transfer(fitting.phone, opened)
    only = numbers[0].phone if len(numbers) == 1 else ""
    topics = tuple(number.reason for number in numbers)
    return Transfer(only, opened, topics, has_numbers=bool(numbers))


def can_put_through(now: datetime) -> bool:
    """Whether there is anybody a caller can be put through to, whatever it is about."""
    transfer = transfer_for(now=now)
    return bool(transfer.phone or transfer.topics)


def reason_told(caller: Caller) -> str:
    """What this call last told `transfer_to_staff` it is about, in the model's words."""
    if not caller.conversation:
        return ""
    asked = ToolCall.objects.filter(
        conversation=caller.conversation, tool=transfer_to_staff.__name__
    )
    latest = asked.order_by("-received", "-pk").first()
    return text_of(latest.arguments.get("reason")) or "" if latest else ""


TOOL = Tool(
    name="transfer_to_staff",
    place=100,
    serializer=TransferToStaffSerializer,
    function=transfer_to_staff,
    description=(
        "Find out whether the caller can be put through to somebody at the clinic now. Use it when"
        " they ask for a person, with what they want to talk about. It puts nobody through."
    ),
    waiting="Let me see who is there.",
    prompt=(
        "when the caller asks for a person, or is upset and you cannot help. It puts nobody"
        " through: it tells whom the caller can talk to now. Ask the caller what its answer asks."
    ),
    prompt_without_numbers=(
        "never. Nobody can be put through from this line: when the caller asks for a person, say so"
        " and offer a call back."
    ),
)
