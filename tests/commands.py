"""Our programs in processes of their own, forked from one that has loaded the libraries.

Loading them takes most of the time of a short command. The parent loads none of our code and reads
no setting: every program does that itself, in its own environment.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.libraries"])


class Program:
    """A running program, with the methods of `subprocess.Popen`.

    Functions registered by `atexit` are not called, so it must not start an embedded PostgreSQL.
    """

    def __init__(self, *command: str, output: Path, errors: Path, **environment: str) -> None:
        self.command = command
        started_in = {**os.environ, **environment}
        self.process = processes.Process(target=run, args=(command, started_in, output, errors))
        self.process.start()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float) -> int:
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired(self.command, timeout)
        return self.process.exitcode

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """As an operator runs it."""
    with tempfile.TemporaryDirectory() as folder:
        output, errors = Path(folder, "stdout"), Path(folder, "stderr")
        program = Program("manage.py", *arguments, output=output, errors=errors, **environment)
        try:
            code = program.wait(SECONDS)
        finally:
            program.kill()
        return subprocess.CompletedProcess(
            program.command, code, output.read_text(), errors.read_text()
        )


def run(command: tuple[str, ...], environment: dict[str, str], output: Path, errors: Path) -> None:
    """In the forked process."""
    for file, number in ((output, 1), (errors, 2)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(command)
    runpy.run_path(command[0], run_name="__main__")


def is_at_work(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != "zombie")
    except psutil.NoSuchProcess:
        return False


def is_gunicorn(process: psutil.Process) -> bool:
    try:
        return "gunicorn" in process.cmdline()
    except psutil.NoSuchProcess:  # a zombie raises it, too
        return False
