"""The OpenAPI page: what Vapi and a probe may ask of us, with the payloads our tests send."""

import json
from typing import Any

from django.conf import settings
from django.urls import path
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiViewExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from assistants.tools.registry import TOOLS
from assistants.views import VapiView

JSON = dict[str, Any]
DESCRIPTION = VapiView.describe(TOOLS)


def text(description: str) -> JSON:
    return {"type": "string", "description": description}


def closed(properties: JSON) -> JSON:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
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
        for name, summary in DESCRIPTION.examples.items()
    ]


def payload(name: str) -> Any:
    return json.loads((settings.BASE_DIR / "fixtures" / "vapi" / f"{name}.json").read_text())


class MessageDescription(OpenApiViewExtension):
    target_class = "assistants.views.VapiView"

    def view_replacement(self) -> Any:
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

    def get_security_definition(self, auto_schema: Any) -> list[JSON]:
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


def add_health(result: JSON, **kwargs: Any) -> JSON:
    """`/health` is answered before there are views: it is described by hand."""
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
