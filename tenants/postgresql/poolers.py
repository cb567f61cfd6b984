"""Poolers: finds out by trying whether the pooler at the database's address mixes sessions up.

In transaction mode a pooler lends a server's connection for a transaction at a time, so the next
client gets the search path that the last one set: one org would read and write in another's schema.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.rows import TupleRow

from tenants import budgets
from tenants.postgresql import deadlines
from tenants.postgresql.connections import BoundedConnection, NoAnswerInTime, conninfo

Session = psycopg.Connection[TupleRow]

# Sessions that are tried: even with three poolers behind one address, two of them share one.
SESSIONS, FEWEST = 4, 2

MIXED = (
    "The pooler at the database's address mixes sessions up, so one clinic would be served"
    " another's rows. Set it to session mode (PgBouncer: pool_mode = session), or use PostgreSQL 18"
    " and PgBouncer's track_extra_parameters = search_path."
)


def mixes_sessions(connection: BaseDatabaseWrapper) -> bool:
    """Whether sessions at the address of Django's `connection` lose their own search path.

    Nothing is written. An address that passed is not checked again in this process.
    Raises Django's OperationalError if the database cannot be asked.
    """
    with connection.wrap_database_errors:
        address = conninfo(connection)
        if address in _found_right:
            return False
        kept = keeps_sessions_apart(address)
    if kept:
        _found_right.add(address)
    return not kept


_found_right: set[str] = set()


def keeps_sessions_apart(address: str) -> bool:
    """Whether each session keeps its own settings. We try it, which takes some 20 ms if there is no
    pooler."""
    with opened(address) as sessions, deadlines.after(budgets.POOLER):
        return each_reads_its_own(sessions)


@contextmanager
def opened(address: str) -> Iterator[list[Session]]:
    """The sessions that answer. Fewer, if a pooler in session mode has no more connections."""
    with ExitStack() as stack:
        sessions: list[Session] = []
        for _ in range(SESSIONS):
            session = BoundedConnection.connect(address, autocommit=True, prepare_threshold=None)
            stack.enter_context(session)
            try:
                with deadlines.after(budgets.POOLER):
                    session.execute("SELECT 1")
            except NoAnswerInTime:
                if len(sessions) < FEWEST:
                    raise
                break
            sessions.append(session)
        yield sessions


def each_reads_its_own(sessions: list[Session]) -> bool:
    """Each puts a mark into its search path; then each looks for its own, twice in a row.

    A pooler with one free connection is found at the first look. Twice, since a pooler that rotates
    its connections may give the right one once by chance, but not twice.
    """
    usual = usual_search_path(sessions[0])
    marks = [(session, f"probe_{secrets.token_hex(8)}") for session in sessions]
    try:
        for session, mark in marks:
            path = f"{usual}, {mark}"
            session.execute("SELECT set_config('search_path', %s, false)", [path])
        return all(
            current_search_path(session).endswith(mark) for session, mark in marks for _ in range(2)
        )
    finally:
        for session in sessions:
            with suppress(psycopg.Error):
                session.execute("RESET search_path")


def usual_search_path(session: Session) -> str:
    """The default search path of a session.

    With a schema behind it that does not exist it means the same, also to another program that gets
    the connection next.
    """
    found = session.execute("SELECT reset_val FROM pg_settings WHERE name = 'search_path'")
    [usual] = found.fetchone() or [""]
    return usual or '"$user"'


def current_search_path(session: Session) -> str:
    [path] = session.execute("SELECT current_setting('search_path')").fetchone() or [""]
    return str(path)
