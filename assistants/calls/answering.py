"""Calls: each request of an assistant answered once, in one sentence, whatever happens."""

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict

import structlog
from django.db import DataError, Error, IntegrityError, OperationalError, transaction

from assistants import speech
from assistants.calls import alarms, questions, standing, underway
from assistants.calls.memory import Memory
from assistants.conversation import Caller, ToolRequest, VoiceMessage
from assistants.models import ToolCall, ToolCallQuerySet
from assistants.outcomes import (
    Answer,
    Fault,
    Forgotten,
    Found,
    NotProven,
    StillWorking,
    ToolOutcome,
    ToolResult,
    Uncertain,
)
from assistants.prompts import emergencies, facts
from assistants.tools import registry, running
from assistants.tools.fields import JSON
from assistants.tools.serializers import Written
from bookings import diaries
from bookings.models import Appointment
from bookings.outcomes import Booked, Busy, Cancelled, Rescheduled
from tenants import memory, organizations
from tenants.postgresql import statements
from tenants.postgresql.statements import Statement, together
from tenants.sqlstates import LOCK_NOT_AVAILABLE, sqlstate

log = structlog.get_logger(__name__)


NEWEST = Statement(lambda: ToolCall.objects.order_by("-pk").values_list("pk", flat=True)[:1])


class Request(TypedDict):
    """What a record keeps of a request."""

    conversation: str
    tool: str
    arguments: Written
    caller: str
    received: datetime


class Change(TypedDict, total=False):
    """The appointment that a request has made, moved or cancelled, and when it was before."""

    appointment: Appointment
    moved_from: datetime | None


@dataclass
class Progress:
    """How far a writing request has come. `has_turn`: it holds the lock of its call, so no other
    request of the call is at work."""

    has_turn: bool = False
    is_committing: bool = False


def answer_all(message: VoiceMessage, *, now: datetime) -> list[str]:
    """A sentence for each request of the message, in order. They share the time there is."""
    left = len(message.requests)
    newest = first_of(NEWEST()) if left > 1 else None
    return [
        answer(request, message, now=now, heard_until=newest, pieces=left - done)
        for done, request in enumerate(message.requests)
    ]


def first_of(newest: list[int]) -> int:
    return newest[0] if newest else 0


def answer(
    request: ToolRequest,
    message: VoiceMessage,
    *,
    now: datetime,
    heard_until: int | None = None,
    pieces: int = 1,
) -> str:
    """The sentence for `request`. A fault of ours is an apology and a log line; all that is raised
    is Outdated. `heard_until` is as in `Caller`; if None, it is what there is now. `pieces` is as
    in `diaries.trying`.
    """
    caller = Caller(
        message.caller,
        message.conversation,
        heard_until,
        message.earlier,
        sent=message.sent,
        has_waited=underway.has_waited(),
    )
    progress = Progress()
    try:
        if registry.writes(request.name):
            return once(request, caller, now=now, progress=progress, pieces=pieces)
        with diaries.trying(pieces):
            return anew(request, caller, now=now)
    except memory.Outdated:  # nothing was done: the whole message is answered again
        raise
    except Exception as fault:
        log.exception("tool call failed", tool=request.name, sqlstate=sqlstate(fault))
        sentence = alarmed(
            request.arguments, after_fault(fault, request, caller, progress, now=now)
        )
        remember_fault(request, caller, sentence, now=now)
        return sentence


def anew(request: ToolRequest, caller: Caller, *, now: datetime) -> str:
    """Run a tool that changes nothing. A repeated request runs again: the answer may be new."""
    with diaries.writing():
        running.ask_ahead(request, caller, now=now)
        caller = has_heard(caller, *together(NEWEST.bound()))
        answer = running.run(request, caller=caller, now=now)
        answer = questions.put(answer, request, caller, now=now)
        sentence = alarmed(
            request.arguments, spoken(answer, caller, now=now, said=request.arguments)
        )
        ToolCall.objects.create(
            **asked(request, caller, now=now),
            outcome=type(answer.outcome).__name__,
            sentence=sentence,
            memory=memory_of(answer, request, sentence),
        )
    return sentence


def once(
    request: ToolRequest, caller: Caller, *, now: datetime, progress: Progress, pieces: int
) -> str:
    """Run a tool that changes something, once for each request.

    First with all that is written in one round trip. If that is lost at a constraint, it is done
    once more, step by step, so that the tool sees what it fails at. If it waited too long there,
    the diary is busy.
    """
    try:
        with diaries.trying(pieces), diaries.failing_late():
            return claimed_and_done(request, caller, now=now, progress=progress)
    except (IntegrityError, OperationalError) as error:
        code = sqlstate(error)
        is_busy = progress.has_turn and code in diaries.WAITED
        if not is_busy and code not in diaries.LOST:
            raise
    progress.is_committing = False
    with nullcontext() if is_busy else diaries.trying(pieces):
        return claimed_and_done(request, caller, now=now, progress=progress, is_busy=is_busy)


def claimed_and_done(
    request: ToolRequest,
    caller: Caller,
    *,
    now: datetime,
    progress: Progress,
    is_busy: bool = False,
) -> str:
    """In one transaction. If the diary `is_busy`, nothing is tried.

    A repeated request gets the stored answer while that is true, else the present state. It is
    carried out again only if this call has undone it since. The record and the change commit
    together, so a repeated request always finds its answer.
    """
    lock = underway.lock_of(caller)
    turn = [] if lock is None else [statements.turn(lock)]
    found = [NEWEST.bound(), *turn, standing.same_before(request, caller)]
    with diaries.writing():
        said = asked(request, caller, now=now)
        running.ask_ahead(request, caller, now=now)
        record, (newest, *_, same) = ToolCall.claim(*found, key=request.key, **said)
        progress.has_turn = True
        caller = has_heard(caller, newest)
        if record.forgotten:
            return alarmed(request.arguments, speech.say(Forgotten(), now=now))
        if record.settled:
            changed = standing.changed_since(record)
            if changed is None:
                return replayed(record, caller, now=now)
            is_new = standing.is_undone_by_the_call(record, changed)
            if not is_new or standing.is_late(changed, caller.sent):
                return alarmed(
                    request.arguments, spoken(changed, caller, now=now, said=request.arguments)
                )
            record.set_aside()
            record, (*_, same) = ToolCall.claim(*found, key=request.key, **said)
        sentence = carry_out(request, record, caller, same, now=now, is_busy=is_busy)
        progress.is_committing = True
    return sentence


def has_heard(caller: Caller, newest: list[int]) -> Caller:
    """Who has heard all until now, unless it is known that they heard less."""
    if caller.heard_until is not None:
        return caller
    return replace(caller, heard_until=first_of(newest))


def replayed(record: ToolCall, caller: Caller, *, now: datetime) -> str:
    """The sentence that was said before. If the same words were sent again later, and may mean
    another visit by now, the caller hears all their visits instead."""
    is_new = standing.has_done_more(record, sent=caller.sent)
    ahead = standing.ahead(caller, now=now) if is_new else ()
    return speech.say(Found(ahead), now=now) if ahead else record.sentence


def asked(request: ToolRequest, caller: Caller, *, now: datetime) -> Request:
    return {
        "conversation": caller.conversation,
        "tool": request.name,
        "arguments": request.arguments or {},
        "caller": caller.number,
        "received": now,
    }


def carry_out(
    request: ToolRequest,
    record: ToolCall,
    caller: Caller,
    same: Sequence[ToolCall],
    *,
    now: datetime,
    is_busy: bool,
) -> str:
    """`same` is as in `standing.done_before`."""
    record.reopen()
    known = standing.done_before(same) or (Busy() if is_busy else None)
    answer = Answer(known) if known else running.run(request, caller=caller, now=now)
    answer = questions.put(answer, request, caller, now=now, record=record)
    sentence = alarmed(request.arguments, spoken(answer, caller, now=now, said=request.arguments))
    outcome = answer.outcome
    record.conclude(
        outcome=type(outcome).__name__,
        sentence=sentence,
        settled=registry.effect_of(outcome) is not None,
        received=now,
        memory=memory_of(answer, request, sentence),
        **changed_by(outcome),
    )
    return sentence


def memory_of(answer: Answer, request: ToolRequest, sentence: str) -> Memory | None:
    """What is stored of an answer beside its sentence; None for nothing."""
    outcome = answer.outcome
    memory: Memory = {**standing.memory_of(outcome), **questions.memory_of(answer, request)}
    if speech.reads_back(answer, sentence):
        memory["read_back"] = True
    if isinstance(outcome, NotProven) and outcome.reference:
        memory["reference"] = outcome.reference
    return memory or None


def spoken(
    answer: ToolResult, caller: Caller, *, now: datetime, said: Written | None = None
) -> str:
    """The sentence for `answer`, which offers no call back that would be refused. `said` are the
    arguments of the request, in which a number may be."""
    sentence = speech.say(answer, now=now)
    if not speech.offers_a_call_back(sentence):
        return sentence
    refused = running.callback_refused(said or {}, caller=caller, now=now)
    return speech.without_a_call_back(sentence, refused) if refused else sentence


def alarmed(said: JSON, sentence: str) -> str:
    """The sentence, with the clinic's emergency sentence before it if what was said speaks of
    danger to a life. `said` may be a text, or the arguments of a tool."""
    if not alarms.is_raised(said):
        return sentence
    statements.here().write()  # what fails of it must not be taken for the read below
    organization = organizations.current()
    brief = emergencies.sentence(organization.phone_region)
    try:
        with transaction.atomic():
            first = facts.emergency(organization)
    except (Error, RuntimeError):  # it must be said even when the database does not answer
        first = brief
    return speech.first(first, sentence, brief=brief)


def changed_by(outcome: ToolOutcome) -> Change:
    match outcome:
        case Rescheduled(appointment=appointment, was=was):
            return {"appointment": appointment, "moved_from": was}
        case Booked(appointment=appointment) | Cancelled(appointment=appointment, again=False):
            return {"appointment": appointment}
        case _:
            return {}


def after_fault(
    fault: Exception, request: ToolRequest, caller: Caller, progress: Progress, *, now: datetime
) -> str:
    """What can truthfully be said. A COMMIT that was not answered may have been done all the
    same."""
    if not progress.has_turn and sqlstate(fault) == LOCK_NOT_AVAILABLE:
        return speech.say(StillWorking(), now=now)
    if not (registry.writes(request.name) and caller.conversation):
        return unreachable(request)
    may_be_done = progress.is_committing and not is_refused(fault)
    try:
        return looked_into(request, caller, may_be_done=may_be_done, now=now)
    except (Error, RuntimeError):
        return unreachable(request)


def is_refused(fault: Exception) -> bool:
    """Whether PostgreSQL has refused a statement. If that was the COMMIT, or one that was sent with
    it, nothing was committed: the COMMIT is the last of what is sent together."""
    code = sqlstate(fault)
    return isinstance(fault, DataError | IntegrityError) or code in diaries.LOST | diaries.WAITED


def looked_into(request: ToolRequest, caller: Caller, *, may_be_done: bool, now: datetime) -> str:
    """The recorded answer to `request`; `Uncertain` while another request of its call may still
    change it."""
    with diaries.writing():
        if not underway.is_over(caller):
            return speech.say(Uncertain(), now=now)
        ending = Uncertain() if may_be_done else Fault()
        return recorded(request, caller) or speech.say(ending, now=now)


def unreachable(request: ToolRequest) -> str:
    """What can be said about `request` while the database cannot be asked.

    An earlier copy of the request may be committing, or done, in this process or in another.
    """
    asks_what_was_done = registry.writes(request.name) or request.name == "did_that_go_through"
    return speech.UNCERTAIN if asks_what_was_done else speech.NOT_LOOKED_UP


def recorded(request: ToolRequest, caller: Caller) -> str:
    """The stored answer to an equal request of this call, if it still holds; else ""."""
    record = settled(request, caller).order_by("-received", "-pk").first()
    holds = record is not None and standing.changed_since(record) is None
    return record.sentence if record and holds else ""


def is_late_copy(request: ToolRequest, caller: Caller) -> bool:
    """Whether the very same was done before this message was looked at, and after it was sent."""
    same = settled(request, caller)
    return caller.sent is not None and same.filter(received__gt=caller.sent).exists()


def settled(request: ToolRequest, caller: Caller) -> ToolCallQuerySet:
    """The equal requests of this call that have done something."""
    return ToolCall.objects.filter(
        conversation=caller.conversation,
        tool=request.name,
        arguments=request.arguments or {},
        settled=True,
    )


def remember_fault(request: ToolRequest, caller: Caller, sentence: str, *, now: datetime) -> None:
    """Store the fault for “did that go through?”, if the database accepts it. The record is not
    final, so a retry is carried out. A copy that was delayed is not stored."""
    with suppress(Error, RuntimeError), diaries.writing():
        if is_late_copy(request, caller):
            return
        ToolCall.objects.create(
            **asked(request, caller, now=now), outcome="Fault", sentence=sentence
        )
