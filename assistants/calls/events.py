"""Events: what Vapi tells of a call, kept as one row, and let go of when it is deleted there."""

from datetime import datetime

import structlog

from assistants.models import Call
from assistants.prompts import authority
from assistants.vapi import HANG, Message
from bookings import diaries

log = structlog.get_logger(__name__)


def record(message: Message, *, now: datetime) -> None:
    """Take in what is told of a call: twice is once, late never blanks, erased stays erased."""
    if not message.conversation:
        return
    with diaries.writing():
        call = Call.claim(message.conversation, now=now)
        if not call.is_closed:
            told = message.told
            call.learn(told, prompt_hash=authority.digest(told.prompt) if told.prompt else "")
            if message.type == HANG:
                call.stall(message.told.hung or now)
            call.save()
    if message.type == HANG:
        log.warning("assistant stalled")


def erase(message: Message, *, now: datetime) -> None:
    """Our copy of a call that was deleted at Vapi, also when it is still to be told of."""
    if not message.conversation:
        return
    with diaries.writing():
        call = Call.claim(message.conversation, now=now)
        call.erase(now=now)
        call.save()
        call.tool_calls.forget(now=now)
        call.tool_calls.update(appointment=None)
