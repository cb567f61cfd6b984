"""Sign-in: tried passwords lock out, one user at one address, one host alone."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.test import Client, override_settings

from assistants.onboarding import Onboarded
from tenants import organizations
from tenants.models import Organization
from tests.conftest import manage

ELM = "elm-street.localhost"
FAILURES = 5


def try_password(
    password: str, *, user: str = "rosa", host: str = ELM, address: str = "192.0.2.1", via: str = ""
) -> int:
    client = Client(headers={"Host": host}, REMOTE_ADDR=address)
    said = {"username": user, "password": password}
    more = {"X-Forwarded-For": via} if via else {}
    return client.post("/admin/login/?next=/admin/", said, headers=more).status_code


@pytest.fixture
def rosa(elm: Organization) -> None:
    get_user_model().objects.create_user("rosa", password="right one", is_staff=True)


@pytest.mark.usefixtures("rosa")
def test_five_failures_lock_a_user_out_at_that_address(elm: Organization) -> None:
    statuses = [try_password("wrong") for _ in range(FAILURES)]

    assert statuses[-1] == 429
    assert try_password("right one") == 429
    assert try_password("right one", address="192.0.2.2") == 302
    elm.activate()


@pytest.mark.usefixtures("rosa")
def test_a_colleague_at_the_same_address_signs_in(elm: Organization) -> None:
    get_user_model().objects.create_user("maria", password="right one", is_staff=True)
    for _ in range(FAILURES):
        try_password("wrong")

    assert try_password("right one", user="maria") == 302
    elm.activate()


@pytest.mark.usefixtures("rosa")
def test_whether_there_is_such_a_user_is_not_told(elm: Organization) -> None:
    known = [try_password("wrong") for _ in range(FAILURES + 1)]
    unknown = [try_password("wrong", user="nobody") for _ in range(FAILURES + 1)]

    assert known == unknown
    elm.activate()


@pytest.mark.usefixtures("rosa")
def test_a_sign_in_that_works_forgets_the_failures(elm: Organization) -> None:
    for _ in range(3):
        for _ in range(FAILURES - 1):
            try_password("wrong")
        assert try_password("right one") == 302
    elm.activate()


@pytest.mark.usefixtures("rosa")
def test_the_operators_host_locks_by_itself(elm: Organization) -> None:
    """What fails at a clinic's host is not known at the operators', and the other way round."""
    organizations.leave()
    get_user_model().objects.create_superuser("rosa", password="right one")
    for _ in range(FAILURES):
        try_password("wrong", host="localhost")

    assert try_password("right one", host="localhost") == 429
    assert try_password("right one") == 302
    elm.activate()


@pytest.mark.usefixtures("rosa")
def test_behind_a_proxy_the_address_is_what_the_proxy_wrote(elm: Organization) -> None:
    """And not what the client wrote before it; without a proxy the header counts for nothing."""
    with override_settings(HTTPS=True, SECURE_SSL_REDIRECT=False):
        for number in range(FAILURES):
            try_password("wrong", via=f"198.51.100.{number}, 203.0.113.9")
        assert try_password("right one", via="198.51.100.77, 203.0.113.9") == 429
        assert try_password("right one", via="203.0.113.9, 203.0.113.10") == 302
    for number in range(FAILURES):
        try_password("wrong", via=f"198.51.100.{number}", address="192.0.2.8")
    assert try_password("right one", via="198.51.100.99", address="192.0.2.8") == 429
    elm.activate()


def test_an_operator_unlocks(committed: Callable[..., Onboarded]) -> None:
    made = committed()
    with organizations.within(organizations.get(made.org)):
        get_user_model().objects.create_user("rosa", password="right one", is_staff=True)
    for _ in range(FAILURES):
        try_password("wrong", host=made.domain)
    assert try_password("right one", host=made.domain) == 429

    other = manage("unlock_sign_in", made.org, "--user", "maria")
    done = manage("unlock_sign_in", made.org)

    assert other.stdout.strip() == "No sign-in has failed at Elm Street."
    assert done.stdout.strip() == "Unlocked at Elm Street."
    assert try_password("right one", host=made.domain) == 302


@pytest.mark.parametrize("arguments", [[], ["elm_street", "--operators"], ["no_such_org"]])
def test_what_cannot_be_unlocked_is_one_line(arguments: list[str]) -> None:
    done = manage("unlock_sign_in", *arguments)

    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "org" in done.stderr
