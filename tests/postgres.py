"""A PostgreSQL for this test run, started before Django reads its settings, gone after it.

With DATABASE_URL set, that server is used instead. Loaded by `-p tests.postgres`.
"""

import os
import tempfile
from pathlib import Path

import psycopg

# Nothing here has to survive a power cut, or grow old.
FAST = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")


def start() -> str:
    from config import embedded

    folder = Path(tempfile.mkdtemp(prefix="clinics-")) / "postgres"
    address = embedded.start(folder, cleanup="delete")
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
