"""Prompts: one authority for every assistant, then the personality of each inside a fence."""

import hashlib
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.template import Context, Engine, Template

from assistants.prompts import facts, sanitizing
from tenants import organizations
from tenants.models import Organization

if TYPE_CHECKING:
    from assistants.models import Assistant

AUTHORITY = "assistants/system_authority.md"
# A changed template is a new version, with its own digest: one that was edited in place is refused.
# When to use each tool is declared with the tool and filled in, as what is true of the clinic.
AUTHORITY_VERSION = 4
AUTHORITY_DIGEST = "32c5a195355045022abe16e27224541cecc7d6bfb0e499107c35b85a26ae7a89"

# Vapi's form of a date, and Python's for the same text.
# https://docs.vapi.ai/assistants/dynamic-variables
MOMENT = "%A, %B %d, %Y, %I:%M %p"
YEAR = "%Y"


class Unsafe(ValueError):
    """A personality that could step out of its fence."""


def authority(organization: Organization, *, now: datetime | None = None) -> str:
    """The rules, rendered for the organization, which has to be the current one.

    Without `now` the time stands in it as an expression that Vapi fills in when a call starts.
    Raises RuntimeError when the rules are not the ones of this version, or none.
    """
    if organizations.current() != organization:
        raise RuntimeError("the authority is rendered inside its own organization")
    text = rendered(organization, today=(now or organization.now()).date())
    return dated(text, organization, now=now) if now else text


def merged(
    organization: Organization, assistant: "Assistant", *, now: datetime | None = None
) -> str:
    """The whole prompt: authority first, word for word; personality after it, fenced.

    Raises Unsafe when the personality cannot be fenced.
    """
    refuse_unsafe(assistant)
    return sanitizing.joined(
        authority(organization, now=now),
        name=assistant.name,
        personality=assistant.personality or "",
    )


def refuse_unsafe(assistant: "Assistant") -> None:
    """Raises Unsafe with a sentence for the author of the name or the personality."""
    for text in (sanitizing.introduction(assistant.name), assistant.personality or ""):
        if problem := sanitizing.problem_of(text):
            raise Unsafe(problem)


def dated(text: str, organization: Organization, *, now: datetime) -> str:
    """A stored prompt as it is sent at `now`: what Vapi would have filled in stands in it."""
    local = now.astimezone(organization.zone)
    for form in (MOMENT, YEAR):
        text = text.replace(expression(form, organization), f"{local:{form}}")
    return text


def digest(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def rendered(organization: Organization, *, today: date) -> str:
    context = {
        **facts.of_clinic(organization, today=today),
        "now": expression(MOMENT, organization),
        "year": expression(YEAR, organization),
    }
    text: str = template().render(Context(context)).strip()
    if not text:
        raise RuntimeError("the system authority is empty; no assistant may run without it")
    return text


def template() -> Template:
    found = Engine.get_default().get_template(AUTHORITY)
    if (actual := digest(found.source)) != AUTHORITY_DIGEST:
        raise RuntimeError(
            f"{AUTHORITY} is not version {AUTHORITY_VERSION}; its digest is {actual}"
        )
    return found


def expression(form: str, organization: Organization) -> str:
    """Vapi fills in the clinic's time as a call starts; plain {{now}} is UTC."""
    return f'{{{{"now" | date: "{form}", "{organization.timezone}"}}}}'
