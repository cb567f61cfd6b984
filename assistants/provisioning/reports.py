"""Reports: what differs at Vapi and what was changed there, for people and for scripts."""

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from rich.text import Text

from assistants.conversation import JSON
from assistants.provisioning.sync import Change, Difference, Plan, Report

SIGNS = {"create": ("+", "green"), "update": ("~", "yellow")}
LONGEST_VALUE = 120


def differences(plan: Plan) -> Iterator[Text]:
    """A line for each that will be made; the differences of each that will change; all notes."""
    for change in plan.changes:
        for note in change.notes:
            yield Text(f"  · {change.kind} {change.name} {note}")
        if change.action == "keep":
            continue
        sign, colour = SIGNS[change.action]
        yield Text(f"  {sign} {change.kind} {change.name}", style=colour)
        if change.action == "update":
            for difference in change.differences:
                yield from compared(difference)


def compared(difference: Difference) -> Iterator[Text]:
    before, after = difference.before, difference.after
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after:
        yield Text(f"      {difference.path}")
        yield from unified(before, after)
    else:
        yield Text(f"      {difference.path}: {shown(before)} → {shown(after)}")


def unified(before: str, after: str) -> Iterator[Text]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), "Vapi", "ours", n=1)
    for line in lines:
        colour = {"+": "green", "-": "red"}.get(line[:1], "")
        yield Text(f"        {line.rstrip()}", style=colour)


def shown(value: JSON) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def conclusion(report: Report, *, dry_run: bool) -> Text:
    if report.failure:
        done = counted(report.done)
        return Text(f"  Not finished: {report.failure} {done} before that.", style="red")
    if report.plan.is_in_step:
        return Text("  Nothing to change.")
    if dry_run:
        return Text(f"  {counted(report.plan.changes)} without --dry-run; nothing was written.")
    return Text(f"  {counted(report.done)}.")


def counted(changes: Sequence[Change]) -> str:
    made = sum(change.action == "create" for change in changes)
    changed = sum(change.action == "update" for change in changes)
    return f"{made} made, {changed} changed"


def as_dict(report: Report) -> dict[str, object]:
    """What a script reads of a run. `in_step`: nothing is different at Vapi."""
    return {
        "org": report.org,
        "ok": not report.failure,
        "failure": report.failure,
        "in_step": not report.failure and report.plan.is_in_step,
        "changes": [described(change, report) for change in report.plan.changes],
    }


def described(change: Change, report: Report) -> dict[str, object]:
    return {
        "kind": change.kind,
        "name": change.name,
        "action": change.action,
        "done": change in report.done,
        "notes": list(change.notes),
        "differences": [asdict(one) for one in change.differences],
    }
