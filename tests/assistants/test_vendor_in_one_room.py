"""The vendor's field names are spelled in its own folder, in provisioning and in the view alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

APPS = ("assistants", "bookings", "config", "tenants")
VENDOR = ROOT / "assistants" / "vapi"
ALLOWED = (VENDOR, ROOT / "assistants" / "provisioning", ROOT / "assistants" / "views.py")
# "toolCallId", "tool-calls" and "call.deleted"; a word such as "status" is anybody's.
FIELD = re.compile(r"[a-z]+[a-z0-9]*[A-Z]\w*")
MESSAGE = re.compile(r"[a-z]+(?:[-.][a-z]+)+")
# Not the vendor's, although they look like it: a status as we store it, and words of JSON Schema.
OURS = {"in-progress", "additionalProperties", "anyOf", "oneOf"}


def words(source: str) -> Iterator[str]:
    """All texts and names of a module, except its docstrings and comments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id


def vendors_words() -> set[str]:
    found = {word for path in VENDOR.glob("*.py") for word in words(path.read_text())}
    named = {word for word in found if FIELD.fullmatch(word) or MESSAGE.fullmatch(word)}
    return named - OURS


def modules() -> list[Path]:
    every = (path for app in APPS for path in (ROOT / app).rglob("*.py"))
    return [
        path
        for path in every
        if "migrations" not in path.parts and not any(path.is_relative_to(one) for one in ALLOWED)
    ]


def test_the_names_are_those_that_the_vendor_sends_and_takes() -> None:
    assert vendors_words() >= {
        "toolCallId", "toolCallList", "assistantId", "phoneNumber", "endedReason",
        "firstMessage", "structuredOutputs", "serverMessages", "tool-calls", "call.deleted",
    }  # fmt: skip


def test_no_other_module_spells_a_field_name_of_the_vendor() -> None:
    theirs = vendors_words()
    spelled = {
        str(path.relative_to(ROOT)): sorted(theirs & set(words(path.read_text())))
        for path in modules()
    }

    assert {path: names for path, names in spelled.items() if names} == {}


def test_a_field_name_elsewhere_is_found() -> None:
    source = '"""Of a toolCallList."""\nreason = message["endedReason"]\n'

    assert vendors_words() & set(words(source)) == {"endedReason"}
