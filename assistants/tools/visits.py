"""Visits: which of those a caller has ahead is meant by what they say of it.

A service, a practitioner, a day, a part of it, a time or a place in the order: whatever is said
has to fit. Of a time half an hour more or less is forgiven, as callers remember it, where no visit
is at that very time.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from uuid import UUID

from assistants import callers, hearing
from assistants.conversation import Caller
from assistants.hearing import NotUnderstood, Reason, When
from assistants.outcomes import Found, WhichAppointment
from assistants.tools import catalogue, denials, leftovers, places, registry, relative, whom
from assistants.tools.catalogue import FILLERS, TITLES, TITLES_ABROAD, is_slip, stem
from bookings.models import Appointment, Practitioner, ServiceType

# Words for any visit, and filler words: they do not say which visit is meant.
NO_CLUE = FILLERS | {
    "one", "ones", "that", "this", "booked", "scheduled", "upcoming", "existing", "current",
    "only", "own", "made", "it", "is", "on", "at", "in", "slot", "time", "booking", "coming",
    "up", "there", "which", "original", "already", "me", "thing", "was", "supposed", "be", "you",
    "mine", "cita", "mi", "termin", "mein", "meinen", "rdv", "consulta", "turno", "rendez", "vous",
    "mon", "next", "ive", "got", "had", "im", "have", "having", "doctor", "dr", "move",
    "change",
    "cancel", "reschedule", "from", "as", "well", "dental", "dentist", "dentists", "medical",
    "doctors", "yes", "yeah", "yep", "correct", "right", "thats", "we", "just", "talked", "spoke",
    "about", "discussed", "mentioned", "said", "told", "all", "any",
    "every", "everything", "of", "them", "do", "appointments", "visits", "bookings", "la", "del",
    "de", "minha", "meu", "meine", "si", "esa", "ese", "eso", "esta", "este", "exacto", "correcto",
    "claro", "ja", "genau", "oui", "sim",
}  # fmt: skip
# So an appointment is called in Portuguese; in Spanish that may be a consultation.
CONSULTA = "consulta"
IN_SPANISH = re.compile(rf"\b(?:la|mi|una) {CONSULTA}\b")
# “Las dos” are both, or two o'clock.
SOME = re.compile(
    r"(?:(?:my|the|these|those|las|los|mis|os|as|die|les) )?(?:two|three|both|dos|tres|ambas|ambos"
    r"|all|todas|todos|zwei|drei|beide|alle|deux|trois|toutes|duas|dois|2|3)(?: of (?:them|those))?"
    r"(?:,? (?:please|por favor))?"
)
# What is left of “the first cleaning”, where the service is known.
PLACED = re.compile(rf"(?:the |my |our )?(?P<place>{'|'.join(places.ORDER)})")
# Outcomes that tell a caller several of their visits.
LISTING = (Found.__name__, WhichAppointment.__name__)
# Whose visit it is: somebody's who may have another one at the same number.
KIN = (
    "wife|husband|spouse|partner|son|daughter|kids?|child|children|baby|boy|girl|mother|mom|mum"
    "|mama|father|dad|papa|parents?|brother|sister|grand\\w+|granny|nan|aunt|uncle|niece|nephew"
    "|cousin|friend|boyfriend|girlfriend|roommate|neighbou?r|boss"
)
ANOTHERS = re.compile(rf"\b(?:my|our|his|her|their) (?:{KIN})(?:'s|s')?\b")
# “Friday at ten for my son Tim”, “a cleaning for Anna Ode”, “at ten for Tim”, “Tim's cleaning”.
A_NAME = r"[A-Z][^\W\d_]+"
FOR_SOMEBODY = re.compile(
    rf"\b[Ff]or (?:my|our|his|her) (?:{KIN}),? (?P<kin>[^\W\d_]{{2,}})"
    rf"|\b(?:[Ff]or|[Pp]atient(?: name)?(?: is|:)?|(?:the )?[Nn]ame(?: is|:)|[Uu]nder)"
    rf" (?P<name>{A_NAME}(?: {A_NAME}(?= *(?:$|[,.;!?])))?)(?= {A_NAME}| *(?:$|[,.;!?]))"
    rf"|\b(?P<whose>{A_NAME})'s (?:appointment|visit|cleaning|check-?up|consult\w*|booking|slot)\b"
)
BARE_NAME = re.compile(
    r"(?:(?:for|the one for|(?:la|el)(?: cita| visita)? (?:de|para)) )?"
    rf"(?P<name>{A_NAME}(?: {A_NAME})?)"
)
POSSESSIVE = re.compile(r"\b([^\W\d_]{2,})'s\b")
# Around a name in “la cita de Lily” and “the one for Lily”.
OF_A_NAME = {"la", "el", "cita", "visita", "de", "para", "for", "the", "one"}
# Words with an apostrophe that are not a person's ("that's").
NOBODYS = {
    "it", "that", "this", "what", "there", "here", "who", "where", "when", "how", "let", "he",
    "she", "one", "today", "tomorrow", "tonight", "week", "month", "year", "morning", "afternoon",
    "evening", "day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "new", "valentine", "mother", "father", "doctor", "dr",
    "clinic",
}  # fmt: skip
# “The consultation, and keep the cleaning”, “not the cleaning, the consultation”.
KEEP = (
    r"(?:please |i(?:'ll| will|'d like to| would like to| want to|'m going to| am going to) )?"
    r"(?:keep|leave)"
)
ONE_STAYS = re.compile(
    rf"(?:{KEEP}|not) (?P<stays_first>.+?),? (?:and |but )?(?:cancel|move|drop|change)"
    r" (?P<meant_first>.+)"
    rf"|(?P<meant>.+?),? (?:(?:and|but) )?(?:{KEEP}|not) (?P<stays>.+)"
    r"|not (?P<stays_then>[^,]+), (?:but )?(?P<meant_then>.+)"
)
# How they came to it, which says nothing of when it is.
HOW = re.compile(r"\b(?:that |which )?i(?: have|'ve)? (?:booked|made|scheduled)\b.*")
# That it is theirs, and why it is to go, which says nothing of when it is either.
THEIRS = re.compile(
    r"\b(?:mis?|mein(?:en?|er)?|mon|mes|meus?|minhas?|que (?:tengo|tenemos|tenho|j'ai)"
    r"|coming up|it's(?: for)?|this is|when's|when is|again)\b"
    r"|^(?:la|el) del?(?= (?:las? |\w+es\b|s[aá]bado|domingo))"
    r"|\b(?:that |which )?i(?: have(?: got)?| had|'ve(?: got)?)(?: booked)?"
    r"(?= (?:on|at|for|with|in|this|next)\b)"
    r"|,? (?:because|since|cause) (?:i|i'm|my|we|of|something)\b.*$"
    r"|, (?:something (?:has )?c[ao]me up|i(?:'m| am) (?:sick|ill|busy|away))$"
    r"|,? (?:but )?(?:i|we) (?:can't|cannot|can not|won't|couldn't)"
    r" (?:make|come|attend|keep|do|go|be there)(?: to)?(?: it)?(?: any ?more)?$"
)
THE_OTHER = re.compile(
    r"(?:and |then )?(?:the|my) (?:other|remaining)(?: (?:one|appointment|visit))?(?: as well)?"
    r"|(?:y |también )?(?:la|mi|el) otr[ao](?: (?:cita|visita))?(?: también)?"
)
A_ONE = re.compile(r"(?<!at )\bones?\b(?! ?(?:o'?clock|[ap]\.?m|thirty|fifteen|forty))")
NEXT = re.compile(r"\b(?:next|soonest|first|upcoming) (?:appointment|visit|booking|one)\b")
DAY_OF_A_MONTH = re.compile(r"\bthe (\d{1,2})(?:st|nd|rd|th)\b(?! of\b)")
MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\d[/-]\d|\b(?:this|next) month"
)
OF_A_MONTH = re.compile(
    r"^ *(?:the|my) (?=(?:january|february|march|april|june|july|august|september|october|november"
    r"|december)\b)"
)
OPEN_WEEKDAY = re.compile(r"^(?!.*(?:\d(?:st|nd|rd|th)|this|next|coming)).*day\b")


def fitting(
    rows: Sequence[Appointment],
    words: str,
    *,
    listed: Sequence[UUID],
    is_named: bool,
    hear: Callable[[str], When],
    now: datetime,
) -> list[Appointment]:
    """Those of `rows`, which are in order, that everything said fits; an empty list if the words
    fit none, say nothing that is understood, or say which visit is not meant.

    `listed` is the order that the caller knows, keys of visits: some may stand elsewhere since.
    `is_named`: whose visit it is was said apart, and is known.
    """
    said = words.casefold().replace("\u2019", "'")
    if theirs := [row for row in rows if is_name_of(row, said)]:
        return theirs
    fits = partial(told_by, listed=listed, is_named=is_named, hear=hear, now=now)
    beside_another = besides(rows, said.strip(" .!"), listed, fits)
    return fits(rows, said) if beside_another is None else beside_another


def told_by(
    rows: Sequence[Appointment],
    said: str,
    *,
    listed: Sequence[UUID],
    is_named: bool,
    hear: Callable[[str], When],
    now: datetime,
) -> list[Appointment]:
    """As `fitting`, for lower-case words that speak of no other visit."""
    told = THEIRS.sub(" ", said)
    text = without_of(HOW.sub(" ", told))
    if is_of_none(rows, said) or (not is_named and ANOTHERS.search(text)):
        return []
    theirs = by_patient(rows, text)
    clues = set(catalogue.words(without_names(text))) - no_clue(said)
    if not clues and not NEXT.search(text):
        return [] if is_somebodys(text, theirs) else theirs
    if text == told and (by_itself := places.alone(relative.normal(text))):
        return at_place_or_day(rows, by_itself, listed, now=now)
    left, rest = by_practitioner(theirs, text)
    left, rest = by_service(left, rest)
    if is_somebodys(ANOTHERS.sub(" ", rest) if is_named else rest, left):
        return []
    place = places.PLACE.search(text) or NEXT.search(text)
    if rest != text and (only := PLACED.fullmatch(" ".join(rest.split()))):
        return in_order(left, only, [row.pk for row in left])
    beside = rest.replace(place[0], " ") if place else rest
    when = heard(beside, hear)
    if when is None or is_left_over(beside, left, is_named=is_named):
        return []
    if when != When():
        left = by_when(left, when, text, rows, now=now)
    elif rest == text and not place:
        return []
    if place is None:
        return left
    is_place_alone = len(left) == len(rows)
    found = in_order(left, place, listed if is_place_alone else [row.pk for row in left])
    return found if text == told else also_as_booked(found, left, place)


def is_of_none(rows: Sequence[Appointment], said: str) -> bool:
    """Whether one visit is named as not meant, or several are named by their number alone."""
    return (len(rows) > 1 and are_several(said)) or denials.name_what_is_not_meant(said)


def are_several(words: str) -> bool:
    """Whether the words mean several visits by their number alone."""
    return bool(SOME.fullmatch(words.strip(" .!").casefold()))


def without_names(text: str) -> str:
    """Without “Tim's”, but with “tomorrow's”."""
    return POSSESSIVE.sub(lambda found: found[0] if found[1] in NOBODYS else " ", text)


def without_of(text: str) -> str:
    """“Dr. Lind's” as the visit with that practitioner."""
    titled = "|".join([*catalogue.TITLES, *catalogue.TITLES_ABROAD])
    return re.sub(rf"\b((?:{titled})\.? [^\W\d_]+)'s\b", r"\1", text)


def no_clue(said: str) -> set[str]:
    """NO_CLUE without “la consulta”, if the clinic has a service of that name."""
    names = (word for row in ServiceType.offered() for word in catalogue.words(row.name))
    is_service = IN_SPANISH.search(said) and any(name.startswith("consult") for name in names)
    return NO_CLUE - {CONSULTA} if is_service else NO_CLUE


def besides(
    rows: Sequence[Appointment],
    said: str,
    listed: Sequence[UUID],
    fits: Callable[..., list[Appointment]],
) -> list[Appointment] | None:
    """The visits that are meant where another is spoken of: what is said of the one that stays has
    to fit one of several, and the rest another. None where no other is spoken of."""
    if len(rows) == 1 and len(listed) > 1 and THE_OTHER.fullmatch(said):
        return list(rows)
    parts = ONE_STAYS.fullmatch(said)
    if parts is None or denials.UNABLE.search(denials.plain(said)):
        return None
    stays = fits(rows, parts["stays"] or parts["stays_first"] or parts["stays_then"])
    meant = fits(rows, parts["meant"] or parts["meant_first"] or parts["meant_then"])
    return meant if len(rows) > 1 and len(stays) == 1 and stays[0] not in meant else []


def is_for_another(words: str, patient: str) -> bool:
    """Whether the words say that it is for somebody with another first name than the patient's."""
    found = FOR_SOMEBODY.search(words.replace("\u2019", "'"))
    if found is None:
        return False
    name = found["kin"] or found["name"] or found["whose"]
    first, *_ = catalogue.words(name) or [""]
    if first in catalogue.FILLERS | catalogue.TITLES or hearing.is_of_days(first):
        return False
    is_known = not found["kin"] and (catalogue.is_service(name) or whom.is_of_a_name(first))
    return not is_known and first not in catalogue.words(patient)


def whose(words: str) -> str:
    """The name in “Tim's cleaning”, which is no practitioner's; "" for none."""
    for found in re.finditer(rf"\b({A_NAME})'s\b", words.replace("\u2019", "'")):
        name = found[1]
        if name.casefold() not in NOBODYS and not whom.is_of_a_name(name):
            return str(name)
    return ""


def bare_name(words: str) -> str:
    """What may be a patient's name and nothing else, as in “Lily Ode” and “la cita de Lily”; ""
    for none."""
    found = BARE_NAME.fullmatch(words.strip(" .!"))
    first, *_ = catalogue.words(found["name"]) if found else [""]
    is_known = hearing.is_of_days(first) or whom.is_of_a_name(first)
    return "" if not found or is_known or catalogue.is_service(found["name"]) else found["name"]


def is_left_over(rest: str, rows: Sequence[Appointment], *, is_named: bool) -> bool:
    """Whether an unknown word is left: it may say that this visit is not meant."""
    words = POSSESSIVE.sub(" ", ANOTHERS.sub(" ", rest)) if is_named else rest
    words = POSSESSIVE.sub(r"\1", words)
    words = denials.UNABLE.sub(" ", denials.plain(words))
    names = (f"{row.service.name} {row.practitioner.name} {row.patient.name}" for row in rows)
    known = (NO_CLUE - {"and"}) | TITLES | TITLES_ABROAD | set(catalogue.words(" ".join(names)))
    return leftovers.are_in(words, known=known)


def is_somebodys(rest: str, rows: Sequence[Appointment]) -> bool:
    """Whether what is left of the words names somebody else whose it is: “Sam's”."""
    known = {word for row in rows for word in catalogue.words(row.patient.name)} | NOBODYS
    return not known.issuperset(POSSESSIVE.findall(rest))


def by_patient(rows: Sequence[Appointment], text: str) -> list[Appointment]:
    """The visits of the patient who is named as the one whose it is: “Ben Ode's cleaning”."""
    if not POSSESSIVE.search(text):
        return list(rows)
    names = {row.pk: set(catalogue.words(row.patient.name)) for row in rows}
    named = set().union(*names.values()) & set(catalogue.words(POSSESSIVE.sub(r"\1", text)))
    return [row for row in rows if named <= names[row.pk]]


def is_name_of(row: Appointment, text: str) -> bool:
    """Whether the words are the patient's name, and nothing else."""
    name, said = set(catalogue.words(row.patient.name)), set(catalogue.words(text)) - OF_A_NAME
    is_sure = len(said) > 1 or not any(hearing.is_of_days(one) for one in said)
    return bool(said) and said <= name and is_sure and not any(map(whom.is_of_a_name, said))


def by_practitioner(rows: Sequence[Appointment], text: str) -> tuple[list[Appointment], str]:
    """The visits with the practitioner named, and the words without the name."""
    known = {row.practitioner_id: row.practitioner for row in rows}
    everybody = [*known.values(), *Practitioner.objects.exclude(pk__in=known)]
    named = {who.pk: words for who in everybody if (words := spoken_of(names_of(who), text))}
    if not named:
        return list(rows), text
    most = max(map(len, named.values()))
    best = {key: words for key, words in named.items() if len(words) == most}
    rest = without(text, {word for words in best.values() for word in words} | TITLES)
    return [row for row in rows if row.practitioner_id in best], rest


def names_of(who: Practitioner) -> list[str]:
    return catalogue.words(" ".join([who.name, catalogue.transcribed(who.name), *who.aliases]))


def spoken_of(names: Iterable[str], text: str) -> set[str]:
    """The words said that are part of the name; a month or a short word counts only after a
    title."""
    said = catalogue.words(text)
    found = set()
    for before, word in zip(["", *said], said, strict=False):
        is_titled = before in TITLES | TITLES_ABROAD or before == "with"
        is_other = MONTH.search(word) or len(word) < 3 or word in NO_CLUE
        if word in TITLES or (is_other and not is_titled):
            continue
        is_cut = is_titled and len(word) > 2 and any(name.startswith(word) for name in names)
        if is_cut or any(is_slip(word, name) for name in names):
            found.add(word)
    return found


def by_service(rows: Sequence[Appointment], text: str) -> tuple[list[Appointment], str]:
    """The visits for the service named, and the words without it."""
    unsaid = NO_CLUE - {CONSULTA} if IN_SPANISH.search(text) else NO_CLUE
    said = [word for word in catalogue.words(text) if word not in unsaid]
    theirs = {row.service_id: row.service for row in rows}
    others = [row for row in ServiceType.offered() if row.pk not in theirs]
    for services, is_whole in ((theirs.values(), True), (others, True), (theirs.values(), False)):
        named = {row.pk: parts for row in services if (parts := said_of(row, said, is_whole))}
        if named:
            most = max(map(len, named.values()))
            best = {key: parts for key, parts in named.items() if len(parts) == most}
            rest = without(text, {word for parts in best.values() for word in parts})
            return [row for row in rows if row.service_id in best], rest
    return list(rows), text


def said_of(service: ServiceType, said: Sequence[str], is_whole: bool) -> set[str]:
    """The words said that name the service: the whole of a name, or a part of it."""
    best: set[str] = set()
    for name in catalogue.row_names(service, FILLERS):
        stems = [stem(word) for word in name if word not in NO_CLUE and len(word) > 2]
        found = {word for word in said if any(catalogue.is_named(stem(word), one) for one in stems)}
        is_all = all(any(is_slip(stem(word), one) for word in said) for one in stems)
        if stems and (is_all or not is_whole) and len(found) > len(best):
            best = found
    return best


def without(text: str, words: set[str]) -> str:
    parts = re.split(r"(\s+)", text)
    return "".join(part for part in parts if not set(catalogue.words(part)) & words)


def heard(text: str, hear: Callable[[str], When]) -> When | None:
    """What the words say of a day and a time; None where that cannot be understood."""
    if not set(catalogue.words(text)) - NO_CLUE - catalogue.TITLES_ABROAD:
        return When()
    text = OF_A_MONTH.sub("", text)
    try:
        return hear(A_ONE.sub(" ", text))
    except NotUnderstood as error:
        return When() if error.reason is Reason.NOTHING_HEARD else None


def is_at(row: Appointment, when: When, text: str, *, now: datetime) -> bool:
    local = row.start.astimezone(now.tzinfo)
    is_day = when.day is None or is_on(local.date(), when, text)
    at = local.time()
    is_part = (when.earliest or at) <= at and (when.latest is None or at < when.latest)
    return is_day and is_part and relative.is_near(when, local)


def by_when(
    left: Sequence[Appointment],
    when: When,
    text: str,
    rows: Sequence[Appointment],
    *,
    now: datetime,
) -> list[Appointment]:
    """The visits of `left` at the day and the time that were said; near to that time only if none
    of all `rows` is at it."""
    near = [row for row in left if is_at(row, when, relative.in_english(text), now=now)]
    if exact := [row for row in near if is_exactly_at(row, when, now=now)]:
        return exact
    is_others = any(
        is_exactly_at(row, when, now=now) and is_at(row, when, "", now=now)
        for row in rows
        if row not in near
    )
    return [] if is_others else near


def is_exactly_at(row: Appointment, when: When, *, now: datetime) -> bool:
    return row.start.astimezone(now.tzinfo).time() in (when.time, when.other_time)


def is_on(day: date, when: When, text: str) -> bool:
    """Whether it is the day said, or one of them; “the Wednesday one” may be any Wednesday, and
    “the 20th” one of any month."""
    if when.day is None or when.day <= day <= (when.last_day or when.day):
        return True
    number = DAY_OF_A_MONTH.search(text)
    if number and is_day_of_any_month(text):
        return day.day == int(number[1])
    is_open = OPEN_WEEKDAY.search(text) and not MONTH.search(text) and not when.last_day
    return bool(is_open) and day.weekday() == when.day.weekday()


def is_day_of_any_month(text: str) -> bool:
    return bool(DAY_OF_A_MONTH.search(text)) and not MONTH.search(text)


def at_place_or_day(
    rows: Sequence[Appointment], said: tuple[str, int], order: Sequence[UUID], *, now: datetime
) -> list[Appointment]:
    """“The third” is the third of those the caller knows, or the one on the third of a month; none
    where it may be either."""
    word, number = said
    placed = at_place(rows, number, order)
    if word in places.FEMININE:
        return placed
    of_day = [row for row in rows if row.start.astimezone(now.tzinfo).day == number + 1]
    is_either = placed and of_day and placed != of_day
    return [] if is_either else placed or of_day


def also_as_booked(
    found: list[Appointment], rows: Sequence[Appointment], place: re.Match[str]
) -> list[Appointment]:
    """“The last one I booked” may be the last in the diary, or the one that was booked last: those
    found, if they are both."""
    booked = sorted(rows, key=lambda row: row.created)
    return found if found == in_order(rows, place, [row.pk for row in booked]) else []


def in_order(
    rows: Sequence[Appointment], place: re.Match[str], order: Sequence[UUID]
) -> list[Appointment]:
    """“My next appointment” is the soonest, “the last one” the last of those the caller knows."""
    return at_place(rows, places.ORDER[place.groupdict().get("place") or "first"], order)


def at_place(rows: Sequence[Appointment], number: int, order: Sequence[UUID]) -> list[Appointment]:
    meant = order[number] if -len(order) <= number < len(order) else None
    return [row for row in rows if row.pk == meant]


def listed(rows: Sequence[Appointment], caller: Caller) -> list[UUID]:
    """The caller's visits in the order they know: as this call told them last, else as they stood
    when it began, those included that it has cancelled or moved."""
    heard = callers.heard_by(caller)
    last = heard.filter(outcome__in=LISTING).first()
    if last and last.memory:
        return [UUID(key) for key in last.memory["visits"]]
    stood = {row.pk: row.start for row in rows}
    changes = heard.filter(settled=True, tool__in=registry.that_find("visit"))
    for record in changes.select_related("appointment"):
        row = record.appointment
        if row:
            stood[row.pk] = record.moved_from or stood.get(row.pk, row.start)
    return sorted(stood, key=lambda key: stood[key])
