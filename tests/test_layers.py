"""Layers: no code names an app above its own, not as a string either.

import-linter sees imports alone. Comments and docstrings may say what is above.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Vapi is the vendor that only `assistants` knows.
ABOVE = {
    "tenants": ["bookings", "assistants", "vapi"],
    "bookings": ["assistants", "vapi"],
    "assistants": [],
}


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the nodes that are docstrings."""
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, WITH_DOCSTRINGS))
    first = (body[0] for body in bodies if body and isinstance(body[0], ast.Expr))
    return {id(statement.value) for statement in first}


WITH_DOCSTRINGS = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def texts(source: str) -> Iterator[str]:
    """The names and the strings in the code."""
    tree = ast.parse(source)
    passed_over = docstrings(tree)
    for node in ast.walk(tree):
        if id(node) in passed_over:
            continue
        for _, value in ast.iter_fields(node):
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, str):
                    yield one


def names_from_above(source: str, folder: str) -> set[str]:
    words = "|".join(["config[./]", *(f"{word}(?![a-z])" for word in ABOVE[folder])])
    wanted = re.compile(rf"(?<![a-z])(?:{words})", re.IGNORECASE)
    return {name for text in texts(source) for name in wanted.findall(text)}


@pytest.mark.parametrize("folder", ABOVE)
def test_no_code_names_an_app_above_its_own(folder: str) -> None:
    files = [file for file in Path(ROOT, folder).rglob("*.py") if "migrations" not in file.parts]
    assert len(files) > 10

    found = {file.name: names_from_above(file.read_text(), folder) for file in files}

    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "code",
    [
        'ORDER = ["bookings"]',
        "from bookings import models",
        'if request.path.startswith("/vapi"): pass',
        "def assistants_of(org): pass",
        'apps.get_model("assistants.Assistant")',
        'f"{host}/vapi/"',
        'get_resolver("config.urls")',
    ],
)
def test_a_name_from_above_is_found(code: str) -> None:
    assert names_from_above(code, "tenants")


@pytest.mark.parametrize("code", ['"""Of bookings."""', "# of Vapi's", 'def f():\n    """Vapi."""'])
def test_a_docstring_or_a_comment_may_name_one(code: str) -> None:
    assert not names_from_above(code, "tenants")
