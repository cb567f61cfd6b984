"""Gunicorn: how the application is served. Loaded and warmed once, then forked."""

import json
import os
import sys
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.http.wsgi import Response

from config import environment
from config.logs import without_secret
from tenants import budgets

if TYPE_CHECKING:
    from config.serving.worker import Worker

try:
    # A connection of the pool for every thread of a worker that needs one. Settings read it.
    os.environ.setdefault("DATABASE_POOL", str(2 * environment.threads()))
    environment.make_data_dir()
    from config import settings

    str(settings.SECRET_KEY)  # made now: a disk that is full later must not end the first call
except ImproperlyConfigured as error:
    raise SystemExit(str(error)) from None

bind = f"{f'[{settings.HOST}]' if ':' in settings.HOST else settings.HOST}:{settings.PORT}"
wsgi_app = "config.wsgi"
workers, threads = settings.WORKERS, settings.THREADS
worker_class = "config.serving.worker.Worker"
worker_connections = 500  # in each worker, however slow; a process may open 1,024 files
sendfile = False  # a client that reads a file slowly would keep a thread
preload_app = True

timeout = budgets.WORKER
graceful_timeout = budgets.STOPPING
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# The heartbeat is kept in memory: on a slow disk it would make gunicorn kill healthy workers.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108


class AccessLogger(Logger):
    """One JSON object a request: no query, no body, no address of a caller, no static file, no
    secret in a path."""

    def setup(self, cfg: Config) -> None:
        """Gunicorn's own messages go to our JSON log."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def warning(self, msg: str, *args: object, **kwargs: object) -> None:
        """Log a warning. The text of a request that gunicorn cannot parse is left out."""
        if msg.startswith("Invalid request"):
            msg, args = "Invalid request", ()
        super().warning(msg, *args, **kwargs)

    def access(
        self, resp: Response, req: Request, environ: dict[str, str], request_time: timedelta
    ) -> None:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/static/"):
            return
        line = {
            "event": "request",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "host": environ.get("HTTP_HOST", ""),
            "method": environ.get("REQUEST_METHOD", ""),
            "path": without_secret(path),
            "status": int(str(resp.status).split()[0]),
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
        }
        # In one write: the workers share the stream.
        sys.stderr.write(json.dumps(line) + "\n")


logger_class = AccessLogger
accesslog = "-"
loglevel = "warning"


def on_starting(server: Arbiter) -> None:
    """Everything slow is loaded before we listen, so that no caller waits for it; nothing stays
    connected."""
    from config.warm import warm

    refuse_mixed_sessions()
    warm()


def child_exit(server: Arbiter, worker: "Worker") -> None:
    """What the worker had received is not answered any more."""
    from assistants.calls import pending

    pending.clear_part(worker.part)


def refuse_mixed_sessions() -> None:
    """Ends the program with one line. If the database is away, the workers wait for it."""
    from django.db import OperationalError, connection

    from tenants.postgresql import poolers

    with suppress(OperationalError):
        if poolers.mixes_sessions(connection):
            raise SystemExit(poolers.MIXED)
