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
DESCRIPTION = VapiView.describe(tools())


def closed(properties: JSON) -> JSON:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


WHY = {"type": "string", "description": "Why."}
REFUSAL = {"anyOf": [closed({"detail": WHY}), closed({"error": WHY})]}
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
        for name, summary in DESCRIPTION.examples.items()
    ]


def payload(name: str) -> object:
    return json.loads((settings.BASE_DIR / "fixtures" / "vapi" / f"{name}.json").read_text())


class MessageDescription(OpenApiViewExtension):
    target_class = "assistants.views.VapiView"

    def view_replacement(self) -> type[VapiView]:
        described = extend_schema(
            operation_id="message",
            summary="A message of Vapi's",
            description=DESCRIPTION.text,
            tags=["vapi"],
            request={"application/json": DESCRIPTION.request},
            responses={
                200: OpenApiResponse(
                    DESCRIPTION.answer, "The answer, or nothing where none is wanted."
                ),
                400: OpenApiResponse(REFUSAL, "No envelope, no JSON, or too long."),
                401: OpenApiResponse(REFUSAL, "The secret or the signature is missing or wrong."),
                404: OpenApiResponse(REFUSAL, "No clinic has this host."),
            },
            examples=[
                *request_examples(),
                OpenApiExample(
                    "Booked", DESCRIPTION.answered, response_only=True, status_codes=["200"]
                ),
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
                "name": DESCRIPTION.header,
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
