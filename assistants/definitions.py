"""Definitions: what Vapi is told of an assistant. A stand-in: the `sync` branch has the whole."""

from datetime import datetime
from typing import Any

from assistants import prompts
from assistants.models import Assistant
from tenants.models import Organization


def assistant(
    organization: Organization, assistant: Assistant, *, now: datetime | None = None
) -> dict[str, Any]:
    """Raises prompts.Unsafe."""
    prompt = prompts.merged(organization, assistant)
    return {
        "name": assistant.name,
        "model": {
            "provider": "openai",
            "model": "gpt-4.1",
            "messages": [{"role": "system", "content": prompt}],
        },
        "serverMessages": ["tool-calls", "status-update", "end-of-call-report"],
    }
