"""Leftovers: words of a text that are not understood and not known to be harmless.

Code that reads one thing from a text checks the rest here. An unknown word, in any language, may
change the meaning, so the caller is asked.
"""

import re
from collections.abc import Collection
from contextlib import suppress

from assistants import hearing
from assistants.hearing import NotUnderstood
from assistants.tools import denials

WORD = re.compile(r"[^\W_]+")
# Filler words.
HARMLESS = {
    "a", "an", "the", "my", "our", "your", "please", "i", "id", "ill", "im", "we", "you", "would",
    "like", "want", "need", "can", "could", "lets", "to", "for", "with", "of", "then",
    "well", "okay", "ok", "yes", "yeah", "yep", "sure", "um", "uh", "er", "thanks", "thank",
    "actually", "just", "hi", "hello", "it", "that", "this", "one", "ones", "is", "be", "do",
    "take", "have", "get", "go", "give", "me", "book", "good", "great", "por", "favor", "bitte",
    "la", "el", "le", "die", "der", "das", "den", "sil", "vous", "plait", "si", "ja", "oui", "sim",
}  # fmt: skip
# Words that join the day or the time after them.
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
    return not any(is_read_abroad(said, known) for said in (rest, plain))


def is_read_abroad(said: str, known: Collection[str]) -> bool:
    with suppress(NotUnderstood):
        english = hearing.in_english(said)
        return english is not None and not has_unread(english, known)
    return False


def has_unread(plain: str, known: Collection[str]) -> bool:
    said = WORD.findall(plain)
    return any(
        word not in known and not is_read(word, said[place + 1 :])
        for place, word in enumerate(said)
    )


def is_read(word: str, behind: list[str]) -> bool:
    """“And” and “after” count as understood if a day or a time follows."""
    if word in JOINING:
        following = next((other for other in behind if other not in ARTICLES), "")
        return hearing.is_of_days(following)
    return word in HARMLESS or hearing.is_of_days(word)
