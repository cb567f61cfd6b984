"""Other times: a caller who asks for others is not told the same ones again."""

import re
from datetime import datetime, timedelta

from assistants.models import ToolCallQuerySet
from assistants.tools.places import MOST_LOOKED_BACK_ON, OFFERED

# “Anything else?”, “more options”, “none of those work for me”.
OTHERS = re.compile(
    r"\b(?:(?:any|some)(?:thing|time)? ?else|what else(?= do|\b)"
    r"|(?:other|more|different|additional|alternative) (?:times?|options?|slots?|openings?)"
    r"|alternatives|none of (?:those|these|them|that)(?: times?)?"
    r"(?: (?:works?|suits?|fits?|(?:is|are) (?:good|ok|okay|possible)))?(?: (?:for )?me)?)\b",
    re.IGNORECASE,
)
LATER_OR_EARLIER = re.compile(
    r"(?:(?:do you have|is there|have you got|how about) )?(?:(?:any|some)(?:thing|time)? )?"
    r"(?:a (?:bit|little) )?(?P<side>later|earlier)(?: (?:times?|ones?|slots?))?"
    r"(?: (?:on )?that day| in the day)?[ .?!]*",
    re.IGNORECASE,
)
# What is said around them, and names no day.
AROUND = re.compile(
    r"\b(?:do|you|have|got|any|is|are|there|on|that|day|then|please|can|could|we|i|what|about|for"
    r"|me|try|need|want|like|would|hear|show|the|some|no|available|open|free|same)\b|\W",
    re.IGNORECASE,
)
# This near to a time that did not suit, another one hardly does.
NEAR = timedelta(hours=1)


def without(text: str) -> str:
    """The words of a search without those that ask for other times; "" where no day is left."""
    left = OTHERS.sub(" ", text)
    if left == text and not LATER_OR_EARLIER.fullmatch(text):
        return text
    return left.strip() if left != text and AROUND.sub("", left) else ""


def asked_in(*texts: str) -> str:
    """What the words of a search ask for: "others", "later" or "earlier" than what was told; ""."""
    if any(map(OTHERS.search, texts)):
        return "others"
    found = next(filter(None, map(LATER_OR_EARLIER.fullmatch, texts)), None)
    return found["side"].lower() if found else ""


def told(heard: ToolCallQuerySet) -> tuple[datetime, ...]:
    """Every time that a call was offered; `heard` are its requests, newest first."""
    rows = heard.filter(OFFERED)[:MOST_LOOKED_BACK_ON]
    return tuple(
        datetime.fromisoformat(start)
        for row in rows
        for start, _ in (row.memory or {}).get("offered", ())
    )


def is_near(start: datetime, times: tuple[datetime, ...]) -> bool:
    return any(abs(start - time) < NEAR for time in times)
