"""Meaning: the values that words can have, and the error for words that were not understood."""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Part(StrEnum):
    """A part of the day, as callers name it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    NIGHT = "night"


class Reason(StrEnum):
    """Why words were not understood, so that our question can say it."""

    NOTHING_HEARD = "nothing_heard"  # no word about the subject at all
    AMBIGUOUS = "ambiguous"  # words on the subject, with two readings or none
    SEVERAL = "several"  # two days or two times, where one is wanted
    EXCLUDED = "excluded"  # "not Tuesday", "any day but Friday": says what is not wanted
    RECURRING = "recurring"  # "every Tuesday", "Tuesdays"
    WEEKDAY_DISAGREES = "weekday_disagrees"  # "Monday the third", when the third is a Thursday
    NO_SUCH_DAY = "no_such_day"  # 30 February
    NO_SUCH_TIME = "no_such_time"  # 25:00, or an hour the clocks skip that day
    YEAR_TOO_FAR = "year_too_far"  # more than three years ahead, or not a plausible year
    IN_THE_FUTURE = "in_the_future"  # a date of birth yet to come
    YEAR_MISSING = "year_missing"  # a date of birth without its year
    NOT_A_NUMBER = "not_a_number"  # not a telephone number of any country
    TOO_SHORT = "too_short"  # the area code or some digits are missing
    TOO_LONG = "too_long"  # longer than any caller would say it
    NO_LETTERS = "no_letters"  # a name made of digits or signs, or of more digits than letters
    NOT_AN_ADDRESS = "not_an_address"  # meant as an e-mail address, but not one


Subject = Literal["day", "time", "phone", "name", "email", "birth_date"]


class NotUnderstood(ValueError):
    """Words that say nothing, too much, or something impossible.

    `day` is the day that was found, if the question should name it ("the third is a Thursday").
    The text of the exception never holds the caller's words.
    """

    def __init__(self, part: Subject, reason: Reason, *, day: datetime.date | None = None) -> None:
        super().__init__(f"{part}: {reason.value}")
        self.part: Subject = part
        self.reason = reason
        self.day = day


@dataclass(frozen=True, slots=True)
class When:
    """What the words say about a day and a time; None if they say nothing about it."""

    day: datetime.date | None = None  # the day named, or the first day of a period
    last_day: datetime.date | None = None  # the last day of a period ("next week"), inclusive
    time: datetime.time | None = None  # the clock time named
    other_time: datetime.time | None = None  # the other reading, if am or pm was not said
    earliest: datetime.time | None = None  # a preference: not before, inclusive
    latest: datetime.time | None = None  # a preference: must start before, exclusive
    other_earliest: datetime.time | None = None  # the same wish, the other of am and pm,
    other_latest: datetime.time | None = None  # if neither was said: "between 7 and 9"
    part: Part | None = None
    zone: str = ""  # the zone named beside the time, from zones.named; the time is as said
    midnight_in_figures: bool = False  # 00:00 or 24:00 was written; `time` is None then
    year_corrected: bool = False  # a past year was said; the next occurrence of the day was taken

    @property
    def one_day(self) -> datetime.date | None:
        """The day, if it is one and no period."""
        return self.day if self.last_day in (None, self.day) else None

    @property
    def has_hours(self) -> bool:
        """Whether there is a preference for some hours."""
        return bool(self.earliest or self.latest)


@dataclass(frozen=True, slots=True)
class Days:
    """Days to search among: what words like "by Friday" or "any day but Monday" allow.

    Only for a search: a booking needs one day, so the caller is asked.
    """

    earliest: datetime.date | None = None  # inclusive
    latest: datetime.date | None = None  # inclusive
    named: tuple[datetime.date, ...] = ()  # "Tuesday or Wednesday": these and no others
    weekdays: frozenset[int] = frozenset()  # Monday is 0; empty for any
    excluded: frozenset[datetime.date] = frozenset()
    excluded_weekdays: frozenset[int] = frozenset()
    parts: tuple[Part, ...] = ()  # of the day; any of them suits
    hours: When = When()  # the times and the zone said beside the days; its `day` is None
    year_corrected: bool = False  # as in When

    def has(self, day: datetime.date) -> bool:
        return (
            (self.earliest is None or self.earliest <= day)
            and (self.latest is None or day <= self.latest)
            and (not self.named or day in self.named)
            and (not self.weekdays or day.weekday() in self.weekdays)
            and day not in self.excluded
            and day.weekday() not in self.excluded_weekdays
        )


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in E.164 ("+14155550123"), with the extension as a field of its own."""

    e164: str
    extension: str = ""
