"""Outages: one request waits for a database that does not answer, the others not for long.

The first request that waits in vain finds it out. Until the database answers again, the others of
this process are refused almost at once, and a thread keeps asking it.
"""

import threading
import time

import psycopg
from psycopg.rows import TupleRow
from psycopg_pool import ConnectionPool

from tenants import budgets

Pool = ConnectionPool[psycopg.Connection[TupleRow]]

PAUSE = 0.1  # seconds between two attempts to connect

_answers = threading.Event()
_answers.set()
_lock = threading.Lock()
_doubted_at = 0.0


def doubt(pool: Pool) -> None:
    """Records that a request got no answer from the database of `pool`."""
    global _doubted_at
    with _lock:
        if not _answers.is_set():
            return
        _doubted_at = time.monotonic()
        _answers.clear()
    threading.Thread(target=ask_until_it_answers, args=[pool], daemon=True).start()


def is_over(*, seconds: float | None) -> bool:
    """Whether the database answers, as far as is known. Waits for that a little, at most `seconds`.

    At once in a process that has no doubt.
    """
    wait = max(budgets.OUTAGE, _doubted_at + budgets.OUTAGE_DOUBT - time.monotonic())
    return _answers.wait(wait if seconds is None else max(0.0, min(wait, seconds)))


def ask_until_it_answers(pool: Pool) -> None:
    while not answers(pool):
        time.sleep(PAUSE)
    _answers.set()


def answers(pool: Pool) -> bool:
    """Opens a new connection. A frozen server answers once it runs again."""
    limits = {"connect_timeout": budgets.OUTAGE_QUESTION}
    try:
        psycopg.connect(**{**pool._resolve_kwargs(), **limits}).close()
    except psycopg.Error:
        return False
    return True
