"""Weekdays: “Friday at nine”, said after times on a later Friday were told, is that Friday."""

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
