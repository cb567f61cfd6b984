"""The checker catches one lie of each kind, and believes who says what is so."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from config.operations.judging import truth
from config.operations.judging.history import Change, Clinic, Closed, Note, Visit
from config.operations.judging.world import DROPPED, LEFT, SILENT, Exchange
from tests.conftest import at

BEN, CAT = "+12025550177", "+12025550188"
ADA, BO = "Dr. Ada Moss", "Dr. Bo Lind"
NOW = at("2026-11-23 08:00")
TEN, ELEVEN = at("2026-12-03 10:00"), at("2026-12-03 11:00")
BOOK = {"service": "Cleaning", "start": "2026-12-03T10:00", "patient_name": "Ben Ode"}
MOVE = {"start": "2026-12-03T11:00"}
THERE = "a cleaning on Thursday, December 3 at {} with {}"
AT_TEN, AT_ELEVEN = THERE.format("10:00 AM", ADA), THERE.format("11:00 AM", ADA)
BOOKED = f"You're booked: {AT_TEN}. Your reference is AAAAA."
MOVED = f"I've moved it: {AT_ELEVEN}. Your reference is AAAAA."
CANCELLED = f"I've cancelled it: {AT_TEN}. Is there anything else I can do for you?"
FOUND = f"You have {AT_TEN}, reference AAAAA. Is it about that?"
NOT_FOUND = (
    "I can't find an upcoming appointment with those details. Could you tell me the reference and"
    " the patient's date of birth, or shall the clinic call you back?"
)
FAULT = (
    "I'm so sorry, I'm having trouble with our booking system right now, so nothing has been booked"
    " or changed. Could you try again in a moment, or shall the clinic call you back?"
)
CANT_TELL = (
    "I'm so sorry, the connection dropped and I can't tell yet whether that went through."
    " Please ask me again in a moment and I'll check."
)
NO = "No, that did not go through: nothing has been changed. Shall I try again?"
NOTHING_YET = "I haven't booked or changed anything on this call yet. What would you like to do?"
SINCE = f"That visit has been moved since. It is {AT_ELEVEN}, reference AAAAA. Does that suit you?"
GONE = f"That visit was cancelled since: {AT_TEN}. Shall I book it again?"
AGAIN = f"That visit is booked again since: {AT_TEN}, reference AAAAA. Shall I cancel it?"
CORRECTED = f"{BOOKED} I've corrected the details; it is still one visit."
KNOWN_AS = "I have Ben Ode at this number. Is the visit for them, or for somebody else?"
SEEN_TO = "The clinic has already seen to that call back. Shall I ask them to call you again?"
NO_LONGER = "You're no longer on the waitlist for that. Shall I put you on it again?"
CALLED_ALREADY = (
    "The clinic has several requests for a call back already, and will call. Is there anything"
    " else?"
)
COLLEAGUE = (
    "For a cleaning on Thursday, December 3 I have 2:00 PM or 4:00 PM. Sooner, Dr. Bo Lind could"
    " see you on Thursday, December 3 at 11:00 AM. Which would you like?"
)
CAPPED = (
    "I'm sorry, I can't book another visit for you myself, so this one is not booked. Shall the"
    " clinic call you back about it?"
)
TAKEN = (
    "I'm so sorry, it looks like that specific time slot was just taken. I have 11:00 AM, 11:30 AM,"
    " or 12:00 PM available. Would any of those work for you?"
)


def ask(tool: str, sentence: str = "", seconds: float = 0.0, **more: Any) -> Exchange:
    """What Ben asks in the call "one", `seconds` after the beginning; answered 0.2 s later."""
    said = more.pop("said", {})
    received = more.pop("received", seconds + 0.2)
    fields = {"call": "one", "caller": BEN, "id": f"id-{tool}-{seconds}", "now": NOW, **more}
    return Exchange(
        org="elm",
        tool=tool,
        arguments=said,
        sent=seconds,
        received=received,
        sentence=sentence,
        **fields,
    )


def book(sentence: str = BOOKED, seconds: float = 0.0, **more: Any) -> Exchange:
    return ask("book_appointment", sentence, seconds, said={**BOOK, **more.pop("said", {})}, **more)


def did(sentence: str, seconds: float, **more: Any) -> Exchange:
    return ask("did_that_go_through", sentence, seconds, **more)


def visit(reference: str = "AAAAA", **more: Any) -> Visit:
    return Visit(
        **{
            "id": reference,
            "reference": reference,
            "service": "Cleaning",
            "practitioner": ADA,
            "start": TEN,
            "end": TEN + timedelta(minutes=30),
            "before": timedelta(),
            "behind": timedelta(),
            "status": "booked",
            "patient": "Ben Ode",
            "phone": BEN,
            **more,
        }
    )


def change(key: int = 1, seconds: float = 0.1, **more: Any) -> Change:
    """A change that came `seconds` after the beginning."""
    return Change(
        **{
            "key": key,
            "visit": "AAAAA",
            "kind": "booked",
            "by": "one",
            "practitioner": ADA,
            "start": TEN,
            "status": "booked",
            "after": seconds - 0.02,
            "seen": seconds + 0.02,
            **more,
        }
    )


def clinic(**rows: Any) -> Clinic:
    """Ben's visit at ten, booked by call “one” in the first moment, unless other rows are given."""
    furniture = {
        "services": {"Cleaning": (30, 0, 0), "Root canal": (60, 10, 20)},
        "practitioners": {"Cleaning": (ADA, BO), "Root canal": (ADA,)},
        "roomed": frozenset({"Root canal"}),
    }
    return Clinic(**{**furniture, "visits": [visit()], "changes": [change()], **rows})


def empty(**rows: Any) -> Clinic:
    return clinic(**{"visits": [], "changes": [], **rows})


def moved(**more: Any) -> Clinic:
    """Ben's visit, moved to eleven by his call at 1.1 s."""
    changes = [change(), change(2, 1.1, kind="rescheduled", start=ELEVEN)]
    now = visit(start=ELEVEN, end=ELEVEN + timedelta(minutes=30))
    return clinic(**{"visits": [now], "changes": changes, **more})


def cancelled(seconds: float = 1.1, by: str = "one") -> Clinic:
    last = change(2, seconds, kind="cancelled", status="cancelled", by=by)
    return clinic(visits=[visit(status="cancelled")], changes=[change(), last])


def with_another(**more: Any) -> Clinic:
    """Besides Ben's visit at ten, one at eleven under the reference BBBBB, booked in call “two”."""
    end = ELEVEN + timedelta(minutes=30)
    other = visit("BBBBB", **{"start": ELEVEN, "end": end, **more})
    came = change(
        2,
        -5.0,
        visit="BBBBB",
        by="two",
        start=ELEVEN,
        practitioner=other.practitioner,
    )
    return clinic(visits=[visit(), other], changes=[change(), came])


def found(there: Clinic, *log: Exchange, **more: Any) -> list[str]:
    return [finding.kind for finding in truth.check({"elm": there}, log, **more)]


@dataclass(frozen=True)
class Case:
    """What the diary held, what was heard, and what has to be found in it."""

    name: str
    there: Clinic
    log: tuple[Exchange, ...]
    kinds: tuple[str, ...] = ()
    kills: tuple[float, ...] = ()
    waits: tuple[tuple[float, float], ...] = ()


HONEST = [
    Case("booked", clinic(), (book(),)),
    Case("moved", moved(), (book(), ask("reschedule_appointment", MOVED, 1.0, said=MOVE))),
    Case("cancelled", cancelled(), (book(), ask("cancel_appointment", CANCELLED, 1.0))),
    Case("found", clinic(), (book(), ask("find_appointments", FOUND, 1.0))),
    Case("found by a name, and not what is under the same name with a slip",
         with_another(patient="Benn Ode"),
         (book(), ask("find_appointments", FOUND, 1.0, said={"patient_name": "Ben Ode"}))),
    Case("not theirs to find", clinic(), (ask("find_appointments", NOT_FOUND, 1.0, caller=""),)),
    Case("yes", clinic(), (book(), did(f"Yes, that went through. {BOOKED}", 1.0))),
    Case("no", empty(), (book(FAULT), did(NO, 2.0))),
    Case("nothing yet", empty(), (did(NOTHING_YET, 1.0),)),
    Case("nothing done", empty(), (book(FAULT),)),
    Case("nothing done, then booked when asked again", clinic(changes=[change(seconds=1.1)]),
         (book(FAULT), book(seconds=1.0))),
    Case("nothing done by a cancel, and the booking was told",
         clinic(), (book(), ask("cancel_appointment", FAULT, 1.0))),
    Case("no yet, by a server that the booking has not reached",
         clinic(), (book(received=1.0), did(NOTHING_YET, 0.05, received=0.08))),
    Case("can't tell yet, and then the truth", clinic(),
         (book(CANT_TELL), did(CANT_TELL, 1.0), did(f"Yes, that went through. {BOOKED}", 9.0,
                                                   at_rest=True))),
    Case("a cancel that races the finding of it", cancelled(1.1),
         (book(), ask("cancel_appointment", CANCELLED, 1.0, received=1.3),
          ask("find_appointments", FOUND, 1.05), ask("find_appointments", NOT_FOUND, 1.05))),
    Case("taken", with_another(patient="Cat Ruiz", phone=CAT),
         (book(), book(TAKEN.replace("11:00 AM", "11:45 AM"), 1.0, call="three", caller=CAT,
                       said={"practitioner": ADA, "patient_name": "Cat Ruiz"}))),
    Case("a move to a time whose room is taken", clinic(
        visits=[visit(service="Root canal"), visit(
            "BBBBB", service="Root canal", phone=CAT, start=at("2026-12-04 12:00"),
            end=at("2026-12-04 13:00"))],
        changes=[change(), change(2, -5.0, visit="BBBBB", by="two", start=at("2026-12-04 12:00"))]),
         (ask("reschedule_appointment", "I'm so sorry, it looks like that specific time slot was"
              " just taken. I have 2:00 PM available. Would that work for you?", 1.0, said={
                  "start": "2026-12-04T11:15", "reference": "AAAAA"}),)),
    Case("a colleague is free when the one asked for is not", with_another(phone=CAT), (
        book(), ask("check_availability", COLLEAGUE, 1.0, said={
            "service": "Cleaning", "practitioner": ADA}))),
    Case("booked again after the call's own cancel, under one id", clinic(
        visits=[visit(status="cancelled"), visit("BBBBB")],
        changes=[change(), change(2, 1.1, kind="cancelled", status="cancelled"),
                 change(3, 2.1, visit="BBBBB")]),
         (book(id="hook"), ask("cancel_appointment", CANCELLED, 1.0, id="hook"),
          book(BOOKED.replace("AAAAA", "BBBBB"), 2.0, id="hook"))),
    Case("by reference and birthday from a withheld number",
         clinic(visits=[visit(birthday="1988-04-17")]),
         (book(), ask("find_appointments", FOUND, 1.0, call="two", caller="",
                      said={"reference": "AAAAA", "date_of_birth": "1988-04-17"}))),
    Case("by the birthday that the call which booked it has corrected since",
         clinic(visits=[visit(birthday="1988-04-18")]),
         (book(said={"date_of_birth": "1988-04-17"}),
          ask("find_appointments", FOUND, 1.0, call="two", caller="",
              said={"reference": "AAAAA", "date_of_birth": "1988-04-17"}),
          book(CORRECTED, 2.0, said={"date_of_birth": "1988-04-18"}))),
    Case("what has become of what was proven in the call",
         clinic(visits=[visit(birthday="1988-04-17", status="cancelled")], changes=[
             change(), change(2, 1.1, kind="cancelled", status="cancelled", by="two")]),
         (book(), ask("cancel_appointment", CANCELLED, 1.0, call="two", caller="",
                      said={"reference": "AAAAA", "date_of_birth": "1988-04-17"}),
          did(f"Yes, that went through. {CANCELLED}", 2.0, call="two", caller=""))),
    Case("by another number of the patient's", clinic(visits=[visit(other_phones=(CAT,))]),
         (book(), ask("find_appointments", FOUND, 1.0, call="two", caller=CAT))),
    Case("what somebody has booked for another", clinic(visits=[visit(claimed_by=CAT)]),
         (book(caller=CAT, said={"patient_phone": BEN}),
          ask("find_appointments", FOUND, 1.0, call="two", caller=CAT),
          ask("find_appointments", NOT_FOUND, 2.0, call="three"))),
    Case("what a call from a withheld number has booked", clinic(visits=[visit(claimed_by="one")]),
         (book(caller=""), ask("find_appointments", FOUND, 1.0, caller=""),
          ask("find_appointments", NOT_FOUND, 2.0, call="three"))),
    Case("moved by the clinic since", moved(changes=[
        change(), change(2, 1.1, kind="rescheduled", start=ELEVEN, by="desk")]),
         (book(id="a"), book(SINCE, 2.0, id="a"))),
    Case("cancelled by the clinic since", cancelled(1.1, by="desk"),
         (book(id="a"), book(GONE, 2.0, id="a"))),
    Case("booked again since", clinic(
        visits=[visit("BBBBB", status="cancelled"), visit()],
        changes=[change(1, 0.1, visit="BBBBB"), change(
            2, 1.1, visit="BBBBB", kind="cancelled", status="cancelled"), change(3, 2.1)]),
         (ask("cancel_appointment", CANCELLED, 1.0, id="a"), book(seconds=2.0, id="b"),
          ask("cancel_appointment", AGAIN, 3.0, id="a"))),
    Case("corrected", clinic(), (book(), book(CORRECTED, 1.0))),
    Case("a name that was corrected afterwards", clinic(visits=[visit(patient="Benn Ode")]),
         (book(), book(CORRECTED, 1.0, said={"patient_name": "Benn Ode"}))),
    Case("known by nearly that name", clinic(names={BEN: frozenset({"Ben Ode"})}),
         (book(KNOWN_AS, 1.0, said={"patient_name": "Benn Ode"}),)),
    Case("called back, done and asked for too often", empty(notes=[
        Note("callback", "one", BEN, is_open=False),
        Note("waiting", "one", BEN, "Cleaning", is_open=False)]),
         (ask("request_callback", SEEN_TO), ask("join_waitlist", NO_LONGER, 1.0),
          ask("request_callback", CALLED_ALREADY, 2.0, call="two"))),
    Case("capped", empty(), (book(CAPPED),)),
    Case("the worker was killed", clinic(), (
        book("", ended=DROPPED), book(seconds=1.0)), (), (0.1,)),
    Case("an answer of 5.1 s from a machine that was starved", clinic(), (
        book(received=5.1),), waits=((0.5, 0.1), (5.0, 0.05))),
    Case("the caller left", clinic(), (book("", ended=LEFT), book(seconds=1.0))),
    Case("a callback", empty(notes=[Note("callback", "one", BEN)]), (
        ask("request_callback", "I've asked the clinic to call you back at the number ending in"
            " 0 1 7 7. Is there anything else?"),)),
    Case("a day that is closed", empty(closed=[Closed(TEN, ELEVEN, "", -2.0, -1.0)]), (
        book("I'm sorry, nobody is here for a cleaning on Thursday, December 3. I have nothing else"
             " open that I can book. Would you like the clinic to call you back?"),)),
]  # fmt: skip

LIES = [
    Case("booked without a row", empty(), (book(),), ("lost",)),
    Case("booked at another time", clinic(), (
        book(BOOKED.replace("10:00", "10:30")),), ("untrue",)),
    Case("booked with another practitioner", clinic(), (
        book(BOOKED.replace(ADA, BO)),), ("untrue",)),
    Case("booked, a reference that is another's", with_another(phone=CAT, patient="Cat Ruiz"), (
        book(f"You're booked: {AT_ELEVEN}. Your reference is BBBBB."),), ("stranger",)),
    Case("booked for somebody else", clinic(visits=[visit(patient="Cat Ruiz")]), (book(),),
         ("untrue",)),
    Case("booked at another time than was asked for", moved(changes=[change(start=ELEVEN)]), (
        book(BOOKED.replace("10:00", "11:00")),), ("untrue",)),
    Case("booked, before it was", clinic(changes=[change(seconds=3.0)]), (book(),), ("untrue",)),
    Case("booked, told again when the clinic had cancelled", cancelled(1.1, by="desk"), (
        book(), book(seconds=2.0)), ("untrue",)),
    Case("moved, and it is not", clinic(), (
        book(), ask("reschedule_appointment", MOVED, 1.0, said=MOVE)), ("untrue",)),
    Case("moved, by another call", moved(changes=[
        change(), change(2, 1.1, kind="rescheduled", start=ELEVEN, by="desk")]), (
        book(), ask("reschedule_appointment", MOVED, 1.0, said=MOVE)), ("untrue",)),
    Case("cancelled, and it is not", clinic(), (
        book(), ask("cancel_appointment", CANCELLED, 1.0)), ("untrue",)),
    Case("already cancelled, and it is not", clinic(), (book(), ask(
        "cancel_appointment", CANCELLED.replace("I've cancelled it", "It was already cancelled"),
        1.0)), ("untrue",)),
    Case("nothing booked, over a row", clinic(), (book(FAULT),), ("untrue",)),
    Case("nothing booked, and the row comes later", clinic(changes=[change(seconds=6.0)]), (
        book(FAULT),), ("untrue",)),
    Case("nothing booked, by the copy that waited", clinic(), (
        book("", ended=LEFT, id="a"), book(FAULT, 1.0, id="a")), ("untrue",)),
    Case("nothing booked, while the first request is under way", clinic(
        changes=[change(seconds=5.0)]), (
        book(CANT_TELL, received=4.0), book(FAULT, 2.0, received=3.0)), ("untrue",)),
    Case("nothing cancelled, and it is", cancelled(), (
        book(), ask("cancel_appointment", FAULT, 1.0)), ("untrue",)),
    Case("no, over a row", clinic(), (book("", ended=LEFT), did(NO, 2.0)), ("untrue",)),
    Case("nothing yet, over a row", clinic(), (book("", ended=LEFT), did(NOTHING_YET, 2.0)),
         ("untrue",)),
    Case("nothing yet, and the row comes later", clinic(changes=[change(seconds=8.0)]), (
        book(CANT_TELL, received=4.0), did(NOTHING_YET, 5.0)), ("untrue",)),
    Case("nothing booked, when asked whether it went through", clinic(), (
        book("", ended=LEFT), did(FAULT, 2.0)), ("untrue",)),
    Case("yes, and nothing was asked for", clinic(), (
        book(), did(f"Yes, that went through. {BOOKED}", 1.0, call="two")), ("untrue",)),
    Case("yes, of what came before the last request", moved(), (
        book(), ask("reschedule_appointment", MOVED, 1.0, said=MOVE),
        did(f"Yes, that went through. {BOOKED}", 3.0)), ("untrue", "untrue")),
    Case("yes, over a cancelled row", cancelled(1.1, by="desk"), (
        book(), did(f"Yes, that went through. {BOOKED}", 3.0)), ("untrue",)),
    Case("a double", clinic(
        visits=[visit(), visit("BBBBB", practitioner=BO)],
        changes=[change(), change(2, 0.15, visit="BBBBB", practitioner=BO)]), (book(),),
        ("doubled",)),
    Case("a late copy books what the clinic has cancelled", clinic(
        visits=[visit(status="cancelled"), visit("BBBBB")],
        changes=[change(), change(2, 1.0, kind="cancelled", status="cancelled", by="desk"),
                 change(3, 2.1, visit="BBBBB")]), (
        book(id="a"), book(BOOKED.replace("AAAAA", "BBBBB"), 2.0, id="a")), ("doubled",)),
    Case("an overlap", clinic(overlapping=1), (book(),), ("overlap",)),
    Case("an offer of a time that is taken", with_another(practitioner=ADA, phone=CAT), (
        book(), ask("check_availability", "For a cleaning on Thursday, December 3 I have 9:00 AM or"
                    " 11:00 AM. Which would you like?", 1.0, said={
                        "service": "Cleaning", "practitioner": ADA})), ("untrue",)),
    Case("a colleague's time that is taken", with_another(practitioner=BO, phone=CAT), (
        book(), ask("check_availability", COLLEAGUE, 1.0, said={
            "service": "Cleaning", "practitioner": ADA})), ("untrue",)),
    Case("an offer of a time that is past", clinic(), (book(), ask(
        "check_availability", "For a cleaning today, Monday, November 23, 2026 I have 7:00 AM."
        " Would that suit you?", 1.0, said={"service": "Cleaning"})), ("untrue",)),
    Case("an offer of a time that is closed", clinic(closed=[Closed(TEN, ELEVEN, "", -2.0, -1.0)],
         visits=[], changes=[]), (ask(
             "check_availability", "For a cleaning on Thursday, December 3 I have 10:30 AM. Would"
             " that suit you?", 1.0, said={"service": "Cleaning"}),), ("untrue",)),
    Case("taken, and nobody has it", empty(), (book(TAKEN),), ("untrue",)),
    Case("nobody is here, and nothing is closed", empty(), (book(
        "I'm sorry, nobody is here for a cleaning on Thursday, December 3. I have nothing else open"
        " that I can book. Would you like the clinic to call you back?"),), ("untrue",)),
    Case("has passed, and is ahead", empty(), (book(
        "Thursday, December 3 at 10:00 AM has already passed; today is Monday, November 23, 2026."
        " Which day and time would you like instead?"),), ("untrue",)),
    Case("a find that leaves one out", with_another(), (
        book(), ask("book_appointment", f"You're booked: {AT_ELEVEN}. Your reference is BBBBB.",
                    -5.2, call="two", received=-4.8,
                    said={**BOOK, "start": "2026-12-03T11:00"}),
        ask("find_appointments", FOUND, 1.0)), ("untrue",)),
    Case("a find by a name that leaves one out", with_another(), (
        book(), ask("find_appointments", FOUND, 1.0, said={"patient_name": "Ben Ode"})),
        ("untrue",)),
    Case("a find that finds nothing", clinic(), (
        book(), ask("find_appointments", NOT_FOUND, 1.0)), ("untrue",)),
    Case("a find of a stranger's", clinic(), (
        book(), ask("find_appointments", FOUND, 1.0, call="two", caller=CAT)), ("stranger",)),
    Case("a find from a withheld number", clinic(), (
        book(), ask("find_appointments", FOUND, 1.0, call="two", caller="")), ("stranger",)),
    Case("a takeover: the same again, from another number", clinic(), (
        book(), book(seconds=1.0, call="two", caller=CAT, said={
            "patient_phone": BEN, "date_of_birth": "1971-02-03"})), ("stranger",)),
    Case("they already have a stranger's", clinic(), (book(), ask(
        "book_appointment", f"You already have {AT_TEN}. Would you like to move it, or another time"
        " for this one?", 1.0, call="two", caller=CAT, said=BOOK)), ("stranger",)),
    Case("a find of what another number has claimed", clinic(visits=[visit(claimed_by=CAT)]), (
        ask("find_appointments", FOUND, 1.0),), ("stranger",)),
    Case("a find of what another withheld call has booked", clinic(
        visits=[visit(claimed_by="one")]), (
        ask("find_appointments", FOUND, 1.0, call="two", caller=""),), ("stranger",)),
    Case("a find that leaves out what was booked for another", clinic(
        visits=[visit(claimed_by=CAT)]), (
        ask("find_appointments", NOT_FOUND, 1.0, caller=CAT),), ("untrue",)),
    Case("a find by a birthday that was only claimed", clinic(
        visits=[visit(claimed_by="one", birthday="1988-04-17")]), (
        ask("find_appointments", FOUND, 1.0, call="two", caller="", said={
            "reference": "AAAAA", "date_of_birth": "1988-04-17"}),), ("stranger",)),
    Case("a find by a wrong birthday", clinic(visits=[visit(birthday="1988-04-17")]), (
        ask("find_appointments", FOUND, 1.0, call="two", caller="", said={
            "reference": "AAAAA", "date_of_birth": "1971-02-03"}),), ("stranger",)),
    Case("moved since, and it is not", clinic(), (
        book(id="a"), book(SINCE.replace("11:00", "10:00"), 1.0, id="a")), ("untrue",)),
    Case("moved since, and it stands elsewhere", clinic(), (
        book(id="a"), book(SINCE, 1.0, id="a")), ("untrue",)),
    Case("cancelled since, and it is not", clinic(), (
        book(id="a"), book(GONE, 1.0, id="a")), ("untrue",)),
    Case("booked again since, and it is cancelled", cancelled(), (
        ask("cancel_appointment", CANCELLED, 1.0, id="a"),
        ask("cancel_appointment", AGAIN, 3.0, id="a")), ("untrue",)),
    Case("corrected, and it is two visits", clinic(
        visits=[visit(), visit("BBBBB", practitioner=BO)],
        changes=[change(), change(2, 1.1, visit="BBBBB", practitioner=BO, by="two")]), (
        book(CORRECTED, 2.0),), ("untrue",)),
    Case("a stranger's name", clinic(names={BEN: frozenset({"Ben Ode"})}), (
        book(KNOWN_AS, 1.0, call="two", caller=CAT, said={"patient_name": "Benn Ode"}),),
        ("stranger",)),
    Case("a call back that is said to be done", empty(notes=[Note("callback", "one", BEN)]), (
        ask("request_callback", SEEN_TO),), ("untrue",)),
    Case("a call back that nobody noted", empty(), (
        ask("request_callback", CALLED_ALREADY),), ("untrue",)),
    Case("a place on the waitlist that is kept", empty(notes=[
        Note("waiting", "one", BEN, "Cleaning")]), (ask("join_waitlist", NO_LONGER),), ("untrue",)),
    Case("capped, over a row", clinic(), (book(CAPPED),), ("untrue",)),
    Case("a callback nobody wrote down", empty(), (ask(
        "request_callback", "I've asked the clinic to call you back at the number ending in"
        " 0 1 7 7. Is there anything else?"),), ("untrue",)),
    Case("a waitlist nobody is on", empty(), (ask(
        "join_waitlist", "You're on the waitlist for a cleaning. The clinic will call when a time"
        " becomes free. Is there anything else?"),), ("untrue",)),
    Case("an answer of 5.1 s", clinic(), (book(received=5.1),), ("slow",)),
    Case("an answer of 5.1 s after a machine that was starved", clinic(), (
        book(received=5.1),), ("slow",), waits=((-0.1, 9.0), (0.01, 9.0), (5.0, 0.05), (5.2, 9.0))),
    Case("no answer in ten seconds", clinic(), (
        book("", ended=SILENT, received=10.0), book(seconds=11.0)), ("slow",)),
    Case("a connection ended, and no worker killed", clinic(), (
        book("", ended=DROPPED), book(seconds=1.0)), ("unanswered",)),
    Case("another id", clinic(), (book(is_well_formed=False),), ("malformed",)),
    Case("HTTP 500", clinic(), (book(status=500),), ("malformed",)),
    Case("two lines", clinic(), (book(BOOKED.replace(". ", ".\n")),), ("malformed",)),
    Case("an unknown sentence", clinic(), (book(f"{BOOKED} The moon is full."),),
         ("unknown sentence",)),
    Case("never told", clinic(), (
        book(CANT_TELL), did(CANT_TELL, 9.0, at_rest=True)), ("unsettled",)),
    Case("a row that is not what its history says", clinic(visits=[visit(status="cancelled")]), (
        book(),), ("unrecorded",)),
    Case("booked in a time that was closed", clinic(closed=[Closed(TEN, ELEVEN, ADA, -2.0, -1.0)]),
         (book(),), ("closed",)),
]  # fmt: skip


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.name)
def test_who_says_what_is_so_is_believed(case: Case) -> None:
    assert found(case.there, *case.log, kills=case.kills, waits=case.waits) == []


@pytest.mark.parametrize("case", LIES, ids=lambda case: case.name)
def test_one_lie_of_each_kind_is_caught(case: Case) -> None:
    assert tuple(found(case.there, *case.log, kills=case.kills, waits=case.waits)) == case.kinds


def test_another_orgs_rows_do_not_make_a_sentence_true() -> None:
    log = [replace(book(), org="oak")]

    findings = truth.check({"elm": clinic(), "oak": empty()}, log)

    assert [(finding.org, finding.kind) for finding in findings] == [("oak", "lost")]


def test_a_finding_brings_what_one_needs_to_see_it() -> None:
    log = [book(), ask("cancel_appointment", CANCELLED, 1.0)]

    [finding] = truth.check({"elm": clinic()}, log)

    assert finding.exchange == log[1]
    assert finding.exchanges == tuple(log)
    assert [(row.visit, row.kind) for row in finding.rows] == [("AAAAA", "booked")]
