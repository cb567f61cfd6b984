"""The oldest PostgreSQL we promise: Debian's 15, started here, with the same tests run on it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import ROOT

BINARIES = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def postgresql_15() -> Iterator[str]:
    """The address of a server in a temporary folder."""
    if not (BINARIES / "initdb").exists():
        if os.environ.get("CI"):
            pytest.fail("CI installs postgresql-15")
        pytest.skip("Debian's postgresql-15 is not installed")
    # PostgreSQL refuses to run as root; the package comes with a user of its own.
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg15-"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [BINARIES / program, "-D", folder / "data", *arguments],
            user=user,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    run("initdb", "--auth=trust", "--encoding=UTF8", "--username=postgres")
    options = f"-c listen_addresses='' -c fsync=off -k {folder}"
    run("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
    address = f"postgresql://postgres@/postgres?host={folder}"
    try:
        with psycopg.connect(address) as connection:
            assert connection.info.server_version // 10000 == 15
        yield address
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_the_tests_of_the_database_pass_on_it(postgresql_15: str, tmp_path: Path) -> None:
    """In a folder of their own: pytest closes the one it shares to everybody else's servers."""
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
            "-p", "no:schemathesis", "-p", "no:hypothesispytest",
            f"--basetemp={tmp_path / 'run'}",
            "tests/bookings/test_walls.py", "tests/bookings/test_appointments.py",
            "tests/bookings/availability/test_rooms.py", "tests/assistants/vapi/test_payloads.py",
            "tests/config/test_commands.py::test_health_check_passes_and_leaves_nothing_behind",
        ],
        cwd=ROOT,
        env={
            **{k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST")},
            "DATABASE_URL": postgresql_15,
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
