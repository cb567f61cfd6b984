"""The application, where the work for a caller takes a second."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as ours
from tenants import budgets
from tenants.postgresql import deadlines

SECONDS = 1.0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST" and (deadlines.remaining() or 0) > budgets.LEAST:
        time.sleep(SECONDS)
    return ours(environ, start_response)
