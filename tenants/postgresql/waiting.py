"""Waiting: statements whose answers nobody needs are sent with the next one, in one round trip.

That is how a transaction and its savepoints begin and end, and what a booking writes. PostgreSQL
carries out a text of several statements in their order, so whatever is asked next sees what was
written before it. When one fails, those behind it are not carried out, and it is the statement that
they were sent with which raises: a write fails at the end of its savepoint or of its transaction at
the latest, as if it had been carried out there.

Statements that are asked ahead are sent behind the next one, in its round trip, and their answers
are kept until they are asked for.
"""

from typing import TYPE_CHECKING, Any

from django.db import DataError
from psycopg.pq import TransactionStatus

from tenants.postgresql.statements import NOTHING, WITHIN, Bound, Value

if TYPE_CHECKING:
    from django_tenants.postgresql_backend.base import DatabaseWrapper as Base
else:
    Base = object

# The same in every schema.
BOUNDS = ("BEGIN", "SAVEPOINT", "RELEASE", "SET LOCAL")
# These do not fail by themselves, so that they may be sent much later.
QUIET = (*BOUNDS, WITHIN)


class Waiting(Base):
    """Of a connection: `waiting` are the statements that are not sent yet, all in a transaction."""

    waiting: list[Bound[Any]]
    # Those that will be asked in this transaction; and what was found when they were sent.
    ahead: list[Bound[Any]]
    known: list[tuple[Bound[Any], list[Value]]]
    # What is written in a savepoint may fail behind its end: who began the transaction bears it.
    fails_late: bool

    def later(self, *bound: Bound[Any]) -> None:
        """Send them with the next statement, at the latest with COMMIT. Raises
        TransactionManagementError, as what is sent at once does, in a transaction that is over."""
        self.validate_no_broken_transaction()
        self.waiting += bound
        if not self.in_atomic_block:
            self.send()

    def send(self, *last: Bound[Any]) -> None:
        with self.cursor() as cursor:
            *before, bound = [*self.waiting, *last]
            self.waiting = before
            cursor.execute(bound.text, bound.values)

    def write(self) -> None:
        """Send what was written, if it waits: it fails here, if it does."""
        if self.has_written():
            self.send()

    def leave_schema(self) -> None:
        """Another schema is entered: nothing waits for it, and nothing is known of it."""
        self.forget_ahead()
        if not all(bound.text.startswith(BOUNDS) for bound in self.waiting):
            self.send()

    def with_waiting(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Carry out the statement behind those that wait."""
        cursor = context["cursor"]
        if not self.waiting:
            return execute(sql, params, many, context)
        is_alone = many or hasattr(cursor.cursor, "name") or isinstance(params, dict)
        if is_alone or not isinstance(sql, str):
            self.send()
            return execute(sql, params, many, context)
        waiting, self.waiting = self.waiting, []
        values = [value for bound in waiting for value in bound.values]
        if params is None:
            sql = sql.replace("%", "%%")
        text = "; ".join([*(bound.text for bound in waiting), sql])
        try:
            result = execute(text, [*values, *(params or ())], False, context)
        except UnicodeEncodeError as error:  # Django undoes a transaction for errors of databases
            self.keep_unsent(waiting)
            raise DataError("a text cannot be stored") from error
        except Exception:
            self.keep_unsent(waiting)
            raise
        for _ in waiting:
            cursor.nextset()
        return result

    def keep_unsent(self, waiting: list[Bound[Any]]) -> None:
        """A text that PostgreSQL has not seen, since a value could not be written, was not sent."""
        status = self.connection.info.transaction_status if self.connection else None
        if status in (TransactionStatus.IDLE, TransactionStatus.INTRANS):
            self.waiting = waiting

    def has_written(self) -> bool:
        return not all(bound.text.startswith(QUIET) for bound in self.waiting)

    # --- what is asked ahead

    def ask_ahead(self, *bound: Bound[Any]) -> None:
        if self.in_atomic_block:
            self.ahead += [one for one in bound if one is not NOTHING]

    def take_ahead(self, sent: list[Bound[Any]]) -> list[Bound[Any]]:
        """What is to be sent behind `sent`."""
        ahead, self.ahead = self.ahead, []
        return [one for one in ahead if one not in sent]

    def know_ahead(self, bound: list[Bound[Any]], found: list[list[Value]]) -> None:
        self.known += zip(bound, found, strict=True)

    def known_ahead(self, bound: Bound[Any]) -> list[Value] | None:
        """What was found when it was asked ahead, once; None if it was not."""
        if bound is NOTHING:
            return []
        for number, (one, found) in enumerate(self.known):
            if one == bound:
                del self.known[number]
                return found
        return None

    def forget_ahead(self) -> None:
        self.ahead, self.known = [], []

    # --- the ends of transactions and savepoints

    def savepoint(self) -> str | None:
        """Named by their depth, not numbered as Django does it: a text that comes again is parsed
        once by psycopg. A savepoint hides an outer one of its name until it is released.

        While the RELEASE of the one before waits, it has another name: if the text with both is
        refused as it is read, the one before is still there, and must not be gone back to.
        """
        if not self._savepoint_allowed():
            return None
        name = f"savepoint_{len(self.savepoint_ids)}"
        if self.ops.savepoint_commit_sql(name) in (bound.text for bound in self.waiting):
            name += "_again"
        self._savepoint(name)
        return name

    def _start_transaction_under_autocommit(self) -> None:
        """Django calls it instead of having psycopg begin by itself, in a round trip of its own."""
        level = self.isolation_level.name.replace("_", " ")
        self.waiting = [Bound(f"BEGIN ISOLATION LEVEL {level}")]

    def _savepoint(self, sid: str) -> None:
        """What waits is not of the savepoint, so it must not fail in it."""
        begin: Bound[Any] = Bound(self.ops.savepoint_create_sql(sid))
        if self.has_written():
            self.send(begin)
        else:
            self.waiting.append(begin)

    def _savepoint_rollback(self, sid: str) -> None:
        self.forget_ahead()
        texts = [bound.text for bound in self.waiting]
        begin = self.ops.savepoint_create_sql(sid)
        if begin in texts:  # nothing that was done in it was sent
            last = len(texts) - texts[::-1].index(begin)  # others of its name are over
            del self.waiting[last:]
            return
        self.waiting = []
        super()._savepoint_rollback(sid)

    def _savepoint_commit(self, sid: str) -> None:
        """What was written in it fails here, if it does; or later, where that is said."""
        if self.waiting and self.waiting[-1].text == self.ops.savepoint_create_sql(sid):
            self.waiting.pop()
            return
        release: Bound[Any] = Bound(self.ops.savepoint_commit_sql(sid))
        if self.has_written() and not self.fails_late:
            self.send(release)
        else:
            self.waiting.append(release)

    def _commit(self) -> None:
        self.forget_ahead()
        if self.has_written():
            self.send(Bound("COMMIT"))
        else:
            self.waiting = []
            super()._commit()

    def _rollback(self) -> None:
        self.forget_ahead()
        self.waiting = []
        super()._rollback()

    def close(self) -> None:
        self.forget_ahead()
        self.waiting = []
        super().close()
