"""Vocabulary: which words name days or times, for code that looks for any other words."""

from . import languages, named_days
from .lexicon import LEXICON, listed
from .words import normal

_KINDS = frozenset(
    listed(
        "month weekday weekdays today today_part part unit number ordinal meridiem noon midnight "
        "lunchtime teatime oclock half quarter next coming this the a at on in early late weekend "
        "zero hundred middle letter_h three_quarters"
    )
)


def is_of_days(word: str) -> bool:
    """Whether a word in English, in lower case, names a day or a time or a part of one."""
    token = LEXICON.get(word)
    return word[:1].isdigit() or (token is not None and token.kind in _KINDS)


def without_named_days(text: str) -> str:
    """A lower-case text without named days, such as "Christmas Eve", of any country."""
    return named_days.pattern("").sub(" ", text)


def in_english(text: str) -> str | None:
    """A text of another language in English words; None if it counts as English, so that words of
    other languages are not understood. Raises NotUnderstood for an unknown word.
    """
    return languages.in_english(normal(text))
