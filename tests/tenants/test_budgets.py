"""What is inside a time budget has to end before it does (tenants/budgets.py)."""

from itertools import pairwise

import pytest
from django.db import connection

from tenants import budgets


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
    assert budgets.LOCK + budgets.LEAST + budgets.RESERVE < budgets.REQUEST


def test_the_database_is_connected_to_within_its_budget() -> None:
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] == budgets.CONNECT
