"""Whom: a practitioner named beside something else, as in “Tuesday at two with Dr. Lind”."""

import re

from assistants import hearing
from assistants.tools import catalogue
from assistants.tools.relative import normal
from bookings.models import Practitioner

WITH = re.compile(r"\bwith (?P<who>.+)$|\b(?P<titled>(?:dr|doctor)\b.+)$")
MAY_NAME = re.compile(r"with|dr|do[ck]tor|docteur|doutor", re.IGNORECASE)
# “Con la doctora Moss”, “bei Dr. Lind”, up to the name.
WITH_ABROAD = re.compile(
    r",?\s*(?P<no>\b(?:no|nicht|pas|não)\s+)?\b(?:con|mit|bei|avec|chez|com)\s+(?:(?:el|la|le|der|dem|den|herrn|frau|o|a)\s+)?"
    r"(?:dra?|doctora?|doktor|docteure?|doutora?)\b\.?\s+(?=\w)",
    re.IGNORECASE,
)
NOT_WANTED = re.compile(
    r"\b(?:not|(?P<but>(?P<anybody>any\w* )?but)|except|besides|without|rather than|instead of"
    r"|other than)(?: (?:with|see|want))? *$"
)
HAS_CAPITAL = re.compile(r"(?<=[\s,(])(?P<word>[A-Z][\w'\u2019-]+)")
# Before a name and after it: that it is not wanted.
UNWANTED_BEFORE = re.compile(
    r"\b(?:not?|nor|except|without|isnt|isn['\u2019]t|nicht|kein\w*|pas|sans|sin|nao|não|sem|menos"
    r"|excepto|salvo|avoid|dislike|hate)(?: (?:sea|be|to|see|the|my|dr|doctor|doctora?|with|con|bei"
    r"|avec|com|la|el|le|o|a))*[ .:]*$",
    re.IGNORECASE,
)
UNWANTED_AFTER = re.compile(
    r"[ ,]*(?:no\b(?! preference)|nicht\b|not\b|is (?:not|n't|rude|awful|out)\b|isn['\u2019]?t\b"
    r"|won['\u2019]?t do|scares|hurt|was (?:rude|rough|late|awful|terrible)|me da miedo)",
    re.IGNORECASE,
)
# Before a name these say that it is another person's; after it, what is told of it.
NO_WISH = re.compile(
    r"\b(?:but|or|name(?: is)?|patient|wife|husband|son|daughter|mrs?|ms|miss|saw|than|of|as|o|oder"
    r"|ou)(?: (?:the|my|dr|doctor|with|me|is|con|bei|avec|com))*[ .:]*$",
    re.IGNORECASE,
)
OF_SOMETHING_ELSE = re.compile(
    r"[ ,]*(?:street|st|ave|avenue|road|or|o|oder|ou|is (?:away|off)|can't|cannot|was|suggested"
    r"|said|told|recommended|last time)\b",
    re.IGNORECASE,
)
FOR = re.compile(r"\bfor\b", re.IGNORECASE)
ANYBODY = re.compile(r"(?:any|some|every)(?:one|body)")
LONGEST_NAME = 4  # words, a title included


def named(words: str, *, is_alone: bool = True) -> str:
    """The words for a practitioner who is named beside something else, as in “Tuesday at two with
    Dr. Lind”, with “not” before them if that one is not wanted; "" where nobody is named.

    Who has a title need not be known: then the caller is asked. `is_alone`: a name without “with”
    or a title counts as well.
    """
    text = ""
    if MAY_NAME.search(words):  # most do not, and are not to be put into plain words for it
        text = normal(WITH_ABROAD.sub(lambda it: f"{' not' if it['no'] else ''} with dr ", words))
    found = WITH.search(text)
    if found is None:
        return named_alone(words) if is_alone else ""
    said = [word.strip(".") for word in (found["who"] or found["titled"]).split()]
    unwanted = NOT_WANTED.search(text[: found.start()])
    # “The same time but with Dr. Lind”
    is_wanted = not unwanted or (unwanted["but"] and not unwanted["anybody"] and found["who"])
    sign = "" if is_wanted else "not "
    firsts = range(min(len(said), LONGEST_NAME), 0, -1)
    count = next((one for one in firsts if is_somebody(" ".join(said[:one]))), 0)
    if count or ANYBODY.match(said[0]):  # “with anyone but Dr. Lind”, “with Dr. Moss, no, Dr. Lind”
        count = max([count, *(place + 1 for place, word in enumerate(said) if is_of_a_name(word))])
    is_titled = said[0] == "dr" or (said[0] == "doctor" and bool(found["who"]))
    is_name = len(said) > 1 and said[1] not in catalogue.FILLERS and not hearing.is_of_days(said[1])
    if not count and is_titled and is_name:
        count = 2
    return f"{sign}{' '.join(said[:count])}".rstrip(",") if count else ""


def named_alone(words: str) -> str:
    """“Friday at ten Bo Lind”: a whole name; or the last part of one with a capital letter, as in
    “Friday at ten, Lind”, with “not” before it if that one is not wanted. What stands after “for”
    is a patient's name."""
    said = FOR.split(words, maxsplit=1)[0]
    names = [catalogue.without_titles(person.name) for person in Practitioner.working()]
    lower = said.casefold()
    for name in names:
        at = lower.find(name) if " " in name else -1
        if at >= 0 and len(lower) == len(said):
            return as_wished(name, said[:at], said[at + len(name) :])
    if not HAS_CAPITAL.search(said):
        return ""
    lasts = {name.rpartition(" ")[2] for name in names}
    for found in HAS_CAPITAL.finditer(said):
        before, bare = said[: found.start()].split(), found["word"].casefold()
        is_beside_a_name = bool(before) and before[-1][0].isupper() and not is_of_days(before[-1])
        if bare in lasts and not (is_beside_a_name or is_of_days(bare)):
            return as_wished(bare, said[: found.start()], said[found.end() :])
    return ""


def as_wished(name: str, before: str, after: str) -> str:
    """The name, which stands between these words: as it is, with “not” before it, or ""."""
    if before[-1:].isalnum() or after[:1].isalnum():
        return ""
    if UNWANTED_BEFORE.search(before) or UNWANTED_AFTER.match(after):
        return f"not {name}"
    return "" if NO_WISH.search(before) or OF_SOMETHING_ELSE.match(after) else name


def without(words: str) -> str:
    """The words without those for the practitioner, where `named` finds one."""
    words = without_abroad(words)
    name = named(words).removeprefix("not ")
    if not name:
        return words
    spelled = "[.,]? ".join(map(re.escape, name.split()))
    return re.sub(rf"\b(?:but )?(?:not )?(?:with )?{spelled}\b", " ", normal(words), count=1)


def without_abroad(words: str) -> str:
    """In another language than English, names are not understood beside a day and a time."""
    found = WITH_ABROAD.search(words) if MAY_NAME.search(words) else None
    if not found:
        return words
    _, *rest = words[found.end() :].split()
    while rest and is_somebody(rest[0]):
        rest = rest[1:]
    return " ".join([words[: found.start()], *rest])


def is_somebody(text: str) -> bool:
    """Whether the words name a practitioner: with a title as callers say it, else to the letter."""
    said = set(catalogue.words(text)) - catalogue.FILLERS
    names = (" ".join([person.name, *person.aliases]) for person in Practitioner.working())
    if said & catalogue.TITLES:
        return bool(said - catalogue.TITLES and catalogue.named_in(text))
    return bool(said) and any(said <= set(catalogue.words(name)) for name in names)


def is_of_a_name(word: str) -> bool:
    return not set(catalogue.words(word)).isdisjoint(names_of_all() - catalogue.TITLES)


def names_of_all() -> set[str]:
    people = Practitioner.working()
    return set(catalogue.words(" ".join(" ".join([who.name, *who.aliases]) for who in people)))


def is_of_days(word: str) -> bool:
    return hearing.is_of_days(word.strip(".,;").casefold())
