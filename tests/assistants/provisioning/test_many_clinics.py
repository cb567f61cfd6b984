"""Many clinics: `doctor` looks over all of them in a bounded number of queries each.

`ORGS=1000 make test PYTEST="<this file> -s"` is the measurement.
"""

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.provisioning import checkup
from tenants import organizations
from tenants.models import Organization
from tests import many
from tests.inside import manage
from tests.sql import execute

ORGS = int(os.environ.get("ORGS", "40"))
# Two statements enter its schema, three begin and end a transaction with limits, the others ask.
MOST_QUERIES_EACH = 24
# The reference, its digest, and those of the first clinics.
WHOLE_CATALOGUES = 3


@pytest.fixture
def clinics(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Organization]]:
    with django_db_blocker.unblock():
        organizations.leave()
        began = time.monotonic()
        made = many.make(ORGS)
        sys.stdout.write(f"\n{ORGS} clinics made in {time.monotonic() - began:.1f} s\n")
        yield made
        many.remove(made)
        connection.close()


def test_each_takes_few_queries_and_the_catalogues_are_asked_of_all_at_once(
    clinics: list[Organization],
) -> None:
    with CaptureQueriesContext(connection) as of_one:
        list(checkup.of_organizations(clinics[:1]))
    with CaptureQueriesContext(connection) as of_all:
        found = list(checkup.of_organizations(clinics))

    assert [organization for organization, _ in found] == clinics
    assert len(of_all) - len(of_one) <= MOST_QUERIES_EACH * (len(clinics) - 1)
    asked = [query for query in of_all.captured_queries if "pg_constraint" in query["sql"]]
    assert len(asked) <= WHOLE_CATALOGUES + len(clinics) // checkup.TOGETHER


def test_one_that_is_broken_is_found_among_them(clinics: list[Organization]) -> None:
    execute(f"DROP INDEX {clinics[7].schema_name}.appointment_start")

    began = time.monotonic()
    done = manage("doctor")

    sys.stdout.write(f"doctor took {time.monotonic() - began:.1f} s\n")
    assert done.returncode == 1
    titles = [line for line in done.stdout.splitlines() if "(many_" in line]
    assert titles == [f"{clinics[7].name} ({clinics[7].slug})"]
