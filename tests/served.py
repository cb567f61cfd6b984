"""Served calls: what a caller of a clinic on a running server hears, and when."""

import json
import time
from datetime import timedelta
from typing import Any

from assistants.provisioning.onboarding import Onboarded
from bookings.models import Appointment
from tenants import organizations
from tenants.models import Organization
from tests.conftest import Server

SECONDS = 5.0  # within which a caller hears a sentence


def slot(made: Onboarded, hour: int = 14) -> str:
    """A time some Wednesday that Elm Street works, as the real clock has it."""
    now = organizations.get(made.org).now()
    day = now + timedelta(days=(2 - now.weekday()) % 7 + 7)
    return f"{day:%Y-%m-%d}T{hour}:30"


def say(server: Server, made: Onboarded, body: Any) -> tuple[str, float]:
    """The sentence heard, and how long it took."""
    began = time.monotonic()
    status, answer = server.request(
        "POST", "/vapi/", host=made.domain, body=body, secret=made.secret
    )
    assert status == 200, answer
    [one] = json.loads(answer)["results"]
    assert one["toolCallId"] == "a"
    return one["result"], time.monotonic() - began


def rows(made: Onboarded) -> int:
    with organizations.within(organizations.get(made.org)):
        return Appointment.objects.occupying().count()


def next_wednesday() -> str:
    now = Organization(timezone="America/New_York").now()
    return f"{now + timedelta(days=(2 - now.weekday()) % 7 + 7):%Y-%m-%d}"
