"""Sync: brings tools and assistants at Vapi up to date with our definitions.

Only what a definition names is ours: every other key is left as it is. PATCH replaces a top-level
key whole (Vapi's gitops, docs/learnings/assistants.md), so their part is sent back with ours.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import transaction

from assistants.conversation import JSON, JSONObject
from assistants.models import Assistant, VapiConnection, VapiTool
from assistants.prompts import authority, versions
from assistants.provisioning import definitions
from assistants.vapi import client
from assistants.vapi.cleaning import mapping
from assistants.vapi.client import Account, Failed, Kind
from assistants.vapi.shapes import Assistant as TheirAssistant
from assistants.vapi.shapes import Model, Tool
from tenants import organizations
from tenants.models import Organization, UnknownZone
from tenants.organizations import Refused

# Keys that we replace as a whole, so that an argument that a tool no longer takes is removed.
WHOLE = {"properties"}
# Kept when the provider changes. The rest belongs to the old provider, and the new one refuses it.
ANY_PROVIDERS = ("tools", "toolRefs")


@dataclass(frozen=True, slots=True)
class Difference:
    """None before: not there yet."""

    path: str
    before: JSON
    after: JSON


@dataclass(frozen=True, slots=True)
class Change:
    """`vapi_id` is "" for what is not at Vapi. `row` is the assistant's; None for a tool.

    `notes` say what was set at Vapi by hand, is left so, and somebody should know.
    """

    kind: Kind
    name: str
    vapi_id: str
    body: JSONObject
    differences: tuple[Difference, ...]
    row: Assistant | None = None
    notes: tuple[str, ...] = ()

    @property
    def action(self) -> str:
        if not self.vapi_id:
            return "create"
        return "update" if self.differences else "keep"

    @property
    def reference(self) -> str:
        """The tool's id, or a placeholder for it until the tool is made."""
        return self.vapi_id or f"<{self.name}>"


@dataclass(frozen=True, slots=True)
class Plan:
    changes: tuple[Change, ...]

    @property
    def is_in_step(self) -> bool:
        return all(change.action == "keep" for change in self.changes)


@dataclass
class Report:
    """`done` are the changes Vapi took; `failure` is why it went no further, or ""."""

    org: str
    plan: Plan = Plan(())
    done: list[Change] = field(default_factory=list)
    failure: str = ""


def run(
    organization: Organization,
    *,
    credential_id: str = "",
    dry_run: bool = False,
    limit: timedelta | None = None,
    tell: Callable[[Plan], None] = lambda plan: None,
) -> Report:
    """`tell` is called with the plan before anything is changed; `dry_run` writes nothing anywhere.
    `limit` is how long it may take; without it, as long as it takes.

    A failure on the way is in the report. What was made before it is stored, so the next run goes
    on from there.
    """
    report = Report(organization.slug)
    try:
        account = client.of(organization, limit=limit)
        organizations.refuse_behind(organization)
        with organizations.within(organization):
            if dry_run:
                with undone():
                    prepare(report, organization, account, credential_id, tell)
            else:
                prepare(report, organization, account, credential_id, tell)
                for change in carried_out(report.plan, account):
                    report.done.append(change)
    except (Failed, Refused, UnknownZone, authority.Unsafe) as failure:
        report.failure = f"{str(failure).removesuffix('.')}."
    except (AttributeError, LookupError, TypeError):  # Vapi's answer has an unexpected form
        report.failure = str(client.unreadable())
    return report


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def prepare(
    report: Report,
    organization: Organization,
    account: Account,
    credential_id: str,
    tell: Callable[[Plan], None],
) -> None:
    if credential_id:
        VapiConnection.objects.update_or_create(defaults={"credential_id": credential_id})
    report.plan = plan(organization, account)
    tell(report.plan)


def plan(organization: Organization, account: Account) -> Plan:
    """The changes to make at Vapi. Raises Failed, and authority.Unsafe."""
    tools = [tool_change(wanted, account) for wanted in definitions.tools(organization)]
    assistants = [
        assistant_change(organization, row, tools, account)
        for row in Assistant.objects.filter(is_active=True)
    ]
    return Plan((*tools, *assistants))


def tool_change(wanted: Tool, account: Account) -> Change:
    name = wanted["function"]["name"]
    theirs = known_tool(name, account) or forgotten_tool(wanted, account)
    return compared("tool", name, theirs, wanted)


def known_tool(name: str, account: Account) -> Tool | None:
    """Found by an id we stored: the newest that is still there."""
    for row in VapiTool.objects.filter(name=name):
        if found := account.get(Tool, row.vapi_id):
            return found
    return None


def forgotten_tool(wanted: Tool, account: Account) -> Tool | None:
    """A tool that was made before its id could be stored: found by its name and our address."""
    for theirs in account.tools:
        function, server = theirs.get("function"), theirs.get("server")
        is_ours = (
            function
            and server
            and function.get("name") == wanted["function"]["name"]
            and server.get("url") == wanted["server"]["url"]
        )
        if is_ours:
            return theirs
    return None


def assistant_change(
    organization: Organization, row: Assistant, tools: list[Change], account: Account
) -> Change:
    theirs = account.get(TheirAssistant, row.vapi_id) if row.vapi_id else None
    theirs = theirs or forgotten_assistant(organization, row, account)
    wanted = definitions.assistant(organization, row)
    held = Held.by(theirs, tools, account)
    wanted["model"]["toolIds"] = tool_ids(held, tools)
    wanted["model"]["tools"] = inside(held, wanted["model"]["tools"])
    change = compared("assistant", row.name, theirs, wanted, row=row)
    return replace(change, notes=tuple(notes(held, tools)))


def own_change(organization: Organization, row: Assistant, theirs: TheirAssistant) -> Change:
    """What differs in the assistant itself, its tools left out."""
    wanted = definitions.assistant(organization, row)
    del wanted["model"]["tools"]
    return compared("assistant", row.name, theirs, wanted, row=row)


def forgotten_assistant(
    organization: Organization, row: Assistant, account: Account
) -> TheirAssistant | None:
    ours = definitions.metadata(organization, row)
    found = (theirs for theirs in account.assistants if ours.items() <= metadata(theirs).items())
    return next(found, None)


def metadata(theirs: TheirAssistant) -> dict[str, str]:
    return theirs.get("metadata") or {}


def plain(row: Tool | TheirAssistant) -> JSONObject:
    """The row as JSON, to be compared key by key."""
    value: JSONObject = json.loads(json.dumps(row))
    return value


@dataclass(frozen=True, slots=True)
class Held:
    """The tools an assistant at Vapi holds.

    `ids` are of stored ones, `pins` the versions of those that are held at one version, by id:
    Vapi lists a tool in either. `inside` are those in the assistant itself. `foreign` are the
    stored ones that are not ours, by id; None for one that is there no more.
    """

    ids: Sequence[str] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    inside: Sequence[Tool] = ()
    foreign: Mapping[str, Tool | None] = field(default_factory=dict)
    ever_ours: frozenset[str] = frozenset()

    @classmethod
    def by(cls, theirs: TheirAssistant | None, tools: list[Change], account: Account) -> "Held":
        model: Model = theirs.get("model") or {} if theirs else {}
        ids = model.get("toolIds") or []
        pins = {ref["toolId"]: str(ref.get("version", "")) for ref in model.get("toolRefs") or []}
        ours = {*VapiTool.objects.values_list("vapi_id", flat=True), *(t.vapi_id for t in tools)}
        foreign = {one: account.get(Tool, one) for one in (*ids, *pins) if one not in ours}
        return cls(ids, pins, model.get("tools") or [], foreign, frozenset(ours))

    @property
    def controls(self) -> set[str]:
        """The kinds of call controls that others' tools cover. We add none of these kinds, since
        the names would clash."""
        stored = [tool["type"] for tool in self.foreign.values() if tool and "type" in tool]
        return {*stored, *(tool["type"] for tool in self.inside if not is_our_control(tool))}


def tool_ids(held: Held, tools: list[Change]) -> list[str]:
    """Others' tools stay where they are; of ours, those there are now. A dead id breaks a call.

    Vapi takes an id that is pinned out of the list again.
    """
    wanted = [tool.reference for tool in tools]
    kept = [one for one in held.ids if one in wanted or one not in held.ever_ours]
    return kept + [one for one in wanted if one not in kept and one not in held.pins]


def inside(held: Held, ours: list[Tool]) -> list[Tool]:
    """The tools in the assistant: others' as they are, and ours of the kinds they do not have."""
    wanted = {tool["type"]: tool for tool in ours if tool["type"] not in held.controls}
    found: list[Tool] = []
    for tool in held.inside:
        if not is_our_control(tool):
            found.append(tool)
        elif one := wanted.pop(tool["type"], None):
            found.append(control(tool, one))
    return [*found, *wanted.values()]


def is_our_control(tool: Tool) -> bool:
    """Recognised by its kind; a tool with a destination or a server of its own is not ours."""
    is_control = tool.get("type") in ("transferCall", "endCall")
    return is_control and not tool.get("destinations") and not tool.get("server")


def control(theirs: Tool, ours: Tool) -> Tool:
    """Theirs with what we say of it. No destinations and an empty list of them are the same."""
    said = {key: value for key, value in plain(ours).items() if value != [] or key in theirs}
    together = combined(plain(theirs), said)
    tool: Tool = json.loads(json.dumps(together))
    return tool


def notes(held: Held, tools: list[Change]) -> Iterator[str]:
    for tool in tools:
        if tool.vapi_id in held.pins:
            yield (
                f"is pinned to version {held.pins[tool.vapi_id]} of {tool.name} at Vapi:"
                " later changes of the tool reach no call until the pin is removed there"
            )
    for identifier, stored in held.foreign.items():
        if stored is None and identifier in held.pins:
            yield f"is pinned to a tool that was deleted, {identifier}: remove the pin at Vapi"
    for kind in sorted({"transferCall", "endCall"} & held.controls):
        yield f"has a {kind} that was set up at Vapi: it is kept, and ours is left out"


def compared(
    kind: Kind,
    name: str,
    theirs: Tool | TheirAssistant | None,
    wanted: Tool | TheirAssistant,
    *,
    row: Assistant | None = None,
) -> Change:
    """The change that makes `theirs` like `wanted`. Only the top-level keys that differ are sent; a
    tool's `type` is sent only when the tool is created."""
    whole = plain(wanted)
    if theirs is None:
        return Change(kind, name, "", whole, tuple(differences({}, whole)), row)
    before = plain(theirs)
    together = {key: merged(before.get(key), ours, key) for key, ours in whole.items()}
    found = {
        key: list(differences(before.get(key), value, key))
        for key, value in together.items()
        if key != "type"
    }
    body = {key: together[key] for key, different in found.items() if different}
    flat = tuple(one for different in found.values() for one in different)
    return Change(kind, name, theirs["id"], body, flat, row)


def merged(theirs: JSON, ours: JSON, key: str) -> JSON:
    """Ours where we say something, theirs where we do not."""
    if key in WHOLE or not isinstance(theirs, dict) or not isinstance(ours, dict):
        return ours
    return combined(theirs, ours)


def combined(theirs: JSONObject, ours: JSONObject) -> JSONObject:
    kept = {word: value for word, value in theirs.items() if value is not None}
    if theirs.get("provider") != ours.get("provider"):
        kept = {word: kept[word] for word in ANY_PROVIDERS if word in kept}
    return kept | {word: merged(theirs.get(word), value, word) for word, value in ours.items()}


def differences(before: JSON, after: JSON, path: str = "") -> Iterator[Difference]:
    """The smallest parts that differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*after, *(key for key in before if key not in after)]:
            inner = f"{path}.{key}".lstrip(".")
            yield from differences(before.get(key), after.get(key), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for position, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}[{position}]")
    elif before != after:
        yield Difference(path, before, after)


def carried_out(plan: Plan, account: Account) -> Iterator[Change]:
    """Yield each change when Vapi has it and its id is stored. Raises Failed."""
    ids: dict[str, str] = {}
    for planned in plan.changes:
        identifier = settled(planned, account, ids)
        ids[planned.reference] = identifier
        remember(planned, identifier)
        if planned.action != "keep":
            yield planned
    forget_replaced(set(ids.values()))


def settled(planned: Change, account: Account, ids: dict[str, str]) -> str:
    body = with_ids(planned.body, ids)
    if planned.action == "create":
        return account.create(planned.kind, body)
    if planned.action == "update":
        account.update(planned.kind, planned.vapi_id, body)
    return planned.vapi_id


def with_ids(body: JSONObject, ids: dict[str, str]) -> JSONObject:
    """The tools' ids in place of what stood for them until they were made."""
    model = mapping(body.get("model"))
    tools = model.get("toolIds")
    if not isinstance(tools, list):
        return body
    known: list[JSON] = [ids.get(str(one), one) for one in tools]
    return {**body, "model": {**model, "toolIds": known}}


def remember(planned: Change, identifier: str) -> None:
    if planned.row is None:
        VapiTool.objects.get_or_create(vapi_id=identifier, defaults={"name": planned.name})
        return
    organization = organizations.current()
    versions.record(organization, planned.row, now=organization.now())
    if planned.row.vapi_id != identifier:
        planned.row.vapi_id = identifier
        planned.row.save(update_fields=["vapi_id"])


def forget_replaced(current: set[str]) -> None:
    """Delete the rows of replaced tools. Call it at the end: until then an old tool of ours in an
    assistant is recognised by its id."""
    VapiTool.objects.exclude(vapi_id__in=current).delete()
