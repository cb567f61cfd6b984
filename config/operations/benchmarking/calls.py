"""The mixed load of a benchmark: clinics with diaries half full, and what their callers ask.

Half of those who book are patients already; times are spoken or ISO; a quarter of the calls have a
room, a practitioner or a wish. Before some of them staff change the clinic's configuration.
"""

import random
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection

from bookings import references
from bookings.models import (
    Appointment,
    Closure,
    Patient,
    Practitioner,
    Schedule,
    ServiceType,
    name_key,
)
from config.operations.judging import claims
from config.operations.judging.claims import Heard
from config.operations.scratch import EVERY_DAY, ClinicFile, Line
from tenants import organizations

PEOPLE = ("Dr. Ada Moss", "Dr. Bo Lind", "Dr. Cy Hart", "Dr. Di Voss")
CLINIC: ClinicFile = {
    "rooms": [{"name": "Room 1"}, {"name": "Room 2"}],
    "services": [
        {"name": "Cleaning", "minutes": 30},
        {"name": "X-ray", "minutes": 30, "rooms": ["Room 1", "Room 2"]},
    ],
    "practitioners": [
        {"name": name, "services": ["Cleaning", "X-ray"], "hours": EVERY_DAY} for name in PEOPLE
    ],
}
# The tool of each kind, and the claim (config.operations.judging.claims) by which an answer is what
# was to be measured.
KINDS = {
    "floor": ("clinic_info", ""),
    "book": ("book_appointment", "booked"),
    "availability": ("check_availability", "offered"),
    "conflict": ("book_appointment", "taken"),
    "find": ("find_appointments", "found"),
    "move": ("reschedule_appointment", "moved"),
    "cancel": ("cancel_appointment", "cancelled"),
}
FIRST_DAY = 20
DAYS = 60
SLOTS = 24  # half hours from eight to eight
TAKEN_BY_ALL = 4  # the slot at ten, on every tenth day
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu")


@dataclass(frozen=True)
class Visitor:
    """`person` is the number (in PEOPLE) of who sees them, if they have a visit."""

    name: str
    phone: str
    person: int = 0


@dataclass(frozen=True)
class Asked:
    """One request. `day` (at midnight there) is the day it is about."""

    kind: str
    clinic: "Clinic"
    call: str
    caller: str
    said: dict[str, str]
    day: datetime | None = None

    def ask(self, line: Line) -> str:
        return line.ask(KINDS[self.kind][0], call=self.call, caller=self.caller, **self.said)

    def heard(self, sentence: str) -> Heard:
        now = self.clinic.line.organization.now()
        return claims.read(sentence, now=now, day=self.day.date() if self.day else None)

    def is_expected(self, sentence: str) -> bool:
        expected = KINDS[self.kind][1]
        return expected in self.heard(sentence).kinds if expected else bool(sentence)

    def is_obeyed(self, sentence: str) -> bool:
        """Whether it obeys the edit before it: no time of that day is given; or nobody is called
        by the old name."""
        if self.day is None:
            return not any(name in sentence.replace(renamed(name), "") for name in PEOPLE)
        found = self.heard(sentence).claims
        given = [time for one in found if one.kind == "offered" for time in one.times]
        done = [one for one in found if one.kind in ("booked", "moved")]
        given += [visit.start for one in done for visit in one.visits]
        days = {time.astimezone(self.day.tzinfo).date() for time in given}
        return bool(sentence) and self.day.date() not in days


@dataclass
class Clinic:
    """A clinic, and what of its diary is still free to be asked for."""

    line: Line
    draw: random.Random
    taken: set[tuple[int, int, int]] = field(default_factory=set)
    patients: list[Visitor] = field(default_factory=list)
    free: list[tuple[int, int]] = field(default_factory=list)
    made: int = 0

    @property
    def first_day(self) -> datetime:
        today = self.line.organization.now().replace(hour=0, minute=0, second=0, microsecond=0)
        return today + timedelta(days=FIRST_DAY)

    def start(self, day: int, slot: int) -> datetime:
        return self.first_day + timedelta(days=day, hours=8, minutes=30 * slot)

    def request(self, kind: str) -> Asked:
        said, visitor, day = getattr(self, f"{kind}_words")()
        call = str(uuid.UUID(int=self.draw.getrandbits(128)))
        about = None if day is None else self.start(day, 0).replace(hour=0)
        return Asked(kind, self, call, visitor.phone, said, about)

    # --- what they say

    def floor_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        return {"topic": "hours"}, self.stranger(), None

    def book_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        day, slot = self.free.pop()
        is_known = self.draw.random() < 0.5
        who = self.draw.choice(self.patients) if is_known else self.stranger()
        said = {"service": "cleaning", "patient_name": who.name, "start": self.said(day, slot)}
        if (wish := self.draw.random()) < 0.125:
            said["service"] = "x-ray"
        elif wish < 0.25:
            said["practitioner"] = self.draw.choice(self.free_then(day, slot))
        return said, who, day

    def conflict_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        day, who = self.draw.randrange(0, DAYS, 10), self.stranger()
        said = {"service": "cleaning", "patient_name": who.name}
        if self.draw.random() < 0.25:
            said["practitioner"] = self.draw.choice(PEOPLE)
        return {**said, "start": self.said(day, TAKEN_BY_ALL)}, who, day

    def availability_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        day = self.draw.randrange(DAYS)
        said = {"service": "cleaning", "date": self.said(day)}
        if (wish := self.draw.random()) < 0.08:
            said["service"] = "x-ray"
        elif wish < 0.16:
            said["practitioner"] = self.draw.choice(PEOPLE)
        elif wish < 0.25:
            said["time_preference"] = self.draw.choice(("in the morning", "after 2 pm"))
        return said, self.stranger(), day

    def find_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        return {}, self.draw.choice(self.patients), None

    def move_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        """To a time when who sees them is free: they keep their practitioner."""
        who = self.patients.pop()
        day, slot = next(
            time for time in reversed(self.free) if (*time, who.person) not in self.taken
        )
        self.free.remove((day, slot))
        return {"start": self.said(day, slot)}, who, day

    def cancel_words(self) -> tuple[dict[str, str], Visitor, int | None]:
        return {}, self.patients.pop(), None

    def said(self, day: int, slot: int | None = None) -> str:
        start = self.start(day, slot or 0)
        is_spoken = self.draw.random() < 0.5
        if slot is None:
            return f"{start:%A, %B} {start.day}" if is_spoken else f"{start:%Y-%m-%d}"
        if is_spoken:
            return f"{start:%A, %B} {start.day} at {start:%I:%M %p}".replace(" 0", " ")
        return f"{start:%Y-%m-%dT%H:%M}"

    def stranger(self) -> Visitor:
        self.made += 1
        return visitor(self.made, area=self.draw.choice((212, 303, 415, 617)))

    def free_then(self, day: int, slot: int) -> list[str]:
        return [name for n, name in enumerate(PEOPLE) if (day, slot, n) not in self.taken]


def visitor(number: int, *, area: int, person: int = 0) -> Visitor:
    word = "".join(SYLLABLES[int(digit)] for digit in str(number))
    return Visitor(f"Nora {word.capitalize()}", f"+1{area}{2000000 + number:07}", person)


def patients_of(chosen: Sequence[tuple[int, int, int]], *, area: int) -> list[Visitor]:
    return [visitor(number, area=area, person=person) for number, (*_, person) in enumerate(chosen)]


def furnish(line: Line, seed: str) -> Clinic:
    """Its diary half full: each visit of a patient of its own, four at ten on every tenth day."""
    clinic = Clinic(line, random.Random(seed))  # noqa: S311 - the same again from the same seed
    chosen = {
        (day, slot, person)
        for day in range(DAYS)
        for slot in range(SLOTS)
        for person in range(len(PEOPLE))
        if clinic.draw.random() < 0.5 or (day % 10 == 0 and slot == TAKEN_BY_ALL)
    }
    clinic.taken = chosen
    clinic.patients = patients_of(sorted(chosen), area=202)
    clinic.free = [
        (day, slot)
        for day in range(DAYS)
        for slot in range(SLOTS)
        if clinic.free_then(day, slot) and not (day % 10 == 0 and slot == TAKEN_BY_ALL)
    ]
    with organizations.within(line.organization):
        store(clinic, sorted(chosen))
    clinic.draw.shuffle(clinic.patients)
    clinic.draw.shuffle(clinic.free)
    return clinic


def store(clinic: Clinic, chosen: list[tuple[int, int, int]]) -> None:
    service = ServiceType.objects.get(name="Cleaning")
    people = {row.name: row for row in Practitioner.objects.all()}
    patients = [
        Patient(name=who.name, name_key=name_key(who.name), phone=who.phone)
        for who in clinic.patients
    ]
    told: set[str] = set()
    while len(told) < len(chosen):
        told.add(references.draw())
    rows = [
        Appointment(
            practitioner=people[PEOPLE[person]],
            service=service,
            patient=patient,
            start=clinic.start(day, slot),
            source=Appointment.Source.VOICE,
            reference=reference,
        )
        for (day, slot, person), patient, reference in zip(chosen, patients, told, strict=True)
    ]
    for row in rows:
        row.take(service)
    Patient.objects.bulk_create(patients)
    Appointment.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does within a minute of so many rows


def crowd(clinic: Clinic, count: int) -> None:
    """In an empty diary: the next `count` times of all practitioners, from today on."""
    each = (
        (day - FIRST_DAY, slot, person)
        for day in range(count)
        for slot in range(SLOTS)
        for person in range(len(PEOPLE))
    )
    chosen = list(islice(each, count))
    clinic.patients = patients_of(chosen, area=605)
    with organizations.within(clinic.line.organization):
        store(clinic, chosen)


# --- what staff change, which the next answer must obey


@contextmanager
def edited(asked: Asked, number: int) -> Iterator[None]:
    """The clinic's configuration changed until the answer is there, and taken back after it.
    `number` chooses one of the ways Django has to write."""
    with organizations.within(asked.clinic.line.organization):
        undo = edit(asked.day, number)
        try:
            yield
        finally:
            undo()


def edit(day: datetime | None, number: int) -> Callable[[], object]:
    """Whatever the request asks for is impossible then, or called otherwise. How it is undone."""
    if day is None:
        return rename()
    return (close, leave, stay_at_home)[number % 3](day)


def close(day: datetime) -> Callable[[], object]:
    """A closure without `save`."""
    [row] = Closure.objects.bulk_create([Closure(start=day, end=day + timedelta(days=1))])
    return row.delete


def leave(day: datetime) -> Callable[[], object]:
    """The weekday's hours moved by a queryset, past `save` and signals; nobody works then."""
    that_day = Schedule.objects.filter(weekday=day.weekday())
    that_day.update(valid_until=day.date() - timedelta(days=1))
    return lambda: that_day.update(valid_until=None)


def stay_at_home(_: datetime) -> Callable[[], object]:
    Practitioner.objects.update(is_active=False)
    return lambda: Practitioner.objects.update(is_active=True)


def rename() -> Callable[[], object]:
    """What the next answer must call them by."""
    for name in PEOPLE:
        Practitioner.objects.filter(name=name).update(name=renamed(name))
    return lambda: [
        Practitioner.objects.filter(name=renamed(name)).update(name=name) for name in PEOPLE
    ]


def renamed(name: str) -> str:
    return f"{name} Young"
