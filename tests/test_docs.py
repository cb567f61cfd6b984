"""The documents: their links lead somewhere, README stays short, each scenario id is explained."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").glob("*.md"))]
MOST_WORDS_OF_README = 1000
MOST_COLUMNS = 100

FENCE = re.compile(r"^ *```")
HEADING = re.compile(r"^#{1,6} +(.+?) *$")
# A link's text may run over the end of a line.
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`[^`]*`")
# Not a part of a date or of a clock: "2026-W49", "24T14:30".
SCENARIO = re.compile(r"(?<![-\w])[ACDILMPSTVZ]\d{2}\b(?!:\d)")
EXPLAINED = re.compile(r"^\| ([A-Z]\d{2}) \|", re.MULTILINE)
COMMAND = re.compile(r"manage\.py (\w+)")
ROW_OF_COMMANDS = re.compile(r"^\| (`.+?) \|", re.MULTILINE)
TARGET = re.compile(r"\bmake ([a-z]+)\b")
PATH = re.compile(r"`((?:assistants|bookings|config|tenants|tests|templates|fixtures)/[\w./-]*)`")

every_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT))
)


def prose(document: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines that are not inside a block of code."""
    is_code = False
    for number, line in enumerate(document.read_text().splitlines(), start=1):
        if FENCE.match(line):
            is_code = not is_code
        elif not is_code and not line.startswith("    "):
            yield number, line


def links(document: Path) -> list[str]:
    text = "\n".join(line for _, line in prose(document))
    return LINK.findall(CODE.sub("", text))


def anchors(document: Path) -> set[str]:
    """Those that GitHub makes: lower case, no punctuation, hyphens for spaces."""
    found = (HEADING.match(line) for _, line in prose(document))
    titles = [match[1].lower() for match in found if match]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def is_broken(link: str, document: Path) -> bool:
    if re.match(r"[a-z]+:", link):
        return False
    name, _, anchor = link.partition("#")
    target = (document.parent / name).resolve() if name else document
    if not target.exists():
        return True
    return bool(anchor) and anchor not in anchors(target)


@every_document
def test_each_link_leads_to_a_file_and_a_heading(document: Path) -> None:
    broken = [link for link in links(document) if is_broken(link, document)]

    assert broken == []


def test_a_broken_link_is_found() -> None:
    assert is_broken("docs/no-such-file.md", README)
    assert is_broken("docs/scenarios.md#no-such-heading", README)
    assert not is_broken("docs/scenarios.md#c-concurrency", README)
    assert not is_broken("https://vapi.ai", README)


def test_a_link_is_found_where_its_text_runs_over_a_line(tmp_path: Path) -> None:
    document = tmp_path / "a.md"
    document.write_text("See [what is\nwritten](b.md#c), not `[this](d.md)`.\n\n    [nor](e.md)\n")

    assert links(document) == ["b.md#c"]


@every_document
def test_each_path_of_ours_exists(document: Path) -> None:
    paths = PATH.findall(document.read_text())

    assert [path for path in paths if not (ROOT / path).exists()] == []


@every_document
def test_each_command_exists(document: Path) -> None:
    named = set(COMMAND.findall(document.read_text()))

    assert named <= set(get_commands())


def test_each_command_of_ours_is_in_the_table() -> None:
    ours = {
        name
        for name, app in get_commands().items()
        if (ROOT / app / "management" / "commands" / f"{name}.py").exists()
    }
    rows = ROW_OF_COMMANDS.findall((ROOT / "docs" / "operating.md").read_text())

    assert len(ours) > 15
    assert ours <= set(re.findall(r"`(\w+)", " ".join(rows)))


@every_document
def test_each_target_of_make_exists(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    code = " ".join(CODE.findall(document.read_text()))

    assert set(TARGET.findall(code)) <= targets


@every_document
def test_no_line_is_long_outside_tables_and_code(document: Path) -> None:
    long = [
        number
        for number, line in prose(document)
        if len(line) > MOST_COLUMNS and not line.startswith("|")
    ]

    assert long == []


def test_readme_is_short() -> None:
    assert len(README.read_text().split()) <= MOST_WORDS_OF_README


def test_readme_links_every_document() -> None:
    linked = {link.partition("#")[0] for link in links(README)}

    assert {f"docs/{path.name}" for path in DOCUMENTS[1:]} <= linked


def test_each_scenario_is_explained_once_and_tested() -> None:
    explained = EXPLAINED.findall((ROOT / "docs" / "scenarios.md").read_text())
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    used = {id for path in tests for id in SCENARIO.findall(path.read_text())}

    assert len(explained) == len(set(explained))
    assert set(explained) == used
