"""The pages of the conversation at the front desk: assistants, calls, reception."""

from assistants.admin import assistants, calls, phone, reception

__all__ = ["assistants", "calls", "phone", "reception"]
