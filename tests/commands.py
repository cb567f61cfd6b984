"""Management commands in processes of their own, forked from one that has Django loaded.

So does gunicorn with its workers. To load it anew is most of what a short command takes.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.loaded"])
loaded_with: dict[str, str] = {}


def manage(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """As an operator runs it. Another environment than the test's is read by a fresh process."""
    command = ["manage.py", *arguments]
    if environment or not is_loaded_with(settled(os.environ)):
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "stdout"), Path(folder, "stderr")
        process = processes.Process(target=run, args=(command, *files))
        process.start()
        process.join(SECONDS)
        if process.is_alive():
            process.kill()
            raise subprocess.TimeoutExpired(command, SECONDS)
        texts = [file.read_text() for file in files]
    return subprocess.CompletedProcess(command, process.exitcode or 0, *texts)


def is_loaded_with(environment: dict[str, str]) -> bool:
    """Whether the process that is forked has read this environment. The first one counts."""
    if not loaded_with:
        loaded_with.update(environment)
    return environment == loaded_with


def settled(environment: "os._Environ[str]") -> dict[str, str]:
    """What does not change from test to test by itself. Django sets TZ anew in every process."""
    return {
        name: value
        for name, value in environment.items()
        if name != "TZ" and not name.startswith("PYTEST_")
    }


def run(command: list[str], said: Path, complained: Path) -> None:
    """In the forked process."""
    for file, number in ((said, 1), (complained, 2)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), number)
    sys.argv = command
    runpy.run_path(command[0], run_name="__main__")
