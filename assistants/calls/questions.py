"""Questions: how often this call was asked about a thing already, and what is asked next.

The first question is the plain one. The second says how to say it. The third offers times, where it
is about a day or a time, or else a way out, such as a call back; after that these two take turns.
So no question is heard twice in a row. The count comes from the call's records: the latest
questions about a thing, back to the point where it was understood. Without a call id nothing can be
counted, so the first question is asked each time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from assistants.calls.memory import Memory
from assistants.conversation import Caller, ToolRequest
from assistants.models import ToolCall, TransferNumber
from assistants.outcomes import (
    Answer,
    AskedBefore,
    DayPassed,
    EmailSaid,
    Garbled,
    NoOpenings,
    NothingFound,
    NotProven,
    Openings,
    ToolOutcome,
    TooMuch,
    Unclear,
    WayOut,
    WhichAppointment,
    WhichDay,
    WhoseAppointment,
)
from assistants.tools import (
    addresses,
    caps,
    check_availability,
    find_appointments,
    places,
    registry,
    reschedule_appointment,
    running,
    transfer_to_staff,
)
from assistants.tools.check_availability import CheckAvailabilitySerializer
from assistants.tools.fields import is_nothing
from assistants.tools.serializers import VisitMeantSerializer, Written
from bookings import diaries
from bookings.models import Appointment, ServiceType
from bookings.outcomes import AlikePatient, NobodyOffers, SlotPassed, TooFarAhead, WhichPatient
from tenants.postgresql import statements
from tenants.postgresql.statements import Given, Statement, together

# What `start` is about, which holds both.
TIMED = ("day", "time")
# All that was said at once.
ALL = "all"
# What the other outcomes ask about.
ABOUT: dict[type, str] = {
    DayPassed: "day",
    SlotPassed: "day",
    TooFarAhead: "day",
    WhichDay: "day",
    WhichPatient: "birth_date",
    WhichAppointment: "visit",
    NothingFound: "proof",
    NotProven: "proof",
    WhoseAppointment: "whose",
    AlikePatient: "alike",
    Garbled: ALL,
    TooMuch: ALL,
}
# After these outcomes nothing of the arguments was understood.
UNHEARD = {
    "", "Garbled", "TooMuch", "UnknownTool", "Fault", "Uncertain", "StillWorking", "Forgotten",
}  # fmt: skip
# How much of a call is looked back on, in requests.
MOST_REMEMBERED = 60
# After this many questions about a thing, times are offered instead of the next question.
BEFORE_OFFER = 2


def put(
    answer: Answer,
    request: ToolRequest,
    caller: Caller,
    *,
    now: datetime,
    record: ToolCall | None = None,
) -> Answer:
    """`answer`, with what is known of a question that this call was asked before.

    `record` is the request's own record, if it exists already. Takes a lock until the end of the
    transaction: other requests of the call that end in a question wait. Call it after all diary
    locks are taken, so that the order of locks is kept.
    """
    if answer.email:
        return replace(answer, email=with_count(answer.email, request, caller, record))
    subjects = about(answer.outcome)
    if not subjects or not caller.conversation:
        return answer
    subject, before = most_asked(subjects, request, caller, record)
    is_to_offer = subject in TIMED and before == BEFORE_OFFER
    times = times_instead(request, caller, now=now) if is_to_offer else None
    wait_for_others(caller)
    subject, before = most_asked(subjects, request, caller, record)
    if not before:
        return answer
    openings = times if before == BEFORE_OFFER else None
    way = way_out(subject, caller, now=now)
    return replace(answer, question=AskedBefore(subject, before, openings, way))


def with_count(
    email: EmailSaid, request: ToolRequest, caller: Caller, record: ToolCall | None
) -> EmailSaid:
    """How often an address that was not understood was asked for before. One that was understood
    is read back once, and never asked for again."""
    if not email.is_missed or not caller.conversation:
        return email
    wait_for_others(caller)
    return replace(email, before=most_asked(("email",), request, caller, record)[1])


def about(outcome: ToolOutcome) -> tuple[str, ...]:
    """What the caller is asked about; nothing where it is no question."""
    match outcome:
        case Unclear(problems=problems):
            return subjects_of(problems)
        case NobodyOffers(practitioners=able):
            return ("practitioner" if able else "another",)
        case _:
            subject = ABOUT.get(type(outcome))
            return (subject,) if subject else ()


def subjects_of(problems: dict[str, str]) -> tuple[str, ...]:
    """The subject of the first misunderstood argument, else those of all missing ones; `speech`
    asks in this order."""
    for argument, code in problems.items():
        if code != "required":
            return (subject_of(argument, code),)
    return tuple(dict.fromkeys(subject_of(argument, "") for argument in problems))


def subject_of(argument: str, code: str) -> str:
    part = code.partition(".")[0]
    if argument == "start" and part in TIMED:
        return part
    return registry.subject_of(argument) or argument


def memory_of(answer: Answer, request: ToolRequest) -> Memory:
    """What a record keeps of a question: names of arguments, and no values."""
    if answer.email:
        return memory_of_email(answer.email, request)
    outcome, again = answer.outcome, answer.question
    asked = about(outcome)
    if not asked:
        return {}
    memory: Memory = {
        "asked": [again.subject] if again and again.before > 1 else list(asked),
        "subject": again.subject if again else asked[0],
        "before": again.before if again else 0,
        "problems": list(outcome.problems) if isinstance(outcome, Unclear) else [],
        "request": request.key,
    }
    if again and again.openings:
        memory["offered"] = places.offered_in(again.openings)
    return memory


def memory_of_email(email: EmailSaid, request: ToolRequest) -> Memory:
    if not email.is_missed:
        return {}
    return {
        "asked": ["email"],
        "subject": "email",
        "before": email.before,
        "problems": list(addresses.ARGUMENTS),
        "request": request.key,
    }


# --- how often


def most_asked(
    subjects: Sequence[str], request: ToolRequest, caller: Caller, record: ToolCall | None
) -> tuple[str, int]:
    """The subject of `subjects` that this call was asked about most, and how often. A repeated
    request gets the question it got the first time."""
    earlier = earlier_of(caller, record)
    if (first := first_asked(request, record, earlier)) and first["subject"] in subjects:
        return first["subject"], first["before"]
    counts = {subject: times_asked(subject, earlier) for subject in subjects}
    subject = max(subjects, key=counts.__getitem__)
    return subject, counts[subject]


def earlier_of(caller: Caller, record: ToolCall | None) -> list[ToolCall]:
    """The other requests of this call, the newest first."""
    return EARLIER(conversation=caller.conversation, record=record.pk if record else 0)


EARLIER = Statement(
    lambda: (
        ToolCall.objects.filter(conversation=Given("conversation"))
        .exclude(pk=Given("record"))
        .order_by("-pk")[:MOST_REMEMBERED]
    )
)


def first_asked(
    request: ToolRequest, record: ToolCall | None, earlier: Iterable[ToolCall]
) -> Memory | None:
    """What was stored of the question with which this same request was answered before, if it
    was."""
    if request.key is None:
        return None
    mine = [record] if record else earlier
    kept = (row.memory for row in mine if row.memory and row.memory.get("request") == request.key)
    return next((memory for memory in kept if memory.get("subject")), None)


def times_asked(subject: str, newest_first: Iterable[ToolCall]) -> int:
    """Since it was understood last. A repeated request counts once. Older questions than those read
    are covered by the count stored with the last question."""
    requests, known = set(), 0
    for number, row in enumerate(newest_first):
        memory: Memory = row.memory if row.memory else {}
        if subject in memory.get("asked", ()):
            requests.add(memory.get("request") or number)
            known = max(known, memory["before"] + 1 if memory["subject"] == subject else 0)
        elif is_understood(subject, row, memory):
            break
    return max(len(requests), known)


def is_understood(subject: str, row: ToolCall, memory: Memory) -> bool:
    if row.outcome in UNHEARD:
        return False
    if subject == ALL:
        return True
    if subject == "time" and row.outcome == Unclear.__name__:
        return False  # which half of the day it is in is looked at last
    if found_by := registry.that_find(subject):
        return row.tool in found_by and not memory.get("asked")
    return any(
        subject in (registry.subject_of(name), *(TIMED if name == "start" else ()))
        and not is_nothing(value)
        and name not in memory.get("problems", ())
        for name, value in row.arguments.items()
    )


def wait_for_others(caller: Caller) -> None:
    """Two requests of one call at once would not see each other's question."""
    together(statements.turn(diaries.lock_named("questions", caller.conversation)))


# --- what there is instead of a question


def times_instead(
    request: ToolRequest, caller: Caller, *, now: datetime
) -> Openings | NoOpenings | None:
    """Three times for what the caller wants, as far as that was understood; kept for the call."""
    said = request.arguments or {}
    if request.name == "reschedule_appointment":
        answer = times_to_move_to(said, caller, now=now)
    else:
        answer = times_to_book(said, caller, now=now)
    found = answer.outcome if answer else None
    return found if isinstance(found, Openings | NoOpenings) and found.offered else None


def times_to_book(said: Written, caller: Caller, *, now: datetime) -> Answer | None:
    """The free times on the day that was said, if we understand it; else the soonest."""
    wanted = {
        "service": said.get("service") or said.get("serviceType") or only_service(),
        "practitioner": said.get("practitioner"),
    }
    day = said.get("date") or said.get("appointmentDate")
    start = said.get("start")
    if not day and isinstance(start, str) and " at " in start:
        day = start.partition(" at ")[0]
    call = running.context(caller, now=now)
    for more in ({"date": day}, {"date": None}):
        serializer = CheckAvailabilitySerializer.reading({**wanted, **more}, call)
        if serializer.is_valid():
            answer = check_availability.times_for(serializer.heard(), caller=caller, now=now)
            if isinstance(answer.outcome, Openings | NoOpenings):
                return answer
    return None


def only_service() -> str:
    offered = ServiceType.offered()
    return offered[0].name if len(offered) == 1 else ""


def times_to_move_to(said: Written, caller: Caller, *, now: datetime) -> Answer | None:
    """The free times for moving the visit that is meant. Only visits that the caller's number opens
    by itself count: here nobody finds out whether a reference is right."""
    serializer = VisitMeantSerializer.reading(said, running.context(caller, now=now))
    if not serializer.is_valid():
        return None
    heard, current = serializer.heard(), said.get("current")
    meant = replace(
        heard,
        reference="",
        date_of_birth=None,
        current=current if isinstance(current, str) else "",
    )
    row = find_appointments.the_one(meant, caller=caller, now=now)
    if not isinstance(row, Appointment) or heard.reference not in ("", row.reference):
        return None
    return reschedule_appointment.soonest_to_move_to(row, caller=caller, now=now)


def way_out(subject: str, caller: Caller, *, now: datetime) -> WayOut:
    """What we can offer the caller. A call back is not offered if we know no number of theirs, or
    if one more would be refused."""
    if subject == "phone" and caller.number:
        return WayOut(own_number=True)
    if (caller.number or subject != "phone") and not caps.of_a_callback(
        said="", caller=caller, now=now
    ):
        return WayOut(callback=True)
    transfer = transfer_to_staff.transfer_for("", now=now)
    if transfer.phone or (transfer.has_numbers and transfer.topics):
        return WayOut(transfer=True)
    number = TransferNumber.for_reason("") or TransferNumber.objects.first()
    return WayOut(number=number.phone if number else "")
