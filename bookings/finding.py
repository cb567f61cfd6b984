"""Finding: a patient by what staff type: a name, a telephone number, a date of birth.

One line may hold all three, in any order: “ben obrien 4/3/1985 (202) 555-0177”.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from bookings import phones
from bookings.models import NAME_LENGTH, Patient, name_key
from tenants.countries import MONTH_FIRST

OLDEST = 1900  # the year of the earliest birthday
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
YEAR_FIRST = re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b")
YEAR_LAST = re.compile(r"\b(\d{1,2})([-/.])(\d{1,2})\2(\d{4})\b")
IN_WORDS = (
    re.compile(rf"\b(?P<day>\d{{1,2}})\.? {MONTH} (?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})\b", re.IGNORECASE),
)
NUMBER = re.compile(r"\(?\+?\(?\d[\d ().\-/]*\d|\d")
# How many digits of a number are looked for, at the least.
FEWEST = 3
# Marks that some write in a name and some do not. A hyphen is a space.
MARKS = "'\u2019\u2018\u02bc`\u00b4."
HYPHENS = "-\u2010\u2011"
# Letters that are no others with an accent: Søren is soren, Łukasz lukasz.
LETTERS, PLAIN = "\u00f8\u0142\u0111\u0131\u00f0", "oldid"


@dataclass(frozen=True, slots=True)
class Typed:
    """`phone` is E.164. `digits` are those of a number that is not whole, `unread` what it was
    written as. `extension` is written behind a number, or in a name."""

    name: str = ""
    phone: str = ""
    birthday: date | None = None
    digits: str = ""
    unread: str = ""
    extension: str = ""

    @property
    def names_somebody(self) -> bool:
        """Whether a new patient can be made of it."""
        return bool(self.name) and not (self.unread or self.extension)


def read(text: str, *, region: str, today: date) -> Typed:
    """What `text` says. `region` is the clinic's, for numbers and the order of day and month."""
    text = " ".join(text.replace("\0", " ").split())
    extension, text = cut_extension(text)
    birthday, rest = cut_birthday(text, region=region, today=today)
    found = NUMBER.search(rest)
    written = found.group().strip() if found else ""
    phone = as_phone(written, region)
    name = " ".join(NUMBER.sub(" ", rest, count=1).split()).strip(" ,;")[:NAME_LENGTH]
    if phone or not written:
        return Typed(name, phone, birthday, extension=extension)
    digits = "".join(filter(str.isdigit, written)).lstrip("0")
    return Typed(name, "", birthday, digits, written, extension)


def cut_extension(text: str) -> tuple[str, str]:
    """The extension in `text`, and the text without it."""
    found = phones.EXTENSION.search(text)
    if not found:
        return "", text
    return found.group().strip(), f"{text[: found.start()]} {text[found.end() :]}"


def cut_birthday(text: str, *, region: str, today: date) -> tuple[date | None, str]:
    """The date of birth in `text`, and the text without it. A day to come is none."""
    for found, (year, month, day) in dates_in(text, region):
        try:
            birthday = date(year, month, day)
        except ValueError:
            continue
        if birthday.year >= OLDEST and birthday <= today:
            return birthday, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def dates_in(text: str, region: str) -> Iterator[tuple[re.Match[str], tuple[int, int, int]]]:
    """What is written as a date, as year, month and day."""
    for found in YEAR_FIRST.finditer(text):
        year, month, day = map(int, found.groups())
        yield found, (year, month, day)
    for found in YEAR_LAST.finditer(text):
        first, second, year = (int(found[place]) for place in (1, 3, 4))
        is_month_first = region in MONTH_FIRST and found[2] != "." and first <= len(MONTHS)
        yield found, (year, first, second) if is_month_first else (year, second, first)
    for pattern in IN_WORDS:
        for found in pattern.finditer(text):
            month = MONTHS.index(found["month"].lower()) + 1
            yield found, (int(found["year"]), month, int(found["day"]))


def as_phone(written: str, region: str) -> str:
    """E.164, or "" for what is not a whole number."""
    try:
        return phones.canonical(written, region)
    except ValidationError:
        return ""


def matching(typed: Typed, among: QuerySet[Patient]) -> QuerySet[Patient]:
    """The patients whom all that was typed fits, by name. None, if too little was typed."""
    words = fold(typed.name).split()
    says_nothing = not (words or typed.phone or typed.digits or typed.birthday)
    if says_nothing or (typed.digits and len(typed.digits) < FEWEST):
        return among.none()
    rows = among.annotate(folded=folded(), former=former())
    for word in words:
        rows = rows.filter(Q(folded__contains=f" {word}") | Q(former__icontains=word))
    if typed.phone:
        rows = rows.filter(Q(phone=typed.phone) | Q(other_phones__contains=[typed.phone]))
    if typed.digits:
        rows = rows.filter(
            Q(phone__contains=typed.digits) | Q(other_phones__icontains=typed.digits)
        )
    if typed.birthday:
        rows = rows.filter(date_of_birth=typed.birthday)
    return rows.order_by("name", "created", "pk")


def fold(name: str) -> str:
    """“O'Brien-Müller” is “obrien muller”, however it is typed."""
    marks = str.maketrans(LETTERS + HYPHENS, PLAIN + " " * len(HYPHENS), MARKS)
    return " ".join(name_key(name).translate(marks).split())


def folded() -> Concat:
    """As `fold`, of a row's name in the database, with a space before each word."""
    plain = Func(
        F("name_key"),
        Value(LETTERS + HYPHENS + MARKS),
        Value(PLAIN + " " * len(HYPHENS)),
        function="translate",
        output_field=TextField(),
    )
    return Concat(Value(" "), plain, output_field=TextField())


def former() -> Func:
    """The names of records that were merged into this one, as one text."""
    return Func(F("other_names"), Value(" "), function="array_to_string", output_field=TextField())
