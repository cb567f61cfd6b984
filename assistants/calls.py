"""Calls: each request of an assistant answered once, in one sentence, whatever happens."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, OperationalError

from assistants import speech, tools
from assistants.callers import Caller
from assistants.models import ToolCall
from assistants.outcomes import (
    CallbackRequested,
    Fault,
    Forgotten,
    Openings,
    StillWorking,
    ToolOutcome,
    Uncertain,
    Waiting,
)
from assistants.vapi import Message, ToolRequest
from bookings import diaries
from bookings.outcomes import Booked, Cancelled, Rescheduled
from tenants.sqlstates import LOCK_NOT_AVAILABLE, sqlstate

log = structlog.get_logger(__name__)

# These are answered again in the same words. A refusal is not: the next try may succeed.
SETTLED = (Booked, Rescheduled, Cancelled, CallbackRequested, Waiting, Openings)


@dataclass
class Progress:
    is_committing: bool = False


def answer(request: ToolRequest, message: Message, *, now: datetime) -> str:
    """The sentence for `request`. Never raises: a fault of ours is an apology and a log line."""
    progress = Progress()
    try:
        return once(request, message, now=now, progress=progress)
    except Exception as fault:
        log.exception("tool call failed", tool=request.name, sqlstate=sqlstate(fault))
        sentence = after_fault(fault, request, progress, now=now)
        remember_fault(request, message, sentence, now=now)
        return sentence


def once(request: ToolRequest, message: Message, *, now: datetime, progress: Progress) -> str:
    """The record and the work commit together, so a repeated request finds its answer."""
    with diaries.writing():
        record = ToolCall.claim(
            key=request.key,
            conversation=message.conversation[:200],
            tool=request.name,
            arguments=request.arguments or {},
            caller=message.caller,
            received=now,
        )
        if record.forgotten:
            return speech.say(Forgotten(), now=now)
        if record.settled:
            return record.sentence
        record.reopen()
        caller = Caller(message.caller, message.conversation)
        outcome = tools.run(request, caller=caller, now=now)
        sentence = speech.say(outcome, now=now)
        record.conclude(
            outcome=type(tools.bare(outcome)).__name__,
            sentence=sentence,
            settled=isinstance(tools.bare(outcome), SETTLED),
            received=now,
            **changed(tools.bare(outcome)),
        )
        progress.is_committing = True
    return sentence


def changed(outcome: ToolOutcome) -> dict[str, Any]:
    """The appointment that was made, moved or cancelled, and where it stood before."""
    match outcome:
        case Rescheduled(appointment=appointment, was=was):
            return {"appointment": appointment, "moved_from": was}
        case Booked(appointment=appointment) | Cancelled(appointment=appointment, again=False):
            return {"appointment": appointment}
        case _:
            return {}


def after_fault(
    fault: Exception, request: ToolRequest, progress: Progress, *, now: datetime
) -> str:
    """What can truthfully be said. A commit that failed may have been done all the same."""
    if progress.is_committing and tools.writes(request.name):
        return recorded(request) or speech.say(Uncertain(), now=now)
    if isinstance(fault, OperationalError) and sqlstate(fault) == LOCK_NOT_AVAILABLE:
        return speech.say(StillWorking(), now=now)
    return speech.say(Fault(), now=now)


def remember_fault(request: ToolRequest, message: Message, sentence: str, *, now: datetime) -> None:
    """For “did that go through?”, as far as the database can take it. It settles nothing."""
    with suppress(DatabaseError), diaries.writing():
        ToolCall.objects.create(
            conversation=message.conversation[:200],
            tool=request.name,
            arguments=request.arguments or {},
            caller=message.caller,
            outcome="Fault",
            sentence=sentence,
            received=now,
        )


def recorded(request: ToolRequest) -> str:
    """The answer that was stored after all, looked up anew; empty when none can be found."""
    try:
        record = ToolCall.objects.filter(key=request.key, settled=True).first()
    except OperationalError:
        return ""
    return record.sentence if record and request.key else ""
