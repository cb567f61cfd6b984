"""Proof as commands, and what a newcomer runs."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests import inside
from tests.commands import Program
from tests.conftest import ROOT, Committed, Server, everything, free_port, manage, wait_until

pytestmark = pytest.mark.usefixtures("django_db_setup")


# --- the operator's direct check


def book(slug: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    now = organizations.get(slug).now()
    said = {
        "name": "Ben Ode",
        "phone": "(415) 555-0123",
        "service": "cleaning",
        "start": f"{now.year + 1}-{now:%m}-01T10:00",
        **changes,
    }
    return inside.manage(
        "book_appointment", slug, *(f"--{name}={value}" for name, value in said.items())
    )


EVERY_DAY = {
    day: ["08:00-20:00"]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}
ALWAYS_OPEN = {
    "services": [{"name": "Cleaning", "minutes": 30}],
    "practitioners": [{"name": "Dr. Ada", "services": ["Cleaning"], "hours": EVERY_DAY}],
}


def test_book_appointment_books_and_says_so_in_json(committed: Committed) -> None:
    slug = committed(clinic=ALWAYS_OPEN).org

    first = json.loads(book(slug).stdout)
    second = json.loads(book(slug, name="Cat Ruiz").stdout)

    assert first["success"] is True
    with organizations.within(organizations.get(slug)):
        row = Appointment.objects.get(pk=first["appointmentId"])
        assert row.patient.phone == "+14155550123"
    assert (second["success"], second["error"]) == (False, "slot_unavailable")
    assert len(second["alternatives"]) == 3


@pytest.mark.parametrize(
    ("argument", "value"),
    [("phone", "12"), ("service", "haircut"), ("start", "sometime"), ("practitioner", "Who")],
)
def test_book_appointment_names_the_argument_it_did_not_understand(
    argument: str, value: str, committed: Committed
) -> None:
    done = book(committed(clinic=ALWAYS_OPEN).org, **{argument: value})

    assert (done.returncode, done.stdout) == (1, "")
    assert f"--{argument}: " in done.stderr


def test_book_appointment_refuses_the_past(committed: Committed) -> None:
    slug = committed(clinic=ALWAYS_OPEN).org

    done = json.loads(book(slug, start="yesterday at 10 am").stdout)

    assert (done["success"], done["error"]) == (False, "slot_passed")


# --- health_check and stress_test


PASSED = [
    "✅ TEST 1 PASSED: Booking succeeded",
    "✅ TEST 2 PASSED: Conflict detected with alternatives",
    "✅ TEST 3 PASSED: Date normalization handled",
    "✅ TEST 4 PASSED: Phone normalization working",
]


def test_health_check_passes_and_leaves_nothing_behind(django_db_blocker: object) -> None:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        before = everything()
        done = manage("health_check")

        assert done.stdout.splitlines() == PASSED
        assert done.returncode == 0
        assert everything() == before


def test_health_check_of_a_running_server(server: Server) -> None:
    done = manage("health_check", "--url", f"http://127.0.0.1:{server.port}")

    assert done.stdout.splitlines() == PASSED


def test_health_check_fails_and_says_what_it_saw(committed: Committed) -> None:
    """A server over no such clinic: every check fails, each with what was heard."""
    committed()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        done = manage("health_check", "--url", f"http://127.0.0.1:{listener.getsockname()[1]}")

    assert done.returncode == 1
    assert done.stdout.count("❌") == 4
    assert "There is no answer at" in done.stdout


def test_health_check_notices_a_booking_path_that_lies(tmp_path: Path) -> None:
    """A server that always says yes and stores nothing does not pass."""
    script = (
        "import json, http.server\n"
        "class Yes(http.server.BaseHTTPRequestHandler):\n"
        "    def do_POST(self):\n"
        "        self.send_response(200); self.end_headers()\n"
        "        said = {'results': [{'result': \"You're booked\"}]}\n"
        "        self.wfile.write(json.dumps(said).encode())\n"
        "    def log_message(self, *a): pass\n"
        "server = http.server.HTTPServer(('127.0.0.1', 0), Yes)\n"
        "print(server.server_port, flush=True); server.serve_forever()\n"
    )
    liar = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert liar.stdout is not None
    try:
        done = manage("health_check", "--url", f"http://127.0.0.1:{liar.stdout.readline().strip()}")
    finally:
        liar.kill()
        liar.communicate()

    assert (done.returncode, done.stdout.count("❌")) == (1, 4)


def test_stress_test_books_the_slot_once() -> None:
    done = manage("stress_test")

    assert done.stdout.splitlines()[0] == "1 booked, 4 offered alternatives, 0 errors"
    assert re.search(r"p50 \d+ ms, p95 \d+ ms, p99 \d+ ms", done.stdout)
    assert "0 overlapping rows" in done.stdout
    assert done.returncode == 0


def test_stress_test_that_is_ended_on_the_way_leaves_nothing(
    server: Server, db: None, tmp_path: Path
) -> None:
    before = everything()
    command = Program(
        "manage.py", "stress_test", "--callers", "2", "--rounds", "400",
        "--url", f"http://127.0.0.1:{server.port}",
        output=tmp_path / "stdout", errors=tmp_path / "stderr",
    )  # fmt: skip
    try:
        wait_until(lambda: everything() != before)
        command.terminate()
        assert command.wait(60) != 0
    finally:
        command.kill()

    assert everything() == before


def test_stress_test_in_json(server: Server) -> None:
    done = manage(
        "stress_test", "--callers", "4", "--slots", "3", "--rounds", "2", "--json",
        "--url", f"http://127.0.0.1:{server.port}",
    )  # fmt: skip
    told = json.loads(done.stdout)

    assert (told["booked"], told["offered"], told["errors"]) == (6, 18, 0)
    assert told["overlapping"] == 0
    assert set(told["milliseconds"]) == {"p50", "p95", "p99"}


def test_stress_test_without_the_guard_finds_double_bookings() -> None:
    done = manage("stress_test", "--without-guard", "--json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["overlapping"] > 0


def test_stress_test_names_a_bad_argument() -> None:
    done = inside.manage("stress_test", "--callers", "0")

    assert (done.returncode, "--callers" in done.stderr) == (1, True)


# --- make run


@pytest.fixture
def bare_database(request: pytest.FixtureRequest) -> "object":
    """An empty database, as a newcomer's DATABASE_URL may name."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"bare_{os.getpid()}_{abs(hash(request.node.name)) % 10**8}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield address._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def serve(**environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={**os.environ, "WEB_CONCURRENCY": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def curl_of(output: list[str]) -> str:
    [line] = [text for text in output if text.startswith("curl ")]
    return line


def read_until(process: "subprocess.Popen[str]", word: str) -> list[str]:
    assert process.stdout is not None
    lines = []
    for text in process.stdout:
        lines.append(text.rstrip("\n"))
        if word in text:
            return lines
    raise AssertionError("\n".join(lines))


def test_from_a_bare_database_to_a_booking_and_all_of_it_ends_with_ctrl_c(
    bare_database: str, tmp_path: Path
) -> None:
    port = free_port()
    environment = {
        "DATABASE_URL": bare_database,
        "PORT": str(port),
        "DATA_DIR": str(tmp_path),
    }
    process = serve(**environment)
    try:
        told = read_until(process, "Ctrl-C stops everything")
        wait_until(lambda: is_listening(port))
        command = curl_of(told).replace(
            "http://bright-smile.localhost", "-H 'Host: bright-smile.localhost' http://127.0.0.1"
        )
        answer = subprocess.run(
            ["bash", "-c", command], capture_output=True, text=True, check=True
        ).stdout
        assert json.loads(answer)["results"][0]["result"].startswith("You're booked: a cleaning")
        for host in ("bright-smile.localhost", "harbour-street.localhost", "localhost"):
            assert any(f"http://{host}:{port}/admin/" in text for text in told)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)

    assert not is_listening(port)
    with psycopg.connect(bare_database) as connection:
        connection.execute("UPDATE public.auth_user SET password = '!'")  # the operator's

    again = serve(**environment, HOST="::1")
    try:
        later = read_until(again, "Ctrl-C stops everything")
    finally:
        os.killpg(again.pid, signal.SIGTERM)
        again.communicate(timeout=30)
    assert told_of("Secret", later) == told_of("Secret", told)
    assert told_of("Front desk", later)
    assert told_of("Sign in", later)[:2] == told_of("Sign in", told)[:2]
    assert "(as you set it" in told_of("Sign in", later)[2]
    assert not any("(as you set it" in text for text in told_of("Sign in", told))


def told_of(word: str, lines: list[str]) -> list[str]:
    return [line for line in lines if word in line]


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        done = manage("serve", PORT=str(port))

    assert done.returncode == 1
    assert f"Port {port} cannot be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unreachable_database_is_one_sentence() -> None:
    done = manage("serve", PORT=str(free_port()), DATABASE_URL="postgresql://127.0.0.1:1/none")

    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_output_is_utf_8_whatever_the_locale_is(committed: Committed) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--org", "nowhere"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )

    assert "✓ PostgreSQL" in done.stdout.decode()
    assert done.stderr.decode() == "CommandError: org: there is no organization “nowhere”\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("DATABASE_URL", "garbage"),
        ("DATA_DIR", "/etc/passwd"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
def test_a_variable_that_is_wrong_is_one_line_that_names_it(name: str, value: str) -> None:
    """Its other values are in test_settings."""
    done = manage("list_orgs", **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} must be ")
    assert len(done.stderr.strip().splitlines()) == 1


def manage_with_a_file(folder: Path, env: bytes) -> "subprocess.CompletedProcess[str]":
    """`list_orgs` in a copy of the project that has a file `.env`, with no DATABASE_URL set."""
    for file in ("manage.py", "config", "tenants", "bookings", "assistants", "templates"):
        source = ROOT / file
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, folder / file)
    (folder / ".env").write_bytes(env)
    return subprocess.run(
        [sys.executable, "manage.py", "list_orgs"],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DATA_DIR")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_file_env_may_name_the_database(tmp_path: Path) -> None:
    """Before anything is started: else an operator works on another database than they think."""
    done = manage_with_a_file(tmp_path, b"DATABASE_URL=postgresql://127.0.0.1:1/from_the_file\n")

    assert "The database cannot be reached" in done.stderr
    assert not (tmp_path / ".data" / "postgres").exists()


@pytest.mark.parametrize(
    "line", [b"DATABASE_URL postgresql://ben:quux@db/clinics", b"PORT = 80", b"KEY=\xff"]
)
def test_a_file_env_that_cannot_be_read_is_one_line_without_its_values(
    line: bytes, tmp_path: Path
) -> None:
    done = manage_with_a_file(tmp_path, b"# ours\n\n" + line + b"\n")

    assert done.returncode == 1
    assert f"{tmp_path / '.env'}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "quux" not in done.stderr
    assert not (tmp_path / ".data" / "postgres").exists()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql://127.0.0.1:1/clinics?fruit=apple", "invalid connection option"),
        ("postgresql://127.0.0.1:1/clinics?sslmode=apple", "invalid sslmode value"),
    ],
)
def test_an_option_postgresql_does_not_have_is_one_line(address: str, said: str) -> None:
    done = manage("list_orgs", DATABASE_URL=address)

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("command", [["list_orgs"], ["health_check"]])
def test_a_database_that_is_not_prepared_is_one_line(
    command: list[str], bare_database: str
) -> None:
    done = manage(*command, DATABASE_URL=bare_database)

    assert done.returncode == 1
    assert "migrate_schemas" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_host_that_is_not_ours_is_one_line() -> None:
    done = manage("serve", HOST="192.0.2.77", PORT=str(free_port()))

    assert done.returncode == 1
    assert (
        done.stderr == "CommandError: HOST must be an address of this machine; 192.0.2.77 is not.\n"
    )


def without_database(folder: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k != "DATABASE_URL"},
        "DATA_DIR": str(folder),
    }


def test_ctrl_c_while_the_database_is_made_is_no_traceback_and_no_harm(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "list_orgs"],
        cwd=ROOT,
        env=without_database(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_until(lambda: (tmp_path / "postgres").exists())
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "Traceback" not in told

    again = subprocess.run(
        [sys.executable, "manage.py", "migrate_schemas", "--shared", "-v", "0"],
        cwd=ROOT,
        env=without_database(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (again.returncode, again.stderr) == (0, "")


@pytest.mark.parametrize("name", ["Ben's clinic (copy)", "50%", "x" * 90])
def test_the_embedded_server_starts_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    from config import embedded

    address = embedded.start(tmp_path / name / "postgres", cleanup="delete")

    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
        socket_folder = connection.execute("SHOW unix_socket_directories").fetchone()
    assert socket_folder is not None
    # It asks for no password: the file says who may come in.
    assert (Path(socket_folder[0]) / ".s.PGSQL.5432").stat().st_mode & 0o077 == 0


def test_a_server_that_was_killed_while_it_was_made_is_made_anew(tmp_path: Path) -> None:
    from config import embedded

    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("18\n")
    folder.with_suffix(".unfinished").touch()

    with psycopg.connect(embedded.start(folder, cleanup="delete")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not folder.with_suffix(".unfinished").exists()


def test_an_embedded_server_that_cannot_start_is_one_line(tmp_path: Path) -> None:
    from config import embedded

    folder = tmp_path / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(SystemExit, match=r"^The embedded PostgreSQL in .* cannot be started; .*$"):
        embedded.start(folder)


def test_the_embedded_servers_own_log_holds_no_values(tmp_path: Path) -> None:
    from config import embedded

    folder = tmp_path / "postgres"
    address = embedded.start(folder, cleanup="delete")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE known (name text PRIMARY KEY)")
        for _ in range(2):
            with suppress(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO known VALUES ('Zebediah Quux')")

    log = (folder / "log").read_text()
    assert "duplicate key" in log
    assert "Quux" not in log


def test_the_embedded_server_is_started_by_the_first_and_stopped_by_the_last(
    tmp_path: Path,
) -> None:
    """Two commands at once share one server; a killed one is not waited for."""
    code = (
        "import sys, time; from pathlib import Path; from config import embedded;"
        "print(embedded.start(Path(sys.argv[1])), flush=True); sys.stdin.readline()"
    )
    folder = str(tmp_path / "postgres")

    def start() -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", code, folder],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def address(process: "subprocess.Popen[str]") -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()

    first, second = start(), start()
    assert address(first) == address(second)
    first.kill()
    first.communicate()
    third = start()
    there = address(third)
    second.communicate("\n")
    psycopg.connect(there).close()
    third.communicate("\n")

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(there, connect_timeout=2)


def test_the_access_log_holds_no_query_and_no_body(committed: Committed, server: Server) -> None:
    made = committed()
    server.request("GET", "/admin/login/?q=Ben+Ode", host=made.domain)

    def logged() -> list[Any]:
        whole = server.log.read_text().rpartition("\n")[0]  # the last may still be written
        lines = [text for text in whole.splitlines() if '"request"' in text]
        return [line for line in map(json.loads, lines) if line["host"] == made.domain]

    wait_until(lambda: bool(logged()), server.log)
    line = logged()[-1]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/admin/login/", 200)
    assert "Ode" not in server.log.read_text()


def test_the_prompt_is_printed_authority_first(committed: Committed) -> None:
    slug = committed().org

    done = inside.manage("print_prompt", slug)

    assert done.stdout.startswith("# System authority")
    assert done.stdout.index("Your name is Sarah.") > done.stdout.index("<clinic_personality>")
    assert Organization.objects.get(slug=slug).name in done.stdout
