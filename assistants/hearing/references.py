"""References: the short code of an appointment, as callers say it and as it is transcribed."""

import re

# What a digit or the name of a letter is transcribed as; only of those that references are made of
# (`bookings.references`).
_SOUNDS = {
    "2": "two dos zwei zwo deux dois duas",
    "3": "three tres drei trois",
    "4": "four cuatro vier quatre quatro",
    "5": "five cinco funf fuenf cinq",
    "6": "six seis sechs",
    "7": "seven siete sieben sept sete",
    "8": "eight ocho acht huit oito",
    "9": "nine nueve neun neuf nove",
    "A": "ay alpha alfa",
    "H": "aitch haitch hotel",
    "J": "jay juliet juliett",
    "K": "kay kilo",
    "M": "em mike",
    "Q": "cue queue quebec",
    "R": "ar are romeo",
    "W": "whiskey whisky",
    "X": "ex xray",
    "Y": "why wye yankee",
}
_SIGN = {sound: sign for sign, sounds in _SOUNDS.items() for sound in sounds.split()}
_DOUBLE_U = re.compile(r"\bdouble[ -](?:u|you)\b")
_AS_IN = re.compile(r"\b([a-z]),? (?:as in|like in|like|for|wie|como|comme) \1[a-z]+")
_SAID_TWICE = re.compile(r"\b([a-z]),? \1(?=,? (?:as in|like|for)\b)")
_BESIDE = {
    "my", "the", "its", "is", "it", "reference", "number", "code", "confirmation", "and", "i",
    "think", "believe", "thanks", "thank", "you", "please", "um", "uh", "so", "ok", "yes", "thats",
    "that",
}  # fmt: skip


# That there is none to say.
_NONE = re.compile(
    r"(?:(?:sorry|no),? )*(?:i |we |caller )?"
    r"(?:(?:do(?:es)?n'?t|do(?:es)? not|can'?t|cannot|can not)"
    r" (?:have|know|remember|recall|find)|have no|lost|forgot)\b[^\d]*"
)


def reference(text: str) -> str:
    """The reference in capital letters and digits: “7 Q 2 M K” and “seven Q as in queen, two, em,
    kay” are “7Q2MK”. Words that are none of it stay in it, so that it is no reference; "" where the
    caller has none."""
    if _NONE.fullmatch(text.casefold().replace("\u2019", "'").strip(" .!")):
        return ""
    plain = text.casefold().replace("ü", "u").replace("x-ray", "xray").replace("'", "")
    said = _AS_IN.sub(r"\1 ", _SAID_TWICE.sub(r"\1", _DOUBLE_U.sub("w", plain)))
    words = [word for word in re.findall(r"[^\W_]+", said) if word not in _BESIDE]
    return "".join(_SIGN.get(word, word) for word in words).upper()
