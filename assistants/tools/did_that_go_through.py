"""Did that go through? What this call asked to have done last, and what came of it."""

from datetime import datetime

from django.db.models import Q

from assistants.calls import standing, underway
from assistants.conversation import Caller, ToolRequest
from assistants.models import ToolCall
from assistants.outcomes import (
    Forgotten,
    LeftAsItIs,
    NeverDone,
    NothingDone,
    NotOnRecord,
    ToldAgain,
    ToolOutcome,
    Uncertain,
)
from assistants.tools import registry
from assistants.tools.serializers import Arguments, NoArguments
from assistants.tools.tool import Tool


def did_that_go_through(heard: Arguments, *, caller: Caller, now: datetime) -> ToolOutcome:
    """The truth about the last thing this call asked to have done.

    While another request of the call is under way, there is none to tell yet. A copy that failed
    may be written down as later than the request that was carried out. One that was lost while
    nothing could be written down is known from Vapi's account of the call alone.
    """
    if underway.may_be_waiting(caller) or not underway.is_over(caller):
        return Uncertain()
    if not caller.conversation:
        return NotOnRecord()
    theirs = Q(caller=caller.number) | Q(forgotten__isnull=False)
    in_call = ToolCall.objects.filter(theirs, conversation=caller.conversation)
    actions = in_call.filter(tool__in=registry.that_write()).order_by("-received", "-pk")
    last = actions.first()
    if left_no_trace(caller, last):
        return NeverDone(said_before(last))
    if last is None:
        return NothingDone()
    if last.forgotten:
        return Forgotten()
    if last.outcome == LeftAsItIs.__name__:
        return LeftAsItIs()
    # A request whose answer was lost may have been carried out under its own record.
    done = actions.filter(tool=last.tool, arguments=last.arguments, settled=True).first()
    if done is None:
        return NothingDone(tried=True)
    changed = standing.changed_since(done)
    if changed is None:
        return ToldAgain(done.sentence)
    is_asked_anew = done.pk != last.pk and standing.is_undone_by_the_call(done, changed)
    return NothingDone(tried=True) if is_asked_anew else changed


def left_no_trace(caller: Caller, newest: ToolCall | None) -> bool:
    """Whether the last thing this call asked for, as Vapi tells it, is on record nowhere.

    It is on record if the `newest` record matches it, or if there are as many matching records as
    requests. Vapi adds arguments of its own to those the model wrote (`STATIC_PARAMETERS`).
    """
    asked = [request for request in caller.earlier if registry.writes(request.name)]
    if not asked:
        return False
    last = asked[-1]
    records = ToolCall.objects.filter(conversation=caller.conversation, tool=last.name)
    could_be = [row for row in records if can_be_of(row, last)]
    times = {
        str(request.id)
        for request in asked
        if (request.name, request.arguments) == (last.name, last.arguments)
    }
    return newest not in could_be and len(could_be) < len(times)


def can_be_of(record: ToolCall, request: ToolRequest) -> bool:
    """A forgotten record may match any request."""
    said = (request.arguments or {}).items()
    return bool(record.forgotten) or said <= record.arguments.items()


def said_before(last: ToolCall | None) -> str:
    """What was said of the last thing that is on record, if it was done and stands so."""
    holds = last is not None and last.settled and standing.changed_since(last) is None
    return last.sentence if last and holds else ""


TOOL = Tool(
    name="did_that_go_through",
    place=60,
    serializer=NoArguments,
    function=did_that_go_through,
    description=(
        "Tell whether the last thing this call asked for was done. Use it when the line broke, when"
        " a tool gave no answer, or when the caller asks whether something worked."
    ),
    waiting="Let me make sure.",
    prompt="when the line broke, or the caller asks whether something worked.",
)
