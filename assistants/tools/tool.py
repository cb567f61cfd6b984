"""Tool: what an assistant can ask of us, declared in one object beside its function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from assistants.calls.memory import Memory
from assistants.conversation import Caller
from assistants.models import ToolCall
from assistants.outcomes import ToolOutcome, ToolResult
from assistants.tools.serializers import Arguments, Heard, ToolSerializer
from tenants.postgresql.statements import Bound, Value

Taken = TypeVar("Taken", bound=Arguments, contravariant=True)


class Function(Protocol[Taken]):
    """Does what was asked. `now` is the organization's local time."""

    def __call__(self, heard: Taken, /, *, caller: Caller, now: datetime) -> ToolResult: ...


class AsksAhead(Protocol):
    """`now` is as in `Function`."""

    def __call__(self, caller: Caller, /, *, now: datetime) -> Iterable[Bound[Value]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a tool changes.

    `outcomes` say that the change was made: such an answer is final, and “did that go through?”
    says it again. `memory_of` returns what is stored of such an outcome. `changed_since` returns
    the present state if it has changed since, and None if the answer is still true.
    """

    outcomes: tuple[type, ...]
    memory_of: Callable[[ToolOutcome], Memory]
    changed_since: Callable[[ToolCall, Memory], ToolOutcome | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[Heard]):
    """`name` is what the model calls it by, and `place` where it is in the list Vapi is sent.

    `description` and `prompt` tell the model when to use it: in its definition, and in the
    prompt's rules, where it may have another place. Where the clinic has no number to put callers
    through to, the prompt says `prompt_without_numbers`. `waiting` is what the caller hears while
    it works.

    `effect` is what it changes; None for a tool that only looks things up. `is_capped`: it adds
    rows that are counted (`caps`). `finds` are subjects of
    questions that stay open until the tool has found what they ask about (`questions`). Example:
    “Which visit is it?” is answered when the visit is found, not when the words are understood.
    `asks_ahead` are statements that nearly every such request comes to ask: they are sent before
    its words are understood, in a round trip with others.
    """

    name: str
    place: int
    serializer: type[ToolSerializer[Heard]]
    function: Function[Heard]
    description: str
    waiting: str
    prompt: str
    prompt_place: int | None = None
    prompt_without_numbers: str = ""
    effect: Effect | None = None
    is_capped: bool = False
    finds: tuple[str, ...] = ()
    asks_ahead: AsksAhead | None = None

    @property
    def writes(self) -> bool:
        """Whether it changes anything but the record of the call."""
        return self.effect is not None

    def when_to_use(self, *, has_numbers: bool) -> str:
        """What the prompt says. `has_numbers`: callers can be put through to somebody."""
        return (not has_numbers and self.prompt_without_numbers) or self.prompt
