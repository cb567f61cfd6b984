"""Poolers: whether what stands at the database's address mixes sessions up, found by trying.

In transaction mode a pooler lends a server's connection for a transaction at a time, and the search
path that one client has set is the next client's: one org would read and write in another's schema.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import psycopg

from tenants import budgets
from tenants.postgresql.connections import (
    BoundedConnection,
    NoAnswerInTime,
    plain_parameters,
    within,
)

Session = psycopg.Connection[Any]

# Three poolers behind one address would still have to give two of these the same place.
SESSIONS, FEWEST = 4, 2

MIXED = (
    "The pooler at the database's address mixes sessions up, so one clinic would be served"
    " another's rows. Set it to session mode (PgBouncer: pool_mode = session), or use PostgreSQL 18"
    " and PgBouncer's track_extra_parameters = search_path."
)


def mixes_sessions(connection: Any) -> bool:
    """Whether sessions at the address of Django's `connection` lose their own search path.

    Nothing is written. An address that was found right is not asked again by this process.
    Raises Django's OperationalError where the database cannot be asked.
    """
    parameters = plain_parameters(connection)
    address = tuple(sorted((name, str(value)) for name, value in parameters.items()))
    if address in _found_right:
        return False
    with connection.wrap_database_errors:
        kept = keeps_sessions_apart(parameters)
    if kept:
        _found_right.add(address)
    return not kept


_found_right: set[tuple[tuple[str, str], ...]] = set()


def keeps_sessions_apart(parameters: dict[str, Any]) -> bool:
    """By trying, with `parameters` for psycopg. A direct connection takes some 20 ms."""
    with opened(parameters) as sessions, within(budgets.POOLER):
        return each_reads_its_own(sessions)


@contextmanager
def opened(parameters: dict[str, Any]) -> Iterator[list[Session]]:
    """Sessions that have each answered. Fewer, where a pooler in session mode has no more free."""
    with ExitStack() as stack:
        sessions: list[Session] = []
        for _ in range(SESSIONS):
            session = BoundedConnection.connect(
                **parameters, autocommit=True, prepare_threshold=None
            )
            stack.enter_context(session)
            try:
                with within(budgets.POOLER):
                    session.execute("SELECT 1")
            except NoAnswerInTime:
                if len(sessions) < FEWEST:
                    raise
                break
            sessions.append(session)
        yield sessions


def each_reads_its_own(sessions: list[Session]) -> bool:
    """Each puts a mark into its search path; then each looks for its own, twice in a row.

    A pooler with one free connection is found at the first look. Twice, since one that lends its
    connections in turn may give the right one by chance, and then gives the next.
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
    """What a session has that sets none.

    With a schema behind it that is not there it means the same, also to another program that is
    lent the connection next.
    """
    found = session.execute("SELECT reset_val FROM pg_settings WHERE name = 'search_path'")
    [usual] = found.fetchone() or [""]
    return usual or '"$user"'


def current_search_path(session: Session) -> str:
    [path] = session.execute("SELECT current_setting('search_path')").fetchone() or [""]
    return str(path)
