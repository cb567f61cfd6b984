"""People: the patient a row of a file means. Found as staff find one, or registered."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import Q

from bookings import patients
from bookings.desk.importing import cells
from bookings.desk.importing.rows import Done, Means, Reader, Refusal, Refused
from bookings.desk.importing.sheets import Line
from bookings.models import NAME_LENGTH, Patient, PatientQuerySet, name_key

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
    "verified": "verified",
}
NEEDED = ("name",)
SEVERAL = "Several patients fit. A number and a date of birth would tell them apart."
UNVERIFIED = "It is an unverified record. If you know who it is, empty the cell “verified”."
CHANGED_JUST_NOW = "A colleague is changing this patient. Please try again."
NAMESAKE = "A patient of this name is known. Please give a number or a date of birth."


@dataclass(frozen=True, slots=True)
class Person:
    """What a row says of a patient. `phone` and `other_phones` are E.164. `is_unverified`: it was
    exported from a record that only a caller vouches for."""

    name: str
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    date_of_birth: date | None = None
    email: str = ""
    is_unverified: bool = False

    @property
    def numbers(self) -> list[str]:
        """Each once."""
        return list(dict.fromkeys(filter(None, (self.phone, *self.other_phones))))


@dataclass(slots=True)
class Tally:
    """What has been done so far. `patients` are those who were registered; `changed` the others who
    got more details, with the number of the row and the names of the fields."""

    known: "Known"
    made: int = 0
    unchanged: int = 0
    patients: list[Patient] = field(default_factory=list)
    changed: list[tuple[int, Patient, list[str]]] = field(default_factory=list)
    undo: list[Callable[[], object]] = field(default_factory=list)

    def note(self, undo: Callable[[], object]) -> None:
        """Something was noted here; `undo` forgets it, if the row is undone."""
        self.undo.append(undo)

    def go_back(self, many: int) -> None:
        """Forget what was noted since there were so many to undo."""
        while len(self.undo) > many:
            self.undo.pop()()


class Known:
    """The verified patients whom a file may mean, and those it has registered so far; and the
    records that callers claim, by number and name.

    Read at once: to ask for each row would take a second for a thousand.
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.by_number: dict[str, list[Patient]] = {}
        self.by_birthday: dict[date | None, list[Patient]] = {}
        self.by_name: dict[str, list[Patient]] = {}
        self.claimed: dict[tuple[str, str], list[Patient]] = {}
        for patient in meant_by(list(people)):
            if patient.is_verified:
                self.add(patient)
            else:
                self.claimed.setdefault((patient.phone, patient.name_key), []).append(patient)

    def add(self, patient: Patient) -> None:
        """Under all that it is found by, also if it is known under a part of that."""
        for rows in self.places(patient):
            if patient not in rows:
                rows.append(patient)

    def discard(self, gone: Patient) -> None:
        """It was registered, and that was undone."""
        for rows in self.places(gone):
            rows.remove(gone)

    def places(self, patient: Patient) -> Iterator[list[Patient]]:
        for number in patient.numbers:
            yield self.by_number.setdefault(number, [])
        yield self.by_birthday.setdefault(patient.date_of_birth, [])
        yield self.by_name.setdefault(patient.name_key, [])

    def at(self, numbers: Iterable[str]) -> list[Patient]:
        """Each once."""
        rows = [row for number in numbers for row in self.by_number.get(number, [])]
        return list(dict.fromkeys(rows))

    def like(self, patient: Patient) -> Patient | None:
        """As `patients.suspected`: somebody with a similar name and the same number or birthday."""
        near = [*self.by_number.get(patient.phone, [])]
        if patient.date_of_birth:
            near += self.by_birthday.get(patient.date_of_birth, [])
        return next((row for row in near if patients.is_like(row, patient)), None)


def meant_by(people: list[Person]) -> PatientQuerySet:
    numbers = {number for person in people for number in person.numbers}
    birthdays = {person.date_of_birth for person in people if person.date_of_birth}
    names = {name_key(person.name) for person in people}
    named = Patient.objects.filter(Q(date_of_birth__in=birthdays) | Q(name_key__in=names))
    return (named | Patient.objects.reached_at(*numbers)).order_by("created", "pk")


def read(reader: Reader, means: Means) -> Person:
    """What is wrong with it is kept in `reader`."""
    birthday = partial(cells.birthday, order=means.order, today=means.now.date())
    return Person(
        name=reader.needed("name", NAME_LENGTH),
        phone=reader.understood("phone", partial(cells.phone, region=means.region)) or "",
        other_phones=tuple(
            reader.understood("other phones", partial(cells.each_phone, region=means.region)) or ()
        ),
        date_of_birth=reader.understood("date of birth", birthday),
        email=reader.understood("email", cells.email) or "",
        is_unverified=reader.text("verified", NAME_LENGTH).casefold() == "no",
    )


def bring_in(line: Line, person: Person, means: Means, tally: Tally) -> tuple[Done, Patient]:
    """Register the patient, or add to the one who is known what the file has more.

    Raises Refused, with nothing written.
    """
    if person.is_unverified:
        return Done.UNCHANGED, claimed(line, person, tally.known)
    known = find(line, person, tally.known)
    if known is None:
        return Done.MADE, register(line, person, means, tally)
    if not more_of(known, person):
        return Done.UNCHANGED, known
    if not known.lock():
        raise Refused(Refusal(line.number, "name", CHANGED_JUST_NOW))
    tally.note(known.refresh_from_db)
    changed = more_of(known, person)
    for name, value in changed.items():
        setattr(known, name, value)
    known.birthday_proves = known.birthday_proves or "date_of_birth" in changed
    # As on the patient's page: a call that is under way may not correct what staff wrote.
    known.given_in, known.given = "", []
    check(line, known)
    known.save()
    tally.known.add(known)
    tally.changed.append((line.number, known, [column_of(name) for name in changed]))
    tally.note(tally.changed.pop)
    return Done.CHANGED, known


def claimed(line: Line, person: Person, known: Known) -> Patient:
    """The record that a caller claims: it stays theirs, and as it is. Raises Refused if there is
    none: an import vouches for whom it makes."""
    rows = known.claimed.get((person.phone, name_key(person.name)))
    if not rows:
        raise Refused(Refusal(line.number, "verified", UNVERIFIED))
    return rows[0]


def find(line: Line, person: Person, known: Known) -> Patient | None:
    """The verified patient of one of these numbers and the name, as calls recognise one: the number
    may be another of theirs, the name a former one, and a date of birth decides among namesakes.

    Without a number, name and date of birth have to fit; with the name alone, a patient of whom no
    more is known. Raises Refused if several fit.
    """
    if person.numbers:
        return only(line, fitting(known.at(person.numbers), person))
    if person.date_of_birth:
        born = known.by_birthday.get(person.date_of_birth, [])
        return only(line, [row for row in born if patients.is_named(row, person.name)])
    namesakes = known.by_name.get(name_key(person.name), [])
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
    others = [number for number in person.numbers if number not in known.numbers]
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
    """A record that a caller claims under this name and number is marked, for staff to look at."""
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
    patient.may_be = tally.known.like(patient)
    if not patient.lock():
        raise Refused(Refusal(line.number, "name", "A colleague has just registered this patient."))
    for row in tally.known.claimed.get((patient.phone, patient.name_key), ()):
        Patient.objects.filter(pk=row.pk, may_be=None).update(may_be=patient)
    tally.patients.append(patient)
    tally.note(tally.patients.pop)
    tally.known.add(patient)
    tally.note(partial(tally.known.discard, patient))
    return patient


def check(line: Line, patient: Patient) -> None:
    """What the patient's page would not take either. Raises Refused."""
    try:
        patient.clean_fields(exclude=["may_be"])
    except ValidationError as error:
        raise Refused(
            *(
                Refusal(line.number, column_of(name), " ".join(problems))
                for name, problems in error.message_dict.items()
            )
        ) from None


def column_of(name: str) -> str:
    return name.replace("_", " ")
