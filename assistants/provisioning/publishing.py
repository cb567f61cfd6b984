"""Publishing: what staff changed is sent to Vapi from the assistant's page.

The same as `sync_assistants` for one org, within the time that a page may take.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError, transaction

from assistants.models import Assistant, VapiConnection
from assistants.prompts import authority
from assistants.provisioning import sync
from assistants.provisioning.sync import Change, Report
from assistants.vapi import client
from assistants.vapi.client import Failed
from assistants.vapi.shapes import Assistant as TheirAssistant
from tenants import budgets
from tenants.models import Organization
from tenants.organizations import Refused
from tenants.sqlstates import LOCK_NOT_AVAILABLE, sqlstate

# What staff call the keys of an assistant at Vapi.
WORDS = {
    "name": "the name",
    "firstMessage": "the first message",
    "model.messages": "the prompt",
    "model": "the model",
    "voice": "the voice",
    "transcriber": "the language",
    "endCallMessage": "the goodbye",
}
OTHER = "settings that are not on this page"


@dataclass(frozen=True, slots=True)
class Behind:
    """What is not on the telephone yet, in staff's words. Empty: nothing is different."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotPublished:
    """It was never sent to Vapi, or is gone there."""


@dataclass(frozen=True, slots=True)
class NotSeen:
    """Vapi could not be asked. `reason` holds no key."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoKey:
    """This org has no key for Vapi: the operator publishes."""


def compare(organization: Organization, row: Assistant) -> Behind | NotPublished | NotSeen | NoKey:
    """Compare the assistant at Vapi with what we would send, in one request."""
    try:
        account = client.of(organization, limit=timedelta(seconds=budgets.VENDOR_LOOKS))
    except Refused:
        return NoKey()
    try:
        theirs = account.get(TheirAssistant, row.vapi_id) if row.vapi_id else None
        if theirs is None:
            return NotPublished()
        return Behind(tuple(dict.fromkeys(parts(sync.own_change(organization, row, theirs)))))
    except (Failed, authority.Unsafe) as failure:
        return NotSeen(str(failure))


def parts(change: Change) -> Iterator[str]:
    for difference in change.differences:
        names = [name for name in WORDS if difference.path.startswith(name)]
        yield WORDS[max(names, key=len)] if names else OTHER


def publish(organization: Organization) -> Report | NoKey:
    """Bring the assistant at Vapi up to date. Raises Refused while somebody else is publishing."""
    try:
        client.of(organization)
    except Refused:
        return NoKey()
    VapiConnection.objects.get_or_create()
    try:
        # What was made at Vapi is stored also when it goes no further: a failure is in the report.
        with transaction.atomic():
            VapiConnection.objects.select_for_update(nowait=True).get()
            return sync.run(organization, limit=timedelta(seconds=budgets.VENDOR_PUBLISHES))
    except OperationalError as error:
        if sqlstate(error) != LOCK_NOT_AVAILABLE:
            raise
        raise Refused("publish", "somebody is publishing at this moment") from None
