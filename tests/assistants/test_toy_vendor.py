"""A second vendor is a second folder: a toy one books through the same calls as Vapi."""

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from threading import Thread
from wsgiref.simple_server import make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from assistants import speech
from assistants.models import Assistant, ToolCall, TransferNumber
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests.assistants import toy_vendor
from tests.conftest import BEN, Committed, Door

BOOK = {"service": "cleaning", "start": "2026-12-03T14:30", "patient_name": "Ben Ode"}
WANTED = {"n": 1, "do": "book_appointment", "with": BOOK}
Ask = Callable[..., tuple[int, dict[str, object]]]

pytestmark = [
    pytest.mark.urls(toy_vendor.__name__),
    pytest.mark.usefixtures("monday"),
]


@pytest.fixture
def ask(door: Door) -> Ask:
    """Posts a message to the toy's own address, and returns the status and the answer."""

    def post(secret: str = "", **message: object) -> tuple[int, dict[str, object]]:
        here = organizations.current()
        response = door.client.post(
            "/toy/",
            json.dumps({"line": "call-1", "from": BEN, **message}),
            content_type="text/plain",
            headers={"Host": door.host, "X-Toy-Key": secret or door.secret},
        )
        here.activate()
        return response.status_code, response.json()

    return post


@pytest.fixture
def port() -> Iterator[int]:
    """A server in a thread of this process, which has the toy's addresses."""
    with make_server("127.0.0.1", 0, WSGIHandler()) as server:

        def serve() -> None:
            server.serve_forever(poll_interval=0.01)
            connection.close()

        thread = Thread(target=serve)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_it_books_over_http(port: int, committed: Committed) -> None:
    clinic = committed()
    body = json.dumps({"kind": "ask", "line": "call-1", "from": BEN, "wants": [WANTED]})
    http = HTTPConnection("127.0.0.1", port, timeout=20)

    http.request("POST", "/toy/", body, {"Host": clinic.domain, "X-Toy-Key": clinic.secret})
    answer = json.loads(http.getresponse().read())
    http.close()

    with organizations.within(organizations.get(clinic.org)):
        row = Appointment.objects.get()
        assert (row.patient.name, row.patient.phone) == ("Ben Ode", BEN)
        assert row.reference in answer["said"]["1"]


def test_it_books_and_hears_so_in_its_own_words(ask: Ask) -> None:
    status, answer = ask(kind="ask", wants=[WANTED])

    row = Appointment.objects.get()
    assert (status, list(answer)) == (200, ["said"])
    assert answer["said"] == {"1": ToolCall.objects.get().sentence}
    assert "You're booked" in str(answer)
    assert row.reference in str(answer)
    assert (row.patient.name, row.patient.phone) == ("Ben Ode", BEN)


def test_the_same_request_again_finds_its_answer(ask: Ask) -> None:
    assert ask(kind="ask", wants=[WANTED]) == ask(kind="ask", wants=[WANTED])
    assert Appointment.objects.count() == 1


def test_a_wrong_secret_is_refused(ask: Ask) -> None:
    assert ask(kind="ask", wants=[WANTED], secret="wrong")[0] == 401
    assert not Appointment.objects.exists()


def test_a_body_that_is_not_its_message_is_refused(door: Door) -> None:
    response = door.client.post(
        "/toy/",
        "{}",
        content_type="text/plain",
        headers={
            "Host": door.host,
            "X-Toy-Key": door.secret,
        },
    )

    assert response.status_code == 400


def test_an_assistant_takes_a_call_or_people_do(ask: Ask) -> None:
    TransferNumber.objects.create(reason="", phone="+14155550102")

    assert ask(kind="ring") == (
        200,
        {"say": "Good morning. This is Sarah at Elm Street. How can I help?", "assistant": "Sarah"},
    )
    Assistant.objects.update(is_active=False)
    assert ask(kind="ring") == (200, {"say": speech.PUTTING_THROUGH, "dial": "+14155550102"})


def test_a_caller_is_not_put_through_before_the_clinic_opens(ask: Ask) -> None:
    TransferNumber.objects.create(reason="", phone="+14155550102")

    status, answer = ask(kind="connect")

    assert (status, answer["dial"]) == (200, None)
    assert "from 9:00 AM" in str(answer["say"])


def test_a_suspended_clinic_apologizes_in_its_own_words(ask: Ask, elm: Organization) -> None:
    organizations.leave()
    Organization.objects.filter(pk=elm.pk).update(status=Organization.Status.SUSPENDED)
    elm.activate()

    status, answer = ask(kind="ask", wants=[WANTED])

    assert (status, answer) == (200, {"said": {"1": speech.UNCERTAIN}})
    assert not Appointment.objects.exists()
