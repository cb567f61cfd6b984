"""Poolers: Debian's PgBouncer in front of the test's PostgreSQL, in a mode of one's choice."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.conftest import wait_until

PROGRAM = Path("/usr/sbin/pgbouncer")
PORT = 6432  # a file's name here: it listens on a socket in a folder of its own


def skip_without_pgbouncer() -> None:
    if PROGRAM.exists():
        return
    if os.environ.get("CI"):
        pytest.fail("CI installs pgbouncer")
    pytest.skip("Debian's pgbouncer is not installed")


@contextmanager
def pgbouncer(mode: str, **settings: Any) -> Iterator[Path]:
    """The folder of its socket. `mode` is its pool_mode, `settings` are others of its settings."""
    skip_without_pgbouncer()
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    # It refuses to run as root, and only the owner of PostgreSQL's socket may open that.
    user = owner(server) if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer-"))
    (folder / "ini").write_text(written(server, mode, folder, settings))
    if user:
        shutil.chown(folder, user)
        shutil.chown(folder / "ini", user)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([PROGRAM, folder / "ini"], user=user, stderr=log)
    try:
        wait_until(lambda: answers(folder), folder / "log")
        yield folder
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def owner(server: dict[str, Any]) -> str:
    file = Path(str(server.get("host", "")), f".s.PGSQL.{server.get('port') or 5432}")
    return file.owner() if file.exists() else "postgres"


def written(server: dict[str, Any], mode: str, folder: Path, settings: dict[str, Any]) -> str:
    names = ("host", "port", "user", "password")
    target = " ".join(f"{name}={server[name]}" for name in names if server.get(name))
    lines = {
        "listen_port": PORT,
        "unix_socket_dir": folder,
        "auth_type": "any",
        "pool_mode": mode,
        **settings,
    }
    rest = "\n".join(f"{name} = {value}" for name, value in lines.items())
    return f"[databases]\n* = {target}\n[pgbouncer]\n{rest}\n"


def answers(folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(folder / f".s.PGSQL.{PORT}")) == 0


def through(folder: Path, database: str = "") -> str:
    """The address of the test's database, or of another one, by way of the pooler."""
    server = conninfo_to_dict(os.environ["DATABASE_URL"])
    name, user = database or server["dbname"], server.get("user") or "postgres"
    return f"postgresql://{user}@/{name}?{urlencode({'host': folder, 'port': PORT})}"


def search_path(folder: Path) -> str:
    """The search_path of a client that never set one."""
    with psycopg.connect(through(folder), autocommit=True) as client:
        [path] = client.execute("SHOW search_path").fetchone() or [""]
    return str(path)
