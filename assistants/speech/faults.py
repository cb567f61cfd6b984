"""Faults: what we could not read, or could not do."""

from typing import assert_never

from assistants.outcomes import (
    Fault,
    FaultOutcome,
    Forgotten,
    Garbled,
    NotLookedUp,
    StillWorking,
    TooMuch,
    Uncertain,
    Unclear,
    UnknownTool,
)
from assistants.speech.questions import question

FAULT = (
    "I'm so sorry, I'm having trouble with our booking system right now, so nothing has been"
    " booked or changed. Could you try again in a moment, or shall the clinic call you back?"
)
# For a request that is under way, or when nothing can be looked up: an earlier copy of it may have
# been carried out.
UNCERTAIN = (
    "I'm so sorry, I'm having trouble with our booking system right now and I can't tell yet"
    " whether that went through. Please ask me again in a moment and I'll check, or shall the"
    " clinic call you back?"
)
NOT_LOOKED_UP = (
    "I'm so sorry, I'm having trouble with our booking system right now and can't look that up."
    " Could you try again in a moment, or shall the clinic call you back?"
)


def say(outcome: FaultOutcome) -> str:
    """What we did not understand, or could not do."""
    match outcome:
        case Unclear(problems=problems, services=services, practitioners=practitioners):
            return question(problems, services, practitioners)
        case UnknownTool():
            return (
                "There is no such tool at this clinic. Tell the caller you can find, book, move"
                " and cancel appointments, and ask which they would like."
            )
        case Garbled():
            return "I'm sorry, the details didn't come through. Could you tell me them once more?"
        case TooMuch():
            return (
                "I'm sorry, that was more than I can take in at once."
                " Could you tell me what you need in a few words?"
            )
        case StillWorking():
            return (
                "I'm still working on what you asked before."
                " Please give me a moment, then ask me again."
            )
        case Forgotten():
            return "I no longer have that on record. What would you like to do?"
        case Fault():
            return FAULT
        case Uncertain():
            return UNCERTAIN
        case NotLookedUp():
            return NOT_LOOKED_UP
        case _:
            assert_never(outcome)
