"""The pulse: measures how long the machine delayed a process that had a little work to do.

A caller is promised an answer within five seconds by a server that has a processor to run on. On a
machine that is starved, a part of the time a caller waited is not the server's.
"""

import hashlib
import threading
import time
from dataclasses import dataclass, field

BEAT_SECONDS = 0.1
WORK_SECONDS = 0.005
WORK = bytes(4096)


@dataclass
class Pulse:
    """`waits` are pairs: when a beat ended (monotonic), and how much longer it took (seconds)."""

    waits: list[tuple[float, float]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.is_over.is_set():
            began = time.monotonic()
            self.is_over.wait(BEAT_SECONDS)
            work()
            now = time.monotonic()
            self.waits.append((now, max(0.0, now - began - BEAT_SECONDS - WORK_SECONDS)))


def work() -> None:
    """Five milliseconds of a processor."""
    began = time.thread_time()
    while time.thread_time() - began < WORK_SECONDS:
        hashlib.sha256(WORK).digest()
