"""Background: what a run does in threads beside its processes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar


class Work(Protocol):
    """It runs until `is_over`."""

    is_over: threading.Event

    def run(self) -> None: ...


Begun = TypeVar("Begun", bound=Work)


@contextmanager
def running(work: Begun) -> Iterator[Begun]:
    """Runs `work` in a thread, and ends it at the end."""
    thread = threading.Thread(target=work.run, daemon=True)
    thread.start()
    try:
        yield work
    finally:
        work.is_over.set()
        thread.join(timeout=10)
