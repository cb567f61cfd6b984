"""The application, where the work for a caller takes a second."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from assistants import deadlines
from config.wsgi import application as ours
from tenants.postgresql.connections import remaining

SECONDS = 1.0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST" and (remaining() or 0) > deadlines.LEAST:
        time.sleep(SECONDS)
    return ours(environ, start_response)
