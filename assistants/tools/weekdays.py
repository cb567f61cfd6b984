"""Weekdays: which day is meant by “Friday at nine”, or by “nine works”, after days were told."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from assistants.hearing import When
from assistants.tools import relative

# They leave the day open, or are of another one than was told.
OF_ANY_DAY = re.compile(
    r"\b(?:(?<!in the )(?<!of the )days?|dates?|weeks?|months?|another|else|different|other"
    r"|any ?time)\b|^the .+ (?:one|option|slot)$"
)
WEEK = timedelta(days=7)

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

    Raises SeveralDays where the time was offered on several of them, and where it may be the coming
    one or a later one: one of the week that the call was told of, where that is a later week.
    """
    day = said.one_day
    if day is None or not relative.is_open(words, hear):
        return None
    times = offered()
    days = {at.date() for at in times}
    same = {one for one in days if one.weekday() == day.weekday()}
    then = {at.date() for at in times if at.date() in same and is_at(at, said)}
    if len(then) == 1 or (same and len(days) == 1):
        return (then or same).pop()
    if len(then) > 1:
        raise SeveralDays(*sorted(then))
    own = {at.date() for at in visits()}
    if day in days | own:
        return None
    later = sorted(one for one in same | own if one > day and one.weekday() == day.weekday())
    is_left_open = said.time is None or relative.THAT_WEEKDAY.search(relative.normal(words))
    if len(later) == 1 and is_left_open:
        return later[0]
    if later:
        raise SeveralDays(day, *later)
    if times and (of_week := in_week_told(day, days)):
        raise SeveralDays(day, of_week)
    return None


def in_week_told(day: date, told: set[date]) -> date | None:
    """The weekday of `day` in the week in which the times that were told begin, if that is a later
    week than the one of `day`."""
    first = min(told)
    found = first + timedelta(days=day.weekday() - first.weekday())
    return found if found >= day + WEEK else None


def on_the_offered_day(
    said: When, words: str, *, offered: Told, is_done: Callable[[], bool]
) -> When:
    """What was `said`, if it is a time, or are some hours, without a day: with the one day on which
    that time was offered, or on which all times were. `offered` gives them on the clinic's clock;
    `is_done` says whether the call has booked or moved a visit since."""
    if said.day or not (said.time or said.has_hours):
        return said
    times = offered()
    is_that_day = relative.SAME_DAY.search(relative.normal(words))
    then = {at.date() for at in times if not is_that_day and is_at(at, said)}
    days = then or {at.date() for at in times}
    is_open = not (then or is_that_day) and OF_ANY_DAY.search(words.casefold())
    if len(days) != 1 or is_open or not (then or is_that_day or not is_done()):
        return said
    return replace(said, day=days.pop())


def is_at(at: datetime, said: When) -> bool:
    return at.time() in (said.time, said.other_time)
