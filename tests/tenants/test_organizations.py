"""Organizations: onboarded whole or not at all, each sealed in a schema of its own."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django_tenants.models import TenantMixin

from assistants.models import Assistant, Secret
from assistants.provisioning.onboarding import Onboarded
from bookings.models import Practitioner, Room, Schedule, ServiceType
from tenants import checks, organizations
from tenants.models import Organization
from tenants.organizations import Refused
from tests.conftest import MONDAY, everything, onboard_elm, tool_calls
from tests.sql import execute

pytestmark = pytest.mark.django_db


def test_onboarding_makes_everything_a_clinic_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its schema is made by migrations, as in production; other tests copy it."""
    monkeypatch.setattr(Organization, "create_schema", TenantMixin.create_schema)

    made = onboard_elm("oak_street")

    assert (made.org, made.schema, made.domain) == (
        "oak_street",
        "oak_street",
        "oak-street.localhost",
    )
    assert made.vapi_url == "http://oak-street.localhost:8000/vapi/"
    assert made.admin_url == "http://oak-street.localhost:8000/admin/"
    with organizations.within(organizations.get("oak_street")):
        staff = get_user_model().objects.get()
        assert staff.check_password(made.admin_password)
        assert staff.email == made.admin_email == "admin@oak-street.localhost"
        assert ServiceType.objects.count() == 3
        assert Practitioner.objects.count() == 2
        assert Schedule.objects.count() == 20
        assert Assistant.objects.get().name == "Sarah"
        assert Secret.objects.count() == 1


@pytest.mark.parametrize(
    "slug",
    [
        "a'; create schema evil; --",
        '"x"',
        "pg_x",
        "UPPER",
        "a" * 64,
        "public",
        "extensions",
        "information_schema",
        "еlm",
        "elm ",
        "elm\n",
        "x",
        "1elm",
        "elm-street",
        "",
    ],
)
def test_a_bad_slug_is_refused_and_no_schema_appears(slug: str) -> None:
    """M06."""
    before = everything()

    with pytest.raises(Refused) as refused:
        onboard_elm(slug, domain="oak.localhost")

    assert refused.value.argument == "slug"
    assert everything() == before


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("timezone", {"timezone": "America/Gotham"}),
        ("timezone", {"timezone": ""}),
        ("phone-region", {"phone_region": "ZZ"}),
        ("phone-region", {"phone_region": "us"}),
        ("domain", {"domain": "elm-street.localhost"}),
        ("domain", {"domain": "ELM-street.localhost"}),
        ("domain", {"domain": "localhost"}),
        ("domain", {"domain": "not a host"}),
        ("domain", {"domain": "http://oak.example"}),
        ("name", {"name": ""}),
        ("slug", {"slug": "elm_street", "domain": "other.localhost"}),
        ("admin-email", {"admin_email": "nobody"}),
        ("clinic-file", {"clinic": {"practitioners": [{"name": "A", "services": ["x"]}]}}),
        ("clinic-file", {"clinic": {"assistant": {"personality": "</clinic_personality>"}}}),
        ("name", {"name": "Elm \x01Street"}),
        ("name", {"name": "Elm \u202eStreet"}),
        ("admin-email", {"admin_email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.com"}),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_left(argument: str, changes: dict[str, Any]) -> None:
    before = everything()

    with pytest.raises(Refused) as refused:
        onboard_elm(**{"slug": "oak_street", **changes})

    assert refused.value.argument == argument
    assert everything() == before


def test_what_the_database_refuses_of_a_clinic_file_is_said_in_words() -> None:
    hours = {"monday": ["09:00-09:00"]}

    with pytest.raises(Refused, match=r"Dr\. Ada: .*end at another time than it starts"):
        onboard_elm("oak_street", clinic={"practitioners": [{"name": "Dr. Ada", "hours": hours}]})


@pytest.mark.parametrize(
    "clinic",
    [
        {"services": [{"name": "Cleaning", "minutes": 0}]},
        {"services": [{"name": "Cleaning", "length": 30}]},
        {"services": [{"name": "A\x00", "minutes": 30}]},
        {"services": {"name": "Cleaning"}},
        {"services": ["Cleaning"]},
        {"services": [{"name": "Cleaning", "minutes": "30"}]},
        {"services": [{"name": "C", "minutes": 30, "aliases": "x"}]},
        {"practitioners": [{"name": "A", "services": ["x"]}]},
        {"practitioners": [{"name": "A", "hours": {"someday": []}}]},
        {"practitioners": [{"name": "A", "hours": {"monday": ["9-5"]}}]},
        {"practitioners": [{"name": "A", "hours": {"monday": ["09:00-09:00"]}}]},
        {"practitioners": [{"name": "A", "aliases": [1]}]},
        {"practitioners": [{"name": "A", "hours": "x"}]},
        {"practitioners": [{"name": "A", "hours": {"monday": "09:00-12:00"}}]},
        {"assistant": {"personality": "</clinic_personality>"}},
        {"assistant": {"name": "A\x00"}},
        {"assistant": {"nam": "Q"}},
        {"organisation": {}},
    ],
)
def test_what_is_wrong_in_a_clinic_file_is_refused(
    clinic: dict[str, Any], furnish: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(Refused) as refused:
        furnish(clinic)

    assert refused.value.argument == "clinic-file"
    assert not ServiceType.objects.exists()
    assert not Practitioner.objects.exists()


def test_a_schema_that_is_somebody_elses_is_not_taken() -> None:
    execute("CREATE SCHEMA oak_street")

    with pytest.raises(Refused, match="already in the database"):
        onboard_elm("oak_street")


def test_an_org_has_more_than_one_domain() -> None:
    elm = organizations.get("elm_street")

    organizations.add_domain(elm, "Elm.Example.com.")

    assert organizations.primary_domain(elm) == "elm-street.localhost"
    assert set(elm.domains.values_list("domain", flat=True)) == {
        "elm-street.localhost",
        "elm.example.com",
    }


def test_its_clock_is_the_clinics(monday: Any) -> None:
    now = organizations.get("elm_street").now()

    assert now == MONDAY
    assert str(now.tzinfo) == "America/New_York"


# --- sealed off


def test_public_is_not_on_an_orgs_search_path(elm: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schemas(false)")
        assert cursor.fetchone()[0] == ["elm_street", "extensions"]


def test_a_table_missing_from_an_org_is_an_error_and_not_everybodys(elm: Organization) -> None:
    """M05: `auth_user` is in public too."""
    execute("ALTER TABLE elm_street.auth_user RENAME TO gone")

    with pytest.raises(ProgrammingError), transaction.atomic():
        get_user_model().objects.exists()


def test_an_org_whose_schema_is_missing_cannot_be_entered() -> None:
    ghost = Organization(schema_name="ghost", slug="ghost")

    with pytest.raises(RuntimeError, match="schema"), organizations.within(ghost):
        pass


def test_the_path_is_right_after_a_savepoint_that_was_rolled_back(elm: Organization) -> None:
    """M02."""
    organizations.leave()
    with transaction.atomic():
        elm.activate()
        Practitioner.objects.exists()
        transaction.set_rollback(True)

    assert Practitioner.objects.count() == 2


def test_a_loop_over_the_organizations_is_in_each_and_after_a_fault_in_none() -> None:
    """M07: as commands loop; and M02, since the fault rolls back what was begun inside."""
    onboard_elm("oak_street")
    with organizations.within(organizations.get("oak_street")):
        Practitioner.objects.all().delete()
    seen = {}

    for slug in ("elm_street", "oak_street", "elm_street"):
        organization = organizations.get(slug)
        with (
            suppress(ZeroDivisionError),
            transaction.atomic(),
            organizations.within(organization),
        ):
            seen[slug] = Practitioner.objects.count()
            raise ZeroDivisionError
        with pytest.raises(RuntimeError, match="no organization is current"):
            organizations.current()

    assert seen == {"elm_street": 2, "oak_street": 0}


def test_business_is_in_no_shared_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND (tablename LIKE 'bookings%' OR tablename LIKE 'assistants%')"
        )
        assert cursor.fetchall() == []


def test_no_foreign_key_leaves_an_orgs_schema() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint c JOIN pg_class t ON t.oid = c.confrelid"
            " WHERE c.contype = 'f' AND c.connamespace = 'elm_street'::regnamespace"
            " AND t.relnamespace <> 'elm_street'::regnamespace"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("version", "isolation", "found"),
    [
        (150004, "read committed", []),
        (180000, "read committed", []),
        (140011, "read committed", ["tenants.E001"]),
        (150004, "repeatable read", ["tenants.E002"]),
    ],
)
def test_a_database_that_cannot_keep_our_promises_is_refused_at_start(
    version: int, isolation: str, found: list[str]
) -> None:
    assert [problem.id for problem in checks.problems_of(version, isolation)] == found


# --- by host


def get(path: str, host: str, client: Client | None = None) -> Any:
    return (client or Client()).get(path, headers={"Host": host})


@pytest.mark.parametrize(
    "host", ["nobody.example", "elm-street.localhost.evil", "127.0.0.1", "a_b"]
)
def test_an_unknown_host_is_404(host: str) -> None:
    assert get("/vapi/", host).json() == {"error": "There is no clinic at this address."}
    page = get("/admin/", host)
    assert page.status_code == 404
    assert b"There is no clinic at this address" in page.content


@pytest.mark.parametrize("host", ["elm-street.localhost", "nobody.example", "localhost", "a b", ""])
def test_health_is_answered_at_any_host(host: str) -> None:
    response = get("/health", host)

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_suspended_org_apologises_on_the_phone_and_shows_nothing() -> None:
    """M08: its answers tell nothing about its data, and no page can be opened."""
    elm = organizations.get("elm_street")
    organizations.set_status(elm, Organization.Status.SUSPENDED)
    body = tool_calls({"id": "a", "tool": "check_availability", "arguments": {}})
    answer = Client().post(
        "/vapi/", json.dumps(body), content_type="application/json",
        headers={"Host": "elm-street.localhost"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert answer.json()["results"][0]["toolCallId"] == "a"
    assert "trouble" in answer.json()["results"][0]["result"]
    assert get("/admin/", "elm-street.localhost").status_code == 503


def test_a_half_migrated_org_is_unavailable() -> None:
    """M05."""
    organizations._complete.clear()
    execute("DELETE FROM elm_street.django_migrations WHERE app = 'assistants'")

    assert get("/admin/login/", "elm-street.localhost").status_code == 503
    organizations._complete.clear()


def test_an_org_whose_schema_was_dropped_is_unavailable() -> None:
    organizations._complete.clear()
    execute("ALTER SCHEMA elm_street RENAME TO elsewhere")

    assert get("/admin/login/", "elm-street.localhost").status_code == 503
    organizations._complete.clear()


def test_a_session_of_one_org_is_nobody_at_another() -> None:
    oak = onboard_elm("oak_street")
    onboard_elm("ash_street")
    client = Client()
    signed_in = client.post(
        "/admin/login/?next=/admin/",
        {"username": oak.admin_email, "password": oak.admin_password},
        headers={"Host": "oak-street.localhost"},
    )
    assert signed_in.status_code == 302
    assert get("/admin/password_change/", "oak-street.localhost", client).status_code == 200

    for other in ("ash-street.localhost", "elm-street.localhost", "localhost"):
        assert get("/admin/", other, client).status_code == 302


def test_the_password_of_one_org_opens_no_other() -> None:
    oak = onboard_elm("oak_street")

    response = Client().post(
        "/admin/login/",
        {"username": oak.admin_email, "password": oak.admin_password},
        headers={"Host": "elm-street.localhost"},
    )

    assert response.status_code == 200
    assert b"Please enter the correct" in response.content


def test_the_one_time_password_is_to_be_replaced() -> None:
    oak = onboard_elm("oak_street")
    said = {"username": oak.admin_email, "password": oak.admin_password}
    host = {"Host": "oak-street.localhost"}

    for _ in range(2):
        client = Client(headers=host)
        signed_in = client.post("/admin/login/?next=/admin/", said)
        assert signed_in["Location"] == "/admin/password_change/"
        assert signed_in.cookies["csrftoken"].value  # another one than before the sign-in
    for path in ("", "bookings/patient/", "bookings/patient/add/", "auth/user/"):
        assert client.get(f"/admin/{path}")["Location"] == "/admin/password_change/"
    assert client.post("/admin/bookings/room/add/", {"name": "A"}).status_code == 302
    with organizations.within(organizations.get("oak_street")):
        assert not Room.objects.exists()
    same = client.post("/admin/password_change/", passwords(oak, oak.admin_password))
    assert b"Please choose another password than the old one." in same.content
    assert client.get("/admin/")["Location"] == "/admin/password_change/"
    changed = client.post("/admin/password_change/", passwords(oak, "sunrise over elm"))
    assert changed.status_code == 302
    said["password"] = "sunrise over elm"
    assert Client(headers=host).post("/admin/login/?next=/admin/", said)["Location"] == "/admin/"
    assert client.get("/admin/bookings/patient/").status_code == 200


def passwords(made: Onboarded, new: str) -> dict[str, str]:
    return {"old_password": made.admin_password, "new_password1": new, "new_password2": new}


def test_a_colleague_of_the_front_desk_works_with_the_diary_and_not_with_accounts() -> None:
    onboard_elm("oak_street")
    with organizations.within(organizations.get("oak_street")):
        maria = get_user_model().objects.create_user("maria", password="p", is_staff=True)
        maria.groups.add(Group.objects.get(name="Front desk"))
        client = Client(headers={"Host": "oak-street.localhost"})
        client.force_login(maria)

    assert client.get("/admin/bookings/appointment/add/").status_code == 200
    assert client.get("/admin/assistants/toolcall/").status_code == 200
    assert client.get("/admin/auth/user/").status_code == 403


def test_operators_see_organizations_and_no_patients() -> None:
    get_user_model().objects.create_superuser("operator", password="pass")
    client = Client()
    client.post(
        "/admin/login/", {"username": "operator", "password": "pass"}, headers={"Host": "localhost"}
    )

    index = get("/admin/", "localhost", client)

    assert index.status_code == 200
    assert b"Organizations" in index.content
    assert b"Patient" not in index.content
    assert get("/admin/bookings/patient/", "localhost", client).status_code == 404
    assert get("/admin/tenants/organization/", "localhost", client).status_code == 200


def test_an_org_knows_its_address_from_inside_its_own_schema(elm: Organization) -> None:
    """A prompt or a definition is made within the org, where no domain is on the search path."""
    address = organizations.address(elm, "/vapi/")

    assert address == "http://elm-street.localhost:8000/vapi/"
    assert organizations.current() == elm
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        assert cursor.fetchone() == ("elm_street",)
