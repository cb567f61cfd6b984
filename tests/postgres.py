"""A PostgreSQL for this test run, started before Django reads its settings, gone after it.

With DATABASE_URL set, that server is used instead. Loaded by `-p tests.postgres`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg

# The data need not survive a power cut, and it is never old enough to be vacuumed.
FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


# A folder in memory, and the free space that it must have.
MEMORY, GIGABYTES = Path("/dev/shm"), 4


def memory() -> Path | None:
    """The folder in memory; None, for the disk, if memory has too little space.

    If another process syncs the disk, as a new PostgreSQL does, a race may stop for seconds.
    """
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > GIGABYTES * 2**30
    return MEMORY if is_roomy and os.access(MEMORY, os.W_OK) else None


def start() -> str:
    folder = Path(tempfile.mkdtemp(prefix="clinics-", dir=memory()))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # after the server has ended

    from config import embedded

    address = embedded.start(folder / "postgres", cleanup="delete")
    with psycopg.connect(address, autocommit=True) as connection:
        for name in FAST:
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    return address


if "DATABASE_URL" not in os.environ:
    os.environ["DATABASE_URL"] = start()
# Tests decide about these themselves.
for variable in ("DATABASE_POOL", "HTTPS", "PORT"):
    os.environ.pop(variable, None)
