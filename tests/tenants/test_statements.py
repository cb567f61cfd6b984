"""Statements: the rows of the queryset they are made of, whatever is given, in every org."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now as utc_now

from assistants.models import ToolCall
from bookings.models import Appointment, Patient, Practitioner, ServiceType
from tenants import organizations
from tenants.models import Organization
from tenants.postgresql.statements import Deletion, Given, Statement, insertion, together
from tests.conftest import MONDAY, Booked, onboard_elm

pytestmark = pytest.mark.usefixtures("elm")

by_name = Statement(lambda: Practitioner.objects.filter(name=Given("name")))
names = Statement(
    lambda: Practitioner.objects.filter(pk__any_of=Given("keys")).order_by("name").values_list(
        "name", flat=True
    )
)  # fmt: skip
blocking = Statement(
    lambda: Appointment.objects.occupying().filter(
        Q(blocked__overlap=Given("period", DateTimeRangeField())),
        practitioner__id__any_of=Given("people"),
    ).values_list("practitioner", "start")
)  # fmt: skip


def test_a_row_is_an_instance_that_is_not_new(ada: Practitioner) -> None:
    [found] = by_name(name="Dr. Ada Moss")

    assert found == ada
    assert found._state.adding is False
    assert {field.attname: getattr(found, field.attname) for field in found._meta.fields} == {
        field.attname: getattr(ada, field.attname) for field in ada._meta.fields
    }


@pytest.mark.parametrize("name", ["O'Neil; --", "%s", "100 %", 'a "b" \\', "", "Ä"])
def test_any_value_is_only_a_value(name: str, ada: Practitioner) -> None:
    Practitioner.objects.filter(pk=ada.pk).update(name=name)

    assert by_name(name=name) == [ada]
    assert by_name(name=f"{name}x") == []


@pytest.mark.parametrize("many", [0, 1, 2])
def test_a_list_may_have_any_length(many: int, ada: Practitioner, bo: Practitioner) -> None:
    assert names(keys=[ada.pk, bo.pk][:many]) == ["Dr. Ada Moss", "Dr. Bo Lind"][:many]


def test_a_range_and_a_list_are_given(
    booked: Booked, ada: Practitioner, ben: Patient,
    cleaning: ServiceType,
) -> None:  # fmt: skip
    Appointment(
        practitioner=ada, service=cleaning, patient=ben, start=MONDAY, source="staff",
        reference="AAAAA",
    ).save()  # fmt: skip

    def found(start: datetime) -> list[Any]:
        return blocking(period=DateTimeTZRange(start, start + timedelta(hours=1)), people=[ada.pk])

    assert found(MONDAY) == [(ada.pk, MONDAY)]
    assert found(MONDAY + timedelta(hours=1)) == []


def test_several_are_one_round_trip(ada: Practitioner, bo: Practitioner) -> None:
    by_name(name="")
    with CaptureQueriesContext(connection) as queries:
        first, second, third = together(
            by_name.bound(name=bo.name), names.bound(keys=[ada.pk]), by_name.bound(name="nobody")
        )

    assert (first, second, third) == ([bo], [ada.name], [])
    assert len(queries) == 1


def test_it_is_compiled_once(ada: Practitioner, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build() -> Any:
        built.append("once")
        return Practitioner.objects.filter(name=Given("name"))

    statement = Statement(build)

    assert statement(name=ada.name) == [ada]
    assert statement(name="nobody") == []
    assert built == ["once"]


def test_it_finds_the_rows_of_the_org_that_is_entered(elm: Organization) -> None:
    organizations.leave()
    oak = organizations.get(onboard_elm("oak_street").org)
    with organizations.within(oak):
        Practitioner.objects.filter(name="Dr. Ada Moss").update(name="Dr. Oak")
        assert len(by_name(name="Dr. Oak")) == 1
    elm.activate()

    assert by_name(name="Dr. Oak") == []
    assert len(by_name(name="Dr. Ada Moss")) == 1


delete = Deletion(lambda: ToolCall.objects.filter(tool=Given("tool")))


@pytest.mark.parametrize("many", [1, 2, 3])
def test_rows_are_inserted_as_django_would(many: int) -> None:
    said = {"name": "O'Neil; -- %s", "list": [1, None]}
    rows = [
        ToolCall(
            tool=f"tool {number}", arguments=said, memory=None, sentence=Lower(Value("COMPUTED"))
        )
        for number in range(many)
    ]

    [keys] = together(insertion(*rows))

    stored = list(ToolCall.objects.order_by("pk"))
    assert [(row.pk, row.tool) for row in stored] == [
        (key, row.tool) for (key,), row in zip(keys, rows, strict=True)
    ]
    for row in stored:
        assert (row.arguments, row.sentence) == (said, "computed")
        assert timedelta() <= utc_now() - row.received < timedelta(minutes=5)
        assert ToolCall.objects.filter(pk=row.pk, memory__isnull=True).exists()


def test_rows_are_deleted() -> None:
    together(insertion(*(ToolCall(tool=tool) for tool in ("one", "one", "other"))))
    delete(tool="nothing")
    with CaptureQueriesContext(connection) as queries:
        assert delete(tool="one") == []

    assert [row.tool for row in ToolCall.objects.all()] == ["other"]
    assert len(queries) == 1


def test_an_insertion_is_sent_with_others() -> None:
    deleted, inserted, found = together(
        delete.bound(tool="one"),
        insertion(ToolCall(tool="one")),
        names.bound(keys=[]),
    )

    assert (deleted, len(inserted), found) == ([], 1, [])
    assert ToolCall.objects.count() == 1


def test_a_value_that_is_not_given_is_an_error() -> None:
    with pytest.raises(KeyError, match="name"):
        by_name()


def test_an_error_of_one_is_an_error_of_all(ada: Practitioner) -> None:
    broken = Statement(lambda: Practitioner.objects.extra(where=["1 / (id - id) = 1"]))

    with pytest.raises(DatabaseError), transaction.atomic():
        together(by_name.bound(name=ada.name), broken.bound())


@pytest.mark.parametrize(
    "build",
    [
        lambda: Practitioner.objects.values("name"),
        lambda: Appointment.objects.select_related("patient"),
    ],
)
def test_what_it_cannot_load_is_refused(build: Callable[[], Any]) -> None:
    with pytest.raises(TypeError, match="a statement"):
        Statement(build)()
