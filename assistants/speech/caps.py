"""Caps: what people at the clinic have to decide on, and the call back that is offered or not."""

import re
from typing import assert_never

from assistants.outcomes import CallbacksCapped, Capped, VisitsCapped, WaitlistCapped, Whose
from assistants.speech.wording import one_line

CAPPED_VISIT = {
    Whose.CALLER: "another visit for you myself",
    Whose.NUMBER_SAID: "another visit for that number myself",
    Whose.WITHHELD: "visits for callers whose own number I can't see just now",
}
CAPPED_PLACE = {
    Whose.CALLER: "another visit on the waitlist for you myself",
    Whose.NUMBER_SAID: "another visit on the waitlist for that number myself",
    Whose.WITHHELD: "callers on the waitlist whose own number I can't see just now",
}
ABOUT_IT = "Shall the clinic call you back about it?"
WILL_CALL = "The clinic has several requests for a call back already, and will call."
# A call back that is offered by itself, and one that is the other choice of a question.
ALONE = re.compile(
    r"(?:Shall (?:the clinic|they|I ask them to)|Would you like the clinic to)"
    r" call you (?:back(?: about it)?|again)\?$"
)
BESIDES = re.compile(r", or (?:shall the clinic call you back|a call back from the clinic)(?=\?$)")


def say(outcome: Capped) -> str:
    """What people at the clinic have to decide on."""
    match outcome:
        case VisitsCapped(whose=whose):
            return (
                f"I'm sorry, I can't book {CAPPED_VISIT[whose]}, so this one is not booked."
                f" {ABOUT_IT}"
            )
        case WaitlistCapped(whose=whose):
            return f"I'm sorry, I can't put {CAPPED_PLACE[whose]}. {ABOUT_IT}"
        case CallbacksCapped(is_known=True):
            return f"{WILL_CALL} Is there anything else?"
        case CallbacksCapped():
            return (
                "I'm sorry, I can't note another call back from a caller without a number right"
                f" now. {other_way(outcome)}"
            )
        case _:
            assert_never(outcome)


def offers_a_call_back(sentence: str) -> bool:
    return bool(ALONE.search(sentence) or BESIDES.search(sentence))


def without_a_call_back(sentence: str, refused: CallbacksCapped) -> str:
    """`sentence` without the offer of a call back that would be refused, with another way."""
    if ALONE.search(sentence):
        return one_line(ALONE.sub(other_way(refused), sentence))
    return BESIDES.sub("", sentence)


def other_way(refused: CallbacksCapped) -> str:
    """What a caller can do who cannot have a call back."""
    if refused.is_known:
        return f"{WILL_CALL} Is there anything else?"
    if refused.can_put_through:
        return "Shall I put you through to the clinic instead?"
    return "Could you call again from a phone that shows its number?"
