"""Rows: what becomes of a row of a file, and what is wrong with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from bookings.desk.importing.cells import NotUnderstood, Order
from bookings.desk.importing.sheets import Line

Value = TypeVar("Value")


class Done(StrEnum):
    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`row` is the number that a spreadsheet shows; `column` a title, or "" for the whole row.
    `in_short` is the reason for a terminal, if `reason` says more of somebody's visits."""

    row: int
    column: str
    reason: str
    in_short: str = ""


class Refused(Exception):
    """The row cannot be imported, for these reasons."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("refused")
        self.refusals = refusals


@dataclass(frozen=True, slots=True)
class Means:
    """What rows are understood and entered with. `by` is the user name in the history;
    `sets_rules_aside`: visits to come are entered over hours, rules and holds; `may_enter_past`:
    visits that are over as well. Neither goes over another visit."""

    by: str
    now: datetime
    zone: ZoneInfo
    region: str
    order: Order = Order.SURE
    sets_rules_aside: bool = False
    may_enter_past: bool = False


class Reader:
    """Takes the cells of a row one by one, and keeps what is wrong with them."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.refusals: list[Refusal] = []
        if line.has_more:
            self.refuse("", "The row has more cells than there are titles.")

    def text(self, column: str, most: int) -> str:
        """In one line. Notes keep theirs; see `lines`."""
        return self.bounded(column, " ".join(self.cell(column).split()), most)

    def lines(self, column: str, most: int) -> str:
        return self.bounded(column, self.cell(column).replace("\r\n", "\n"), most)

    def needed(self, column: str, most: int) -> str:
        found = self.text(column, most)
        if not found and self.line.cells.get(column, "") == "":
            self.refuse(column, "This cell is empty.")
        return found

    def understood(self, column: str, understand: Callable[[str], Value]) -> Value | None:
        """What the cell means; None if it is empty or not understood."""
        text = " ".join(self.cell(column).split())
        if not text:
            return None
        try:
            return understand(text)
        except NotUnderstood as problem:
            self.refuse(column, str(problem))
            return None

    def cell(self, column: str) -> str:
        return self.line.cells.get(column, "")

    def bounded(self, column: str, text: str, most: int) -> str:
        if len(text) > most:
            self.refuse(column, f"This is longer than {most} letters.")
            return ""
        return text

    def refuse(self, column: str, reason: str) -> None:
        self.refusals.append(Refusal(self.line.number, column, reason))

    def finish(self) -> None:
        """Raises Refused if anything was wrong."""
        if self.refusals:
            raise Refused(*self.refusals)
