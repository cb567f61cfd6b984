"""Clinic files: a clinic's services, practitioners and hours, written in TOML.

See fixtures/clinics/ for two of them. If anything in a file is wrong, nothing of it is stored.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from rest_framework import serializers
from rest_framework.settings import api_settings

from bookings.models import BookingPolicy, Practitioner, Room, Schedule, ServiceType
from tenants.organizations import Refused

ARGUMENT = "clinic-file"

Toml: TypeAlias = "str | float | date | time | list[Toml] | Table | None"
Table: TypeAlias = "Mapping[str, Toml]"
Errors: TypeAlias = "str | list[Errors] | dict[str | int, Errors]"
Entry = dict[str, Any]  # of a table, once it is validated: its values by their names
Row = TypeVar("Row", bound=models.Model)


class TextField(serializers.CharField):
    """A text. A number is not taken for one."""

    def to_internal_value(self, data: Toml) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class IntegerField(serializers.IntegerField):
    """A whole number. A text is not taken for one, nor true for 1."""

    def to_internal_value(self, data: Toml) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class FloatField(serializers.FloatField):
    """A number, whole or not."""

    def to_internal_value(self, data: Toml) -> float:
        if not isinstance(data, float | int) or isinstance(data, bool):
            self.fail("invalid")
        return super().to_internal_value(data)


class PeriodField(serializers.Field[tuple[time, time], Toml, str, None]):
    """Hours of a day, such as "09:00-12:30"."""

    def to_internal_value(self, data: Toml) -> tuple[time, time]:
        try:
            starts, ends = (time.fromisoformat(part.strip()) for part in str(data).split("-"))
            if starts.tzinfo or ends.tzinfo:
                raise ValueError("hours are on the clinic's clock")
        except ValueError:
            problem = f"“{data}” is not a period like 09:00-12:30."
            raise serializers.ValidationError(problem) from None
        return starts, ends


class TableSerializer(serializers.Serializer[None]):
    """A table of the file. An entry that it does not know is an error: it may be a slip."""

    def to_internal_value(self, data: Table) -> Entry:
        for name in data if isinstance(data, Mapping) else ():
            if name not in self.fields:
                known = ", ".join(self.fields)
                raise serializers.ValidationError({name: f"It is not one of {known}."})
        found: Entry = super().to_internal_value(data)
        return found


class RowSerializer(TableSerializer, serializers.ModelSerializer[Row], Generic[Row]):
    """A table that becomes a row, with the bounds that the model's fields have."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: TextField,
        models.TextField: TextField,
        models.PositiveSmallIntegerField: IntegerField,
        models.FloatField: FloatField,
    }


class PolicySerializer(RowSerializer[BookingPolicy]):
    class Meta:
        model = BookingPolicy
        fields: ClassVar = [
            "step_minutes",
            "notice_minutes",
            "notice_days",
            "horizon_days",
            "afternoon_from",
            "evening_from",
        ]


class RoomSerializer(RowSerializer[Room]):
    class Meta:
        model = Room
        fields: ClassVar = ["name"]


class ServiceSerializer(RowSerializer[ServiceType]):
    rooms = serializers.ListField(child=TextField(), default=list)

    class Meta:
        model = ServiceType
        fields: ClassVar = [
            "name",
            "minutes",
            "minutes_before",
            "minutes_after",
            "most_a_day",
            "aliases",
            "rooms",
        ]


class PeriodsField(serializers.ListField):
    child = PeriodField()


class HoursSerializer(TableSerializer):
    """`{monday = ["09:00-12:00", "13:00-17:00"]}`"""

    monday = PeriodsField(required=False)
    tuesday = PeriodsField(required=False)
    wednesday = PeriodsField(required=False)
    thursday = PeriodsField(required=False)
    friday = PeriodsField(required=False)
    saturday = PeriodsField(required=False)
    sunday = PeriodsField(required=False)


class PractitionerSerializer(RowSerializer[Practitioner]):
    services = serializers.ListField(child=TextField(), default=list)
    hours = HoursSerializer(default=dict)

    class Meta:
        model = Practitioner
        fields: ClassVar = ["name", "aliases", "services", "hours"]


class ClinicFile(TableSerializer):
    """What this app stores of a file. An app above adds its tables in a subclass."""

    policy = PolicySerializer(required=False)
    rooms = RoomSerializer(many=True, default=list)
    services = ServiceSerializer(many=True, default=list)
    practitioners = PractitionerSerializer(many=True, default=list)


def read(file: Path) -> Entry:
    """The file's tables. Raises Refused when it cannot be read."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused(ARGUMENT, f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refused(ARGUMENT, f"{file} is not UTF-8: save it as such") from None
    except tomllib.TOMLDecodeError as error:
        raise Refused(ARGUMENT, f"{file} is not TOML: {error}") from None


def load(clinic: Table, *, shape: type[ClinicFile] = ClinicFile) -> Entry:
    """Store the policy, rooms, services, practitioners and hours of `clinic` in the current org.

    The tables as `shape` understands them. Raises Refused, naming the entry that is wrong.
    """
    tables = checked(clinic, shape)
    if policy := tables.get("policy"):
        save(BookingPolicy(**policy), "policy")
    for entry in tables["rooms"]:
        save(Room(**entry), f"room {entry['name']}")
    for entry in tables["services"]:
        load_service(entry)
    for entry in tables["practitioners"]:
        load_practitioner(entry)
    return tables


def checked(clinic: Table, shape: type[ClinicFile]) -> Entry:
    serializer = shape(data=clinic)
    if not serializer.is_valid():
        raise Refused(ARGUMENT, first_problem(serializer.errors, clinic))
    tables: Entry = serializer.validated_data
    return tables


def first_problem(errors: Errors, of: Toml) -> str:
    """“services: Cleaning: minutes: A valid integer is required.”: where it is, then what it is."""
    if isinstance(errors, str):
        return errors
    if isinstance(errors, list):
        return first_problem(errors[0], of)
    key, inner = next(iter(errors.items()))
    where, part = str(key), of.get(str(key)) if isinstance(of, Mapping) else None
    if isinstance(of, list) and isinstance(key, int):
        part = of[key]
        name = part.get("name") if isinstance(part, Mapping) else None
        where = str(name or f"number {key + 1}")
    problem = first_problem(inner, part)
    return problem if key == api_settings.NON_FIELD_ERRORS_KEY else f"{where}: {problem}"


def load_service(entry: Entry) -> None:
    """Raises Refused when a room it names is missing."""
    needed = entry.pop("rooms")
    service, what = ServiceType(**entry), f"service {entry['name']}"
    save(service, what)
    service.rooms.set([named(Room, name, what, "room") for name in needed])


def load_practitioner(entry: Entry) -> None:
    """Raises Refused when a service they offer is missing."""
    services, hours = entry.pop("services"), entry.pop("hours")
    practitioner, what = Practitioner(**entry), f"practitioner {entry['name']}"
    save(practitioner, what)
    practitioner.services.set([named(ServiceType, name, what, "service") for name in services])
    weekdays = {Schedule.Weekday[day.upper()]: periods for day, periods in hours.items()}
    rows = [
        Schedule(practitioner=practitioner, weekday=weekday, starts=starts, ends=ends)
        for weekday, periods in weekdays.items()
        for starts, ends in periods
    ]
    store(rows, partial(Schedule.objects.bulk_create, rows), what)


def named(model: type[Row], name: str, what: str, kind: str) -> Row:
    row = model._default_manager.filter(name=name).first()
    if row is None:
        raise Refused(ARGUMENT, f"{what}: there is no {kind} “{name}”")
    return row


def save(row: models.Model, what: str) -> None:
    store([row], row.save, what)


def store(rows: Sequence[models.Model], write: Callable[[], object], what: str) -> None:
    """Store what the database accepts. What it refuses is validated, for the words.

    The rows that these belong to were saved before, so they are not looked for.
    """
    try:
        for row in rows:
            related = {field.name for field in row._meta.fields if field.is_relation}
            row.full_clean(exclude=related, validate_constraints=False)
        try:
            with transaction.atomic():
                write()
        except IntegrityError:
            for row in rows:
                row.validate_constraints()
            raise
    except ValidationError as error:
        field, problems = next(iter(error.message_dict.items()))
        raise Refused(ARGUMENT, f"{what}: {field}: {problems[0]}") from None
    except DataError:
        raise Refused(ARGUMENT, f"{what}: it holds a character that cannot be stored") from None
