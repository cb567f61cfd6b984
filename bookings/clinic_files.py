"""Clinic files: a clinic's services, practitioners and hours, written down in TOML.

See fixtures/clinics/ for two of them. What is wrong in one is said, and nothing is stored.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction

from bookings.models import BookingPolicy, Practitioner, Room, Schedule, ServiceType
from tenants.organizations import Refused

WEEKDAYS = [day.name.lower() for day in Schedule.Weekday]
ARGUMENT = "clinic-file"

Shape = dict[str, type]


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
    fields(clinic, "the file", TABLES)
    fields(clinic.get("organization", {}), "[organization]", ORGANIZATION)
    fields(clinic.get("assistant", {}), "[assistant]", ASSISTANT)
    if policy := fields(clinic.get("policy", {}), "[policy]", POLICY):
        save(BookingPolicy(**policy), "policy")
    rooms = {}
    for entry in clinic.get("rooms", []):
        room = Room(**fields(entry, "[[rooms]]", ROOM))
        save(room, f"room {entry.get('name', '')}")
        rooms[room.name] = room
    services = {}
    for entry in clinic.get("services", []):
        service = load_service(fields(entry, "[[services]]", SERVICE), rooms)
        services[service.name] = service
    for entry in clinic.get("practitioners", []):
        load_practitioner(fields(entry, "[[practitioners]]", PRACTITIONER), services)


# What may stand in a table, and as what; a list is one of texts or of tables.
TABLES: Shape = {
    "organization": dict,
    "assistant": dict,
    "policy": dict,
    "rooms": list,
    "services": list,
    "practitioners": list,
}
ORGANIZATION: Shape = {"name": str, "domain": str, "timezone": str, "phone_region": str}
ASSISTANT: Shape = {
    "name": str,
    "personality": str,
    "first_message": str,
    "voice_provider": str,
    "voice_id": str,
    "language": str,
    "model_provider": str,
    "model": str,
    "temperature": float,
    "max_tokens": int,
}
POLICY: Shape = {
    "step_minutes": int,
    "notice_minutes": int,
    "notice_days": int,
    "horizon_days": int,
    "afternoon_from": time,
    "evening_from": time,
}
ROOM: Shape = {"name": str}
SERVICE: Shape = {
    "name": str,
    "minutes": int,
    "minutes_before": int,
    "minutes_after": int,
    "most_a_day": int,
    "aliases": list,
    "rooms": list,
}
PRACTITIONER: Shape = {"name": str, "aliases": list, "services": list, "hours": dict}
NAMES_OF: dict[type, str] = {
    str: "a text",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a table",
    time: "a time like 14:00:00",
}


def load_service(entry: Mapping[str, Any], rooms: Mapping[str, Room]) -> ServiceType:
    said = dict(entry)
    needed = said.pop("rooms", [])
    what = f"service {said.get('name', '')}"
    service = ServiceType(**said)
    save(service, what)
    for name in needed:
        if name not in rooms:
            raise Refused(ARGUMENT, f"{what}: there is no room “{name}”")
        service.rooms.add(rooms[name])
    return service


def load_practitioner(said: Mapping[str, Any], services: Mapping[str, ServiceType]) -> None:
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
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise Refused(ARGUMENT, f'{who}: {day} is a list like ["09:00-12:30"]')
        for text in texts:
            try:
                starts, ends = (time.fromisoformat(part.strip()) for part in text.split("-"))
                if starts.tzinfo or ends.tzinfo:
                    raise ValueError("hours are the clinic's own")
            except ValueError:
                raise Refused(ARGUMENT, f"{who}: “{text}” is no stretch like 09:00-12:30") from None
            yield WEEKDAYS.index(day), starts, ends


def fields(entry: Any, table: str, shape: Shape) -> dict[str, Any]:
    """The entry, when it holds nothing but what `shape` names, each as it should be."""
    if not isinstance(entry, dict):
        raise Refused(ARGUMENT, f"{table} is a table")
    for name, value in entry.items():
        if name not in shape:
            raise Refused(ARGUMENT, f"{table} has no “{name}”; it has {', '.join(sorted(shape))}")
        if not is_a(value, shape[name]):
            raise Refused(ARGUMENT, f"“{name}” in {table} is {NAMES_OF[shape[name]]}")
        texts = name in ("aliases", "rooms", "services") and shape is not TABLES
        if texts and not are_texts(value):
            raise Refused(ARGUMENT, f"“{name}” in {table} is a list of texts")
    return entry


def is_a(value: Any, kind: type) -> bool:
    """A whole number is a number with a fraction, too; true and false are neither."""
    return isinstance(value, (int, float) if kind is float else kind) and not isinstance(
        value, bool
    )


def are_texts(value: Any) -> bool:
    return all(isinstance(item, str) for item in value)


def save(row: models.Model, what: str) -> None:
    """The database judges by its constraints; what it refuses is looked at again for the words."""
    try:
        row.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            row.validate_constraints()
            raise
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Refused(ARGUMENT, f"{what}: {field}: {problems[0]}") from None
    except DataError:
        raise Refused(ARGUMENT, f"{what}: it holds a character that cannot be stored") from None
