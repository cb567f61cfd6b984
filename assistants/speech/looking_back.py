"""Looking back: whether what this call asked for was done."""

import re
from typing import assert_never

from assistants.outcomes import LookingBackOutcome, NeverDone, NothingDone, NotOnRecord, ToldAgain

# The question at the end of a sentence.
QUESTION = re.compile(r" [^.?!]*\?$")


def say(outcome: LookingBackOutcome) -> str:
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
        case _:
            assert_never(outcome)
