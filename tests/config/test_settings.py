"""Settings: reading them makes nothing, and each wrong value is one line that names it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from config.environment import secret_key
from tests.conftest import ROOT

READ = "from django.conf import settings; print(settings.PORT)"
SIGN = """
from django.core import signing
print(signing.dumps("a"))
"""


def python(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Our settings in a process of their own, with no SECRET_KEY."""
    base = {name: value for name, value in os.environ.items() if name != "SECRET_KEY"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**base, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_reading_settings_makes_no_folder_and_no_key(tmp_path: Path) -> None:
    done = python(READ, DATA_DIR=str(tmp_path / "data"))

    assert (done.stdout, done.stderr) == ("8000\n", "")
    assert list(tmp_path.iterdir()) == []


def test_the_key_is_made_when_something_is_signed_and_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = python(SIGN, DATA_DIR=str(folder))
    key = (folder / "secret_key").read_text()
    again = python(f"{SIGN}print(signing.loads({first.stdout.strip()!r}))", DATA_DIR=str(folder))

    assert again.stdout.splitlines()[-1] == "a"
    assert (folder / "secret_key").read_text() == key
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret_key"]


def test_of_many_threads_at_once_each_has_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first requests of a fresh machine."""
    for number in range(50):
        folder = tmp_path / str(number)
        monkeypatch.setenv("DATA_DIR", str(folder))
        with ThreadPoolExecutor(8) as threads:
            keys = set(threads.map(key_of, [Barrier(8)] * 8))

        assert len(keys) == 1
        assert [file.name for file in folder.iterdir()] == ["secret_key"]


def key_of(together: Barrier) -> str:
    together.wait()
    return secret_key()


WRONG = [
    ("PORT", "abc"),
    ("PORT", "99999"),
    ("LOG_LEVEL", "bogus"),
    ("DATABASE_URL", "garbage"),
    ("DATABASE_URL", "mysql://db/clinics"),
    ("DATABASE_POOL", "0"),
    ("THREADS", "501"),
    ("WEB_CONCURRENCY", "x"),
    ("HTTPS", "maybe"),
    ("EMAIL_URL", "mail.example.com"),
    ("EMAIL_URL", "mail://mail.example.com"),
    ("DEBUG", "2"),
    ("TRUSTED_PROXIES", "11"),
    ("FALLBACK_NUMBER", "555"),
    ("OPERATORS_HOST", "http://admin.example.com"),
    ("OPERATORS_HOST", "admin.example.com:8000"),
    ("VAPI_BASE_URL", "api.vapi.ai"),
    ("VAPI_BASE_URL", "http://[1"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_improperly_configured_and_named(name: str, value: str) -> None:
    done = python(READ, **{name: value})

    *_, last = done.stderr.splitlines()
    assert last.startswith(f"django.core.exceptions.ImproperlyConfigured: {name} must be ")


@pytest.mark.parametrize(
    ("half", "other"),
    [
        ({"EMAIL_URL": "smtp://mail.example.com"}, "EMAIL_FROM must be"),
        ({"EMAIL_FROM": "desk@elm.example"}, "EMAIL_URL must be"),
    ],
)
def test_mail_that_is_set_by_half_is_refused(half: dict[str, str], other: str) -> None:
    assert other in python(READ, **half).stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("THREADS", "none"),
        ("DATABASE_URL", "garbage"),
        ("DATA_DIR", "/etc/passwd"),
    ],
)
def test_gunicorn_ends_with_one_line_about_it(name: str, value: str) -> None:
    done = gunicorn(**{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(f"{name} must be ")
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_secret_key_is_kept_before_the_first_request(tmp_path: Path) -> None:
    """Nothing is missing then when the disk is full."""
    made, full = tmp_path / "made", tmp_path / "full"
    (full / "secret_key").mkdir(parents=True)

    assert gunicorn(DATA_DIR=str(made), SECRET_KEY="").returncode == 0
    assert (made / "secret_key").exists()
    refused = gunicorn(DATA_DIR=str(full), SECRET_KEY="")
    assert (refused.returncode, len(refused.stderr.strip().splitlines())) == (1, 1)
    assert refused.stderr.startswith("SECRET_KEY: ")


def gunicorn(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "--check-config"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
