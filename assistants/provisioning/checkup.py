"""Checkup: what is right with the database and with each org, what is wrong, and what to do."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.core.checks import Tags, run_checks
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models.functions import Length, Now

from assistants import staff
from assistants.calls import signalling
from assistants.models import Assistant, Call, Reception, Secret, SigningKey
from assistants.prompts import authority, emergencies
from assistants.provisioning import sync
from assistants.tallies import tally
from assistants.tools import caps
from assistants.vapi import client
from assistants.vapi.client import Failed
from bookings import diaries
from bookings.availability import overlaps
from bookings.models import Practitioner, Schedule, ServiceType
from tenants import database, organizations, structure
from tenants.accounts import encryption
from tenants.models import Checkup, Organization, UnknownZone
from tenants.organizations import Refused
from tenants.structure import Difference, Reference

# How many orgs' system catalogues are read in one query.
TOGETHER = 250
# How far back missing reports are counted, and the longest time that a call at Vapi can last:
# younger calls may still be running.
REPORTED, LONGEST_CALL = timedelta(days=30), timedelta(hours=12)


class State(Enum):
    RIGHT = "✓"
    WRONG = "✗"
    # Not wrong, but worth knowing.
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
    yield from map(wrong, database.problems())
    executor = MigrationExecutor(connection)
    behind = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if behind:
        yield wrong(f"{behind} migrations are not applied: manage.py migrate_schemas")
    else:
        yield right("migrations are applied")


def of_organizations(
    chosen: Sequence[Organization],
) -> Iterator[tuple[Organization, list[Finding]]]:
    """The findings of each org. Call it outside any organization.

    An org that cannot be read has a finding that says so. Each takes a few queries; the system
    catalogues are read for many orgs at once.
    """
    wanted = reference()
    for first in range(0, len(chosen), TOGETHER):
        some = chosen[first : first + TOGETHER]
        differing = differences(some, wanted)
        for organization in some:
            found = differing.get(organization.schema_name, ())
            yield organization, list(of_organization(organization, found))


def remember(organization: Organization, findings: Sequence[Finding]) -> None:
    """Keep what is wrong for the operators' start page, with the database's time.

    Where it cannot be written, as in a database that is behind, `doctor` says what is wrong all the
    same.
    """
    said = [finding.sentence for finding in findings if finding.state is State.WRONG]
    with suppress(DatabaseError), transaction.atomic():
        Checkup.objects.update_or_create(
            organization=organization, defaults={"at": Now(), "wrong": said}
        )


def reference() -> Reference | Difference:
    """What every schema should be; or why we do not know."""
    try:
        return structure.reference()
    except DatabaseError as error:
        return Difference(f"its schema cannot be compared: migrations fail: {first_line(error)}")


def differences(
    some: Sequence[Organization], wanted: Reference | Difference
) -> Mapping[str, Sequence[Difference]]:
    schemas = [organization.schema_name for organization in some]
    if isinstance(wanted, Difference):
        return dict.fromkeys(schemas, (wanted,))
    return structure.differences(schemas, wanted)


def of_organization(
    organization: Organization, differences: Sequence[Difference]
) -> Iterator[Finding]:
    if not organization.is_active:
        yield Finding(State.NOTE, "suspended: callers hear an apology; see resume_org")
    try:
        yield right(f"reached at {organizations.address(organization, '/vapi/')}")
    except Refused as refused:
        yield wrong(refused.reason)
        return
    try:
        _ = organization.zone
    except UnknownZone as unknown:
        yield wrong(str(unknown))
        return
    if any(difference.is_final for difference in differences):
        yield from of_structure(differences)
        return
    try:
        with organizations.within(organization):
            yield from of_schema(organization, differences)
    except DatabaseError as error:
        yield wrong(f"it cannot be read further: {first_line(error)}")
        if not connection.in_atomic_block:
            connection.close()  # the next one may be asked all the same


def of_schema(organization: Organization, differences: Sequence[Difference]) -> Iterator[Finding]:
    """Add further checks of one org to the list below."""
    with diaries.writing():  # for its time limits: a locked table must not block us
        if not organizations.is_complete(organization):
            yield wrong("its schema is behind: manage.py migrate_schemas")
            return
        yield from of_structure(differences)
        for look in (
            of_path,
            of_diary,
            of_door,
            of_rights,
            of_clinic,
            of_assistants,
            of_callers,
            of_records,
        ):
            yield from look(organization)
    # Outside the transaction: Vapi may answer slowly.
    yield from of_vapi(organization)


def first_line(error: DatabaseError) -> str:
    return str(error).strip().splitlines()[0]


def of_structure(differences: Sequence[Difference]) -> Iterator[Finding]:
    for difference in differences:
        state = State.NOTE if difference.is_harmless else State.WRONG
        yield Finding(state, difference.sentence)
    if not differences:
        yield right("tables, constraints and indexes are as its migrations make them")


def of_path(organization: Organization) -> Iterator[Finding]:
    """The org's schema alone is on the search path, and no table of `public` can be seen."""
    if problem := organizations.problem_of_path(organization):
        yield wrong(problem)


def of_diary(organization: Organization) -> Iterator[Finding]:
    found = overlaps.count()
    for kind, number in found.items():
        if number:
            yield wrong(
                f"{number} visits overlap another of the same {kind}: cancel or move one of each"
            )
    if not any(found.values()):
        yield right("no visit overlaps another")


def of_door(organization: Organization) -> Iterator[Finding]:
    in_use = tally(secrets=Secret.objects.in_use(), keys=SigningKey.objects.in_use())
    secrets, keys = in_use["secrets"], in_use["keys"]
    if not secrets and not keys:
        yield wrong("no secret opens its door: manage.py rotate_secret")
    else:
        yield right(f"secrets in use: {secrets}; signing keys in use: {keys}")
    for key in SigningKey.objects.in_use() if keys else ():
        if key.key is None:
            yield wrong(f"the {key} was sealed with another SECRET_KEY: manage.py set_hmac")
        elif not encryption.is_sealed(key.sealed):
            yield Finding(State.NOTE, f"the {key} is not sealed; issue another with set_hmac")
    if secrets and keys:
        yield Finding(State.NOTE, "a secret is enough beside a signature; see set_hmac --only")


def of_rights(organization: Organization) -> Iterator[Finding]:
    command = f"manage.py migrate_schemas --schema {organization.schema_name}"
    for role in staff.RIGHTS:
        if lacking := staff.lacking_rights(role).count():
            yield wrong(f"the role {role} lacks {lacking} rights: {command}")


def of_clinic(organization: Organization) -> Iterator[Finding]:
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
            authority.refuse_unsafe(row)
        except authority.Unsafe as problem:
            yield wrong(f"assistant {row}: {problem}")
        else:
            yield right(f"assistant {row} has a prompt that can be sent")


def of_callers(organization: Organization) -> Iterator[Finding]:
    for kind in caps.shared_and_reached(organization.now()):
        yield wrong(
            f"callers without a number can ask for no more {kind} now: at Tool calls, where the"
            " caller shows no number, see which are real; cancel the others, or mark them as done"
        )


def of_records(organization: Organization) -> Iterator[Finding]:
    """Patients from before keypad words were known as withheld; and calls that must be over and
    have no report: an outage of more than half an hour loses some."""
    now = organization.now()
    numbers = tally(
        verified=signalling.wrongly_verified(),
        wordy=Reception.objects.alias(length=Length("emergency")).filter(
            length__gt=emergencies.MOST
        ),
        unreported=Call.objects.without_a_report(now - REPORTED, now - LONGEST_CALL),
    )
    if numbers["wordy"]:
        yield wrong(f"its emergency sentence is too long: at most {emergencies.MOST} characters")
    if number := numbers["verified"]:
        yield wrong(
            f"patients verified by a number that is no person's: {number}; manage.py"
            f" unverify_patients {organization.slug}"
        )
    if number := numbers["unreported"]:
        yield Finding(
            State.NOTE,
            f"calls of the last {REPORTED.days} days without their report: {number}; Vapi has"
            " what was said in them",
        )


def of_vapi(organization: Organization) -> Iterator[Finding]:
    """What Vapi has, against what we would send."""
    try:
        account = client.of(organization)
    except Refused as refused:
        yield Finding(State.NOTE, f"Vapi was not asked: {refused}")
        return
    try:
        plan = sync.plan(organization, account)
    except (Failed, authority.Unsafe) as failure:
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
