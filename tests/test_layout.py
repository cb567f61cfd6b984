"""The tests' own layout: where the test of a module is, and what a test may import."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
APPS = ("accounts", "assistants", "bookings", "config", "tenants")
MODULES = sorted(TESTS.rglob("*.py"))


def imported(source: str) -> Iterator[str]:
    """The full names of the modules, and of what is imported from them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{n.name}" for n in node.names)


def modules_of_tests(names: Iterator[str]) -> list[str]:
    """The names that lead into a test module, or to an unknown place by a relative import."""
    return [
        name
        for name in names
        if name.startswith(".")
        or (name.startswith("tests.") and any(p.startswith("test_") for p in name.split(".")))
    ]


def test_no_test_imports_from_another() -> None:
    """What two of them need is in a module of tests/ that is named for it."""
    found = {
        str(path.relative_to(TESTS)): modules_of_tests(imported(path.read_text()))
        for path in MODULES
    }

    assert len(found) > 100
    assert {path: names for path, names in found.items() if names} == {}


def test_an_import_from_a_test_is_found() -> None:
    found = imported(
        "from tests.bookings.test_walls import row\nfrom tests.bookings import test_races\n"
        "import tests.test_docs\nfrom .test_door import BOOK\nfrom tests.visits import insert\n"
    )

    assert modules_of_tests(found) == [
        "tests.bookings.test_walls.row",
        "tests.bookings.test_races",
        "tests.test_docs",
        ".test_door.BOOK",
    ]


def test_each_folder_of_tests_is_named_for_a_package() -> None:
    folders = [f for app in APPS for f in (TESTS / app).rglob("*") if (f / "__init__.py").exists()]

    assert len(folders) > 9
    assert [f for f in folders if not (ROOT / f.relative_to(TESTS) / "__init__.py").exists()] == []
