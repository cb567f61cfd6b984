"""Runs: a file is tried, or imported. Both do the same; a trial, and whatever is refused, is rolled
back as a whole."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TypeVar

from django.db import IntegrityError, OperationalError, transaction

from bookings import diaries
from bookings.desk.importing import people, visits
from bookings.desk.importing.people import Known, Person, Tally
from bookings.desk.importing.rows import Done, Means, Reader, Refusal, Refused
from bookings.desk.importing.sheets import Limits, Line, Sheet, Unreadable, read
from bookings.desk.importing.visits import Catalogue, Stored
from bookings.models import Patient
from tenants import budgets
from tenants.postgresql import deadlines
from tenants.sqlstates import sqlstate

# The number of a row, and what is to be done for it.
Work = tuple[int, Callable[[], Done]]
Progress = Callable[[list[Work]], Iterable[Work]]
Meant = TypeVar("Meant")
BUSY = (
    "It took too long, as others write in these diaries just now. Nothing was imported: please try"
    " again, or split the file."
)
TOO_LONG = (
    "It takes too long just now. Nothing was imported: please try again later, or split the file."
)
TAKEN = "A colleague or a caller was faster. Please try again."


class Kind(StrEnum):
    """What is in a file, as the command names it."""

    PATIENTS = "patients"
    APPOINTMENTS = "appointments"


SUBJECTS = {Kind.PATIENTS: people, Kind.APPOINTMENTS: visits}


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, or would be. `plan` is a digest of what becomes of each row: an import is
    made only if it has the plan of the trial. `is_written`: it was made.

    `patients` are those who were registered, `changed` the others who got more details.
    """

    kind: Kind
    sheet: Sheet
    made: int
    unchanged: int
    patients: tuple[Patient, ...]
    changed: tuple[tuple[int, Patient, list[str]], ...]
    refused: tuple[Refusal, ...]
    plan: str
    is_written: bool = False

    @property
    def refused_rows(self) -> int:
        return len({refusal.row for refusal in self.refused})


def opened(data: bytes, kind: Kind, limits: Limits) -> Sheet:
    """Raises Unreadable."""
    subject = SUBJECTS[kind]
    return read(data, known=subject.COLUMNS, needed=subject.NEEDED, limits=limits)


def run(
    sheet: Sheet,
    kind: Kind,
    means: Means,
    *,
    commit: bool,
    plan: str | None = None,
    after: Callable[[Report], None] = lambda _: None,
    progress: Progress = lambda works: works,
) -> Report:
    """Import the file, all of it, in one transaction; or none of it if a row is refused, if `plan`
    is given and is not what would be done now, or without `commit`.

    `after` is called before the transaction ends. Raises Unreadable if others are in the way for
    too long.
    """
    try:
        with diaries.writing(turn=diaries.lock_named("import")):
            report = tried(sheet, kind, means, progress)
            is_written = commit and not report.refused and plan in (None, report.plan)
            if not is_written:
                transaction.set_rollback(True)
                return report
            report = replace(report, is_written=True)
            after(report)
            return report
    except IntegrityError:  # at the end: a patient of the file was merged or erased meanwhile
        raise Unreadable(BUSY) from None
    except OperationalError as error:
        if sqlstate(error) in diaries.WAITED | diaries.LOST:
            raise Unreadable(BUSY) from None
        raise


def tried(sheet: Sheet, kind: Kind, means: Means, progress: Progress) -> Report:
    refusals, plan = list[Refusal](), hashlib.sha256()
    steps = of_patients if kind == Kind.PATIENTS else of_appointments
    tally, works = steps(sheet, means, refusals)
    for number, work in progress(works):
        be_in_time()
        try:
            done = within_a_savepoint(number, work, tally)
        except Refused as refused:
            refusals += refused.refusals
            continue
        tally.made += done == Done.MADE
        tally.unchanged += done == Done.UNCHANGED
        plan.update(f"{number} {done} {len(tally.patients)}\n".encode())
    for number, patient, names in tally.changed:
        plan.update(f"{number} {patient.pk} {' '.join(names)}\n".encode())
    return Report(
        kind,
        sheet,
        tally.made,
        tally.unchanged,
        tuple(tally.patients),
        tuple(tally.changed),
        tuple(sorted(refusals, key=lambda refusal: refusal.row)),
        plan.hexdigest(),
    )


def be_in_time() -> None:
    """Diaries are held meanwhile, so a page does not go on when its time is over. Raises
    Unreadable."""
    left = deadlines.remaining()
    if left is not None and left < budgets.RESERVE:
        raise Unreadable(TOO_LONG)


def of_patients(sheet: Sheet, means: Means, refusals: list[Refusal]) -> tuple[Tally, list[Work]]:
    def read(line: Line) -> Person:
        reader = Reader(line)
        person = people.read(reader, means)
        reader.finish()
        return person

    found = understood(sheet, read, refusals)
    tally = Tally(Known(person for _, person in found))

    def bring_in(line: Line, person: Person) -> Done:
        return people.bring_in(line, person, means, tally)[0]

    return tally, [(line.number, partial(bring_in, line, person)) for line, person in found]


def of_appointments(
    sheet: Sheet, means: Means, refusals: list[Refusal]
) -> tuple[Tally, list[Work]]:
    found = understood(sheet, partial(visits.read, means=means, catalogue=Catalogue()), refusals)
    visits.hold_diaries([visit for _, visit in found], now=means.now)
    tally = Tally(Known(visit.person for _, visit in found))
    stored = Stored([visit for _, visit in found])
    return tally, [
        (line.number, partial(visits.bring_in, visit, means, tally, stored))
        for line, visit in found
    ]


def understood(
    sheet: Sheet, read: Callable[[Line], Meant], refusals: list[Refusal]
) -> list[tuple[Line, Meant]]:
    """What the rows say. Those that are not understood are refused here."""
    found = []
    for line in sheet.lines:
        try:
            found.append((line, read(line)))
        except Refused as refused:
            refusals += refused.refusals
    return found


def within_a_savepoint(number: int, work: Callable[[], Done], tally: Tally) -> Done:
    """A row that is refused leaves nothing behind, so the next ones can be tried as well."""
    go_back = partial(tally.go_back, len(tally.undo))

    def afresh() -> Done:
        go_back()
        return work()

    try:
        return diaries.attempted(afresh)
    except Refused:
        go_back()
        raise
    except IntegrityError:
        go_back()
        raise Refused(Refusal(number, "", TAKEN)) from None
