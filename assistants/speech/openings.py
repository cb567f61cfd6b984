"""Openings: what is free, or the next that is."""

from datetime import datetime
from typing import assert_never

from assistants.outcomes import DayPassed, NoOpenings, Openings, OpeningsOutcome, WhichDay
from assistants.speech.wording import (
    LONGEST,
    article,
    by_day,
    clip,
    clock,
    full_day,
    listed,
    near_day,
    on_day,
    on_moment,
    wish_words,
)
from bookings.availability import slots
from bookings.availability.slots import Slot


def say(outcome: OpeningsOutcome, now: datetime) -> str:
    """The sentence that tells which times are free."""
    match outcome:
        case Openings():
            return openings(outcome, now)
        case NoOpenings():
            return no_openings(outcome, now)
        case DayPassed(day=day):
            return (
                f"{full_day(day)} has already passed; today is {full_day(now.date())}."
                " Which day would you like?"
            )
        case WhichDay(days=days, is_choice=True):
            told = listed([near_day(day, now) for day in days], separator="; ")
            return f"Which day would you like: {told}?"
        case WhichDay(days=days):
            return f"Is that {listed([near_day(day, now) for day in days])}?"
        case _:
            assert_never(outcome)


def openings(outcome: Openings, now: datetime) -> str:
    service, found = outcome.service, outcome.slots
    which = "Would that suit you?" if len(outcome.offered) == 1 else "Which would you like?"
    if outcome.colleague:
        sooner = "Sooner, " if outcome.colleague.start < found[0].start else ""
        which = f"{sooner}{with_colleague(outcome.colleague, now)}. {which}"
    if wish := wish_words(outcome.wish, now):
        return within_wish(outcome, wish, which, now)
    zone = slots.zone_of(now)
    days = {slot.start.astimezone(zone).date() for slot in found}
    if len(days) == 1:
        times = listed([clock(slot.start, now) for slot in found])
        return f"For {article(service)} {on_day(days.pop(), now)} I have {times}. {which}"
    return f"For {article(service)} I have {listed(by_day(found, now), separator='; ')}. {which}"


def within_wish(outcome: Openings, wish: str, which: str, now: datetime) -> str:
    """“For a cleaning by Friday, December 4 I have …”; without the wish, where it is too long."""
    times = listed(by_day(outcome.slots, now), separator="; ")
    what = article(outcome.service)
    told = f"For {what} {wish} I have {times}. {which}"
    return told if len(told) <= LONGEST else f"For {what} I have {times}. {which}"


def with_colleague(slot: Slot, now: datetime) -> str:
    return f"{clip(slot.practitioner.name)} could see you {on_moment(slot.start, now)}"


def no_openings(outcome: NoOpenings, now: datetime) -> str:
    is_of_some = outcome.day is None or outcome.wish.weekdays
    if is_of_some and (wish := wish_words(outcome.wish, now)):
        return nothing_within(outcome, wish, now)
    what = f"{article(outcome.service)}{' then' if outcome.part and not outcome.day else ''}"
    who = f" with {clip(outcome.practitioner)}" if outcome.practitioner else ""
    nothing = nothing_open(f"{what}{who}{asked_days(outcome, now)}", outcome)
    if outcome.colleague:
        other = f"{with_colleague(outcome.colleague, now)}. Would that work for you?"
        times = listed(by_day(outcome.next, now), separator="; ")
        return f"{nothing} The next I have is {times}. {other}" if times else f"{nothing} {other}"
    if not outcome.following:
        return f"{nothing} Would you like the clinic to call you back?"
    times = listed(by_day(outcome.following, now), separator="; ")
    nearest = "The nearest I have is" if outcome.part else "The next I have is"
    return f"{nothing} {nearest} {times}. Would that work for you?"


def nothing_open(asked: str, outcome: NoOpenings) -> str:
    if outcome.on_offer:
        return f"I'm sorry, all I have for {asked} is just being offered to other callers."
    return f"I'm sorry, I have nothing open for {asked}."


def nothing_within(outcome: NoOpenings, wish: str, now: datetime) -> str:
    """The sentence when nothing fits, with as many of the nearest other times as there is room
    for."""
    who = f" with {clip(outcome.practitioner)}" if outcome.practitioner else ""
    at = " at that time" if outcome.part and not outcome.wish.has_hours else ""
    nothing = nothing_open(f"{article(outcome.service)}{who} {wish}{at}", outcome)
    if not outcome.offered:
        return f"{nothing} Would you like the clinic to call you back?"
    other = f"{with_colleague(outcome.colleague, now)}. " if outcome.colleague else ""
    for count in range(len(outcome.following), 0, -1):
        times = listed(by_day(outcome.following[:count], now), separator="; ")
        told = f"{nothing} The nearest I have is {times}. {other}Would that work for you?"
        if len(told) <= LONGEST:
            return told
    return f"{nothing} {other}Would that work for you?"


def asked_days(outcome: NoOpenings, now: datetime) -> str:
    """“ at that time on Thursday, December 3”, or the days of the stretch asked about."""
    at = " at that time" if outcome.part and outcome.day else ""
    if outcome.day is None:
        return at
    if outcome.last_day in (None, outcome.day):
        return f"{at} {on_day(outcome.day, now)}"
    return f"{at} between {near_day(outcome.day, now)} and {near_day(outcome.last_day, now)}"
