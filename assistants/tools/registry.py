"""Tools: what an assistant can ask of us. One entry in TOOLS, one serializer, one function each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction

from assistants import callers, hearing
from assistants.conversation import Caller, ToolRequest
from assistants.hearing import Days, NotUnderstood, When
from assistants.models import ToolCall
from assistants.outcomes import (
    AskedAgain,
    CallbacksCapped,
    Garbled,
    TakenAgain,
    ToolOutcome,
    TooMuch,
    Unclear,
    Understood,
    UnknownTool,
    WhichDay,
    WithEmail,
)
from assistants.tools import caps, reception, serializers, times
from assistants.tools.availability import check_availability
from assistants.tools.booking import book_appointment
from assistants.tools.changing import (
    cancel_appointment,
    did_that_go_through,
    find_appointments,
    reschedule_appointment,
)
from assistants.tools.messages import join_waitlist, request_callback
from assistants.tools.reception import clinic_info, transfer_to_staff
from assistants.tools.serializers import ToolSerializer, text_of
from bookings.models import Practitioner, ServiceType
from bookings.outcomes import SlotTaken
from tenants import organizations

log = structlog.get_logger(__name__)

# Where a request says a number.
PHONES = ("patient_phone", "patientPhone", "phone")
# Of so many times lost in one call, the last is answered with a way out as well.
MOST_LOST = 3


@dataclass(frozen=True, slots=True)
class Tool:
    serializer: type[ToolSerializer]
    run: Callable[..., ToolOutcome]
    writes: bool


def run(
    request: ToolRequest, *, caller: Caller, now: datetime, is_capped: bool = True
) -> ToolOutcome:
    """Hear the arguments, then do what was asked; for callers, within their caps."""
    tool = TOOLS.get(request.name)
    if tool is None:
        return UnknownTool()
    if request.is_too_long:
        return TooMuch()
    if request.arguments is None or (tool.writes and not request.id):
        return Garbled()
    heard_in = context(caller, now=now)
    serializer = tool.serializer(data=request.arguments, context=heard_in)
    heard = serializer.is_valid()
    if heard_in["normalised"]:
        log.info("Data normalized", tool=request.name, fields=sorted(heard_in["normalised"]))
    if not heard and is_choice_of_days(serializer):
        return WhichDay(serializer.choice, is_choice=True)
    if not heard:
        return unclear(serializer.problems(), candidates=heard_in["candidates"])
    if any(when.year_corrected for when in whens(serializer.validated_data)):
        log.info("Year corrected", tool=request.name)
    try:
        work = within_caps if tool.writes and is_capped else done
        outcome = work(tool, serializer.validated_data, caller=caller, now=now)
    except NotUnderstood as error:
        return unclear({error.part: f"{error.part}.{error.reason}"})
    except times.Unsettled as error:
        return unclear({error.argument: error.code})
    return taken_again(outcome) if is_lost_again(outcome, caller) else outcome


def is_choice_of_days(serializer: ToolSerializer) -> bool:
    """Whether what is asked first is which of the days that were named."""
    codes = (code for code in serializer.problems().values() if code != "required")
    return bool(serializer.choice) and next(codes, "").startswith("day.")


def context(caller: Caller, *, now: datetime) -> dict[str, Any]:
    """What the serializers hear the arguments with."""
    return {
        "organization": organizations.current(),
        "now": now,
        "caller": caller.number,
        "conversation": caller.conversation,
        "heard": callers.heard_by(caller),
        "normalised": set(),
        "candidates": {},
    }


def done(tool: Tool, heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    return tool.run(heard, caller=caller, now=now)


def within_caps(tool: Tool, heard: dict[str, Any], *, caller: Caller, now: datetime) -> ToolOutcome:
    """What was asked, taken back where it was one too many: then it is known what it added."""
    said = heard.get("patient_phone") or heard.get("phone") or ""
    with transaction.atomic():
        outcome = done(tool, heard, caller=caller, now=now)
        capped = caps.reached(bare(outcome), said=said, caller=caller, now=now)
        if capped:
            transaction.set_rollback(True)
    if isinstance(capped, CallbacksCapped):
        return replace(capped, can_put_through=reception.can_put_through(now))
    return capped or outcome


def callback_refused(
    arguments: Mapping[str, Any], *, caller: Caller, now: datetime
) -> CallbacksCapped | None:
    """What a call back asked for behind these arguments would be answered, if it were refused."""
    said = number_in(arguments)
    refused = caps.of_a_callback(said=said, caller=caller, now=now)
    return refused and replace(refused, can_put_through=reception.can_put_through(now))


def number_in(arguments: Mapping[str, Any]) -> str:
    """The number that was said, E.164, or "" for none that is understood."""
    text = next((text for name in PHONES if (text := text_of(arguments.get(name)))), "")
    try:
        return hearing.phone(text, region=organizations.current().phone_region).e164
    except NotUnderstood:
        return ""


def whens(heard: Mapping[str, Any]) -> Iterator[When | Days]:
    """The days and times among what was heard: none of it is logged, but that a year was stale."""
    return (value for value in heard.values() if isinstance(value, When | Days))


def is_lost_again(outcome: ToolOutcome, caller: Caller) -> bool:
    """Whether this call has lost so many times that another three alone would be a loop."""
    if not isinstance(bare(outcome), SlotTaken) or not caller.conversation:
        return False
    before = ToolCall.objects.filter(conversation=caller.conversation, outcome=SlotTaken.__name__)
    return before.count() + 1 >= MOST_LOST


def taken_again(outcome: ToolOutcome) -> ToolOutcome:
    match outcome:
        case Understood(day=day, outcome=inner):
            return Understood(day, taken_again(inner))
        case SlotTaken():
            return TakenAgain(outcome)
        case _:
            return outcome


def writes(name: str) -> bool:
    """Whether the tool changes anything but the record of the call."""
    return name in TOOLS and TOOLS[name].writes


def bare(outcome: ToolOutcome) -> ToolOutcome:
    """What happened, without how the day was understood and how often it happened."""
    while isinstance(outcome, Understood | TakenAgain | WithEmail | AskedAgain):
        outcome = outcome.outcome
    return outcome


def unclear(
    problems: dict[str, str], *, candidates: Mapping[str, tuple[str, ...]] | None = None
) -> Unclear:
    """With the names that may be meant, where it is not clear which; else with all there are."""
    named = candidates or {}
    services: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()
    if "service" in problems:
        every = ServiceType.objects.filter(is_active=True)
        services = named.get("service") or tuple(map(str, every))
    if "practitioner" in problems:
        people = Practitioner.objects.filter(is_active=True)
        practitioners = named.get("practitioner") or tuple(map(str, people))
    return Unclear(problems, services, practitioners)


TOOLS = {
    "check_availability": Tool(
        serializers.CheckAvailabilitySerializer, check_availability, writes=False
    ),
    "book_appointment": Tool(serializers.BookAppointmentSerializer, book_appointment, writes=True),
    "find_appointments": Tool(
        serializers.FindAppointmentsSerializer, find_appointments, writes=False
    ),
    "reschedule_appointment": Tool(
        serializers.RescheduleAppointmentSerializer, reschedule_appointment, writes=True
    ),
    "cancel_appointment": Tool(
        serializers.CancelAppointmentSerializer, cancel_appointment, writes=True
    ),
    "did_that_go_through": Tool(ToolSerializer, did_that_go_through, writes=False),
    "request_callback": Tool(serializers.RequestCallbackSerializer, request_callback, writes=True),
    "join_waitlist": Tool(serializers.JoinWaitlistSerializer, join_waitlist, writes=True),
    "clinic_info": Tool(serializers.ClinicInfoSerializer, clinic_info, writes=False),
    "transfer_to_staff": Tool(
        serializers.TransferToStaffSerializer, transfer_to_staff, writes=False
    ),
}
