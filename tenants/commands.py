"""The base class of our management commands: every failure is reported in one clear line."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, TypeVar, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError, connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tenants.models import UnknownZone
from tenants.organizations import Refused
from tenants.postgresql import poolers
from tenants.sqlstates import (
    DEADLOCK,
    LOCK_NOT_AVAILABLE,
    QUERY_CANCELED,
    SERIALIZATION_FAILURE,
    UNDEFINED_TABLE,
    sqlstate,
)

Item = TypeVar("Item")
PATIENCE_SECONDS = 2


class Command(BaseCommand):
    """Refusals, bad arguments, an unknown time zone and an unreachable database end in one line
    and exit code 1.

    So does a pooler that mixes sessions up: nothing is read or written through it.
    """

    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: object) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = partial(end, parser)  # type: ignore[method-assign]
        return parser

    def execute(self, *args: object, **options: object) -> str | None:
        try:
            if poolers.mixes_sessions(connection):
                raise CommandError(poolers.MIXED)
            return super().execute(*args, **options)
        except (Refused, UnknownZone) as refused:
            raise CommandError(str(refused)) from refused
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(problem_of(error)) from error

    def console(self, *, quiet: bool = False) -> Console:
        """A console with colours, if the terminal has them. The terminal wraps the lines."""
        output = cast("IO[str]", self.stdout)
        return Console(file=output, soft_wrap=True, highlight=False, quiet=quiet)


def with_progress(items: Iterable[Item], *, many: int, doing: str) -> Iterator[Item]:
    """The `items`, so many, with a progress bar on a terminal if it takes long."""
    began = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = progress.add_task(doing, total=many)
    try:
        for item in items:
            yield item
            progress.advance(task)
            if not progress.live.is_started and time.monotonic() - began > PATIENCE_SECONDS:
                progress.start()
    finally:
        progress.stop()


@contextmanager
def telling(first: str) -> Iterator[Callable[[str], None]]:
    """A line that says what is done, and for how long, with a function to change it. The line is
    gone at the end."""
    with Progress(
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as progress:
        task = progress.add_task(first)
        yield lambda doing: progress.update(task, description=doing)


def problem_of(error: OperationalError | ProgrammingError) -> str:
    """One line for a fault that the operator can correct. A fault of our code is raised again."""
    state = sqlstate(error)
    if state == UNDEFINED_TABLE:
        return "The database is not prepared yet: run `manage.py migrate_schemas` first."
    # If DATABASE_URL holds an unknown option, PostgreSQL was not asked, so there is no SQLSTATE.
    if isinstance(error, ProgrammingError) and state:
        raise error
    first_line = str(error).strip().splitlines()[0]
    if state in {DEADLOCK, SERIALIZATION_FAILURE, LOCK_NOT_AVAILABLE, QUERY_CANCELED}:
        return f"The database broke this off ({first_line}). Try again."
    return f"The database cannot be reached: {first_line}"


def end(parser: CommandParser, message: str) -> None:
    parser.exit(1, f"{parser.prog}: {message}\n")
