"""Conversation: what a message of any voice vendor is, once it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum, auto
from typing import Protocol, TypeAlias

JSON: TypeAlias = "bool | int | float | str | list[JSON] | dict[str, JSON] | None"
JSONObject: TypeAlias = dict[str, JSON]
# What is answered, in the vendor's own words: the vendor's package says with which keys.
Rendered: TypeAlias = Mapping[str, object]


class Kind(Enum):
    """What a message wants of us."""

    TOOLS = auto()  # a sentence for each of its requests
    ARRIVAL = auto()  # who takes the call that comes in
    TRANSFER = auto()  # the number to put the caller through to
    HANDOFF = auto()  # another assistant for the rest of the call
    UPDATE = auto()  # nothing: it tells of the call
    DELETION = auto()  # that our copy of the call is erased
    OTHER = auto()  # nothing that we know of


# The vendor waits for one answer, and an error in it is a sentence that the caller hears.
WAIT_FOR_WORDS = frozenset({Kind.ARRIVAL, Kind.TRANSFER, Kind.HANDOFF})
# Nobody waits for the answer: what could not be stored can be sent again.
EVENTS = frozenset({Kind.UPDATE, Kind.DELETION})


@dataclass(frozen=True, slots=True)
class ToolRequest:
    """A tool that the assistant calls.

    `id` is the vendor's and is echoed as it came. `key` is equal when the same request comes again;
    None when nothing tells that it does. `arguments` is None when they could not be read;
    `is_too_long`: they were not read because of their length.
    """

    id: JSON
    name: str
    arguments: JSONObject | None
    key: str | None
    is_too_long: bool = False


@dataclass(frozen=True, slots=True)
class CallUpdate:
    """What one message tells of its call; empty or None is what it does not tell.

    `is_final`: it is the report after the call, which overrides earlier updates. `has_stalled`: the
    assistant gave no answer for a while. Instants are UTC; `cost` is in US dollars.
    """

    is_final: bool = False
    has_stalled: bool = False
    direction: str = ""
    status: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    ended_reason: str = ""
    summary: str = ""
    transcript: str = ""
    recording_url: str = ""
    structured_outputs: JSONObject | None = None
    success: str = ""
    cost: Decimal | None = None
    prompt: str = ""


NOTHING_NEW = CallUpdate()


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """`conversation` is the id of the call or chat.

    `signalled` is the number the network shows as the caller's (E.164, or ""), which may be no
    person's; `called` are the clinic's numbers that were called, as the vendor writes them.
    `caller` is the number that proves who calls (E.164), or "": `signalling.identified` sets it.
    `type` is the vendor's name for the message; `assistant` the vendor's id of the assistant that
    speaks; `wish` what a caller who is to be put through wants. `earlier` are the tool calls of
    the call before those of this message, in order, as the vendor remembers them; they may not have
    come here. `sent` is when the vendor sent the message, UTC; None where it does not say.
    """

    kind: Kind
    conversation: str
    caller: str = ""
    requests: tuple[ToolRequest, ...] = ()
    type: str = ""
    assistant: str = ""
    wish: str = ""
    update: CallUpdate = NOTHING_NEW
    signalled: str = ""
    called: tuple[str, ...] = ()
    earlier: tuple[ToolRequest, ...] = ()
    sent: datetime | None = None


@dataclass(frozen=True, slots=True)
class Caller:
    """`number` is E.164, or "" when withheld; `conversation` is the call's id, or "".

    `heard_until` is the key of the newest tool call of the org when this message came in: answers
    to later ones the caller has not heard yet. None: the caller has heard all. `earlier` and `sent`
    are as in `VoiceMessage`. `has_waited`: the database kept this request waiting before it began.
    """

    number: str
    conversation: str
    heard_until: int | None = None
    earlier: tuple[ToolRequest, ...] = ()
    sent: datetime | None = None
    has_waited: bool = False


class NotAMessage(ValueError):
    """The body is not a message of the vendor."""


class Vendor(Protocol):
    """What the package of a voice vendor offers: it reads messages and renders answers."""

    def read(self, body: JSON) -> VoiceMessage:
        """Raises NotAMessage."""

    def answer(self, message: VoiceMessage, sentences: Iterable[str]) -> Rendered:
        """A sentence for each request of the message, in order."""

    def put_through(self, phone: str, sentence: str) -> Rendered:
        """The caller hears the sentence, then the number (E.164) is dialled."""

    def turn_down(self, sentence: str) -> Rendered:
        """The caller hears the sentence and is not put through."""
