"""The database backend: django-tenants' own, changed so that no schema is reached from another.

django-tenants leaves `public` behind the org's schema on the search path, so that a table missing
from the org is quietly looked for among everybody's. Here it is an error.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django_tenants.postgresql_backend import base
from django_tenants.utils import get_public_schema_name, quote_schema_name
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from psycopg_pool import PoolTimeout

from tenants import memory
from tenants.postgresql import configuration, deadlines, outages
from tenants.postgresql.connections import NoAnswerInTime, give_last_used
from tenants.postgresql.introspection import Introspection
from tenants.postgresql.statements import Bound, Rows
from tenants.postgresql.waiting import Waiting

Result = TypeVar("Result")


class HasSchema(Protocol):
    """An organization, or what django-tenants enters `public` with."""

    schema_name: str


class DatabaseWrapper(Waiting, base.DatabaseWrapper):
    search_path_set_schemas: list[str] | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.waiting, self.ahead, self.known = [], [], []
        self.fails_late = False
        super().__init__(*args, **kwargs)
        self.introspection = Introspection(self)
        # The configurations that this transaction has written to.
        self.configured: set[configuration.Written] = set()
        # How many savepoints it has rolled back to. Locks taken since then are released.
        self.savepoints_undone = 0
        # What is asked as soon as the search path is set, and what was found.
        self.asked_first: Bound[Any] | None = None
        self.found_first: Rows | None = None
        self.execute_wrappers.append(self.note_configuration)

    def connect(self) -> None:
        """Out of the pool, or new, with its search path set: that is its first statement.

        So nobody finds the search path of who had it last, and a connection that was cut while it
        was in the pool is noticed before anything is asked of it; then another one is taken.
        """
        try:
            super().connect()
            self.cursor().close()
        except (OperationalError, InterfaceError):
            if not (self.pool and self.connection and self.connection.closed):
                raise
            self.close()
            super().connect()
            self.cursor().close()

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Set it, unless it is set, before what waits is carried out. Raises DatabaseError where it
        could not be.

        django-tenants goes on then with the path there was, another org's perhaps. That is right
        only in a transaction that has failed: nothing but its end is carried out.
        """
        if self.search_path_set_schemas is not None:
            return
        if cursor is None:  # a named one, which takes a single statement
            self.cursor().close()
            return
        path = self._get_cursor_search_paths()
        text = f"SET search_path = {', '.join(map(quote_schema_name, path))}"
        has_failed = self.connection.info.transaction_status == TransactionStatus.INERROR
        waiting, self.waiting = self.waiting, []
        try:
            if self.asked_first:
                cursor.execute(f"{text}; {self.asked_first.text}")
                cursor.nextset()
                self.found_first = cursor.fetchall()
            else:
                cursor.execute(text)
        except DatabaseError:
            if not has_failed:
                raise
        else:
            self.search_path_set_schemas = path
        finally:
            self.waiting = waiting

    def first(self, bound: Bound[Any]) -> Rows:
        """What the statement, which has no values, finds in the schema: in one round trip with
        setting the search path, if that is not set. Outside of a transaction."""
        self.asked_first, self.found_first = bound, None
        try:
            with self.cursor() as cursor:
                if self.found_first is not None:
                    return self.found_first
                cursor.execute(bound.text)
                found: Rows = cursor.fetchall()
                return found
        finally:
            self.asked_first = None

    def note_configuration(
        self, execute: Callable[..., Result], sql: Any, params: Any, many: bool, context: Any
    ) -> Result:
        """A statement that writes configuration is in a transaction, which gives it another version
        as it commits."""
        text = sql if isinstance(sql, str) else sql.as_string(self.connection)
        written = configuration.written_by(text, self.schema_name)
        if written and self.get_autocommit():
            with transaction.atomic(using=self.alias):
                return self.note_configuration(execute, sql, params, many, context)
        self.configured |= written
        result: Result = self.with_waiting(execute, sql, params, many, context)
        return result

    def later(self, *bound: Bound[Any]) -> None:
        if self.in_atomic_block:
            for one in bound:
                self.configured |= configuration.written_by(one.text, self.schema_name)
        super().later(*bound)

    def _commit(self) -> None:
        """With another version of each configuration that was written."""
        written = sorted(self.configured)
        self.configured.clear()
        if written:
            memory.begin_anew()
            with self.cursor() as cursor:
                for one in written:
                    configuration.begin_version(cursor, one)
        super()._commit()

    def _rollback(self) -> None:
        self.configured.clear()
        super()._rollback()

    def _savepoint_rollback(self, sid: str) -> None:
        self.savepoints_undone += 1
        super()._savepoint_rollback(sid)

    def close(self) -> None:
        self.configured.clear()
        super().close()

    def get_new_connection(self, conn_params: dict[str, object]) -> "psycopg.Connection[TupleRow]":
        """After the deadline no connection is waited for; during an outage only briefly."""
        left = deadlines.remaining()
        if left is not None and left <= 0:
            raise NoAnswerInTime("there is no time left to ask the database")
        if not outages.is_over(seconds=left):
            raise NoAnswerInTime("the database has not answered the others")
        if self.pool:
            give_last_used(self.pool)
        try:
            opened: psycopg.Connection[TupleRow] = super().get_new_connection(conn_params)
        except PoolTimeout:
            outages.doubt(self.pool)
            raise
        return opened

    def set_tenant(self, tenant: HasSchema, include_public: bool = False) -> None:
        """What waits is carried out in the schema that it was meant for; nothing that was asked
        ahead of another one is known in it."""
        is_public = tenant.schema_name == get_public_schema_name()
        try:
            if tenant.schema_name != self.schema_name:
                self.leave_schema()
        finally:
            super().set_tenant(tenant, include_public=is_public)

    def set_schema(
        self, schema_name: str, include_public: bool = False, tenant_type: str | None = None
    ) -> None:
        super().set_schema(schema_name, include_public, tenant_type)
