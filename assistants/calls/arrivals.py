"""Arrivals: who takes a call that comes in, and with which first words."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from assistants.models import Assistant, TransferNumber
from assistants.speech.wording import clock, full_day, is_sayable
from bookings.models import BookingPolicy, Patient
from tenants import organizations


@dataclass(frozen=True, slots=True)
class Connected:
    """`assistant` takes the call; `variables` are for its prompt, all of them always there."""

    assistant: Assistant
    first_message: str
    variables: dict[str, str]


@dataclass(frozen=True, slots=True)
class PutThrough:
    """People take the call, at `phone` (E.164)."""

    phone: str


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """Nobody can take the call."""


Arrival = Connected | PutThrough | TurnedAway


def meet(caller: str, *, now: datetime) -> Arrival:
    """`caller` is the number signalled, or ""."""
    assistant = Assistant.current()
    if assistant is None:
        return without_assistant()
    name = first_name_of(caller)
    return Connected(
        assistant,
        first_message=first_message(assistant, name=name, now=now),
        variables={
            "clinic_date": full_day(now.date()),
            "clinic_time": clock(now, now),
            "part_of_day": part_of_day(now),
            "caller_first_name": name,
        },
    )


def without_assistant() -> PutThrough | TurnedAway:
    """Put the caller through to the clinic's number for any reason, or else to `FALLBACK_NUMBER`.

    If nothing else is left, a clinic's number for a single reason is used.
    """
    own = TransferNumber.for_reason()
    if own is None and settings.FALLBACK_NUMBER:
        return PutThrough(settings.FALLBACK_NUMBER)
    own = own or TransferNumber.objects.first()
    return PutThrough(own.phone) if own else TurnedAway()


def first_name_of(caller: str) -> str:
    """The first name of the only verified patient with this number; "" if several share it."""
    known = list(Patient.objects.verified().reached_at(caller)[:2]) if caller else []
    if len(known) != 1:
        return ""
    first = known[0].name.split()[0]
    return first if is_sayable(first) else ""


def first_message(assistant: Assistant, *, name: str, now: datetime) -> str:
    """“Good morning, Ben. Elm Street, this is Sarah. How can I help?”"""
    greeting = f"Good {part_of_day(now)}, {name}." if name else f"Good {part_of_day(now)}."
    own = assistant.first_message or (
        f"This is {assistant.name} at {organizations.current().name}. How can I help?"
    )
    return f"{greeting} {own}"


def part_of_day(now: datetime) -> str:
    """The part of the day by the default hours: a greeting does not follow the clinic's own."""
    return BookingPolicy().part_at(now.time()).value
