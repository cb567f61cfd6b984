"""Callers: what people and models do on the telephone, drawn from a seed."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from config.operations.chaos.calls import Call, Person
from config.operations.judging import claims
from config.operations.judging.claims import SaidVisit
from config.operations.judging.world import Exchange
from config.operations.scratch import Line

# The id of every tool call that one of Vapi's hooks makes.
HOOK = "hook-function-call"
FIRST_NAMES = (
    *("Dana", "Peter", "Olivia", "Marcus", "Irene"),
    *("Victor", "Beatrice", "Hugo", "Naomi", "Felix"),
)
LAST_NAMES = (
    *("Whitfield", "Okoro", "Lindqvist", "Barnes"),
    *("Castellano", "Dubois", "Hargrove", "Nakamura"),
)
# Enough that no number comes near its caps. The last two digits are the number's, and 99 is the
# clinic's own.
NUMBERS = 99
FAMILIES = 7  # every seventh number is shared by three
DAYS_AHEAD = 12
BIRTHDAY = "1988-04-17"
# With it the answer begins with the clinic's emergency sentence, which is read in the middle of the
# booking.
DANGER = "severe chest pain"


def person(number: int, member: int = 0) -> Person:
    """An invented one. Numbers are those set aside for fiction."""
    first = FIRST_NAMES[(number + 3 * member) % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    return Person(f"{first} {last}", f"+120255501{number:02}")


@dataclass
class Caller:
    """Somebody who keeps calling one clinic. `visits` are what all its callers were told of."""

    line: Line
    draw: random.Random
    log: Callable[[Exchange], object]
    visits: list[tuple[Person, SaidVisit]]
    calls: list[Call] = field(default_factory=list)

    def call_until(self, is_over: Callable[[], bool]) -> None:
        names, weights = zip(*SCRIPTS, strict=True)
        while not is_over():
            [script] = self.draw.choices(names, weights)
            script(self)
            time.sleep(self.draw.uniform(0, 0.3))

    def ask_at_rest(self) -> None:
        """Ask what became of the requests left open, and which visits some people have now."""
        for call in self.calls:
            call.is_at_rest = True
            if call.is_open or self.draw.random() < 0.1:
                ask_until_told(call)
        for _ in range(3):
            self.new_call("find_at_rest", at_rest=True).ask("find_appointments")

    def new_call(
        self,
        script: str,
        *,
        withheld: bool = False,
        whose: Person | None = None,
        at_rest: bool = False,
    ) -> Call:
        number = self.draw.randrange(NUMBERS)
        members = 3 if number % FAMILIES == 0 else 1
        someone = whose or person(number, self.draw.randrange(members))
        call = Call(self.line, someone, self.draw, self.log, withheld, script)
        call.is_at_rest = at_rest
        self.calls.append(call)
        return call

    def some_start(self) -> str:
        """A half hour of the days ahead; often one that others want too."""
        is_wanted = self.draw.random() < 0.3
        days = 2 if is_wanted else self.draw.randint(1, DAYS_AHEAD)
        half_hours = self.draw.randrange(4) if is_wanted else self.draw.randrange(21)
        today = self.line.organization.now().replace(hour=8, minute=0)
        return iso(today + timedelta(days=days, minutes=30 * half_hours))

    def wish(self, call: Call) -> dict[str, str]:
        """The arguments of a booking."""
        service = "Cleaning" if self.draw.random() < 0.8 else "Root canal"
        said = {
            "service": service,
            "start": self.some_start(),
            "patient_name": call.person.name,
        }
        if call.is_withheld:
            said["patient_phone"] = call.person.phone
        if call.is_withheld or self.draw.random() < 0.3:
            said["date_of_birth"] = BIRTHDAY
        if service == "Cleaning" and self.draw.random() < 0.3:
            said["practitioner"] = self.draw.choice(["Dr. Ada Moss", "Dr. Bo Lind"])
        if self.draw.random() < 0.15:
            said["reason"] = DANGER
        return said

    def book(
        self, call: Call, said: Mapping[str, str], *, key: str = "", leave_after: float = 0
    ) -> SaidVisit | None:
        """The booked visit, kept so that other callers can try to reach it."""
        sentence = call.ask("book_appointment", said, key=key, leave_after=leave_after)
        heard = claims.read(sentence, now=self.line.organization.now())
        for claim in heard.claims:
            if claim.kind == "booked" and claim.visits:
                whose = Person(said["patient_name"], said.get("patient_phone", call.person.phone))
                self.visits.append((whose, claim.visits[0]))
                return claim.visits[0]
        return None


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}"


def ask_until_told(call: Call) -> None:
    """Asks a few times: the answer becomes known soon if nothing else fails."""
    for _ in range(5):
        sentence = call.ask("did_that_go_through")
        heard = claims.read(sentence, now=call.line.organization.now())
        if sentence and "unknown_end" not in heard.kinds:
            return
        time.sleep(2)


def together(*asks: Callable[[], object]) -> None:
    threads = [threading.Thread(target=ask) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def later(caller: Caller, ask: Callable[[], object]) -> Callable[[], None]:
    """Ask at the same moment as another request, or while that may still be under way."""
    seconds = caller.draw.choice((0.0, 0.1, caller.draw.uniform(1, 3)))

    def wait_and_ask() -> None:
        time.sleep(seconds)
        ask()

    return wait_and_ask


# --- what happens in a call


def book_and_change(caller: Caller) -> None:
    """Look, book, find, move, ask, cancel, ask: as far as the call goes."""
    call = caller.new_call("book_and_change", withheld=caller.draw.random() < 0.1)
    said = caller.wish(call)
    look = {"service": said["service"], "date": said["start"][:10]}
    call.ask("check_availability", look)
    visit = caller.book(call, said)
    call.ask("did_that_go_through")
    if visit is None or caller.draw.random() < 0.4:
        return
    proof = proof_of(call, visit)
    call.ask("find_appointments", proof)
    call.ask("reschedule_appointment", {"start": caller.some_start(), **proof})
    call.ask("did_that_go_through")
    if caller.draw.random() < 0.6:
        call.ask("cancel_appointment", proof)
        call.ask("did_that_go_through")


def proof_of(call: Call, visit: SaidVisit) -> dict[str, str]:
    proof = {"reference": visit.reference}
    return proof | ({"date_of_birth": BIRTHDAY} if call.is_withheld else {})


def repeat_an_id(caller: Caller) -> None:
    """Book, cancel, book again, cancel again, all under the one id that hooks have."""
    call = caller.new_call("repeat_an_id")
    said = caller.wish(call)
    visit = caller.book(call, said, key=HOOK)
    if visit is None:
        return
    name = {"patient_name": call.person.name}
    for _ in range(2):
        call.ask("cancel_appointment", name, key=HOOK)
        call.ask("book_appointment", said, key=HOOK)
    call.ask("did_that_go_through", key=HOOK)


def move_to_and_fro(caller: Caller) -> None:
    """Move a visit to one time, to another, and back to the first, with the same request id."""
    call = caller.new_call("move_to_and_fro")
    said = caller.wish(call)
    visit = caller.book(call, said)
    if visit is None:
        return
    here, there = caller.some_start(), caller.some_start()
    for start in (here, there, here):
        move = {"start": start, "reference": visit.reference}
        call.ask("reschedule_appointment", move, key=HOOK)
    call.ask("did_that_go_through")


def two_copies(caller: Caller) -> None:
    """The same request twice at once; then once more, late."""
    call = caller.new_call("two_copies")
    said, key = caller.wish(call), call.new_id()
    visits: list[SaidVisit] = []

    def ask() -> None:
        if visit := caller.book(call, said, key=key):
            visits.append(visit)

    together(ask, later(caller, ask))
    call.ask("did_that_go_through")
    if visits and caller.draw.random() < 0.5:
        call.ask("cancel_appointment", {"reference": visits[0].reference})
    call.ask("book_appointment", said, key=key)
    call.ask("did_that_go_through")


def interrupted(caller: Caller) -> None:
    """Barge-in: the model asks for the same again, under a new id, while the first is under way."""
    call = caller.new_call("interrupted", withheld=caller.draw.random() < 0.2)
    said = caller.wish(call)
    book, again = partial(call.ask, "book_appointment", said), partial(caller.book, call, said)
    together(book, later(caller, again))
    call.ask("did_that_go_through")


def cut_off(caller: Caller) -> None:
    """The connection is dropped on the way, and Vapi asks again; then the caller wants to know."""
    call = caller.new_call("cut_off")
    said = caller.wish(call)
    leave = caller.draw.uniform(0.01, 0.15)
    visit = caller.book(call, said, leave_after=leave)
    call.ask("did_that_go_through")
    if visit:
        call.ask("cancel_appointment", {"reference": visit.reference}, leave_after=leave)
        call.ask("did_that_go_through")


def ask_at_once(caller: Caller) -> None:
    """“Did that go through?”, while it is under way."""
    call = caller.new_call("ask_at_once")
    said = caller.wish(call)
    ask = partial(call.ask, "did_that_go_through")
    together(partial(caller.book, call, said), later(caller, ask))
    call.ask("did_that_go_through")


def look_again(caller: Caller) -> None:
    """The same look under the same id, a moment later: what was free may be gone."""
    call = caller.new_call("look_again")
    look = {"service": "Cleaning", "date": caller.some_start()[:10]}
    key = call.new_id()
    for _ in range(3):
        call.ask("check_availability", look, key=key)
        time.sleep(caller.draw.uniform(0, 1))


def find_only(caller: Caller) -> None:
    """Whoever calls again has what is still booked, and can cancel it."""
    if not caller.visits:
        return
    whose, visit = caller.draw.choice(caller.visits)
    call = caller.new_call("find_only", whose=whose)
    call.ask("find_appointments")
    call.ask("find_appointments", {"patient_name": whose.name})
    if caller.draw.random() < 0.4:
        call.ask("cancel_appointment", {"reference": visit.reference})
        call.ask("cancel_appointment", {"reference": visit.reference})


def withheld_finds(caller: Caller) -> None:
    """A caller without a number and without proof asks for visits: nothing may be told."""
    call = caller.new_call("withheld_finds", withheld=True)
    call.ask("find_appointments")
    call.ask("cancel_appointment", {"patient_name": call.person.name})


def prove(caller: Caller) -> None:
    """A caller without a number proves by reference and birthday a visit that was booked with
    one."""
    if not caller.visits:
        return
    whose, visit = caller.draw.choice(caller.visits)
    call = caller.new_call("prove", withheld=True, whose=whose)
    proof = {"reference": visit.reference, "date_of_birth": BIRTHDAY}
    call.ask("find_appointments", proof)
    if caller.draw.random() < 0.5:
        call.ask("cancel_appointment", proof)
        call.ask("did_that_go_through")


def meddle(caller: Caller) -> None:
    """A stranger asks for the visit that somebody has, with an invented birthday."""
    if not caller.visits:
        return
    whose, visit = caller.draw.choice(caller.visits)
    call = caller.new_call("meddle", withheld=caller.draw.random() < 0.5)
    local = visit.start.astimezone(caller.line.organization.zone)
    same = {
        "service": visit.service,
        "start": iso(local),
        "patient_name": whose.name,
        "patient_phone": whose.phone,
        "date_of_birth": "1971-02-03",
    }
    call.ask("book_appointment", same)
    if caller.draw.random() < 0.7:
        return  # after some wrong references an org believes none for an hour
    proof = {"reference": visit.reference, "date_of_birth": "1971-02-03"}
    call.ask("find_appointments", proof)


def book_for_another(caller: Caller) -> None:
    """A daughter for her father, who has a number of his own."""
    call = caller.new_call("book_for_another")
    father = person(caller.draw.randrange(NUMBERS))
    said = {**caller.wish(call), "patient_name": father.name, "patient_phone": father.phone}
    call.ask("book_appointment", said)
    call.ask("did_that_go_through")


def correct(caller: Caller) -> None:
    """A name that differs by a slip, and then the birthday that was forgotten."""
    call = caller.new_call("correct", withheld=caller.draw.random() < 0.2)
    said = caller.wish(call)
    if caller.book(call, said) is None:
        return
    call.ask("book_appointment", {**said, "patient_name": with_a_slip(said["patient_name"])})
    call.ask("book_appointment", {**said, "date_of_birth": "1988-04-18"})
    call.ask("did_that_go_through")


def with_a_slip(name: str) -> str:
    """“Danna Whitfield” for Dana."""
    return name[:3] + name[2:]


def leave_a_message(caller: Caller) -> None:
    call = caller.new_call("leave_a_message")
    if caller.draw.random() < 0.5:
        said = {"name": call.person.name, "reason": "A question on the bill"}
        call.ask("request_callback", said)
    else:
        said = {"service": "Cleaning", "patient_name": call.person.name}
        call.ask("join_waitlist", said)
    call.ask("did_that_go_through")


SCRIPTS: tuple[tuple[Callable[[Caller], None], int], ...] = (
    (book_and_change, 30),
    (repeat_an_id, 10),
    (move_to_and_fro, 8),
    (two_copies, 12),
    (interrupted, 10),
    (cut_off, 12),
    (ask_at_once, 8),
    (look_again, 4),
    (find_only, 8),
    (withheld_finds, 2),
    (prove, 3),
    (meddle, 5),
    (book_for_another, 4),
    (correct, 5),
    (leave_a_message, 3),
)


def callers_of(
    line: Line, count: int, seed: str, log: Callable[[Exchange], object]
) -> list[Caller]:
    """The people who call one clinic, each with a script drawn from `seed`."""
    visits: list[tuple[Person, SaidVisit]] = []
    return [
        Caller(line, random.Random(f"{seed}-{number}"), log, visits)  # noqa: S311
        for number in range(count)
    ]


def talk(
    callers: list[Caller], is_over: Callable[[], bool], wait_for_rest: Callable[[], object]
) -> None:
    """Runs all callers at once until `is_over`. After the faults each asks what became of open
    requests."""
    together(*(partial(caller.call_until, is_over) for caller in callers))
    wait_for_rest()
    together(*(caller.ask_at_rest for caller in callers))
