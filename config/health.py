"""`GET /health`, at any host: whether the database answers."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TimedOut

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from tenants import budgets
from tenants.postgresql import deadlines
from tenants.postgresql.connections import BoundedConnection, conninfo

Handler = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Runs before the middleware that looks at hosts and organizations.

    It asks over a connection of its own, in a thread of its own: a pool that is used up, or a
    server that accepts and then says nothing, cannot keep the answer longer than `budgets.HEALTH`.
    Probes that come at the same time share one query.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.rstrip("/") != "/health":
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        healthy = database_answers()
        response = JsonResponse(
            {"status": "ok" if healthy else "unavailable"}, status=200 if healthy else 503
        )
        response["Cache-Control"] = "no-store"
        return response


_asking = threading.Lock()
_question: "Future[bool] | None" = None


def database_answers() -> bool:
    try:
        return question().result(timeout=budgets.HEALTH)
    except (TimedOut, psycopg.Error):
        return False


def question() -> "Future[bool]":
    """The query under way, or a new one."""
    global _question
    with _asking:
        if _question is None or _question.done():
            executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="question")
            _question = executor.submit(ask, conninfo(connection))
            executor.shutdown(wait=False)
        return _question


def ask(address: str) -> bool:
    """Ends within about two seconds."""
    with (
        deadlines.after(budgets.HEALTH),
        BoundedConnection.connect(
            address, connect_timeout=budgets.HEALTH_CONNECT, autocommit=True
        ) as probe,
    ):
        return probe.execute("SELECT 1").fetchone() == (1,)
