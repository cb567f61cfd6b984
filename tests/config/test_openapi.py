"""The OpenAPI page: what it promises is asked of the application as it is served."""

import json
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.test import Client
from hypothesis import given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from assistants.provisioning.onboarding import Onboarded
from config import openapi
from tests.conftest import Committed, Door, Server

OPERATORS = {"Host": "localhost"}
EXAMPLES = 60
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
]


@pytest.fixture
def described() -> dict[str, Any]:
    response = Client().get("/api/schema/?format=json", headers=OPERATORS)
    assert response.status_code == 200
    found: dict[str, Any] = json.loads(response.content)
    return found


def test_it_describes_what_vapi_and_a_probe_ask(described: dict[str, Any]) -> None:
    assert list(described["paths"]) == ["/vapi/", "/health"]
    assert set(described["paths"]["/vapi/"]["post"]["responses"]) == {"200", "400", "401", "404"}
    assert set(described["paths"]["/health"]["get"]["responses"]) == {"200", "503"}


def test_its_examples_are_the_payloads_of_the_tests(described: dict[str, Any], door: Door) -> None:
    body = described["paths"]["/vapi/"]["post"]["requestBody"]["content"]["application/json"]
    shown = [example["value"] for example in body["examples"].values()]

    assert shown == [openapi.payload(name) for name in openapi.DESCRIPTION.examples]
    answers = described["paths"]["/vapi/"]["post"]["responses"]["200"]["content"]
    for example in shown:
        response = door.post(example)
        assert response.status_code == 200
        jsonschema.validate(response.json(), answers["application/json"]["schema"])


@pytest.mark.parametrize("path", ["/api/docs/", "/api/schema/"])
def test_it_stands_at_the_operators_host_alone(path: str, door: Door) -> None:
    assert Client().get(path, headers=OPERATORS).status_code == 200
    assert Client().get(path, headers={"Host": door.host}).status_code == 404


# --- what is promised, asked with bodies of every kind


def ask(described: dict[str, Any], path: str, method: str, made: Onboarded, port: int) -> None:
    """Raises FailureGroup when an answer is none of those described."""
    headers = {"Host": made.domain, "Authorization": f"Bearer {made.secret}"}
    operation = schemathesis.openapi.from_dict(described)[path][method]

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
    @given(case=operation.as_strategy())
    def promised(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate(base_url=f"http://127.0.0.1:{port}", headers=headers, checks=CHECKS)

    promised()


@pytest.mark.parametrize(("path", "method"), [("/vapi/", "POST"), ("/health", "GET")])
def test_whatever_is_asked_the_answer_is_as_promised(
    path: str, method: str, described: dict[str, Any], committed: Committed, server: Server
) -> None:
    ask(described, path, method, committed(), server.port)


def test_a_promise_that_is_not_kept_is_noticed(
    described: dict[str, Any], committed: Committed, server: Server
) -> None:
    """The control: with a word in the description changed, the same test fails."""
    answers = described["paths"]["/health"]["get"]["responses"]["200"]["content"]
    answers["application/json"]["schema"]["properties"]["status"]["enum"] = ["fine"]

    with pytest.raises(FailureGroup):
        ask(described, "/health", "GET", committed(), server.port)
