"""What a process loads before it does anything: an operator waits for it at every command."""

import subprocess
import sys

from tests.conftest import ROOT

PAGES = ("bookings.admin", "assistants.admin", "tenants.admin", "config.urls")
HEARING = "assistants.hearing"


def loaded_after(*statements: str) -> set[str]:
    """Our modules in a new process that has set up Django and done this."""
    code = "; ".join(
        (
            "import os, sys",
            "os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'",
            "import django",
            "django.setup()",
            *statements,
            "print(*sys.modules)",
        )
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return set(done.stdout.split())


def test_a_command_starts_without_the_pages_and_the_hearing() -> None:
    loaded = loaded_after()

    assert "bookings.models" in loaded
    assert not loaded & {*PAGES, HEARING}


def test_the_addresses_bring_the_pages() -> None:
    assert loaded_after("import config.urls") >= {*PAGES, HEARING}


def test_the_check_of_the_pages_looks_at_pages() -> None:
    check = "from django.core import checks; checks.run_checks(tags=['admin'])"

    assert loaded_after(check) >= set(PAGES) - {"config.urls"}
