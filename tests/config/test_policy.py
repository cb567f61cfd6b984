"""The Content-Security-Policy: on every page, whoever answers it, and on nothing Vapi is told."""

import pytest
from django.test import Client

from tenants.models import Organization

pytestmark = pytest.mark.django_db

PAGES = [
    ("elm-street.localhost", "/admin/login/", 200),
    ("elm-street.localhost", "/admin/", 302),
    ("elm-street.localhost", "/nothing/", 404),
    ("elm-street.localhost", "/admin/nothing/", 302),
    ("localhost", "/admin/login/", 200),
    ("localhost", "/api/docs/", 200),
    ("localhost", "/nothing/", 404),
    ("nowhere.localhost", "/admin/", 404),
]


def policy(host: str, path: str, status: int) -> dict[str, str]:
    page = Client(headers={"Host": host}).get(path)
    assert page.status_code == status
    parts = (part.split(" ", 1) for part in page.get("Content-Security-Policy", "").split("; "))
    return {part[0]: part[-1] for part in parts}


@pytest.mark.parametrize(("host", "path", "status"), PAGES)
def test_a_page_runs_nothing_that_was_written_into_it(host: str, path: str, status: int) -> None:
    said = policy(host, path, status)

    assert "unsafe-inline" not in said["script-src"]
    assert said["default-src"] == said["form-action"] == "'self'"
    assert said["object-src"] == said["base-uri"] == said["frame-ancestors"] == "'none'"


@pytest.mark.parametrize("path", ["/nothing/", "/api/docs/"])
def test_only_the_admin_reads_expressions(path: str) -> None:
    status = 404 if "nothing" in path else 200

    assert policy("localhost", path, status)["script-src"] == "'self'"


def test_a_clinic_out_of_service_and_a_fault_of_ours_have_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Organization.objects.update(status="suspended")
    assert policy("elm-street.localhost", "/admin/", 503)["script-src"]

    Organization.objects.update(status="active")
    client = Client(headers={"Host": "elm-street.localhost"}, raise_request_exception=False)
    monkeypatch.setattr("tenants.organizations.current", None)
    page = client.get("/admin/login/")
    assert page.status_code == 500
    assert page["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["elm-street.localhost", "nowhere.localhost"])
def test_what_vapi_is_answered_is_as_it_was(host: str) -> None:
    answer = Client(headers={"Host": host}).post("/vapi/", {}, content_type="application/json")

    assert "Content-Security-Policy" not in answer
