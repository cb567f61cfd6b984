"""The application as it is served, held once between its work and its answer.

What it did is committed by then, and nobody has heard of it. The file named by HELD is made when
it gets there; whoever comes after it is answered as always.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from config.wsgi import application as served

SECONDS = 60


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    answer: Iterable[bytes] = served(environ, start_response)
    held = Path(os.environ["HELD"])
    if environ["REQUEST_METHOD"] == "POST" and not held.exists():
        held.touch()
        time.sleep(SECONDS)
    return answer
