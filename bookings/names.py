"""Names: which of them may be one person's, as they are heard on the telephone."""

from collections.abc import Callable
from difflib import SequenceMatcher

from bookings.models import name_key

# Of two words with a ratio from here on, one may be a slip of the other: a letter in four, as in
# “Cole” and “Kole”. The measure is difflib's: twice the letters in common by the letters of both.
SLIP = 0.75
# Letters that sound alike, written one way: Kym is heard for Kim, and Cat for Kat. In so short a
# word one letter alone is more than a slip, unless it sounds the same.
SOUNDS = str.maketrans({"c": "k", "y": "i", "z": "s"})
# In a word of three letters or two, one that differs is as much as half of it.
SHORT, SLIP_OF_A_SHORT = 3, 0.5
MOST_INITIALS = 2
MARKS = ".,;:'\u2019\"()-"


def words(name: str) -> list[str]:
    """In the order of the alphabet, without case, accents and the marks around them."""
    plain = name_key(name).replace(",", " ")
    return sorted(word for part in plain.split() if (word := part.strip(MARKS)))


def are_same(one: str, other: str) -> bool:
    """“SMITH, JOHN” is John Smith."""
    return words(one) == words(other)


def are_alike(one: str, other: str) -> bool:
    """Whether they differ by their order, by a word that was added, or by slips of a letter or two.

    They may be one person's, then, and need not: Jon and John Smith may be twins.
    """
    return all_fit(one, other, lambda word, heard: heard_likeness(word, heard) >= SLIP)


def may_be_misheard(one: str, other: str) -> bool:
    """Whether they are alike, or differ by a letter of a short word: Lee and Lea, Kim and Tim.

    Often two people, so that it counts only where something else speaks for one.
    """
    return all_fit(one, other, is_misheard)


def is_misheard(word: str, heard: str) -> bool:
    slip = SLIP_OF_A_SHORT if max(len(word), len(heard)) <= SHORT else SLIP
    return heard_likeness(word, heard) >= slip


def all_fit(one: str, other: str, fits: Callable[[str, str], bool]) -> bool:
    """Whether each word of the shorter name fits another one of the longer."""
    shorter, longer = sorted((words(one), words(other)), key=lambda said: (len(said), said))
    left = list(longer)
    for word in shorter:
        found = max(left, key=lambda candidate: heard_likeness(word, candidate), default="")
        if not fits(word, found):
            return False
        left.remove(found)
    return bool(shorter)


def likeness(one: str, other: str) -> float:
    """From 0 to 1, the same in both directions."""
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def heard_likeness(one: str, other: str) -> float:
    """`likeness`, as written or as it sounds, whichever is more. Initials are as written."""
    if min(len(one), len(other)) <= MOST_INITIALS:
        return likeness(one, other)
    return max(likeness(one, other), likeness(one.translate(SOUNDS), other.translate(SOUNDS)))


def holds(longer: str, shorter: str) -> bool:
    """Whether every word of `shorter` is one of `longer`: “Ben” of “Ben Ode”."""
    return set(words(shorter)) <= set(words(longer))


def closest(name: str, known: list[str]) -> str:
    """The one of `known`, which are not empty, that is most like `name`."""
    said = " ".join(words(name))
    return max(known, key=lambda other: likeness(said, " ".join(words(other))))
