"""`make run`: prepare the database, load the demonstration, and serve, in one command."""

import ctypes
import errno
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg
import structlog
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from rich.console import Console

from config import embedded
from config.operations import demonstration, scratch
from tenants.commands import Command as BaseCommand
from tenants.migrating import Unmigrated
from tenants.postgresql.connections import conninfo

PAUSE = 1  # seconds between two looks at the embedded server

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Migrate, load the demonstration clinics, and serve with gunicorn until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-demonstration", action="store_true")

    def handle(self, *, without_demonstration: bool, **_: object) -> None:
        refuse_used_port()
        self.check()
        refuse_unfit_database()
        with Console(stderr=True).status("Preparing the database …"), one_at_a_time():
            unmigrated = migrate()
            welcome = "" if without_demonstration else demonstration.welcome()
        if unmigrated:
            self.stderr.write(self.style.ERROR(unmigrated))
        raise SystemExit(serve(lambda: self.stdout.write(welcome)))


def migrate() -> str:
    """A warning that names clinics that could not be migrated, or "". The others are served."""
    try:
        call_command("migrate_schemas", interactive=False, verbosity=0)
    except Unmigrated as error:
        return str(error)
    return ""


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two servers that start over one database prepare it one after the other."""
    with psycopg.connect(conninfo(connection)) as session:
        # A transaction holds the lock: behind a pooler a session's could outlive the session.
        session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        session.execute("SELECT pg_advisory_xact_lock(hashtext('serve'))")
        yield


def refuse_unfit_database() -> None:
    """Refuses an unfit database with one line, before anything is written."""
    for problem in run_checks(tags=[Tags.database], databases=["default"]):
        if problem.is_serious():
            raise CommandError(f"{problem.msg} {problem.hint or ''}".strip())


def refuse_used_port() -> None:
    """Checks the port before anything is started. A wrong host has another message."""
    family = socket.AF_INET6 if ":" in settings.HOST else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, settings.PORT))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise CommandError(
                    f"Port {settings.PORT} cannot be used ({error.strerror})."
                    " Stop what uses it, or choose another: PORT=8001 make run"
                ) from None
            raise CommandError(
                f"HOST must be an address of this machine; {settings.HOST} is not."
            ) from None


def serve(when_ready: Callable[[], object]) -> int:
    """Runs gunicorn as a child process: when this one ends, gunicorn ends, and then the database.

    It has its own session, so Ctrl-C does not reach it: we ask it to end after its open requests.
    """
    gunicorn = Path(sys.executable).with_name("gunicorn")
    child = subprocess.Popen(  # noqa: S603
        [gunicorn, "-c", "config/gunicorn.py"],
        cwd=settings.BASE_DIR,
        start_new_session=True,
        preexec_fn=end_with_parent,
        pass_fds=embedded.files(),
    )
    stopping: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        stopping.append(number)
        child.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, pass_on)
    if scratch.is_answering(settings.HOST, settings.PORT, child):
        when_ready()
    code = watch(child)
    return 0 if stopping else code


def watch(child: "subprocess.Popen[bytes]") -> int:
    """Its exit code, when it has ended. Meanwhile an embedded server that died is started again."""
    while True:
        try:
            return child.wait(timeout=PAUSE)
        except subprocess.TimeoutExpired:
            revive()


def revive() -> None:
    try:
        embedded.revive()
    except embedded.FAULTS as fault:
        log.warning("embedded server not started again", exception=type(fault).__name__)


def end_with_parent() -> None:
    """Linux tells the child when its parent is gone, also when that was killed (prctl(2))."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


PR_SET_PDEATHSIG = 1
