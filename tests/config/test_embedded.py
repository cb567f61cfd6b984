"""The embedded PostgreSQL: all processes share one, the last one stops it; killed, it restarts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psutil
import psycopg
import pytest

from config import embedded, keeper
from tests.conftest import ROOT, free_port, wait_until

MANY = 8
SECONDS_TO_COME_BACK = 10

USE = """
import sys
from pathlib import Path
import psycopg
from config import embedded
with psycopg.connect(embedded.start(Path(sys.argv[1]))) as connection:
    assert connection.execute("SELECT 1").fetchone() == (1,)
if len(sys.argv) > 2:
    print("up", flush=True)
    sys.stdin.read()
"""


def on_embedded(folder: Path) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**environment, "DATA_DIR": str(folder), "WEB_CONCURRENCY": "1"}


def run(*command: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=on_embedded(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def user(folder: Path) -> "subprocess.Popen[str]":
    """A process that uses the server, and goes on doing so."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(folder), "stay"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def is_gone(folder: Path) -> bool:
    return keeper.running(folder) is None and not keeper.leftovers(folder)


def test_many_users_at_once_share_one_server(tmp_path: Path) -> None:
    """Each of them may be the one who starts it, and the one who stops it."""
    folder = tmp_path / "postgres"

    def come_and_go(_: int) -> tuple[int, str]:
        done = run("-c", USE, str(folder), folder=tmp_path)
        return done.returncode, done.stderr

    with ThreadPoolExecutor(MANY) as commands:
        ended = list(commands.map(come_and_go, range(2 * MANY)))

    assert set(ended) == {(0, "")}
    assert is_gone(folder)


def test_many_commands_at_once_have_no_traceback(tmp_path: Path) -> None:
    prepared = run("manage.py", "migrate_schemas", "--shared", "-v", "0", folder=tmp_path)
    assert (prepared.returncode, prepared.stderr) == (0, "")

    with ThreadPoolExecutor(MANY) as commands:
        ended = list(
            commands.map(lambda _: run("manage.py", "list_orgs", folder=tmp_path), range(MANY))
        )

    assert {(done.returncode, done.stderr) for done in ended} == {(0, "")}
    assert is_gone(tmp_path / "postgres")


def test_a_full_server_is_called_full(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    address = embedded.start(folder, cleanup="delete")
    with ExitStack() as held:
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(psycopg.connect(address))
        done = run("-c", USE, str(folder), folder=tmp_path)

    assert "too many clients already" in done.stderr
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_it_starts_if_the_list_of_users_cannot_be_read(tmp_path: Path) -> None:
    """As a command that was killed in the middle of writing it left it, in an earlier version."""
    folder = tmp_path / "postgres"
    assert run("-c", USE, str(folder), folder=tmp_path).returncode == 0
    (folder / ".handle_pids.json").write_text("[12")

    done = run("-c", USE, str(folder), folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


def test_it_stops_when_all_its_users_are_killed(tmp_path: Path) -> None:
    folder = tmp_path / "postgres"
    first, second = user(folder), user(folder)
    server = keeper.running(folder)

    first.kill()
    first.communicate()
    time.sleep(0.5)
    assert keeper.running(folder) == server
    second.kill()
    second.communicate()

    wait_until(lambda: is_gone(folder))


def test_the_next_user_restarts_a_killed_server(tmp_path: Path) -> None:
    """The next start removes what it left: its file, and sessions that have not noticed yet."""
    folder = tmp_path / "postgres"
    staying = user(folder)
    server = keeper.running(folder)
    assert server is not None
    server.kill()

    done = run("-c", USE, str(folder), folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert keeper.running(folder) not in (None, server)
    staying.communicate("")
    assert is_gone(folder)


# --- while serving


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int]]:
    port, log = free_port(), tmp_path / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--without-demonstration"],
            cwd=ROOT,
            env={**on_embedded(tmp_path), "PORT": str(port)},
            stdout=output,
            stderr=output,
        )
    try:
        wait_until(lambda: is_healthy(port) or process.poll() is not None, log, seconds=120)
        assert process.poll() is None, log.read_text()
        yield process, port
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_healthy(port: int) -> bool:
    http = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        http.request("GET", "/health")
        return http.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        http.close()


def test_a_server_that_is_killed_while_serving_is_back_by_itself(
    serving: tuple["subprocess.Popen[bytes]", int], tmp_path: Path
) -> None:
    """Z16: time and again."""
    process, port = serving
    for _ in range(2):
        server = keeper.running(tmp_path / "postgres")
        assert server is not None
        server.kill()

        wait_until(lambda: not is_healthy(port))
        wait_until(lambda: is_healthy(port), seconds=SECONDS_TO_COME_BACK)

    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert is_gone(tmp_path / "postgres")


def test_it_does_not_outlive_a_serve_that_is_killed(
    serving: tuple["subprocess.Popen[bytes]", int], tmp_path: Path
) -> None:
    """Gunicorn stops too, once it has answered the requests that it is serving."""
    process, port = serving
    gunicorn = psutil.Process(process.pid).children(recursive=True)

    process.kill()
    process.wait()

    wait_until(lambda: is_gone(tmp_path / "postgres"))
    assert not is_healthy(port)
    wait_until(lambda: not any(child.is_running() for child in gunicorn))
