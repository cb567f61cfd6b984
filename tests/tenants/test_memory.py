"""Memory: what is recalled is what the database holds, and is one organization's own."""

import threading
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from bookings import diaries
from bookings.models import BookingPolicy, Configuration, ServiceType
from config.operations.scratch import CLINIC
from tenants import memory, organizations
from tenants.memory import Outdated
from tenants.models import Directory, Domain, Organization
from tenants.postgresql import configuration
from tenants.postgresql.statements import together
from tests.conftest import Committed, wait_until
from tests.recalling import recalling


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    memory._memories.clear()
    memory._homes.clear()


@pytest.fixture
def two(committed: Committed) -> tuple[Organization, Organization]:
    made = [committed(clinic=CLINIC) for _ in range(2)]
    one, other = (organizations.get(row.org) for row in made)
    return one, other


@pytest.fixture
def clinic(two: tuple[Organization, Organization]) -> Iterator[Organization]:
    with organizations.within(two[0]):
        yield two[0]


class Reader:
    """Reads the minutes of the one service, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return ServiceType.objects.get().minutes

    def recalled(self) -> int:
        return memory.recall("minutes", self)


@pytest.fixture
def minutes() -> Reader:
    return Reader()


def test_it_is_read_once_in_several_requests(clinic: Organization, minutes: Reader) -> None:
    for _ in range(3):
        with recalling():
            assert minutes.recalled() == 30
            assert minutes.recalled() == 30

    assert minutes.times == 1


def test_outside_a_request_that_recalls_it_is_read(clinic: Organization, minutes: Reader) -> None:
    assert [minutes.recalled(), minutes.recalled()] == [30, 30]
    assert minutes.times == 2


def test_a_change_is_known_to_the_next_request(clinic: Organization, minutes: Reader) -> None:
    for length in (45, 60, 45):
        ServiceType.objects.update(minutes=length)
        with recalling():
            assert minutes.recalled() == length


def test_what_another_clinic_has_is_never_recalled(
    two: tuple[Organization, Organization], minutes: Reader
) -> None:
    one, other = two
    with organizations.within(other):
        ServiceType.objects.update(minutes=45)

    found = []
    for organization in (one, other, one, other):
        with organizations.within(organization), recalling():
            found.append(minutes.recalled())

    assert found == [30, 45, 30, 45]


def test_two_clinics_with_one_version_are_not_confused(
    two: tuple[Organization, Organization], minutes: Reader
) -> None:
    """As after one was copied from the other by hand."""
    one, other = two
    with organizations.within(other):
        ServiceType.objects.update(minutes=45)
    same = uuid.uuid4()
    found = []
    for organization in (one, other):
        with organizations.within(organization):
            Configuration.objects.update(version=same)
            with recalling():
                found.append(minutes.recalled())

    assert found == [30, 45]


def test_in_another_clinic_than_the_requests_nothing_is_recalled(
    two: tuple[Organization, Organization], minutes: Reader
) -> None:
    one, other = two
    with organizations.within(other):
        ServiceType.objects.update(minutes=45)

    with organizations.within(one), recalling():
        assert minutes.recalled() == 30
        with organizations.within(other):
            assert minutes.recalled() == 45
        assert minutes.recalled() == 30


def test_what_is_rolled_back_is_not_remembered(clinic: Organization, minutes: Reader) -> None:
    with recalling():
        with transaction.atomic():
            ServiceType.objects.update(minutes=45)
            assert minutes.recalled() == 45
            transaction.set_rollback(True)
        assert minutes.recalled() == 30
    with recalling():
        assert minutes.recalled() == 30


def test_who_has_changed_it_reads_it_again_and_cannot_confirm(
    clinic: Organization, minutes: Reader
) -> None:
    with recalling():
        assert minutes.recalled() == 30
        ServiceType.objects.update(minutes=45)
        assert minutes.recalled() == 45
        with transaction.atomic(), pytest.raises(Outdated):
            diaries.look([])


def test_without_a_change_it_is_confirmed(clinic: Organization, minutes: Reader) -> None:
    with recalling():
        minutes.recalled()
        with transaction.atomic():
            assert diaries.look([]) == ([], [])


def test_who_recalls_nothing_has_nothing_to_confirm(clinic: Organization) -> None:
    with transaction.atomic():
        assert diaries.look([]) == ([], [])
    memory.confirm(None)


def test_of_a_clinic_without_a_version_nothing_is_remembered(
    clinic: Organization, minutes: Reader
) -> None:
    Configuration.objects.all().delete()

    for _ in range(2):
        with recalling():
            assert not memory.is_used()
            minutes.recalled()

    assert minutes.times == 2


def test_it_is_read_again_where_it_does_not_suffice(clinic: Organization) -> None:
    given = iter([5, 3])

    def since(asked: int) -> int:
        return memory.recall("since", lambda: next(given), suffices=lambda day: day <= asked)

    with recalling():
        assert [since(5), since(6), since(3), since(5)] == [5, 5, 3, 3]


VERSION = uuid.uuid4()


def test_nothing_is_remembered_for_more_than_a_minute() -> None:
    first = memory.memory_of("elm", VERSION, 100.0)

    assert memory.memory_of("elm", VERSION, 160.0) is first
    assert memory.memory_of("elm", VERSION, 160.1) is not first


def test_the_clinics_that_called_last_are_remembered() -> None:
    names = [f"clinic_{number}" for number in range(memory.MOST)]
    kept = [memory.memory_of(name, VERSION, 0.0) for name in names]
    assert memory.memory_of(names[0], VERSION, 0.0) is kept[0]

    memory.memory_of("one_more", VERSION, 0.0)

    assert len(memory._memories) == memory.MOST
    assert memory.memory_of(names[0], VERSION, 0.0) is kept[0]
    assert names[1] not in memory._memories


# --- the version is read by a later statement than the one that waits


class Sharing:
    """In a thread of its own: waits for who is committing, and keeps the version it then saw."""

    def __init__(self, clinic: Organization, share: Callable[[], Any]) -> None:
        self.clinic, self.share = clinic, share
        self.version: Any = None
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        try:
            with organizations.within(self.clinic), transaction.atomic():
                self.version = self.share()
        finally:
            connection.close()


def seen_behind_the_lock(clinic: Organization, share: Callable[[], Any]) -> tuple[Any, Any]:
    """What a session saw that waited for the commit of a change, and what was committed."""
    other = Sharing(clinic, share)
    with transaction.atomic():
        ServiceType.objects.update(minutes=45)
        with connection.cursor() as cursor:
            for one in connection.configured:  # type: ignore[attr-defined]
                configuration.begin_version(cursor, one)
        other.thread.start()
        wait_until(somebody_waits)
    other.thread.join()
    return other.version, configuration.version(clinic.schema_name)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone() is not None


def shared() -> Any:
    return configuration.of(together(*configuration.sharing())[1])


def in_one_statement() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            f"{configuration.SHARE}, (SELECT version FROM public.tenants_configuration),"
            " (SELECT version FROM bookings_configuration)"
        )
        return cursor.fetchone()[1:]


@pytest.mark.usefixtures("alone")
def test_behind_the_lock_the_version_is_the_committed_one(clinic: Organization) -> None:
    seen, committed = seen_behind_the_lock(clinic, shared)

    assert seen == committed


@pytest.mark.usefixtures("alone")
def test_the_statement_that_waits_would_see_the_one_before(clinic: Organization) -> None:
    """The negative control: so the version is read by a statement of its own."""
    before = configuration.version(clinic.schema_name)

    seen, committed = seen_behind_the_lock(clinic, in_one_statement)

    assert seen == before != committed


def test_what_is_recalled_is_not_shared_as_it_can_be_changed(clinic: Organization) -> None:
    with recalling():
        ServiceType.offered().clear()
        assert len(ServiceType.offered()) == 1
        assert BookingPolicy.current() is BookingPolicy.current()


# --- organizations and their domains


def version_of_all() -> Any:
    return Directory.objects.get().version


WAYS: dict[str, Callable[[Organization, Domain], object]] = {
    "save": lambda organization, domain: organization.save(),
    "status": lambda organization, domain: organizations.set_status(
        organization, Organization.Status.SUSPENDED
    ),
    "update": lambda organization, domain: Organization.objects.filter(pk=organization.pk).update(
        name="New"
    ),
    "domain": lambda organization, domain: domain.save(),
    "update of domains": lambda organization, domain: Domain.objects.filter(pk=domain.pk).update(
        is_primary=True
    ),
    "another domain": lambda organization, domain: organizations.add_domain(
        organization, "another.localhost"
    ),
    "no domain": lambda organization, domain: domain.delete(),
    "removal": lambda organization, domain: organizations.remove(organization),
}


@pytest.mark.parametrize("way", WAYS)
def test_each_change_of_an_organization_gives_another_version(
    way: str, committed: Committed
) -> None:
    made = committed(clinic=CLINIC)
    organizations.leave()
    organization = organizations.get(made.org)
    before = version_of_all()

    WAYS[way](organization, Domain.objects.get(domain=made.domain))

    assert version_of_all() != before
