"""Asks a recorded call's questions again, and shows where the answers differ today."""

import logging
from json import dumps
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from config import logs
from config.operations import replays
from config.operations.replays import Answer
from tenants import organizations
from tenants.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Replay a call's tool calls under its clock, in a scratch schema; exit 0 if all is same."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("call", help="the call's id, as its record at the front desk shows it")
        parser.add_argument("--json", action="store_true", help="print JSON and nothing else")

    @logs.silenced(logging.WARNING)
    def handle(self, *, org: str, call: str, json: bool, **_: object) -> None:
        organization = organizations.migrated(org)
        with Console(stderr=True).status("Replaying …"):
            answers = replays.replay(organization, call)
        if json:
            self.stdout.write(dumps([described(answer) for answer in answers]))
        else:
            Console(file=self.stdout, width=140).print(table(answers, organization.zone))  # type: ignore[arg-type]
        differing = sum(not answer.is_same for answer in answers)
        if differing:
            raise CommandError(f"{differing} of {len(answers)} answers differ.")


def table(answers: list[Answer], zone: ZoneInfo) -> Table:
    shown = Table("when", "tool", "then", "now", show_lines=True)
    for answer in answers:
        when = f"{answer.received.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        shown.add_row(when, answer.tool, answer.then, "same" if answer.is_same else answer.now)
    return shown


def described(answer: Answer) -> dict[str, object]:
    return {
        "tool": answer.tool,
        "received": answer.received.isoformat(),
        "then": answer.then,
        "now": answer.now,
        "same": answer.is_same,
    }
