"""Signatures: at the door with a key instead of a secret, and never with somebody else's bytes."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from structlog.testing import capture_logs

from assistants import authentication, signatures
from assistants.models import Secret, SigningKey
from assistants.provisioning import checkup
from assistants.signatures import Reason, Signed
from bookings.models import Appointment
from tenants.accounts import encryption
from tenants.models import Organization
from tenants.organizations import Refused
from tests.conftest import MONDAY, Committed, Door, booking
from tests.inside import manage

BODY = json.dumps(booking("2026-12-03T14:30")).encode()
NOW = int(MONDAY.timestamp())

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def key(door: Door) -> SigningKey:
    """The door of an org that takes nothing but signatures."""
    issued = signatures.issue()
    signatures.insist(now=MONDAY)
    return issued


def signed(key: SigningKey, *, body: bytes = BODY, at: int = NOW) -> dict[str, str]:
    """As Vapi's HMAC credential does by default, written without any code of ours."""
    digest = hmac.new(str(key.key).encode(), f"{at}.".encode() + body, hashlib.sha256)
    return {"Authorization": "", "x-signature": digest.hexdigest(), "x-timestamp": str(at)}


def refused(door: Door, body: bytes, headers: dict[str, str]) -> str:
    """The reason in the log of a request that was not let in."""
    with capture_logs() as lines:
        response = door.post(body, **headers)
    assert response.status_code == 401
    assert not Appointment.objects.exists()
    [line] = [line for line in lines if line["event"] == "request refused"]
    return str(line["signature"])


def test_what_is_signed_comes_in(door: Door, key: SigningKey) -> None:
    assert door.post(BODY, **signed(key)).status_code == 200
    assert Appointment.objects.count() == 1


def test_what_is_stored_of_a_key_is_sealed(door: Door, key: SigningKey) -> None:
    [stored] = SigningKey.objects.values_list("sealed", flat=True)

    assert encryption.is_sealed(stored)
    assert str(key.key) not in stored
    assert key.key == SigningKey.objects.get().key


def test_a_key_of_an_earlier_release_is_read_and_noted(
    door: Door, key: SigningKey, elm: Organization
) -> None:
    SigningKey.objects.update(sealed="0f" * 32)

    assert door.post(BODY, **signed(SigningKey.objects.get())).status_code == 200
    said = " ".join(finding.sentence for finding in checkup.of_door(elm))
    assert "is not sealed; issue another with set_hmac" in said


def test_a_key_that_another_secret_key_sealed_lets_nobody_in(
    door: Door, key: SigningKey, elm: Organization, settings: LazySettings
) -> None:
    headers = signed(key)
    settings.SECRET_KEY = "another"

    assert refused(door, BODY, headers) == "unreadable_key"
    said = " ".join(finding.sentence for finding in checkup.of_door(elm))
    assert "was sealed with another SECRET_KEY: manage.py set_hmac" in said


def test_seconds_and_milliseconds_are_told_apart(door: Door, key: SigningKey) -> None:
    assert door.post(BODY, **signed(key, at=NOW * 1000)).status_code == 200


def test_an_altered_body_stays_out(door: Door, key: SigningKey) -> None:
    """S01."""
    altered = BODY.replace(b"Ben Ode", b"Bob Ode")

    assert refused(door, altered, signed(key)) == "different"


@pytest.mark.parametrize("body", [BODY + b" ", BODY.replace(b": ", b":"), b"\xef\xbb\xbf" + BODY])
def test_the_very_bytes_are_signed_and_not_what_they_mean(
    body: bytes, door: Door, key: SigningKey
) -> None:
    assert refused(door, body, signed(key)) == "different"


@pytest.mark.parametrize("minutes", [10, 11, 60 * 24, -10])
def test_an_old_signed_request_stays_out_when_it_comes_again(
    minutes: int, door: Door, key: SigningKey
) -> None:
    """I13: ten minutes old, and no row."""
    old = signed(key, at=NOW - minutes * 60)

    assert refused(door, BODY, old) == "out_of_time"


def test_one_that_is_younger_comes_in_and_is_answered_once(door: Door, key: SigningKey) -> None:
    young = signed(key, at=NOW - 599)

    first, second = (door.post(BODY, **young).json() for _ in range(2))

    assert first == second
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"x-signature": ""}, "no_signature"),
        ({"x-signature": "ü"}, "different"),
        ({"x-signature": "0" * 64}, "different"),
        ({"x-timestamp": ""}, "no_timestamp"),
        ({"x-timestamp": "yesterday"}, "no_timestamp"),
        ({"x-timestamp": "-1"}, "no_timestamp"),
        ({"x-timestamp": "9" * 30}, "no_timestamp"),
        ({"x-timestamp": str(NOW + 1)}, "different"),
    ],
)
def test_what_is_signed_badly_stays_out_with_a_reason_in_the_log(
    headers: dict[str, str], reason: str, door: Door, key: SigningKey
) -> None:
    """S01."""
    assert refused(door, BODY, {**signed(key), **headers}) == reason


def test_the_secret_is_not_enough_any_more(door: Door, key: SigningKey) -> None:
    """S01."""
    assert refused(door, BODY, {}) == "no_signature"


def test_the_key_of_another_org_opens_nothing(door: Door, key: SigningKey) -> None:
    """S01."""
    stranger = SigningKey(sealed="0" * 64)

    assert refused(door, BODY, signed(stranger)) == "different"


def test_while_changing_over_the_secret_and_the_signature_both_come_in(door: Door) -> None:
    key = signatures.issue()

    assert door.post(BODY).status_code == 200
    assert door.post(BODY, **signed(key)).status_code == 200


def test_without_a_key_a_signature_is_nothing(door: Door) -> None:
    assert refused(door, BODY, signed(SigningKey(sealed="0" * 64))) == "no_key"


def test_two_keys_are_valid_until_the_old_one_is_retired(door: Door, key: SigningKey) -> None:
    new = signatures.issue()
    assert door.post(BODY, **signed(key)).status_code == 200
    with pytest.raises(Refused, match="two keys"):
        signatures.issue()

    SigningKey.objects.retire_old(now=MONDAY)

    assert door.post(BODY, **signed(new)).status_code == 200
    assert door.post(BODY, **signed(key)).status_code == 401


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_every_format_of_vapis_credential_is_understood(
    algorithm: str, encoding: str, door: Door
) -> None:
    key = signatures.issue(
        algorithm=algorithm,
        encoding=encoding,
        signature_header="x-vapi-signature",
        timestamp_header="x-vapi-timestamp",
        prefix="v1=",
        payload_format="{method} {url} {timestamp}:{body}",
    )
    payload = f"POST http://{door.host}/vapi/ {NOW}:".encode() + BODY
    digest = hmac.new(str(key.key).encode(), payload, algorithm).digest()
    shown = digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()
    headers = {"x-vapi-signature": f"v1={shown}", "x-vapi-timestamp": str(NOW)}

    response = door.post(BODY, Authorization="", **headers)

    assert response.status_code == 200


def test_a_placeholder_in_the_body_is_only_text() -> None:
    key = SigningKey(sealed="k" * 64)
    body = b'{"message": "{timestamp}{body}{url}"}'
    request = Signed(signed(key, body=body), body, "POST", "")

    assert signatures.refusal(request, key, now=MONDAY) is None
    assert signatures.refusal(request, key, now=MONDAY + timedelta(hours=1)) is Reason.OUT_OF_TIME


@pytest.mark.parametrize("payload_format", ["{timestamp}", "{body}", "", "{timestamp}.body"])
def test_a_format_that_leaves_out_the_body_or_the_time_is_refused(
    payload_format: str, door: Door
) -> None:
    with pytest.raises(Refused, match="--payload-format"):
        signatures.issue(payload_format=payload_format)


def test_a_header_that_nobody_could_send_is_refused(door: Door) -> None:
    with pytest.raises(Refused, match="--timestamp-header"):
        signatures.issue(timestamp_header="x timestamp")


def test_nobody_locks_every_door(door: Door, settings: LazySettings) -> None:
    with pytest.raises(Refused, match="no key"):
        signatures.insist(now=MONDAY)
    signatures.issue()
    settings.SECRET_KEY = "another"
    with pytest.raises(Refused, match="no key"):
        signatures.insist(now=MONDAY)
    Secret.objects.update(retired=MONDAY)
    signatures.issue()

    with pytest.raises(Refused, match="no secret"):
        signatures.stop(now=MONDAY)


def test_secrets_and_signatures_are_compared_in_constant_time(
    door: Door, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S01: the standard library's own comparison sees every pair, whole."""
    seen: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def watched(first: Any, second: Any) -> bool:
        seen.append((len(first), len(second)))
        return real(first, second)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    authentication.issue_secret()
    door.post(
        BODY, Authorization="Bearer wrong", **{"x-signature": "0" * 64, "x-timestamp": str(NOW)}
    )

    assert seen == [(64, 64), (64, 64)]


def test_an_operator_changes_over_step_by_step(committed: Committed) -> None:
    slug = committed().org

    early = manage("set_hmac", slug, "--only")
    issued = json.loads(manage("set_hmac", slug, "--prefix", "sha256=", "--json").stdout)
    told = manage("set_hmac", slug)
    only = manage("set_hmac", slug, "--only")
    off = manage("set_hmac", slug, "--off")

    assert (early.returncode, "nobody could come in" in early.stderr) == (1, True)
    assert (len(issued["key"]), issued["prefix"]) == (64, "sha256=")
    assert "x-timestamp" in told.stdout
    assert "only signed requests come in" in only.stdout
    assert (off.returncode, "rotate_secret" in off.stderr) == (1, True)
