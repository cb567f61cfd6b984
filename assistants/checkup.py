"""Checkup: what is right with the database and with each org, what is wrong, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.core.checks import Tags, run_checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assistants import prompts, sync, vapi_account
from assistants.models import Assistant, Secret, SigningKey
from assistants.vapi_account import Failed
from bookings.models import Practitioner, Schedule, ServiceType
from tenants import organizations
from tenants.models import Organization
from tenants.organizations import Refused


class State(Enum):
    RIGHT = "✓"
    WRONG = "✗"
    # Nothing is the matter, and somebody should know.
    NOTE = "·"


@dataclass(frozen=True, slots=True)
class Finding:
    state: State
    sentence: str


def right(sentence: str) -> Finding:
    return Finding(State.RIGHT, sentence)


def wrong(sentence: str) -> Finding:
    return Finding(State.WRONG, sentence)


def of_database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        [version] = cursor.fetchone()
    problems = run_checks(tags=[Tags.database], databases=["default"])
    yield from (wrong(problem.msg) for problem in problems)
    if not problems:
        yield right(f"PostgreSQL {version}, read committed")
    executor = MigrationExecutor(connection)
    behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if behind:
        yield wrong(f"{behind} migrations are not applied: manage.py migrate_schemas")
    else:
        yield right("migrations are applied")


def of_organization(organization: Organization) -> Iterator[Finding]:
    """To be called outside any organization."""
    if not organization.is_active:
        yield Finding(State.NOTE, "suspended: callers hear an apology; see resume_org")
    try:
        yield right(f"reached at {organizations.address(organization, '/vapi/')}")
    except Refused as refused:
        yield wrong(refused.reason)
        return
    if not organizations.is_complete(organization):
        yield wrong("its schema is behind: manage.py migrate_schemas")
        return
    with organizations.within(organization):
        yield from of_door()
        yield from of_clinic()
        yield from of_assistants(organization)
        yield from of_vapi(organization)


def of_door() -> Iterator[Finding]:
    secrets = Secret.objects.filter(retired=None).count()
    keys = SigningKey.objects.filter(retired=None).count()
    if not secrets and not keys:
        yield wrong("no secret opens its door: manage.py rotate_secret")
    else:
        yield right(f"secrets in use: {secrets}; signing keys in use: {keys}")
    if secrets and keys:
        yield Finding(State.NOTE, "a secret is enough beside a signature; see set_hmac --only")


def of_clinic() -> Iterator[Finding]:
    offered = ServiceType.objects.filter(is_active=True)
    orphans = offered.exclude(practitioners__is_active=True)
    if not offered:
        yield wrong("it offers no service")
    for service in orphans:
        yield wrong(f"nobody offers “{service}”")
    if offered and not orphans:
        yield right(f"{len(offered)} services, each offered by somebody")
    people = Practitioner.objects.filter(is_active=True)
    idle = people.exclude(pk__in=Schedule.objects.values("practitioner"))
    if not people:
        yield wrong("nobody takes appointments")
    for person in idle:
        yield wrong(f"{person} has no hours")
    if people and not idle:
        yield right(f"{len(people)} practitioners, each with hours")


def of_assistants(organization: Organization) -> Iterator[Finding]:
    rows = Assistant.objects.filter(is_active=True)
    if not rows:
        yield wrong("no assistant is in use")
    for row in rows:
        try:
            prompts.merged(organization, row)
        except prompts.Unsafe as problem:
            yield wrong(f"assistant {row}: {problem}")
        else:
            yield right(f"assistant {row} has a prompt")


def of_vapi(organization: Organization) -> Iterator[Finding]:
    """What Vapi has, against what we would send."""
    try:
        account = vapi_account.of(organization)
    except Refused as refused:
        yield Finding(State.NOTE, f"Vapi was not asked: {refused}")
        return
    try:
        plan = sync.plan(organization, account)
    except (Failed, prompts.Unsafe) as failure:
        yield wrong(f"Vapi: {failure}")
        return
    for change in plan.changes:
        if change.action != "keep":
            yield wrong(f"Vapi: {said_of(change)}; see sync_assistants")
        for note in change.notes:
            yield Finding(State.NOTE, f"Vapi: {change.kind} {change.name} {note}")
    if plan.is_in_step:
        yield right(f"Vapi has all {len(plan.changes)} tools and assistants as they should be")


def said_of(change: sync.Change) -> str:
    if change.action == "create":
        return f"{change.kind} {change.name} is missing"
    paths = ", ".join(difference.path for difference in change.differences)
    return f"{change.kind} {change.name} differs in {paths}"
