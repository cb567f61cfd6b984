"""Identity: whether a message is of one of this org's own assistants, as far as we know them."""

import structlog

from assistants.models import Assistant
from assistants.vapi import Message

log = structlog.get_logger(__name__)


def is_a_strangers(message: Message) -> bool:
    """Whether Vapi names another assistant than those it stores for this org.

    Where none of ours is known by its id, nothing contradicts. Once one is, an id that is not
    among them is somebody else's, whatever secret came with it.
    """
    if not message.assistant:
        return False
    ours = set(Assistant.objects.exclude(vapi_id="").values_list("vapi_id", flat=True))
    if not ours or message.assistant in ours:
        return False
    log.warning("message refused", reason="assistant_mismatch", type=message.type)
    return True
