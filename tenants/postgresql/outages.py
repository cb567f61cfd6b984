"""Outages: a database that does not answer is waited for once, not by every request.

The first request that waits in vain finds it out. Until the database answers again, the others of
this process are refused almost at once, and a thread keeps asking it.
"""

import threading
import time
from typing import Any, cast

import psycopg
from psycopg_pool import ConnectionPool

from tenants import budgets

PAUSE = 0.1  # between two questions

_answers = threading.Event()
_answers.set()
_lock = threading.Lock()
_doubted_at = 0.0


def doubt(pool: "ConnectionPool[Any]") -> None:
    """A request waited in vain for the database of `pool`."""
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


def ask_until_it_answers(pool: "ConnectionPool[Any]") -> None:
    while not answers(pool):
        time.sleep(PAUSE)
    _answers.set()


def answers(pool: "ConnectionPool[Any]") -> bool:
    """Over a connection of its own. A frozen server answers when it goes on."""
    parameters = cast("dict[str, Any]", pool.kwargs)
    try:
        psycopg.connect(**{**parameters, "connect_timeout": budgets.OUTAGE_QUESTION}).close()
    except psycopg.Error:
        return False
    return True
