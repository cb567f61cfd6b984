"""Weekdays: which day is meant by “Friday at nine”, or by “nine works”, after days were told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from assistants.hearing import When
from assistants.tools import relative

Told = Callable[[], Sequence[datetime]]


class SeveralDays(ValueError):
    """A weekday that may be each of `days`."""

    def __init__(self, *days: date) -> None:
        super().__init__("a weekday of several weeks")
        self.days = days


def as_told(
    said: When, words: str, *, offered: Told, visits: Told, hear: relative.Hear
) -> date | None:
    """The day of a weekday that was `said` alone, as the call was told of it: on which the very
    time was offered, or all times were; None where it is the coming one. `offered` gives the times
    that the call was offered last, `visits` those it has booked or moved, on the clinic's clock.

    Raises SeveralDays where it may be the coming one or a later one.
    """
    day = said.day if said.last_day in (None, said.day) else None
    if day is None or not relative.is_open(words, hear):
        return None
    times = offered()
    days = {at.date() for at in times}
    same = {one for one in days if one.weekday() == day.weekday()}
    then = {at.date() for at in times if at.date() in same and is_at(at, said)}
    if len(then) == 1 or (same and len(days) == 1):
        return (then or same).pop()
    own = {at.date() for at in visits()}
    if day in days | own:
        return None
    later = sorted(one for one in same | own if one > day and one.weekday() == day.weekday())
    is_left_open = said.time is None or relative.THAT_WEEKDAY.search(relative.normal(words))
    if len(later) == 1 and is_left_open:
        return later[0]
    if later:
        raise SeveralDays(day, *later)
    return None


def on_the_offered_day(said: When, words: str, *, offered: Told) -> When:
    """What was `said`, if it is a time without a day: with the one day on which that time was
    offered; for “ten on that day”, the one on which all times were. `offered` gives them on the
    clinic's clock."""
    if said.day or said.time is None:
        return said
    is_that_day = relative.SAME_DAY.search(relative.normal(words))
    days = {at.date() for at in offered() if is_that_day or is_at(at, said)}
    return replace(said, day=days.pop()) if len(days) == 1 else said


def is_at(at: datetime, said: When) -> bool:
    return at.time() in (said.time, said.other_time)
