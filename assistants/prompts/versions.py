"""Versions: every prompt an assistant has run with, by whom it was changed, and how.

A version is recorded where a prompt is saved, restored, printed or sent to Vapi, and never where
one is only looked at. So a change of the authority, or of a clinic's hours or services in it, is
recorded the next time the prompt is saved, printed or sent.
"""

import difflib
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from assistants.models import Assistant, PromptVersion
from assistants.prompts import authority
from tenants.models import Organization

CONTEXT = 2


class Newer(Exception):
    """A newer version exists than the one that the user saw."""

    def __init__(self, newest: PromptVersion | None) -> None:
        super().__init__("there is a newer version")
        self.newest = newest


def record(
    organization: Organization,
    assistant: Assistant,
    *,
    now: datetime,
    author: str = "",
    change: str = "",
) -> PromptVersion:
    """The version of the prompt as it is now: the last one, or a new one when it differs.

    `author` is a user's name, and empty for a command. Raises authority.Unsafe.
    """
    with transaction.atomic():
        # Whoever records at the same time waits here, and finds this version.
        held = Assistant.objects.select_for_update(no_key=True).get(pk=assistant.pk)
        last = newest(held)
        version = draft(organization, held, last)
        if last and last.digest == version.digest:
            return last
        version.change = change or changed(version, last)
        version.author, version.created = author, now
        version.save()
        return version


def newest(assistant: Assistant | None) -> PromptVersion | None:
    return assistant.versions.order_by("-number").first() if assistant else None


def restore(
    organization: Organization,
    version: PromptVersion,
    *,
    seen: int | None,
    author: str,
    now: datetime,
) -> PromptVersion:
    """A new version with the personality of an old one.

    `seen` is the number of the newest version that its user knew of. Raises Newer when there is
    another one, authority.Unsafe, and Assistant.DoesNotExist when the assistant was deleted.
    """
    with transaction.atomic():
        held = Assistant.objects.select_for_update(no_key=True, of=("self",))
        assistant = held.get(versions=version)
        last = newest(assistant)
        if last is None or last.number != seen:
            raise Newer(last)
        assistant.personality = version.personality
        assistant.save(update_fields=["personality"])
        said = f"restored from version {version.number}"
        return record(organization, assistant, now=now, author=author, change=said)


def difference(version: PromptVersion) -> Iterator[tuple[str, str]]:
    """The lines that changed and some around them, each with "+", "-", " " or, for a gap, "…"."""
    before = version.previous.prompt.splitlines() if version.previous else []
    after = version.prompt.splitlines()
    lines = difflib.unified_diff(before, after, n=CONTEXT, lineterm="")
    for line in list(lines)[2:]:  # after the names of the files
        yield ("…", "") if line.startswith("@@") else (line[0], line[1:])


def draft(
    organization: Organization, assistant: Assistant, last: PromptVersion | None
) -> PromptVersion:
    authority.refuse_unsafe(assistant)
    version = PromptVersion(
        assistant=assistant,
        number=last.number + 1 if last else 1,
        name=assistant.name,
        authority=authority.authority(organization),
        authority_version=authority.AUTHORITY_VERSION,
        personality=assistant.personality,
        previous=last,
    )
    version.digest = authority.digest(version.prompt)
    return version


def changed(version: PromptVersion, last: PromptVersion | None) -> str:
    """“authority and personality”."""
    if last is None:
        return "first version"
    parts = ("authority", "name", "personality")
    return " and ".join(part for part in parts if getattr(version, part) != getattr(last, part))
