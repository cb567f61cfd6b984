"""Runs: a file is tried, or imported. Both do the same; a trial, and whatever is refused, is rolled
back as a whole."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from django.db import IntegrityError, OperationalError, transaction

from bookings import diaries
from bookings.desk.importing import people, visits
from bookings.desk.importing.rows import Done, Means, Refusal, Refused, Tally
from bookings.desk.importing.sheets import Limits, Line, Sheet, Unreadable, read
from bookings.models import Patient
from tenants.sqlstates import sqlstate

Progress = Callable[[Iterable[Line]], Iterable[Line]]
BUSY = "Others are writing in these diaries just now. Nothing was imported: please try again."
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
    progress: Progress = lambda lines: lines,
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
    except OperationalError as error:
        if sqlstate(error) in diaries.WAITED | diaries.LOST:
            raise Unreadable(BUSY) from None
        raise


def tried(sheet: Sheet, kind: Kind, means: Means, progress: Progress) -> Report:
    tally, refusals, plan = Tally(), list[Refusal](), hashlib.sha256()
    for line, work in steps(sheet, kind, means, tally, refusals, progress):
        try:
            done = within_a_savepoint(line, work, tally)
        except Refused as refused:
            refusals += refused.refusals
            continue
        tally.made += done == Done.MADE
        tally.unchanged += done == Done.UNCHANGED
        plan.update(f"{line.number} {done} {len(tally.patients)}\n".encode())
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


def steps(
    sheet: Sheet,
    kind: Kind,
    means: Means,
    tally: Tally,
    refusals: list[Refusal],
    progress: Progress,
) -> Iterator[tuple[Line, Callable[[], Done]]]:
    """What is to be done for each row. Rows that are not understood are refused here."""
    if kind == Kind.PATIENTS:
        for line in progress(sheet.lines):
            yield line, partial(bring_in_person, line, means, tally)
        return
    found = understood(sheet, means, refusals)
    visits.hold_diaries(found.values(), now=means.now)
    for line in progress(sheet.lines):
        if visit := found.get(line.number):
            yield line, partial(visits.bring_in, visit, means, tally)


def bring_in_person(line: Line, means: Means, tally: Tally) -> Done:
    return people.bring_in(line, means, tally)[0]


def understood(sheet: Sheet, means: Means, refusals: list[Refusal]) -> dict[int, visits.Visit]:
    catalogue, found = visits.Catalogue(), {}
    for line in sheet.lines:
        try:
            found[line.number] = visits.read(line, means, catalogue)
        except Refused as refused:
            refusals += refused.refusals
    return found


def within_a_savepoint(line: Line, work: Callable[[], Done], tally: Tally) -> Done:
    """A row that is refused leaves nothing behind, so the next ones can be tried as well."""
    patients, changed = len(tally.patients), len(tally.changed)

    def afresh() -> Done:
        del tally.patients[patients:], tally.changed[changed:]
        return work()

    try:
        return diaries.attempted(afresh)
    except (IntegrityError, Refused) as problem:
        del tally.patients[patients:], tally.changed[changed:]
        if isinstance(problem, Refused):
            raise
        raise Refused(Refusal(line.number, "", TAKEN)) from None
