"""The pages of the conversation at the front desk: assistants, calls, reception."""

from assistants.admin import assistants, calls, overview, phone, reception

__all__ = ["assistants", "calls", "overview", "phone", "reception"]
