"""Questions: how often this call was asked about a thing already, and what is asked next.

The first question is the plain one. The second says how to say it. The third offers times, where
it is about a day or a time, or else a way out, such as a call back; after that these two take
turns. So no question is heard twice in a row. How often is read off the records of the call: the
latest questions about a thing, back to where it was understood. What is asked of a caller who has
no call is asked anew each time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from assistants.conversation import Caller, ToolRequest
from assistants.models import ToolCall, TransferNumber
from assistants.outcomes import (
    AskedAgain,
    DayPassed,
    Garbled,
    NoOpenings,
    NothingFound,
    NotProven,
    Openings,
    ToolOutcome,
    TooMuch,
    Unclear,
    Understood,
    WayOut,
    WhichAppointment,
    WhichDay,
    WhoseAppointment,
    WithEmail,
)
from assistants.tools import addresses, availability, caps, changing, places, reception, registry
from assistants.tools.serializers import CheckAvailabilitySerializer, WhoseSerializer, is_nothing
from bookings.models import Appointment, ServiceType
from bookings.outcomes import AlikePatient, NobodyOffers, SlotPassed, TooFarAhead, WhichPatient
from tenants import organizations

# What an argument is about. “Start” is about both.
SUBJECTS = {
    "date": "day", "appointmentDate": "day", "start": "day", "time": "time",
    "appointmentTime": "time", "patient_name": "name", "patientName": "name", "name": "name",
    "patient_phone": "phone", "patientPhone": "phone", "phone": "phone",
    "patient_email": "email", "patientEmail": "email", "date_of_birth": "birth_date",
    "dateOfBirth": "birth_date", "reference": "reference", "appointment_id": "reference",
    "appointmentId": "reference", "current": "visit", "service": "service",
    "serviceType": "service", "practitioner": "practitioner",
}  # fmt: skip
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
# What is understood when the tool has found what it is about, and not when it was said.
FOUND_BY = {
    "visit": ("reschedule_appointment", "cancel_appointment"),
    "proof": ("find_appointments", "reschedule_appointment", "cancel_appointment"),
    "whose": ("find_appointments", "reschedule_appointment", "cancel_appointment"),
    "alike": ("book_appointment", "join_waitlist"),
}
# With these endings nothing was heard.
UNHEARD = {
    "", "Garbled", "TooMuch", "UnknownTool", "Fault", "Uncertain", "StillWorking", "Forgotten",
}  # fmt: skip
# How much of a call is looked back on, in requests.
MOST_REMEMBERED = 60
# So often a thing was asked about before, when times are offered in place of the question.
BEFORE_OFFER = 2


def put(
    outcome: ToolOutcome,
    request: ToolRequest,
    caller: Caller,
    *,
    now: datetime,
    record: ToolCall | None = None,
) -> ToolOutcome:
    """`outcome`, put as a question that this call was not asked just before.

    `record` is the request's own, if it has one by now. Other requests of the call that end in a
    question wait from here until the transaction has ended. Behind the diaries: nothing that is
    waited for follows.
    """
    if isinstance(outcome, Understood):
        inner = put(outcome.outcome, request, caller, now=now, record=record)
        return replace(outcome, outcome=inner)
    if isinstance(outcome, WithEmail):
        return with_count(outcome, request, caller, record)
    subjects = about(outcome)
    if not subjects or not caller.conversation:
        return outcome
    subject, before = most_asked(subjects, request, caller, record)
    is_to_offer = subject in TIMED and before == BEFORE_OFFER
    times = times_instead(request, caller, now=now) if is_to_offer else None
    wait_for_others(caller)
    subject, before = most_asked(subjects, request, caller, record)
    if not before:
        return outcome
    openings = times if before == BEFORE_OFFER else None
    return AskedAgain(outcome, subject, before, openings, way_out(subject, caller, now=now))


def with_count(
    outcome: WithEmail, request: ToolRequest, caller: Caller, record: ToolCall | None
) -> WithEmail:
    """Of an address that was not understood, how often it was asked for. Of one that was, nothing
    is asked twice: it is read back once."""
    if not outcome.is_missed or not caller.conversation:
        return outcome
    wait_for_others(caller)
    return replace(outcome, before=most_asked(("email",), request, caller, record)[1])


def about(outcome: ToolOutcome) -> tuple[str, ...]:
    """What the caller is asked about; nothing where it is no question."""
    match outcome:
        case Unclear(problems=problems):
            return subjects_of(problems)
        case NobodyOffers(practitioners=able):
            return ("practitioner" if able else "another",)
        case WithEmail(is_missed=True):
            return ("email",)
        case _:
            subject = ABOUT.get(type(outcome))
            return (subject,) if subject else ()


def subjects_of(problems: dict[str, str]) -> tuple[str, ...]:
    """What was misunderstood first, else all that was not said: so `speech` asks."""
    for argument, code in problems.items():
        if code != "required":
            return (subject_of(argument, code),)
    return tuple(dict.fromkeys(subject_of(argument, "") for argument in problems))


def subject_of(argument: str, code: str) -> str:
    part = code.partition(".")[0]
    return part if argument == "start" and part in TIMED else SUBJECTS.get(argument, argument)


def told_by(outcome: ToolOutcome, request: ToolRequest) -> dict[str, Any] | None:
    """What a record keeps of a question: names of arguments, and no values."""
    while isinstance(outcome, Understood):
        outcome = outcome.outcome
    if isinstance(outcome, WithEmail):
        return told_of_email(outcome, request)
    again = outcome if isinstance(outcome, AskedAgain) else None
    asked = about(again.outcome if again else outcome)
    if not asked:
        return None
    bare = registry.bare(outcome)
    offered = places.told_in(again.openings) if again and again.openings else []
    return {
        "asked": [again.subject] if again and again.before > 1 else list(asked),
        "subject": again.subject if again else asked[0],
        "before": again.before if again else 0,
        "problems": list(bare.problems) if isinstance(bare, Unclear) else [],
        "request": request.key,
        **({"offered": offered} if offered else {}),
    }


def told_of_email(outcome: WithEmail, request: ToolRequest) -> dict[str, Any] | None:
    if not outcome.is_missed:
        return None
    return {
        "asked": ["email"],
        "subject": "email",
        "before": outcome.before,
        "problems": list(addresses.ARGUMENTS),
        "request": request.key,
    }


# --- how often


def most_asked(
    subjects: Sequence[str], request: ToolRequest, caller: Caller, record: ToolCall | None
) -> tuple[str, int]:
    """Of `subjects` the one this call was asked about most, and how often. The same request once
    more is asked what it was asked the first time."""
    earlier = earlier_of(caller, record)
    if (first := first_asked(request, record, earlier)) and first["subject"] in subjects:
        return first["subject"], first["before"]
    counts = {subject: times_asked(subject, earlier) for subject in subjects}
    subject = max(subjects, key=counts.__getitem__)
    return subject, counts[subject]


def earlier_of(caller: Caller, record: ToolCall | None) -> list[ToolCall]:
    """The other requests of this call, the newest first."""
    rows = ToolCall.objects.filter(conversation=caller.conversation)
    if record:
        rows = rows.exclude(pk=record.pk)
    return list(rows.order_by("-pk")[:MOST_REMEMBERED])


def first_asked(
    request: ToolRequest, record: ToolCall | None, earlier: Iterable[ToolCall]
) -> dict[str, Any] | None:
    """What was kept of the question that this very request was answered with before, if it was."""
    if request.key is None:
        return None
    mine = [record] if record else earlier
    kept = (row.told for row in mine if row.told and row.told.get("request") == request.key)
    return next((told for told in kept if told.get("subject")), None)


def times_asked(subject: str, newest_first: Iterable[ToolCall]) -> int:
    """Since it was understood last. A request that came twice counts once; what lies further back
    than is looked is counted by the last question, which says how often it was asked before."""
    requests, known = set(), 0
    for number, row in enumerate(newest_first):
        told = row.told or {}
        if subject in told.get("asked", ()):
            requests.add(told.get("request") or number)
            known = max(known, told["before"] + 1 if told["subject"] == subject else 0)
        elif is_understood(subject, row, told):
            break
    return max(len(requests), known)


def is_understood(subject: str, row: ToolCall, told: dict[str, Any]) -> bool:
    if row.outcome in UNHEARD:
        return False
    if subject == ALL:
        return True
    if subject == "time" and row.outcome == Unclear.__name__:
        return False  # which half of the day it is in is looked at last
    if subject in FOUND_BY:
        return row.tool in FOUND_BY[subject] and not told.get("asked")
    said = row.arguments if isinstance(row.arguments, dict) else {}
    return any(
        subject in (SUBJECTS.get(name), *(TIMED if name == "start" else ()))
        and not is_nothing(value)
        and name not in told.get("problems", ())
        for name, value in said.items()
    )


def wait_for_others(caller: Caller) -> None:
    """Two requests of one call at once would not see each other's question."""
    text = f"questions\n{organizations.current().schema_name}\n{caller.conversation}"
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    with connection.cursor() as cursor:
        lock = int.from_bytes(digest, signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


# --- what there is instead of a question


def times_instead(
    request: ToolRequest, caller: Caller, *, now: datetime
) -> Openings | NoOpenings | None:
    """Three times for what the caller wants, as far as that was understood; kept for the call."""
    said = request.arguments or {}
    if request.name == "reschedule_appointment":
        outcome = times_to_move_to(said, caller, now=now)
    else:
        outcome = times_to_book(said, caller, now=now)
    found = registry.bare(outcome) if outcome else None
    return found if isinstance(found, Openings | NoOpenings) and found.told else None


def times_to_book(said: dict[str, Any], caller: Caller, *, now: datetime) -> ToolOutcome | None:
    """On the day that was said, where that is understood; else the soonest."""
    wanted = {
        "service": said.get("service") or said.get("serviceType") or only_service(),
        "practitioner": said.get("practitioner"),
    }
    day = said.get("date") or said.get("appointmentDate")
    for more in ({"date": day}, {}):
        heard = CheckAvailabilitySerializer(
            data={**wanted, **more}, context=registry.context(caller, now=now)
        )
        if heard.is_valid():
            outcome = availability.looked_up(heard.validated_data, caller=caller, now=now)
            if isinstance(registry.bare(outcome), Openings | NoOpenings):
                return outcome
    return None


def only_service() -> str:
    names = ServiceType.objects.filter(is_active=True).values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else ""


def times_to_move_to(said: dict[str, Any], caller: Caller, *, now: datetime) -> ToolOutcome | None:
    """For the visit that is meant, among those the caller's number opens by itself: here nobody
    finds out whether a reference is right."""
    heard = WhoseSerializer(data=said, context=registry.context(caller, now=now))
    if not heard.is_valid():
        return None
    whose = {**heard.validated_data, "reference": "", "date_of_birth": None}
    current = said.get("current")
    row = changing.the_one(
        {**whose, "current": current if isinstance(current, str) else ""}, caller=caller, now=now
    )
    reference = heard.validated_data["reference"]
    if not isinstance(row, Appointment) or reference not in ("", row.reference):
        return None
    return changing.soonest_to_move_to(row, caller=caller, now=now)


def way_out(subject: str, caller: Caller, *, now: datetime) -> WayOut:
    """What is possible: nobody is offered a call back where no number of theirs is known, or where
    one more would be refused."""
    if subject == "phone" and caller.number:
        return WayOut(own_number=True)
    if (caller.number or subject != "phone") and not caps.of_a_callback(
        said="", caller=caller, now=now
    ):
        return WayOut(callback=True)
    transfer = reception.transfer_for("", now=now)
    if transfer.phone or (transfer.has_numbers and transfer.topics):
        return WayOut(transfer=True)
    number = TransferNumber.for_reason("") or TransferNumber.objects.first()
    return WayOut(number=number.phone if number else "")
