"""Addresses: e-mail addresses of callers. One that was spoken is read back once before it counts.

A booking does not wait for it. The address is kept when a later message of the call confirms it or
repeats it. A different address replaces it and is read back as well.
"""

import re
from dataclasses import dataclass

from assistants import hearing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood
from assistants.models import ToolCall
from assistants.tools import denials

ARGUMENTS = ("patient_email", "patientEmail")
# How we write signs out for the voice. All other signs are sent as they are.
SIGNS = {"@": "at", ".": "dot", "_": "underscore", "-": "dash", "+": "plus"}
SAYABLE = re.compile(r"[a-z0-9@._+-]+", re.IGNORECASE)
YES = re.compile(
    r"(?:yes|yeah|yep|yup|true|correct|right|confirmed|ok|okay|1|sure|si|sí|oui|ja|sim)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Address:
    """An e-mail address as it was heard, "" for none.

    `is_spoken`: it was put together from words. `is_missed`: an address was said and could not be
    understood.
    """

    address: str = ""
    is_spoken: bool = False
    is_missed: bool = False

    def __str__(self) -> str:
        return self.address


def heard(text: str) -> Address:
    try:
        address = hearing.email(text)
    except NotUnderstood:
        return Address(is_missed=True)
    if not address:
        return Address()
    if denials.begin_with_one(text):
        return Address(is_missed=True)
    return Address(address, hearing.is_spoken_email(text))


def is_yes(text: str) -> bool:
    return bool(YES.match(text.strip()))


def settled(said: Address, caller: Caller, *, is_confirmed: bool) -> str:
    """The address that may be stored now, or ""."""
    if said.address and not said.is_spoken:
        return said.address
    if said.address:
        return said.address if said.address.casefold() == read_back(caller).casefold() else ""
    return read_back(caller) if is_confirmed and not said.is_missed else ""


def read_back(caller: Caller) -> str:
    """The last address that was read back in this call, and whose sentence the caller has heard; or
    ""."""
    if not caller.conversation:
        return ""
    rows = ToolCall.objects.filter(conversation=caller.conversation, memory__read_back=True)
    if caller.heard_until is not None:
        rows = rows.filter(pk__lte=caller.heard_until)
    last = rows.order_by("-pk").first()
    texts = (last.arguments.get(name) for name in ARGUMENTS) if last else ()
    said = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return heard(said).address


def is_sayable(address: str) -> bool:
    """Whether a voice can read it: letters, digits, and signs that have a name here."""
    return bool(SAYABLE.fullmatch(address))


def spoken(address: str) -> str:
    """“grace dot hopper at example dot com”, digits one by one."""
    spaced = re.sub(r"(\d)", r" \1 ", address)
    for sign, word in SIGNS.items():
        spaced = spaced.replace(sign, f" {word} ")
    return " ".join(spaced.split())
