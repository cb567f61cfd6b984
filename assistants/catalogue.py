"""The catalogue: services and practitioners by the words callers use for them."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bookings.models import Practitioner, ServiceType

Named = TypeVar("Named", ServiceType, Practitioner)
Fit = Callable[[Sequence[str], Sequence[str]], bool]

TITLES = {"dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame"}
FILLERS = {
    "a", "an", "the", "my", "some", "with", "for", "to", "see", "please", "i", "id", "would",
    "like", "want", "need", "book", "have", "get", "just",
    "appointment", "appt", "visit", "session",
}  # fmt: skip
ANYONE = {
    "any", "anyone", "anybody", "whoever", "no preference", "none", "null", "na", "n a", "no",
    "any practitioner", "any doctor", "any dentist", "any one", "first available", "either",
    "doesnt matter", "dont mind", "i dont mind", "dont care", "whoever is available",
    "anyone available", "anyone is fine", "no one in particular", "unspecified", "not specified",
}  # fmt: skip


class Ambiguous(LookupError):
    """The words fit several."""


def service(text: str) -> ServiceType | None:
    """The one offered service these words name. Raises Ambiguous."""
    return match(text, ServiceType.objects.filter(is_active=True), (same, holds))


def practitioner(text: str) -> Practitioner | None:
    """The one practitioner these words name. Raises Ambiguous."""
    people = Practitioner.objects.filter(is_active=True)
    return match(text, people, (same, holds, part), ignoring=TITLES)


def has_title(text: str) -> bool:
    return not TITLES.isdisjoint(words(text))


def is_this_number(text: str) -> bool:
    """“same”, “this number”, “the one I'm calling from”."""
    said = set(words(text)) - {"the", "number", "one", "phone", "please", "use", "my", "it", "is"}
    return bool(words(text)) and said <= {"same", "this", "im", "i", "am", "calling", "from"}


def is_anyone(text: str) -> bool:
    return " ".join(words(text)) in ANYONE


def match(
    text: str, rows: Iterable[Named], ways: Sequence[Fit], ignoring: Iterable[str] = ()
) -> Named | None:
    """By a whole name or an alias; else by one inside the words; people also by part of a name."""
    ignored = {*ignoring, *FILLERS}
    said = [word for word in words(text) if word not in ignored]
    known = list(rows)
    for fits in ways:
        found = [row for row in known if said and is_called(row, said, fits, ignored)]
        if len(found) > 1:
            raise Ambiguous
        if found:
            return found[0]
    return None


def is_called(row: Named, said: Sequence[str], fits: Fit, ignored: set[str]) -> bool:
    names = [[word for word in words(name) if word not in ignored] for name in row_names(row)]
    return any(fits(said, name) for name in names if name)


def row_names(row: Named) -> list[str]:
    return [row.name, *row.aliases]


def same(said: Sequence[str], name: Sequence[str]) -> bool:
    """“Check-up” and “check up” are one word to a caller."""
    return singular("".join(said)) == singular("".join(name))


def holds(said: Sequence[str], name: Sequence[str]) -> bool:
    """“a teeth cleaning please” holds “teeth cleaning”."""
    text = " ".join(singular(word) for word in said)
    return f" {' '.join(singular(word) for word in name)} " in f" {text} "


def part(said: Sequence[str], name: Sequence[str]) -> bool:
    """“Okafor” is part of “Amara Okafor”."""
    return {singular(word) for word in said} <= {singular(word) for word in name}


def singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def words(text: str) -> list[str]:
    without_apostrophes = re.sub(r"['\u2019.]", "", text.casefold())
    return re.findall(r"[^\W_]+", without_apostrophes)
