"""Events: what the vendor tells of a call, stored in one row; erased when it is deleted there."""

from datetime import datetime

import structlog

from assistants.conversation import VoiceMessage
from assistants.models import Call
from assistants.prompts import authority
from bookings import diaries

log = structlog.get_logger(__name__)


def record(message: VoiceMessage, *, now: datetime) -> None:
    """Store an update of a call.

    Repeated updates change nothing, late ones never empty a field, and an erased call stays erased.
    """
    if not message.conversation:
        return
    update = message.update
    with diaries.writing():
        call = Call.claim(message.conversation, now=now)
        if not call.is_closed:
            prompt_hash = authority.digest(update.prompt) if update.prompt else ""
            call.learn(update, prompt_hash=prompt_hash)
            if update.has_stalled:
                call.stall(message.sent or now)
            call.save()
    if update.has_stalled:
        log.warning("assistant stalled")


def erase(message: VoiceMessage, *, now: datetime) -> None:
    """Erase our copy of a call that was deleted, also if updates of it arrive later."""
    if not message.conversation:
        return
    with diaries.writing():
        call = Call.claim(message.conversation, now=now)
        call.erase(now=now)
        call.save()
        call.tool_calls.forget(now=now)
        call.tool_calls.update(appointment=None)
