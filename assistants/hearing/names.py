"""Names: a person's name as it was said, without what was said around it."""

import re
import unicodedata

from .meaning import NotUnderstood, Reason

LONGEST = 200

_NOTHING = frozenset({"null", "none", "n/a", "na", "nil", "unknown", "undefined", "anonymous"})

_LEAD_IN = re.compile(
    r"""(?:
      (?:hi|hello|hey|yes|yeah|sure|okay|ok|um|uh|well|oh|so|good\ (?:morning|afternoon|evening))
        (?:\ there)?\b[\s,.!]*
    | (?:my|the|his|her|their)\ (?:full\ |first\ |last\ )?name(?:\ is|['’]s)\b[\s,:]*
    | name['’]?s?\ ?(?:is\b|:)[\s,:]*
    | (?:this|it|that)(?:\ is|['’]s)\b[\s,:]*
    | (?:i\ am|i['’]m)\ (?!name)[\s,:]*
    | (?:you\ can\ |please\ |just\ )?call\ me\b[\s,:]*
    | (?:mr|mrs|ms|miss|mx|mister|missus|madam|sir|dr|doctor|prof|professor|rev|reverend)
        (?:\.|\b)\s*(?=\S)
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
_LEAD_OUT = re.compile(r"[\s,]+(?:speaking|here|please|thanks|thank you)[\s.!]*$", re.IGNORECASE)

_AS_IN = re.compile(r"\b([^\W\d_])(?:,)? (?:as in|like|for) [^\W\d_]+,?(?!\w)", re.IGNORECASE)
_DOUBLE = re.compile(r"\bdouble[\s-]([^\W\d_])\b", re.IGNORECASE)
# Letters joined by hyphens; or three and more with spaces, a vowel among them, so that the
# initials of "J R R Tolkien" stay what they are.
_HYPHENATED = re.compile(r"(?<![\w'’-])[^\W\d_](?:\s?-\s?[^\W\d_]){1,60}(?![\w'’-])")
_SPACED = re.compile(r"(?<![\w'’.-])[^\W\d_](?:,? [^\W\d_]){2,60}(?![\w'’.-])")
_SPELLING_FOLLOWS = re.compile(
    r"(?P<heard>[^\W\d_]+)(?:,| -)?(?: (?:spelled|spelt|that['’]s|that is|it['’]s|with))?,?"
    r"(?: a)? \x00(?P<spelled>[^\W\d_]+)",
    re.IGNORECASE,
)
_SPELLED = "\x00"  # marks a word put together from letters; no text holds it by then


def person_name(text: str) -> str:
    """The name, its capitals as they were said, at most 200 characters.

    Lead-ins and titles are dropped ("this is Mrs. Jones" is "Jones"). Letters spelled out make
    a word with one capital ("S-M-Y-T-H-E" is "Smythe"), in place of the word they spell.
    Raises NotUnderstood when nothing is left that could be a name.
    """
    name = _tidy(text)
    if len(name) > LONGEST:
        raise NotUnderstood("name", Reason.TOO_LONG)
    if not name or name.lower().strip(".") in _NOTHING:
        raise NotUnderstood("name", Reason.NOTHING_HEARD)
    name = _LEAD_OUT.sub("", name[_end_of_lead_in(name) :])
    name = _joined(name).strip(' ,.;:!?"“”()')
    if not any(map(str.isalpha, name)):
        raise NotUnderstood("name", Reason.NO_LETTERS)
    return name


def _end_of_lead_in(name: str) -> int:
    """Where the name begins; at 0 if nothing but a lead-in was said ("Sir", "Miss")."""
    match = _LEAD_IN.match(name)
    return match.end() if match and match.end() < len(name) else 0


def _tidy(text: str) -> str:
    """NFC, single spaces, without control characters and other invisible ones."""
    composed = unicodedata.normalize("NFC", text[: LONGEST * 20])
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    return " ".join(
        "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Co", "Cs")).split()
    )


def _joined(name: str) -> str:
    """The name with its spelled-out letters put together."""
    letters = _AS_IN.sub(r"\1", name) if _AS_IN.search(name) else name
    letters = _DOUBLE.sub(r"\1 \1", letters) if _SPACED.search(letters) else letters
    letters = _HYPHENATED.sub(lambda match: _word(match[0]), letters)
    letters = _SPACED.sub(lambda match: _spaced_word(match[0]), letters)
    return _SPELLING_FOLLOWS.sub(_corrected, letters).replace(_SPELLED, "")


def _word(letters: str) -> str:
    word = "".join(filter(str.isalpha, letters))
    return _SPELLED + word[0].upper() + word[1:].lower()


def _spaced_word(letters: str) -> str:
    return _word(letters) if re.search("[aeiouy]", letters, re.IGNORECASE) else letters


def _corrected(match: re.Match[str]) -> str:
    """The spelled word instead of the heard one, when it begins alike; else both."""
    heard, spelled = match["heard"], match["spelled"]
    if heard[0].lower() == spelled[0].lower():
        return spelled
    return match[0]
