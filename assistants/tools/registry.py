"""Registry: the tools there are. Each module of this package that declares a `Tool` adds one."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, TypeAlias

from assistants import tools as package
from assistants.outcomes import ToolOutcome
from assistants.tools.fields import AnyField
from assistants.tools.tool import Effect, Tool

# Each has arguments of its own.
AnyTool: TypeAlias = Tool[Any]


@cache
def tools() -> Mapping[str, AnyTool]:
    """Every tool by its name, in the order in which Vapi is sent them."""
    return {tool.name: tool for tool in sorted(declared(), key=lambda tool: tool.place)}


def declared() -> Iterator[AnyTool]:
    for found in iter_modules(package.__path__, f"{package.__name__}."):
        tool = getattr(import_module(found.name), "TOOL", None)
        if isinstance(tool, Tool):
            yield tool


def for_prompt(*, has_numbers: bool) -> list[tuple[str, str]]:
    """The names of the tools, and when to use each, in the order of the prompt's rules."""
    in_order = sorted(tools().values(), key=lambda tool: tool.prompt_place or tool.place)
    return [(tool.name, tool.when_to_use(has_numbers=has_numbers)) for tool in in_order]


def writes(name: str) -> bool:
    """Whether the tool changes anything but the record of the call."""
    return name in tools() and tools()[name].writes


def that_write() -> list[str]:
    return [tool.name for tool in tools().values() if tool.writes]


def that_find(subject: str) -> list[str]:
    """The tools that find what a question about `subject` was about."""
    return [tool.name for tool in tools().values() if subject in tool.finds]


def effect_of(outcome: ToolOutcome) -> Effect | None:
    """What was changed, if this outcome says that something was. It can be said again; a refusal
    cannot, since the next try may succeed."""
    effects = (tool.effect for tool in tools().values() if tool.effect)
    return next((one for one in effects if isinstance(outcome, one.outcomes)), None)


@cache
def arguments() -> Mapping[str, AnyField]:
    """Every argument by its names, older ones included. Tools that share one mean the same."""
    serializers = [tool.serializer for tool in tools().values()]
    named = {name: field for one in serializers for name, field in one.text_fields().items()}
    older = {old: named[new] for one in serializers for old, new in one.older_names.items()}
    return {**older, **named}


def subject_of(argument: str) -> str:
    """What a question about the argument is about; "" for one that is never asked about."""
    return arguments()[argument].subject if argument in arguments() else ""


def asked_for(argument: str) -> str:
    """What the argument is called when a caller is asked for it."""
    known = arguments().get(argument)
    return (known and known.asked_for) or argument


def names_of(subject: str) -> list[str]:
    """The arguments, older names included, that a question about `subject` is about."""
    return [name for name, field in arguments().items() if field.subject == subject]
