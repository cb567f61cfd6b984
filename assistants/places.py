"""Places: an offer taken by its place, “the second one”, among those this call heard last."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q

from assistants.hearing import NotUnderstood, Reason, When
from assistants.models import ToolCall
from assistants.outcomes import NoOpenings, Openings, ToolOutcome
from assistants.relative import normal
from bookings.outcomes import AlreadyBooked, OutsideHours, SlotTaken

OFFERING = tuple(
    kind.__name__ for kind in (Openings, NoOpenings, SlotTaken, OutsideHours, AlreadyBooked)
)
ORDER = {
    "first": 0, "1st": 0, "earliest": 0, "earlier": 0, "soonest": 0, "second": 1, "2nd": 1,
    "middle": 1, "third": 2, "3rd": 2, "last": -1, "latest": -1, "later": -1, "final": -1,
}  # fmt: skip
PLACE = re.compile(
    rf"\b(?:the |your |that )?(?P<place>{'|'.join(ORDER)})"
    r"(?: (?:one|ones|option|choice|offer|of (?:those|these|them|the (?:two|three|ones)|all)"
    r"|(?:time|slot) (?:you )?(?:said|mentioned|offered|gave)"
    r"|(?:one |time |slot )?(?:that )?you (?:said|mentioned|offered|gave me)))\b"
    r"(?: (?:of (?:those|these|them|the (?:two|three))|please|you (?:said|mentioned|offered)))*"
)
PART = re.compile(r"\b(?:the )?(?P<part>morning|afternoon|evening) (?:one|option|slot)\b")
ONE = re.compile(r"\bthe (?P<rest>.+) (?:one|option|slot)$")
# “The first you have” is the soonest, and no day of a month.
SOONEST = re.compile(
    r"\b(?:the |your |my |whatever is |whatevers )?(?:very )?(?:next |first |earliest |soonest )+"
    r"(?:possible |free |open |available )?(?:thing |time |slot |opening |appointment |one |spot "
    r"|availability |date |day )*(?:that )?(?:you have|youve got|you got|you can|theres|there is"
    r"|available|possible|opening|availability|free|slot|spot|appointment)\b"
    r"(?: (?:you have|youve got|you got|possible|available|there is))*"
    r"|\b(?:as soon as possible|asap|the soonest|the earliest|soonest|earliest|right away)\b"
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A time this call was told of, UTC, and the key of whom it was with."""

    start: datetime
    practitioner: int


def told_in(outcome: ToolOutcome) -> list[list[Any]]:
    """The times that `outcome` offers, in the order they are said, as a record keeps them."""
    match outcome:
        case Openings() | NoOpenings():
            told = outcome.told
        case SlotTaken(alternatives=near) | OutsideHours(alternatives=near):
            told = (*near, *filter(None, [outcome.colleague]))
        case AlreadyBooked(alternatives=near):
            told = near
        case _:
            told = ()
    return [[slot.start.astimezone(UTC).isoformat(), slot.practitioner.pk] for slot in told]


def latest(conversation: str) -> list[Offered]:
    """What this call was offered last, in the order it was said."""
    if not conversation:
        return []
    offering = Q(outcome__in=OFFERING) | Q(told__has_key="offered")
    records = ToolCall.objects.filter(offering, conversation=conversation[:200])
    last = records.order_by("-received", "-pk").first()
    told = (last.told or {}).get("offered", []) if last else []
    return [Offered(datetime.fromisoformat(start), key) for start, key in told]


def is_soonest(words: str) -> bool:
    return bool(SOONEST.search(normal(words)))


def without_soonest(words: str) -> str:
    return " ".join(SOONEST.sub(" ", normal(words)).split())


def is_named(words: str) -> bool:
    """Whether the words may take an offer by its place."""
    text = normal(words)
    return bool(PLACE.search(text) or PART.search(text) or text in ("the first", "the last"))


def taken(
    words: str, offered: Sequence[Offered], *, now: datetime, hear: Callable[[str], When]
) -> Offered | None:
    """The offer that is meant; None where the words take none by its place.

    Raises NotUnderstood where what else they say is of another.
    """
    text = normal(words)
    found = PLACE.search(text) or re.fullmatch(rf"the (?P<place>{'|'.join(ORDER)})", text)
    part = PART.search(text)
    if not offered or not (found or part):
        return None
    sign = found or part
    rest = said(f"{text[: sign.start()]} {text[sign.end() :]}" if sign else "", hear)
    fitting = [one for one in offered if fits(one, rest, now)]
    if part:
        wish = hear(part["part"])
        fitting = [one for one in fitting if fits(one, wish, now)]
        if len(fitting) != 1:
            raise NotUnderstood("time", Reason.SEVERAL)
        return fitting[0]
    ordered = in_order(found["place"] if found else "", offered)
    return among(ordered, fitting, ORDER[found["place"]] if found else 0)


def in_order(place: str, offered: Sequence[Offered]) -> list[Offered]:
    """As they were said; by the clock for “the earliest”."""
    by_clock = place in ("earliest", "earlier", "soonest", "latest", "later")
    return sorted(offered, key=lambda one: one.start) if by_clock else list(offered)


def among(ordered: Sequence[Offered], fitting: Sequence[Offered], number: int) -> Offered:
    """By the place among all; by that among those on the day that was named."""
    inside = [one for one in ordered if one in fitting]
    whole = ordered[number] if -1 <= number < len(ordered) else None
    if whole in inside and whole is not None:
        return whole
    if not -1 <= number < len(inside):
        raise NotUnderstood("time", Reason.SEVERAL)
    return inside[number]


def fits(one: Offered, rest: When, now: datetime) -> bool:
    """Whether the offer is on the day, at the time and within the hours that were named."""
    local = one.start.astimezone(now.tzinfo)
    is_day = rest.day is None or rest.day <= local.date() <= (rest.last_day or rest.day)
    is_time = rest.time is None or local.time() in (rest.time, rest.other_time)
    is_late_enough = rest.earliest is None or local.time() >= rest.earliest
    return is_day and is_time and is_late_enough and (not rest.latest or local.time() < rest.latest)


def said(text: str, hear: Callable[[str], When]) -> When:
    try:
        return hear(text) if text.strip() else When()
    except NotUnderstood as error:
        if error.reason is Reason.NOTHING_HEARD:
            return When()
        raise
