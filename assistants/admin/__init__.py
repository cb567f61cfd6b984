"""The pages of the conversation at the front desk: assistants, calls, reception."""

from assistants.admin import assistants, calls, reception

__all__ = ["assistants", "calls", "reception"]
