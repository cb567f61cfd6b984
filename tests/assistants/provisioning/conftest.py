"""Vapi's API on this machine, and no key for it until a test asks for that."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import vapi_server
from tests.vapi_server import VapiServer


@pytest.fixture(autouse=True)
def no_keys(settings: Any) -> None:
    settings.VAPI_API_KEYS = {}


@pytest.fixture
def vapi(no_keys: None, settings: Any) -> Iterator[VapiServer]:
    with vapi_server.running() as server:
        settings.VAPI_BASE_URL = server.url
        settings.VAPI_API_KEYS = {"": vapi_server.KEY}
        yield server
