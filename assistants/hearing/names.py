"""Names: a person's name as it was said, without what was said around it."""

import re
import unicodedata

from .meaning import NotUnderstood, Reason

LONGEST = 200

_SPACES = frozenset({"Cc", "Zl", "Zp", "So"})  # categories of Unicode; So: emoji, among others

_NOTHING = frozenset(
    {"null", "none", "n/a", "unknown", "undefined", "anonymous", "not provided", "no name"}
    | {"name", "your name", "caller", "unknown caller", "patient", "the patient", "me", "myself"}
)
_PLACEHOLDER = re.compile(r"[\[{<]+[^\[{<]*[\]}>]+")  # "{{name}}", "[Patient Name]"

_RELATIVES = (
    "son|daughter|child|kid|baby|wife|husband|partner|spouse|mother|father|mom|mum|dad|sister"
    "|brother|grandmother|grandfather|friend"
)
_LEAD_IN = re.compile(
    rf"""(?:
      (?:hi|hello|hey|yes|yeah|sure|okay|ok|um|uh|good\ (?:morning|afternoon|evening))
        (?:\ there)?\b[\s,.!]*
    # So and Oh are names as well (So Yeon, Oh Jin-woo): here only before more of a lead-in.
    | (?:so|oh|well)\b(?:\s*[,.!]|(?=\s+(?:my|this|it|that|i|the|yes|yeah|um|uh)\b))[\s,.!]*
    | (?:my|the|his|her|their)\ (?:full\ |first\ |last\ )?name(?:\ is\b|'s\b|,)[\s,:]*
    | (?:the\ )?patient(?:'s)?(?:\ name)?(?:\ is\b|:)[\s,:]*
    | (?:first\ |full\ )?name(?:\ is\b|'s\b|:)?[\s,:]+
    | (?:this|it|that)(?:\ is|'s)\b[\s,:]*
    | (?:i\ am|i'm)(?:\ called)?\b[\s,:]*
    | (?:you\ can\ |please\ |just\ )?call\ me\b[\s,:]*
    | (?:they|people|(?:my\ )?friends|everyone|everybody)\ calls?\ me\b[\s,:]*
    | (?:calling|booking|asking)\ (?=for\b|on\ behalf\b)
    | (?:for|on\ behalf\ of)\ (?=\S)
    | (?:put\ (?:it|me)\ )?under(?:\ the\ name(?:\ of)?)?\b[\s,:]+(?=\S)
    | (?:my|our|his|her|their)\ (?:{_RELATIVES})(?:'s\ name\ is)?\b[\s,:]*
    | (?:me|myself),\s
    | spel(?:led|t)\b[\s,:]+
    )+""",
    re.VERBOSE | re.IGNORECASE,
)
_TITLES = re.compile(
    r"(?:(?:mr|mrs|ms|miss|mx|mister|missus|madam|sir|dr|doctor|prof|professor|rev|reverend)"
    r"(?:\.|\b)\s*(?=\S)(?:(?:and|&) (?=(?:mr|mrs|ms|dr)\b))?)+",
    re.IGNORECASE,
)
_LEAD_OUT = re.compile(r"[\s,]+(?:speaking|here|please|thanks|thank you)[\s.!]*$", re.IGNORECASE)
_LABELS = re.compile(
    r"(?:^|,? )(?:and )?(?:my )?(?:first|last|middle|given|family) name(?: is|'s)?:? ",
    re.IGNORECASE,
)
_FIRST_NAME_LAST = re.compile(
    r"^(?:last name(?: is)?:? )?(.+?),? (?:and )?(?:my )?first name(?: is|'s)?:? (.+)$",
    re.IGNORECASE,
)

_AS_IN = re.compile(r"\b([^\W\d_]),? (?:as in|like|for) [^\W\d_]+,?(?!\w)", re.IGNORECASE)
_DOUBLE = re.compile(r"(?<=\b[^\W\d_])([\s-])double[\s-]([^\W\d_])\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\bcapital (?=[^\W\d_]\b)", re.IGNORECASE)
_SIGNS = (
    (re.compile(r"(?<=\b[OoDd]) apostrophe (?=\w\w)|(?<=\w\w) apostrophe (?=\w)"), "'"),
    (re.compile(r"(?<=\w\w) (?:hyphen|dash) (?=\w\w)"), "-"),
)
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
    name = _FIRST_NAME_LAST.sub(r"\2 \1", _without(_LEAD_IN, name))
    name = _LEAD_OUT.sub("", _LABELS.sub(" ", _without(_TITLES, name.strip())))
    name = _unquoted(_joined(name.strip()))
    if not name or name.lower() in _NOTHING or _PLACEHOLDER.fullmatch(name):
        raise NotUnderstood("name", Reason.NOTHING_HEARD)
    if not any(map(str.isalpha, name)):
        raise NotUnderstood("name", Reason.NO_LETTERS)
    return name


def _without(beginning: re.Pattern[str], name: str) -> str:
    match = beginning.match(name)
    return name[match.end() :] if match else name


def _unquoted(name: str) -> str:
    """The name without the marks around it, and the sentence's stop (not that of "Jr.")."""
    bare = name.lstrip("- ").strip(' ,;:!?"()\u201c\u201d')
    if bare[:1] == bare[-1:] == "'":
        bare = bare[1:-1]
    return re.sub(r"(?<=[^\W\d_]{3})\.$", "", bare)


def _tidy(text: str) -> str:
    """NFC, one kind of apostrophe, single spaces; no control characters, no pictures."""
    composed = unicodedata.normalize("NFC", text[: LONGEST * 20])
    plain = re.sub(r"[\u2018\u2019\u02bc\u00b4`]", "'", composed)
    plain = re.sub(r"[\ufe0f\U0001f3fb-\U0001f3ff]", "", plain)  # what colours a picture
    visible = (" " if unicodedata.category(c) in _SPACES else c for c in plain)
    return " ".join(
        "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Co", "Cs")).split()
    )


def _joined(name: str) -> str:
    """The name with its spelled-out letters put together."""
    letters = _CAPITAL.sub("", _AS_IN.sub(r"\1", name))
    letters = _DOUBLE.sub(r"\1\2\1\2", letters)
    for said, sign in _SIGNS:
        letters = said.sub(sign, letters)
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
    for length in range(2, min(first, 4) + 1):  # "Ann Lee, A N N L E E"
        if "".join(words[first - length : first]).lower() == words[first][1:].lower():
            return words[:first] + words[first + 1 :]
    heard = words[max(first - count, 0) : first]
    begin_alike = [word[0].lower() for word in heard] == [
        word[1].lower() for word in words[first : first + count]
    ]
    kept = words[: first - count] if begin_alike else words[:first]
    return kept + [word.removeprefix(_SPELLED) for word in words[first:]]
