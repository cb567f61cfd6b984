"""Stored data of the conversation: assistants, credentials, calls and their requests."""

from assistants.models.account import VapiConnection, VapiTool
from assistants.models.assistants import Assistant, PromptVersion
from assistants.models.calls import (
    Call,
    CallPolicy,
    CallQuerySet,
    ClinicNumber,
    ToolCall,
    ToolCallQuerySet,
)
from assistants.models.credentials import Secret, SigningKey
from assistants.models.reception import Reception, TransferNumber

__all__ = [
    "Assistant",
    "Call",
    "CallPolicy",
    "CallQuerySet",
    "ClinicNumber",
    "PromptVersion",
    "Reception",
    "Secret",
    "SigningKey",
    "ToolCall",
    "ToolCallQuerySet",
    "TransferNumber",
    "VapiConnection",
    "VapiTool",
]
