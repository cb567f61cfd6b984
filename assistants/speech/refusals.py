"""Refusals: why a time was not booked, and what is open instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from assistants.outcomes import Refusal
from assistants.speech.openings import with_colleague
from assistants.speech.visits import visit
from assistants.speech.wording import (
    article,
    by_day,
    clip,
    clock,
    full_day,
    listed,
    moment,
    names,
    on_day,
    sentence_case,
)
from bookings.availability import slots
from bookings.availability.slots import Slot
from bookings.outcomes import (
    MOST_BESIDE,
    AlreadyBooked,
    Busy,
    NobodyOffers,
    OutsideHours,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
    Wanted,
)


def say(outcome: Refusal, now: datetime) -> str:
    """Why a time was not booked, and what is open instead."""
    match outcome:
        case AlreadyBooked(appointment=appointment):
            return (
                f"You already have {visit(appointment, now)}. Would you like to move it,"
                " or another time for this one?"
            )
        case SlotTaken():
            return taken(outcome, now)
        case OutsideHours(wanted=wanted, alternatives=alternatives):
            why = (
                day_off(wanted, now)
                if outcome.is_day_off
                else f"{moment(wanted.start, now)} isn't a time I can book"
            )
            told = offer(alternatives, wanted.start, now, colleague=outcome.colleague)
            return f"I'm sorry, {why}. {told}"
        case SlotPassed(wanted=wanted):
            return (
                f"{sentence_case(moment(wanted.start, now))} has already passed; today is"
                f" {full_day(now.date())}. Which day and time would you like instead?"
            )
        case TooFarAhead(wanted=wanted, last=last):
            day = wanted.start.astimezone(now.tzinfo).date()
            return (
                f"I'm sorry, {full_day(day)} is further ahead than I can book."
                f" The last day is {full_day(last.astimezone(now.tzinfo).date())}."
                " Which day would you like?"
            )
        case NobodyOffers(wanted=wanted, practitioners=practitioners):
            return nobody_offers(wanted.service, wanted.practitioner, practitioners)
        case Busy():
            return (
                "I'm so sorry, the diary is very busy this very moment and nothing has been"
                " booked or changed yet. Shall I try that again?"
            )
        case _:
            assert_never(outcome)


def taken(outcome: SlotTaken, now: datetime) -> str:
    why = (
        "another caller is just being offered that specific time slot"
        if outcome.on_offer
        else "it looks like that specific time slot was just taken"
    )
    told = offer(outcome.alternatives, outcome.wanted.start, now, colleague=outcome.colleague)
    return f"I'm so sorry, {why}. {told}"


def taken_again(latest: SlotTaken, now: datetime) -> str:
    """Adds the offer of a call back. If there are no alternatives, the sentence offers one
    already."""
    otherwise = ", or shall the clinic call you back" if latest.alternatives else ""
    told = offer(
        latest.alternatives,
        latest.wanted.start,
        now,
        otherwise=otherwise,
        colleague=latest.colleague,
    )
    return f"I'm so sorry, that one was just taken as well. {told}"


def day_off(wanted: Wanted, now: datetime) -> str:
    """“nobody is here for a cleaning on Saturday, December 5”; of one practitioner, by name."""
    day = on_day(wanted.start.astimezone(slots.zone_of(now)).date(), now)
    if wanted.practitioner:
        return f"{clip(wanted.practitioner)} isn't in {day}"
    return f"nobody is here for {article(wanted.service)} {day}"


def offer(
    alternatives: Sequence[Slot],
    wanted: datetime,
    now: datetime,
    *,
    otherwise: str = "",
    colleague: Slot | None,
) -> str:
    """Times alone on the day that was asked for; with their day on another.

    `otherwise` is what may be done with none of them, as the question goes on. With a `colleague`
    beside them there are two times at most, so that both are heard.
    """
    if colleague:
        other = with_colleague(colleague, now)
        if not alternatives:
            return f"{other}. Would that work for you{otherwise}?"
        times = listed(by_day(alternatives[:MOST_BESIDE], now), separator="; ")
        return f"Their next is {times}. {other}. Would any of those work for you{otherwise}?"
    if not alternatives:
        return (
            "I have nothing else open that I can book. Would you like the clinic to call you back?"
        )
    zone = slots.zone_of(now)
    day = wanted.astimezone(zone).date()
    if all(slot.start.astimezone(zone).date() == day for slot in alternatives):
        times = listed([clock(slot.start, now) for slot in alternatives])
    else:
        times = listed(by_day(alternatives, now), separator="; ")
    which = "that" if len(alternatives) == 1 else "any of those"
    return f"I have {times} available. Would {which} work for you{otherwise}?"


def nobody_offers(service: str, practitioner: str | None, able: Sequence[str]) -> str:
    if not able:
        return (
            f"I'm sorry, nobody here is taking appointments for {article(service)} at the moment."
            " Is there something else I can book for you?"
        )
    if practitioner is None:
        return f"For {article(service)} there is only {names(able)}. Who would you like to see?"
    return (
        f"{clip(practitioner)} isn't taking appointments for {article(service)}. {names(able)} is."
        " Who would you like to see?"
    )
