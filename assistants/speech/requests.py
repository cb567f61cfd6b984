"""Requests: what this call asked for, and what came of it."""

import re
from datetime import datetime
from typing import assert_never

from assistants.outcomes import (
    CallbackRequested,
    CalledBack,
    NeverDone,
    NothingDone,
    NotOnRecord,
    RequestOutcome,
    ToldAgain,
    Waiting,
    WaitingNoLonger,
)
from assistants.speech.wording import article, spelled, wish_words

QUESTION = re.compile(r" [^.?!]*\?$")


def say(outcome: RequestOutcome, now: datetime) -> str:
    """What was asked of the clinic, and what came of it."""
    match outcome:
        case ToldAgain(sentence=sentence):
            return f"Yes, that went through. {sentence}"
        case NothingDone(tried=tried):
            if tried:
                return "No, that did not go through: nothing has been changed. Shall I try again?"
            return (
                "I haven't booked or changed anything on this call yet. What would you like to do?"
            )
        case NeverDone(before=before):
            lost = "I have no record of your last request, so it has not been done."
            stands = f" Before that this went through: {QUESTION.sub('', before)}" if before else ""
            return f"{lost}{stands} Shall I try the last one again?"
        case NotOnRecord():
            return "I can't check that from here. Shall I look up your appointments instead?"
        case CallbackRequested(phone=phone):
            ending = spelled(phone[-4:])
            return (
                f"I've asked the clinic to call you back at the number ending in {ending}."
                " Is there anything else?"
            )
        case CalledBack():
            return (
                "The clinic has already seen to that call back. Shall I ask them to call you again?"
            )
        case WaitingNoLonger():
            return "You're no longer on the waitlist for that. Shall I put you on it again?"
        case Waiting(service=service, wish=wish):
            what = " ".join(filter(None, [article(service), wish_words(wish, now)]))
            return (
                f"You're on the waitlist for {what}. The clinic will call when a time"
                " becomes free. Is there anything else?"
            )
        case _:
            assert_never(outcome)
