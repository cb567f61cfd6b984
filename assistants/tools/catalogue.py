"""The catalogue: services and practitioners by the words callers use for them.

Case, accents and apostrophes do not count, and one slip in a word of five letters or more is
forgiven, by the measure of `bookings.names`. Words that match several rows are ambiguous: none is
chosen.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TypeVar

from bookings import names
from bookings.accents import without_accents
from bookings.models import Practitioner, ServiceType

Named = TypeVar("Named", ServiceType, Practitioner)
Same = Callable[[str, str], bool]
Fit = Callable[[Sequence[str], Sequence[str], Same], bool]

# What models call the argument `practitioner` as well.
WHOM = dict.fromkeys(
    ("doctor", "dentist", "provider", "doctor_name", "provider_name", "practitioner_name"),
    "practitioner",
)
TITLES = {"dr", "doctor", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame"}
# Titles of other languages, folded as `words` folds them. Some are names, too: “Don”.
TITLES_ABROAD = {
    "dra", "doctora", "don", "dona", "senor", "senora", "senorita", "sr", "sra", "doctores",
    "docteur", "docteure", "monsieur", "madame", "mademoiselle", "mme", "doutor", "doutora",
    "senhor", "senhora", "doktor", "doktorin", "frau", "herr", "dottore", "dottoressa",
}  # fmt: skip
ARTICLES = {"a", "an", "the", "my", "some", "el", "la", "un", "una", "le", "der", "die", "den"}
FILLERS = ARTICLES | {
    "with", "for", "to", "see", "please", "i", "id", "would", "like", "want", "need", "book",
    "have", "get", "just", "con", "mit", "avec", "com", "por", "favor", "um", "uh", "er", "of",
    "appointment", "appt", "visit", "session", "and", "then", "well", "okay", "ok",
}  # fmt: skip
# “An appointment” in other languages. Services may be called so, too.
A_VISIT_ABROAD = {
    "cita", "turno", "hora", "termin", "einen", "ein", "eine", "rendez", "vous", "rdv", "consulta",
    "uma", "marcar", "quiero", "necesito", "mochte", "brauche", "je", "voudrais", "quero",
    "pedir", "sacar", "slot", "time", "booking", "one", "come", "in",
}  # fmt: skip
# What is said around a practitioner's name, and tells nobody apart.
AROUND_A_NAME = {
    "instead", "again", "preferably", "ideally", "if", "possible", "available", "free", "can",
    "could", "be", "is", "hes", "shes", "theyre", "in", "only", "rather", "prefer", "by", "him",
    "her", "at", "all", "or", "otherwise", "better", "usual", "regular", "maybe", "thats", "it",
}  # fmt: skip
IF_POSSIBLE = re.compile(
    r"\b(if (at all )?(possible|available|free|not)|if (he|she|they)\b.*\b(free|available|in|there)"
    r"|preferably|ideally|otherwise|or (any|whoever|whomever|somebody|someone|the next|whichever))"
)
ANY = {
    "any", "anyone", "anybody", "whoever", "whoevers", "whomever", "whichever", "someone",
    "somebody", "either", "cualquiera", "whos", "everyone", "everybody",
}  # fmt: skip
AROUND_ANY = FILLERS | AROUND_A_NAME | TITLES | {
    "first", "next", "soonest", "earliest", "fine", "will", "do", "works", "good", "great", "one",
    "them", "else", "other", "particular", "really", "open", "has", "opening", "you", "there",
    "that", "me", "who", "dentist", "provider", "providers", "practitioner", "practitioners",
    "doctors", "physician", "clinician", "specialist", "staff", "member", "person", "sooner",
    "soon", "time", "today", "work", "are", "got", "s",
}  # fmt: skip
NO_WISH = {
    "no preference", "none", "null", "na", "n", "no", "first available", "next available",
    "soonest available", "doesnt matter", "it doesnt matter", "does not matter", "dont mind",
    "i dont mind", "dont care", "i dont care", "no one in particular", "nobody in particular",
    "unspecified", "not specified", "up to you", "you choose", "you decide", "whatever",
    "quien sea", "me da igual", "da igual", "no importa", "sin preferencia", "egal", "ist egal",
    "ganz egal", "peu importe", "tanto faz", "quien este libre", "cualquier doctor",
    "no particular one", "no particular preference", "i have no preference", "not sure",
}  # fmt: skip
ANOTHER = (
    r"(?:(?:the|an?|some|any) ?)?(?:(?:other|different)(?: one)?|another|(?:some|any)(?:one|body)"
    r" (?:else|different))(?: (?:doctor|dentist|provider|practitioner|hygienist|person))?"
)
# What callers ask for that we do not know of anybody.
QUALITIES = {
    "speaks", "speak", "speaking", "female", "male", "woman", "man", "lady", "gender", "language",
    "older", "younger", "old", "young", "gentle", "nice", "best", "experienced", "same",
}  # fmt: skip
EXCEPT = re.compile(
    r"\b(?:except(?: for)?|other than|instead of|rather than|apart from|besides|without"
    r"|(?<!if )not|but)\b"
)
# Words in names of services that do not tell which it is.
OF_ANY_SERVICE = {
    "general", "practice", "clinic", "patient", "doctor", "dental", "medical", "dentist", "first",
    "appointments", "visits", "service", "treatment", "therapy", "office", "hours", "minutes",
}  # fmt: skip
# Beside the name of a service these words make it another one: “a root canal consult”, “deep
# cleaning”. A consultation may be about anything.
OF_ANOTHER_KIND = re.compile(
    r"\b(?P<kind>consult\w*|second opinion|estimate|follow ?up(?= (?:on|for|to|after)\b|$))\b"
    r"|(?<!no )(?<!not )(?<!not a )\b(?:deep|periodontal|dentures?) (?P<name>\w+)"
)
CONSULTATION = re.compile(r"consult|exam|evaluation|check ?up|visit|assessment")
LEAST_FOR_A_SLIP = 5
LEAST_CUT = 5  # letters left of a word that is cut short
# Of two words, a letter in five may differ: Okafor and Okafo, Castillo and Castilo.
ONE_SLIP = 0.8


class Unresolved(LookupError):
    """The words fit none of the names, or several: `candidates`."""

    def __init__(self, code: str, candidates: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.candidates = tuple(candidates)


@dataclass(frozen=True, slots=True)
class Choice:
    """The practitioner a caller wants: `named`, or anybody, but none whose key is in `without`.
    `or_anyone`: if `named` cannot, anybody else will do. `is_another`: anybody but the one whom the
    visit that is to move is with.
    """

    named: Practitioner | None = None
    without: frozenset[int] = frozenset()
    or_anyone: bool = False
    is_another: bool = False

    def __str__(self) -> str:
        return self.named.name if self.named else ""

    def among(self, people: Iterable[Practitioner]) -> list[Practitioner]:
        """The practitioners of `people` who may be chosen."""
        return [
            person
            for person in people
            if self.named in (None, person) and person.pk not in self.without
        ]


ANYBODY = Choice()


def service(text: str, *, practitioner: str = "") -> ServiceType:
    """The offered service that these words name. If they fit several, the one that the named
    practitioner offers. Raises Unresolved."""
    offered = ServiceType.offered()
    found = services_in(text, offered)
    if len(found) > 1 and practitioner:
        done = ServiceType.objects.filter(practitioners__in=named_in(practitioner))
        found = only(found, {row.pk for row in done})
    return of_that_kind(the_one(found, offered), text, offered)


def of_that_kind(found: ServiceType, text: str, offered: Sequence[ServiceType]) -> ServiceType:
    """`found`, unless a word beside its name makes it something else: “a root canal follow-up”.
    Raises Unresolved."""
    own = {word for name in (found.name, *found.aliases) for word in words(name)}
    first = re.split(r"[,;.(]", text, maxsplit=1)[0]  # “root canal, first consult was last month”
    said = OF_ANOTHER_KIND.search(" ".join(words(first)))
    if (
        said is None
        or CONSULTATION.search(" ".join(own))
        or not own.isdisjoint(said[0].split()[:1])
    ):
        return found
    if said["name"] and said["name"] not in own:
        return found
    others = [
        row.name
        for row in offered
        if row != found and said["kind"] and words(row.name)[0].startswith(said["kind"])
    ]
    raise Unresolved("ambiguous" if others else "unknown", [found.name, *others] if others else ())


def services_in(text: str, offered: Sequence[ServiceType]) -> list[ServiceType]:
    """“An appointment” is the service there is, where there is one."""
    said = words(text)
    told = meant(said, FILLERS)
    if said and not set(said) - FILLERS - A_VISIT_ABROAD and len(offered) == 1:
        return list(offered)
    ways = (is_same, holds, is_part, holds_cut)
    return matches(told, offered, ignored=FILLERS, form=stem, ways=ways)


def services_named(text: str) -> list[ServiceType]:
    """The services whose whole name is in the text: “how long is a root canal?”. Else the one
    service with a part of its name in it: “the canal”."""
    offered = ServiceType.offered()
    said = words(text)
    if found := matches(said, offered, ignored=FILLERS, form=stem, ways=(holds,)):
        return found
    heard = {stem(word) for word in said}
    found = [row for row in offered if not heard.isdisjoint(part_stems(row))]
    return found if len(found) == 1 else []


def services_to_the_letter(text: str) -> list[ServiceType]:
    """The services whose whole name is in the text, without slips; quicker than those in full."""
    said = {stem(word) for word in words(text)}
    found = [
        (row, name)
        for row in ServiceType.offered()
        for name in stems_of(row.name, *row.aliases)
        if name <= said
    ]
    longest = [row for row, name in found if not any(name < other for _, other in found)]
    return list(dict.fromkeys(longest))


def others_named(text: str, service: ServiceType) -> list[ServiceType]:
    """The services named in the text to the letter, but this one, also by a part of its name."""
    own = stems_of(service.name, *service.aliases)
    return [
        row
        for row in services_to_the_letter(text)
        if row != service
        and not any(name <= whole for name in stems_of(row.name, *row.aliases) for whole in own)
    ]


@lru_cache(maxsize=1024)
def stems_of(*names: str) -> tuple[frozenset[str], ...]:
    """Of each of these names of a service the words that tell it apart, each cut to its stem."""
    told = (meant(words(name), FILLERS) or words(name) for name in names)
    return tuple(frozenset(map(stem, name)) for name in told if name)


def is_service(text: str) -> bool:
    """Whether the text is the name or an alias of a service, or has one of several words in it: one
    word may be a person's as well."""
    said = words(text)
    names = [words(name) for row in ServiceType.offered() for name in (row.name, *row.aliases)]
    return any(name == said or (len(name) > 1 and set(name) <= set(said)) for name in names)


def part_stems(row: ServiceType) -> set[str]:
    """The longer words of a service's names that say what it is, each cut to its stem."""
    named = {word for name in row_names(row, FILLERS) for word in name} - OF_ANY_SERVICE
    return {stem(word) for word in named if len(word) >= LEAST_FOR_A_SLIP}


def practitioner(text: str, *, service: str = "") -> Choice:
    """Whom these words name; of several the one who does the service named beside it.

    Raises Unresolved.
    """
    if is_anyone(text):
        return Choice(or_anyone=True)
    people = Practitioner.working()
    wanted, unwanted = split(text)
    without = frozenset(row.pk for part in unwanted for row in somebody(part, people))
    is_anyones = is_anyone(wanted) or not set(words(wanted)) - FILLERS
    if is_anyones and without:
        return Choice(without=without)
    or_anyone = bool(IF_POSSIBLE.search(" ".join(words(text))))
    if two := one_or_other(wanted, people):
        others = frozenset(row.pk for row in people if row not in two)
        return Choice(without=without | others)
    found = [row for row in either(wanted, people) if row.pk not in without]
    if len(found) > 1 and service:
        found = only(found, {person.pk for person in who_does(service)})
    named = the_one(found, who_does(service) if service and not found else people, text=text)
    return Choice(named, without, or_anyone)


def is_another(text: str) -> bool:
    """“Somebody else”, “the other doctor”, “a different one”."""
    return bool(re.fullmatch(rf"(?:with )?{ANOTHER}(?: please)?", " ".join(words(text))))


def one_or_other(text: str, people: Sequence[Practitioner]) -> list[Practitioner]:
    """“Dr. Cheng or Dr. Patel”: both, where each part names one; else nobody."""
    parts = [either(part, people) for part in text.split(" or ")]
    are_named = len(parts) > 1 and all(len(found) == 1 for found in parts)
    return [found[0] for found in parts] if are_named else []


def with_key(key: int) -> Choice:
    """The practitioner with whom a time was offered. If it is no longer free, others will do."""
    found = (person for person in Practitioner.working() if person.pk == key)
    return Choice(next(found, None), or_anyone=True)


def who_does(service: str) -> list[Practitioner]:
    """The practitioners whose names a caller is told: those who do the service named, or else
    all."""
    people = Practitioner.objects.filter(is_active=True)
    offered = services_in(service, ServiceType.offered())
    return list(people.filter(services__in=offered).distinct()) or list(people)


def named_in(text: str) -> list[Practitioner]:
    """Everybody whom these words may name; nobody where they name none."""
    wanted, _ = split(text)
    people = Practitioner.working()
    return [] if not wanted or is_anyone(wanted) else either(wanted, people)


def split(text: str) -> tuple[str, list[str]]:
    """The words for people who are wanted, and the words for people who are not: “anyone but Dr.
    Cheng”, “not Dr. Cheng but Dr. Patel”, “Dr. Patel, not Dr. Cheng”."""
    wanted: list[str] = []
    unwanted: list[str] = []
    is_negated = False
    rest = fold(text)
    while rest:
        sign = EXCEPT.search(rest)
        part, rest, word = (
            (rest[: sign.start()], rest[sign.end() :], sign[0]) if sign else (rest, "", "")
        )
        first, *behind = re.split(r"[,;]", part) if is_negated else ["", part]
        unwanted += [first] if words(first) else []
        wanted += behind
        is_negated = not (is_negated and word == "but" and not any(map(words, behind)))
    return " ".join(wanted).strip(" ,;"), unwanted


def somebody(text: str, people: Sequence[Practitioner]) -> list[Practitioner]:
    """Everybody whom these words may name. Raises Unresolved when they name nobody."""
    found = either(text, people)
    if not found:
        raise Unresolved("unknown", [person.name for person in people])
    return found


def either(text: str, people: Sequence[Practitioner]) -> list[Practitioner]:
    """Rows that the words match: first as they are, then without filler words, then without titles.
    (Titles come last because some are names.)"""
    said = words(text)
    around = FILLERS | AROUND_A_NAME | ANY
    for titles, ignored in product((TITLES, TITLES | TITLES_ABROAD), (set(), FILLERS, around)):
        told = [word for word in said if word not in titles | ignored]
        ways = (is_same, holds, is_part) if ignored else (is_same,)
        if found := matches(told, people, ways=ways, ignored=titles, form=str):
            return found
    return []


def the_one(found: Sequence[Named], known: Sequence[Named], *, text: str = "") -> Named:
    if len(found) == 1:
        return found[0]
    if found:
        raise Unresolved("ambiguous", [row.name for row in found])
    is_wish = not QUALITIES.isdisjoint(words(text))
    raise Unresolved("quality" if is_wish else "unknown", [row.name for row in known])


def only(found: Sequence[Named], keys: Collection[int]) -> list[Named]:
    """The rows of `found` with one of the keys; all of them if none has one."""
    return [row for row in found if row.pk in keys] or list(found)


def matches(
    said: Sequence[str],
    rows: Iterable[Named],
    *,
    ignored: set[str],
    form: Callable[[str], str],
    ways: Sequence[Fit],
) -> list[Named]:
    """The rows whose name or alias the words are, or hold, or are part of; first letter by letter,
    then with slips. “A deep cleaning” holds “cleaning” only as a part of another name."""
    if not said:
        return []
    heard = [form(word) for word in said]
    known = [
        (row, [[form(word) for word in name] for name in row_names(row, ignored)]) for row in rows
    ]
    for is_like, fits in product((str.__eq__, is_slip), ways):
        found = [
            (row, max((name for name in named if fits(heard, name, is_like)), key=len))
            for row, named in known
            if any(fits(heard, name, is_like) for name in named)
        ]
        if found:
            others = [set(name) for _, name in found if fits is holds]
            return [row for row, name in found if not any(set(name) < other for other in others)]
    return []


def row_names(row: Named, ignored: set[str]) -> list[list[str]]:
    """Each name in words, in each way it may be spelled."""
    spellings = dict.fromkeys(
        spelling for name in (row.name, *row.aliases) for spelling in (name, transcribed(name))
    )
    named = (meant(words(name), ignored) or words(name) for name in spellings)
    return [name for name in named if name]


def meant(said: Sequence[str], ignored: Collection[str]) -> list[str]:
    """The words that tell names apart. If there are none, all words but articles."""
    told = [word for word in said if word not in ignored]
    return told or [word for word in said if word not in ARTICLES]


def is_same(said: Sequence[str], name: Sequence[str], is_like: Same) -> bool:
    """“Check-up” and “check up” are one word to a caller. Slips are forgiven in single words."""
    return "".join(said) == "".join(name)


def holds(said: Sequence[str], name: Sequence[str], is_like: Same) -> bool:
    """“a teeth cleaning please” holds “teeth cleaning”."""
    return all(any(is_like(word, other) for other in said) for word in name)


def is_part(said: Sequence[str], name: Sequence[str], is_like: Same) -> bool:
    """“Okafor” is part of “Amara Okafor”, and “O Neill” of “Sean O'Neill”."""
    return holds(name, said, is_like) or any(is_like("".join(said), word) for word in name)


def holds_cut(said: Sequence[str], name: Sequence[str], is_like: Same) -> bool:
    """“A dental consult” holds “consultation”, cut short."""
    return all(any(is_named(other, word) for other in said) for word in name)


def is_named(word: str, name: str) -> bool:
    """Whether `word` is the name with a slip, or cut short, such as “consult”."""
    return is_slip(word, name) or (len(word) >= LEAST_CUT and name.startswith(word))


def is_slip(one: str, other: str) -> bool:
    if one == other:
        return True
    is_long = min(len(one), len(other)) >= LEAST_FOR_A_SLIP
    return is_long and names.likeness(one, other) >= ONE_SLIP


def stem(word: str) -> str:
    """“cleanings”, “cleaned” and “cleaning” are one service."""
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) >= len(ending) + 4:
            return word.removesuffix(ending)
    return word


def has_title(text: str) -> bool:
    return not TITLES.isdisjoint(words(text))


@lru_cache(maxsize=1024)
def without_titles(name: str) -> str:
    """A practitioner's name in lower case, as it is spelled: “Dr. Ada Moss” is “ada moss”."""
    said = name.casefold().split()
    return " ".join(word for word in said if word.strip(".") not in TITLES | TITLES_ABROAD)


def is_this_number(text: str) -> bool:
    """“same”, “this number”, “the one I'm calling from”, “my usual number”, “the one on file”."""
    said = set(words(text)) - {
        "the", "number", "one", "phone", "please", "use", "my", "it", "is", "you", "have", "on",
        "for", "me", "that", "in", "your", "system", "telephone", "cell", "mobile", "el", "al",
        "del", "de", "a", "que", "mi", "en", "por", "favor", "numero", "telefono", "celular",
        "nummer", "von", "der", "ich", "ce", "le", "meu", "si", "as", "s", "id",
    }  # fmt: skip
    return bool(said) and said <= {
        "same", "this", "im", "i", "am", "calling", "from", "usual", "file", "record", "current",
        "normal", "regular", "este", "esta", "mismo", "misma", "desde", "llamo", "llamando",
        "estoy", "usando", "actual", "diese", "dieser", "dieselbe", "gleiche", "anrufe", "meme",
        "celui", "ci", "jappelle", "mesmo", "ligando", "estou", "caller", "callers", "customer",
        "customers",
    }  # fmt: skip


def is_anyone(text: str) -> bool:
    """“anyone”, “any provider”, “whoever's available”, “I don't mind”."""
    said = words(text)
    if " ".join(word for word in said if word not in ARTICLES) in NO_WISH:
        return True
    rest = set(said) - ANY
    return len(rest) < len(set(said)) and rest <= AROUND_ANY


# Letters that have no accent to be taken off.
PLAIN = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"})
SILENT = str.maketrans("", "", "'\u2018\u2019\u02bc`\u00b4.")
WORD = re.compile(r"[^\W_]+")
# How some letters are written where they are not on the keyboard: “Joerg” for “Jörg”.
TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def transcribed(name: str) -> str:
    return unicodedata.normalize("NFC", name.casefold()).translate(TRANSCRIBED)


def fold(text: str) -> str:
    """The text in lower case, without accents, apostrophes and full stops."""
    return without_accents(text.casefold().translate(PLAIN)).translate(SILENT)


def words(text: str) -> list[str]:
    return WORD.findall(fold(text))
