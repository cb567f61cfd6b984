"""Reception: what the clinic is like, and who can be talked to."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from assistants.outcomes import (
    AskedElsewhere,
    ClinicAnswers,
    ClinicDays,
    ClinicFact,
    ClinicHours,
    ClinicNote,
    ClinicOffers,
    ClinicOutcome,
    ClinicPeople,
    Transfer,
)
from assistants.speech.wording import (
    LONGEST,
    article,
    clip,
    clock,
    listed,
    names,
    near_day,
    on_day,
    spelled,
)
from bookings.availability.hours import Period

NOT_KNOWN = "I don't know that, I'm afraid. Shall the clinic call you back about it?"
REST_NOT_KNOWN = "The rest I don't know, I'm afraid. Shall the clinic call you back about it?"


def say(outcome: ClinicOutcome, now: datetime) -> str:
    """What the clinic is like, and whom to talk to."""
    match outcome:
        case ClinicHours() | ClinicDays():
            return fact(outcome, now)
        case ClinicOffers() if known(outcome):
            return f"{fact(outcome, now)} Would you like to book one?"
        case ClinicOffers() | ClinicPeople() | ClinicNote():
            return f"{fact(outcome, now)} Is there anything else?" if known(outcome) else NOT_KNOWN
        case ClinicAnswers(answers=answers, is_whole=is_whole):
            told = [fact(answer, now) for answer in answers]
            return fitted(told, "Is there anything else?" if is_whole else REST_NOT_KNOWN)
        case AskedElsewhere(is_own_visit=True):
            return "I can look up your appointments for that. Shall I?"
        case AskedElsewhere():
            return "I can look for free times. What is the visit for?"
        case Transfer():
            return transfer(outcome, now)
        case _:
            assert_never(outcome)


def known(outcome: ClinicOffers | ClinicPeople | ClinicNote) -> bool:
    match outcome:
        case ClinicOffers(services=told) | ClinicPeople(names=told):
            return bool(told)
        case ClinicNote(text=text):
            return bool(text)


def fact(outcome: ClinicFact, now: datetime) -> str:
    """The sentence with the fact alone, without a question."""
    match outcome:
        case ClinicHours():
            return hours(outcome, now)
        case ClinicDays():
            return hours_by_day(outcome, now)
        case ClinicOffers(services=services, practitioner=who):
            offers = listed(
                [f"{clip(name)}, {minutes} minutes" for name, minutes in services],
                word="and",
                separator="; ",
            )
            return f"{clip(who)} does {offers}." if who else f"We offer {offers}."
        case ClinicPeople(names=people, service=service):
            if service:
                return f"For {article(service)} you can see {names(people)}."
            return f"{', '.join(map(clip, people))}."
        case ClinicNote(text=text):
            return f"{text.rstrip('.')}."
        case _:
            assert_never(outcome)


def fitted(told: Sequence[str], ending: str) -> str:
    """The first answers, as many as there is room for and at least one."""
    answers = list(told)
    while len(answers) > 1 and len(" ".join([*answers, ending])) > LONGEST:
        answers, ending = answers[:-1], "Shall I tell you the rest?"
    return " ".join([*answers, ending])


def transfer(outcome: Transfer, now: datetime) -> str:
    """The sentence that tells whom the caller can be put through to, or what we offer instead."""
    if not outcome.has_numbers:
        return "I'm sorry, I can't put calls through from here. Shall the clinic call you back?"
    if outcome.topics and outcome.phone:
        return (
            f"The one line I can put you through to is for {names(outcome.topics)}."
            " Shall I do that, or shall the clinic call you back?"
        )
    if outcome.topics:
        return (
            f"I can put you through about {names(outcome.topics)}."
            " Which is it, or shall the clinic call you back?"
        )
    if outcome.phone:
        return f"The number for that is {spelled(outcome.phone)}. Shall I put you through?"
    closed = f"Nobody can take the call right now. {hours(outcome.hours, now)}"
    return f"{closed} Shall they call you back?"


def hours(outcome: ClinicHours, now: datetime) -> str:
    who = clip(outcome.practitioner)
    if not outcome.periods:
        what = f"{who} has no hours" if who else "There are no opening hours"
        return f"{what} in the two weeks from {near_day(outcome.asked, now)}."
    opened = f"{on_day(outcome.day, now)} {stretches(outcome.periods, now)}."
    is_open, is_closed = attendance(who)
    if outcome.asked in (outcome.day, now.date()):
        return f"{is_open} {opened}"
    again = "They are here" if who else "It is open"
    return f"{is_closed} {on_day(outcome.asked, now)}. {again} {opened}"


def attendance(who: str) -> tuple[str, str]:
    """How being there and not being there are said, of a practitioner or of the clinic."""
    if who:
        return f"{who} is here", f"{who} is away"
    return "The clinic is open", "The clinic is closed"


def stretches(periods: Sequence[Period], now: datetime) -> str:
    told = [f"from {clock(start, now)} to {clock(end, now)}" for start, end in periods]
    return listed(told, word="and")


def hours_by_day(outcome: ClinicDays, now: datetime) -> str:
    """Days in a row with the same hours are told together, closed ones last."""
    is_open, is_closed = attendance(clip(outcome.practitioner))
    runs: list[tuple[str, list[date]]] = []
    for day, periods in outcome.days:
        told = stretches(periods, now)
        if runs and runs[-1][0] == told and runs[-1][1][-1] + timedelta(days=1) == day:
            runs[-1][1].append(day)
        else:
            runs.append((told, [day]))
    opened = [f"{run_of(days, now)} {told}" for told, days in runs if told]
    closed = [run_of(days, now) for told, days in runs if not told]
    parts = [f"{is_open} {told}." for told in opened]
    parts += [f"{is_closed} {listed(closed, word='and')}."] if closed else []
    return fitted(parts, "").strip()


def run_of(days: Sequence[date], now: datetime) -> str:
    """“on Monday, November 30”, or “Monday, November 30 to Friday, December 4”."""
    if len(days) == 1:
        return on_day(days[0], now)
    return f"{near_day(days[0], now)} to {near_day(days[-1], now)}"
