"""Compression: pages and static files are, what a machine is answered is not."""

import gzip

import pytest
from django.test import Client

from tenants.models import Organization
from tests.conftest import Door, booking

pytestmark = pytest.mark.django_db
TAKES = {"Accept-Encoding": "gzip", "Host": "elm-street.localhost"}


@pytest.mark.parametrize("path", ["/admin/login/", "/static/unfold/css/styles.css"])
def test_a_page_and_its_files_are_compressed_for_who_takes_it(path: str, elm: Organization) -> None:
    plain = Client(headers={"Host": TAKES["Host"]}).get(path)
    packed = Client(headers=TAKES).get(path)

    sent = b"".join(packed) if packed.streaming else packed.content
    whole = b"".join(plain) if plain.streaming else plain.content
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert len(sent) < len(whole) / 2
    assert len(gzip.decompress(sent)) == pytest.approx(len(whole), rel=0.01)


def test_what_vapi_is_answered_is_as_it_was(door: Door) -> None:
    answer = door.post(booking("2026-12-03 14:30"), **{"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in answer
    assert b"results" in answer.content
