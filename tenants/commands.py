"""What every management command of ours shares: one clear line for whatever goes wrong."""

from functools import partial
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from rich.console import Console

from tenants.organizations import Refused


class Command(BaseCommand):
    """Refusals, bad arguments and an unreachable database end in one line and exit code 1."""

    requires_system_checks = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.error = partial(end, parser)  # type: ignore[method-assign]
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Refused as refused:
            raise CommandError(str(refused)) from refused
        except OperationalError as error:
            first_line = str(error).strip().splitlines()[0]
            raise CommandError(f"The database cannot be reached: {first_line}") from error

    def console(self, *, quiet: bool = False) -> Console:
        """For pages with colours, where the terminal has any; lines are wrapped by it alone."""
        output = cast("IO[str]", self.stdout)
        return Console(file=output, soft_wrap=True, highlight=False, quiet=quiet)


def end(parser: CommandParser, message: str) -> None:
    parser.exit(1, f"{parser.prog}: {message}\n")
