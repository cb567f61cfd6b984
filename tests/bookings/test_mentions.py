"""Mentions: the usual spellings of a name, a number and an e-mail address."""

import pytest

from bookings.mentions import Mentions

BEN = Mentions(names=["Ben Odé"], phones=["+12025550177"], email="ben@example.com")


@pytest.mark.parametrize(
    "text",
    [
        "User: This is Ben Ode.",
        "BEN ODÉ",
        "Ode, Ben",
        '{"name": "ben ode", "tool": "x"}',
        "call +1 (202) 555-0177 back",
        "202.555.0177",
        "two zero two, five five five, oh one seven seven",
        "write to Ben@Example.com",
        "it is ben at example dot com",
        f"{'a word or two ' * 100} Ben Ode",
    ],
)
def test_they_are_found(text: str) -> None:
    assert BEN.are_in(text)


@pytest.mark.parametrize(
    "text",
    ["", "Ben", "Ben Odell", "Ruben Ode", "Ode to Ben", "555-0177", "December 3, 2026 at 2:30 PM"],
)
def test_what_may_be_anybody_is_not(text: str) -> None:
    assert not BEN.are_in(text)


def test_a_patient_of_one_word_is_mentioned_by_number_alone() -> None:
    assert not Mentions(names=["Ben"], phones=[]).are_in("Ben")
    assert Mentions(names=["Ben"], phones=["+12025550177"]).are_in("2025550177")
