"""Days to search among, heard on Sunday 22 November 2026; and what asks for the soonest."""

from datetime import date, datetime

import pytest

from assistants.hearing import Days, NotUnderstood, asks_soonest, days_in

NOW = datetime(2026, 11, 22, 10, 30)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


def november(day: int) -> date:
    return date(2026, 11, day)


def december(day: int) -> date:
    return date(2026, 12, day)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("by Friday", Days(latest=november(27))),
        ("no later than Friday", Days(latest=november(27))),
        ("before Christmas", Days(latest=december(24))),
        ("from Thursday", Days(earliest=november(26))),
        ("on or after the 10th", Days(earliest=december(10))),
        ("not before the 3rd", Days(earliest=december(3))),
        ("after Tuesday", Days(earliest=november(25))),
        ("anything later than Tuesday", Days(earliest=november(25))),
        ("from December 2nd through December 9th",
         Days(earliest=december(2), latest=december(9))),
        ("after Monday and before Friday", Days(earliest=november(24), latest=november(26))),
        ("Tuesday or Wednesday", Days(named=(november(24), november(25)))),
        ("the 3rd, 4th or 5th", Days(named=(december(3), december(4), december(5)))),
        ("el martes o el miércoles", Days(named=(november(24), november(25)))),
        ("any weekday", Days(weekdays=frozenset(range(5)))),
        ("any time but Wednesday", Days(excluded_weekdays=frozenset({WEDNESDAY}))),
        ("any day but Monday or Friday", Days(excluded_weekdays=frozenset({MONDAY, FRIDAY}))),
        ("not Monday", Days(excluded_weekdays=frozenset({MONDAY}))),
        ("next week except Monday",
         Days(earliest=november(23), latest=november(29), excluded=frozenset({november(23)}))),
        ("antes del viernes", Days(latest=november(26))),
    ],
)  # fmt: skip
def test_the_days_to_search_are_heard(said: str, days: Days) -> None:
    assert days_in(said, now=NOW, region="US") == days


@pytest.mark.parametrize(
    "said",
    [
        "I can't do Tuesday", "after my surgery", "after 5", "by Friday at 3", "blah",
        "I'm away from Thursday", "I work from Thursday", "Wednesday, December 3rd",
        "Monday, the 3rd or the 4th", "before the 3rd and before Friday",
        "after Friday and before Tuesday", "x" * 501, "Tuesday but not after 3",
    ],
)  # fmt: skip
def test_days_that_are_not_certain_are_asked(said: str) -> None:
    with pytest.raises(NotUnderstood):
        days_in(said, now=NOW, region="US")


def test_a_day_is_among_them_or_not() -> None:
    days = days_in("next week except Monday", now=NOW, region="US")

    assert [day for day in range(20, 31) if days.has(november(day))] == [24, 25, 26, 27, 28, 29]


@pytest.mark.parametrize(
    "said",
    [
        "any", "flexible", "soonest", "as soon as possible", "ASAP", "the earliest you have",
        "whenever", "whenever works for you", "the first you have", "the next available",
        "as early as possible please", "I'm flexible", "what's your earliest opening",
        "the first appointment available", "next opening", "right away", "I don't mind",
        "lo antes posible", "cuanto antes", "la primera cita disponible", "cualquier día",
        "dès que possible", "n'importe quand", "so bald wie möglich", "egal wann",
        "assim que possível", "o quanto antes",
    ],
)  # fmt: skip
def test_words_ask_for_the_soonest(said: str) -> None:
    assert asks_soonest(said)


@pytest.mark.parametrize(
    "said",
    [
        "after my surgery", "after the holidays", "el martes", "blah blah", "that works", "yes",
        "as soon as possible after my surgery", "the earlier one", "the first", "sometime", "",
        "lo antes posible después de la operación", "once the swelling is down", "later",
    ],
)  # fmt: skip
def test_other_words_never_are_the_soonest(said: str) -> None:
    assert not asks_soonest(said)
