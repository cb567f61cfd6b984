"""World: what the callers of one org asked and heard, beside what its diary held."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from config.operations.judging import claims
from config.operations.judging.claims import Claim, Heard, SaidVisit
from config.operations.judging.history import END, Change, Clinic, Visit

ANSWERED, DROPPED, SILENT, LEFT = "answered", "dropped", "silent", "left"
WRITES = {
    "book_appointment": "booked",
    "reschedule_appointment": "rescheduled",
    "cancel_appointment": "cancelled",
}
NOTES = {"request_callback": "called_back", "join_waitlist": "waiting"}
# A request may be on its way for so long (seconds) before it arrives at a server that is busy.
ON_ITS_WAY = 1.0
# The sentences that are true for each action once it is done.
SAID_OF = {
    "book_appointment": {"booked"},
    "reschedule_appointment": {"moved", "is_there"},
    "cancel_appointment": {"cancelled", "was_cancelled"},
    "request_callback": {"called_back"},
    "join_waitlist": {"waiting"},
}
DONE = {kind: tool for tool, kinds in SAID_OF.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request over HTTP, and what came of it. Times are monotonic seconds.

    `caller` is the number that is proven, "" when it is withheld, whatever was `signalled`.
    `ended`: "answered"; "dropped" by the server; "silent" when the caller waited in vain; "left"
    when the caller dropped the connection. `now` is the clinic's time. `at_rest`: after the faults.
    """

    org: str
    call: str
    caller: str
    id: str
    tool: str
    arguments: Mapping[str, str]
    sent: float
    received: float
    now: datetime
    sentence: str = ""
    ended: str = ANSWERED
    status: int = 200
    is_well_formed: bool = True
    at_rest: bool = False
    signalled: str = ""
    script: str = ""

    @property
    def who(self) -> str:
        """Whose visits this call may hear of: the number's, or, if it is withheld, those made in
        this call."""
        return self.caller or self.call

    @property
    def writes(self) -> bool:
        return self.tool in WRITES or self.tool in NOTES

    @property
    def start(self) -> datetime | None:
        """What `start` asks for, as an instant. The callers write it YYYY-MM-DDTHH:MM."""
        said = self.arguments.get("start")
        return local(said, self.now).astimezone(UTC) if said else None

    @property
    def day(self) -> date | None:
        said = self.arguments.get("start") or self.arguments.get("date")
        return date.fromisoformat(said[:10]) if said else None

    def asks_the_same(self, other: "Exchange") -> bool:
        return (self.tool, self.arguments) == (other.tool, other.arguments)


def local(said: str, now: datetime) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=now.tzinfo or ZoneInfo("UTC"))


@dataclass
class World:
    """One org: what its callers asked and heard, and what its diary held.

    `kills` are when a worker was killed; `waits` when the machine was starved, and how long.
    """

    clinic: Clinic
    exchanges: Sequence[Exchange]
    kills: Sequence[float] = ()
    waits: Sequence[tuple[float, float]] = ()
    calls: dict[str, list[Exchange]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        calls: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in sorted(self.exchanges, key=lambda exchange: exchange.sent):
            calls[exchange.call].append(exchange)
        self.calls = dict(calls)

    @cached_property
    def heard(self) -> dict[int, Heard]:
        return {
            id(one): claims.read(one.sentence, now=one.now, day=one.day)
            for one in self.exchanges
            if one.ended == ANSWERED and one.sentence
        }

    @cached_property
    def told(self) -> dict[int, float]:
        """When each change was first told to its own call, by the change's key."""
        found: dict[int, float] = {}
        for call, exchanges in self.calls.items():
            changes = self.changes(call)
            for one in exchanges:
                for claim in self.claims(one):
                    for change in changes:
                        if tells(claim, change, self.clinic.of(change)):
                            when = min(one.received, found.get(change.key, END))
                            found[change.key] = when
        return found

    def starved(self, sent: float, received: float) -> float:
        """How long the machine kept waiting, in that time, who had work to do (seconds)."""
        ended = ((when, waited) for when, waited in self.waits if sent <= when <= received)
        return sum(min(waited, when - sent) for when, waited in ended)

    def claims(self, exchange: Exchange) -> tuple[Claim, ...]:
        heard = self.heard.get(id(exchange))
        return heard.claims if heard else ()

    def known_by(self, change: Change) -> float:
        """The moment from which the change was certainly there: it was seen in the database, or
        told."""
        return min(change.seen, self.told.get(change.key, END))

    def changes(self, call: str) -> list[Change]:
        return self.clinic.by_call.get(call, [])

    def visits_told(self, said: SaidVisit) -> list[Visit]:
        """The visits that were told: found by the reference, if one was told, and by what was said
        of them."""
        return [
            visit
            for visit in self.clinic.visits
            if is_named(visit, said) and (not said.reference or visit.reference == said.reference)
        ]

    def has_namesake(self, visit: Visit, who: str) -> bool:
        """Whether another name of `who`'s patients differs from this patient's by a slip only."""
        theirs = {other.patient for other in self.clinic.visits if other.is_theirs(who)}
        theirs |= self.clinic.names.get(who, frozenset())
        return any(
            words_of(name) == words_of(visit.patient) and name != visit.patient for name in theirs
        )

    def is_theirs(self, visit: Visit, exchange: Exchange) -> bool:
        """Whether this caller may hear of the visit: it is their own, or they have proven it."""
        return visit.is_theirs(exchange.who) or self.is_proven(visit, exchange)

    def is_proven(self, visit: Visit, exchange: Exchange) -> bool:
        """Whether the caller proved the visit by its reference and the birthday of a verified
        patient: as it is at the end, or was until the call that booked the visit corrected it. A
        caller who asks what became of a request proved it with that request."""
        asked = [exchange]
        if exchange.tool == "did_that_go_through":
            asked += [one for one in self.calls[exchange.call] if one.sent < exchange.received]
        proofs = {
            (one.arguments.get("reference"), one.arguments.get("date_of_birth")) for one in asked
        }
        if not visit.birthday or visit.claimed_by:
            return False
        booked_in = self.calls.get(self.clinic.made_by.get(visit.id, ""), [])
        birthdays = {visit.birthday, *(one.arguments.get("date_of_birth") for one in booked_in)}
        return any((visit.reference, birthday) in proofs for birthday in birthdays - {None})

    def last_writes(self, heard: Exchange) -> list[Exchange]:
        """The requests that may be the call's last one; there may be several.

        A request may still be on its way when one that was sent after it is answered. One that is
        sent again, late, is no new request; and one that failed may have left no trace.
        """
        asked = [one for one in self.calls[heard.call] if one.sent <= heard.received]
        writes = [one for one in asked if one.writes]
        arrived = [one for one in writes if one.sent <= heard.sent - ON_ITS_WAY]
        found = [one for one in writes if one not in arrived]
        while arrived:
            last = arrived.pop()
            found.append(last)
            earlier = [one for one in arrived if not one.asks_the_same(last)]
            if not (self.may_be_unknown(last) or any(is_copy(one, last) for one in arrived)):
                break
            arrived = earlier
        return found

    def may_be_unknown(self, asked: Exchange) -> bool:
        """Whether it may have failed before anything of it was written down."""
        kinds = {claim.kind for claim in self.claims(asked)}
        return asked.ended != ANSWERED or bool(kinds & {"nothing_done", "unknown_end"})

    def run_of(self, last: Exchange) -> float:
        """When the call began to ask for this: before that, it was about something else."""
        began = last.sent
        for one in reversed([one for one in self.calls[last.call] if one.writes]):
            if one.sent > last.sent:
                continue
            if not one.asks_the_same(last):
                break
            began = one.sent
        return began

    def was_done_by(self, heard: Exchange, askers: Iterable[Exchange]) -> float:
        """Up to when changes cannot come from those of `askers` that the server may not have
        received when it answered `heard`: they were sent later, or might be on their way still."""
        unknown = [
            one.sent for one in askers if one is not heard and one.sent > heard.sent - ON_ITS_WAY
        ]
        return max(heard.sent, min(unknown, default=END))


def is_copy(one: Exchange, other: Exchange) -> bool:
    return one.id == other.id and one.asks_the_same(other)


def is_named(visit: Visit, said: SaidVisit) -> bool:
    return visit.service.casefold() == said.service.casefold()


def tells(claim: Claim, change: Change, visit: Visit) -> bool:
    if WRITES.get(DONE.get(claim.kind, "")) != change.kind:
        return False
    return any(
        said.start == change.start
        and said.practitioner == change.practitioner
        and said.reference in ("", visit.reference)
        for said in claim.visits
    )


def is_of(change: Change, asked: Exchange, clinic: Clinic) -> bool:
    """Whether the change is what `asked` asks for."""
    visit, said = clinic.of(change), asked.arguments
    if WRITES.get(asked.tool) != change.kind or change.by != asked.call:
        return False
    if asked.start and change.start != asked.start:
        return False
    if "reference" in said and said["reference"] != visit.reference:
        return False
    if asked.tool == "book_appointment":
        is_same = visit.service.casefold() == said["service"].casefold()
        return is_same and names_fit(visit.patient, said["patient_name"])
    return "patient_name" not in said or names_fit(visit.patient, said["patient_name"])


def names_fit(name: str, said: str) -> bool:
    """Whether all that was said is in the name. A letter said twice is a slip that callers make,
    and put right: the record may have the one name or the other."""
    return words_of(said) <= words_of(name)


def words_of(name: str) -> set[str]:
    return set(re.sub(r"(.)\1+", r"\1", name.casefold()).split())
