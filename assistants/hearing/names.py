"""Names: a person's name as it was said, without what was said around it."""

import re
import unicodedata

from .lexicon import LEXICON
from .meaning import NotUnderstood, Reason
from .name_asides import (
    ASIDE,
    BRACKETED,
    CALLED,
    FILLERS,
    FIRST_NAME_LAST,
    FOR_WHOM,
    INTERJECTIONS,
    LABELS,
    LEAD_IN,
    LEAD_OUT,
    LETTERS_TOLD,
    NAMED_BEHIND,
    NATO,
    NO_NAME,
    NO_NAMES,
    OF_A_SENTENCE,
    OF_A_TIME,
    OF_THE_VISIT,
    ONE_LETTER_TOLD,
    ONLY_OF_A_TIME,
    PARTICLES,
    POSSESSIVE,
    SELF,
    SOMEBODYS,
    SOUND,
    SPELLED_APART,
    SPOKEN_ADDRESS,
    STUTTER,
    TAKEN_BACK,
    TITLES,
    TWO,
)

LONGEST = 200

_SPACES = frozenset({"Cc", "Zl", "Zp", "So"})  # categories of Unicode; So: emoji, among others

_PLACEHOLDER = re.compile(r"[\[{<]+[^\[{<]*[\]}>]+")  # "{{name}}", "[Patient Name]"

_TITLE_INSIDE = re.compile(r"(?<=\w)(?<!\band) (?:mr|mrs|ms|miss)\.? (?=\w)", re.IGNORECASE)
_WITH_TITLE = re.compile(r"(?:mr|mrs|ms|dr|miss)\b", re.IGNORECASE)
_AS_IN = re.compile(r"\b([^\W\d_]),? (?:as in|like|for) [^\W\d_]+,?(?!\w)", re.IGNORECASE)
_DOUBLE = re.compile(r"(?<=\b[^\W\d_])(,?[\s-])double[\s-]([^\W\d_])\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\bcapital (?=[^\W\d_]\b)", re.IGNORECASE)
_SIGNS = (
    (re.compile(r"(?<=\b[OoDd]) apostrophe (?=\w\w)|(?<=\w\w) apostrophe (?=\w)"), "'"),
    (re.compile(r"(?<=\w\w) (?:hyphen|dash) (?=\w\w)"), "-"),
)
# Letters joined by hyphens; or three and more with spaces, a vowel among them, so that
# "J R R" in "J R R Tolkien" is kept as initials.
_HYPHENATED = re.compile(r"(?<!\S)[^\W\d_](?:\s?-\s?[^\W\d_]){1,60}(?![\w'-])")
_SPACED = re.compile(r"(?<!\S)[^\W\d_](?:,? [^\W\d_]){2,60}(?![\w'-]|\.\S)")
_OF = "de|del|di|da|du|van|von|le|la|al|el|bin|ibn|ben|mac|mc"  # "Luca De Luca" is one name
_SIGNS_OF_NO_NAME = re.compile(r"[=?!*#%&$|\\/+<>\[\]{}~^_]")
_JOINED_PARTICLES = frozenset({"mc", "mac", "o'", "fitz"})
_SPELLED = "\x00"  # marks a word put together from letters; tidied text never contains it
_SPELLING_FOLLOWS = re.compile(
    rf",? (?:(?:that's|that is|it's|it is|which is|with)? ?(?:an?|spelled|spelt)? ?)(?={_SPELLED})",
    re.IGNORECASE,
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
    if "@" in name or SPOKEN_ADDRESS.search(name):
        raise NotUnderstood("name", Reason.NOTHING_HEARD)
    name = STUTTER.sub("", BRACKETED.sub("", FILLERS.sub("", name)))
    name = ASIDE.sub(" ", CALLED.sub("", TAKEN_BACK.sub("", name)))
    if len(_AS_IN.findall(name)) == 1:
        name = ONE_LETTER_TOLD.sub("", name)
    name = LETTERS_TOLD.sub("", " ".join(name.split()))
    name = SPELLED_APART.sub(lambda said: said[0].replace(" ", "-").replace("-space-", " "), name)
    name = SELF.sub("", OF_THE_VISIT.sub("", name))
    name = _without(LEAD_IN, _for_whom(name.strip()))
    _refuse_two(name)
    name = _whole(_without_end(name))
    name = _unquoted(_joined(_without(TITLES, name.strip())))
    name = _said_once(name)
    if not name:
        raise NotUnderstood("name", Reason.NOTHING_HEARD)
    _refuse_no_name(name)
    if sum(map(str.isalpha, name)) <= sum(map(str.isdigit, name)):
        raise NotUnderstood("name", Reason.NO_LETTERS)
    if re.search(r"\d(?!(?:st|nd|rd|th)\b)", name) or OF_A_SENTENCE.search(name):
        raise NotUnderstood("name", Reason.AMBIGUOUS)
    if _SIGNS_OF_NO_NAME.search(name) or _has_other_words(name):
        raise NotUnderstood("name", Reason.AMBIGUOUS)
    return name


def _for_whom(said: str) -> str:
    """What was said of the patient, where the caller is somebody else: "Jane, for my son Ben".

    Raises NotUnderstood where it could be the one or the other.
    """
    said = POSSESSIVE.sub("", said)
    found = FOR_WHOM.fullmatch(said)
    if found is None or _is_a_time(found["patient"].strip(" .,!?").lower()):
        return _of_whom(said)
    if found["kin"] or (found["so"] and len(found["patient"].split()) > 1):
        return str(found["patient"])
    lead_in = LEAD_IN.match(said)
    if lead_in and lead_in.end() >= found.start("patient"):  # nobody else is named
        return said
    raise NotUnderstood("name", Reason.SEVERAL)


def _of_whom(said: str) -> str:
    found = SOMEBODYS.match(said)
    return said[found.end() :] if found else said


def _has_other_words(name: str) -> bool:
    """Whether words in small letters stand beside the capitals of a name, and are none of it.

    One between its words may be a part of it ("Jean luc Picard").
    """
    words = re.findall(r"[^\s,]+,?", name)
    small = [at for at, word in enumerate(words) if _is_small(word)]
    if not small or not any(word[0].isupper() for word in words):
        return False
    beside_a_comma = any(
        words[at].endswith(",") or (at and words[at - 1].endswith(",")) for at in small
    )
    return len(small) > 1 or (small[0] == 0 and len(words) > 2) or beside_a_comma


def _is_small(word: str) -> bool:
    return word[0].islower() and word.rstrip(".,") not in PARTICLES and "'" not in word


def _refuse_no_name(said: str) -> None:
    """Raise NotUnderstood for an answer, a question or an address instead of a name."""
    plain = said.strip(" .,!?").lower()
    placeholder = _PLACEHOLDER.fullmatch(said.strip(" .,!?\"'"))
    if plain in NO_NAMES or placeholder or NO_NAME.fullmatch(plain):
        raise NotUnderstood("name", Reason.NOTHING_HEARD)
    if _only_answers(plain) or _is_a_time(plain):
        raise NotUnderstood("name", Reason.NOTHING_HEARD)


def _only_answers(plain: str) -> bool:
    """Whether there is nothing but sounds and short answers: "mm-hmm", "no, sorry, what?".

    One letter alone may be an initial, and "Oh" a name beside another.
    """
    words = re.findall(r"[\w'-]+", plain)
    return bool(words) and all(
        word in INTERJECTIONS or (len(word) > 1 and SOUND.fullmatch(word)) for word in words
    )


def _is_a_time(plain: str) -> bool:
    """Whether it is a day or a time ("tomorrow morning"); "April May" is a name."""
    kinds = {token.kind if (token := LEXICON.get(word)) else "" for word in plain.split()}
    return kinds <= OF_A_TIME and not kinds.isdisjoint(ONLY_OF_A_TIME)


def _refuse_two(name: str) -> None:
    """Raise NotUnderstood for "Ana Marsh and Ben Marsh", and "Ana and her brother Ben".

    Words with mixed capitals ("Law and Order") may be one name.
    """
    sides = re.split(r" (?:and|&|or) ", name)
    short = all(1 <= len(side.split()) <= 3 for side in sides)
    cased = {word[0].isupper() for side in sides for word in side.split()}
    alike = len(sides) == 2 and short and len(cased) == 1 and not _WITH_TITLE.match(name)
    if TWO.search(name) or (alike and not LABELS.search(name) and not NAMED_BEHIND.match(name)):
        raise NotUnderstood("name", Reason.SEVERAL)


def _without_end(name: str) -> str:
    """The name without what was said after it, even if that is several things."""
    for _ in range(4):
        shorter = LEAD_OUT.sub("", name)
        if shorter == name:
            break
        name = shorter
    return name


def _whole(name: str) -> str:
    """First name, then last name, without the words that say which is which."""
    for pattern, order in ((NAMED_BEHIND, r"\1 \2"), (FIRST_NAME_LAST, r"\2 \1")):
        name = pattern.sub(order, name.strip())
    return _TITLE_INSIDE.sub(" ", LABELS.sub(" ", name)).strip()


def _said_once(name: str) -> str:
    """ "Smith. John Smith.", "Chris. Christopher Lang" and "Jon Smith, Jon": the name once."""
    name = re.sub(r"^(\w{3,})(?:[.,]| [^,]+,) (?=\1\w* \S)", "", name)
    name = re.sub(
        rf"^(\w[\w' -]*)(?:[.,] | (?=[^,]*$))(?=(?!(?i:{_OF})\b)\S+(?: \S+)? \1$)", "", name
    )
    name = re.sub(r"^((\w{2,}) .+), \2$", r"\1", name)
    return re.sub(r"^((\w[\w'-]*)(?: .+)?|.+ (\w[\w'-]*)), (?:\2|\3)$", r"\1", name)


def _without(beginning: re.Pattern[str], name: str) -> str:
    match = beginning.match(name)
    return name[match.end() :] if match else name


def _unquoted(name: str) -> str:
    """The name without quotes around it and without a full stop (but with that of "Jr.")."""
    bare = name.lstrip("- ").strip(' ,;:!?"()\u201c\u201d')
    if bare[:1] == bare[-1:] == "'":
        bare = bare[1:-1]
    return re.sub(r"(?<=[^\W\d_]{3})\.$", "", bare)


def _tidy(text: str) -> str:
    """NFC, one kind of apostrophe, single spaces; no control characters, no emoji."""
    composed = unicodedata.normalize("NFC", text[: LONGEST * 20])
    plain = re.sub(r"[\u2018\u2019\u02bc\u00b4`]", "'", composed)
    plain = re.sub(r"[\ufe0f\U0001f3fb-\U0001f3ff]", "", plain)  # modifiers of an emoji
    visible = (" " if unicodedata.category(c) in _SPACES else c for c in plain)
    tidy = " ".join(
        "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Co", "Cs")).split()
    )
    tidy = re.sub(r"\s?(?:\.{2,}|\u2026)(?=\s|$)", ",", tidy)
    # Punctuation without a word between.
    return re.sub(r"([,.;(])(?: ?[,;(]| [.]){2,}", r"\1", tidy)


def _joined(name: str) -> str:
    """The name with its spelled-out letters put together."""
    if len(words := name.split()) > 3 and all(word.lower() in NATO for word in words):
        return _word("".join(NATO[word.lower()] for word in words)).removeprefix(_SPELLED)
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
    """The letters as a word; `letters` as they are if signs like “½” are among them, which regular
    expressions take for letters."""
    word = "".join(filter(str.isalnum, letters))
    if not word.isalpha():
        return letters
    return _SPELLED + word[0].upper() + word[1:].lower()


def _spaced_word(letters: str) -> str:
    return _word(letters) if re.search("[aeiouy]", letters, re.IGNORECASE) else letters


def _corrected(words: list[str]) -> list[str]:
    """The spelled words, in place of the words before them that begin with the same letters."""
    spelled = [word.startswith(_SPELLED) for word in words]
    first = spelled.index(True)
    count = [*spelled[first:], False].index(False)
    for length in range(2, min(first, 4) + 1):  # "Ann Lee, A N N L E E"
        if "".join(words[first - length : first]).lower() == words[first][1:].lower():
            heard = words[first - length : first]
            if heard[0].lower() in _JOINED_PARTICLES:  # "Mc Donald, M C D O N A L D"
                return [*words[: first - length], "".join(heard), *words[first + 1 :]]
            return words[:first] + words[first + 1 :]
    if count == 1 and words[first][1:].lower() in (word.lower() for word in words[: first - 1]):
        return words[:first] + words[first + 1 :]  # "Dana Wright, D-A-N-A"
    heard = words[max(first - count, 0) : first]
    begin_alike = [word[0].lower() for word in heard] == [
        word[1].lower() for word in words[first : first + count]
    ]
    kept = words[: first - count] if begin_alike else words[:first]
    spelled_now = [_unmarked(word) for word in words[first : first + count]]
    rest = words[first + count :]
    return kept + spelled_now + (_corrected(rest) if any(spelled[first + count :]) else rest)


def _unmarked(word: str) -> str:
    """A word without the mark of spelling; a spelled word also loses the comma after it."""
    return word.removeprefix(_SPELLED).rstrip(",.") if word.startswith(_SPELLED) else word
