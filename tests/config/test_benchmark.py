"""The benchmark: what it prints, what it leaves, and that a lie of its server is found out."""

import json
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from config.operations.benchmarking.calls import KINDS
from tests import inside
from tests.commands import is_at_work, is_gunicorn, manage
from tests.conftest import ROOT, everything, wait_until

SMALL = (
    *("--orgs", "2", "--requests", "20", "--turns", "1", "--callers", "1,3"),
    *("--stampedes", "2", "--deployed", "2", "--crowd", "100"),
)
# Nothing but the kinds of requests, of one caller at a time.
KINDS_ONLY = (
    *("--orgs", "1", "--turns", "1", "--callers", "1"),
    *("--stampedes", "0", "--deployed", "0", "--crowd", "0"),
)


def folders() -> set[Path]:
    """Where runs like ours put their databases."""
    return set(Path(tempfile.gettempdir()).glob("chaos-*"))


@pytest.fixture(scope="module")
def done() -> "subprocess.CompletedProcess[str]":
    return manage("benchmark", *SMALL, "--json")


def test_everything_is_measured_beside_the_floor(
    done: "subprocess.CompletedProcess[str]",
) -> None:
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    rows = {(row["kind"], row["callers"]): row for row in told["kinds"]}
    assert set(rows) == {(kind, callers) for kind in KINDS for callers in (1, 3)}
    for row in rows.values():
        assert row["cpu_ms"] > 0
        assert 0 < row["p50"] <= row["p95"] <= row["p99"]
    assert rows["floor", 1]["times_the_floor"] == 1
    assert rows["book", 1]["times_the_floor"] > 1
    assert {"first_request", "second_request", "next_available"} == set(told["ratios"])
    assert {"onboarding", "stampede", "deploy_none", "deploy_all"} <= set(told["medians"])
    assert told["deploy_above_none_seconds"] is not None


def test_what_is_measured_is_what_it_is_called(
    done: "subprocess.CompletedProcess[str]",
) -> None:
    """A "booking" that is refused costs something else."""
    told = json.loads(done.stdout)

    assert {
        row["kind"]: row["unexpected"] for row in told["kinds"] if row["as_expected"] < 0.9
    } == {}
    assert told["stampede_booked"] == [1, 1]
    assert told["overlapping"] == 0


def test_the_next_answer_obeys_every_edit(done: "subprocess.CompletedProcess[str]") -> None:
    told = json.loads(done.stdout)

    assert told["edits"] == 2 * (len(KINDS) - 1)
    assert told["disobeyed"] == []


@pytest.fixture(scope="module")
def untrue() -> "subprocess.CompletedProcess[str]":
    """The negative control: no edit is made, and each must be missed."""
    return manage("benchmark", *KINDS_ONLY, "--requests", "20", "--edits-are-lost")


def test_an_edit_that_is_not_obeyed_is_reported(
    untrue: "subprocess.CompletedProcess[str]",
) -> None:
    told = re.search(r"edits were not obeyed by the next answer \((.+)\), such as", untrue.stderr)

    assert untrue.returncode == 1
    assert told is not None
    assert set(told[1].split(", ")) >= {"book", "availability", "find", "move", "cancel"}


def test_without_json_it_is_a_table_for_the_docs(
    untrue: "subprocess.CompletedProcess[str]",
) -> None:
    lines = untrue.stdout.splitlines()

    assert lines[0].startswith("| asked | callers | CPU ms | floors | p50 ms")
    assert [line.split()[1] for line in lines[2 : 2 + len(KINDS)]] == list(KINDS)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        *[("orgs", "0"), ("requests", "0"), ("requests", "5000"), ("turns", "many")],
        *[("callers", "1,no"), ("callers", "0")],
    ],
)
def test_a_bad_argument_is_one_line(argument: str, value: str, committed: object) -> None:
    done = inside.manage("benchmark", f"--{argument}", value)

    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.strip().splitlines()
    assert f"--{argument}" in line


def test_ended_by_ctrl_c_it_leaves_nothing(db: None) -> None:
    before, there = everything(), folders()
    command = subprocess.Popen(
        [sys.executable, "manage.py", "benchmark", *SMALL],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    process = psutil.Process(command.pid)

    def serves() -> bool:
        return any(map(is_gunicorn, process.children()))

    try:
        wait_until(serves, seconds=90)
        started = process.children(recursive=True)
        command.send_signal(signal.SIGINT)
        assert command.wait(60) != 0
    finally:
        command.kill()

    wait_until(lambda: not any(map(is_at_work, started)))
    wait_until(lambda: folders() <= there)
    assert everything() == before
