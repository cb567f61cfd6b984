"""Deadlocks, counted by the processes of a race."""

from collections.abc import Callable
from typing import Any

from tenants import sqlstates


def counting(deadlocks: Any) -> Callable[[BaseException], str]:
    def sqlstate(error: BaseException, read: Any = sqlstates.sqlstate) -> str:
        state = str(read(error))
        with deadlocks.get_lock():
            deadlocks.value += state == sqlstates.DEADLOCK
        return state

    return sqlstate
