"""Memory: what this process remembers from earlier requests: whose a host is, and what that
organization has configured.

Why no booking and no authentication goes by what is no longer so:

1. What is remembered is named after a version, which is read before it, or with it. Whatever
   changes the configuration of an organization changes its version in the same transaction
   (`tenants.postgresql.configuration`); so do changes of organizations and their domains. So what
   is remembered is as new as its version, or newer.
2. When a request begins, it reads both versions, and recalls only what is remembered under them. So
   it knows what was committed before it came, as if it had read everything itself.
3. A request that books waits for the lock that whoever commits configuration holds, and reads the
   versions again, in later statements than the one that waited: a statement sees what was committed
   before it began (READ COMMITTED), so the one that waited does not see what it waited for. If the
   versions are the same, nobody has changed the configuration since the request began, and nobody
   can until it ends: what it recalled is true. If not, `Outdated` is raised. Nothing has been
   written by then; the transaction is rolled back and the request runs again from its beginning,
   its organization and its authentication included (`tenants.middleware`).
4. A transaction that has written configuration neither recalls nor remembers, because what it sees
   may be rolled back. Behind its commit, its request recalls nothing of before.
5. What is changed by hand, in `psql`, has no new version. So nothing is remembered for more than a
   minute.

What is remembered of an organization belongs to its schema, and is used only while the connection
is in it; that it is there is asked with the versions. Nothing of patients or calls is remembered.
Only messages of assistants recall: the pages of the front desk and commands read what they need.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from django.db import ProgrammingError
from django_tenants.utils import tenant_context

from tenants.postgresql import configuration, statements
from tenants.postgresql.configuration import Version

if TYPE_CHECKING:
    from tenants.models import Organization

Fact = TypeVar("Fact")
Remembered = TypeVar("Remembered", "Home", "Memory")

MOST = 256  # organizations that a process remembers; each takes some 50 kB
LONGEST = 60.0  # seconds


class Outdated(Exception):
    """What was recalled is no longer so. Nothing was written: the request has to run again."""


@dataclass(frozen=True, slots=True)
class Home:
    """The organization at a host, under the version of all organizations. `read_at` is in monotonic
    seconds."""

    organization: "Organization"
    version: UUID | None
    read_at: float


@dataclass(frozen=True, slots=True)
class Memory:
    """The facts that are remembered of the configuration in `schema` under its version."""

    schema: str
    version: UUID
    read_at: float
    facts: dict[Hashable, Any] = field(default_factory=dict)


class Recent(OrderedDict[str, Remembered]):
    """The MOST that were used last, the last one at the end. They are replaced, never changed:
    another thread may be using the one before."""

    lock = threading.Lock()

    def find(self, name: str, version: UUID | None, now: float) -> Remembered | None:
        """The one of this name, unless it is too old or of another version. None: of any."""
        with self.lock:
            found = self.get(name)
            if (
                found is None
                or now - found.read_at > LONGEST
                or version not in (None, found.version)
            ):
                return None
            self.move_to_end(name)
            return found

    def keep(self, name: str, new: Remembered) -> Remembered:
        with self.lock:
            self[name] = new
            self.move_to_end(name)
            if len(self) > MOST:
                self.popitem(last=False)
        return new

    def drop(self, name: str) -> None:
        with self.lock:
            self.pop(name, None)


_homes: Recent[Home] = Recent()
_memories: Recent[Memory] = Recent()
# What the present request recalls from, and the versions that it found as it began.
_current: ContextVar[tuple[Memory, Version] | None] = ContextVar("memory", default=None)
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


def home(host: str) -> Home | None:
    """What is remembered of the host. Whether it is still so is found by `recalling`."""
    return None if has_written() else _homes.find(host, None, time.monotonic())


def forget(host: str) -> None:
    _homes.drop(host)


@contextmanager
def recalling(host: str, home: Home) -> Iterator[None]:
    """Inside the organization at the host, `recall` gives what this process remembers of it.

    Raises Outdated if the organizations have changed since `home` was read, or if its schema is
    gone. If there is no version to tell by, everything is read.
    """
    organization, now = home.organization, time.monotonic()
    with tenant_context(organization):
        try:
            version = configuration.version(organization.schema_name)
        except (ProgrammingError, RuntimeError) as error:
            raise Outdated from error
        if version and version.organizations != home.version:
            raise Outdated
        token = _current.set(None)
        if version and not has_written():
            _homes.keep(host, home)
            _current.set((memory_of(organization.schema_name, version.own, now), version))
        try:
            yield
        finally:
            _current.reset(token)


def memory_of(schema: str, version: UUID, now: float) -> Memory:
    """The memory to recall from. `version` was read after `now`."""
    found = _memories.find(schema, version, now)
    return found or _memories.keep(schema, Memory(schema, version, now))


def recall(
    key: Hashable, read: Callable[[], Fact], *, suffices: Callable[[Fact], bool] = lambda _: True
) -> Fact:
    """What `read` gives. It is read once while the configuration stays as it is, and again if what
    was read does not suffice. Others recall it too: it must not be changed, and it must follow from
    the configuration alone."""
    current = _current.get()
    if current is None:
        return read()
    memory, here = current[0], statements.here()
    if here.configured or here.schema_name != memory.schema:
        return read()
    if key not in memory.facts or not suffices(memory.facts[key]):
        memory.facts[key] = read()
    return cast("Fact", memory.facts[key])


def has_written() -> bool:
    """Whether configuration was written in a transaction that is not committed."""
    return bool(statements.here().configured)


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
    `configuration.sharing` has read. Call it before anything is written."""
    current = _current.get()
    if current is not None and current[1] != version:
        raise Outdated


def begin_anew() -> None:
    """This request has committed configuration. From here on it reads everything once more, and
    `confirm` has it run again: what it recalled before may have been changed by others."""
    current = _current.get()
    if current is not None:
        memory, version = current
        _current.set((Memory(memory.schema, memory.version, memory.read_at), version))
