"""Speech: the one place where an outcome becomes the sentence a caller hears.

A sentence is one line, at most 350 characters, with weekday, date and a 12-hour time, and ends in
the next step. It holds nothing a caller said: read aloud, that could be taken for an instruction.
"""

import re
from datetime import datetime

from assistants.outcomes import (
    Answer,
    AskedBefore,
    Capped,
    ClinicOutcome,
    EmailSaid,
    LookingBackOutcome,
    OpeningsOutcome,
    PersonOutcome,
    Refusal,
    RequestOutcome,
    ToolOutcome,
    ToolResult,
    Unclear,
    VisitOutcome,
    WhoseAppointment,
)
from assistants.speech import (
    asking,
    caps,
    faults,
    looking_back,
    openings,
    people,
    reception,
    refusals,
    requests,
    visits,
)
from assistants.speech.wording import LONGEST, full_day, names, one_line
from assistants.tools import addresses
from bookings.outcomes import AlikePatient, SlotTaken

NOT_ON_THIS_LINE = (
    "I'm sorry, I can't connect you at the moment. Please call the clinic again later."
)
WRONG_LINE = "I'm sorry, I can't help you on this line. Please call the clinic on another one."
PUTTING_THROUGH = "One moment, I'm putting you through."
OFFERED = "We offer"
# With room before it for “I took the day to be …” or “Yes, that went through.”
LONGEST_READ_BACK = 290
# Where the next sentence begins. A title such as “Dr.” does not end a sentence, nor does “a.m.”.
ENDS_OF_SENTENCES = re.compile(r"(?:(?<=[a-z\d]{3}[.?!])|(?<=[AP]M\.)) (?=[A-Z])")
TELLS_WHAT_WAS_DONE = re.compile(
    r"(?:You're booked|Your reference is|I've (?:moved|cancelled) it"
    r"|It (?:is there already|was already cancelled)|I've asked the clinic to call you back"
    r"|You're on the waitlist)\b"
)


def say(result: ToolResult, *, now: datetime) -> str:
    """The sentence for an outcome, in the time and manner of the org that is current."""
    answer = Answer.of(result)
    said = answered(answer, now)
    if answer.is_one_of_several:
        said = f"{said} That is one visit, for one person. Shall I book another one?"
    if answer.email:
        said = with_email(said, answer.email)
    if answer.day:
        said = f"I took the day to be {full_day(answer.day)}. {said}"
    return one_line(said)


def answered(answer: Answer, now: datetime) -> str:
    if answer.question:
        return asked_once_more(answer.outcome, answer.question, now)
    if answer.is_lost_again and isinstance(answer.outcome, SlotTaken):
        return refusals.taken_again(answer.outcome, now)
    return words_for(answer.outcome, now)


def words_for(outcome: ToolOutcome, now: datetime) -> str:
    """The outcome in words, by the union of `outcomes` that it belongs to."""
    if isinstance(outcome, VisitOutcome):
        return visits.say(outcome, now)
    if isinstance(outcome, Refusal):
        return refusals.say(outcome, now)
    if isinstance(outcome, OpeningsOutcome):
        return openings.say(outcome, now)
    if isinstance(outcome, PersonOutcome):
        return people.say(outcome)
    if isinstance(outcome, RequestOutcome):
        return requests.say(outcome, now)
    if isinstance(outcome, LookingBackOutcome):
        return looking_back.say(outcome)
    if isinstance(outcome, Capped):
        return caps.say(outcome)
    if isinstance(outcome, ClinicOutcome):
        return reception.say(outcome, now)
    return faults.say(outcome)


def with_email(booked: str, email: EmailSaid) -> str:
    """The booking's sentence, then what happens to the e-mail address."""
    if email.is_noted:
        return f"{booked} I've noted the e-mail address."
    if not email.address:
        return f"{booked} {asking.for_email(email.before)}"
    said = addresses.spoken(email.address)
    whole = f"{booked} I heard the e-mail address {said}, is that right?"
    fits = addresses.is_sayable(email.address) and len(whole) <= LONGEST_READ_BACK
    return whole if fits else f"{booked} {asking.EMAIL_UNSAID}"


def reads_back(answer: Answer, sentence: str) -> bool:
    """Whether `sentence` reads an e-mail address back."""
    if not answer.email or not answer.email.address:
        return False
    return f"{addresses.spoken(answer.email.address)}, is that right?" in sentence


def asked_once_more(outcome: ToolOutcome, question: AskedBefore, now: datetime) -> str:
    """Says how to say it; the next time, what else can be done; these take turns."""
    if question.openings:
        told = openings.say(question.openings, now)
        whole = f"Let me tell you what is free. {told}"
        return whole if len(whole) <= LONGEST else told
    known = asking.statement(words_for(outcome, now))
    if isinstance(outcome, Unclear) and question.subject == "service" and OFFERED not in known:
        known = f"{known} {OFFERED} {names(outcome.services)}."
    if question.before % 2:
        return f"{known} {asking.how_to_say(question.subject)}"
    if isinstance(outcome, Unclear | WhoseAppointment | AlikePatient):
        known = asking.still_without(question.subject)
    return f"{known} {asking.way_out(question.subject, question.way_out)}"


def first(urgent: str, sentence: str, *, brief: str = "") -> str:
    """`urgent` and as much of `sentence` as there is room for, in whole sentences.

    What was done is never left out: if `urgent` leaves no room for it, `brief` is used instead, and
    what was done comes first after it.
    """
    parts = ENDS_OF_SENTENCES.split(sentence)
    done = [part for part in parts if TELLS_WHAT_WAS_DONE.match(part)]
    rest = [part for part in parts if part not in done]
    brief = brief or urgent
    for opening, said in ((urgent, parts), (brief, parts), (brief, [*done, *rest])):
        told = one_line(opening)
        for part in said:
            if len(told) + 1 + len(part) > LONGEST:
                break
            told = f"{told} {part}"
        if all(part in told for part in done):
            break
    return told
