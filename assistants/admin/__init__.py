"""The pages of the conversation at the front desk: assistants, calls, reception."""

from assistants.admin.assistants import (
    KINDS,
    PUBLISH,
    AssistantAdmin,
    PromptVersionAdmin,
    PromptVersionInline,
    changed_since,
    may_restore,
)
from assistants.admin.calls import (
    TURN,
    AppointmentWithCallsAdmin,
    CallAdmin,
    CallPolicyAdmin,
    ClinicNumberAdmin,
    NumberShown,
    Record,
    ToolCallAdmin,
    link,
    link_to_call,
    named_output,
    turns,
)
from assistants.admin.reception import ReceptionAdmin, TransferNumberAdmin

__all__ = [
    "KINDS",
    "PUBLISH",
    "TURN",
    "AppointmentWithCallsAdmin",
    "AssistantAdmin",
    "CallAdmin",
    "CallPolicyAdmin",
    "ClinicNumberAdmin",
    "NumberShown",
    "PromptVersionAdmin",
    "PromptVersionInline",
    "ReceptionAdmin",
    "Record",
    "ToolCallAdmin",
    "TransferNumberAdmin",
    "changed_since",
    "link",
    "link_to_call",
    "may_restore",
    "named_output",
    "turns",
]
