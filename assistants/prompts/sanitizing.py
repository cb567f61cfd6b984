"""The fence around a personality: what may stand inside it, and what is refused, with a sentence.

A model reads the whole prompt as one text, so whatever could look to it like the end of the fence,
a heading, somebody's turn or a template is kept out. Text that only gives orders ("ignore all
above") may stay: the rules say that it does not count.
"""

# Characters that look like others are this file's subject.
# ruff: noqa: RUF001

import html
import re
import unicodedata

NAME = "clinic_personality"
LONGEST = 8000
LONGEST_PLAIN = 200

# Letters and signs that look like others in most fonts (Unicode TR39, confusables.txt), for
# comparing only: the text itself keeps them.
TWINS = {
    "a": "аαɑᴀ", "c": "сϲᴄ", "d": "ԁᴅ", "e": "еεᴇ", "i": "іιıɩɪ", "j": "ј", "k": "κ", "l": "ӏǀʟ",
    "m": "мᴍ", "n": "пոɴ", "o": "оοօᴏ", "p": "рρᴘ", "r": "ʀ", "s": "ѕꜱ", "t": "тτᴛ", "u": "υսᴜ",
    "v": "νᴠ", "x": "хχ", "y": "уγʏ",
    "<": "⟨˂ᐸ❮❬❰⟪", ">": "⟩˃ᐳ❯❭❱⟫", ":": "ː꞉∶։", "{": "❴", "}": "❵", "#": "♯", "_": "ˍ",
}  # fmt: skip
LOOK_ALIKES = {ord(twin): plain for plain, twins in TWINS.items() for twin in twins}
# Characters that most fonts do not show (Default_Ignorable_Code_Point in DerivedCoreProperties.txt,
# and the empty Braille cell); categories hold the rest.
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\uffff"
    "\ufdd0-\ufdef\U000e0000-\U0010ffff]"
)
UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Editors and word processors leave these behind, and nothing is lost without them.
LEFT_BEHIND = re.compile("[\ufeff\u200b\u2060\u00ad]")
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
ZERO_WIDTH_JOINER = "\u200d"
PRESENTATION = "\ufe0e\ufe0f"
KEYCAP = "\u20e3"

ROLE = (
    r"(?:system|assistant|user|human|developer|tool|function|ai|model|bot|inst)"
    r"(?: (?:prompt|messages?|instructions?|authority|override|notes?|notice|update|role|rules))?"
)
REFUSED = [
    (
        r"\{\{|\{%",
        "Double braces would be read as a template. Please write it without them.",
    ),
    (
        r"clinic[^a-z\s]*personality",
        f"“{NAME}” is the name of the fence around this text and cannot stand in it.",
    ),
    (
        r"<\s*[/!?|<]|<[^\W\d_]|<\s*[^\W\d][\w -]*>|[‹«〈《]\s*/",
        "Angle brackets would be read as markup. Please write it without them.",
    ),
    (
        r"im_(?:start|end|sep)|endoftext|eot_id|header_id|(?:begin|end)_of_|start_of_turn|```|~~~",
        "It holds a sign by which models tell texts apart. Please write it without.",
    ),
    (
        r"(?m)^[^\w\n#]*(?:\d+[.)]\s*)?#(?!\d)|^[ \t]*(?:=+|([-*_])(?:[ \t]*\1)+)[ \t]*$",
        "It holds a heading: a line that begins with “#”, or is nothing but a rule. "
        "Please write it as a sentence.",
    ),
    (
        rf"(?m)^[^\w\n]*(?:\d+[.)]\s*)?{ROLE}[^\w\n]*?(?:[:=]|\s[-–—]|[-=]>|$)"
        rf"|[\[‹«〈《【][^\w\[]{{0,9}}{ROLE}[^\w\[]{{0,9}}[\]›»〉》】]"
        r"|[\"'“”‘’]role[\"'“”‘’]\s*[:=]",
        "A line like “system:” or “assistant:” would be read as somebody else speaking. "
        "Please write it as a sentence.",
    ),
]
PATTERNS = [(re.compile(pattern), sentence) for pattern, sentence in REFUSED]
MARKUP = set("{}<>[]|#*_~`“”")


def joined(rules: str, *, name: str, personality: str) -> str:
    """The whole prompt: the rules first, word for word; then who speaks, fenced."""
    return f"{rules}\n\n<{NAME}>\n{voice(name, personality)}\n</{NAME}>\n"


def voice(name: str, personality: str) -> str:
    return "\n".join(part for part in (introduction(name), personality.strip()) if part)


def introduction(name: str) -> str:
    return f"Your name is {name}." if name else ""


def tidied(text: str) -> str:
    """The text as it is stored: with one kind of line end, without invisible signs of an editor."""
    return LEFT_BEHIND.sub("", LINE_ENDS.sub("\n", text)).strip()


def problem_of(text: str) -> str:
    """Why this text cannot be fenced, as a sentence for its author; "" if it can."""
    if len(text) > LONGEST:
        return f"At most {LONGEST:,} characters, please; these are {len(text):,}."
    if (at := first_hidden(text)) is not None:
        line = text.count("\n", 0, at) + 1
        return (
            f"Line {line} holds a character that cannot be seen (U+{ord(text[at]):04X}). "
            "Please type that line anew instead of pasting it."
        )
    bare = bared(text)
    return next((sentence for pattern, sentence in PATTERNS if pattern.search(bare)), "")


def plain(text: str, longest: int = LONGEST_PLAIN) -> str:
    """The text of staff as one line without markup, so that it can be quoted among the rules."""
    visible = "".join(spaced(ch) for ch in text)
    without_turns = re.sub(r"(?<!\d):|:(?!\d)", ",", visible)
    line = " ".join(without_turns.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def spaced(ch: str) -> str:
    if ch.isspace():
        return " "
    bare = bared(ch)
    if is_hidden(ch) or not MARKUP.isdisjoint({ch, *bare}):
        return ""
    return ":" if bare == ":" else ch


def bared(text: str) -> str:
    """The text as a reader may see it: entities decoded, accents, case and look-alikes normalised.
    For comparing only."""
    folded = unicodedata.normalize("NFKD", html.unescape(text)).casefold()
    plain = "".join(ch for ch in folded if not unicodedata.combining(ch))
    return plain.replace("\r", "\n").translate(LOOK_ALIKES)


def first_hidden(text: str) -> int | None:
    """The index of the first invisible character; None without one. Parts of an emoji do not
    count."""
    hidden = (at for at, ch in enumerate(text) if is_hidden(ch) and not is_of_emoji(text, at))
    return next(hidden, None)


def is_hidden(ch: str) -> bool:
    if ch in "\n\r\t":
        return False
    return unicodedata.category(ch) in UNSEEN_CATEGORIES or UNSEEN.match(ch) is not None


def is_of_emoji(text: str, at: int) -> bool:
    """Whether the character is one joiner between two emoji (👩‍⚕️), or one presentation sign after
    an emoji or in a keycap.

    Longer runs could carry a hidden text, and tags (the flag of Scotland) are one.
    """
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == ZERO_WIDTH_JOINER:
        return is_emoji(after) and (is_emoji(before) or before == PRESENTATION[1])
    if text[at] in PRESENTATION:
        return is_emoji(before) or after == KEYCAP
    return False


def is_emoji(ch: str) -> bool:
    """Blocks of emoji count whole: newer ones are not in Python's tables yet."""
    if not ch:
        return False
    is_symbol = unicodedata.category(ch) in {"So", "Sm"} or ch in "‼⁉"
    return is_symbol or "\U0001f000" <= ch <= "\U0001faff"
