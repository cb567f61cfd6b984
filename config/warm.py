"""Warm: load before the first request what would make it slow."""

import gc
from datetime import UTC, datetime
from functools import cache

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

from assistants import hearing
from assistants.prompts import authority
from assistants.speech import wording
from assistants.tools import registry
from tenants import organizations

# Which one does not matter: nothing is booked.
ANY_DAY = datetime(2026, 1, 5, tzinfo=UTC)


@cache  # once in a process, and so in those it forks
def warm() -> None:
    """Touches no database: the connections of a worker are made in the worker."""
    hearing.warm()
    hearing.phone("+14155550123", region="US")
    hearing.when("next Tuesday at 3pm", now=ANY_DAY, region="US")
    wording.english()
    registry.arguments()
    for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF):
        _ = get_resolver(urlconf).url_patterns
    get_template(authority.AUTHORITY)
    organizations.expected_migrations()
    # What is loaded now stays: nobody need look through it for garbage again, in any worker.
    gc.collect()
    gc.freeze()
