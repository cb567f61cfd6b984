"""What a caller hears: `say` makes an outcome a sentence; the rest are whole sentences."""

from assistants.speech.caps import offers_a_call_back, without_a_call_back
from assistants.speech.faults import FAULT, NOT_LOOKED_UP, UNCERTAIN
from assistants.speech.questions import QUESTIONS
from assistants.speech.sentences import (
    NOT_ON_THIS_LINE,
    PUTTING_THROUGH,
    WRONG_LINE,
    first,
    reads_back,
    say,
)
from assistants.speech.visits import TELL_THE_REST

__all__ = [
    "FAULT",
    "NOT_LOOKED_UP",
    "NOT_ON_THIS_LINE",
    "PUTTING_THROUGH",
    "QUESTIONS",
    "TELL_THE_REST",
    "UNCERTAIN",
    "WRONG_LINE",
    "first",
    "offers_a_call_back",
    "reads_back",
    "say",
    "without_a_call_back",
]
