"""The served application, which holds its first POST between the commit and the answer.

The work is committed by then, but the caller has no answer. The file named by HELD is made at that
point; later requests are answered as usual.
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
