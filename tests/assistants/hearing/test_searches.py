"""Days to search among, heard on Sunday 22 November 2026; and what asks for the soonest."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from assistants.hearing import (
    Days,
    NotUnderstood,
    Part,
    When,
    asks_soonest,
    days_in,
    is_of_many_days,
)

NOW = datetime(2026, 11, 22, 10, 30)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)
AFTER_THREE = When(earliest=time(15), other_earliest=time(3))


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
        ("not Monday, in the afternoon",
         Days(excluded_weekdays=frozenset({MONDAY}), parts=(Part.AFTERNOON,))),
        ("next week except Monday",
         Days(earliest=november(23), latest=november(29), excluded=frozenset({november(23)}))),
        ("antes del viernes", Days(latest=november(26))),
        ("a partir del jueves", Days(earliest=november(26))),
        ("à partir de jeudi", Days(earliest=november(26))),
        ("ab Donnerstag", Days(earliest=november(26))),
        ("Thursday onwards", Days(earliest=november(26))),
        ("Friday at the latest", Days(latest=november(27))),
        ("by the end of the month", Days(latest=november(30))),
        ("after next week", Days(earliest=november(30))),
        ("from Monday to Thursday", Days(earliest=november(23), latest=november(26))),
        ("between the 3rd and the 10th", Days(earliest=december(3), latest=december(10))),
        ("entre le 3 et le 10", Days(earliest=december(3), latest=december(10))),
        ("in the next two weeks", Days(earliest=november(22), latest=december(6))),
        ("this week or next", Days(earliest=november(22), latest=november(29))),
        ("tomorrow or Friday", Days(named=(november(23), november(27)))),
        ("Tuesday or Thursday next week", Days(named=(november(24), november(26)))),
        ("next week, Tuesday or Thursday", Days(named=(november(24), november(26)))),
        ("next week... maybe on Tuesday, or Thursday", Days(named=(november(24), november(26)))),
        ("la próxima semana, el martes o el jueves", Days(named=(november(24), november(26)))),
        ("from Tuesday to Thursday next week",
         Days(named=(november(24), november(25), november(26)))),
        ("the week of December 7th, Monday through Wednesday",
         Days(named=(december(7), december(8), december(9)))),
        ("in December, Monday or Friday",
         Days(earliest=december(1), latest=december(31), weekdays=frozenset({MONDAY, FRIDAY}))),
        ("Tues/Thurs", Days(named=(november(24), november(26)))),
        ("Mon, Wed or Fri next week", Days(named=(november(23), november(25), november(27)))),
        ("tomorrow or the day after", Days(named=(november(23), november(24)))),
        ("Monday and Wednesday mornings",
         Days(weekdays=frozenset({MONDAY, WEDNESDAY}), parts=(Part.MORNING,))),
        ("the next few days", Days(earliest=november(22), latest=november(27))),
        ("in the new year", Days(earliest=date(2027, 1, 1))),
        ("next year", Days(earliest=date(2027, 1, 1))),
        ("Dec 3 – Dec 5", Days(earliest=december(3), latest=december(5))),
        ("2026-12-03/2026-12-05", Days(earliest=december(3), latest=december(5))),
        ("the second half of December", Days(earliest=december(16), latest=december(31))),
        ("this coming week", Days(earliest=november(22), latest=november(29))),
        ("Sunday this week or next", Days(named=(november(22), november(29)))),
        ("some day next week", Days(earliest=november(23), latest=november(29))),
        ("before the end of the year", Days(latest=december(30))),
        ("next available Tuesday", Days(weekdays=frozenset({1}))),
        ("any weekend", Days(weekdays=frozenset({5, 6}))),
        ("Mondays and Wednesdays", Days(weekdays=frozenset({MONDAY, WEDNESDAY}))),
        ("a Monday or Friday before Christmas",
         Days(latest=december(24), weekdays=frozenset({MONDAY, FRIDAY}))),
        ("any weekday but Wednesday",
         Days(weekdays=frozenset(range(5)), excluded_weekdays=frozenset({WEDNESDAY}))),
        ("by Friday but not Wednesday",
         Days(latest=november(27), excluded_weekdays=frozenset({WEDNESDAY}))),
        ("any time in January but not the 5th",
         Days(earliest=date(2027, 1, 1), latest=date(2027, 1, 31),
              excluded=frozenset({date(2027, 1, 5)}))),
        ("first available after December 1", Days(earliest=december(2))),
        ("before December 10, 2024", Days(latest=december(9), year_corrected=True)),
        # With hours beside them.
        ("Tuesday or Wednesday after three",
         Days(named=(november(24), november(25)), hours=AFTER_THREE)),
        ("after 3 pm on weekdays",
         Days(weekdays=frozenset(range(5)), hours=When(earliest=time(15)))),
        ("after the 10th, after 3", Days(earliest=december(11), hours=AFTER_THREE)),
        ("weekday afternoons", Days(weekdays=frozenset(range(5)), parts=(Part.AFTERNOON,))),
        ("by Friday in the morning", Days(latest=november(27), parts=(Part.MORNING,))),
        ("no mornings", Days(parts=(Part.AFTERNOON, Part.EVENING))),
        ("Saturday mornings", Days(weekdays=frozenset({5}), parts=(Part.MORNING,))),
        ("by end of day Friday", Days(latest=november(27))),
        ("by close of business on Friday", Days(latest=november(27))),
        ("any morning", Days(parts=(Part.MORNING,))),
        ("mornings or evenings", Days(parts=(Part.MORNING, Part.EVENING))),
        ("weekdays, but not in the morning",
         Days(weekdays=frozenset(range(5)), parts=(Part.AFTERNOON, Part.EVENING))),
        ("Tuesday or Wednesday after 3 Pacific",
         Days(named=(november(24), november(25)), hours=replace(AFTER_THREE, zone="pacific"))),
        ("after 5", Days(hours=When(earliest=time(17), other_earliest=time(5)))),
    ],
)  # fmt: skip
def test_the_days_to_search_are_heard(said: str, days: Days) -> None:
    assert days_in(said, now=NOW, region="US") == days


@pytest.mark.parametrize(
    "said",
    [
        "I can't do Tuesday", "after my surgery", "by Friday at 3", "blah",
        "after the holidays", "before my vacation", "before Friday at noon", "every Tuesday",
        "Tuesday morning or Wednesday afternoon", "Tuesday or after 3", "mornings or after 4",
        "Tuesday or Wednesday, I work until 5", "weekdays after my surgery",
        "not on Tuesday, Thursday would be good", "not Tuesday but Thursday", "I can't do mornings",
        "Mondays don't work but Wednesdays do", "by Friday or Saturday", "3 or 4",
        "weekdays but not weekdays", "Tuesdays, unless my boss calls",
        "I'm away from Thursday", "I work from Thursday", "Wednesday, December 3rd",
        "Monday, the 3rd or the 4th", "before the 3rd and before Friday",
        "after Friday and before Tuesday", "x" * 501, "not Wednesday afternoon",
        "any day next week but Wednesday afternoon", "any day except Friday in the morning",
        "next week, Friday to Monday", "next week, Monday, Wednesday to Friday",
        "Monday or Wednesday or next week", "Thursday or Friday, December 4th",
    ],
)  # fmt: skip
def test_days_that_are_not_certain_are_asked(said: str) -> None:
    with pytest.raises(NotUnderstood):
        days_in(said, now=NOW, region="US")


@pytest.mark.parametrize(
    "said",
    [
        "weekdays after 3", "any Tuesday", "the next available Friday", "no mornings", "Tuesdays",
        "by the end of the day on Friday", "Saturday mornings",
    ],
)  # fmt: skip
def test_words_in_which_one_day_is_none_are_a_search(said: str) -> None:
    assert is_of_many_days(said)


@pytest.mark.parametrize(
    "said", ["Tuesday", "next week", "in the morning", "Friday at the end of the day", "by Friday"]
)
def test_one_day_is_left_to_when(said: str) -> None:
    assert not is_of_many_days(said)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("Tuesday or Wednesday", Days(weekdays=frozenset({TUESDAY, WEDNESDAY}))),
        ("Tuesday", Days(weekdays=frozenset({TUESDAY}))),
        ("Tuesday, Thursday", Days(weekdays=frozenset({TUESDAY, THURSDAY}))),
        ("every Friday", Days(weekdays=frozenset({FRIDAY}))),
        ("the weekend", Days(weekdays=frozenset({5, 6}))),
        ("Tuesday afternoons, but not before two",
         Days(weekdays=frozenset({TUESDAY}), parts=(Part.AFTERNOON,),
              hours=When(earliest=time(14), part=Part.AFTERNOON))),
        ("next Tuesday", Days(named=(november(24),))),
        ("by Friday", Days(latest=november(27))),
    ],
)  # fmt: skip
def test_who_waits_means_every_such_weekday(said: str, days: Days) -> None:
    assert days_in(said, now=NOW, region="US", every=True) == days


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
