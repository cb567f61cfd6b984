"""E-mails: an address as it is said, "john dot smith at gmail dot com"."""

import re
import unicodedata

from .meaning import NotUnderstood, Reason
from .words import UNITS

LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
LONGEST_HEARD = 600  # the same in words

_NONE = re.compile(
    r"""(?:(?:i|we|they|he|she)\s)?(?:
      (?:null|none|nil|nope|nothing|n/?\.?a\.?|no|not\ applicable|unknown|undefined|skip(?:\ it)?)
    | (?:(?:do\ not|don'?t|doesn'?t|does\ not|haven'?t)\s)(?:really\s)?(?:have|use|got|do)\b.{0,40}
    | (?:have\ no|no|without|got\ no)\s(?:e-?mail|address|email\ address).{0,20}
    | (?:would|'d)?\s?rather\ not.{0,40}
    | prefer\ not\ to.{0,40}
    )[\s.!,]*(?:sorry|thanks|thank\ you)?[\s.!]*""",
    re.VERBOSE,
)
_LEAD_IN = re.compile(
    r"""^(?:(?:yes|yeah|sure|okay|ok|um|uh|well|so|hi)[\s,]+)*
    (?:(?:my|the|his|her)\s)?(?:(?:e-?mail)(?:\saddress)?\s?(?:is|:)?\s*|mailto:\s*)?
    (?:(?:it|that)(?:'s|\sis)\s)?(?:address\sis\s)?""",
    re.VERBOSE,
)
_SIGNS = (
    (r"\s*\b(?:at sign|at)\b\s*", "@"),
    (r"\s*\b(?:dot|period|point)\b\s*", "."),
    (r"\s*\b(?:underscore|under score)\b\s*", "_"),
    (r"\s*\b(?:dash|hyphen|minus)\b\s*", "-"),
    (r"\s*\bplus(?: sign)?\b\s*", "+"),
)
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}",
    re.IGNORECASE,
)
_DIGITS = {word: str(value) for value, word in enumerate(["zero", *UNITS])}


def email(text: str) -> str | None:
    """The address, its domain in lower case; None when the caller has or gives none.

    Only ASCII addresses, as they can be said. Raises NotUnderstood for what is meant as an
    address but cannot be one.
    """
    said = " ".join(unicodedata.normalize("NFKC", text[: LONGEST_HEARD + 1]).split())
    said = said.replace("’", "'").strip(' <>.,;"')  # noqa: RUF001
    if not said or _NONE.fullmatch(said.lower()):
        return None
    if len(said) > LONGEST_HEARD:
        raise NotUnderstood("email", Reason.TOO_LONG)
    address = _LEAD_IN.sub("", said, count=1) if "@" not in said.split(" ")[0] else said
    if not _is_address(address):
        address = _written(_LEAD_IN.sub("", said.lower(), count=1))
    if not _is_address(address):
        raise NotUnderstood("email", Reason.NOT_AN_ADDRESS)
    local, domain = address.split("@")
    return f"{local}@{domain.lower()}"


def _is_address(address: str) -> bool:
    return (
        len(address) <= LONGEST
        and address.find("@") <= 64
        and _ADDRESS.fullmatch(address) is not None
    )


def _written(said: str) -> str:
    """The words of an address put together: signs for their names, and no spaces."""
    for name, sign in _SIGNS:
        said = re.sub(name, sign, said)
    words = re.sub(r"\b[a-z]+\b", lambda word: _DIGITS.get(word[0], word[0]), said)
    return re.sub(r"\s*@\s*", "@", words).replace(" ", "")
