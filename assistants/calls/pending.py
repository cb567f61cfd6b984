"""Pending: the messages that this machine has received and not answered, in all its workers.

A table in memory that the workers share, since it is made before they are forked. A row is a
message: when all of it had arrived, and which call it belongs to. Each worker writes in a part of
its own, so there is no lock that a killed worker could keep. The part of a worker that has ended is
cleared (config/gunicorn.py): what that one had received is not carried out any more, but for what
its session at the database had begun, which holds the lock of its call.
"""

import mmap
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b

PARTS = 128  # workers at a time, those that are ending included
ROWS = 512  # messages in a worker, which has at most 500 connections
PAUSE = 0.01  # seconds between two looks
UNREAD, CHANGES_NOTHING = 0, 1  # instead of a call

_in_use = memoryview(mmap.mmap(-1, PARTS))
_in_use[0] = True  # the part of the process that makes the table
# When each message arrived, in nanoseconds of the monotonic clock, which is one for all processes
# (0: the row is free), and its call.
_arrived = memoryview(mmap.mmap(-1, PARTS * ROWS * 8)).cast("Q")
_calls = memoryview(mmap.mmap(-1, PARTS * ROWS * 8)).cast("Q")
_free = deque(range(ROWS))  # rows of this process's part
_own: ContextVar[int | None] = ContextVar("own", default=None)


# --- the parts, as the process that forks the workers gives them out


def take_part() -> int:
    """A part for a worker that is about to be forked."""
    part = next(number for number, is_used in enumerate(_in_use) if not is_used)
    _in_use[part] = True
    return part


def use_part(part: int) -> None:
    """Called in the worker."""
    _free.clear()
    _free.extend(rows_of(part))


def clear_part(part: int) -> None:
    for row in rows_of(part):
        _arrived[row] = 0
    _in_use[part] = False


def rows_of(part: int) -> range:
    return range(part * ROWS, (part + 1) * ROWS)


# --- a message


def arrive() -> int:
    """A row for a message that has arrived just now, and was not read yet."""
    row = _free.popleft()
    _calls[row] = UNREAD
    _arrived[row] = time.monotonic_ns()
    return row


def leave(row: int) -> None:
    _arrived[row] = 0
    _free.append(row)


@contextmanager
def answering(row: int | None) -> Iterator[None]:
    """Inside, the message of `row` is answered, which is free afterwards. None: it has no row."""
    token = _own.set(row)
    try:
        yield
    finally:
        _own.reset(token)
        if row is not None:
            leave(row)


@contextmanager
def of_call(call: int) -> Iterator[None]:
    """Inside, the message being answered is known to belong to `call`, or to change nothing."""
    row = _own.get()
    if row is None:  # not received by a worker of ours
        with answering(arrive()), of_call(call):
            yield
        return
    _calls[row] = call
    yield


def named(*names: str) -> int:
    """The number by which a call is known here."""
    digest = blake2b("\0".join(names).encode(errors="surrogatepass"), digest_size=8).digest()
    return max(int.from_bytes(digest), CHANGES_NOTHING + 1)


def is_another(call: int) -> bool:
    """Whether another message of this call, which may change something, is not answered yet."""
    return any(_calls[row] == call for row in others())


def settle(call: int, *, within: float) -> bool:
    """Waits up to so many seconds until no other message of `call` is pending, and it is known of
    which call those are that came before the one being answered; whether that is known now."""
    own = _own.get()
    now = time.monotonic_ns() if own is None else _arrived[own]
    until = time.monotonic() + within
    while True:
        is_known = not any(_calls[row] == UNREAD and _arrived[row] < now for row in others())
        if (is_known and not is_another(call)) or time.monotonic() > until:
            return is_known
        time.sleep(PAUSE)


def others() -> Iterator[int]:
    """The rows of all messages but the one being answered."""
    own = _own.get()
    for part, is_used in enumerate(_in_use):
        if is_used:
            yield from (row for row in rows_of(part) if _arrived[row] and row != own)
