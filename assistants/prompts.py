"""Prompts: one authority for every assistant, then the personality of each inside a fence."""

import hashlib
import unicodedata
from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from tenants.models import Organization

if TYPE_CHECKING:
    from assistants.models import Assistant

AUTHORITY = "assistants/system_authority.md"
FENCE = "clinic_personality"
LONGEST_PERSONALITY = 8000


class Unsafe(ValueError):
    """A personality that could step out of its fence."""


def authority(organization: Organization) -> str:
    """The rules, rendered for the organization. Raises RuntimeError when there are none."""
    context = {"organization": organization, "now_expression": now_expression(organization)}
    text = render_to_string(AUTHORITY, context).strip()
    if not text:
        raise RuntimeError("the system authority is empty; no assistant may run without it")
    return text


def now_expression(organization: Organization) -> str:
    """Vapi fills in the clinic's time as a call starts; plain {{now}} is UTC."""
    return f'{{{{"now" | date: "%A, %B %d, %Y, %I:%M %p", "{organization.timezone}"}}}}'


def merged(organization: Organization, assistant: "Assistant") -> str:
    """The whole prompt: authority first, word for word; personality after it, fenced.

    Raises Unsafe when the personality cannot be fenced.
    """
    if problem := problem_of(assistant.personality):
        raise Unsafe(problem)
    rules = authority(organization)
    voice = f"Your name is {assistant.name}.\n{assistant.personality}".strip()
    return f"{rules}\n\n<{FENCE}>\n{voice}\n</{FENCE}>\n"


def problem_of(personality: str) -> str:
    """Why this text cannot be fenced, as a sentence for who wrote it; empty when it can."""
    if len(personality) > LONGEST_PERSONALITY:
        return f"At most {LONGEST_PERSONALITY:,} characters, please."
    if FENCE in unicodedata.normalize("NFKC", personality).casefold():
        return f"“{FENCE}” is the name of the fence around this text and cannot stand in it."
    if any(unicodedata.category(ch) in {"Cc", "Cf"} and ch not in "\n\r\t" for ch in personality):
        return "It holds invisible characters. Please type it anew instead of pasting it."
    if "{{" in personality or "{%" in personality:
        return "Double braces would be read as a template. Please write it without them."
    return ""


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
