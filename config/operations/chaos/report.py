"""The report of a chaos run: counts, and for each finding what is needed to reproduce it."""

from collections import Counter
from collections.abc import Iterable
from statistics import quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from config.operations.chaos.runs import Outcome
from config.operations.judging import claims
from config.operations.judging.history import BEGINNING, Change
from config.operations.judging.truth import Finding
from config.operations.judging.world import ANSWERED, Exchange

SHOWN_OF_A_KIND = 5
# Kinds of findings that are always listed, also with a count of zero.
LOOKED_FOR = (
    *("overlap", "lost", "doubled", "untrue", "stranger", "closed", "unrecorded", "unsettled"),
    *("slow", "unanswered", "malformed", "unknown sentence"),
)


def counts(outcome: Outcome) -> dict[str, Any]:
    kinds = Counter(finding.kind for finding in outcome.findings)
    return {
        "seed": outcome.plan.seed,
        "orgs": outcome.plan.orgs,
        "requests": len(outcome.log),
        "ended": dict(Counter(one.ended for one in outcome.log)),
        "sentences": dict(sentences(outcome.log).most_common()),
        "milliseconds": milliseconds(outcome.log),
        "starved_seconds": round(sum(waited for _, waited in outcome.waits), 1),
        "changes": sum(len(clinic.changes) for clinic in outcome.clinics.values()),
        "faults": dict(sorted(outcome.faults.items())),
        "found": {kind: kinds[kind] for kind in LOOKED_FOR},
    }


def sentences(log: Iterable[Exchange]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in log:
        if one.ended == ANSWERED:
            heard = claims.read(one.sentence, now=one.now, day=one.day)
            kinds = "+".join(claim.kind for claim in heard.claims if claim.kind)
            found["unknown" if heard.unknown else kinds or "a question"] += 1
    return found


def milliseconds(log: Iterable[Exchange]) -> dict[str, float]:
    taken = [(one.received - one.sent) * 1000 for one in log if one.ended == ANSWERED]
    if len(taken) < 2:
        return {}
    cuts = quantiles(taken, n=100, method="inclusive")
    found = {f"p{share}": cuts[share - 1] for share in (50, 95, 99)} | {"max": max(taken)}
    return {name: round(value, 1) for name, value in found.items()}


def as_dict(outcome: Outcome) -> dict[str, object]:
    return {**counts(outcome), "findings": [described(one) for one in outcome.findings]}


def described(finding: Finding) -> dict[str, object]:
    """Times are seconds after the request was sent."""
    zero = finding.exchange.sent if finding.exchange else 0.0
    return {
        "kind": finding.kind,
        "org": finding.org,
        "what": finding.what,
        "heard": spoken(finding.exchange, zero) if finding.exchange else None,
        "call": [spoken(one, zero) for one in finding.exchanges],
        "rows": [row(change, zero) for change in finding.rows],
    }


def spoken(one: Exchange, zero: float) -> dict[str, object]:
    return {
        "sent": round(one.sent - zero, 3),
        "received": round(one.received - zero, 3),
        "call": one.call,
        "script": one.script,
        "caller": one.signalled or one.caller,
        "id": one.id,
        "tool": one.tool,
        "arguments": dict(one.arguments),
        "clinic_time": one.now.isoformat(timespec="seconds"),
        "ended": one.ended,
        "status": one.status,
        "sentence": one.sentence,
    }


def row(change: Change, zero: float) -> dict[str, object]:
    after = None if change.after == BEGINNING else round(change.after - zero, 3)
    return {
        "visit": change.visit,
        "kind": change.kind,
        "by": change.by,
        "practitioner": change.practitioner,
        "start": change.start.isoformat(),
        "status": change.status,
        "came_after": after,
        "was_there": round(change.seen - zero, 3),
    }


def show(outcome: Outcome, console: Console) -> None:
    counted = counts(outcome)
    table = Table("", "", show_header=False, box=None)
    speed = ", ".join(f"{name} {value:.0f}" for name, value in counted["milliseconds"].items())
    table.add_row("seed", str(counted["seed"]))
    table.add_row("requests", f"{counted['requests']}: {listed(counted['ended'])}")
    table.add_row("milliseconds", speed)
    table.add_row("seconds starved", str(counted["starved_seconds"]))
    table.add_row("changes of visits", str(counted["changes"]))
    table.add_row("faults", listed(counted["faults"]))
    table.add_row("sentences", listed(counted["sentences"]))
    table.add_row("found", listed(counted["found"]))
    console.print(table)
    shown: Counter[str] = Counter()
    for finding in outcome.findings:
        shown[finding.kind] += 1
        if shown[finding.kind] <= SHOWN_OF_A_KIND:
            show_finding(finding, console)


def listed(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.items())


def show_finding(finding: Finding, console: Console) -> None:
    """The request and its sentence, then what else the call said, then the rows."""
    zero = finding.exchange.sent if finding.exchange else 0.0
    console.print(f"\n[bold]{finding.kind}[/bold] at {finding.org}: {finding.what}", markup=True)
    for one in finding.exchanges or ((finding.exchange,) if finding.exchange else ()):
        mark = "→" if one is finding.exchange else " "
        console.print(f" {mark} {line(one, zero)}", markup=False)
    for change in finding.rows:
        told = row(change, zero)
        console.print(
            f"   row {told['kind']} {told['start']} with {told['practitioner']}, {told['status']},"
            f" by {told['by']}, came between {told['came_after']} and {told['was_there']} s",
            markup=False,
        )


def line(one: Exchange, zero: float) -> str:
    sent = one.sent - zero
    said = ", ".join(f"{name}={value!r}" for name, value in one.arguments.items())
    heard = f"“{one.sentence}”" if one.sentence else one.ended
    return (
        f"{sent:+.3f} s, call {one.call}, id {one.id}, from {one.signalled or one.caller or '-'}:"
        f" {one.tool}({said}), after {one.received - one.sent:.3f} s: {heard}"
    )
