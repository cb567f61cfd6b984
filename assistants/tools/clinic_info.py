"""Clinic info: what a caller wants to know of the clinic."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from assistants import hearing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood, Reason
from assistants.models import Reception
from assistants.outcomes import (
    AskedElsewhere,
    ClinicAnswers,
    ClinicDays,
    ClinicFact,
    ClinicHours,
    ClinicNote,
    ClinicOffers,
    ClinicPeople,
    DayPassed,
    ToolOutcome,
    Unclear,
)
from assistants.tools import catalogue, notes, topics, visits
from assistants.tools.fields import RemarkField
from assistants.tools.notes import Section
from assistants.tools.serializers import Arguments, ToolSerializer
from assistants.tools.tool import Tool
from assistants.tools.topics import Topic
from bookings.availability import hours, slots
from bookings.models import Practitioner, ServiceType
from tenants import organizations

DAYS_TOLD = 14
MOST_DAYS = 7
# “Mondays”, “every Saturday”, “a Friday”: the next one tells how it is.
USUALLY = re.compile(
    r"\b(\w+day|s[aá]bado|domingo|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|\w+di|dimanche)s\b"
)
POSSESSIVE = re.compile(r"['\u2019]s\b")
WHICH_DAYS = re.compile(
    r"\b(?:what|which|que|welche|welchen|quels|quais) (?:days|dias|tagen?|jours)\b"
)
WEEKENDS = re.compile(r"\b(?:(?:the|every|on) )*weekends?\b")
EVERY = re.compile(r"\b(?:every|each) ")
# Words that, beside a vague word, are still about the same thing.
STILL_HOURS = re.compile(
    r"\d+(?:st|nd|rd|th|[ap]m)?|(?:morn|even)ings?|noon|afternoons?|night|lunch|early|late|next"
    r"|coming|last|until|till|through|between|every|day|days|usual|regular|normal|business|start"
    r"|finish|work|works|working|available|after|before|eve|new|year|years|christmas|easter"
    r"|thanksgiving|labor|memorial|independence|veterans|juneteenth|july|4th|each|long|business"
    r"|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|proxim\w+|semana|woche|semaine|esta|diese|cette|fin|nachmittags?|vormittags?|matin"
)
STILL_ADDRESS = {"clinic", "building", "based", "come", "exact", "full", "place", "go"}
STILL_PEOPLE = {
    "work", "works", "working", "see", "sees", "available", "staff", "team", "name", "names",
    "list", "all", "trabaja", "trabajan", "arbeitet", "arbeiten", "travaille", "trabalha",
    "atiende", "practices", "there", "today",
}  # fmt: skip
WORKING = {"when", "days", "day", "works", "work", "working", "time", "in", "there", "schedule"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicInfo(Arguments):
    topic: str


class ClinicInfoSerializer(ToolSerializer[ClinicInfo]):
    arguments = ClinicInfo

    topic = RemarkField(
        help_text="What the caller asks about, in their own words, with the day, the service or the"
        " practitioner they name: “parking”, “are you open on Saturday”, “who does root canals”.",
    )


def clinic_info(heard: ClinicInfo, *, caller: Caller, now: datetime) -> ToolOutcome:
    """The answer to the question, from the clinic's rows or from what staff wrote. Without a
    question, the hours."""
    if not heard.topic:
        return opening_hours(now)
    people, question = practitioners_in(heard.topic)
    clear = topics.asked_in(question)
    asked = [topic for topic in clear if topic not in topics.ELSEWHERE]
    written = notes.fitting(Reception.current().notes, question, asked)
    if people and (answer := about_people(people, question, asked, now=now)):
        return answer
    if asked:
        return answers(asked, written, question, now=now)
    if written:
        return noted(written)
    if clear:
        return AskedElsewhere(is_own_visit=Topic.OWN_VISIT in clear)
    return vaguely_asked(question, now=now)


def answers(
    asked: Sequence[Topic], written: Sequence[Section], question: str, *, now: datetime
) -> ToolOutcome:
    """One answer for each topic; if nothing is known on a topic, the answer is marked as
    incomplete."""
    named = [section for section in written if notes.is_named(section, question)]
    special = [section for section in named if is_special(section, asked)]
    parts: list[ToolOutcome] = [noted([section]) for section in special]
    is_whole = True
    for topic in asked:
        if any(topic in topics.clear_in(section.heading) for section in special):
            continue
        on_topic = [section for section in written if notes.is_of(section, [topic])]
        part = from_rows(topic, question, now=now) if topic in topics.FROM_ROWS else None
        part = noted(on_topic) if part in (None, ClinicNote("")) else part
        if part == ClinicNote(""):
            is_whole = False
        elif part is not None and part not in parts:
            parts.append(part)
    return together(parts, is_whole=is_whole)


def together(parts: Sequence[ToolOutcome], *, is_whole: bool) -> ToolOutcome:
    """If one of them is a question or a refusal, only that one is said."""
    each = [one for part in parts for one in answers_in(part)]
    facts = tuple(part for part in each if isinstance(part, ClinicFact))
    others = [part for part in each if not isinstance(part, ClinicFact)]
    if others:
        return others[0]
    if not facts:
        return ClinicNote("")
    return facts[0] if len(facts) == 1 and is_whole else ClinicAnswers(facts, is_whole)


def answers_in(part: ToolOutcome) -> Sequence[ToolOutcome]:
    return part.answers if isinstance(part, ClinicAnswers) else [part]


def is_special(section: Section, asked: Iterable[Topic]) -> bool:
    """Whether staff wrote on more than a topic that the rows answer: “Holiday hours”."""
    named = set(topics.clear_in(section.heading)) & set(asked) & set(topics.FROM_ROWS)
    return bool(named) and topics.is_more_than(named, section.heading)


def noted(written: Sequence[Section]) -> ClinicNote:
    return ClinicNote(" ".join(f"{str(section).rstrip('.')}." for section in written))


def vaguely_asked(question: str, *, now: datetime) -> ToolOutcome:
    """The answer to a question that has only words such as “where” and “who”, and nothing else that
    they may be about; and to a day alone, such as “December 3”."""
    if not topics.vague_in(question) and is_still(Topic.HOURS, topics.rest_of(question)):
        days, problem = days_in(question, now=now)
        is_day = days or problem is Reason.NO_SUCH_DAY
        return hours_asked(question, now=now) if is_day else ClinicNote("")
    for topic in topics.vague_in(question):
        rest = topics.rest_of(question, topic)
        if is_still(topic, rest) or topic is Topic.SERVICES or services_in(question):
            return from_rows(topic, question, now=now)
        if topic is Topic.PRACTITIONERS and asks_for_a_service(question):
            return unknown_service()
    is_service_alone = catalogue.is_service(" ".join(topics.rest_of(question)))
    return offers(question) if is_service_alone else ClinicNote("")


def is_still(topic: Topic, rest: Sequence[str]) -> bool:
    match topic:
        case Topic.HOURS:
            return all(STILL_HOURS.fullmatch(word) for word in rest)
        case Topic.ADDRESS:
            return STILL_ADDRESS.issuperset(rest)
        case _:
            return STILL_PEOPLE.issuperset(rest)


def from_rows(topic: Topic, question: str, *, now: datetime) -> ToolOutcome:
    match topic:
        case Topic.ADDRESS:
            return ClinicNote(Reception.current().address)
        case Topic.SERVICES:
            return offers(question)
        case Topic.PRACTITIONERS:
            return who_sees(question, now=now)
        case _:
            return hours_asked(question, now=now)


def offers(question: str) -> ClinicOffers | ClinicAnswers | ClinicNote:
    """The services named, or all; marked as incomplete where something else is asked about, which
    we do not know of: “do you do teeth whitening?”."""
    named = catalogue.services_to_the_letter(question) or services_in(question)
    said = topics.rest_of(question, Topic.SERVICES, Topic.HOURS)
    own = words_naming(named, said)
    others = set(said) - own - topics.STILL_SERVICES
    if others and not own and "how long" in topics.plain(question):
        return ClinicNote("")
    told = named if own else ServiceType.offered()
    known = ClinicOffers(tuple((row.name, row.minutes) for row in told))
    return ClinicAnswers((known,), is_whole=False) if others else known


def words_naming(services: Sequence[ServiceType], said: Sequence[str]) -> set[str]:
    """The words said that are of the services' names: of those said in full, if there is one."""
    names = [catalogue.words(name) for row in services for name in (row.name, *row.aliases)]
    names = [name for name in names if set(name) <= set(said)] or names
    stems = {catalogue.stem(word) for name in names for word in name}
    return {
        word for word in said if any(catalogue.is_named(catalogue.stem(word), one) for one in stems)
    }


# --- who sees patients


def who_sees(question: str, *, now: datetime) -> ToolOutcome:
    """The practitioners who do the service asked about, or else everybody. If a day is named, the
    hours of each on that day."""
    named = services_in(question)
    people = Practitioner.objects.filter(is_active=True)
    if named:
        able = people.filter(services=named[0])
        return ClinicPeople(tuple(person.name for person in able), named[0].name)
    rest = topics.rest_of(question, Topic.PRACTITIONERS, Topic.HOURS)
    days, _ = days_in(question, now=now)
    if STILL_PEOPLE.issuperset(rest) and len(days) == 1 and days[0] >= now.date():
        each = tuple(opening_hours(now, day=days[0], person=person) for person in people)
        return ClinicAnswers(each) if each else ClinicNote("")
    if STILL_PEOPLE.issuperset(rest):
        return ClinicPeople(tuple(person.name for person in people))
    return unknown_service() if asks_for_a_service(question) else ClinicNote("")


def asks_for_a_service(question: str) -> bool:
    said = set(catalogue.words(question))
    return bool(topics.DOING & said) and not catalogue.QUALITIES & said


def unknown_service() -> Unclear:
    return Unclear({"service": "unknown"}, tuple(map(str, ServiceType.offered())))


def services_in(question: str) -> list[ServiceType]:
    return catalogue.services_named(question)


def practitioners_in(text: str) -> tuple[list[Practitioner], str]:
    """The practitioners named, and the text without their names. A word such as “park” is a name
    only after a title."""
    text = POSSESSIVE.sub("", text)
    found: dict[int, Practitioner] = {}
    names: set[str] = set()
    for person in Practitioner.working():
        spoken = visits.spoken_of(visits.names_of(person), without_topics(text))
        if spoken:
            found[person.pk] = person
            names |= spoken
    rest = visits.without(text, names | catalogue.TITLES) if found else text
    return list(found.values()), rest


def without_topics(text: str) -> str:
    """`text` with the words on a topic taken out, where no title stands before them."""
    said = catalogue.words(text)
    kept = [
        word
        for before, word in pairwise(["", *said])
        if before in catalogue.TITLES | catalogue.TITLES_ABROAD or not topics.clear_in(word)
    ]
    return " ".join(kept)


def about_people(
    people: Sequence[Practitioner], question: str, asked: Sequence[Topic], *, now: datetime
) -> ToolOutcome | None:
    """The answer to a question about practitioners; None if only the notes of staff can answer
    it."""
    if set(asked) - {Topic.HOURS, Topic.SERVICES, Topic.PRACTITIONERS}:
        return None
    named = services_in(question)
    if named and Topic.HOURS not in asked:
        able = Practitioner.objects.filter(is_active=True, services=named[0])
        return ClinicPeople(tuple(person.name for person in able), named[0].name)
    said = set(catalogue.words(question))
    is_about_time = Topic.HOURS in asked or Topic.HOURS in topics.vague_in(question)
    if is_about_time or not WORKING.isdisjoint(said):
        return hours_asked(question, now=now, person=people[0])
    rest = set(topics.rest_of(question, Topic.SERVICES))
    if (Topic.SERVICES in asked or said & topics.DOING) and not rest - topics.DOING - STILL_PEOPLE:
        offered = people[0].services.filter(is_active=True)
        return ClinicOffers(tuple((row.name, row.minutes) for row in offered), people[0].name)
    return None


# --- when the clinic is open


def hours_asked(question: str, *, now: datetime, person: Practitioner | None = None) -> ToolOutcome:
    """The hours on the days asked about; today's if no day was named."""
    days, problem = days_in(question, now=now)
    if problem:
        return Unclear({"date": f"day.{problem}"})
    if days and days[-1] < now.date():
        return DayPassed(days[-1])
    if len(days) > 1:
        return hours_of(days, now=now, person=person)
    return opening_hours(now, day=days[0] if days else None, person=person)


def days_in(question: str, *, now: datetime) -> tuple[list[date], Reason | None]:
    """The days, a week at most; and why some that were named are not understood."""
    if WHICH_DAYS.search(topics.plain(question)):
        return [now.date() + timedelta(days=ahead) for ahead in range(MOST_DAYS)], None
    problem = Reason.AMBIGUOUS if topics.names_a_day(question) else None
    for text in topics.days_in(question):
        try:
            if days := days_heard(as_one(text), now=now):
                return days, None
        except NotUnderstood as error:
            if error.reason is Reason.NO_SUCH_DAY:
                problem = error.reason
    return [], problem


def as_one(text: str) -> str:
    """“Mondays” and “every Monday” as “Monday”: the next one tells how it is."""
    words = USUALLY.sub(r"\1", EVERY.sub("", text.casefold()))
    return WEEKENDS.sub("this weekend", words)


def days_heard(words: str, *, now: datetime) -> list[date]:
    """Raises NotUnderstood."""
    region, today = organizations.current().phone_region, now.date()
    week = [today + timedelta(days=ahead) for ahead in range(MOST_DAYS)]
    with suppress(NotUnderstood):
        found = hearing.days_in(words, now=now, region=region)
        if found.named or found.weekdays:
            return list(found.named) or [day for day in week if found.has(day)]
    when = hearing.when(words, now=now, region=region)
    if when.day is None:
        return []
    last = when.last_day or when.day
    first = max(when.day, today) if last >= today else last
    return [first + timedelta(days=ahead) for ahead in range(min((last - first).days + 1, 7))]


def hours_of(days: Sequence[date], *, now: datetime, person: Practitioner | None) -> ClinicDays:
    zone = slots.zone_of(now)
    opened = periods_open(
        slots.instant(days[0], zone), slots.instant(days[-1] + timedelta(days=1), zone), now, person
    )
    told = tuple(
        (
            day,
            tuple(period for period in opened if period[0].astimezone(zone).date() == day),
        )
        for day in sorted(days)
    )
    return ClinicDays(told, person.name if person else "")


def periods_open(
    start: datetime, end: datetime, now: datetime, person: Practitioner | None
) -> list[hours.Period]:
    """The stretches somebody works in, or that one person does, in order."""
    people = [person] if person else Practitioner.working()
    written = hours.timetable(people, start=start, end=end, zone=slots.zone_of(now))
    return list(hours.joined(period for who in people for period in written.opened(who)))


def opening_hours(
    now: datetime, *, day: date | None = None, person: Practitioner | None = None
) -> ClinicHours:
    """The hours of `day`, of today when none is named; else of the next day that has any left."""
    zone = slots.zone_of(now)
    asked = day or now.date()
    start = max(now, slots.instant(asked, zone).astimezone(zone))
    opened = periods_open(start, start + timedelta(days=DAYS_TOLD), now, person)
    ahead = [(opening, closing) for opening, closing in opened if closing > start]
    name = person.name if person else ""
    if not ahead:
        return ClinicHours(asked, asked, (), name)
    first = max(start, ahead[0][0].astimezone(zone)).date()
    then = tuple(period for period in ahead if period[0].astimezone(zone).date() <= first)
    return ClinicHours(asked, first, then, name)


TOOL = Tool(
    name="clinic_info",
    place=90,
    serializer=ClinicInfoSerializer,
    function=clinic_info,
    description=(
        "Answer what callers ask about the clinic: opening hours, address, services, practitioners,"
        " parking. Never answer such a question from memory."
    ),
    waiting="Let me check.",
    prompt="for questions on hours, address, parking, services and practitioners.",
)
