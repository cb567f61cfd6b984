"""Clinic files: a clinic's services, practitioners and hours, written down in TOML.

See fixtures/clinics/ for two of them. Everything wrong in one is said before anything is stored.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from bookings.models import BookingPolicy, Practitioner, Room, Schedule, ServiceType
from tenants.organizations import Refused

WEEKDAYS = [day.name.lower() for day in Schedule.Weekday]
ARGUMENT = "clinic-file"


def read(file: Path) -> dict[str, Any]:
    """The file's tables. Raises Refused when it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Refused(ARGUMENT, f"{file} cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(ARGUMENT, f"{file} is no TOML: {error}") from None


def load(clinic: Mapping[str, Any]) -> None:
    """Store the policy, rooms, services, practitioners and hours of `clinic` in the current org.

    Raises Refused, naming the entry that is wrong.
    """
    if policy := clinic.get("policy"):
        save(BookingPolicy(**fields(policy, "policy", POLICY_FIELDS)), "policy")
    rooms = {}
    for entry in tables(clinic, "rooms"):
        room = Room(**fields(entry, "rooms", {"name"}))
        save(room, f"room {entry.get('name', '')}")
        rooms[room.name] = room
    services = {}
    for entry in tables(clinic, "services"):
        service = load_service(entry, rooms)
        services[service.name] = service
    for entry in tables(clinic, "practitioners"):
        load_practitioner(entry, services)


POLICY_FIELDS = {"step_minutes", "notice_minutes", "notice_days", "horizon_days"}
SERVICE_FIELDS = {
    "name",
    "minutes",
    "minutes_before",
    "minutes_after",
    "most_a_day",
    "aliases",
    "rooms",
}
PRACTITIONER_FIELDS = {"name", "aliases", "services", "hours"}


def load_service(entry: Mapping[str, Any], rooms: Mapping[str, Room]) -> ServiceType:
    said = fields(entry, "services", SERVICE_FIELDS)
    needed = said.pop("rooms", [])
    what = f"service {said.get('name', '')}"
    service = ServiceType(**said)
    save(service, what)
    for name in needed:
        if name not in rooms:
            raise Refused(ARGUMENT, f"{what}: there is no room “{name}”")
        service.rooms.add(rooms[name])
    return service


def load_practitioner(entry: Mapping[str, Any], services: Mapping[str, ServiceType]) -> None:
    said = fields(entry, "practitioners", PRACTITIONER_FIELDS)
    who = f"practitioner {said.get('name', '')}"
    practitioner = Practitioner(name=said.get("name", ""), aliases=said.get("aliases", []))
    save(practitioner, who)
    for name in said.get("services", []):
        if name not in services:
            raise Refused(ARGUMENT, f"{who}: there is no service “{name}”")
        practitioner.services.add(services[name])
    for weekday, starts, ends in stretches(said.get("hours", {}), who):
        save(Schedule(practitioner=practitioner, weekday=weekday, starts=starts, ends=ends), who)


def stretches(hours: Mapping[str, Any], who: str) -> Iterator[tuple[int, time, time]]:
    """`{monday = ["09:00-12:00", "13:00-17:00"]}`, one stretch after the other."""
    for day, texts in hours.items():
        if day not in WEEKDAYS:
            raise Refused(ARGUMENT, f"{who}: “{day}” is no weekday")
        for text in texts:
            try:
                starts, ends = (time.fromisoformat(part.strip()) for part in text.split("-"))
            except ValueError:
                raise Refused(ARGUMENT, f"{who}: “{text}” is no stretch like 09:00-12:30") from None
            yield WEEKDAYS.index(day), starts, ends


def tables(clinic: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = clinic.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused(ARGUMENT, f"“{name}” is written as [[{name}]]")
    return entries


def fields(entry: Mapping[str, Any], table: str, known: set[str]) -> dict[str, Any]:
    if unknown := sorted(set(entry) - known):
        raise Refused(
            ARGUMENT, f"[[{table}]] has no “{unknown[0]}”; it has {', '.join(sorted(known))}"
        )
    return dict(entry)


def save(row: models.Model, what: str) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Refused(ARGUMENT, f"{what}: {field}: {problems[0]}") from None
    row.save()
