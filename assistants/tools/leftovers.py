"""Leftovers: words of a text that are neither understood nor known to say nothing.

Who takes one thing out of a text asks here about the rest. A word that is not known may turn all
of it around, in any language: it is asked about.
"""

import re
from collections.abc import Collection
from contextlib import suppress

from assistants import hearing
from assistants.hearing import NotUnderstood
from assistants.tools import denials

WORD = re.compile(r"[^\W_]+")
# Said around what is meant, and tells nothing of it.
HARMLESS = {
    "a", "an", "the", "my", "our", "your", "please", "i", "id", "ill", "im", "we", "you", "would",
    "like", "want", "need", "can", "could", "lets", "to", "for", "with", "of", "then",
    "well", "okay", "ok", "yes", "yeah", "yep", "sure", "um", "uh", "er", "thanks", "thank",
    "actually", "just", "hi", "hello", "it", "that", "this", "one", "ones", "is", "be", "do",
    "take", "have", "get", "go", "give", "me", "book", "good", "great", "por", "favor", "bitte",
    "la", "el", "le", "die", "der", "das", "den", "sil", "vous", "plait", "si", "ja", "oui", "sim",
}  # fmt: skip
# What joins a day or a time that stands behind it.
JOINING = {
    "after", "before", "by", "until", "till", "from", "past", "to", "since", "between", "around",
    "about", "or", "and", "later", "earlier",
}  # fmt: skip
ARTICLES = {"the", "at", "on", "a", "than"}


def are_in(text: str, *, known: Collection[str] = ()) -> bool:
    """Whether a word of `text` is left over: not one of `known`, which `denials.plain` has
    written, of a day or a time, or harmless. What is said in another language counts as read where
    all of it is known there.
    """
    plain = denials.plain(hearing.without_named_days(text))
    if not has_unread(plain, known):
        return False
    rest = " ".join(word for word in WORD.findall(plain) if word not in known)
    with suppress(NotUnderstood):
        english = hearing.in_english(rest)
        return english is None or has_unread(english, known)
    return True


def has_unread(plain: str, known: Collection[str]) -> bool:
    said = WORD.findall(plain)
    return any(
        word not in known and not is_read(word, said[place + 1 :])
        for place, word in enumerate(said)
    )


def is_read(word: str, behind: list[str]) -> bool:
    """“And” and “after” are read where a day or a time stands behind them."""
    if word in JOINING:
        following = next((other for other in behind if other not in ARTICLES), "")
        return hearing.is_of_days(following)
    return word in HARMLESS or hearing.is_of_days(word)
