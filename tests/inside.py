"""Our commands in the test's own process, where it does not matter that they have one of their own.

A process of its own takes a second to load our code, and seconds to migrate its first schema.
"""

import io
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest.mock import patch

from django.core.management import execute_from_command_line

from tenants import organizations


def manage(*arguments: str) -> CompletedProcess[str]:
    """As `tests.commands.manage`, with the settings and the clock of the test.

    Like a process it begins outside all clinics and ends with its connection closed: what it
    works on must be committed.
    """
    output, errors = io.StringIO(), io.StringIO()
    organizations.leave()
    try:
        # Django is set up. Another time it would set up the log anew, beside what has it already.
        with redirect_stdout(output), redirect_stderr(errors), patch("django.setup"):
            code = exit_code(["manage.py", *arguments])
    finally:
        organizations.leave()
    return CompletedProcess(arguments, code, output.getvalue(), errors.getvalue())


def exit_code(command: list[str]) -> int:
    try:
        execute_from_command_line(command)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0
