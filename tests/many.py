"""Many clinics at once, for tests and measurements of what is done over all of them.

Each is a copy of Elm Street's schema with its rows, by pg_dump, under another name. That takes
about a tenth of the time of migrations.
"""

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg
from django.db import connection

from tenants.models import Domain, Organization
from tests.copies import ORIGINAL, dump

TOGETHER = 2  # sessions that make them, one for each core


def make(count: int, *, prefix: str = "many") -> list[Organization]:
    """`many_0000`, `many_0001`, …, committed, each with what Elm Street has, its secret as well."""
    slugs = [f"{prefix}_{number:04}" for number in range(count)]
    script = dump("--rows-per-insert=1000", f"--schema={ORIGINAL}")
    with ThreadPoolExecutor(TOGETHER) as threads:
        made = [slugs[first::TOGETHER] for first in range(TOGETHER)]
        list(threads.map(partial(copy, script), made))
    return register(slugs)


def copy(script: str, slugs: Sequence[str]) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as session:
        for slug in slugs:
            session.execute(re.sub(rf"\b{ORIGINAL}\b", slug, script).encode())


def register(slugs: Sequence[str]) -> list[Organization]:
    made: list[Organization] = Organization.objects.bulk_create(
        Organization(
            schema_name=slug,
            slug=slug,
            name=slug,
            timezone="America/New_York",
            phone_region="US",
        )
        for slug in slugs
    )
    Domain.objects.bulk_create(
        Domain(tenant=one, domain=f"{one.slug.replace('_', '-')}.localhost", is_primary=True)
        for one in made
    )
    return list(made)


def remove(made: Sequence[Organization]) -> None:
    """Only a few in one transaction, since it locks each of their tables and indexes."""
    Domain.objects.filter(tenant__in=made).delete()
    Organization.objects.filter(pk__in=[one.pk for one in made]).delete()
    with connection.cursor() as cursor:
        for one in made:
            cursor.execute(f"DROP SCHEMA {one.schema_name} CASCADE")
