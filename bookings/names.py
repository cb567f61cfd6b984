"""Names: whether two that were heard on the telephone may be one person's."""

from collections.abc import Callable
from difflib import SequenceMatcher
from itertools import product

from bookings.models import Patient, name_key

# From this likeness on, one word may be a slip of the other: one letter in four, as in “Cole” and
# “Kole”. It is difflib's ratio: twice the letters in common, divided by the letters of both.
SLIP = 0.75
# Letters that sound alike, and how they are written for a comparison: Kym as Kim, Cat as Kat.
SOUNDS = str.maketrans({"c": "k", "y": "i", "z": "s"})
# In words of up to three letters, a slip may change up to half of the letters.
SHORT, SLIP_OF_A_SHORT = 3, 0.5
MOST_INITIALS = 2
# What makes another name of a name, often a relative's: Paul and Paula, Mario and Maria.
ENDINGS = ("", "a", "o", "ia", "io", "ina", "ine", "etta", "ette")
SHORTEST_STEM = 3
GENERATIONS = {"jr", "junior", "sr", "senior", "ii", "iii", "iv", "2nd", "3rd"}
MARKS = ".,;:'\u2019\"()-"


def words(name: str) -> list[str]:
    """The words of a name in alphabetical order, without case, accents and punctuation."""
    plain = name_key(name).replace(",", " ")
    return sorted(word for part in plain.split() if (word := part.strip(MARKS)))


def are_same(one: str, other: str) -> bool:
    """“SMITH, JOHN” is John Smith."""
    return words(one) == words(other)


def are_alike(one: str, other: str) -> bool:
    """Whether they differ only by order, by an added word, or by slips of a letter or two.

    They may be one person's then, or not: Jon and John Smith may be twins.
    """
    return all_fit(one, other, lambda word, heard: heard_likeness(word, heard) >= SLIP)


def may_be_misheard(one: str, other: str) -> bool:
    """Whether they are alike, differ by a letter of a short word (Lee and Lea, Kim and Tim), or
    are the short and the long form of a name (Ben and Benjamin).

    Often these are two people, so it counts only with other evidence that they are one.
    """
    return all_fit(one, other, is_misheard)


def is_misheard(word: str, heard: str) -> bool:
    shorter, longer = sorted((word, heard), key=len)
    slip = SLIP_OF_A_SHORT if len(longer) <= SHORT else SLIP
    is_short_form = len(shorter) >= SHORT and longer.startswith(shorter)
    return is_short_form or heard_likeness(word, heard) >= slip


def all_fit(one: str, other: str, fits: Callable[[str, str], bool]) -> bool:
    """Whether each word of the shorter name fits a word of its own in the longer one."""
    shorter, longer = sorted((words(one), words(other)), key=lambda name: (len(name), name))
    left = list(longer)
    for word in shorter:
        found = max(left, key=lambda candidate: heard_likeness(word, candidate), default="")
        if not fits(word, found):
            return False
        left.remove(found)
    return bool(shorter)


def may_be_relatives(one: str, other: str) -> bool:
    """Whether two names that are alike differ as those of a family do: by the ending of a word
    (Paul and Paula), or by a generation (Ben Ode and Ben Ode Junior)."""
    first, second = set(words(one)), set(words(other))
    pairs = product(first - second, second - first)
    return bool((first ^ second) & GENERATIONS) or any(
        {*stems(word)} & {*stems(candidate)} for word, candidate in pairs
    )


def stems(word: str) -> list[str]:
    """What is left of the word without each of the endings it has."""
    left = [word.removesuffix(ending) for ending in ENDINGS if word.endswith(ending)]
    return [stem for stem in left if len(stem) >= SHORTEST_STEM]


def likeness(one: str, other: str) -> float:
    """From 0 to 1, the same in both directions."""
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def heard_likeness(one: str, other: str) -> float:
    """The likeness as written or as it sounds, whichever is more. Initials count as written."""
    if min(len(one), len(other)) <= MOST_INITIALS:
        return likeness(one, other)
    return max(likeness(one, other), likeness(one.translate(SOUNDS), other.translate(SOUNDS)))


def contains(longer: str, shorter: str) -> bool:
    """Whether every word of `shorter` is one of `longer`: “Ben” of “Ben Ode”."""
    return set(words(shorter)) <= set(words(longer))


def closest(name: str, known: list[str]) -> str:
    """The one of `known`, which are not empty, that is most like `name`."""
    said = " ".join(words(name))
    return max(known, key=lambda other: likeness(said, " ".join(words(other))))


def is_of(patient: Patient, said: str) -> bool:
    """“Ben” is enough for Ben Ode, whose number is known already."""
    return any(contains(name, said) for name in patient.names)


def is_nearly_of(patient: Patient, said: str) -> bool:
    return any(are_alike(name, said) for name in patient.names)


def may_be_a_relative_of(patient: Patient, said: str) -> bool:
    return all(may_be_relatives(name, said) for name in patient.names if are_alike(name, said))
