"""Truth: every sentence heard in a run is compared with what the diaries held meanwhile.

Pure: a log of exchanges and a history go in, findings come out. If the history cannot tell which of
two things came first, the sentence counts as true. So every finding is certain.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from config.operations.judging.claims import Claim
from config.operations.judging.history import END, Change, Clinic
from config.operations.judging.rules import RULES
from config.operations.judging.world import ANSWERED, DROPPED, SILENT, Exchange, World, is_of
from tenants import budgets

LONGEST = 350
# A connection that ends so near to a killed worker (seconds) ended with it.
NEAR_A_KILL = 2.0
# What staff of a run sign with.
STAFF = "desk"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found wrong. `exchanges` and `rows` are what one needs to see it."""

    kind: str
    org: str
    what: str
    exchange: Exchange | None = None
    exchanges: tuple[Exchange, ...] = ()
    rows: tuple[Change, ...] = ()


def check(
    clinics: Mapping[str, Clinic],
    log: Iterable[Exchange],
    *,
    kills: Sequence[float] = (),
    waits: Sequence[tuple[float, float]] = (),
) -> list[Finding]:
    """All that was said or done wrong, by org. `kills` and `waits` are those of `World`."""
    by_org: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in log:
        by_org[exchange.org].append(exchange)
    findings: list[Finding] = []
    for org, clinic in clinics.items():
        world = World(clinic, by_org[org], kills, waits)
        for one in world.exchanges:
            findings += of_contract(one, world)
            findings += of_sentence(one, world)
        findings += [*unsettled(world, org), *of_rows(clinic, org), *doubled(world, org)]
    return findings


def of_contract(one: Exchange, world: World) -> Iterator[Finding]:
    """An answer in time, with HTTP 200, the right id and one short line.

    The time counts that the machine let the server have: see `chaos.pulse`.
    """

    def finding(kind: str, what: str) -> Finding:
        return Finding(kind, one.org, what, one)

    seconds, starved = one.received - one.sent, world.starved(one.sent, one.received)
    if one.ended in (ANSWERED, SILENT) and seconds - starved > budgets.PROMISED:
        yield finding("slow", f"{seconds:.1f} s until {one.ended}, {starved:.1f} s of it starved")
    if one.ended == DROPPED and not any(
        one.sent - NEAR_A_KILL <= kill <= one.received + NEAR_A_KILL for kill in world.kills
    ):
        yield finding("unanswered", "the server ended the connection, and no worker was killed")
    if one.ended != ANSWERED:
        return
    if one.status != 200 or not one.is_well_formed:
        yield finding("malformed", f"HTTP {one.status}, or not the contract's answer")
    elif not one.sentence or "\n" in one.sentence or len(one.sentence) > LONGEST:
        yield finding("malformed", "a sentence is one line of 1 to 350 characters")


def of_sentence(one: Exchange, world: World) -> Iterator[Finding]:
    heard = world.heard.get(id(one))
    if heard is None:
        return
    if heard.unknown:
        yield Finding("unknown sentence", one.org, heard.unknown, one)
    for claim in heard.claims:
        rule = RULES.get(claim.kind)
        if rule and (wrong := rule(claim, one, world)):
            kind = kind_of(wrong)
            yield Finding(
                kind, one.org, wrong, one, tuple(around(one, world)), rows(claim, one, world)
            )


def kind_of(wrong: str) -> str:
    if wrong.startswith("no visit has the reference"):
        return "lost"
    return "stranger" if wrong.endswith("is a stranger's") else "untrue"


def around(one: Exchange, world: World) -> list[Exchange]:
    """The call up to here, and what it asked beside it."""
    return [other for other in world.calls[one.call] if other.sent <= one.received]


def rows(claim: Claim, one: Exchange, world: World) -> tuple[Change, ...]:
    """The history of the visits told, and all that this call did."""
    told = {
        visit.id
        for said in claim.visits
        for visit in world.visits_told(said)
        if said.reference or any(s.change.start == said.start for s in world.clinic.stands(visit))
    }
    told |= {change.visit for change in world.changes(one.call)}
    return tuple(change for change in world.clinic.changes if change.visit in told)


def unsettled(world: World, org: str) -> Iterator[Finding]:
    """After "I can't tell yet", the call must hear the truth when the faults are over."""
    for exchanges in world.calls.values():
        asked = [one for one in exchanges if one.at_rest and one.tool == "did_that_go_through"]
        if asked and "unknown_end" in {claim.kind for claim in world.claims(asked[-1])}:
            what = "at rest it is still not told whether it went through"
            yield Finding("unsettled", org, what, asked[-1], tuple(around(asked[-1], world)))


def of_rows(clinic: Clinic, org: str) -> Iterator[Finding]:
    """The findings about rows: visits that overlap, and rows that differ from their history."""
    if clinic.overlapping:
        yield Finding("overlap", org, f"{clinic.overlapping} pairs of visits overlap")
    for visit in clinic.visits:
        last = clinic.last_change(visit)
        if last is None or (last.status, last.start, last.practitioner) != (
            visit.status,
            visit.start,
            visit.practitioner,
        ):
            history = tuple(stand.change for stand in clinic.stands(visit))
            what = f"{visit.reference} is not what its history says"
            yield Finding("unrecorded", org, what, rows=history)
    yield from in_closed_time(clinic, org)


def in_closed_time(clinic: Clinic, org: str) -> Iterator[Finding]:
    """After the clinic has closed a time, no call books in it."""
    for change in clinic.changes:
        if change.kind not in ("booked", "rescheduled") or change.by == STAFF:
            continue
        end = change.start + (clinic.of(change).end - clinic.of(change).start)
        for closed in clinic.closed:
            if (
                closed.seen < change.after
                and closed.practitioner in ("", change.practitioner)
                and closed.start < end
                and change.start < closed.end
            ):
                what = f"{clinic.of(change).reference} is in a time that was closed before"
                yield Finding("closed", org, what, rows=(change,))


def doubled(world: World, org: str) -> Iterator[Finding]:
    """Each logical request has one effect.

    A call may book the same again only where it changed the visit itself meanwhile, or where it
    asked for it under another id after the clinic had.
    """
    for call, exchanges in world.calls.items():
        wanted: dict[tuple[str, str, datetime], list[Change]] = defaultdict(list)
        for change in world.changes(call):
            if change.kind == "booked":
                visit = world.clinic.of(change)
                wanted[visit.patient.casefold(), visit.service, change.start].append(change)
        for changes in wanted.values():
            if what := twice(changes, exchanges, world):
                yield Finding("doubled", org, what, None, tuple(exchanges), tuple(changes))


def twice(changes: Sequence[Change], exchanges: Sequence[Exchange], world: World) -> str:
    clinic = world.clinic
    own_changes = 0
    for first, second in pairwise(changes):
        ends = [s.until for s in clinic.by_visit[first.visit] if s.change.key == first.key]
        if max(ends, default=END) >= second.seen:
            return "the same visit is booked twice at once"
        later = clinic.by_visit[first.visit]
        own_changes += any(s.change.by == first.by for s in later if s.change.key > first.key)
    ids = {one.id for one in exchanges for change in changes if is_of(change, one, clinic)}
    if len(changes) > max(len(ids), 1) + own_changes:
        return f"{len(changes)} visits of {len(ids)} requests"
    return ""
