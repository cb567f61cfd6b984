"""Outcomes of a tool: those of booking, and what a conversation adds to them."""

from dataclasses import dataclass
from datetime import date

from bookings.outcomes import BookOutcome, WhichPatient
from bookings.slots import Slot


@dataclass(frozen=True, slots=True)
class Unclear:
    """What was not said or not understood: the argument's name, and why, as a short code.

    A code is "required", a word of our own, or the part and the reason of `hearing.NotUnderstood`
    with a dot between them.
    """

    problems: dict[str, str]
    services: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Openings:
    """Free times, three at most. `day` is the day asked about; None for "whenever"."""

    service: str
    day: date | None
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class NoOpenings:
    """Nothing on the day asked about; `following` are the next free times, if there are any."""

    service: str
    day: date | None
    following: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class DayPassed:
    day: date


@dataclass(frozen=True, slots=True)
class Understood:
    """The words held a year that is past: `outcome` is of `day`, and the caller is told so."""

    day: date
    outcome: "ToolOutcome"


@dataclass(frozen=True, slots=True)
class UnknownTool:
    pass


@dataclass(frozen=True, slots=True)
class Garbled:
    """The arguments did not come through."""


@dataclass(frozen=True, slots=True)
class StillWorking:
    """An earlier copy of this very request has not ended yet."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something of ours failed. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The connection was lost while it was being recorded: it may be done, or not."""


ToolOutcome = (
    BookOutcome
    | WhichPatient
    | Unclear
    | Openings
    | NoOpenings
    | DayPassed
    | Understood
    | UnknownTool
    | Garbled
    | StillWorking
    | Fault
    | Uncertain
)
