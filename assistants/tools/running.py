"""Running: a tool called by an assistant, from the arguments as they are written to an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from django.db import OperationalError, transaction

from assistants import callers, hearing
from assistants.callers import MOST_LOST
from assistants.conversation import Caller, ToolRequest
from assistants.hearing import NotUnderstood
from assistants.outcomes import (
    Answer,
    CallbacksCapped,
    Garbled,
    ToolOutcome,
    TooMuch,
    Unclear,
    UnknownTool,
    WhichDay,
)
from assistants.tools import caps, own_names, registry, times, transfer_to_staff
from assistants.tools.fields import CallContext, text_of
from assistants.tools.serializers import Heard, ToolSerializer, Written
from assistants.tools.tool import Tool
from bookings import diaries
from bookings.models import Practitioner, ServiceType
from bookings.outcomes import Busy, SlotTaken
from tenants import organizations
from tenants.postgresql import statements
from tenants.postgresql.statements import together
from tenants.sqlstates import sqlstate

log = structlog.get_logger(__name__)


def run(request: ToolRequest, *, caller: Caller, now: datetime, is_capped: bool = True) -> Answer:
    """Understand the arguments, then do what was asked; for callers, within their caps."""
    tool = registry.tools().get(request.name)
    if tool is None:
        return Answer(UnknownTool())
    if request.is_too_long:
        return Answer(TooMuch())
    if request.arguments is None or (tool.writes and not request.id):
        return Answer(Garbled())
    call = context(caller, now=now)
    written = own_names.in_own_names(request.arguments, tool.serializer)
    serializer = tool.serializer.reading(written, call)
    is_heard = serializer.is_valid()
    if call.normalised:
        log.info("Data normalized", tool=tool.name, fields=sorted(call.normalised))
    if not is_heard:
        return Answer(asked_about(serializer))
    if serializer.corrects_a_year():
        log.info("Year corrected", tool=tool.name)
    is_within_caps = tool.is_capped and is_capped
    return done(tool, serializer.heard(), caller=caller, now=now, is_capped=is_within_caps)


def ask_ahead(request: ToolRequest, caller: Caller, *, now: datetime) -> None:
    """What the tool will ask in this transaction goes with what is asked next."""
    tool = registry.tools().get(request.name)
    if tool and tool.asks_ahead:
        statements.ask_ahead(*tool.asks_ahead(caller, now=now))


def context(caller: Caller, *, now: datetime) -> CallContext:
    return CallContext(organizations.current(), now, caller)


def asked_about(serializer: ToolSerializer[Heard]) -> WhichDay | Unclear:
    """What the caller is asked, where the arguments were not understood."""
    if is_choice_of_days(serializer):
        return WhichDay(serializer.choice, is_choice=True)
    return unclear(serializer.problems(), candidates=serializer.call.candidates)


def is_choice_of_days(serializer: ToolSerializer[Heard]) -> bool:
    """Whether what is asked first is which of the days that were named."""
    codes = (code for code in serializer.problems().values() if code != "required")
    return bool(serializer.choice) and next(codes, "").startswith("day.")


def done(
    tool: Tool[Heard], heard: Heard, *, caller: Caller, now: datetime, is_capped: bool
) -> Answer:
    """The outcome of the tool. A tool may find out late that something was not understood."""
    work = within_caps if is_capped else uncapped
    asked = partial(work, tool, heard, caller=caller, now=now)
    try:
        answer = carried_out(asked) if tool.writes else asked()
    except NotUnderstood as error:
        return Answer(unclear({error.part: f"{error.part}.{error.reason}"}))
    except times.Unsettled as error:
        return Answer(unclear({error.argument: error.code}))
    return replace(answer, is_lost_again=is_lost_again(answer.outcome, caller))


def carried_out(work: Callable[[], Answer]) -> Answer:
    """What a tool that writes answers. If it waited too long for a diary, all of it is undone."""
    try:
        return diaries.attempted(work)
    except OperationalError as error:
        if sqlstate(error) not in diaries.WAITED:
            raise
        return Answer(Busy())


def uncapped(tool: Tool[Heard], heard: Heard, *, caller: Caller, now: datetime) -> Answer:
    return Answer.of(tool.function(heard, caller=caller, now=now))


def within_caps(tool: Tool[Heard], heard: Heard, *, caller: Caller, now: datetime) -> Answer:
    """Carries out the request, then checks the caps: only afterwards is it known what was added.
    Undone if that was one row too many."""
    answer = uncapped(tool, heard, caller=caller, now=now)
    capped = caps.reached(answer.outcome, said=heard.number_said, caller=caller, now=now)
    if not capped:
        return answer
    if isinstance(capped, CallbacksCapped):
        capped = with_other_way(capped, now=now)
    transaction.set_rollback(True)
    return Answer(capped)


def with_other_way(capped: CallbacksCapped, *, now: datetime) -> CallbacksCapped:
    return replace(capped, can_put_through=transfer_to_staff.can_put_through(now))


def callback_refused(
    arguments: Written, *, caller: Caller, now: datetime
) -> CallbacksCapped | None:
    """What a request for a call back would be answered, if it were refused. The number that would
    be called may be among `arguments`."""
    refused = caps.of_a_callback(said=number_in(arguments), caller=caller, now=now)
    return with_other_way(refused, now=now) if refused else None


def number_in(arguments: Written) -> str:
    """The number that was said, E.164, or "" for none that is understood."""
    said = (text_of(arguments.get(name)) for name in registry.names_of("phone"))
    try:
        region = organizations.current().phone_region
        return hearing.phone(next(filter(None, said), ""), region=region).e164
    except NotUnderstood:
        return ""


def is_lost_again(outcome: ToolOutcome, caller: Caller) -> bool:
    """Whether this call has lost MOST_LOST times, so that three more alternatives alone could go on
    forever."""
    if not isinstance(outcome, SlotTaken) or not caller.conversation:
        return False
    [lost] = together(callers.lost_times(caller))
    return len(lost) + 1 >= MOST_LOST


def unclear(
    problems: dict[str, str], *, candidates: Mapping[str, Sequence[str]] | None = None
) -> Unclear:
    """The outcome for arguments that were not understood, with the names that may be meant, or else
    with all names."""
    named = candidates or {}
    services: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()
    if "service" in problems:
        every = ServiceType.offered()
        services = tuple(named.get("service") or map(str, every))
    if "practitioner" in problems:
        people = Practitioner.working()
        practitioners = tuple(named.get("practitioner") or map(str, people))
    return Unclear(problems, services, practitioners)
