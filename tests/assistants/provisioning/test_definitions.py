"""Definitions: what Vapi's API is told, held to our serializers and to the vendor's limits."""

import re

import pytest

from assistants.models import Assistant, Reception, TransferNumber, VapiConnection
from assistants.provisioning import definitions
from assistants.vapi.shapes import Argument, Tool
from tenants import budgets, organizations
from tenants.models import Organization
from tests import vapi_server
from tests.conftest import MONDAY, onboard_elm
from tests.tools import TOOLS

VENDORS_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def arguments(tool: Tool) -> dict[str, Argument]:
    return tool["function"]["parameters"]["properties"]


def test_every_tool_is_defined_by_the_serializer_that_reads_it(elm: Organization) -> None:
    defined = {tool["function"]["name"]: tool for tool in definitions.tools(elm)}

    assert list(defined) == list(TOOLS)
    for name, tool in TOOLS.items():
        fields = tool.serializer.text_fields()
        assert list(arguments(defined[name])) == list(fields)
        assert defined[name]["function"]["parameters"]["required"] == [
            word for word, field in fields.items() if field.required
        ]


def test_what_the_model_is_told_of_booking(elm: Organization) -> None:
    [book] = [
        tool for tool in definitions.tools(elm) if tool["function"]["name"] == "book_appointment"
    ]

    assert book["function"]["parameters"]["required"] == ["service", "patient_name"]
    assert arguments(book)["service"] == {
        "type": "string",
        "description": "What the visit is for, as the caller calls it.",
    }
    assert "next Thursday" in arguments(book)["start"]["description"]


def test_no_tool_passes_a_limit_of_the_vendor(elm: Organization) -> None:
    for tool in definitions.tools(elm):
        function = tool["function"]
        assert VENDORS_NAME.fullmatch(function["name"])
        assert 0 < len(function["description"]) < 1000
        for message in tool["messages"]:
            assert 0 < len(message["content"]) <= 1000
        for argument in arguments(tool).values():
            assert argument["type"] == "string"
            assert 0 < len(argument["description"]) < 1000
        assert tool["server"]["timeoutSeconds"] == budgets.VENDOR_WAITS <= 300
        assert 0 <= tool["server"]["backoffPlan"]["maxRetries"] <= 10


def test_vapi_speaks_while_a_tool_works_and_never_in_place_of_its_answer(
    elm: Organization,
) -> None:
    for tool in definitions.tools(elm):
        kinds = [message["type"] for message in tool["messages"]]

        assert kinds == ["request-start", "request-response-delayed", "request-failed"]
        assert tool["async"] is False


def test_caller_and_call_id_are_filled_in_by_vapi_and_unknown_to_the_model(
    elm: Organization,
) -> None:
    for tool in definitions.tools(elm):
        filled = {one["key"]: one["value"] for one in tool["parameters"]}

        assert filled == {"caller_number": "{{ customer.number }}", "call_id": "{{ call.id }}"}
        assert not filled.keys() & arguments(tool).keys()


def test_two_orgs_differ_in_nothing_but_where_they_are_reached(elm: Organization) -> None:
    here = definitions.tools(elm)
    organizations.leave()
    onboard_elm("oak_street")
    with organizations.within(organizations.get("oak_street")) as oak:
        there = definitions.tools(oak)

    assert here[0]["server"]["url"].startswith("http://elm-street.localhost")
    assert there[0]["server"]["url"].startswith("http://oak-street.localhost")
    assert [tool["function"] for tool in here] == [tool["function"] for tool in there]


def test_the_credential_is_named_everywhere_once_it_is_known(
    elm: Organization, sarah: Assistant
) -> None:
    assert "credentialId" not in definitions.assistant(elm, sarah)["server"]

    VapiConnection.objects.create(credential_id="cred-1")

    assert definitions.assistant(elm, sarah)["server"]["credentialId"] == "cred-1"
    assert {tool["server"]["credentialId"] for tool in definitions.tools(elm)} == {"cred-1"}


def test_the_assistant_runs_with_the_authority_and_is_known_again_by_its_metadata(
    elm: Organization, sarah: Assistant
) -> None:
    defined = definitions.assistant(elm, sarah)

    [system] = defined["model"]["messages"]
    assert system["role"] == "system"
    assert system["content"].startswith("# System authority")
    assert defined["name"] == "Sarah, Elm Street"
    assert "transfer-destination-request" in defined["serverMessages"]
    assert defined["metadata"] == {"organization": str(elm.uuid), "assistant": str(sarah.pk)}


def test_an_assistant_for_one_call_can_put_callers_through_and_end_the_call(
    elm: Organization, sarah: Assistant
) -> None:
    TransferNumber.objects.create(reason="", phone="+14155550102")
    Reception.objects.create(closing="Good day.")

    whole = definitions.for_one_call(elm, sarah, now=MONDAY)

    inside = whole["model"]["tools"]
    assert [tool["type"] for tool in inside] == ["function"] * len(TOOLS) + [
        "transferCall",
        "endCall",
    ]
    assert inside[-1]["messages"] == [{"type": "request-start", "content": "Good day."}]
    assert vapi_server.problems("POST", "assistant", whole) == []


def test_a_long_name_is_cut_to_what_vapi_takes(elm: Organization, sarah: Assistant) -> None:
    elm.name = "The Practice for Dentistry and Oral Surgery on Elm Street"

    assert len(definitions.assistant(elm, sarah)["name"]) == 40


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ("Elm Street, hello?", "assistant-speaks-first"),
        ("", "assistant-speaks-first-with-model-generated-message"),
    ],
)
def test_without_a_first_message_the_model_finds_one(
    said: str, mode: str, elm: Organization, sarah: Assistant
) -> None:
    sarah.first_message = said

    defined = definitions.assistant(elm, sarah)

    assert (defined.get("firstMessage", ""), defined["firstMessageMode"]) == (said, mode)
