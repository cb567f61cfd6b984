"""Memory: what this process remembers of an organization's configuration from earlier requests.

Why no booking and no authentication goes by what is no longer so:

1. A memory is named after the version of the configuration, which is read before anything that is
   remembered under it. Whatever changes the configuration changes its version in the same
   transaction (`tenants.postgresql.configuration`). So what is remembered is as new as its version,
   or newer.
2. When a request begins, it reads the version, and recalls only what is remembered under that one.
   So it knows what was committed before it came, as if it had read everything itself.
3. A request that books waits for the lock that whoever commits configuration holds, and reads the
   version again, in a later statement than the one that waited: a statement sees what was committed
   before it began (READ COMMITTED), so the one that waited does not see what it waited for. If the
   version is the same, nobody has committed since the request began, and nobody can until it ends:
   what it recalled is true. If not, `Outdated` is raised. Nothing has been written by then; the
   transaction is rolled back and the request runs again from its beginning, authentication
   included (`tenants.middleware`).
4. A transaction that has written configuration neither recalls nor remembers, because what it sees
   may be rolled back. Behind its commit, its request recalls nothing of before.
5. What is changed by hand, in `psql`, has no new version. So nothing is remembered for more than a
   minute.

A memory belongs to one schema, and is used only while the connection is in it. It holds nothing of
patients or calls. Only messages of assistants recall: the pages of the front desk and commands read
what they need.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connection

from tenants.postgresql import configuration
from tenants.postgresql.configuration import Version

if TYPE_CHECKING:
    from tenants.postgresql.base import DatabaseWrapper

Fact = TypeVar("Fact")

MOST = 256  # organizations that a process remembers; each takes some 50 kB
LONGEST = 60.0  # seconds


class Outdated(Exception):
    """What was recalled is no longer so. Nothing was written: the request has to run again."""


class Memory:
    """What is remembered of the configuration in `schema` with that `version`. `read_at` is in
    monotonic seconds."""

    __slots__ = ("facts", "read_at", "schema", "version")

    def __init__(self, schema: str, version: Version, read_at: float) -> None:
        self.schema = schema
        self.version = version
        self.read_at = read_at
        self.facts: dict[Hashable, Any] = {}


_memories: OrderedDict[str, Memory] = OrderedDict()  # the one recalled last is at the end
_lock = threading.Lock()
_current: ContextVar[Memory | None] = ContextVar("memory", default=None)
_is_allowed: ContextVar[bool] = ContextVar("is_allowed", default=False)


@contextmanager
def allowed() -> Iterator[None]:
    """Inside, a request recalls. It may run again, so it must bear that."""
    token = _is_allowed.set(True)
    try:
        yield
    finally:
        _is_allowed.reset(token)


def is_allowed() -> bool:
    return _is_allowed.get()


@contextmanager
def recalling() -> Iterator[None]:
    """Inside, `recall` gives what this process remembers of the schema the connection is in."""
    now = time.monotonic()
    version = configuration.version()
    schema = cast("DatabaseWrapper", connection).schema_name
    token = _current.set(memory_of(schema, version, now) if version else None)
    try:
        yield
    finally:
        _current.reset(token)


def memory_of(schema: str, version: Version, now: float) -> Memory:
    """The memory to recall from. `version` was read after `now`. Memories are replaced, never
    changed: another thread may still be recalling from the one before."""
    with _lock:
        memory = _memories.get(schema)
        if memory is None or memory.version != version or now - memory.read_at > LONGEST:
            memory = _memories[schema] = Memory(schema, version, now)
        _memories.move_to_end(schema)
        if len(_memories) > MOST:
            _memories.popitem(last=False)
    return memory


def recall(
    key: Hashable, read: Callable[[], Fact], *, suffices: Callable[[Fact], bool] = lambda _: True
) -> Fact:
    """What `read` gives. It is read once while the configuration stays as it is, and again if what
    was read does not suffice. Others recall it too: it must not be changed, and it must follow from
    the configuration alone."""
    memory = _current.get()
    if memory is None or not is_usable(memory):
        return read()
    if key not in memory.facts or not suffices(memory.facts[key]):
        memory.facts[key] = read()
    return cast("Fact", memory.facts[key])


def is_usable(memory: Memory) -> bool:
    """Whether the connection is in its schema, in no transaction that has written configuration."""
    database = cast("DatabaseWrapper", connection)
    return database.schema_name == memory.schema and not database.configured


def is_used() -> bool:
    return _current.get() is not None


@contextmanager
def unused() -> Iterator[None]:
    """Inside, everything is read."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def confirm(version: Version | None) -> None:
    """Raises Outdated if this request recalls from another version than this one, which
    `configuration.share` has read. Call it before anything is written."""
    memory = _current.get()
    if memory is not None and memory.version != version:
        raise Outdated


def begin_anew() -> None:
    """This request has committed configuration. From here on it reads everything once more, and
    `confirm` has it run again: what it recalled before may have been changed by others."""
    memory = _current.get()
    if memory is not None:
        _current.set(Memory(memory.schema, memory.version, memory.read_at))
