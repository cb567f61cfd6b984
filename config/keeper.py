"""The keeper: stops the embedded PostgreSQL when the last process that uses it is gone.

Each process that uses the server holds a shared lock on a file beside it. The kernel releases it
when the process ends, also when it is killed. The keeper is a separate process: it waits for an
exclusive lock on that file, and then stops the server.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import fasteners
import psutil

from tenants import budgets

PAUSE = 1  # seconds between two looks at processes that are ending
PROGRAMS = ("initdb", "postgres")


def changing(folder: Path) -> fasteners.InterProcessLock:
    """Held by whoever makes, starts or stops the server over `folder`, or counts its users."""
    return fasteners.InterProcessLock(folder.with_suffix(".lock"))


def use(folder: Path) -> int:
    """Note that this process uses the server. Returns a file to keep open and to hand to its
    children.

    To be called while `changing` is held.
    """
    users = opened(folder.with_suffix(".users"))
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def opened(file: Path) -> int:
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o600)


def start(folder: Path, *, cleanup: str) -> None:
    """A keeper, unless there is one already. To be called while `changing` is held."""
    mine = opened(folder.with_suffix(".keeper"))
    try:
        fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "config.keeper", folder, cleanup, str(mine)],
            cwd=Path(__file__).resolve().parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[mine],
            start_new_session=True,  # Ctrl-C is not meant for it
        ).returncode = 0  # it is not waited for
    except BlockingIOError:
        pass
    finally:
        os.close(mine)


def keep(folder: Path, *, cleanup: str, mine: int) -> None:
    """`mine` is the open file that tells others there is a keeper."""
    while True:
        users = opened(folder.with_suffix(".users"))
        fcntl.flock(users, fcntl.LOCK_EX)
        os.close(users)  # a process that wants to use the server must not wait
        with changing(folder):
            if is_unused(folder):
                stop(folder, cleanup=cleanup)
                os.close(mine)
                return


def wait_for_end(folder: Path) -> None:
    """Waits up to ten seconds until the keeper has ended and makes no more files beside `folder`.

    Raises TimeoutError: somebody uses the server.
    """
    deadline = time.monotonic() + budgets.SERVER_STOPS
    mine = opened(folder.with_suffix(".keeper"))
    try:
        while not is_free(mine):
            if time.monotonic() > deadline:
                raise TimeoutError("the server is used")
            time.sleep(0.02)
    finally:
        os.close(mine)


def is_free(file: int) -> bool:
    """Locks the open file for us alone, until it is closed; False if another process has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stop_unless_used(folder: Path, *, cleanup: str) -> None:
    with changing(folder):
        if is_unused(folder):
            stop(folder, cleanup=cleanup)


def is_unused(folder: Path) -> bool:
    users = opened(folder.with_suffix(".users"))
    try:
        return is_free(users)
    finally:
        os.close(users)


def stop(folder: Path, *, cleanup: str) -> None:
    """`cleanup` is "stop", or "delete" for its data as well."""
    if server := running(folder):
        server.send_signal(signal.SIGINT)  # a fast shutdown: open transactions are rolled back
        deadline = time.monotonic() + budgets.SERVER_STOPS
        while running(folder) and time.monotonic() < deadline:
            time.sleep(0.02)
    end_leftovers(folder)
    if cleanup == "delete":
        shutil.rmtree(folder, ignore_errors=True)


def running(folder: Path) -> psutil.Process | None:
    """The running server of `folder`, or None. The id in its file may be another process's now."""
    try:
        server = psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))
        is_alive = server.name() == "postgres" and server.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return server if is_alive else None


def end_leftovers(folder: Path) -> None:
    """Ends processes that outlived their parent: an initdb cleaning up, or a dead server's."""
    deadline = time.monotonic() + budgets.SERVER_STOPS
    while (found := leftovers(folder)) and time.monotonic() < deadline:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(found, timeout=PAUSE)


def leftovers(folder: Path) -> list[psutil.Process]:
    """Processes of PostgreSQL that were started for `folder`, or work in it."""
    return [
        process
        for process in psutil.process_iter(["name", "cmdline", "cwd"])
        if process.info["name"] in PROGRAMS
        and (str(folder) in (process.info["cmdline"] or ()) or process.info["cwd"] == str(folder))
    ]


if __name__ == "__main__":
    keep(Path(sys.argv[1]), cleanup=sys.argv[2], mine=int(sys.argv[3]))
