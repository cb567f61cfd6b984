"""Places: an offer taken by its place, “the second one”, among those this call heard last."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.db.models import Q

from assistants import hearing
from assistants.hearing import NotUnderstood, Reason, When
from assistants.models import ToolCall, ToolCallQuerySet
from assistants.outcomes import NoOpenings, Openings, ToolOutcome
from assistants.tools import catalogue, denials, leftovers, relative, whom
from assistants.tools.relative import normal
from bookings.availability import holds
from bookings.outcomes import OutsideHours, SlotTaken

OFFERING = tuple(kind.__name__ for kind in (Openings, NoOpenings, SlotTaken, OutsideHours))
OFFERED = Q(outcome__in=OFFERING) | Q(memory__has_key="offered")
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
# The same in the other languages, folded as `catalogue.fold` folds them.
ABROAD = {
    "primera": 0, "primero": 0, "segunda": 1, "segundo": 1, "tercera": 2, "tercero": 2,
    "ultima": -1, "ultimo": -1, "erste": 0, "ersten": 0, "zweite": 1, "zweiten": 1, "dritte": 2,
    "dritten": 2, "letzte": -1, "letzten": -1, "premier": 0, "premiere": 0, "deuxieme": 1,
    "seconde": 1, "troisieme": 2, "dernier": -1, "derniere": -1, "primeira": 0, "primeiro": 0,
    "terceira": 2, "terceiro": 2,
}  # fmt: skip
PLACES = {**ORDER, **ABROAD}
FEMININE = {"primera", "tercera", "primeira", "terceira"}  # of an appointment, never of a day
NUMBERED = {"one": 0, "1": 0, "two": 1, "2": 1, "three": 2, "3": 2}
# Words around a place that add nothing to it: “I'll take the first, please”.
AROUND = re.compile(
    r"^(?:(?:yes|yeah|ok|okay|sure|well|um|uh|then|so|ill|i will|id|i would|lets|let me|can i|take"
    r"|have|get|do|go with|like|want|prefer|give me|book|pick|choose|i|tomo|quiero|prefiero|si|ich"
    r"|mejor|me quedo con|deme|pongame|perfecto|claro"
    r"|nehme|ja|je|prends|oui|fico com|quero|sim)\b[ ,]*)+"
    r"|(?:,? (?:please|thanks|thank you|then|works|is fine|is good|sounds good|por favor|bitte"
    r"|opcion|option|cita|termin|opcao|si puede ser|si es posible|esta bien|me va bien))+$"
)
# More words that may stand beside a place and add nothing to it.
BESIDE = {
    "how", "what", "about", "ill", "lets", "let", "go", "pick", "choose", "prefer", "will", "works",
    "work", "fine", "sounds", "perfect", "slot", "option", "opening", "appointment", "time", "free",
    "available", "offered", "said", "mentioned", "if", "possible", "id", "then", "all", "those",
    "these", "them", "in", "suits", "best", "only", "as", "soon",
}  # fmt: skip
# “Earlier” alone asks for other times.
ALONE_WORDS = [word for word in PLACES if word not in ("earlier", "later", "middle")]
ALONE = re.compile(
    rf"(?:(?:the|la|el|lo|die|der|das|den|le|o|a) )?(?P<place>{'|'.join(ALONE_WORDS)})"
    rf"|(?:the )?(?:option|number|choice|opcion|numero|nummer|opcao)"
    rf" (?P<number>{'|'.join(NUMBERED)})"
)
# “The second at 1:30”, which may be a day of a month as well.
BEFORE_A_TIME = re.compile(
    rf"(?:(?:the|your|la|el|lo|die|der|das|den|le|o|a) )?(?P<place>{'|'.join(ALONE_WORDS)})\b,?"
    r" (?P<time>(?!ones?\b(?! (?:thirty|o))|option|choice|offer|time|slot|of\b|you\b|with\b).+)"
)
PART = re.compile(r"\b(?:the )?(?P<part>morning|afternoon|evening) (?:one|option|slot)\b")
ONE = re.compile(r"\bthe (?P<rest>.+) (?:one|option|slot)$")
# A time alone: “the 1:30”, “at nine”, “one thirty please”.
HOUR = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
MINUTES = "oh five|fifteen|thirty|forty[- ]five|twenty|forty|ten|fifty"
HALF = r"[ap]\.?m\b\.?|in the (?:morning|afternoon|evening)|oclock"
TIME_ALONE = re.compile(
    rf"(?:(?:the|ok|okay|yes|yeah|um|uh|well|so|i said|i meant|lets (?:do|say|take)|ill take"
    rf"|id like|can i (?:have|get|take))[ ,]+)*"
    rf"(?P<time>(?:at )?(?:\d{{1,2}}:\d\d|(?:{HOUR}) (?:{MINUTES})|half past (?:{HOUR}|\d{{1,2}})"
    rf"|(?:a )?quarter (?:past|to) (?:{HOUR}|\d{{1,2}})|noon|midday)(?: ?(?:{HALF}))?"
    rf"|(?:at )?(?:{HOUR}|\d{{1,2}}) ?(?:{HALF})|at (?:{HOUR}|\d{{1,2}}))"
    rf"(?:[ ,]+(?:please|thanks|then|works|is (?:fine|good|perfect)|sounds good))*"
)
MOST_LOOKED_BACK_ON = 5  # offers
# “The first you have” is the soonest, and no day of a month.
SOONEST = re.compile(
    r"\b(?:to )?(?:the |your |my |whatever is |whatevers )?(?:very )?"
    r"(?:next |first |earliest |soonest )+(?:possible |free |open |available )?"
    r"(?:thing |time |slot |opening |appointment |one |spot "
    r"|availability |date |day )*(?:that )?(?:you have|youve got|you got|you can|theres|there is"
    r"|available|possible|opening|availability|free|slot|spot|appointment)\b"
    r"(?: (?:you have|youve got|you got|possible|available|there is))*"
    r"|\b(?:as soon as possible|asap|any (?:day|date)(?= at\b|,|$)|(?<!at )the (?:soonest|earliest)"
    r"|(?<!at )(?<!at the )(?:soonest|earliest)|right away)\b"
)


@dataclass(frozen=True, slots=True)
class Offered:
    """A time this call was told of, UTC, and the key of whom it was with."""

    start: datetime
    practitioner: int


def offered_in(outcome: ToolOutcome) -> list[tuple[str, int]]:
    """The times that `outcome` offers, in the order they are said, as a record keeps them."""
    match outcome:
        case Openings() | NoOpenings() | SlotTaken() | OutsideHours():
            slots = outcome.offered
        case _:
            slots = ()
    return [(slot.start.astimezone(UTC).isoformat(), slot.practitioner.pk) for slot in slots]


def latest(
    heard: ToolCallQuerySet, *, service: str, conversation: str, caller: str, now: datetime
) -> list[Offered]:
    """What a call was offered last, in the order it was said: `heard` are the call's requests,
    newest first. Offers for another service than the one with the words `service` are passed over,
    where that is known. If the call was offered nothing yet: the holds that the proven number
    `caller` still has from an earlier call that broke off."""
    newest = list(heard.filter(OFFERED)[:MOST_LOOKED_BACK_ON])
    last = next((row for row in newest if is_for(row, service)), None)
    if not newest and conversation and caller:
        before = ToolCall.objects.filter(OFFERED, caller=caller, received__gt=now - holds.LASTS)
        others = before.exclude(conversation=conversation)
        last = others.order_by("-received", "-pk").first()
    told = (last.memory or {}).get("offered", []) if last else []
    return [Offered(datetime.fromisoformat(start), key) for start, key in told]


def day_taken(words: str, heard: ToolCallQuerySet) -> str:
    """The day that is meant by “the first” or “the second one”, if a call was just asked which of
    several it is, with the time that is said beside it or was said before; "" for none. `heard`
    are its requests, newest first."""
    text = normal(words)
    by_itself, found, timed = alone(text), PLACE.match(text), before_a_time(text)
    last = heard.first() if by_itself or found or timed else None
    told = (last and last.memory) or {}
    days = [] if "offered" in told else told.get("days", [])
    sign = found or timed
    number = by_itself[1] if by_itself else PLACES[sign["place"]] if sign else 0
    of_month = [day for day in days if by_itself and date.fromisoformat(day).day == number + 1]
    if of_month and not number < len(days):  # “the 3rd”, of two days
        return f"{of_month[0]} at {time_said(last)}" if last else ""
    if last is None or not -len(days) <= number < len(days):
        return ""
    beside = text[found.end() :] if found else timed["time"] if timed else ""
    time = beside.strip(" ,").removeprefix("at ") or time_said(last)
    return f"{days[number]} at {time}" if time else str(days[number])


def time_asked_about(day: date, heard: ToolCallQuerySet) -> str:
    """The time said for a day that is one of those which a call was just asked about; "" for none.
    `heard` are its requests, newest first."""
    last = heard.first()
    told = (last and last.memory) or {}
    is_asked = "offered" not in told and day.isoformat() in told.get("days", [])
    return time_said(last) if last and is_asked else ""


def time_said(record: ToolCall) -> str:
    said = record.arguments
    start = str(said.get("start") or "")
    with suppress(NotUnderstood):
        start = hearing.in_english(start) or start
    start = start.partition(" at ")[2]
    return str(said.get("time") or said.get("appointmentTime") or start)


def is_for(record: ToolCall, service: str) -> bool:
    """Whether it may have offered times for the service."""
    asked = record.arguments.get("service") or record.arguments.get("serviceType")
    if not (service and isinstance(asked, str)):
        return True
    with suppress(catalogue.Unresolved):
        return catalogue.service(asked) == catalogue.service(service)
    return True


def is_soonest(words: str) -> bool:
    return bool(SOONEST.search(normal(words)))


def without_soonest(words: str) -> str:
    return " ".join(SOONEST.sub(" ", normal(words)).split())


def is_named(words: str) -> bool:
    """Whether the words may take an offer by its place."""
    text = normal(words)
    is_place = PLACE.search(text) or PART.search(text) or ONE.search(text) or before_a_time(text)
    return bool(is_place or TIME_ALONE.fullmatch(text)) or alone(text) is not None


def before_a_time(text: str) -> re.Match[str] | None:
    return BEFORE_A_TIME.fullmatch(AROUND.sub("", text))


def alone(text: str) -> tuple[str, int] | None:
    """The word and its number, where a place is all that is meant: “the first”, “option two”."""
    found = ALONE.fullmatch(AROUND.sub("", AROUND.sub("", catalogue.fold(text))))
    if found is None:
        return None
    place = found["place"] or ""
    number = NUMBERED[found["number"]] if found["number"] else PLACES[place]
    return place, number


def taken(
    words: str, offered: Sequence[Offered], *, now: datetime, hear: Callable[[str], When]
) -> Offered | None:
    """The offer that is meant; None where the words take none by its place.

    Raises NotUnderstood where what else they say is of another.
    """
    text = normal(words)
    if offered and (by_itself := alone(text)):
        place, number = by_itself
        return among(in_order(place, offered), offered, number)
    timed, is_denied = before_a_time(text), denials.are_in(words)
    if timed and offered and not is_denied:
        twice = told_twice(PLACES[timed["place"]], timed["time"], offered, now, hear)
        if twice:
            return twice
    if timed and timed["place"] in FEMININE:
        refuse_no_day(timed["time"], hear)
    found, part = PLACE.search(text), PART.search(text)
    if not offered or (is_denied and not (found or part)):
        return None
    if not (found or part):
        return told_by_its_time(text, offered, now=now, hear=hear)
    sign = found or part
    beside = f"{text[: sign.start()]} {text[sign.end() :]}" if sign else ""
    if is_denied or is_left_over(beside):
        raise NotUnderstood("time", Reason.AMBIGUOUS)
    rest = relative.heard(beside, hear)
    fitting = with_who_is_named(text, [one for one in offered if fits(one, rest, now)])
    if part:
        wish = hear(part["part"])
        fitting = [one for one in fitting if fits(one, wish, now)]
        if len(fitting) != 1:
            raise NotUnderstood("time", Reason.SEVERAL)
        return fitting[0]
    ordered = in_order(found["place"] if found else "", offered)
    return among(ordered, fitting, ORDER[found["place"]] if found else 0)


def refuse_no_day(time: str, hear: Callable[[str], When]) -> None:
    """“La tercera a las tres” is an offer and no day; nothing that was offered is meant by it.

    Raises NotUnderstood, unless a day is said with the time.
    """
    with suppress(NotUnderstood):
        if hear(time).day:
            return
    raise NotUnderstood("day", Reason.AMBIGUOUS)


def told_twice(
    number: int, words: str, offered: Sequence[Offered], now: datetime, hear: Callable[[str], When]
) -> Offered | None:
    """The offer at the place `number`, if the `words` behind it are for its time; none if they are
    for no time that was offered: the first of a month is meant then.

    Raises NotUnderstood where they are for another offer's.
    """
    try:
        then = hear(words)
    except NotUnderstood:
        return None
    fitting = [one for one in offered if fits(one, then, now)]
    if then.time is None or not fitting:
        return None
    if -len(offered) <= number < len(offered) and offered[number] in fitting:
        return offered[number]
    raise NotUnderstood("time", Reason.SEVERAL)


def told_by_its_time(
    text: str, offered: Sequence[Offered], *, now: datetime, hear: Callable[[str], When]
) -> Offered | None:
    """“The 4:30 one”, “the Friday slot”, “at nine”: the one offer that is at that time; else
    none."""
    one, time = ONE.search(text), TIME_ALONE.fullmatch(text)
    told = time["time"] if time else one["rest"] if one and not is_left_over(text) else ""
    with suppress(NotUnderstood):
        rest = hear(told)
        if rest.day and relative.is_open(told, hear):  # “the Wednesday one”, of the week told
            weekday = rest.day.weekday()
            offered = [one for one in offered if local(one, now).weekday() == weekday]
            rest = replace(rest, day=None)
            if rest == When():
                return offered[0] if len(offered) == 1 else None
        fitting = [other for other in offered if fits(other, rest, now)]
        if rest != When() and len(fitting) == 1:
            return fitting[0]
    return None


def is_left_over(beside: str) -> bool:
    """Whether there is an unknown word beside the ordinal: it may negate it."""
    return leftovers.are_in(beside, known=BESIDE | catalogue.TITLES | whom.names_of_all())


def with_who_is_named(text: str, offered: Sequence[Offered]) -> list[Offered]:
    """“The first one with Dr. Okafor” is one with her."""
    named = whom.WITH.search(text)
    if not named:
        return list(offered)
    people = {person.pk for person in catalogue.named_in(named["who"] or named["titled"])}
    return [one for one in offered if one.practitioner in people]


def in_order(place: str, offered: Sequence[Offered]) -> list[Offered]:
    """The offers in the order in which they were said; for “the earliest”, in the order of time."""
    by_clock = place in ("earliest", "earlier", "soonest", "latest", "later")
    return sorted(offered, key=lambda one: one.start) if by_clock else list(offered)


def among(ordered: Sequence[Offered], fitting: Sequence[Offered], number: int) -> Offered:
    """The offer at place `number` among all, if it is fitting; else the one at that place among the
    fitting ones."""
    inside = [one for one in ordered if one in fitting]
    whole = ordered[number] if -1 <= number < len(ordered) else None
    if whole in inside and whole is not None:
        return whole
    if not -len(inside) <= number < len(inside):
        raise NotUnderstood("time", Reason.SEVERAL)
    return inside[number]


def fits(one: Offered, rest: When, now: datetime) -> bool:
    """Whether the offer is on the day, at the time and within the hours that were named."""
    start = local(one, now)
    is_day = rest.day is None or rest.day <= start.date() <= (rest.last_day or rest.day)
    is_time = rest.time is None or start.time() in (rest.time, rest.other_time)
    is_late_enough = rest.earliest is None or start.time() >= rest.earliest
    return is_day and is_time and is_late_enough and (not rest.latest or start.time() < rest.latest)


def local(one: Offered, now: datetime) -> datetime:
    """On the clinic's clock."""
    return one.start.astimezone(now.tzinfo)
