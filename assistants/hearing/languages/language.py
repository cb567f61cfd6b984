"""Language: how days and times are said in one language, as a table from its words to English.

The table is without accents, as transcribers often write. An entry may be several words; the
longest that fits is taken. "" means that the words say nothing about when. None means that they
have two readings, so the caller is asked.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..lexicon import FILLERS, LEXICON
from .locales import words_of

Table = dict[str, str | None]
_LETTER = r"[^\W\d_]"
_HALVES = ("am", "pm", "a", "p", "h")


def folded(text: str) -> str:
    """Lower case without accents: "mañana" is "manana", "fünf" "funf"."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("ß", "ss"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def entries(*lines: tuple[str, str | None]) -> Table:
    """A table from lines: words that mean the same, separated by "|", and their English."""
    return {said: meant for words, meant in lines for said in words.split("|")}


def numbered(words: str) -> Table:
    """Numbers from one on, in words; with "/" between ways to say the same."""
    lines = enumerate(words.split(), start=1)
    return {said.replace("_", " "): str(n) for n, ways in lines for said in ways.split("/")}


def years(numbers: Table, *thousands: str) -> Table:
    """2024 to 2035 in words: the words for two thousand, then the rest of the number."""
    ends = ((words, n) for words, n in numbers.items() if n and 24 <= int(n) <= 35)
    return {f"{before}{words}": f"20{n}" for words, n in ends for before in thousands}


@dataclass
class Language:
    """`table` comes before what dateparser's locale knows; `order` puts the English in order."""

    code: str
    table: Table
    order: tuple[tuple[str, str], ...]
    soonest: tuple[str, ...]
    ignored: frozenset[str] = field(default_factory=frozenset)  # words of the locale, as too short

    @cached_property
    def words(self) -> Mapping[str, str | None]:
        locale = {
            folded(word): meant
            for word, meant in words_of(self.code)
            if folded(word) not in self.ignored
        }
        return locale | dict.fromkeys(self.soonest, "") | self.table

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every single word that is known, also as a part of several."""
        return frozenset(word for words in self.words for word in re.findall(_LETTER + "+", words))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        phrases = [words for words in self.words if not words.isalpha()]
        longest = "|".join(map(re.escape, sorted(phrases, key=len, reverse=True)))
        return re.compile(rf"(?<!{_LETTER})(?:{longest})(?!{_LETTER})|{_LETTER}+")

    @cached_property
    def _order(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple((re.compile(found), meant) for found, meant in (*_COMMON_ORDER, *self.order))

    def in_english(self, text: str) -> str | None:
        """A folded text in English words; None if one of them is not known."""
        pieces: list[str] = []
        done = 0
        for match in self._pattern.finditer(text):
            meant = self._meant(match, text)
            if meant is None:
                return None
            pieces += text[done : match.start()], meant
            done = match.end()
        english = " ".join("".join([*pieces, text[done:]]).split())
        for pattern, order in self._order:
            english = pattern.sub(order, english)
        return english

    def _meant(self, match: re.Match[str], text: str) -> str | None:
        word = match[0]
        if word in _HALVES and text[: match.start()].rstrip(" .")[-1:].isdigit():
            return word
        if word in self.words:
            return self.words[word]
        if word in FILLERS:
            return ""
        token = LEXICON.get(word)
        return word if token is not None and token.kind != "near" else None


# "Viernes cuatro" is a day of a month where a time would have its "a las".
WEEKDAY_AND_NUMBER = (
    r"\b((?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: the)? (\d\d?)(?= (?:at|a) \d|,|$)",
    r"\1 the \2th",
)

# Hours and minutes as most of the languages put them: "3 and half", "4 minus quarter".
_COMMON_ORDER = (
    (r"\bnoon and half\b", "12:30 pm"),
    (r"\bnoon and quarter\b", "12:15 pm"),
    (r"\b(\d\d?)(?: oclock)? and half\b", r"\1:30"),
    (r"\b(\d\d?)(?: oclock)? and (?:a |1 )?quarter\b", r"\1:15"),
    (r"\b(\d\d?)(?: oclock)? minus (?:the |1 )?quarter\b", r"quarter to \1"),
    (r"\b(\d\d?)(?: oclock)? minus (\d\d?)\b", r"\2 minutes to \1"),
    (r"\bat (\d\d?) and (\d\d)\b", r"at \1:\2"),
    (r"\b(\d\d?)(?: minutes)? towards (\d\d?)\b", r"\1 minutes to \2"),
    (r"\bquarter towards (\d\d?)\b", r"quarter to \1"),
    (r"\btowards (?=\d)", "at "),
    (r"\bin (\d+) oclock\b", r"in \1 hours"),
    (r"\b(\d\d?) oclock (\d\d)\b", r"\1:\2"),
    (
        r"\b(?:of|from)(?: the)?(?: at)? (\d\d?(?::\d\d|h\d*)?(?: oclock)?) at (?=\d)",
        r"from \1 to ",
    ),
    (r"\bminus\b", "not"),
    (
        r"(?:^|(?<=[\dynmrkw])(?:,| -)? )not, "
        r"(?=(?:at|on|the|in|around|from|sorry|(?:day after )?tomorrow)\b|\w+day\b)",
        " no wait ",
    ),
    (r"\b(after|before) (\d\d?) hours?\b", r"\1 \2:00"),
    (r"\bevery day (?=not\b)", "any day "),
    (r"\b(?:(?:of|from)(?: the)? )?(\w+day) (?:at|to)(?: the)? (\w+day)\b", r"from \1 to \2"),
    (r"\b(?:of|from) the (\d\d?) (?:at|to) the (\d\d?)(?= of)", r"from the \1th to the \2th"),
    (r"\b(\w+days) (and|or) (\w+day)\b", r"\1 \2 \3s"),
    (r"\bnot every ((?:mon|tues|wednes|thurs|fri|satur|sun)day)\b", r"not \1s"),
    (r"\bnot at (?=\w+days\b)", "not on "),
)


def known(words: Iterable[str], language: Language) -> int:
    return sum(word in language.vocabulary for word in words)
