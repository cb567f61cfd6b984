"""Requests: what the clinic was asked for: a call back, a place on the waitlist."""

from datetime import datetime
from typing import assert_never

from assistants.outcomes import (
    CallbackRequested,
    CalledBack,
    RequestOutcome,
    Waiting,
    WaitingNoLonger,
)
from assistants.speech.wording import article, spelled, wish_words


def say(outcome: RequestOutcome, now: datetime) -> str:
    """The sentence about a request to the clinic: a call back or the waitlist."""
    match outcome:
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
