"""What is inside a time budget has to end before it does (tenants/budgets.py)."""

import ast
from itertools import pairwise

import pytest
from django.db import connection

from tenants import budgets
from tests.conftest import ROOT


@pytest.mark.parametrize(
    "from_within",
    [
        ["LOCK_TO_HOLD", "LOCK", "REQUEST", "PROMISED", "VENDOR_WAITS"],
        ["RESERVE", "LEAST", "POOL", "REQUEST"],
        ["OUTAGE", "WAITED_UNTIL_KNOWN", "WAITED_UNTIL_ANSWERED", "REQUEST"],
        ["OUTAGE", "LEAST"],
        ["OUTAGE_DOUBT", "REQUEST"],
        ["CONNECT", "REQUEST"],
        ["POOLER", "REQUEST"],
        ["HEALTH", "HEALTH_CONNECT"],
        ["VENDOR_LOOKS", "VENDOR_PUBLISHES", "DESK"],
        ["STATEMENT", "DESK", "STOPPING", "WORKER"],
        ["PROMISED", "ANSWER", "STOPPING"],
        ["CLOSING", "HEAD", "BODY", "STOPPING"],
        ["SERVER_STOPS", "STOPPING"],
    ],
)
def test_each_budget_ends_before_the_one_around_it(from_within: list[str]) -> None:
    for inner, outer in pairwise(from_within):
        assert getattr(budgets, inner) < getattr(budgets, outer), f"{inner} is within {outer}"


def test_a_lock_waited_for_leaves_time_for_the_answer() -> None:
    assert budgets.LOCK + budgets.LEAST <= budgets.REQUEST - budgets.RESERVE


def test_work_that_is_begun_leaves_time_to_look_at_what_was_done() -> None:
    assert budgets.LOOK + budgets.RESERVE < budgets.LEAST


def test_the_database_is_connected_to_within_its_budget() -> None:
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] == budgets.CONNECT


LIMITS = {"timeout", "connect_timeout", "seconds", "patience", "lock_seconds", "statement_seconds"}


def numbers_for_limits(source: str) -> list[str]:
    """Arguments named for a time limit that are given as a number."""
    return [
        ast.unparse(argument)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and "timedelta" not in ast.unparse(call.func)
        for argument in call.keywords
        if argument.arg in LIMITS and isinstance(argument.value, ast.Constant)
        if isinstance(argument.value.value, int | float)
    ]


def test_no_time_limit_is_a_number_elsewhere() -> None:
    """But for a test run's own pacing, and pauses between two looks, which have a name."""
    folders = ("tenants", "bookings", "assistants", "config")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    found = {str(file): numbers_for_limits(file.read_text()) for file in files}

    assert {
        file: limits for file, limits in found.items() if limits and "operations" not in file
    } == {}


def test_a_number_for_a_limit_is_found() -> None:
    assert numbers_for_limits("child.wait(timeout=10)") == ["timeout=10"]
    assert numbers_for_limits("child.wait(timeout=budgets.STOPPING)") == []
