"""Requests answered in a thread of their own, while the test changes something."""

from django.db import connection

from assistants.calls import answering
from assistants.conversation import Kind, ToolRequest, VoiceMessage
from tenants import organizations
from tenants.models import Organization
from tests.conftest import BEN


def ask(clinic: Organization, tool: str, said: dict[str, str]) -> str:
    request = ToolRequest("1", tool, {**said}, key=None)
    message = VoiceMessage(Kind.TOOLS, "call-1", BEN)
    try:
        with organizations.within(clinic):
            return answering.answer(request, message, now=clinic.now())
    finally:
        connection.close()
