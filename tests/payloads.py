"""Payloads: the messages Vapi is known to send, from fixtures/vapi/."""

import json
from typing import Any

from tests.conftest import ROOT

FILES = sorted((ROOT / "fixtures" / "vapi").glob("*.json"))
REPORT = "60"  # the report at the end of a call


def payload(number: str) -> Any:
    [file] = [file for file in FILES if file.name.startswith(f"{number}-")]
    return json.loads(file.read_text())


def report(**changes: Any) -> Any:
    """That report, with these fields of its message changed."""
    body = payload(REPORT)
    body["message"].update(changes)
    return body
