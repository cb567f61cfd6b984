"""Facts: what the authority says of a clinic, from its own rows, made plain on the way.

All of it was typed by staff, and stands among rules that bind: so nothing of it may be markup.
"""

import textwrap
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TypedDict

from assistants.models import Reception, TransferNumber
from assistants.prompts import emergencies, sanitizing
from assistants.speech.wording import time_of_day
from assistants.tools import registry
from bookings.availability import hours
from bookings.models import Practitioner, Schedule, ServiceType
from tenants.models import Organization

# A longer list would distract the model from the rules; the tools can answer the rest.
MOST = 60
LONGEST_NAME = 80
WIDTH = 100
GOODBYE = "Thank you for calling. Goodbye."


class Facts(TypedDict):
    """What the authority's template is filled with. Practitioners come with their services, and
    services with their minutes."""

    clinic: str
    timezone: str
    hours: list[tuple[str, list[str]]]
    services: list[tuple[str, int]]
    practitioners: list[tuple[str, list[str]]]
    are_more: bool
    emergency: str
    has_numbers: bool
    tools: list[str]


def of_clinic(organization: Organization, *, today: date) -> Facts:
    """The organization has to be the current one."""
    has_numbers = TransferNumber.objects.exists()
    services = ServiceType.objects.filter(is_active=True)[: MOST + 1]
    people = Practitioner.objects.filter(is_active=True).prefetch_related("services")[: MOST + 1]
    return {
        "clinic": sanitizing.plain(organization.name),
        "timezone": organization.timezone,
        "hours": usual_hours(organization, today=today),
        "services": [(named(row.name), row.minutes) for row in services[:MOST]],
        "practitioners": [(named(row.name), offered(row)) for row in people[:MOST]],
        "are_more": len(services) > MOST or len(people) > MOST,
        "emergency": emergency(organization),
        "has_numbers": has_numbers,
        "tools": [
            line_of(name, when) for name, when in registry.for_prompt(has_numbers=has_numbers)
        ],
    }


def line_of(tool: str, when: str) -> str:
    """A line of the list of tools, broken as the rules around it are."""
    return textwrap.fill(f"- `{tool}`: {when}", WIDTH, subsequent_indent="  ")


def named(name: str) -> str:
    return sanitizing.plain(name, LONGEST_NAME)


def offered(practitioner: Practitioner) -> list[str]:
    active = [row for row in practitioner.services.all() if row.is_active]
    return [named(row.name) for row in active[:MOST]]


def emergency(organization: Organization) -> str:
    """What staff wrote, else the sentence with the country's number."""
    written = sanitizing.plain(Reception.current().emergency, 300)
    return written or emergencies.sentence(organization.phone_region)


def closing() -> str:
    """The last words of a call. Template marks are removed, because Vapi would fill them in."""
    return sanitizing.plain(Reception.current().closing, 300) or GOODBYE


def usual_hours(organization: Organization, *, today: date) -> list[tuple[str, list[str]]]:
    """Each weekday with its stretches, from Monday on, as schedules have it in the coming week."""
    schedules = list(Schedule.objects.filter(practitioner__is_active=True))
    days = sorted((today + timedelta(days=ahead) for ahead in range(7)), key=date.weekday)
    return [(f"{day:%A}", stretches(schedules, day, organization)) for day in days]


def stretches(schedules: Iterable[Schedule], day: date, organization: Organization) -> list[str]:
    zone = organization.zone
    worked = (period for row in schedules for period in hours.periods_worked(row, day, day, zone))
    return [
        " to ".join(time_of_day(end.astimezone(zone).time()) for end in ends)
        for ends in hours.joined(worked)
    ]
