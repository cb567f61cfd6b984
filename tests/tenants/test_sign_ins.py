"""Sign-ins: who has failed too often waits, whether or not there is such an account."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tenants import organizations
from tenants.models import Organization, SignInCount
from tenants.sign_ins import FROM_ALL, FROM_ONE, network
from tests.conftest import Committed, Server
from tests.inside import manage

PASSWORD = "a good long password"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
DESK, OPERATORS = "elm-street.localhost", "localhost"
LOCKED = "Too many sign-ins have failed."


@pytest.fixture
def rosa(elm: Organization, clock: Any) -> str:
    get_user_model().objects.create_user("rosa", password=PASSWORD, is_staff=True)
    organizations.leave()
    return "rosa"


def sign_in(
    user: str, password: str = "wrong", *, host: str = DESK, address: str = HERE, **headers: str
) -> str:
    """What the page says; "" when it lets in."""
    client = Client(headers={"Host": host, **headers}, REMOTE_ADDR=address)
    page = client.post("/admin/login/", {"username": user, "password": password})
    return "" if page.status_code == 302 else page.content.decode()


def fail(user: str, times: int = FROM_ONE.tries, **where: str) -> None:
    for _ in range(times):
        assert LOCKED not in sign_in(user, **where)


def test_five_failures_lock_out_for_a_quarter_of_an_hour(rosa: str, clock: Any) -> None:
    fail(rosa)

    page = sign_in(rosa, PASSWORD)

    assert f"{LOCKED} Please try again in 15 minutes, or ask your operator." in page
    clock.shift(timedelta(minutes=14, seconds=30))
    assert "in a minute" in sign_in(rosa, PASSWORD)
    clock.shift(timedelta(seconds=30))
    assert sign_in(rosa, PASSWORD) == ""


def test_tries_while_locked_out_do_not_make_it_longer(rosa: str, clock: Any) -> None:
    fail(rosa)
    for _ in range(14):
        clock.shift(timedelta(minutes=1))
        assert LOCKED in sign_in(rosa)
    clock.shift(timedelta(minutes=1))

    assert sign_in(rosa, PASSWORD) == ""


@pytest.mark.parametrize("host", [DESK, OPERATORS])
def test_it_is_not_told_whether_there_is_such_an_account(
    host: str, rosa: str, elm: Organization
) -> None:
    """The same pages for an account and for none, before the lock and behind it."""
    organizations.leave()
    get_user_model().objects.create_user("rosa", password=PASSWORD, is_staff=True)

    there = [plain(sign_in("rosa", host=host), "rosa") for _ in range(7)]
    nowhere = [plain(sign_in("nobody", host=host), "nobody") for _ in range(7)]

    assert there == nowhere
    assert [LOCKED in page for page in there] == [False] * 5 + [True] * 2


def plain(page: str, user: str) -> str:
    return re.sub(r'value="\w{64}"', "", page).replace(user, "")


def test_capitals_are_no_new_account(rosa: str) -> None:
    fail(rosa)

    assert LOCKED in sign_in("ROSA")


def test_a_success_gives_the_tries_back(rosa: str) -> None:
    fail(rosa, 4)
    assert sign_in(rosa, PASSWORD) == ""
    fail(rosa, 4)

    assert sign_in(rosa, PASSWORD) == ""


def test_others_and_other_clinics_are_not_locked_out_with_them(
    rosa: str, elm: Organization
) -> None:
    get_user_model().objects.create_user("root", password=PASSWORD, is_staff=True)
    fail(rosa)
    fail("root")

    assert LOCKED in sign_in(rosa)
    assert LOCKED not in sign_in("maria")
    assert sign_in("root", PASSWORD, host=OPERATORS) == ""


def test_nobody_locks_a_clinic_out_from_elsewhere(rosa: str) -> None:
    """Wrong tries from elsewhere do not lock the address that a user always signs in from."""
    assert sign_in(rosa, PASSWORD) == ""

    for number in range(10):
        for _ in range(FROM_ONE.tries):
            sign_in(rosa, address=f"198.51.100.{number}")

    assert sign_in(rosa, PASSWORD) == ""


def test_new_addresses_do_not_give_unlimited_tries(rosa: str, clock: Any) -> None:
    tried = [LOCKED not in sign_in(rosa, address=f"198.51.100.{n}") for n in range(100)]

    assert sum(tried) == FROM_ALL.tries
    assert LOCKED in sign_in(rosa, PASSWORD, address="192.0.2.1")
    clock.shift(FROM_ALL.period)
    assert sign_in(rosa, PASSWORD, address="192.0.2.1") == ""


def test_the_right_password_of_a_user_who_may_not_enter_is_a_failure(
    rosa: str, elm: Organization
) -> None:
    """If it were not counted, the missing lock would tell that the password was right."""
    with organizations.within(elm):
        get_user_model().objects.filter(username=rosa).update(is_staff=False)

    for _ in range(FROM_ONE.tries):
        assert "for a staff account" in sign_in(rosa, PASSWORD)

    assert LOCKED in sign_in(rosa, PASSWORD)


def test_an_address_that_the_client_sends_is_ignored(rosa: str) -> None:
    for number in range(FROM_ONE.tries):
        sign_in(rosa, **{"X-Forwarded-For": f"192.0.2.{number}"})

    assert LOCKED in sign_in(rosa, **{"X-Forwarded-For": "192.0.2.99"})


def test_with_a_proxy_the_address_it_saw_counts(rosa: str, settings: Any) -> None:
    settings.HTTPS = True
    proxy = "10.0.0.1"
    for number in range(FROM_ONE.tries):
        forged = {"X-Forwarded-For": f"192.0.2.{number}, {ELSEWHERE}"}
        assert LOCKED not in sign_in(rosa, address=proxy, **forged)

    assert LOCKED in sign_in(rosa, address=proxy, **{"X-Forwarded-For": ELSEWHERE})
    assert sign_in(rosa, PASSWORD, address=proxy, **{"X-Forwarded-For": f"x, {HERE}"}) == ""


def test_with_two_proxies_the_address_the_outer_one_saw_counts(rosa: str, settings: Any) -> None:
    settings.HTTPS, settings.TRUSTED_PROXIES = True, 2
    for number in range(FROM_ONE.tries):
        sign_in(rosa, **{"X-Forwarded-For": f"192.0.2.{number}, {ELSEWHERE}, 10.0.0.2"})

    assert LOCKED in sign_in(rosa, **{"X-Forwarded-For": f"{ELSEWHERE}, 10.0.0.2"})


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:5123", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_one_customer_is_one_address(address: str, expected: str) -> None:
    assert network(address) == expected


def test_user_names_and_addresses_are_not_kept_or_logged(
    rosa: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    fail(rosa)
    sign_in(rosa)

    kept = str(list(SignInCount.objects.values()))
    output = capfd.readouterr()
    logged = output.out + output.err + caplog.text
    assert "sign_in_locked" in logged
    for told in (rosa, HERE, "wrong"):
        assert told not in kept + logged


def test_counts_are_forgotten_when_they_are_over(rosa: str, clock: Any) -> None:
    assert sign_in(rosa, PASSWORD) == ""
    fail("nobody", 1)
    clock.shift(timedelta(hours=2))
    fail("somebody", 1)

    # Of the first, where they sign in from, and of the last both counts.
    assert SignInCount.objects.exclude(signed_in=None).count() == 1
    assert SignInCount.objects.filter(signed_in=None).count() == 2


def test_the_tables_of_axes_are_not_made(elm: Organization) -> None:
    """Four tables and ten migrations in every org are time at every onboarding and upgrade."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'axes_%'")
        assert cursor.fetchone() == (0,)


# --- an operator's way out


def test_an_operator_unlocks_one_or_all(rosa: str) -> None:
    for user in (rosa, "maria"):
        fail(user)

    call_command("unlock_sign_in", "elm_street", rosa)
    assert sign_in(rosa, PASSWORD) == ""
    assert LOCKED in sign_in("maria")

    call_command("unlock_sign_in", "elm_street")
    assert LOCKED not in sign_in("maria")


def test_an_operator_unlocks_the_operators(rosa: str) -> None:
    organizations.leave()
    get_user_model().objects.create_user("root", password=PASSWORD, is_staff=True)
    fail("root", host=OPERATORS)
    fail(rosa)

    call_command("unlock_sign_in", "root", "--operators")

    assert sign_in("root", PASSWORD, host=OPERATORS) == ""
    assert LOCKED in sign_in(rosa)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "org: is missing: give an organization's slug, or --operators"),
        (["nowhere"], "org: there is no organization “nowhere”"),
        (["elm_street", "nobody"], "user: there is no account “nobody” at Elm Street"),
        (["--operators", "nobody"], "user: there is no account “nobody” at the operators' host"),
        (["elm_street", "rosa", "maria"], "user: give one user name at most"),
    ],
)
def test_what_cannot_be_unlocked_is_said_in_one_line(
    arguments: list[str], told: str, rosa: str
) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("unlock_sign_in", *arguments)

    assert str(refused.value) == told


def test_it_ends_with_one(committed: Committed) -> None:
    clinic = committed()

    good, bad = manage("unlock_sign_in", clinic.org), manage("unlock_sign_in", "nowhere")

    assert good.stdout == "Everybody may try to sign in again at Elm Street.\n"
    assert (good.returncode, bad.returncode) == (0, 1)
    assert len(bad.stderr.strip().splitlines()) == 1


# --- at one moment


def test_tries_at_one_moment_are_counted(committed: Committed, server: Server, alone: None) -> None:
    """Real processes: twenty tries at once are five."""
    clinic = committed()

    def attempt(_: int) -> str:
        status, page = server.request("GET", "/admin/login/", host=clinic.domain)
        assert status == 200
        token = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        body = f"username=rosa&password=wrong&csrfmiddlewaretoken={token[1].decode()}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        headers["Cookie"] = f"csrftoken={token[1].decode()[:64]}"
        status, page = server.request(
            "POST", "/admin/login/", host=clinic.domain, body=body.encode(), headers=headers
        )
        assert status == 200, page
        return page.decode()

    with ThreadPoolExecutor(20) as pool:
        pages = list(pool.map(attempt, range(20)))

    assert sum(LOCKED not in page for page in pages) == FROM_ONE.tries


def test_counts_go_with_the_clinic(committed: Committed) -> None:
    clinic = committed("ash_street", domain="ash.localhost")
    sign_in("rosa", host="ash.localhost")
    assert SignInCount.objects.filter(schema_name="ash_street").exists()

    organizations.leave()
    organizations.remove(organizations.get(clinic.org))

    assert not SignInCount.objects.filter(schema_name="ash_street").exists()


def test_a_count_says_since_when() -> None:
    count = SignInCount(tries=3, since=datetime.fromisoformat("2026-11-23T13:00+00:00"))

    assert str(count) == "3 since 2026-11-23 13:00 UTC"
