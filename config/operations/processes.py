"""Processes of a run: forked, ended by their ids, and never left behind."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.context import ForkProcess

from django.db import connection

from config.operations.races import begun, signals_later


@contextmanager
def started(works: Sequence[Callable[[], object]]) -> Iterator[list[ForkProcess]]:
    """A process for each of `works`. Those that are still at it at the end are killed."""
    connection.close()  # a forked process must not share it
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=run, args=(work,)) for work in works]
    try:
        with signals_later():
            for process in processes:
                process.start()
        yield processes
    finally:
        for process in begun(processes):
            process.kill()
            process.join()


def run(work: Callable[[], object]) -> None:
    """Ctrl-C reaches every process of a terminal; it is the first that ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work()


def ended_with_us(parent: int) -> bool:
    """Whether the process that forked this one is gone."""
    return os.getppid() != parent
