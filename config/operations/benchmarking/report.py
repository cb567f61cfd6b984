"""The report of a benchmark: medians, percentiles, and ratios to the floor of the same turn."""

from dataclasses import asdict
from statistics import median, quantiles
from typing import Any

from rich.console import Console

from config.operations.benchmarking.calls import KINDS
from config.operations.benchmarking.runs import Outcome

SHARES = (50, 95, 99)


def as_dict(outcome: Outcome) -> dict[str, Any]:
    figures = outcome.figures
    return {
        "plan": asdict(outcome.plan),
        "kinds": [row(outcome, kind, n) for n in outcome.plan.callers for kind in KINDS],
        "medians": {name: round(median(found), 2) for name, found in figures.items() if found},
        "ratios": ratios(outcome),
        "deploy_above_none_seconds": deploy(outcome),
        "stampede_booked": [int(count) for count in figures.get("stampede_booked", ())],
        "overlapping": outcome.overlapping,
        "edits": outcome.edits,
        "disobeyed": outcome.disobeyed,
    }


def row(outcome: Outcome, kind: str, callers: int) -> dict[str, Any]:
    turns, floors = outcome.turns[kind, callers], outcome.turns["floor", callers]
    milliseconds = sorted(value for turn in turns for value in turn.milliseconds)
    times = [turn.cpu / floor.cpu for turn, floor in zip(turns, floors, strict=True) if floor.cpu]
    asked = outcome.answers[kind, True] + outcome.answers[kind, False]
    return {
        "kind": kind,
        "callers": callers,
        "cpu_ms": round(median(turn.cpu for turn in turns), 2),
        "times_the_floor": round(median(times), 2) if times else None,
        **percentiles(milliseconds),
        "as_expected": round(outcome.answers[kind, True] / asked, 3),
        "unexpected": outcome.unexpected.get(kind, ""),
    }


def percentiles(milliseconds: list[float]) -> dict[str, float]:
    if len(milliseconds) < 2:
        return {}
    cuts = quantiles(milliseconds, n=100, method="inclusive")
    return {f"p{share}": round(cuts[share - 1], 1) for share in SHARES}


def ratios(outcome: Outcome) -> dict[str, float]:
    """Of what is measured alone, to the floor at one caller."""
    floor = median(turn.cpu for turn in outcome.turns["floor", min(outcome.plan.callers)])
    names = ("first_request", "second_request", "next_available")
    found = {name: outcome.figures.get(name, []) for name in names}
    return {name: round(median(some) / floor, 1) for name, some in found.items() if some and floor}


def deploy(outcome: Outcome) -> float | None:
    every, none = outcome.figures.get("deploy_all"), outcome.figures.get("deploy_none")
    return round((min(every) - min(none)) / 1000, 2) if every and none else None


def show(outcome: Outcome, console: Console) -> None:
    """As Markdown, for the docs."""
    told = as_dict(outcome)
    heads = ("asked", "callers", "CPU ms", "floors", *(f"p{n} ms" for n in SHARES), "expected")
    console.print(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    for one in told["kinds"]:
        shares = [one.get(f"p{share}", "") for share in SHARES]
        cells = (one["kind"], one["callers"], one["cpu_ms"], one["times_the_floor"], *shares)
        console.print(f"| {' | '.join(map(str, cells))} | {one['as_expected']:.0%} |")
    console.print("\nCPU is that of the server and of PostgreSQL for one request, medians;")
    console.print("floors say how many times that of an empty view in the same turn.\n")
    for name, value in told["medians"].items():
        times = told["ratios"].get(name)
        console.print(f"{NAMES[name]}: {value:g}{f' ({times:g} floors)' if times else ''}")
    if told["deploy_above_none_seconds"] is not None:
        above, orgs = told["deploy_above_none_seconds"], outcome.plan.deployed
        console.print(f"With {orgs} orgs more, a deploy with nothing to do takes {above:g} s more")
    console.print(f"Overlapping rows: {told['overlapping']}")
    console.print(
        f"Edits: {told['edits']}, not obeyed by the next answer: {len(outcome.disobeyed)}"
    )


NAMES = {
    "onboarding": "Onboarding an org, ms of CPU",
    "stampede": "50 callers, one slot: the last answer, ms",
    "stampede_booked": "50 callers, one slot: booked",
    "next_available": "The next time there is, a year ahead, ms of CPU",
    "first_request": "The first request of an org in a fresh worker, ms of CPU",
    "second_request": "The second request of an org there, ms of CPU",
    "deploy_none": "migrate_schemas of `public` alone, ms",
    "deploy_all": "migrate_schemas of all, ms",
}
