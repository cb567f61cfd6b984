"""Vapi, the voice vendor: see `conversation.Vendor`.

Only this folder and `assistants.provisioning` spell its field names.
"""

from assistants.vapi.parsing import read
from assistants.vapi.rendering import answer, hand_over, put_through, turn_down

# The secret comes in `Authorization` or in this header.
# https://docs.vapi.ai/server-url/server-authentication
HEADER = "X-Vapi-Secret"

__all__ = ["HEADER", "answer", "hand_over", "put_through", "read", "turn_down"]
