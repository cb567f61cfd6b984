"""Two-step sign-in: a code is asked for after the password, used once, and no other org's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tenants import organizations
from tenants.accounts.models import BackupCode, TotpDevice
from tenants.models import Organization
from tests.codes import BACKUP, code, key_in
from tests.conftest import MONDAY, Committed, Server, onboard_elm
from tests.desk import settle

HOST = "elm-street.localhost"
PASSWORD = "a good long password"
OWN, ASKED = "/admin/second-step/", "/admin/login/code/"
WRONG = "This code is not right, or was used already."
WRONG_PASSWORD = "This password is not right."


class Browser(Client):
    """Rosa's, or another account's."""

    def __init__(self, user: str = "rosa", host: str = HOST) -> None:
        super().__init__(headers={"Host": host})
        self.user_name = user
        self.password = PASSWORD

    def sign_in(self, password: str = PASSWORD, to: str = "/admin/password_change/") -> str:
        """Where it leads."""
        self.password = password
        said = {"username": self.user_name, "password": password}
        page = self.post(f"/admin/login/?next={to}", said)
        return str(page.headers.get("Location", page.content.decode()))

    def give(self, typed: str) -> str:
        """Where the code leads, or what the page says."""
        page = self.post(ASKED, {"code": typed})
        return str(page.headers.get("Location", page.content.decode()))

    def do(self, button: str, typed: str = "") -> str:
        said = {"code": typed, "password": self.password} if typed else {}
        page = self.post(OWN, {"do": button, **said}, follow=True)
        return str(page.content.decode())

    def is_in(self) -> bool:
        return self.get("/admin/password_change/").status_code == 200

    def turn_on(self) -> tuple[str, list[str]]:
        """The key, and the backup codes."""
        key = key_in(self.do("begin"))
        return key, BACKUP.findall(self.do("confirm", code(key)))


@pytest.fixture
def rosa(elm: Organization, clock: Any) -> Browser:
    """Signed in by her password."""
    User.objects.create_user("rosa", password=PASSWORD, is_staff=True)
    browser = Browser()
    assert browser.sign_in() == "/admin/password_change/"
    return browser


def test_a_user_turns_it_on_and_is_asked_from_then_on(rosa: Browser, clock: Any) -> None:
    elsewhere = Browser()
    elsewhere.sign_in()
    begun = rosa.do("begin")
    key = key_in(begun)
    assert "<svg" in begun
    assert "http" not in begun.partition("<svg")[2].partition("</svg>")[0]
    assert WRONG in rosa.do("confirm", "000000")
    clock.shift(timedelta(seconds=5))  # after a failure

    codes = BACKUP.findall(rosa.do("confirm", code(key)))

    assert len(set(codes)) == 10
    assert rosa.is_in()
    assert not elsewhere.is_in()  # it was signed in by the password alone
    assert "Two-step sign-in is <strong>on</strong>" in rosa.get(OWN).content.decode()
    again = Browser()
    assert again.sign_in(to="/admin/second-step/") == ASKED
    assert not again.is_in()
    assert "One more step" in again.get(ASKED).content.decode()
    assert again.give(code(key, 1)) == "/admin/second-step/"
    assert again.is_in()


def test_a_key_that_another_session_has_drawn_is_not_confirmed(rosa: Browser) -> None:
    """Somebody who was at her screen may have kept it."""
    kept = key_in(rosa.do("begin"))
    later = Browser()
    later.sign_in()

    assert "otpauth" not in later.get(OWN).content.decode()
    assert not BACKUP.findall(later.do("confirm", code(kept)))
    own = key_in(later.do("begin"))
    assert own != kept
    assert BACKUP.findall(later.do("confirm", code(own)))


def test_turning_it_on_takes_the_password(rosa: Browser, clock: Any) -> None:
    """Who finds her screen unlocked may not lock her out."""
    key = key_in(rosa.do("begin"))
    rosa.password = "a guess"
    for _ in range(5):
        assert WRONG_PASSWORD in rosa.do("confirm", code(key))

    rosa.password = PASSWORD
    assert WRONG_PASSWORD in rosa.do("confirm", code(key)), "guesses are counted as at the sign-in"
    clock.shift(timedelta(minutes=15))
    assert len(BACKUP.findall(rosa.do("confirm", code(key)))) == 10


def test_a_right_password_is_no_guess(rosa: Browser, clock: Any) -> None:
    key = key_in(rosa.do("begin"))
    for _ in range(6):
        assert WRONG in rosa.do("confirm", "000000")
        clock.shift(timedelta(minutes=1))

    assert len(BACKUP.findall(rosa.do("confirm", code(key)))) == 10


def test_what_is_stored_is_worth_nothing_without_our_key(
    rosa: Browser, elm: Organization, settings: Any
) -> None:
    key, codes = rosa.turn_on()
    elm.activate()

    stored = f"{TotpDevice.objects.values()}{BackupCode.objects.values()}"

    assert key not in stored
    assert not [one for one in codes if one in stored or one.replace("-", "") in stored]
    settings.SECRET_KEY = "another one"
    browser = Browser()
    browser.sign_in()
    assert WRONG in browser.give(code(key))


def test_a_code_is_used_once_and_a_clock_may_be_a_step_wrong(rosa: Browser, clock: Any) -> None:
    key, _ = rosa.turn_on()

    def is_let_in(steps: int, after: timedelta = timedelta(minutes=30)) -> bool:
        """With the code of so many steps from now; by default past what failures close."""
        clock.shift(after)
        browser = Browser()
        assert browser.sign_in() == ASKED
        return WRONG not in browser.give(code(key, steps))

    assert [is_let_in(steps) for steps in (-2, -1, 0, 1, 2)] == [False, True, True, True, False]
    assert is_let_in(0)
    assert not is_let_in(0, after=timedelta())
    assert is_let_in(1)
    assert not is_let_in(0, after=timedelta(seconds=29))  # that one again, a step later


def test_wrong_codes_close_for_longer_and_longer(rosa: Browser, clock: Any) -> None:
    key, _ = rosa.turn_on()
    clock.shift(timedelta(minutes=5))
    browser = Browser()
    browser.sign_in()

    waits = []
    for _ in range(5):
        page = browser.give("000000")
        waits.append(int(page.partition("You can try again in ")[2].split()[0]))
        clock.shift(timedelta(seconds=waits[-1] - 1))
        assert WRONG in browser.give(code(key))  # right, and too early
        clock.shift(timedelta(seconds=1))

    assert waits == [1, 2, 4, 8, 16]
    assert browser.give(code(key)) == "/admin/password_change/"


def test_a_backup_code_signs_in_once(rosa: Browser, clock: Any, elm: Organization) -> None:
    _, codes = rosa.turn_on()
    clock.shift(timedelta(minutes=5))

    for typed, lets_in in ((codes[0], True), (codes[0], False), (f" {codes[1].upper()} ", True)):
        clock.shift(timedelta(minutes=5))
        browser = Browser()
        browser.sign_in()
        assert (WRONG not in browser.give(typed)) == lets_in
        assert browser.is_in() == lets_in

    assert "You have 8 backup codes left" in rosa.get(OWN).content.decode()
    assert "Signed in by a backup code." in history_of(elm)


def history_of(elm: Organization) -> str:
    elm.activate()
    chief, _ = User.objects.get_or_create(username="chief", is_staff=True, is_superuser=True)
    client = Client(headers={"Host": HOST})
    client.force_login(chief)
    pk = User.objects.get(username="rosa").pk
    page = client.get(f"/admin/auth/user/{pk}/history/").content.decode()
    elm.activate()
    return str(page)


def test_the_first_step_alone_lets_in_nowhere(rosa: Browser, clock: Any, elm: Organization) -> None:
    key, _ = rosa.turn_on()
    clock.shift(timedelta(minutes=5))
    browser = Browser()
    assert browser.sign_in() == ASKED

    for path in ("", "calendar/", "bookings/patient/", "second-step/", "password_change/"):
        page = browser.get(f"/admin/{path}")
        assert page["Location"].startswith("/admin/login/")
    clock.shift(timedelta(minutes=10, seconds=1))
    assert browser.give(code(key)) == "/admin/login/"
    browser.sign_in()
    elm.activate()
    User.objects.filter(username="rosa").update(is_active=False)
    assert browser.give(code(key)) == "/admin/login/"


def test_a_sign_in_link_and_a_code_stay_two_steps(
    rosa: Browser, clock: Any, elm: Organization
) -> None:
    """Whoever gets hold of a link still lacks the telephone."""
    from tenants.accounts import links

    key, _ = rosa.turn_on()
    elm.activate()
    secret = links.make(User.objects.get(username="rosa"), now=MONDAY)
    clock.shift(timedelta(minutes=5))
    browser = Browser()
    browser.get(f"/admin/welcome/{secret}/")
    said = {"new_password1": "sunrise over elm", "new_password2": "sunrise over elm"}

    assert browser.post("/admin/welcome/", said)["Location"] == ASKED
    assert not browser.is_in()
    assert browser.give(code(key)) == "/admin/"


def test_turning_it_off_takes_a_code(rosa: Browser, clock: Any, elm: Organization) -> None:
    key, _ = rosa.turn_on()
    clock.shift(timedelta(minutes=5))
    assert WRONG in rosa.do("end", "000000")
    assert "begin" not in rosa.do("begin")  # nor is it begun anew
    clock.shift(timedelta(minutes=5))

    fresh = BACKUP.findall(rosa.do("codes", code(key)))
    assert len(fresh) == 10
    clock.shift(timedelta(minutes=1))
    assert "Set it up" in rosa.do("end", code(key))

    assert Browser().sign_in() == "/admin/password_change/"
    elm.activate()
    assert not BackupCode.objects.exists()
    assert "Turned two-step sign-in off." in history_of(elm)


@pytest.mark.parametrize("host", [HOST, "localhost"])
def test_where_it_is_required_there_is_no_other_page_without(
    host: str, elm: Organization, clock: Any
) -> None:
    if host == "localhost":
        organizations.leave()
    User.objects.create_superuser("olga", password=PASSWORD)
    browser = Browser("olga", host)
    assert browser.sign_in("a good long password") == "/admin/password_change/"
    page = browser.get("/admin/accounts/signinpolicy/add/")
    said = {"requires_second_step": "on", "_version": page.context["version"]}

    assert browser.post("/admin/accounts/signinpolicy/add/", said).status_code == 302

    for path in ("", "auth/user/", "accounts/signinpolicy/1/change/", "jsi18n/"):
        assert browser.get(f"/admin/{path}")["Location"] == OWN
    assert browser.post("/admin/auth/user/add/", {"username": "eve"})["Location"] == OWN
    assert "Everybody here signs in in two steps." in browser.get(OWN).content.decode()
    assert browser.is_in()  # the page of the password
    browser.turn_on()
    assert browser.get("/admin/auth/user/").status_code == 200


def test_an_operators_command_takes_a_lost_telephone_away(
    rosa: Browser, elm: Organization, capsys: Any
) -> None:
    rosa.turn_on()
    organizations.leave()

    call_command("unlock_sign_in", "elm_street", "rosa", reset_totp=True)

    assert "rosa signs in at Elm Street by the password alone" in capsys.readouterr().out
    assert Browser().sign_in() == "/admin/password_change/"
    page = history_of(elm)
    assert "Took two-step sign-in away." in page
    assert "an operator&#x27;s command" in page
    assert not BackupCode.objects.exists()


def test_a_device_of_one_org_is_worth_nothing_at_another(rosa: Browser, elm: Organization) -> None:
    """Not even if its rows are copied."""
    key, codes = rosa.turn_on()
    elm.activate()
    kept = [User.objects.get(username="rosa"), TotpDevice.objects.get(), *BackupCode.objects.all()]
    organizations.leave()
    onboard_elm("oak_street")
    with organizations.within(organizations.get("oak_street")):
        User.objects.all().delete()
        TotpDevice.objects.all().delete()
        for row in kept:
            row.save(force_insert=True)
    there = Browser(host="oak-street.localhost")

    assert there.sign_in() == ASKED
    assert WRONG in there.give(code(key))
    with organizations.within(organizations.get("oak_street")):
        TotpDevice.objects.update(throttling_failure_count=0)
    assert WRONG in there.give(codes[0])


# --- at the same moment


def test_of_two_with_the_same_code_one_gets_in(committed: Committed, server: Server) -> None:
    made = committed()
    with organizations.within(organizations.get(made.org)):
        settle(User.objects.get(username=made.admin_email))
    first = Browser(made.admin_email, made.domain)
    first.sign_in(made.admin_password)
    key, _ = first.turn_on()
    browsers = [Browser(made.admin_email, made.domain) for _ in range(4)]
    for browser in browsers:
        assert browser.sign_in(made.admin_password) == ASKED
    now = code(key, 1)

    def race(browser: Browser) -> bool:
        try:
            return WRONG not in browser.give(now)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(race, browsers)) == [False, False, False, True]
