"""References as callers say them and as they are transcribed."""

import pytest

from assistants import hearing
from bookings import references

# How each sign is said aloud; of letters their name, and the word of the radio alphabet.
ALOUD = {
    "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine", "A": "alpha", "H": "hotel", "J": "juliet", "K": "kilo", "M": "mike",
    "Q": "quebec", "R": "romeo", "W": "double u", "X": "x-ray", "Y": "yankee",
}  # fmt: skip


def test_every_sign_is_heard_as_it_is_said() -> None:
    assert ALOUD.keys() == set(references.ALPHABET)
    for sign, word in ALOUD.items():
        assert hearing.reference(word) == hearing.reference(f"{sign.lower()}.") == sign
        assert hearing.reference(f"seven {word}, {sign}, {word} two") == f"7{sign * 3}2"


@pytest.mark.parametrize(
    "said",
    [
        "7Q2MK",
        "7 q 2 m k.",
        "7-Q-2-M-K",
        "seven Q two M K",
        "Seven, queue, two, em, kay.",
        "my reference number is 7Q2MK",
        "seven Q as in queen two M like Mary K for king",
        "it's seven q two m k i think",
        "the number is seven cue two em kay thanks",
        "seven Q, Q as in queen, two M K",
        "siete Q dos M K",
        "sieben Q zwei M K",
        "sept Q deux M comme Marie K",
        "sete Q dois M K",
    ],
)
def test_a_reference_is_heard(said: str) -> None:
    assert hearing.reference(said) == "7Q2MK"


@pytest.mark.parametrize("said", ["", "...", "the last one", "7Q2MK tomorrow"])
def test_other_words_are_no_reference(said: str) -> None:
    assert len(hearing.reference(said)) != references.LENGTH
