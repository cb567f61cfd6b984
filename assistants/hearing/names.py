"""Names: a person's name as it was said, without what was said around it."""

import re
import unicodedata

from .meaning import NotUnderstood, Reason

LONGEST = 200

_NOTHING = frozenset({"null", "none", "n/a", "unknown", "undefined", "anonymous"})

_LEAD_IN = re.compile(
    r"""(?:
      (?:hi|hello|hey|yes|yeah|sure|okay|ok|um|uh|good\ (?:morning|afternoon|evening))
        (?:\ there)?\b[\s,.!]*
    # So and Oh are names as well (So Yeon, Oh Jin-woo): here only before more of a lead-in.
    | (?:so|oh|well)\b(?:\s*[,.!]|(?=\s+(?:my|this|it|that|i|the|yes|yeah|um|uh)\b))[\s,.!]*
    | (?:my|the|his|her|their)\ (?:full\ |first\ |last\ )?name(?:\ is|'s)\b[\s,:]*
    | (?:first\ |full\ )?name(?:\ is\b|'s\b|:)?[\s,:]+
    | (?:this|it|that)(?:\ is|'s)\b[\s,:]*
    | (?:i\ am|i'm)(?:\ called)?\b[\s,:]*
    | (?:you\ can\ |please\ |just\ )?call\ me\b[\s,:]*
    | for\ (?:my|our|his|her|their)\ (?:son|daughter|child|kid|baby|wife|husband|partner|spouse
        |mother|father|mom|mum|dad|sister|brother|grandmother|grandfather|friend)\b[\s,:]*
    | me,\s
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|mister|missus|madam|sir|dr|doctor|prof|professor|rev|reverend)"
    r"(?:\.|\b)\s*(?=\S))+",
    re.IGNORECASE,
)
_LEAD_OUT = re.compile(r"[\s,]+(?:speaking|here|please|thanks|thank you)[\s.!]*$", re.IGNORECASE)
_LABELS = re.compile(r"\b(?:first|last|middle|given|family) name(?: is|'s)?:? ", re.IGNORECASE)

_AS_IN = re.compile(r"\b([^\W\d_]),? (?:as in|like|for) [^\W\d_]+,?(?!\w)", re.IGNORECASE)
_DOUBLE = re.compile(r"(?<=\b[^\W\d_][\s-])double[\s-]([^\W\d_])\b", re.IGNORECASE)
# Letters joined by hyphens; or three and more with spaces, a vowel among them, so that the
# initials of "J R R Tolkien" stay what they are.
_HYPHENATED = re.compile(r"(?<!\S)[^\W\d_](?:\s?-\s?[^\W\d_]){1,60}(?![\w'-])")
_SPACED = re.compile(r"(?<!\S)[^\W\d_](?:,? [^\W\d_]){2,60}(?![\w'.-])")
_SPELLED = "\x00"  # marks a word put together from letters; no tidied text holds it
_SPELLING_FOLLOWS = re.compile(
    rf",? (?:(?:that's|it's|which is|with)? ?(?:a|spelled|spelt)? ?)(?={_SPELLED})", re.IGNORECASE
)


def person_name(text: str) -> str:
    """The name, its capitals as they were said, at most 200 characters.

    Lead-ins and titles are dropped ("this is Mrs. Jones" is "Jones"). Letters spelled out make
    a word with one capital ("S-M-Y-T-H-E" is "Smythe"), in place of the word they spell.
    Raises NotUnderstood when nothing is left that could be a name.
    """
    name = _tidy(text)
    if len(name) > LONGEST:
        raise NotUnderstood("name", Reason.TOO_LONG)
    name = _LEAD_OUT.sub("", _LABELS.sub("", _without(_TITLES, _without(_LEAD_IN, name))))
    name = _joined(name).strip(' ,;:!?"()\u201c\u201d')
    name = re.sub(r"(?<=[^\W\d_]{3})\.$", "", name)  # the sentence's stop, not that of "Jr."
    if not name or name.lower() in _NOTHING:
        raise NotUnderstood("name", Reason.NOTHING_HEARD)
    if not any(map(str.isalpha, name)):
        raise NotUnderstood("name", Reason.NO_LETTERS)
    return name


def _without(beginning: re.Pattern[str], name: str) -> str:
    match = beginning.match(name)
    return name[match.end() :] if match else name


def _tidy(text: str) -> str:
    """NFC, single spaces, without control characters and other invisible ones."""
    composed = unicodedata.normalize("NFC", text[: LONGEST * 20]).replace("\u2019", "'")
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in composed)
    return " ".join(
        "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Co", "Cs")).split()
    )


def _joined(name: str) -> str:
    """The name with its spelled-out letters put together."""
    letters = _DOUBLE.sub(r"\1 \1", _AS_IN.sub(r"\1", name))
    letters = _HYPHENATED.sub(lambda match: _word(match[0]), letters)
    letters = _SPACED.sub(lambda match: _spaced_word(match[0]), letters)
    if _SPELLED not in letters:
        return letters
    return " ".join(_corrected(_SPELLING_FOLLOWS.sub(" ", letters).split()))


def _word(letters: str) -> str:
    word = "".join(filter(str.isalpha, letters))
    return _SPELLED + word[0].upper() + word[1:].lower()


def _spaced_word(letters: str) -> str:
    return _word(letters) if re.search("[aeiouy]", letters, re.IGNORECASE) else letters


def _corrected(words: list[str]) -> list[str]:
    """The spelled words instead of as many heard before them, when they begin alike."""
    spelled = [word.startswith(_SPELLED) for word in words]
    first = spelled.index(True)
    count = [*spelled[first:], False].index(False)
    heard = words[max(first - count, 0) : first]
    begin_alike = [word[0].lower() for word in heard] == [
        word[1].lower() for word in words[first : first + count]
    ]
    kept = words[: first - count] if begin_alike else words[:first]
    return kept + [word.removeprefix(_SPELLED) for word in words[first:]]
