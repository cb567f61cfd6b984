"""What a caller hears: `say` makes an outcome a sentence; the rest are whole sentences."""

from assistants.speech.sentences import (
    FAULT,
    NOT_LOOKED_UP,
    NOT_ON_THIS_LINE,
    PUTTING_THROUGH,
    QUESTIONS,
    TELL_THE_REST,
    UNCERTAIN,
    WRONG_LINE,
    first,
    offers_a_call_back,
    reads_back,
    say,
    without_a_call_back,
)

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
