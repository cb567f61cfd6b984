"""The OpenAPI page: the endpoints for Vapi and for health probes, with payloads of our tests."""

import json

from django.conf import settings
from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiViewExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from assistants.tools.registry import tools
from assistants.views import VapiView

JSON = dict[str, object]

# By the name of the file in fixtures/vapi/: what each stands for.
EXAMPLES = {
    "02-tool-calls.live-object-arguments": "A tool call, as captured live",
    "01-tool-calls.schema-string-arguments": "The same, arguments as text",
    "15-tool-calls.book": "A booking",
    "30-function-call.legacy-object": "A function call of the old kind",
    "40-assistant-request.inbound": "Who answers this call?",
    "51-status-update.ended": "A call has ended",
    "60-end-of-call-report": "The report after a call",
}
DESCRIPTION = """
What Vapi posts to a clinic's own host, and what it is answered. Every tool call gets one sentence,
HTTP 200 and its own id back, also when it is refused or when something of ours fails. Messages
that want no answer get an empty object.
"""


def text(description: str) -> JSON:
    return {"type": "string", "description": description}


def known_or(values: list[str], description: str) -> JSON:
    """An enum of the known values that also allows others: Vapi adds some, and we accept all."""
    return {"anyOf": [{"enum": values}, {"type": "string"}], "description": description}


ARGUMENTS = {
    "description": "An object, or the text of one: both are sent.",
    "anyOf": [{"type": "object", "additionalProperties": True}, {"type": "string"}],
}
TOOL_CALL = {
    "type": "object",
    "properties": {
        "id": text("Comes back as it is."),
        "function": {
            "type": "object",
            "properties": {
                "name": known_or(list(tools()), "The tool."),
                "arguments": ARGUMENTS,
            },
        },
    },
}
CALL = {
    "type": "object",
    "properties": {
        "id": text("What makes a repeated request the same one."),
        "customer": {
            "type": "object",
            "properties": {"number": text("Who is calling, by the network, E.164.")},
        },
    },
}
KINDS = [
    "tool-calls",
    "status-update",
    "end-of-call-report",
    "function-call",
    "assistant-request",
    "transfer-destination-request",
]
ENVELOPE = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "message": {
            "type": "object",
            "properties": {
                "type": known_or(KINDS, "What the message is."),
                "call": CALL,
                "toolCallList": {"type": "array", "items": TOOL_CALL},
            },
            "additionalProperties": True,
        }
    },
}


def closed(properties: JSON) -> JSON:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


RESULT = closed(
    {
        "name": text("The tool's name, as it was asked."),
        "toolCallId": {"description": "As it came."},
        "result": text("One line, to be spoken."),
    }
)
ANSWER = {
    "oneOf": [
        closed({"results": {"type": "array", "items": RESULT}}),
        closed({"result": text("The answer to a function call of the old kind.")}),
        closed({"error": text("What the caller hears instead.")}),
        closed({}),
    ]
}
BOOKED = {
    "results": [
        {
            "name": "book_appointment",
            "toolCallId": "call_Zk3vB8nQ",
            "result": "You're booked: a cleaning on Thursday, December 3, 2026 at 2:30 PM with"
            " Dr. Amara Okafor. Your reference is 7Q2MK.",
        }
    ]
}
REFUSAL = {"anyOf": [closed({"detail": text("Why.")}), closed({"error": text("Why.")})]}
HEALTH = {
    "get": {
        "operationId": "health",
        "summary": "Whether this process reaches its database",
        "description": "At any host, within two seconds.",
        "tags": ["health"],
        "security": [{}],
        "responses": {
            status: {
                "description": described,
                "content": {
                    "application/json": {
                        "schema": closed({"status": {"type": "string", "enum": [word]}})
                    }
                },
            }
            for status, word, described in (
                ("200", "ok", "It does."),
                ("503", "unavailable", "It does not."),
            )
        },
    }
}


def request_examples() -> list[OpenApiExample]:
    return [
        OpenApiExample(name, payload(name), summary=summary, request_only=True)
        for name, summary in EXAMPLES.items()
    ]


def payload(name: str) -> object:
    return json.loads((settings.BASE_DIR / "fixtures" / "vapi" / f"{name}.json").read_text())


class MessageDescription(OpenApiViewExtension):
    target_class = "assistants.views.VapiView"

    def view_replacement(self) -> type[VapiView]:
        described = extend_schema(
            operation_id="message",
            summary="A message of Vapi's",
            description=DESCRIPTION,
            tags=["vapi"],
            request={"application/json": ENVELOPE},
            responses={
                200: OpenApiResponse(ANSWER, "The answer, or nothing where none is wanted."),
                400: OpenApiResponse(REFUSAL, "No envelope, no JSON, or too long."),
                401: OpenApiResponse(REFUSAL, "The secret or the signature is missing or wrong."),
                404: OpenApiResponse(REFUSAL, "No clinic has this host."),
            },
            examples=[
                *request_examples(),
                OpenApiExample("Booked", BOOKED, response_only=True, status_codes=["200"]),
            ],
        )
        return extend_schema_view(post=described)(VapiView)


class SecretDescription(OpenApiAuthenticationExtension):
    target_class = "assistants.views.VapiAuthentication"
    name = ["secret", "vapiSecret", "signature"]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[JSON]:
        return [
            {"type": "http", "scheme": "bearer", "description": "The clinic's secret."},
            {
                "type": "apiKey",
                "in": "header",
                "name": "X-Vapi-Secret",
                "description": "The same secret, as it is.",
            },
            {
                "type": "apiKey",
                "in": "header",
                "name": "x-signature",
                "description": "HMAC over `{timestamp}.{body}`, beside `x-timestamp`; the format"
                " is the clinic's own (`set_hmac`).",
            },
        ]


def add_health(result: dict[str, JSON], **_: object) -> dict[str, JSON]:
    """A middleware answers `/health`, so it has no view and is described by hand."""
    result["paths"]["/health"] = HEALTH
    return result


urlpatterns = [
    path(
        "schema/",
        SpectacularAPIView.as_view(patterns=[path("vapi/", VapiView.as_view())]),
        name="schema",
    ),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
