"""Languages: a text in Spanish, French, German or Portuguese put into English words.

Every word must be known, else the caller is asked. A text in English is left as it is.
"""

import re
from functools import lru_cache

from ..lexicon import FILLERS, SPELLED_RIGHT, listed
from ..meaning import NotUnderstood, Reason
from .french import FRENCH
from .german import GERMAN
from .language import Language, folded, known
from .portuguese import PORTUGUESE
from .spanish import SPANISH

LANGUAGES = (SPANISH, PORTUGUESE, FRENCH, GERMAN)
_WORD = re.compile(r"[^\W\d_]+")
_HALF = re.compile(r"(?<=\d) ?([ap])\. ?m\b\.?")
# Words that are English as well, so that they do not show the language.
_ENGLISH = frozenset(
    listed(
        "i me my mine we us our you your he him his she her it its they them their who what when "
        "where why how which that these those is are was were be been being am do does did done "
        "have has had having can could will would shall should may might must need want wants "
        "like get got give go going come coming see take make made know think say said tell let "
        "help use find work works call called calling book booked booking schedule free good fine "
        "great best better well back out up down over off if as with about into than then there "
        "here very too more most much many some any all both each other another same own new old "
        "doctor dr mr mrs ms office clinic dentist appointment patient name time day date week "
        "slot no not yes not don't can't once die den war hat man son sin era pie mar sol plus "
        "par pour fin sept quart mars mi do est das des an on so also data "
        "once sex set ten six cent minute minutes mine tier bald rest post long first "
        "second last end hold hey sir miss june april august sam ben dan don may might soon us "
    )
)
# Words of a language that are names as well ("Dr. Domingo").
_NAMES = frozenset(listed("domingo julio avril abril marco mayo mai june janvier abend morgen"))
_TELLING = frozenset(
    listed("monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday")
)


def in_english(text: str, *, hint: str = "") -> str | None:
    """A text in lower case in English words; None if it is English already.

    `hint` is a language the caller is known to speak ("es"), for words of two languages.
    Raises NotUnderstood for a text in another language with a word that is not known.
    """
    plain = text if text.isascii() else folded(text.replace("\u2019", "'"))
    plain = _HALF.sub(r" \1m", plain)
    words = _WORD.findall(plain)
    if _telltales().isdisjoint(words):
        return None
    language = max(LANGUAGES, key=lambda one: (known(words, one), one.code == hint))
    foreign = known(words, language)
    english = sum(word in _english() for word in words if word not in language.vocabulary)
    days = _names_a_day(words, language)
    if foreign < english and not days:
        return None
    found = language.in_english(plain)
    if found is None and asks_soonest(text):
        return ""  # no word about a day
    if found is None and english >= foreign and not days:
        return None
    if found is None:
        raise NotUnderstood("day", Reason.AMBIGUOUS)
    return found


def asks_soonest(text: str) -> bool:
    """Whether a text in another language asks for the soonest there is, and for nothing else."""
    plain = folded(" ".join(text.split()))
    for language in LANGUAGES:
        for phrase in language.soonest:
            if phrase in plain:
                rest = _WORD.findall(plain.replace(phrase, " "))
                return all(language.words.get(word) in ("", "the") for word in rest)
    return False


def _names_a_day(words: list[str], language: Language) -> bool:
    return any(language.words.get(word) in _TELLING for word in words if word not in _NAMES)


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    return _ENGLISH | FILLERS | SPELLED_RIGHT


@lru_cache(maxsize=1)
def _telltales() -> frozenset[str]:
    """The words of other languages that are not English. Each such text has at least one."""
    found: set[str] = set()
    for language in LANGUAGES:
        found |= language.vocabulary
    return frozenset(word for word in found - _english() if len(word) > 1)


def load() -> None:
    """Load the tables of all languages, ahead of the first caller who speaks one of them."""
    _telltales()
    for language in LANGUAGES:
        language.in_english("")
