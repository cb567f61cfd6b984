"""Behind: `migrate_schemas` works on the clinics that need it, and looks at the others together."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from assistants import staff
from tenants import behind, organizations, together
from tenants.models import Organization
from tenants.roles import FRONT_DESK
from tests import many
from tests.conftest import Committed
from tests.copies import dump
from tests.inside import manage
from tests.sql import execute


def applied(schema: str) -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {schema}.django_migrations")
        return set(cursor.fetchall())


@pytest.fixture
def elms(committed: Committed) -> Iterator[Callable[[str], str]]:
    """Makes clinics that other processes see, and removes them; the schema's name is given."""
    made: list[str] = []

    def make(name: str) -> str:
        made.append(committed(name).org)
        return made[-1]

    yield make
    organizations.leave()
    for slug in made:
        organizations.remove(organizations.get(slug))


LAST = MigrationLoader(None).graph.leaf_nodes("bookings")[0]
BEFORE_LAST = MigrationLoader(None).disk_migrations[LAST].dependencies[0][1]


def take_back_one_migration(schema: str) -> None:
    back_to = ("migrate_schemas", "bookings", BEFORE_LAST)
    call_command(*back_to, schema_name=schema, interactive=False, verbosity=0)
    assert LAST not in applied(schema)


def worked_on(output: str) -> set[str]:
    """The schemas that `migrate_schemas` says it has begun with."""
    begun = (line for line in output.splitlines() if "=== Starting migration" in line)
    return {line.partition("]")[0].rpartition(":")[2] for line in begun}


def test_nothing_is_done_in_clinics_that_lack_nothing(elms: Callable[[str], str]) -> None:
    elms("whole_oak")

    done = manage("migrate_schemas")

    assert (done.returncode, worked_on(done.stdout)) == (0, {"public"})


def test_one_that_lacks_a_migration_gets_it(elms: Callable[[str], str]) -> None:
    whole, lacking = elms("whole_oak"), elms("lacking_oak")
    take_back_one_migration(lacking)

    done = manage("migrate_schemas")

    assert worked_on(done.stdout) == {"public", lacking}
    assert applied(lacking) == applied(whole)


def test_one_in_the_middle_of_being_made_is_finished(elms: Callable[[str], str]) -> None:
    whole, half, bare = elms("whole_oak"), elms("half_oak"), elms("bare_oak")
    for schema in (half, bare):
        execute(f"DROP SCHEMA {schema} CASCADE", f"CREATE SCHEMA {schema}")
    with schema_context(half):
        MigrationExecutor(connection).migrate([("contenttypes", "0001_initial")])

    done = manage("migrate_schemas")

    assert worked_on(done.stdout) == {"public", half, bare}
    assert applied(half) == applied(bare) == applied(whole)


def test_one_restored_from_before_the_last_migration_is_migrated_again(
    elms: Callable[[str], str],
) -> None:
    whole, restored = elms("whole_oak"), elms("restored_oak")
    take_back_one_migration(restored)
    backup = dump(f"--schema={restored}")
    assert manage("migrate_schemas").returncode == 0
    assert behind.of([whole, restored]) == []

    execute(f"DROP SCHEMA {restored} CASCADE")
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as session:
        session.execute(backup.encode())
    done = manage("migrate_schemas")

    assert worked_on(done.stdout) == {"public", restored}
    assert applied(restored) == applied(whole)


def test_one_whose_table_of_migrations_is_gone_is_told_of(elms: Callable[[str], str]) -> None:
    whole, without = elms("whole_oak"), elms("without_oak")
    execute(f"DROP TABLE {without}.django_migrations")

    done = manage("migrate_schemas")

    assert done.returncode == 1
    assert f"Not migrated, and not served: {without} (" in done.stderr
    assert whole not in done.stderr


def test_one_whose_table_of_migrations_is_another_holds_up_nobody(
    elms: Callable[[str], str],
) -> None:
    whole, other = elms("whole_oak"), elms("other_oak")
    execute(
        f"DROP TABLE {other}.django_migrations",
        f"CREATE TABLE {other}.django_migrations (id integer)",
    )

    assert behind.of([whole, other]) == [other]


def test_a_schema_that_is_gone_is_told_of(elms: Callable[[str], str]) -> None:
    whole, gone = elms("whole_oak"), elms("gone_oak")
    execute(f"DROP SCHEMA {gone} CASCADE")

    done = manage("migrate_schemas")

    assert done.returncode == 1
    assert f"{gone} (its schema is missing)" in done.stderr
    assert whole not in done.stderr


def test_a_command_that_works_in_a_clinic_that_is_behind_says_so_in_one_line(
    elms: Callable[[str], str], tmp_path: Path
) -> None:
    lacking, gone = elms("lacking_oak"), elms("gone_oak")
    take_back_one_migration(lacking)
    execute(f"DROP SCHEMA {gone} CASCADE")
    file = tmp_path / "patients.csv"
    file.write_text("name,phone\n")
    visit = ("--name", "Ben", "--phone", "1", "--service", "cleaning", "--start", "noon")

    for slug in (lacking, gone):
        for name, *others in (
            ["add_staff", "ben"], ["book_appointment", *visit], ["export_patients"],
            ["import_csv", "patients", str(file)], ["load_holidays"], ["print_prompt"],
            ["replay_call", "call"], ["rotate_secret"], ["set_hmac"], ["sign_in_link", "ben"],
            ["unlock_sign_in"], ["unverify_patients"],
        ):  # fmt: skip
            done = manage(name, slug, *others)

            said = done.stderr.strip().splitlines()
            assert (name, done.returncode, len(said)) == (name, 1, 1)
            assert "org: its schema is behind or missing; see migrate_schemas" in said[0]


@pytest.mark.parametrize("argument", ["--schema=nowhere", "--nonsense"])
def test_a_wrong_argument_of_migrate_schemas_is_one_line(
    argument: str, committed: Committed
) -> None:
    done = manage("migrate_schemas", argument)

    assert (done.returncode, len(done.stderr.strip().splitlines())) == (1, 1)
    assert argument.partition("=")[0] in done.stderr


def test_migrations_of_a_newer_version_are_told_of_and_left(
    elms: Callable[[str], str], caplog: pytest.LogCaptureFixture
) -> None:
    newer, newer_too = elms("newer_oak"), elms("newer_elm")
    for schema in (newer, newer_too):
        execute(
            f"INSERT INTO {schema}.django_migrations (app, name, applied)"
            " VALUES ('bookings', '0999_from_the_future', now())"
        )

    done = manage("migrate_schemas")

    assert (done.returncode, worked_on(done.stdout)) == (0, {"public"})
    [line] = [line for line in caplog.messages if "unknown to this code" in line]
    assert "bookings.0999_from_the_future" in line
    assert "'organizations': 2" in line


def test_one_that_was_stopped_before_it_got_its_rights_gets_them(
    elms: Callable[[str], str],
) -> None:
    stopped = elms("stopped_oak")
    with schema_context(stopped):
        Group.objects.get(name=FRONT_DESK).permissions.clear()
        Permission.objects.filter(codename="add_room").delete()
    execute(f"DELETE FROM {stopped}.django_migrations WHERE app = '{behind.RIGHTS}'")

    assert manage("migrate_schemas").returncode == 0

    with schema_context(stopped):
        assert Permission.objects.filter(codename="add_room").exists()
        assert not staff.lacking_rights(FRONT_DESK).exists()
    assert behind.of([stopped]) == []


def test_rights_that_a_release_gives_anew_are_given_without_a_migration(
    elms: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    oak = elms("oak_of_old")
    with schema_context(oak):
        group = Group.objects.get(name=FRONT_DESK)
        group.permissions.remove(Permission.objects.get(codename="add_room"))
    assert behind.of([oak]) == []

    with monkeypatch.context() as patch:
        patch.setattr(behind, "done_after_migrations", [lambda: "another release"])
        assert behind.of([oak]) == [oak]
        call_command("migrate_schemas", interactive=False, verbosity=0)
        assert behind.of([oak]) == []
    call_command("migrate_schemas", interactive=False, verbosity=0)  # the other clinics, as before

    with schema_context(oak):
        assert not staff.lacking_rights(FRONT_DESK).exists()


def test_a_schema_that_is_named_is_looked_at_whole(elms: Callable[[str], str]) -> None:
    """What was taken away by hand is mended by the command that the doctor names."""
    oak = elms("robbed_oak")
    with schema_context(oak):
        Group.objects.get(name=FRONT_DESK).permissions.clear()
    told = manage("doctor", "--org", oak).stdout
    assert f"manage.py migrate_schemas --schema {oak}" in told

    assert manage("migrate_schemas", "--schema", oak).returncode == 0

    with schema_context(oak):
        assert not staff.lacking_rights(FRONT_DESK).exists()


@pytest.fixture
def ward(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Organization]]:
    with django_db_blocker.unblock():
        made = many.make(2 * together.TOGETHER, prefix="ward")
        yield made
        organizations.leave()
        for first in range(0, len(made), 20):
            many.remove(made[first : first + 20])
        connection.close()


def test_fifty_clinics_more_are_one_query_more(ward: list[Organization]) -> None:
    schemas = [one.schema_name for one in ward]

    with CaptureQueriesContext(connection) as few:
        assert behind.of(schemas[: together.TOGETHER]) == []
    with CaptureQueriesContext(connection) as many_more:
        assert behind.of(schemas) == []

    assert len(many_more) - len(few) <= 4  # with the BEGIN and COMMIT around it
    assert sum("string_agg" in query["sql"] for query in many_more) == 2
