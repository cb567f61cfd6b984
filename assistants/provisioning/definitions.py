"""Definitions: the tools and the assistant of an org, in the words Vapi's API takes.

A tool's arguments are those its serializer reads: nothing is listed twice.
"""

from datetime import datetime

from assistants.models import Assistant, TransferNumber, VapiConnection
from assistants.prompts import authority, facts
from assistants.tools import registry
from assistants.tools.fields import AnyField
from assistants.tools.serializers import Heard
from assistants.tools.tool import Tool
from assistants.vapi import shapes
from tenants import budgets, organizations
from tenants.models import Organization

# The server messages we use; without this list Vapi sends eleven kinds, most of them every second.
SERVER_MESSAGES = [
    "tool-calls",
    "status-update",
    "end-of-call-report",
    "transfer-destination-request",
]
# A request that is repeated finds its answer, so Vapi may ask again; not when we said no.
BACKOFF: shapes.Backoff = {
    "type": "exponential",
    "maxRetries": 2,
    "baseDelaySeconds": 1,
    "excludedStatusCodes": [400, 401, 403, 404, 405, 413, 422],
}
# For updates of a call: nobody waits for the answer, so Vapi may retry for half an hour (2 s,
# doubled ten times; the most retries it allows). What a caller waits for is always answered.
EVENTS_BACKOFF: shapes.Backoff = {**BACKOFF, "maxRetries": 10, "baseDelaySeconds": 2}
# Vapi fills these in over whatever the model wrote, and the model never sees them. They are for
# people who read the call log: who calls is taken from the signalling (`signalling.identified`).
STATIC_PARAMETERS = {"caller_number": "{{ customer.number }}", "call_id": "{{ call.id }}"}
# Without a destination Vapi asks us for one. It must say nothing meanwhile: we may have none.
# https://docs.vapi.ai/calls/call-dynamic-transfers
TRANSFER_CALL: shapes.Tool = {
    "type": "transferCall",
    "destinations": [],
    "messages": [
        {"type": "request-start", "content": ""},
        {
            "type": "request-failed",
            "role": "system",
            "content": "The caller was not put through. Say so, and offer a call back.",
        },
    ],
}
LONGEST_NAME = 40
SPEAKS_FIRST = "assistant-speaks-first"
SPEAKS_FIRST_BY_ITSELF = "assistant-speaks-first-with-model-generated-message"


def tools(organization: Organization) -> list[shapes.Tool]:
    """Every tool there is, as the org's own. To be called within the organization."""
    return [
        {
            "type": "function",
            "async": False,
            "function": function(tool),
            "server": server(organization),
            "messages": messages(tool),
            "parameters": [{"key": k, "value": v} for k, v in STATIC_PARAMETERS.items()],
        }
        for tool in registry.tools().values()
    ]


def call_controls() -> list[shapes.Tool]:
    """Vapi's own tools, which act on the call itself. To be called within the organization.

    They are defined inside the assistant. A stored one would have neither our name nor our address,
    so we could not recognise it as ours. https://docs.vapi.ai/tools/hang-up/configuration
    """
    goodbye: shapes.ToolMessage = {"type": "request-start", "content": facts.closing()}
    end_call: shapes.Tool = {"type": "endCall", "messages": [goodbye]}
    return [TRANSFER_CALL, end_call] if TransferNumber.objects.exists() else [end_call]


def function(tool: Tool[Heard]) -> shapes.Function:
    """What the model sees. It is not `strict`: what was left out is asked for, in our words."""
    fields = tool.serializer.text_fields()
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": {
            "type": "object",
            "properties": {word: argument(field) for word, field in fields.items()},
            "required": [word for word, field in fields.items() if field.required],
        },
    }


def argument(field: AnyField) -> shapes.Argument:
    """Text, whatever it is about: `hearing` understands it."""
    return {"type": "string", "description": str(field.help_text or field.meaning)}


def messages(tool: Tool[Heard]) -> list[shapes.ToolMessage]:
    """What the caller hears meanwhile. Never a `request-complete`: it would replace our answer."""
    failed = "No answer came. Say so; never guess."
    if tool.writes:
        failed = (
            "No answer came, so it may be done or not. Say neither: use did_that_go_through and"
            " tell the caller what it answers."
        )
    return [
        {"type": "request-start", "content": tool.waiting},
        {
            "type": "request-response-delayed",
            "content": "Still on it, thank you for waiting.",
            "timingMilliseconds": int(budgets.VENDOR_FILLS_SILENCE * 1000),
        },
        {"type": "request-failed", "role": "system", "content": failed},
    ]


def server(organization: Organization) -> shapes.Server:
    """How Vapi reaches the org. If we have no credential, we leave Vapi's own choice alone."""
    described: shapes.Server = {
        "url": organizations.address(organization, "/vapi/"),
        "timeoutSeconds": int(budgets.VENDOR_WAITS),
        "backoffPlan": BACKOFF,
    }
    credential = VapiConnection.current().credential_id
    return {**described, "credentialId": credential} if credential else described


def assistant(
    organization: Organization, assistant: Assistant, *, now: datetime | None = None
) -> shapes.Assistant:
    """The whole assistant, without our own tools and their ids. Raises authority.Unsafe.

    `now` is put into the prompt as it is; without it Vapi fills the time in as each call starts.
    """
    prompt = authority.merged(organization, assistant, now=now)
    first_message = assistant.first_message
    described: shapes.Assistant = {
        "name": f"{assistant.name}, {organization.name}"[:LONGEST_NAME].strip(),
        "firstMessageMode": SPEAKS_FIRST if first_message else SPEAKS_FIRST_BY_ITSELF,
        "model": {
            "provider": assistant.model_provider,
            "model": assistant.model,
            "temperature": assistant.temperature,
            "maxTokens": assistant.max_tokens,
            "messages": [{"role": "system", "content": prompt}],
            "tools": call_controls(),
        },
        "voice": {"provider": assistant.voice_provider, "voiceId": assistant.voice_id},
        "transcriber": {
            "provider": "deepgram",
            "model": "nova-3",
            "language": assistant.language,
        },
        "server": {**server(organization), "backoffPlan": EVENTS_BACKOFF},
        "serverMessages": SERVER_MESSAGES,
        "metadata": metadata(organization, assistant),
    }
    return {**described, "firstMessage": first_message} if first_message else described


def for_one_call(
    organization: Organization, stored: Assistant, *, now: datetime
) -> shapes.Assistant:
    """The assistant with its tools and the time inside it, where Vapi stores neither.

    Raises authority.Unsafe.
    """
    whole = assistant(organization, stored, now=now)
    inside = [*tools(organization), *whole["model"]["tools"]]
    return {**whole, "model": {**whole["model"], "tools": inside}}


def metadata(organization: Organization, assistant: Assistant) -> dict[str, str]:
    """The metadata by which we find an assistant whose id was not stored."""
    return {"organization": str(organization.uuid), "assistant": str(assistant.pk)}
