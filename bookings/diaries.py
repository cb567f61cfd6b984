"""Diaries: a practitioner's booked time, and the queue of its writers.

Every writer of a diary locks the practitioner's row (`Practitioner.objects.….lock()`) until the
transaction ends. Without this queue the exclusion constraint still refuses a double booking, but
callers then wait in deadlocks of ten seconds (measured; see docs/design.md).
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DataError, IntegrityError, OperationalError, transaction
from django.db.models import Model

from tenants import budgets, memory, organizations
from tenants.postgresql import configuration, deadlines, statements
from tenants.postgresql.statements import Answers, Bound, Value, here, together
from tenants.sqlstates import (
    DEADLOCK,
    DIVISION_BY_ZERO,
    EXCLUSION_VIOLATION,
    LOCK_NOT_AVAILABLE,
    QUERY_CANCELED,
    SERIALIZATION_FAILURE,
    UNIQUE_VIOLATION,
    sqlstate,
)

Outcome = TypeVar("Outcome")
# After a race lost at a constraint, the second try sees the winner's row.
LOST = {EXCLUSION_VIOLATION, UNIQUE_VIOLATION, DEADLOCK, SERIALIZATION_FAILURE}
WAITED = {LOCK_NOT_AVAILABLE, QUERY_CANCELED}
# How long a writing may be at work, in seconds, before its limits are shortened again.
SLACK = budgets.RESERVE / 3


@dataclass
class Writing:
    """A transaction that writes to the schema. `longest` is the limit of a statement, in seconds,
    when it began. `locked` are the rows it has locked, by model and key.

    Undoing a savepoint releases the locks taken since. `undone` is how many the connection had
    undone when `locked` was noted: if it is more by now, some of these locks are gone.
    """

    schema: str
    longest: float
    locked: set[tuple[type[Model], object]] = field(default_factory=set)
    undone: int = 0

    def still_locked(self) -> set[tuple[type[Model], object]]:
        undone = here().savepoints_undone
        if undone != self.undone:
            self.locked, self.undone = set(), undone
        return self.locked


_open: ContextVar[Writing | None] = ContextVar("open", default=None)
_sharing: ContextVar[int | None] = ContextVar("sharing", default=None)


@contextmanager
def writing(*, patience: float | None = None, turn: int | None = None) -> Iterator[None]:
    """A transaction, or a savepoint of one, that waits 3 s for a lock and 5 s for a statement.
    Inside of another writing it is a part of that one, unless `patience` is given; only the limits
    are shortened again, if the deadline has come nearer than they are.

    `patience`, in seconds, replaces both limits: a statement may wait for several locks, one after
    the other. Both are shortened to what is left until the caller's deadline. `turn` is an
    advisory lock to wait for, and to hold until the transaction ends. All that is sent with the
    first statement inside. Raises RuntimeError when the connection is not in the schema of the
    current org; nothing was carried out then.
    """
    outer = _open.get()
    if outer and patience is turn is None:
        go_on(outer)
        yield
        return
    longest = before_deadline(budgets.STATEMENT)
    opened = Writing(organizations.current().schema_name, longest)
    try:
        with transaction.atomic():
            limit(opened, patience=patience)
            if turn is not None:
                here().later(statements.turn(turn))
            token = _open.set(outer or opened)
            try:
                yield
            finally:
                _open.reset(token)
                here().forget_ahead()
    except DataError as error:
        if sqlstate(error) != DIVISION_BY_ZERO:
            raise
        raise RuntimeError(configuration.MISSING) from error


def go_on(outer: Writing) -> None:
    if outer.schema != organizations.current().schema_name:
        raise RuntimeError("another organization is being written to")
    if before_deadline(budgets.STATEMENT) < outer.longest - SLACK:
        limit(outer)


def limit(opened: Writing, *, patience: float | None = None) -> None:
    """Set the limits until the transaction ends; it fails outside of the schema of its org."""
    lock = patience or budgets.LOCK
    statement = min(patience or budgets.STATEMENT, budgets.STATEMENT)
    here().later(*bounded(lock, statement), statements.within(opened.schema))


def is_open() -> bool:
    """Whether something is being written: a part of it that fails cannot begin again by itself."""
    return _open.get() is not None


def note(rows: Iterable[Model]) -> None:
    """These rows were locked: what is open need not lock them again."""
    if writing := _open.get():
        writing.still_locked().update((type(row), row.pk) for row in rows)


def look(locks: Sequence[Bound[Value]], *reads: Bound[Value]) -> tuple[list[Value], Answers]:
    """Lock the rows of `locks`, share the configuration, and then read: the rows that were locked,
    and those of each of `reads`. One round trip, in which each statement sees what was committed
    before it began. Raises Outdated if the configuration has changed since the request recalled it.
    """
    found = together(*locks, *configuration.sharing(), *reads)
    locks_found, (_, version, *read) = found[: len(locks)], found[len(locks) :]
    locked = [row for rows in locks_found for row in rows]
    note(locked)
    memory.confirm(configuration.of(version))
    return locked, read


def is_locked(model: type[Model], key: object) -> bool:
    """Whether what is open has locked the row. False also where that is not known."""
    writing = _open.get()
    return writing is not None and (model, key) in writing.still_locked()


def part() -> AbstractContextManager[object]:
    """A part of the writing that is open; else a transaction, without limits of time."""
    return nullcontext() if is_open() else transaction.atomic()


@contextmanager
def trying(pieces: int = 1) -> Iterator[None]:
    """Inside, work is tried that may have to wait for others. It leaves time to look at what was
    done (`budgets.LOOK`), and waits no longer than its share of the rest: so many pieces of work
    have to be done until the deadline, of which this is the first."""
    token = _sharing.set(pieces)
    try:
        yield
    finally:
        _sharing.reset(token)


@contextmanager
def failing_late() -> Iterator[None]:
    """Inside, what is written in a savepoint may fail with the COMMIT, in one round trip with it.
    `attempted` does not see such a failure: whoever opens the writing has to begin again."""
    here().fails_late = True
    try:
        yield
    finally:
        here().fails_late = False


def attempted(work: Callable[[], Outcome]) -> Outcome:
    """What `work` returns, in a writing, or in a savepoint of the one that is open. It is undone
    and done once more after a deadlock or a lost race, and undone if it raises.
    """
    for is_last in (False, True):
        try:
            with transaction.atomic() if is_open() else writing():
                return work()
        except (IntegrityError, OperationalError) as error:
            if is_last or sqlstate(error) not in LOST:
                raise
    raise AssertionError("the second try returns or raises")


def lock_named(*names: str) -> int:
    """The key of an advisory lock for `names` in the current org."""
    text = "\n".join([organizations.current().schema_name, *names])
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def bounded(lock_seconds: float, statement_seconds: float) -> list[Bound[Value]]:
    """The limits of what comes next, in the same round trip and behind it.

    With the setting `propagate_set_commands` Citus sends `SET LOCAL` on to the node of the org. It
    never sends `set_config` (its variableset.c). A plain PostgreSQL ignores that setting.
    """
    settings = {
        "citus.propagate_set_commands": "local",
        "lock_timeout": milliseconds(lock_seconds),
        "statement_timeout": milliseconds(statement_seconds),
    }
    return [Bound(f"SET LOCAL {name} = '{value}'") for name, value in settings.items()]


def milliseconds(seconds: float) -> str:
    """For PostgreSQL: in steps of 50 ms, so that the texts are few, and at least 1 ms, since 0
    would mean no limit."""
    left = int(before_deadline(seconds) * 1000)
    return f"{max(1, left - left % 50)}ms"


def before_deadline(seconds: float) -> float:
    """`seconds`, but not more than may be used of what is left until the deadline."""
    left, pieces = deadlines.remaining(), _sharing.get()
    if left is None:
        return seconds
    usable = left - budgets.RESERVE
    return min(seconds, usable if pieces is None else (usable - budgets.LOOK) / pieces)
