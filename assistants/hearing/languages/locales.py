"""Locales: the months, weekdays and words near today that dateparser knows of a language.

Only its data is used, and it is read once: its own parser would guess.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from ..lexicon import MONTHS, WEEKDAYS

_UNITS = ("day", "week", "month", "year", "hour", "minute")
_NEAR = {
    "0 day ago": "today",
    "1 day ago": "yesterday",
    "in 1 day": "tomorrow",
    "in 2 day": "the day after tomorrow",
    "0 week ago": "this week",
    "in 1 week": "next week",
    "0 month ago": "this month",
    "in 1 month": "next month",
    "in 1 year": "next year",
}
_SHORTEST = 3  # letters; "mi" and "do" are other words as well


def words_of(code: str) -> Iterator[tuple[str, str]]:
    """Each word of a language for a month, a weekday, a unit or a day near today, in English."""
    info = import_module(f"dateparser.data.date_translation_data.{code}").info
    words_for: Mapping[str, list[str]] = info
    near: Mapping[str, list[str]] = info["relative-type"]
    for name in (*MONTHS, *WEEKDAYS, *_UNITS):
        for word in words_for[name]:
            if len(word) >= _SHORTEST:
                yield word, name
    for name, meant in _NEAR.items():
        for words in near.get(name, ()):
            yield words, meant
