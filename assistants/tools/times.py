"""Times: what several arguments say about one day and time, put together without guessing."""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistants import hearing
from assistants.hearing import Days, NotUnderstood, When, zones
from assistants.tools import catalogue, denials
from bookings.availability import holds, slots
from bookings.availability.slots import Slot
from bookings.models import Practitioner, ServiceType
from bookings.preferences import is_between
from tenants import organizations

MIDNIGHT = time(0, 0)
LONGEST = 200  # characters in which somebody names two days


# “At eleven, not ten”, “not at ten but at eleven”: the time in place of another.
HOUR = (
    r"(?:at )?(?:\d{1,2}(?::\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: thirty| fifteen| forty[- ]five)?(?: ?[ap]\.?m\b\.?)?"
)
NOT_THEN = re.compile(
    rf"\b(?P<time>{HOUR}),? (?:and )?(?:not|instead of|rather than) {HOUR}\b(?!:|st|nd|rd|th)"
    rf"|\bnot {HOUR},? (?:but )?(?P<other>{HOUR})\b(?!:|st|nd|rd|th)",
    re.IGNORECASE,
)


# “The one next week” is no week.
THE_ONE = re.compile(r"^the one (?=(?:next|this|on|tomorrow|today)\b)", re.IGNORECASE)
# “Ten or eleven”: a wish for the time between them, both included.
ONE_OR_OTHER = re.compile(
    rf"(?:\beither )?\b(?P<first>{HOUR}) or (?P<second>{HOUR})\b(?!:|st|nd|rd|th)",
    re.IGNORECASE,
)
MOST_BETWEEN = timedelta(hours=2)


def hearer(now: datetime) -> Callable[[str], When]:
    """What understands words of the current org's callers. It raises NotUnderstood."""
    region = organizations.current().phone_region

    def hear(text: str) -> When:
        spoken = THE_ONE.sub("", zones.without_change(text))
        settled = NOT_THEN.sub(lambda found: found["time"] or found["other"], spoken)
        try:
            heard = hearing.when(settled, now=now, region=region)
        except NotUnderstood as error:
            either = one_or_other(settled, now=now, region=region)
            if either is None:
                raise error from None
            heard = either
        if heard.time in (None, MIDNIGHT) and hearing.is_midnight_in_figures(spoken):
            heard = replace(heard, time=None, midnight_in_figures=True)
        return heard if spoken == text else replace(heard, zone=zones.named(text))

    return hear


def one_or_other(text: str, *, now: datetime, region: str) -> When | None:
    """“Friday at ten or eleven” as the hours from one to the other, if it is that."""
    with suppress(NotUnderstood):
        text = hearing.in_english(text) or text
    between, count = ONE_OR_OTHER.subn(r"between \g<first> and \g<second>", text)
    if count != 1:
        return None
    with suppress(NotUnderstood):
        heard = hearing.when(between, now=now, region=region)
        if heard.earliest is None or heard.latest is None:
            return None
        first, last = (datetime.combine(now.date(), at) for at in (heard.earliest, heard.latest))
        if last - first <= MOST_BETWEEN:
            return replace(heard, latest=(last + timedelta(minutes=1)).time())
    return None


def searcher(now: datetime) -> Callable[[str], When | Days]:
    """What understands the days of a search: one day or a stretch of days as `hearer` has it, else
    a bound, a choice or weekdays. It raises NotUnderstood."""
    hear, region = hearer(now), organizations.current().phone_region

    def search(text: str) -> When | Days:
        spoken = zones.without_change(text)
        if hearing.is_of_many_days(spoken):
            return hearing.days_in(spoken, now=now, region=region)
        try:
            return hear(text)
        except NotUnderstood as error:
            with suppress(NotUnderstood):
                if days := either_next(spoken, now=now):
                    spoken = EITHER_NEXT.sub(day_named, hearing.in_english(spoken) or "")
                    found = hearing.days_in(spoken, now=now, region=region)
                    return replace(found, named=days)
                return hearing.days_in(spoken, now=now, region=region)
            raise error from None

    return search


def at(local: datetime) -> When:
    """A time of the clinic's, as it would be said."""
    zone = slots.zone_of(local)
    is_second = local.fold == 1 and hearing.is_repeated(local.date(), local.time(), zone=zone)
    return When(
        day=local.date(),
        time=local.time().replace(fold=0),
        zone=zones.words_for_repeated(local) if is_second else "",
    )


# “Cleaning on Friday afternoon”: the day within the words for the service.
BESIDE_A_SERVICE = re.compile(
    r"[ ,]+(?P<day>(?:(?:on|for|this|next|the|coming) )*"
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow)\b.*)$",
    re.IGNORECASE,
)
SAYS_NOTHING = {"a", "an", "my", "the", "for", "please", "appointment", "visit", "book", "just"}


def beside_a_service(text: str, *, now: datetime) -> str:
    """The words for a day behind the name of a service; "" where anything else is said."""
    found = BESIDE_A_SERVICE.search(text) if len(text) <= LONGEST else None
    if found is None or denials.are_in(text):
        return ""
    names = {
        word
        for row in ServiceType.offered()
        for name in (row.name, *row.aliases)
        for word in catalogue.words(name)
    }
    said = {*catalogue.words(text[: found.start()])}
    is_of_name = not names.isdisjoint(catalogue.words(found["day"]))
    if is_of_name or not said <= names | SAYS_NOTHING:
        return ""
    with suppress(NotUnderstood):
        return found["day"] if hearer(now)(found["day"]).day else ""
    return ""


class Unsettled(ValueError):
    """The arguments are ambiguous. Holds the name of the argument and the reason, as codes of
    `Unclear`."""

    def __init__(self, argument: str, code: str) -> None:
        super().__init__(f"{argument}: {code}")
        self.argument = argument
        self.code = code


def combined(*heard: When) -> When:
    """One `When` made of all of them. Raises Unsettled when they name two days or two times."""
    dated = day_of(heard)
    clocks = [when for when in heard if when.time is not None]
    if len({when.time for when in clocks} - {when.other_time for when in clocks}) > 1:
        raise Unsettled("time", "several")
    clock = next((when for when in clocks if when.other_time is None), next(iter(clocks), When()))
    bounds = next((when for when in heard if when.has_hours or when.part), When())
    return settled(
        When(
            day=dated.day,
            last_day=dated.last_day,
            time=clock.time,
            other_time=clock.other_time,
            earliest=bounds.earliest,
            latest=bounds.latest,
            part=bounds.part,
            zone=next((when.zone for when in heard if when.zone), ""),
            midnight_in_figures=any(when.midnight_in_figures for when in heard),
            year_corrected=any(when.year_corrected for when in heard),
        )
    )


# How long ago a day may be that is named without a year and is not next year's.
JUST_PAST = timedelta(days=60)
SAYS_HOW_FAR = re.compile(
    r"\b(?:20\d\d|twenty[- ]twenty|years?|months|weeks|days|next|coming|following)\b"
    r"|\d[/.-]\d{1,2}[/.-]\d{2}\b",
    re.IGNORECASE,
)


def as_just_past(when: When, words: str, *, today: date) -> When:
    """“November 22nd”, said on the 23rd without a year, or with one that is past: the day that has
    just passed, which is refused, and not next year's. What is further back is next year's."""
    day = when.one_day
    if day is None or day - today < timedelta(days=365) - JUST_PAST:
        return when
    with suppress(ValueError):  # 29 February
        before = day.replace(year=day.year - 1)
        if before < today and (when.year_corrected or not SAYS_HOW_FAR.search(words)):
            return replace(when, day=before, year_corrected=False)
    return when


def with_midnight(when: When, *, conversation: str, now: datetime) -> When:
    """Midnight in figures as the time it is, where this call was offered it on that day.

    Everywhere else it is no time: models write “T00:00” after a date without a time.
    """
    if when.day is None or when.time is not None or not when.midnight_in_figures:
        return when
    with suppress(NotUnderstood):
        midnight = hearing.instant(when.day, MIDNIGHT, zone=slots.zone_of(now))
        if holds.was_offered(midnight, conversation=conversation):
            return replace(when, time=MIDNIGHT)
    return when


def day_of(heard: Iterable[When]) -> When:
    """The one that names the day: a single day, or a stretch when no day inside it is named."""
    named = [when for when in heard if when.day]
    single = [when for when in named if when.one_day]
    chosen = next(iter(single or named), When())
    for when in named:
        first, last = when.day, when.last_day or when.day
        if not (chosen.day and first and last and first <= chosen.day <= last):
            raise Unsettled("date", "several")
    return chosen


def settled(when: When) -> When:
    """“3” and “in the afternoon” said apart are 3 PM; “10 AM” and “after 3” are two things."""
    if when.time is None:
        return when
    readings = [at for at in (when.time, when.other_time) if at is not None]
    fitting = [at for at in readings if is_between(at, when.earliest, when.latest)]
    if not fitting:
        raise Unsettled("time", "several")
    if len(fitting) == len(readings):
        return when
    return replace(when, time=fitting[0], other_time=None)


def is_wish(when: When) -> bool:
    """Whether the words name a part of the day or some hours, but no time."""
    return when.time is None and when.has_hours


OR = re.compile(r",? or (?:maybe |perhaps |else )?", re.IGNORECASE)
# As `hearing.in_english` puts “próximo” and “que viene”.
EITHER_NEXT = re.compile(r"\bcomingornext (?P<before>\w+day)\b|\b(?P<behind>\w+day) comingornext\b")
OR_IN_A_LIST = re.compile(r",? or |, ", re.IGNORECASE)
MONTH = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE)
NUMBER_ALONE = re.compile(r"^(?:on |the )*(?:\d|[a-z-]*(?:st|nd|rd|th)\b)", re.IGNORECASE)
WHICH_WEEK = re.compile(r"\b(?:next|this|coming|following|week)\b", re.IGNORECASE)
# If today's weekday is named beside another day, next week's is meant.
TODAY = re.compile(r"\b(?:today|tonight|this)\b|\d{4}|\d(?:st|nd|rd|th)", re.IGNORECASE)
MOST_CHOICES = 3


def choice_in(text: str, *, now: datetime) -> tuple[date, ...]:
    """The days of “tomorrow or Monday”, in order; none where it is not two or three days."""
    if len(text) > LONGEST:
        return ()
    if " or " not in text.casefold():
        return either_next(text, now=now)
    return choice_of(OR.split(text), now=now) or choice_of(OR_IN_A_LIST.split(text), now=now)


def either_next(text: str, *, now: datetime) -> tuple[date, ...]:
    """“El próximo viernes”: the coming one, or the one after it."""
    with suppress(NotUnderstood):
        found = EITHER_NEXT.search(hearing.in_english(text) or "")
        day = day_in(day_named(found), now=now) if found else None
        return (day, day + timedelta(days=7)) if day else ()
    return ()


def day_named(found: re.Match[str]) -> str:
    return str(found["before"] or found["behind"])


def choice_of(parts: Sequence[str], *, now: datetime) -> tuple[date, ...]:
    """A word that may belong to several of them (“next Tuesday or Wednesday”, “the 3rd or 4th of
    May”) leaves open which days are meant."""
    weeks = {bool(WHICH_WEEK.search(part)) for part in parts}
    months = [part for part in parts if MONTH.search(part)]
    numbers = [part for part in parts if part not in months and NUMBER_ALONE.search(part)]
    if not 1 < len(parts) <= MOST_CHOICES or len(weeks) > 1 or (months and numbers):
        return ()
    days = {day_in(part, now=now) for part in parts}
    return tuple(sorted(filter(None, days))) if len(days - {None}) == len(parts) else ()


def day_in(part: str, *, now: datetime) -> date | None:
    """The one day that is named, if one is."""
    try:
        when = hearer(now)(part)
    except NotUnderstood:
        return None
    day = when.one_day
    if day is None or when.year_corrected:
        return None
    is_next = day == now.date() and not TODAY.search(part)
    return day + timedelta(days=7 * is_next)


def missing(when: When) -> list[str]:
    """What a booking still needs to be told: one day, and one time."""
    needed = {"date": when.one_day, "time": when.time}
    return [name for name, said in needed.items() if said is None]


def start(when: When, *, service: ServiceType, now: datetime) -> datetime:
    """The instant meant. Without am or pm it is the half of the day somebody works, if only one is.

    Raises NotUnderstood for a time the clocks skip, Unsettled when both halves could be meant.
    """
    if when.day is None or when.time is None:
        raise ValueError("a start needs a day and a time")
    zone = slots.zone_of(now)
    refuse_other_zone(when, now=now)
    if when.zone and zones.is_second(when.zone, when.day, when.time, zone):
        return datetime.combine(when.day, when.time, tzinfo=zone).replace(fold=1).astimezone(UTC)
    if when.other_time is None:
        return hearing.instant(when.day, when.time, zone=zone)
    readings = existing(when.day, (when.time, when.other_time), zone=zone)
    calendar = slots.calendar(
        Practitioner.objects.filter(services=service, is_active=True),
        start=min(readings),
        end=max(readings) + timedelta(minutes=1),
        now=now,
    )
    worked = [
        at
        for at in readings
        if any(calendar.is_worked(Slot(who, service, at)) for who in calendar.people)
    ]
    if len(worked) == 1:
        return worked[0]
    if worked:
        raise Unsettled("time", "half_of_day")
    # Neither half of the day can be booked, so choosing the likelier one is no guess: it is only
    # named in the refusal.
    return next((at for at in readings if 7 <= at.astimezone(zone).hour < 19), readings[0])


def refuse_other_zone(when: When, *, now: datetime) -> None:
    """Raise Unsettled for a time in a zone whose clock differs from the clinic's at that time."""
    local = datetime.combine(when.day or now.date(), when.time or when.earliest or MIDNIGHT)
    if when.zone and not zones.is_ours(when.zone, slots.zone_of(now), local):
        raise Unsettled("time", "other_zone")


def existing(day: date, times: Iterable[time], *, zone: ZoneInfo) -> list[datetime]:
    """The instants of the times that the clocks do not skip, as they may one of 2:30 and 14:30."""
    found = []
    for at in times:
        with suppress(NotUnderstood):
            found.append(hearing.instant(day, at, zone=zone))
    return found


def bounds(when: When, *, now: datetime) -> tuple[datetime, datetime] | None:
    """The first instant of the days asked about, and the first one after them; None if no day was
    named."""
    if when.day is None:
        return None
    zone = slots.zone_of(now)
    last: date = when.last_day or when.day
    return slots.instant(when.day, zone), slots.instant(last + timedelta(days=1), zone)
