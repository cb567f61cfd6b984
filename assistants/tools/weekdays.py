"""Weekdays: which day is meant by “Friday at nine”, or by “nine works”, after days were told."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, datetime

from assistants.hearing import When
from assistants.tools import relative


class SeveralDays(ValueError):
    """A weekday that may be each of `days`."""

    def __init__(self, *days: date) -> None:
        super().__init__("a weekday of several weeks")
        self.days = days


def as_told(
    said: When,
    words: str,
    *,
    told: Callable[[], Collection[datetime]],
    hear: relative.Hear,
) -> When:
    """What was `said`, with the day that the call was told of, if a weekday alone was said, and the
    time is one that was told or is left open. `told` gives the instants, on the clinic's clock.

    Raises SeveralDays where it may be the coming one or that one.
    """
    is_one_day = said.day and said.last_day in (None, said.day)
    if not (said.day and is_one_day and relative.is_open(words, hear)):
        return said
    known = told()
    days = {at.date() for at in known}
    later = sorted(day for day in days if day > said.day and day.weekday() == said.day.weekday())
    if said.day in days or not later:
        return said
    then = {at.date() for at in known if at.time() in (said.time, said.other_time)}
    is_left_open = said.time is None or relative.THAT_WEEKDAY.search(relative.normal(words))
    meant = [day for day in later if is_left_open or day in then]
    if len(meant) == 1:
        return replace(said, day=meant[0])
    raise SeveralDays(said.day, *later)


def on_the_offered_day(
    said: When, words: str, *, offered: Callable[[], Collection[datetime]]
) -> When:
    """What was `said`, if it is a time without a day: with the one day on which that time was
    offered; for “ten on that day”, the one on which all times were. `offered` gives them on the
    clinic's clock."""
    if said.day or said.time is None:
        return said
    is_that_day = relative.SAME_DAY.search(relative.normal(words))
    named = (said.time, said.other_time)
    days = {at.date() for at in offered() if is_that_day or at.time() in named}
    return replace(said, day=days.pop()) if len(days) == 1 else said
