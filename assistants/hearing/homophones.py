"""Homophones: words that a transcriber wrote for others that sound alike.

They are replaced only if that is the one reading that fits the words around.
"""

from .lexicon import SMALL_NUMBERS
from .rewriting import DAY_NAME, Spelling

# "Two thirty" and "four o'clock" as they may be written down; "for thirty minutes" is not a time.
_HEARD = {
    "to": "two", "too": "two", "for": "four", "fore": "four", "won": "one", "ate": "eight",
    "tree": "three", "fife": "five", "tin": "ten",
}  # fmt: skip
# Words that also stand between times ("from 2 to pm") are replaced in fewer places.
_BETWEEN_TIMES = ("to", "for")
_MINUTES = r"(?:fifteen|thirty|forty[\s-]five|15|30|45)\b(?! (?:min|people|of))"
_HALF = r"[ap]\.? ?m\b"
_WHEN = rf"(?:on\b|in the\b|this\b|{DAY_NAME}\b|{_HALF})"
_END = rf"(?=[.!?]?$|,? {_WHEN})"
_HOURS = list(SMALL_NUMBERS)[:12]


def _number(heard: str, meant: str) -> Spelling:
    places = [
        rf"\b{heard}(?= o'clock)",
        rf"(?<=\bat ){heard}(?= {_MINUTES})",
        rf"(?<=\bat ){heard}{_END}",
        rf"^{heard}(?= {_MINUTES},? {_WHEN})",
        rf"^{heard}(?= {_HALF})",
        rf"(?<=past ){heard}{_END}",
        rf"(?<=quarter to ){heard}{_END}",
    ]
    if heard not in _BETWEEN_TIMES:
        places += [rf"\b{heard}(?= (?:{_MINUTES} )?{_HALF})", rf"^{heard}(?= {_MINUTES})"]
        places += [rf"(?<=day ){heard}(?= {_MINUTES})", rf"(?<=morrow ){heard}(?= {_MINUTES})"]
    return Spelling(heard, "|".join(places), meant)


HOMOPHONES = (
    Spelling("clock", r"\b(?:o\s?[\"'\s]\s?clock|(?:oh|a) clock)\b", "o'clock"),
    Spelling("pas", r"\b(half|quarter|five|ten|twenty|minutes) pass?(?:ed)?\b", r"\1 past"),
    Spelling("fourty", r"\bfourty\b", "forty"),
    Spelling("the forth", r"\bthe forth\b", "the fourth"),
    Spelling(" day", r"\b(mon|tues|wednes|thurs|fri|satur|sun) day\b", r"\1day"),
    Spelling("thirs|thers", r"\bth[ei]rs[\s-]?day\b", "thursday"),
    Spelling("wens |wends ", r"\bwend?s day\b", "wednesday"),
    Spelling("mourning", r"(?<=day|row) mourning\b", " morning"),
    Spelling("to morrow", r"\bto morrow\b", "tomorrow"),
    Spelling(
        "quarter t", rf"\bquarter (?:too|two)(?= (?:{'|'.join(_HOURS)}|1?\d)\b)", "quarter to"
    ),
    *(_number(heard, meant) for heard, meant in _HEARD.items()),
    Spelling("am|pm", "|".join(rf"(?<=\b{hour})(?=[ap]m\b)" for hour in _HOURS), " "),
)
