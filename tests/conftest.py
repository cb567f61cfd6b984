"""The cast: Elm Street, where Dr. Ada and Dr. Bo work, Ben and Cat who call, and a Monday."""

import gc
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import fasteners
import psycopg
import pytest
import time_machine
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from playwright.sync_api import Browser, Page

from assistants.models import Assistant, Secret
from assistants.provisioning import onboarding
from assistants.provisioning.onboarding import Onboarded, onboard
from bookings import clinic_files
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants import organizations, tokens
from tenants.models import Domain, Organization
from tests import copies
from tests.browser import clear, is_broken, is_refused, started, tab_of
from tests.commands import Program
from tests.commands import manage as manage
from tests.desk import Desk
from tests.outages import Outage
from tests.standing import Standing, empty

ROOT = Path(__file__).resolve().parent.parent
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=NEW_YORK)
BEN = "+12025550177"
SECRET = "the secret of Elm Street, in a transaction"
Committed = Callable[..., Onboarded]
Call = Callable[..., str]
Booked = Callable[[], list[Appointment]]

EVERY_WEEKDAY = {
    day: ["09:00-12:00", "13:00-17:00"]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
}
ELM_STREET: dict[str, Any] = {
    "assistant": {"name": "Sarah", "personality": "You are kind."},
    "services": [
        {"name": "Cleaning", "minutes": 30, "aliases": ["teeth cleaning"]},
        {"name": "Consultation", "minutes": 30},
        {"name": "Root canal", "minutes": 90, "minutes_before": 10, "minutes_after": 20},
    ],
    "practitioners": [
        {
            "name": "Dr. Ada Moss",
            "services": ["Cleaning", "Consultation", "Root canal"],
            "hours": EVERY_WEEKDAY,
        },
        {"name": "Dr. Bo Lind", "services": ["Consultation"], "hours": EVERY_WEEKDAY},
    ],
}


ELM: dict[str, Any] = {
    "name": "Elm Street",
    "timezone": "America/New_York",
    "phone_region": "US",
    "clinic": ELM_STREET,
}


def onboard_elm(slug: str, **changes: Any) -> Onboarded:
    domain = f"{slug.replace('_', '-')}.localhost"
    return onboard(slug=slug, **{"domain": domain, **ELM, **changes})


# The pages are looked at in many tests, also where nothing is served.
admin.autodiscover()

# Hashing a password is quick in tests. In this process (not in the programs that tests start)
# static files are looked for on request, not whenever a client is made.
PBKDF2PasswordHasher.iterations = 1_000
settings.WHITENOISE_AUTOREFRESH = True


# --- how many at once, and in which order


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto`: more than there are cores, since many tests wait."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


# The longest first, so that none of them is the last. Then, next to each other, tests that share
# what is slow to make: Vapi, a database that is taken away, a browser, three clinics.
FIRST = (
    "test_postgresql_15",
    "test_benchmark",
    "test_chaos",
    "test_embedded",
    "test_broken_clinics",
    "test_sync",
    "test_checkup",
    "where_none_is_stored",
    "without_a_database",
    "a_database_that_",
    "test_browser",
    "desk_browser",
    "test_canaries",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """Tests that want to be alone come next to each other, before all others: so one process of
    this run has them all, and does not wait for another one's."""
    if "alone" in getattr(item, "fixturenames", ()):
        return -1
    return next((n for n, name in enumerate(FIRST) if name in item.nodeid), len(FIRST))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """At its end pytest collects garbage ten times; once is enough with this much in memory."""
    gc.collect()
    gc.freeze()


# --- one race at a time


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No other race of this test run goes on at the same time: each uses all cores."""
    shared = tmp_path_factory.getbasetemp().parent  # by the processes of this run
    with fasteners.InterProcessLock(shared / "race.lock"):
        yield


# --- one migrated database, copied for every process of the test run


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    address = urlsplit(os.environ["DATABASE_URL"])
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    with django_db_blocker.unblock(), psycopg.connect(address.geturl(), autocommit=True) as server:
        with server.transaction():
            server.execute("SELECT pg_advisory_xact_lock(hashtext('template of a test run'))")
        make_template(server, f"template_{run}", address)
        server.execute(f"CREATE DATABASE {name} TEMPLATE template_{run}")
        use_database(name, address)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Organization, "create_schema", copies.create_schema)
            yield
        connection.close()
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def make_template(server: "psycopg.Connection[Any]", template: str, address: Any) -> None:
    """Migrate once; the other test processes wait for the first."""
    server.execute("SELECT pg_advisory_lock(hashtext(%s))", [template])
    try:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template])
        if found.fetchone():
            return
        server.execute(f"CREATE DATABASE {template}")
        use_database(template, address)
        call_command("migrate_schemas", interactive=False, verbosity=0)
        onboard_elm("elm_street")
        with organizations.within(organizations.get("elm_street")):
            Secret.objects.update(digest=tokens.digest(SECRET))
        connection.close()
    finally:
        server.execute("SELECT pg_advisory_unlock(hashtext(%s))", [template])


def use_database(name: str, address: Any) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    # Programs started by a test find the database here.
    os.environ["DATABASE_URL"] = urlunsplit(address._replace(path=f"/{name}"))


# --- the clinic, in a transaction that is rolled back


@pytest.fixture
def elm(db: None) -> Iterator[Organization]:
    with organizations.within(Organization.objects.get(slug="elm_street")) as organization:
        yield organization


@pytest.fixture
def furnish(elm: Organization) -> Callable[[dict[str, Any]], None]:
    """Furnishes Elm Street by a clinic file, as if it had nothing yet."""
    empty(elm.schema_name)

    def load(clinic: dict[str, Any]) -> None:
        with transaction.atomic():
            onboarding.furnish(
                elm, clinic=clinic, assistant_name="", email="desk@elm.example", invites=False
            )

    return load


@pytest.fixture
def clock() -> Iterator[Any]:
    """It stands at `MONDAY`, and a test may move it."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def monday(clock: Any) -> datetime:
    """Monday, November 23, 2026 at eight, in New York."""
    return MONDAY


@pytest.fixture
def cleaning(elm: Organization) -> ServiceType:
    return ServiceType.objects.get(name="Cleaning")


@pytest.fixture
def consultation(elm: Organization) -> ServiceType:
    return ServiceType.objects.get(name="Consultation")


@pytest.fixture
def root_canal(elm: Organization) -> ServiceType:
    return ServiceType.objects.get(name="Root canal")


@pytest.fixture
def ada(elm: Organization) -> Practitioner:
    return Practitioner.objects.get(name="Dr. Ada Moss")


@pytest.fixture
def bo(elm: Organization) -> Practitioner:
    return Practitioner.objects.get(name="Dr. Bo Lind")


@pytest.fixture
def ben(elm: Organization) -> Patient:
    return Patient.objects.create(name="Ben Ode", phone=BEN)


@pytest.fixture
def cat(elm: Organization) -> Patient:
    return Patient.objects.create(name="Cat Ruiz", phone="+12025550188")


@pytest.fixture
def sarah(elm: Organization) -> Assistant:
    return Assistant.objects.get(name="Sarah")


@pytest.fixture
def desk(elm: Organization) -> Desk:
    return Desk(elm)


@pytest.fixture
def country(elm: Organization) -> Callable[[str], None]:
    """Moves the clinic to another country."""

    def move(region: str) -> None:
        organizations.leave()
        Organization.objects.filter(pk=elm.pk).update(phone_region=region)
        elm.activate()

    return move


def at(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    """`at("2026-12-03 14:30")`: a wall-clock time at the clinic."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# --- requests as Vapi sends them


def tool_calls(
    *calls: dict[str, Any], call_id: str = "call-1", caller: str = BEN
) -> dict[str, Any]:
    entries = [
        {
            "id": call["id"],
            "type": "function",
            "function": {"name": call["tool"], "arguments": call["arguments"]},
        }
        for call in calls
    ]
    call: dict[str, Any] = {"id": call_id, "type": "inboundPhoneCall"}
    if caller:
        call["customer"] = {"number": caller}
    return {"message": {"type": "tool-calls", "call": call, "toolCallList": entries}}


def booking(start: str, *, id: str = "a", call_id: str = "call-1", name: str = "Ben Ode") -> Any:
    arguments = {"service": "cleaning", "start": start, "patient_name": name}
    return tool_calls(
        {"id": id, "tool": "book_appointment", "arguments": arguments}, call_id=call_id
    )


@dataclass
class Door:
    """The endpoint of one org, with its secret in hand."""

    client: Client
    host: str
    secret: str

    def post(self, body: Any, **headers: str) -> Any:
        here = organizations.current()
        response = self.client.post(
            "/vapi/",
            body if isinstance(body, str | bytes) else json.dumps(body),
            content_type="application/json",
            headers={"Host": self.host, "Authorization": f"Bearer {self.secret}", **headers},
        )
        here.activate()  # after a request no organization is active
        return response


@pytest.fixture
def door(elm: Organization) -> Door:
    Secret.objects.get_or_create(digest=tokens.digest(SECRET))
    return Door(Client(), "elm-street.localhost", SECRET)


@pytest.fixture
def call(door: Door) -> Call:
    """`call("book_appointment", service=…)` is the sentence heard."""

    def ask(
        tool: str, id: str = "", call_id: str = "call-1", caller: str = BEN, **said: Any
    ) -> str:
        request = {"id": id or f"call_{secrets.token_hex(4)}", "tool": tool, "arguments": said}
        response = door.post(tool_calls(request, call_id=call_id, caller=caller))
        assert response.status_code == 200, response.content
        [result] = response.json()["results"]
        assert result["toolCallId"] == request["id"]
        sentence: str = result["result"]
        assert "\n" not in sentence
        assert 0 < len(sentence) <= 350
        return sentence

    return ask


@pytest.fixture
def booked() -> Booked:
    """The appointments that occupy time in a diary."""
    return lambda: list(Appointment.objects.occupying().order_by("start"))


# --- real processes, with rows that are really committed


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Committed]:
    """Onboards clinics that other processes can see. They are removed after the test."""
    with onboarded(django_db_blocker) as make:
        yield make


@pytest.fixture
def oak_street(committed: Committed) -> Iterator[str]:
    """A slug that is free, and removed after the test."""
    yield "oak_street"
    organizations.leave()
    if found := Organization.objects.filter(slug="oak_street").first():
        organizations.remove(found)


@contextmanager
def onboarded(django_db_blocker: Any) -> Iterator[Committed]:
    made: list[Onboarded] = []

    def make(slug: str = "", **changes: Any) -> Onboarded:
        is_named = slug or "domain" in changes
        found = None if is_named else standing.take({**ELM, **changes})
        if found is None:
            found = onboard_elm(slug or f"oak_{secrets.token_hex(4)}", **changes)
            if not is_named:  # else it goes, so that it can be made again
                standing.made(found)
        made.append(found)
        return found

    with django_db_blocker.unblock():
        yield make
        for one in made:
            standing.give_back(one)
        connection.close()


standing = Standing()


@dataclass
class Server:
    process: Program
    port: int
    log: Path

    def request(
        self,
        method: str,
        path: str,
        *,
        host: str,
        body: Any = None,
        secret: str = "",
        timeout: float = 20,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        http = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        sent = {"Host": host, "Content-Type": "application/json", **(headers or {})}
        if secret:
            sent["Authorization"] = f"Bearer {secret}"
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            http.request(method, path, body=data, headers=sent)
            response = http.getresponse()
            return response.status, response.read()
        finally:
            http.close()

    def is_healthy(self) -> bool:
        try:
            return self.request("GET", "/health", host="x", timeout=3)[0] == 200
        except OSError:
            return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def gunicorn(
    folder: Path, *, application: str = "config.wsgi", **environment: str
) -> Iterator[Server]:
    """The application as it is served, over the database of this test process."""
    with starting(folder, application=application, **environment) as server:
        wait_until(lambda: answers(server), server.log)
        yield server


@contextmanager
def starting(
    folder: Path, *, application: str = "config.wsgi", **environment: str
) -> Iterator[Server]:
    """The same, from its first moment."""
    port, log = free_port(), folder / "gunicorn.log"
    process = Program(
        str(Path(sys.executable).with_name("gunicorn")), "-c", "config/gunicorn.py", application,
        output=log, errors=log, **{"PORT": str(port), "WEB_CONCURRENCY": "2", **environment},
    )  # fmt: skip
    try:
        yield Server(process, port, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def answers(server: Server) -> bool:
    if server.process.poll() is not None:
        raise AssertionError(f"gunicorn ended:\n{server.log.read_text()}")
    try:
        return server.request("GET", "/health", host="localhost", timeout=3)[0] in (200, 503)
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], log: Path | None = None, seconds: float = 30) -> None:
    """Poll until the condition is true. The limit is for broken code, not for a slow machine."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(log.read_text() if log else "it did not come true")
        time.sleep(0.05)


def waiters(session: "psycopg.Connection[Any]") -> list[int]:
    """The processes that PostgreSQL says are waiting for this session."""
    found = session.execute(
        "SELECT pid FROM pg_locks WHERE NOT granted AND %s = ANY(pg_blocking_pids(pid))",
        [session.info.backend_pid],
    )
    return [pid for (pid,) in found]


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with gunicorn(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def outage(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outage]:
    """A clinic on a PostgreSQL that may be taken away: a copy of this test process's database."""
    from config import embedded

    folder = tmp_path_factory.mktemp("outage")
    with onboarded(django_db_blocker) as make:
        made = make(clinic=clinic_files.read(ROOT / "fixtures" / "clinics" / "bright_smile.toml"))
        script = copies.dump()
    address = embedded.start(folder / "postgres", cleanup="delete")
    with psycopg.connect(address, autocommit=True) as session:
        session.execute(script.encode())
    with gunicorn(folder, DATABASE_URL=address) as server:
        outage = Outage(server, made, folder / "postgres", address)
        yield outage
    outage.stop()


def everything() -> tuple[list[str], list[str], list[str]]:
    """All organizations, domains and schemas."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1")
        schemas = [name for (name,) in cursor.fetchall()]
    return (
        list(Organization.objects.values_list("slug", flat=True)),
        list(Domain.objects.values_list("domain", flat=True)),
        schemas,
    )


# --- a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    with tab_of(browser) as tab:
        yield tab


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """Signed in nowhere; whatever breaks on it fails the test. A refusal (409) is an answer."""
    broken: list[str] = []
    listeners: dict[Any, Any] = {
        "pageerror": lambda error: broken.append(str(error)),
        "console": lambda said: broken.append(said.text) if is_refused(said) else None,
        "response": lambda r: broken.append(r.url) if is_broken(r.status) else None,
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    yield tab
    clear(tab)
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    assert broken == []
