"""Mentions: whether a text names a patient, by name, number or e-mail address."""

import re
from collections.abc import Iterable

import phonenumbers

from bookings.models import folded
from bookings.names import MARKS

FIGURES = {
    "zero": "0", "oh": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
WORD = re.compile(rf"\b({'|'.join(FIGURES)})\b")


class Mentions:
    """Finds names of two words and more, since “Ben” alone may be anybody. Numbers are E.164."""

    def __init__(self, *, names: Iterable[str], phones: Iterable[str], email: str = "") -> None:
        self.names = [order for name in names for order in orders(name)]
        self.numbers = [national(phone) for phone in phones]
        self.email = email.lower()

    def are_in(self, text: str) -> bool:
        return self.is_named(text) or self.is_dialled(text) or self.is_written_to(text)

    def is_named(self, text: str) -> bool:
        said = f" {' '.join(plain(text))} "
        return any(f" {name} " in said for name in self.names)

    def is_dialled(self, text: str) -> bool:
        figures = WORD.sub(lambda word: FIGURES[word[1]], text.lower())
        digits = "".join(filter(str.isdigit, figures))
        return any(number in digits for number in self.numbers)

    def is_written_to(self, text: str) -> bool:
        said = text.lower().replace(" at ", "@").replace(" dot ", ".")
        return bool(self.email) and self.email in said


def plain(text: str) -> list[str]:
    """The words without case, accents and punctuation."""
    parts = re.split(r"[\s,:\"]+", folded(text))
    return [word for part in parts if (word := part.strip(MARKS))]


def orders(name: str) -> list[str]:
    """“ben ode” and “ode ben”: as it is said, and as in a list. None for a single word."""
    words = plain(name)
    if len(words) < 2:
        return []
    return [" ".join(words), " ".join([words[-1], *words[:-1]])]


def national(phone: str) -> str:
    """The digits without the country code."""
    return phonenumbers.national_significant_number(phonenumbers.parse(phone))
