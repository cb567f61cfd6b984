"""Accents: taken off, since transcribers write them as they like."""

import unicodedata


def without_accents(text: str) -> str:
    """Letters and digits of other forms are plain ones, too: “①” is “1”."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))
