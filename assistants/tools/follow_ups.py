"""Follow-ups: a search for the days that are told by those the call heard last: “the next day”."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assistants.hearing import Days, NotUnderstood, When
from assistants.tools import denials, relative, shifts
from assistants.tools.relative import NOTHING, Hear

OTHER_DAY = re.compile(
    r"^(?:(?:do you (?:have|got)|have you got|is there|are there|(?:can|could) (?:i have|i get|you)"
    r"|maybe|no|how about|what about|please)[ ,]+)*(?:any |some |an? )?"
    r"(?:another|other|different) (?:days?|dates?)"
    r"(?: altogether| instead| available| free| please| possible)*$"
)
TO_SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What to search. `after` is an instant, which is excluded."""

    when: When = NOTHING
    after: datetime | None = None


def may_be_in(words: str) -> bool:
    """Whether the words may be by times that were told: the quick question, which needs none."""
    text = relative.normal(words)
    patterns = (OTHER_DAY, relative.SAME_DAY, relative.FOLLOWING, relative.AFTER_THAT)
    is_one = any(pattern.search(text) for pattern in patterns) or moved_by(text)
    return bool(OTHER_DAY.search(text) or (is_one and not denials.refuse(text)))


def meant(
    words: str, told: Sequence[datetime], asked: When | Days | None, hear: Hear
) -> FollowUp | None:
    """What the words mean after times were `told`, which are on the clinic's clock; None where
    they are not by these. `asked` is what was searched last: its hours are kept on another day."""
    text = relative.normal(words)
    first, last = min(told), max(told)
    if OTHER_DAY.search(text):
        return FollowUp(hours_of(asked, told), after=last.replace(hour=23, minute=59))
    if relative.AFTER_THAT.search(text):
        return FollowUp(after=last)
    try:
        return on_a_day(text, first.date(), hear) if first.date() == last.date() else None
    except NotUnderstood:
        return None


def hours_of(asked: When | Days | None, told: Sequence[datetime]) -> When:
    """The hours that were asked for, without a day and a time, if all that was told is in them."""
    hours = asked.hours if isinstance(asked, Days) else asked or NOTHING
    first, last = min(at.time() for at in told), max(at.time() for at in told)
    if first < (hours.earliest or first) or (hours.latest and last >= hours.latest):
        return NOTHING
    return When(earliest=hours.earliest, latest=hours.latest, part=hours.part)


def moved_by(text: str) -> tuple[timedelta, str] | None:
    return shifts.neighbour_in(text) or shifts.shift_in(text)


def on_a_day(text: str, day: date, hear: Hear) -> FollowUp | None:
    """“The next day in the morning”, “the week after”, “the Monday after”, “that day at four”."""
    if moved := moved_by(text):
        by, left = moved
        rest = relative.heard(left, hear)
        if abs(by) == shifts.WEEK and shifts.neighbour_in(text):
            monday = day + by - day.weekday() * shifts.DAY
            ahead = rest.day.weekday() * shifts.DAY if rest.day else TO_SUNDAY
            first = monday + ahead if rest.day else monday
            return FollowUp(replace(rest, day=first, last_day=monday + ahead))
        return FollowUp(replace(rest, day=day + by)) if not (rest.day or by % shifts.DAY) else None
    if found := relative.FOLLOWING.search(text):
        named = hear(found["weekday"]).day
        rest = relative.heard(text.replace(found[0], " "), hear)
        if named is None or rest.day or found["before"]:
            return None
        ahead = ((named.weekday() - day.weekday()) % 7 or 7) * shifts.DAY
        return FollowUp(replace(rest, day=day + ahead))
    rest = relative.heard(relative.SAME_DAY.sub(" ", text), hear)
    return FollowUp(replace(rest, day=day)) if rest.day is None else None
