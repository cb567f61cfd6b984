"""Preferences: what the words of a call say a caller would rather have."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from itertools import chain
from typing import TypedDict

from assistants import callers, hearing
from assistants.conversation import Caller
from assistants.hearing import Days, NotUnderstood, Part, Reason, When
from assistants.models import ToolCall
from assistants.tools import catalogue, denials, times, whom
from assistants.tools.catalogue import ANYBODY, WHOM, Choice
from bookings.models import BookingPolicy, Schedule, ServiceType
from bookings.preferences import PartOfDay, Preference
from tenants import organizations
from tenants.postgresql import statements
from tenants.postgresql.statements import Bound, Given, Statement

# How many of the call's latest requests are read.
MOST_REMEMBERED = 10
# Where a tool's arguments speak of hours, and where of weekdays. A single day that the caller asks
# about is not a preference.
SPEAK_OF_HOURS = ("time_preference", "days", "date", "appointmentDate")
SPEAK_OF_WEEKDAYS = ("time_preference", "days")
SPEAK_OF_DAYS = ("date", "appointmentDate", "time_preference", "days")
# The tools that ask for days; elsewhere a day is the one that was chosen.
SEARCHES = ("check_availability", "join_waitlist")
# “any day but Monday” is one thought; “not Monday but Tuesday” is two.
CLAUSES = re.compile(r"[,;.]|(?<!any)(?<!day)(?<!time)(?<!anything) but ")
WEEKDAYS = re.compile(rf"\b({'|'.join(day.name for day in Schedule.Weekday)})s?\b", re.IGNORECASE)
EVERY_DAY = frozenset(Schedule.Weekday)
WEEKEND = frozenset({Schedule.Weekday.SATURDAY, Schedule.Weekday.SUNDAY})


def of_call(caller: Caller, *, now: datetime) -> Preference:
    """What this call has asked for so far, its latest request included; of contradicting wishes the
    newest counts."""
    if not caller.conversation:
        return Preference()
    hours, weekdays, practitioner = When(), frozenset[int](), None
    days: Days | When | None = None
    for tool, arguments in asked(caller):
        hours = hours if hours.has_hours else first_wish(arguments, now=now)
        weekdays = weekdays or weekdays_liked(arguments, now=now)
        practitioner = practitioner or practitioner_in(arguments)
        days = days or (days_asked_for(arguments, now=now) if tool in SEARCHES else None)
    found = of_days(days, weekdays) if isinstance(days, Days) else Preference(weekdays=weekdays)
    earliest, latest = between(hours)
    if earliest or latest:
        found = replace(found, parts=())
    return replace(found, earliest=earliest, latest=latest, practitioner=practitioner)


def days_asked_for(arguments: dict[str, object], *, now: datetime) -> Days | When | None:
    """The days a request asks for, or the one day; None where it speaks of none."""
    search = times.searcher(now)
    for text in texts(arguments, SPEAK_OF_DAYS):
        with suppress(NotUnderstood):
            found = search(text)
            if isinstance(found, Days) or found.day:
                return found
    return None


def of_days(days: Days, weekdays: frozenset[int] = frozenset()) -> Preference:
    """The days and parts of a day that were heard; and those of the liked `weekdays` that the days
    allow."""
    left = (days.weekdays or EVERY_DAY) - days.excluded_weekdays
    liked = (left & weekdays) or left
    earliest, latest = between(days.hours)
    return Preference(
        earliest,
        latest,
        frozenset() if liked == EVERY_DAY else liked,
        first_day=days.earliest,
        last_day=days.latest,
        days=frozenset(days.named),
        excluded=days.excluded,
        parts=tuple(map(part_of_day, days.parts)),
    )


class WaitedFor(TypedDict):
    """The days and hours of a row of the waitlist."""

    weekdays: list[int]
    parts: list[str]
    first_day: date | None
    last_day: date | None
    starts_from: time | None
    starts_before: time | None
    only_days: list[date]
    excluded_days: list[date]


def waited_for(days: Days) -> WaitedFor:
    """What was heard as a row of the waitlist has it: parts of the day by their names."""
    wish = of_days(days)
    return {
        "weekdays": sorted(wish.weekdays),
        "parts": [part.value for part in days.parts],
        "first_day": wish.first_day,
        "last_day": wish.last_day,
        "starts_from": wish.earliest,
        "starts_before": wish.latest,
        "only_days": sorted(wish.days),
        "excluded_days": sorted(wish.excluded),
    }


# What `hearing` takes a part of the day for.
AFTERNOON, AFTERNOONS_END, EVENING = time(12), time(18), time(17)
PARTS = {
    Part.MORNING: When(earliest=time(5), latest=AFTERNOON, part=Part.MORNING),
    Part.AFTERNOON: When(earliest=AFTERNOON, latest=AFTERNOONS_END, part=Part.AFTERNOON),
    Part.EVENING: When(earliest=EVENING, part=Part.EVENING),
    Part.NIGHT: When(earliest=AFTERNOONS_END, part=Part.NIGHT),
}


def part_of_day(part: Part) -> PartOfDay:
    return PartOfDay(part.value, *between(PARTS[part]))


def part_named(wish: When) -> Part | None:
    """The part of the day that was wished for as a whole: “mornings”, but not “early morning”."""
    whole = PARTS.get(wish.part) if wish.part else None
    is_whole = whole and (whole.earliest, whole.latest) == (wish.earliest, wish.latest)
    return wish.part if is_whole else None


def between(wish: When) -> tuple[time | None, time | None]:
    """The hours wished for; where a part of the day begins or ends, as the clinic has it."""
    if wish.part is None or not wish.has_hours:
        return wish.earliest, wish.latest
    policy = BookingPolicy.current()
    earliest, latest = wish.earliest, wish.latest
    match wish.part:
        case Part.MORNING if latest == AFTERNOON:
            latest = policy.afternoon_from
        case Part.AFTERNOON:
            earliest = max(earliest or policy.afternoon_from, policy.afternoon_from)
            if latest == AFTERNOONS_END and policy.evening_from != EVENING:
                latest = policy.evening_from
            if latest and latest <= earliest:  # “early afternoon”, where it begins late
                latest = policy.evening_from
        case Part.EVENING if earliest == EVENING:
            earliest = policy.evening_from
    return earliest, latest


def asked(caller: Caller) -> list[tuple[str, dict[str, object]]]:
    """The tools and arguments of this call's requests, the newest first. It is asked where a time
    is refused, and there it is asked next how many the call has lost."""
    statements.ask_ahead(callers.lost_times(caller))
    return ASKED(conversation=caller.conversation)


ASKED = Statement(
    lambda: (
        ToolCall.objects.filter(conversation=Given("conversation"))
        .order_by("-received", "-pk")
        .values_list("tool", "arguments")[:MOST_REMEMBERED]
    )
)


SEARCHED = Statement(
    lambda: (
        ToolCall.objects.filter(conversation=Given("conversation"), tool=SEARCHES[0])
        .order_by("-received", "-pk")
        .values_list("arguments", flat=True)[:MOST_REMEMBERED]
    )
)


def texts(arguments: dict[str, object], names: tuple[str, ...]) -> Iterator[str]:
    return (value for name in names if isinstance(value := arguments.get(name), str))


def first_wish(arguments: dict[str, object], *, now: datetime) -> When:
    heard = (hours_in(text, now=now) for text in texts(arguments, SPEAK_OF_HOURS))
    return next((when for when in heard if when.has_hours), When())


# What stands alone for hours, as no date has it.
IN_SHORT = (
    (r"a\.?m\.?", "in the morning"),
    (r"p\.?m\.?", "after noon"),
    (r"(\d\d?) ?[-\u2013] ?(\d\d?)", r"between \1 and \2"),
    (r"(?:the )?last (?:appointment|slot|one|time)(?: of the day)?", "last thing"),
)
# When the caller is free, by when they work.
SO = re.compile(r",? so,? ", re.IGNORECASE)
WORK = r"(?:work|have (?:class|school|work))"
NOT_TO = r"(?!\S+(?: ?[ap]m)? (?:to|until|till)\b)"
FREE_WHEN = (
    (rf"\bi {WORK} (?:from )?{denials.A_CLOCK}\S*(?: ?[ap]m)? (?:to|until|till) ", "after "),
    (rf"\bi {WORK} (?:until|till) ", "after "),
    (r"\bi(?:'m| am) (?:at work|working|in class|busy) (?:until|till) ", "after "),
    (
        rf"\bi (?:can )?(?:finish|leave|get (?:off|out))(?: work| school)? (?:at|by) {NOT_TO}",
        "after ",
    ),
    (rf"\bi(?:'m| am) (?:off|done) (?:at|by) {NOT_TO}", "after "),
    (r"\bmy (?:shift|class|work|school|lunch)(?: \w+)? ends at ", "after "),
    (r"\b(?:i (?:start|begin)(?: work| school)?|my (?:shift|class|work) starts) at ", "before "),
)


def hours_in(text: str, *, now: datetime) -> When:
    """What these words wish for; nothing when they cannot be understood, or tell of a time that
    does not suit.

    “Tuesday afternoons, but not before two” is understood a clause at a time, and without the
    weekday where that stands in the way.
    """
    region = organizations.current().phone_region
    text = text.replace("\u2019", "'")
    text = SO.split(text)[-1]  # “I work 3 to 11, so mornings are best”
    for pattern, words in IN_SHORT:
        text = re.sub(rf"^{pattern}$", words, text.strip(), flags=re.IGNORECASE)
    for pattern, words in FREE_WHEN:
        text = re.sub(pattern, words, text, flags=re.IGNORECASE)
    if hearing.is_of_many_days(text):
        with suppress(NotUnderstood):
            days = hearing.days_in(text, now=now, region=region)
            return PARTS[days.parts[0]] if len(days.parts) == 1 else days.hours
    clauses = CLAUSES.split(text)
    for part in (text, *clauses, *(WEEKDAYS.sub("", clause) for clause in clauses)):
        with suppress(NotUnderstood):
            found = times.hearer(now)(part)
            if found.time is None or not denials.speak_against(part):
                return found
    return When()


def searches(caller: Caller) -> Bound[object]:
    """Finds the arguments of this call's latest searches, the newest first."""
    if not caller.conversation:
        return statements.NOTHING
    return SEARCHED.bound(conversation=caller.conversation)


def whom_searched_for(caller: Caller, service: ServiceType) -> Choice:
    """Whom the last search of this call for the service was to find times of; anybody where it
    named nobody."""
    [found] = statements.together(searches(caller))
    for arguments in found:
        with suppress(catalogue.Unresolved):
            if catalogue.service(next(texts(arguments, ("service", "serviceType")), "")) == service:
                beside = map(whom.named, texts(arguments, SPEAK_OF_DAYS))
                said = chain(texts(arguments, ("practitioner", *WHOM)), beside)
                named = next(filter(None, said), "")
                return catalogue.practitioner(named, service=service.name) if named else ANYBODY
    return ANYBODY


def practitioner_in(arguments: dict[str, object]) -> int | None:
    for text in texts(arguments, ("practitioner",)):
        with suppress(catalogue.Unresolved):
            found = catalogue.practitioner(text).named
            return found.pk if found else None
    return None


def weekdays_liked(arguments: dict[str, object], *, now: datetime) -> frozenset[int]:
    """The weekdays a request speaks of: in “by Friday” that day is a bound, and no weekday."""
    said = list(texts(arguments, SPEAK_OF_WEEKDAYS))
    search = times.searcher(now)
    for text in said:
        with suppress(NotUnderstood):
            if isinstance(found := search(text), Days):
                return of_days(found).weekdays
    return weekdays_in(" ".join(said), now=now)


def weekdays_in(text: str, *, now: datetime) -> frozenset[int]:
    """“Tuesdays or Thursdays” names two, “not Tuesday” all others; none are any."""
    liked: set[int] = set()
    excluded: set[int] = set()
    for clause in CLAUSES.split(text.casefold()):
        if named := weekdays_named(clause):
            (excluded if excludes(clause, now=now) else liked).update(named)
    if liked:
        return frozenset(liked - excluded)
    return EVERY_DAY - excluded if excluded else frozenset()


def weekdays_named(clause: str) -> set[int]:
    """A day nobody named is not added."""
    named = {day.value for day in Schedule.Weekday if day.name.casefold() in clause}
    if "weekend" in clause:
        named |= WEEKEND
    if "weekday" in clause:
        named |= EVERY_DAY - WEEKEND
    return named


def excludes(clause: str, *, now: datetime) -> bool:
    """Whether these words say what is not wanted."""
    one_of_them = WEEKDAYS.sub(r"\1", clause)
    try:
        hearing.when(one_of_them, now=now, region=organizations.current().phone_region)
    except NotUnderstood as error:
        return error.reason is Reason.EXCLUDED or denials.are_in(clause)
    return False
