"""Scratch: a temporary clinic for a check, and a server for it."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from types import FrameType
from typing import NotRequired, TypedDict
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction

from assistants.conversation import JSONObject
from assistants.provisioning import rehearsal
from assistants.provisioning.onboarding import onboard
from tenants import organizations
from tenants.models import Organization

EVERY_DAY = {
    day: ["08:00-20:00"]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


class ServiceEntry(TypedDict):
    name: str
    minutes: int
    minutes_before: NotRequired[int]
    minutes_after: NotRequired[int]
    rooms: NotRequired[list[str]]


class PractitionerEntry(TypedDict):
    name: str
    services: list[str]
    hours: dict[str, list[str]]


class ClinicFile(TypedDict):
    """The tables of a clinic file that scratch clinics have."""

    rooms: NotRequired[list[dict[str, str]]]
    services: list[ServiceEntry]
    practitioners: list[PractitionerEntry]


CLINIC: ClinicFile = {
    "services": [{"name": "Cleaning", "minutes": 30}],
    "practitioners": [{"name": "Dr. Scratch", "services": ["Cleaning"], "hours": EVERY_DAY}],
}


@dataclass(frozen=True)
class Line:
    """A telephone line to a scratch clinic: where to post, as which host, with which secret."""

    organization: Organization
    address: str
    secret: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "Host": f"{self.organization.slug.replace('_', '-')}.localhost",
            "Authorization": f"Bearer {self.secret}",
            "Content-Type": "application/json",
        }

    def ask(self, tool: str, *, call: str, caller: str, **said: str) -> str:
        """The sentence heard. Raises CommandError if the answer does not follow the contract."""
        body = rehearsal.tool_call(tool, said, key=f"{call}-1", call=call, caller=caller)
        status, answered = post(self, body)
        try:
            return rehearsal.answer_in(answered)[0]
        except ValueError:
            raise CommandError(f"The server answered {status}: {answered[:200]!r}") from None


def post(line: Line, body: JSONObject) -> tuple[int, bytes]:
    parts = urlsplit(line.address)
    http = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=30)
    try:
        http.request("POST", "/vapi/", json.dumps(body), line.headers)
        response = http.getresponse()
        return response.status, response.read()
    except (OSError, HTTPException) as error:
        raise CommandError(f"There is no answer at {line.address}: {error}") from None
    finally:
        http.close()


@contextmanager
def line(url: str | None) -> Iterator[Line]:
    """A scratch clinic, reached at `url` or at a server started for it."""
    with clinic() as (organization, secret), server(url) as address:
        yield Line(organization, address, secret)


@contextmanager
def clinic(
    described: ClinicFile = CLINIC,
    *,
    timezone: str = "America/New_York",
    phone_region: str = "US",
) -> Iterator[tuple[Organization, str]]:
    """A clinic, of one practitioner unless `described`, and its secret. Leaves nothing behind."""
    slug = f"scratch_{secrets.token_hex(6)}"
    with ends_tidily():
        try:
            made = onboard(
                slug=slug,
                name="Scratch",
                domain=f"{slug.replace('_', '-')}.localhost",
                timezone=timezone,
                phone_region=phone_region,
                clinic=described,
                staffed=False,
            )
            yield organizations.get(slug), made.secret
        finally:
            connection.close()  # it may have been ended in the middle of a statement
            organizations.leave()
            if organization := Organization.objects.filter(slug=slug).first():
                organizations.remove(organization)


@contextmanager
def ends_tidily() -> Iterator[None]:
    """Turns SIGTERM into an exception, so that we clean up before we end."""
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


@contextmanager
def double_of(organization: Organization) -> Iterator[Organization]:
    """An empty clinic in the same country and zone, in a transaction that is never committed.

    Nobody else ever sees it, whatever is put in it, and nothing is left when the process is killed.
    """
    slug = f"scratch_{secrets.token_hex(6)}"
    organizations.leave()
    with transaction.atomic():
        onboard(
            slug=slug,
            name=organization.name,
            domain=f"{slug.replace('_', '-')}.localhost",
            timezone=organization.timezone,
            phone_region=organization.phone_region,
            clinic={},
            staffed=False,
        )
        try:
            yield organizations.get(slug)
        finally:
            organizations.leave()
            transaction.set_rollback(True)


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """The address to post to: `url`, or a gunicorn of our own on a free port."""
    if url:
        yield url
        return
    with gunicorn() as (address, _):
        yield address


@contextmanager
def gunicorn(*, application: str = "config.wsgi", **environment: str) -> Iterator[tuple[str, int]]:
    """The application served on a free port: its address, and the id of gunicorn's own process."""
    port = free_port()
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", application],
        cwd=settings.BASE_DIR,
        env={**os.environ, "HOST": "127.0.0.1", "PORT": str(port), **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        if not is_answering("127.0.0.1", port, child):
            raise CommandError("The server did not start; try `make run` to see why.")
        yield f"http://127.0.0.1:{port}", child.pid
    finally:
        child.terminate()
        child.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_answering(host: str, port: int, child: "subprocess.Popen[bytes]") -> bool:
    """Wait until `child` answers a request; False when it ended instead, or took a minute.

    Gunicorn listens before its workers are there: connections are accepted and nobody answers.
    """
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and child.poll() is None:
        http = HTTPConnection(host, port, timeout=5)
        try:
            http.request("GET", "/health")
            http.getresponse().read()
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return True
        finally:
            http.close()
    return False
