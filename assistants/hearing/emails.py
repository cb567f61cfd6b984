"""E-mails: an address as it is said, "john dot smith at gmail dot com"."""

import re
import unicodedata

from .lexicon import NUMBERS, TENS, UNITS, listed
from .meaning import NotUnderstood, Reason

LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
LONGEST_HEARD = 600  # of an address in words

_NONE = re.compile(
    r"""(?:no,?\s)?(?:(?:i|we|they|he|she)(?:'d|\swould)?\s)?(?:
      null|none|nil|nope|nothing|n/?\.?\s?a\.?|no|not\ applicable|unknown|undefined|skip(?:\ it)?
    | (?:do\ not|don't|doesn't|does\ not|haven't|can't)\s(?:really\s)?
        (?:have|use|got|do|want|know|remember)\b.{0,40}
    | (?:have\ no|no|without|got\ no)\s(?:e-?mail|address).{0,20}
    | rather\ not.{0,40}
    | no\s(?:tengo|uso|quiero|me\ acuerdo|lo\ s[eé])\b.{0,40} | ninguno | sin\scorreo.{0,20}
    | prefer\ not\ to.{0,40}
    )[\s.!,]*(?:sorry|thanks|thank\ you)?[\s.!]*""",
    re.VERBOSE,
)
_LEAD_IN = re.compile(
    r"""(?:
      (?:yes|yeah|yep|sure|okay|ok|well|so|hi|right|like|of\scourse|let\sme\ssee|let's\ssee)[\s,]+
    | (?:(?:my|the|his|her|our)\s)?(?:work\s|home\s|personal\s)?e-?mail(?:\saddress)?
        (?:,?\s(?:is|would\sbe)\b|'s\b|:|,|\?)?\s*
    | (?:mi|el|su)\s(?:correo|e-?mail)(?:\selectr[oó]nico)?(?:\ses\b|:|,)?\s* | es\s+
    | mailto:\s*
    | (?:it|that|this)(?:'?s|\sis|\swould\sbe|'d\sbe)\s+
    | (?:you\scan\s)?(?:use|try|put(?:\sdown)?|send\s(?:it|that)\sto)\s+
    | (?:you\scan\s)?reach\sme\s(?:at|on)\s+
    )*""",
    re.VERBOSE | re.IGNORECASE,
)
# Sounds of hesitation. They are never part of an address: "um.lee@" does not match.
_FILLERS = re.compile(r"(?<![^\s,])(?:uh+m?|um+|er+m?|eh|ah+|hmm+|mm+),?\s+", re.IGNORECASE)
# Notes on spelling. They change nothing, since addresses are written that way here.
_NOTES = re.compile(
    r"[\s,]+(?:(?:it's|that's)\s)?(?:(?:all\s)?(?:(?:in\s)?one\sword|lower\s?case|together)"
    r"|(?:todo\s)?(?:junto|en\smin[uú]sculas?)|sin\sespacios"
    r"|no\s(?:spaces|capitals|caps))(?=[\s,.]|$)|^all\slower\s?case[\s,]+",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"\s*[(\[{]\s?(at|dot)\s?[)\]}]\s*", re.IGNORECASE)
_ANGLED = re.compile(r"[^<>]*<([^<>@\s]+@[^<>@\s]+)>")
_LEAD_OUT = re.compile(
    r"[\s,.]+(?:please|thanks|thank you|that's it|that's all|okay|ok)[\s.!]*$", re.IGNORECASE
)
_SIGNS = tuple(
    (re.compile(rf"\s*\b(?:{names})\b\s*"), sign)
    for names, sign in (
        ("at sign|at|arroba", "@"),
        ("dot|period|point|punto", "."),
        ("underscore|under score|gui[oó]n bajo|raya baja", "_"),
        ("dash|hyphen|minus|gui[oó]n(?: medio)?", "-"),
        ("plus sign|plus", "+"),
    )
)
# “B-e-n”: spelled, letter by letter; “b de burro”: a letter by its word.
_SPELLED = re.compile(r"(?<![\w.+-])[a-z](?:-[a-z]){2,60}(?![\w+-])", re.IGNORECASE)
_BY_ITS_WORD = re.compile(r"\b[a-z] (?:de|as in|like|for) \w")
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.IGNORECASE,
)
_DIGITS = {word: str(value) for value, word in enumerate(["zero", *UNITS])}
_DIGITS |= {word: str(value) for value, word in enumerate(TENS, start=2)}
_TENS_AND_UNITS = re.compile(rf"\b({'|'.join(TENS)})[ -]({'|'.join(UNITS)})\b")
# Words of a sentence. With one of them before the "at", the start of the address is unclear.
_NOT_OF_AN_ADDRESS = frozenset(
    listed(
        "i you he she we they it it's my your his her the a an is are was be for to of and or but "
        "with email mail address capital uppercase lowercase letter number same as before use "
        "send spelled have one's that that's this double triple"
    )
)


_IN_DOMAINS = frozenset(listed("my our your"))  # "my clinic dot com"


def is_spoken(text: str) -> bool:
    """Whether the address was put together from words, so that it is not in the text as such.

    "bob at gmail dot com" may have been misheard: such an address is read back once before it is
    used.
    """
    address = email(text)
    return address is not None and address.lower() not in text.lower().replace(" ", "")


def email(text: str) -> str | None:
    """The address, its domain in lower case; None if the caller has none or gives none.

    Only ASCII addresses, since others cannot be said. Raises NotUnderstood if the text is meant
    as an address but is not one, or may be one of two.
    """
    said = " ".join(unicodedata.normalize("NFKC", text[: LONGEST_HEARD + 1]).split())
    if len(said) > LONGEST_HEARD:
        raise NotUnderstood("email", Reason.TOO_LONG)
    said = re.sub(r"([.,!?])(?: [.,!?])+", r"\1", _FILLERS.sub("", said))
    said = _ANGLED.sub(r"\1", said.replace("\u2019", "'")).strip(' <>,;"').rstrip(".")
    if not said or _NONE.fullmatch(said.lower()):
        return None
    said = re.sub(r"(?<=\w) \. (?=\w)", ".", said)
    said = _SPELLED.sub(lambda letters: letters[0].replace("-", ""), said)
    said = re.sub(r"\s*@\s*", "@", _BRACKETED.sub(r" \1 ", _NOTES.sub("", _LEAD_OUT.sub("", said))))
    bare = said[_end_of_lead_in(said) :]
    for address in (said, bare, _written(bare.lower())):
        if _is_address(address):
            local, domain = address.split("@")
            return f"{local}@{domain.lower()}"
    raise NotUnderstood("email", Reason.NOT_AN_ADDRESS)


def _end_of_lead_in(said: str) -> int:
    match = _LEAD_IN.match(said)
    return match.end() if match else 0


def _is_address(address: str) -> bool:
    return (
        len(address) <= LONGEST
        and address.find("@") <= LONGEST_LOCAL
        and _ADDRESS.fullmatch(address) is not None
    )


def _written(said: str) -> str:
    """The words of an address put together: signs for their names, no spaces before the "@".

    Empty if it would be a guess: "bob five" may be bob5, and other words may surround it.
    """
    for name, sign in _SIGNS:
        said = name.sub(sign, said)
    said = re.sub(
        r"\bdouble ([a-z]|zero|one|two|three|four|five|six|seven|eight|nine)\b", r"\1 \1", said
    )
    said = re.sub(r"(?<!\S)[a-z](?: [a-z]){2,60}(?!\w)", lambda m: m[0].replace(" ", ""), said)
    said = re.sub(r"@(g|hot|proton|fast) mail\b", r"@\1mail", said)
    said = _TENS_AND_UNITS.sub(lambda m: _DIGITS[m[1]] + _DIGITS[m[2]], said)
    said = re.sub(r"\b(?:(?:zero|" + "|".join(UNITS) + r")(?: |\b)){2,}", _digits, said)
    local, sign, domain = said.partition("@")
    host, dot, top = domain.rpartition(".")
    if _BY_ITS_WORD.search(local):
        return ""
    if _is_of_a_sentence(local, _NOT_OF_AN_ADDRESS) or re.search(r"[^\w.+'\s-]", local):
        return ""
    if " " in host and _is_of_a_sentence(host, _NOT_OF_AN_ADDRESS - _IN_DOMAINS):
        return ""
    return local.replace(" ", "") + sign + host.replace(" ", "") + dot + top


def _is_of_a_sentence(part: str, words: frozenset[str]) -> bool:
    return any(word in words or word in NUMBERS for word in re.findall(r"[\w']+", part))


def _digits(said: re.Match[str]) -> str:
    """Two and more digits in words, as one number."""
    return "".join(_DIGITS[word] for word in said[0].split())
