"""People: the patient a row of a file means. Found as staff find one, or registered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError

from bookings import patients
from bookings.desk.importing import cells
from bookings.desk.importing.rows import Done, Means, Reader, Refusal, Refused, Tally
from bookings.desk.importing.sheets import Line
from bookings.models import NAME_LENGTH, Patient, name_key

# By the titles a column may have, our name of it.
COLUMNS = {
    "name": "name",
    "patient": "name",
    "patient name": "name",
    "phone": "phone",
    "telephone": "phone",
    "other phones": "other phones",
    "date of birth": "date of birth",
    "birthday": "date of birth",
    "dob": "date of birth",
    "email": "email",
    "e mail": "email",
}
NEEDED = ("name",)
LONGEST_EMAIL = 254
SEVERAL = "Several patients fit. A number and a date of birth would tell them apart."
CHANGED_JUST_NOW = "A colleague is changing this patient. Please try again."
NAMESAKE = "A patient of this name is known. Please give a number or a date of birth."


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of a patient. `phone` and `other_phones` are E.164."""

    name: str
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    date_of_birth: date | None = None
    email: str = ""


def bring_in(line: Line, means: Means, tally: Tally) -> tuple[Done, Patient]:
    """Register the patient of this row, or add to the one who is known what the file has more.

    Raises Refused.
    """
    person = read(Reader(line), means)
    return found_or_made(line, person, means, tally)


def read(reader: Reader, means: Means, *, is_part_of_more: bool = False) -> Person:
    """`is_part_of_more`: the row is read on, so what is wrong with it is not raised yet."""
    birthday = partial(cells.birthday, order=means.order, today=means.now.date())
    person = Person(
        name=reader.needed("name", NAME_LENGTH),
        phone=reader.understood("phone", partial(cells.phone, region=means.region)) or "",
        other_phones=tuple(
            reader.understood("other phones", partial(cells.each_phone, region=means.region)) or ()
        ),
        date_of_birth=reader.understood("date of birth", birthday),
        email=reader.text("email", LONGEST_EMAIL),
    )
    if not is_part_of_more:
        reader.finish()
    return person


def found_or_made(line: Line, person: Person, means: Means, tally: Tally) -> tuple[Done, Patient]:
    known = find(line, person)
    if known is None:
        return Done.MADE, register(line, person, means, tally)
    if not more_of(known, person):
        return Done.UNCHANGED, known
    if not known.lock():
        raise Refused(Refusal(line.number, "name", CHANGED_JUST_NOW))
    changed = more_of(known, person)
    for field, value in changed.items():
        setattr(known, field, value)
    known.birthday_proves = known.birthday_proves or "date_of_birth" in changed
    # As on the patient's page: a call that is under way may not correct what staff wrote.
    known.given_in, known.given = "", []
    check(line, known)
    known.save()
    tally.changed.append((line.number, known, [name.replace("_", " ") for name in changed]))
    return Done.CHANGED, known


def find(line: Line, person: Person) -> Patient | None:
    """The verified patient of this number and name, as calls recognise one: the number may be
    another of theirs, the name a former one, and a date of birth decides among namesakes.

    Without a number, name and date of birth have to fit; with the name alone, a patient of whom no
    more is known. Raises Refused if several fit.
    """
    verified = Patient.objects.verified().order_by("created", "pk")
    if person.phone:
        at_number = verified.reached_at(person.phone)
        return only(line, fitting(at_number, person))
    if person.date_of_birth:
        born = verified.filter(date_of_birth=person.date_of_birth)
        return only(line, [row for row in born if patients.is_named(row, person.name)])
    namesakes = list(verified.filter(name_key=name_key(person.name)))
    bare = [row for row in namesakes if not row.phone and row.date_of_birth is None]
    if namesakes and not bare:
        raise Refused(Refusal(line.number, "name", NAMESAKE))
    return only(line, bare)


def fitting(rows: Iterable[Patient], person: Person) -> list[Patient]:
    """Those of the name, and of the date of birth if one is given; else those without one."""
    named = [row for row in rows if patients.is_named(row, person.name)]
    if person.date_of_birth is None:
        return named
    exact = [row for row in named if row.date_of_birth == person.date_of_birth]
    return exact or [row for row in named if row.date_of_birth is None]


def only(line: Line, rows: list[Patient]) -> Patient | None:
    if len(rows) > 1:
        raise Refused(Refusal(line.number, "name", SEVERAL))
    return rows[0] if rows else None


def more_of(known: Patient, person: Person) -> dict[str, object]:
    """The fields that change, with their new values. An empty cell changes nothing."""
    numbers = filter(None, (person.phone, *person.other_phones))
    others = [number for number in numbers if number not in known.numbers]
    changed: dict[str, object] = {}
    if not known.phone and others:
        changed["phone"] = others.pop(0)
    if others:
        changed["other_phones"] = [*known.other_phones, *others]
    if person.date_of_birth and known.date_of_birth is None:
        changed["date_of_birth"] = person.date_of_birth
    if person.email and person.email.casefold() != known.email.casefold():
        changed["email"] = person.email
    return changed


def register(line: Line, person: Person, means: Means, tally: Tally) -> Patient:
    patient = Patient(
        name=person.name,
        name_key=name_key(person.name),
        phone=person.phone,
        other_phones=[one for one in person.other_phones if one != person.phone],
        date_of_birth=person.date_of_birth,
        email=person.email,
        created=means.now,
    )
    check(line, patient)
    if not patient.lock():
        raise Refused(Refusal(line.number, "name", "A colleague has just registered this patient."))
    patients.compare(patient)
    tally.patients.append(patient)
    return patient


def check(line: Line, patient: Patient) -> None:
    """What the patient's page would not take either. Raises Refused."""
    try:
        patient.clean_fields()
        patient.validate_constraints()
    except ValidationError as error:
        raise Refused(
            *(
                Refusal(line.number, column_of(field), " ".join(problems))
                for field, problems in error.message_dict.items()
            )
        ) from None


def column_of(field: str) -> str:
    return "" if field == "__all__" else field.replace("_", " ")
