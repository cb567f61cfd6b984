"""Other times: a caller who asks for others is not told the same ones again."""

import re
from datetime import datetime, timedelta

from assistants.models import ToolCallQuerySet
from assistants.tools import relative, shifts
from assistants.tools.places import MOST_LOOKED_BACK_ON, OFFERED

# “Anything else?”, “more options”, “none of those work for me”; and in Spanish.
OTHERS = re.compile(
    r"\b(?:(?:any|some)(?:thing|time)? ?else|what else"
    r"|(?:other|more|different|additional|alternative) (?:times?|options?|slots?|openings?)"
    r"|otr[ao]s? (?:horas?|horarios?|opci[oó]n(?:es)?)|m[aá]s (?:horas|horarios|opciones)"
    r"|algo m[aá]s(?! tarde| temprano)|ningun[ao](?: de es[ao]s| me (?:sirve|conviene|va bien))+"
    r"|alternatives|none of (?:those|these|them|that)(?: times?)?"
    r"(?: (?:works?|suits?|fits?|(?:is|are) (?:good|ok|okay|possible)))?(?: (?:for )?me)?)\b",
    re.IGNORECASE,
)
THAT_DAY = re.compile(r" (?:on )?that day$")
# What is said around them, and names no day.
AROUND = re.compile(
    r"\b(?:do|you|have|got|any|is|are|there|on|that|day|then|please|can|could|we|i|what|about|for"
    r"|me|try|need|want|like|would|hear|show|the|some|no|available|open|free|same"
    r"|hay|tienen?|de|ese|el|d[ií]a|por|favor|para)\b|\W",
    re.IGNORECASE,
)
# This near to a time that did not suit, another one hardly does.
NEAR = timedelta(hours=1)


def without(text: str) -> str:
    """The words of a search without those that ask for other times; "" where no day is left."""
    if side_in(text):
        return ""
    left = OTHERS.sub(" ", text)
    return text if left == text else left.strip() if AROUND.sub("", left) else ""


def asked_in(*texts: str) -> str:
    """What the words of a search ask for: "others", "later" or "earlier" than what was told; ""."""
    if any(map(OTHERS.search, texts)):
        return "others"
    side = next(filter(None, map(side_in, texts)), 0)
    return {1: "later", -1: "earlier"}.get(side, "")


def side_in(text: str) -> int:
    """1 for “anything later?”, -1 for “earlier”, where the words say no more than that; else 0."""
    found = relative.SOME_SIDE.search(THAT_DAY.sub("", relative.normal(text)))
    return shifts.SIDES[found["side"]] if found else 0


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
