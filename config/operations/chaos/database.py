"""A PostgreSQL of a run's own, which may be frozen, killed and cut: nobody else's data is in it."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import environ
import psutil
import psycopg
from django.core.management import call_command
from django.db import connection

from config import embedded, keeper


@dataclass(frozen=True)
class ScratchServer:
    """The server over `folder`; `address` goes to it directly."""

    folder: Path
    address: str

    def freeze(self) -> list[int]:
        """It accepts, and is silent. The processes to be given to `thaw`."""
        postmaster = psutil.Process(self.postmaster())
        # The postmaster first: it starts another process for each client that connects.
        stop(postmaster)
        children = postmaster.children()
        for child in children:
            stop(child)
        return [process.pid for process in (postmaster, *children)]

    def thaw(self, frozen: list[int]) -> None:
        for process in reversed(frozen):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    def postmaster(self) -> int:
        return int((self.folder / "postmaster.pid").read_text().split()[0])


def stop(process: psutil.Process) -> None:
    """Until it stands still, or has ended."""
    with suppress(psutil.NoSuchProcess):
        process.suspend()
        while process.status() not in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE):
            time.sleep(0.001)


@contextmanager
def own() -> Iterator[ScratchServer]:
    """Made in a temporary folder, migrated, and the database in use here until the end."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-")).resolve()
    try:
        with started(folder / "postgres") as database, in_use(database.address):
            call_command("migrate_schemas", interactive=False, verbosity=0)
            yield database
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(folder: Path) -> Iterator[ScratchServer]:
    try:
        address = embedded.start(folder, cleanup="delete")
        with psycopg.connect(address, autocommit=True) as session:
            # No power is cut here: what a killed process wrote is kept by the operating system.
            session.execute("ALTER SYSTEM SET fsync = off")
            session.execute("SELECT pg_reload_conf()")
        yield ScratchServer(folder, address)
    finally:
        end(folder)
        embedded.leave(folder)
        with suppress(TimeoutError):
            keeper.wait_for_end(folder)


def end(folder: Path) -> None:
    """The server over `folder`, if it still runs: at once, since nothing of it is kept."""
    with suppress(OSError, ValueError, psutil.Error):
        postmaster = psutil.Process(ScratchServer(folder, "").postmaster())
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(timeout=10)


def address_in_use() -> str:
    """The address of the database in the settings, for connections that are not Django's."""
    return os.environ["DATABASE_URL"]


@contextmanager
def in_use(address: str) -> Iterator[None]:
    """Use the database at `address` instead of that in the settings, here and in what we start."""
    before, url = dict(connection.settings_dict), os.environ.get("DATABASE_URL")
    connection.close()
    found = environ.Env.db_url_config(address)
    for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        connection.settings_dict[name] = found.get(name, "")
    connection.settings_dict["OPTIONS"] = {**before["OPTIONS"], **found["OPTIONS"]}
    os.environ["DATABASE_URL"] = address
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
        os.environ["DATABASE_URL"] = url or ""
