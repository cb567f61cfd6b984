"""`GET /health`: whether this process reaches its database, asked at any host."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TimedOut
from typing import Any

import psycopg
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from tenants.postgresql.connections import plain_parameters

Handler = Callable[[HttpRequest], HttpResponse]

SECONDS = 1.5


class HealthMiddleware:
    """Stands before everything that knows of hosts and organizations.

    It asks over a connection of its own, in a thread of its own: a pool that is used up, or a
    server that accepts and then says nothing, cannot keep the answer longer than `SECONDS`.
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


def database_answers() -> bool:
    # One thread a question: a question that hangs must not make the next one wait behind it.
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="health")
    try:
        return executor.submit(ask, plain_parameters(connection)).result(timeout=SECONDS)
    except (TimedOut, psycopg.Error):
        return False
    finally:
        executor.shutdown(wait=False)


def ask(parameters: dict[str, Any]) -> bool:
    with psycopg.connect(**{**parameters, "connect_timeout": 2}) as probe:
        return probe.execute("SELECT 1").fetchone() == (1,)
