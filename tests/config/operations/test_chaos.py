"""The run itself: what it breaks, what it sees of the diaries, and what it leaves: nothing."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import psycopg
import pytest
from django.db import connection, transaction

from assistants.calls import alarms
from bookings import appointments
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from config.operations import races, scratch
from config.operations.chaos import callers, report, runs
from config.operations.chaos import proxy as proxies
from config.operations.chaos import watch as watches
from config.operations.chaos.proxy import Proxy
from config.operations.chaos.watch import Watch
from config.operations.judging import truth
from config.operations.judging.history import BEGINNING
from tenants import organizations
from tenants.models import Organization
from tests import inside
from tests.commands import is_at_work, is_gunicorn, manage
from tests.conftest import everything, wait_until
from tests.outages import Outage
from tests.sql import execute

# Whatever else goes wrong, this never does.
NEVER = ("overlap", "lost", "doubled", "closed", "unrecorded", "malformed", "unknown sentence")


# --- a real run


@pytest.fixture(scope="module")
def done(django_db_setup: None) -> "subprocess.CompletedProcess[str]":
    return manage(
        "chaos_test", "--seconds", "12", "--orgs", "2", "--callers", "3", "--seed", "5", "--json"
    )


def test_a_run_breaks_things_and_loses_nothing(
    done: "subprocess.CompletedProcess[str]",
) -> None:
    told = json.loads(done.stdout)

    assert {kind: told["found"][kind] for kind in NEVER} == dict.fromkeys(NEVER, 0)
    assert told["requests"] > 20
    assert told["changes"] > 5
    assert sum(told["faults"].values()) > 2
    assert done.returncode == bool(told["findings"])


def test_a_run_finds_nothing(done: "subprocess.CompletedProcess[str]") -> None:
    told = json.loads(done.stdout)

    assert [(one["kind"], one["what"], one["heard"]) for one in told["findings"]] == []
    assert done.returncode == 0


def test_a_finding_says_who_asked_what_and_when(
    done: "subprocess.CompletedProcess[str]",
) -> None:
    for finding in json.loads(done.stdout)["findings"]:
        assert finding["kind"] in report.LOOKED_FOR
        assert finding["heard"] is None or finding["heard"]["call"]


def test_a_run_in_place_leaves_nothing(db: None) -> None:
    before = everything()

    told = json.loads(
        manage(
            "chaos_test", "--seconds", "5", "--orgs", "1", "--callers", "2", "--json", "--in-place"
        ).stdout
    )

    assert everything() == before
    assert set(told["faults"]) <= {"worker killed"}
    assert told["found"]["overlap"] == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_ended_on_the_way_leaves_nothing(
    open_folder: Path, tmp_path: Path, number: int
) -> None:
    folder, errors = open_folder, tmp_path / "stderr"
    with errors.open("w") as log:
        command = subprocess.Popen(
            [sys.executable, "manage.py", "chaos_test", "--orgs", "1", "--callers", "2"],
            env={**os.environ, "TMPDIR": str(folder), "WEB_CONCURRENCY": "2"},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    started: list[psutil.Process] = []
    try:
        wait_until(lambda: talks(command), errors, seconds=60)
        started = psutil.Process(command.pid).children(recursive=True) + servers(folder)
        command.send_signal(number)
        assert command.wait(60) != 0
    finally:
        command.kill()
        command.wait()

    # Its PostgreSQL is stopped by a keeper, once its last user is gone.
    wait_until(lambda: not any(map(is_at_work, started)), errors)
    wait_until(lambda: not list(folder.glob("chaos-*")), errors)
    assert "Traceback" not in errors.read_text()


@pytest.mark.parametrize("begun", ["unfinished", "users", "postgres/postmaster.pid"])
def test_a_run_that_is_ended_while_its_database_starts_leaves_nothing(
    begun: str, open_folder: Path, tmp_path: Path
) -> None:
    """Ctrl-C reaches initdb as well."""
    errors = tmp_path / "stderr"
    with errors.open("w") as log:
        command = subprocess.Popen(
            [sys.executable, "manage.py", "chaos_test", "--orgs", "1", "--callers", "2"],
            env={**os.environ, "TMPDIR": str(open_folder), "WEB_CONCURRENCY": "2"},
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
    try:
        name = begun if "/" in begun else f"postgres.{begun}"
        wait_until(lambda: bool(list(open_folder.glob(f"chaos-*/{name}"))), errors, seconds=60)
        os.killpg(command.pid, signal.SIGINT)
        assert command.wait(60) != 0
    finally:
        command.kill()
        command.wait()

    wait_until(lambda: not leftovers(open_folder), errors)
    # Nor is anything made again by a keeper that comes later.
    assert not list(open_folder.glob("chaos-*")), list(map(str, open_folder.rglob("*")))


def leftovers(folder: Path) -> list[psutil.Process]:
    """Whoever was started for it: keepers, PostgreSQL."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in word for word in process.info["cmdline"] or ())
    ]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder outside pytest's own, because another pytest of the same user closes those to
    others."""
    with tempfile.TemporaryDirectory(prefix="clinics-chaos-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def talks(command: "subprocess.Popen[bytes]") -> bool:
    """The proxy, gunicorn, its two workers, the staff and the callers are there."""
    assert command.poll() is None
    children = psutil.Process(command.pid).children(recursive=True)
    return len(children) >= 6 and any(map(is_gunicorn, children))


def servers(folder: Path) -> list[psutil.Process]:
    """The PostgreSQL processes. They are not children of the command, so we read their pid file."""
    found = []
    for file in folder.glob("chaos-*/postgres/postmaster.pid"):
        postmaster = psutil.Process(int(file.read_text().split()[0]))
        found += [postmaster, *postmaster.children()]
    assert found
    return found


@pytest.mark.parametrize(("name", "value"), [("seconds", "4"), ("orgs", "0"), ("callers", "51")])
def test_a_bad_argument_is_named(name: str, value: str, committed: object) -> None:
    done = inside.manage("chaos_test", f"--{name}", value)

    assert (done.returncode, f"--{name}" in done.stderr) == (1, True)


# --- the proxy


@pytest.fixture
def broken(committed: Callable[..., Any]) -> Iterator[Proxy]:
    with proxies.in_front_of(os.environ["DATABASE_URL"]) as proxy:
        execute("CREATE TABLE public.chaos_rows (id integer)")
        try:
            yield proxy
        finally:
            execute("DROP TABLE public.chaos_rows")


def rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM public.chaos_rows")
        return int(cursor.fetchone()[0])


def insert(proxy: Proxy) -> None:
    with psycopg.connect(proxy.address) as session:
        session.execute("INSERT INTO public.chaos_rows VALUES (1)")


def test_a_proxy_passes_on_what_it_is_not_told_to_cut(broken: Proxy) -> None:
    insert(broken)

    assert rows() == 1


def test_a_statement_that_is_cut_is_an_error_in_the_middle_of_a_transaction(broken: Proxy) -> None:
    with psycopg.connect(broken.address) as session:
        session.execute("INSERT INTO public.chaos_rows VALUES (1)")
        broken.order("statement cut")

        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")

    assert rows() == 0


def test_some_callers_are_in_danger() -> None:
    line = scratch.Line(Organization(slug="elm", timezone="UTC"), "", "")
    [caller] = callers.callers_of(line, 1, "5", print)
    calls = [caller.new_call("book_and_change") for _ in range(50)]

    assert any(alarms.is_raised(caller.wish(call).get("reason", "")) for call in calls)


@pytest.mark.parametrize(("cut", "kept"), [("commit cut before", 0), ("commit cut after", 1)])
def test_a_commit_that_is_cut_is_an_error_whether_or_not_it_is_kept(
    broken: Proxy, cut: str, kept: int
) -> None:
    broken.order(cut)

    with pytest.raises(psycopg.OperationalError):
        insert(broken)
    insert(broken)

    assert rows() == kept + 1


def test_a_commit_that_is_held_up_is_kept_after_who_waited_has_gone(
    broken: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.order("commit held up")
    session = psycopg.connect(broken.address)
    session.execute("INSERT INTO public.chaos_rows VALUES (1)")
    session.pgconn.send_query(b"COMMIT")
    session.pgconn.flush()
    time.sleep(0.2)
    session.close()

    assert rows() == 0
    wait_until(lambda: rows() == 1)


def test_a_connection_is_cut_at_once(broken: Proxy) -> None:
    with psycopg.connect(broken.address, autocommit=True) as session:
        session.execute("SELECT 1")
        broken.order("connection cut")

        def is_cut() -> bool:
            try:
                session.execute("SELECT 1")
            except psycopg.OperationalError:
                return True
            return False

        wait_until(is_cut)


# --- the database


def test_in_a_frozen_database_no_process_goes_on(outage: Outage) -> None:
    """Nor one that was about to start: clients connect all the time."""
    is_over = Event()
    with ThreadPoolExecutor(4) as clients:
        for _ in range(4):
            clients.submit(connect_until, is_over, outage.address)
        try:
            awake = [one for _ in range(20) for one in awake_while_frozen(outage)]
        finally:
            is_over.set()

    assert awake == []


def connect_until(is_over: Event, address: str) -> None:
    while not is_over.is_set():
        with psycopg.connect(address) as session:
            session.execute("SELECT 1")


def awake_while_frozen(outage: Outage) -> list[psutil.Process]:
    postmaster = psutil.Process(outage.database.postmaster())
    frozen = outage.freeze()
    try:
        return [
            process
            for process in [postmaster, *postmaster.children()]
            if process.status() not in (psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE)
        ]
    finally:
        outage.thaw(frozen)


# --- the pulse


def test_a_machine_that_stands_still_is_felt() -> None:
    """The process that feels it stands still here, and nothing before and after it."""
    with subprocess.Popen(
        [sys.executable, "-c", PULSE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
        time.sleep(0.3)
        told, _ = process.communicate("end\n")

    [longest, *_] = sorted(json.loads(told), reverse=True)
    assert 0.8 < longest < 30


PULSE = """
import json
from config.operations.background import running
from config.operations.chaos.pulse import Pulse
with running(Pulse()) as pulse:
    print("beating", flush=True)
    input()
print(json.dumps([waited for _, waited in pulse.waits]))
"""


# --- the watch


@pytest.fixture
def clinic(committed: Callable[..., Any]) -> Iterator[Organization]:
    with scratch.clinic(runs.CLINIC) as (organization, _):
        yield organization


def watch_of(organization: Organization) -> Watch:
    return Watch(os.environ["DATABASE_URL"], [organization.schema_name])


def book(organization: Organization, reference: str) -> Appointment:
    """Tomorrow at ten with Dr. Ada Moss, past every wall of the application but the last."""
    start = (organization.now() + timedelta(days=1)).replace(hour=10, minute=0)
    row = Appointment(
        reference=reference,
        practitioner=Practitioner.objects.get(name="Dr. Ada Moss"),
        service=ServiceType.objects.get(name="Cleaning"),
        patient=Patient.objects.create(name=f"Ben {reference}"),
        start=start,
        source=Appointment.Source.STAFF,
    )
    row.save()
    return row


def test_an_overlap_is_found_where_the_constraint_is_gone(clinic: Organization) -> None:
    with organizations.within(clinic):
        book(clinic, "AAAAA")
        with races.unguarded(clinic):
            book(clinic, "BBBBB")

    read = watches.read(watch_of(clinic), clinic, runs.CLINIC)
    kinds = [finding.kind for finding in truth.check({clinic.slug: read}, [])]

    assert (read.overlapping, len(read.visits)) == (1, 2)
    # These rows were written without a history, and that is found as well.
    assert kinds == ["overlap", "unrecorded", "unrecorded"]


def test_a_row_came_between_the_look_that_missed_it_and_the_one_that_saw_it(
    clinic: Organization,
) -> None:
    watch = watch_of(clinic)
    with psycopg.connect(watch.address, autocommit=True) as session:
        watch.look(session)
        with organizations.within(clinic), transaction.atomic():
            row = book(clinic, "AAAAA")
            appointments.record(
                row, appointments.Kind.BOOKED, appointments.Source.STAFF, now=clinic.now(), by="one"
            )
            watch.look(session)
            uncommitted = dict(watch.seen)
            before = time.monotonic()
        after = time.monotonic()
        watch.look(session)
    [change] = watches.read(watch, clinic, runs.CLINIC).changes

    assert uncommitted == {}
    assert BEGINNING < change.after < before < after < change.seen
    assert (change.kind, change.by, change.occupies) == ("booked", "one", True)
