"""Shifts: how far a visit is to move, and which way: “an hour later”, “push it back two days”."""

import re
from datetime import timedelta

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "forty five": 45, "forty-five": 45, "sixty": 60, "ninety": 90, "a couple of": 2,
    "a couple": 2, "couple of": 2, "another": 1, "the": 1,
}  # fmt: skip
UNITS = {
    "minute": timedelta(minutes=1), "min": timedelta(minutes=1), "hour": timedelta(hours=1),
    "hr": timedelta(hours=1), "day": DAY, "week": WEEK, "fortnight": 2 * WEEK,
}  # fmt: skip
HALVES = {
    "an hour and a half": timedelta(minutes=90),
    "one and a half hours": timedelta(minutes=90),
    "half an hour": timedelta(minutes=30),
    "a half hour": timedelta(minutes=30),
    "half hour": timedelta(minutes=30),
    "a quarter of an hour": timedelta(minutes=15),
    "quarter of an hour": timedelta(minutes=15),
    "a quarter hour": timedelta(minutes=15),
}
COUNT = "|".join(sorted(map(re.escape, NUMBERS), key=len, reverse=True))
LONG = (
    rf"(?P<half>{'|'.join(HALVES)})|(?P<count>\d{{1,3}}|{COUNT})[ -](?P<unit>{'|'.join(UNITS)})s?"
)
IT = r"(?:it |that |this |them |the appointment |my appointment |the visit |my visit |things )?"
VERB = r"(?P<verb>push|put|move|bring|pull|shift|bump|slide|delay|postpone)"
WAY = r"(?P<way>back|out|forwards?|up|ahead|in)?"
PLEASE = r"(?:can (?:i|we|you) |could (?:i|we|you) |please |lets |id like to |i need to )*"
SHIFT = re.compile(
    rf"\b(?:{VERB} {IT}{WAY} ?)?(?:(?:by|for) )?\b(?:{LONG})"
    r"(?: (?P<side>later|earlier|sooner|back|forwards?|ahead|up|after that|before that|after it"
    r"|before it|after$|before$|after(?= at)|before(?= at)|further out))?"
)
# “Push it back a bit”: a side, and not how far.
SOMEHOW = re.compile(
    rf"^{PLEASE}{VERB} {IT}{WAY}(?:(?: ?(?:a|by a))? ?(?:bit|little))?"
    r"(?: ?(?P<side>later|earlier|sooner))?(?: please| thanks)* ?$"
)
LATER = {
    ("push", "back"), ("push", "out"), ("put", "back"), ("move", "out"), ("delay", ""),
    ("postpone", ""), ("bump", "back"), ("slide", "back"), ("shift", "out"), ("push", ""),
}  # fmt: skip
EARLIER = {
    ("bring", "forward"), ("bring", "up"), ("move", "up"), ("pull", "forward"), ("pull", "in"),
    ("pull", "up"), ("bring", "in"), ("bump", "up"), ("shift", "up"),
}  # fmt: skip
SIDES = {"later": 1, "after": 1, "further": 1, "earlier": -1, "sooner": -1, "before": -1}
NEIGHBOURS = {
    r"\bthe (?:next|following) day\b": DAY,
    r"\bthe day after(?: that| it)?(?=$| (?:at|in the)\b|,)": DAY,
    r"\bthe (?:previous day|day before(?: that| it)?)(?=$| (?:at|in the)\b|,)": -DAY,
    r"\b(?:of )?the (?:following week|week after(?: that| it)?)(?=$| (?:at|on)\b|,)": WEEK,
    r"\b(?:of )?the (?:previous week|week before(?: that| it)?)(?=$| (?:at|on)\b|,)": -WEEK,
}
MONTHS = re.compile(
    r"\b(?P<count>an?|one|two|three|[123]) months? (?:later|after(?: that| it)?(?=$|,| at\b)"
    r"|(?:from|after) (?:then|that)|further out)|(?<=same time )next month\b"
    rf"|\b(?:(?:push|put|move|shift|bump) {IT}(?:back|out)|(?:delay|postpone) {IT}) ?(?:by |for )?"
    r"(?P<put>an?|one|two|three|[123]) months?\b"
)


def shift_in(text: str) -> tuple[timedelta, str] | None:
    """How far the words shift the visit, with what else they say; None where they do not tell later
    from earlier: “move it forward an hour”."""
    for found in SHIFT.finditer(text):
        if sign := sign_of(found):
            return sign * length(found), f"{text[: found.start()]} {text[found.end() :]}"
    return None


def side_in(text: str) -> int:
    """1 for later, -1 for earlier, where the words say no more than that; else 0."""
    found = SOMEHOW.search(f"{text} ")
    return sign_of(found) if found else 0


def sign_of(found: re.Match[str]) -> int:
    """1 for later, -1 for earlier, 0 where they do not tell these apart."""
    way = (found["way"] or "").removesuffix("s")
    side = (found["side"] or "").partition(" ")[0].removesuffix("s")
    turned = (found["verb"] or "", way or (side if side not in SIDES else ""))
    return SIDES.get(side, 0) or (turned in LATER) - (turned in EARLIER)


def length(found: re.Match[str]) -> timedelta:
    if found["half"]:
        return HALVES[found["half"]]
    count = found["count"]
    return (int(count) if count.isdecimal() else NUMBERS[count]) * UNITS[found["unit"]]


def neighbour_in(text: str) -> tuple[timedelta, str] | None:
    for pattern, by in NEIGHBOURS.items():
        if re.search(pattern, text):
            return by, re.sub(pattern, " ", text, count=1)
    return None


def months_in(text: str) -> tuple[int, str] | None:
    """How many months later, with what else the words say."""
    found = MONTHS.search(text)
    if found is None:
        return None
    said = found["count"] or found["put"] or "a"
    return int(said) if said.isdecimal() else NUMBERS[said], MONTHS.sub(" ", text)
