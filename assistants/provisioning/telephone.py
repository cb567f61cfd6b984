"""Telephone: the sentences staff read about what is published and what is not yet."""

from django.contrib import messages

from assistants.provisioning.publishing import Behind, NoKey, NotPublished, NotSeen
from assistants.provisioning.reports import counted
from assistants.provisioning.sync import Report

NO_KEY = (
    "There is no key for Vapi here, so it cannot be published from this page: ask your operator to"
    " run sync_assistants."
)


def compared(outcome: Behind | NotPublished | NotSeen | NoKey, *, may_publish: bool) -> str:
    how = " Publish it when it is as you want it." if may_publish else ""
    match outcome:
        case Behind(parts=()):
            return "This is what is on the telephone."
        case Behind(parts=parts):
            return f"Not on the telephone yet: {', '.join(parts)}.{how}"
        case NotPublished():
            return f"Nothing of this assistant is on the telephone yet.{how}"
        case NotSeen(reason=reason):
            return f"It is not known what is on the telephone. {reason}"
        case NoKey():
            return f"What is on the telephone stays as it is. {NO_KEY}"


def published(outcome: Report | NoKey) -> tuple[int, str]:
    """A level of Django's messages, and the text."""
    if isinstance(outcome, NoKey):
        return messages.ERROR, NO_KEY
    if outcome.failure:
        told = f"Not everything is published. {outcome.failure} {counted(outcome.done)} before"
        return messages.ERROR, f"{told} that. Publish again to go on."
    if outcome.plan.is_in_step:
        return messages.SUCCESS, "Nothing to publish: it is on the telephone already."
    return messages.SUCCESS, f"Published, for the next call: {counted(outcome.done)}."
