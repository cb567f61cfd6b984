"""Rewriting: phrases of a text that are replaced before its words are read."""

import re
from collections.abc import Callable, Iterable

from .lexicon import MONTHS, SMALL_NUMBERS, TENS, UNITS, WEEKDAYS

Replacing = Callable[[re.Match[str]], str]

WEEKDAY = f"(?:{'|'.join(WEEKDAYS)})"
SHORT_WEEKDAYS = "|".join(name[:3] for name in WEEKDAYS)
MONTH = f"(?:{'|'.join(MONTHS)})"
SMALL_NUMBER = rf"(?:{'|'.join(SMALL_NUMBERS)}|\d\d?)"
NUMBER = rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(UNITS)}))?|{'|'.join(SMALL_NUMBERS)}|\d+)"
# A day that is named by one word.
DAY_NAME = rf"(?:{WEEKDAY}s?|today|tomorrow|tonight)"
# A day, with what may stand before it.
A_DAY = (
    r"(?:on |all |all day |every |this |next |the |that |coming |until |till |til "
    rf"|at {NUMBER}(?::\d\d)?(?: ?[ap]m)? )*(?:{DAY_NAME}|{MONTH} \d)"
)


class Spelling:
    """A pattern, and what is written in its place.

    `clues` are separated by "|". Each match of the pattern contains one of them. Searching for a
    clue first is quicker, because most patterns do not apply. "" means no clue: the pattern is
    always tried.
    """

    __slots__ = ("clues", "pattern", "replacement")

    def __init__(self, clues: str, pattern: str, replacement: str | Replacing) -> None:
        self.clues = clues.split("|")
        self.pattern = re.compile(pattern)
        self.replacement = replacement


def rewritten(text: str, spellings: Iterable[Spelling]) -> str:
    """Lower-case text with each spelling applied once, in this order."""
    for spelling in spellings:
        for clue in spelling.clues:
            if clue in text:
                text = spelling.pattern.sub(spelling.replacement, text)
                break
    return text
