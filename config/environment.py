"""The environment: variables that are set, then those of the file `.env`. Imported first.

Reading makes nothing: no folder and no file. A wrong value raises ImproperlyConfigured, with one
line that names the variable and what it must be.
"""

import os
import re
import secrets
from contextlib import suppress
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import NamedTuple, TypedDict
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from bookings.phones import is_e164

BASE_DIR = Path(__file__).resolve().parent.parent

LINE = re.compile(r"(#.*|(export )?[A-Za-z_]\w*=.*)?")
HOST_NAME = re.compile(r"[a-z0-9.-]+")
SCHEME = re.compile(r"postgres(ql)?://")
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def read_file(file: Path) -> None:
    """Raises ImproperlyConfigured if a line of the file cannot be read."""
    if not file.is_file():
        return
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise ImproperlyConfigured(f"{file} cannot be read.") from None
    for number, line in enumerate(lines, start=1):
        if not LINE.fullmatch(line):
            raise ImproperlyConfigured(f"{file}, line {number}: must be like NAME=value.")
    environ.Env.read_env(StringIO("\n".join(lines)))


def data_dir() -> Path:
    """DATA_DIR; a relative one is in the project's folder."""
    return BASE_DIR / (os.environ.get("DATA_DIR") or ".data")


def make_data_dir() -> Path:
    """DATA_DIR, made if it is missing. Called by the programs that keep something there.

    Raises ImproperlyConfigured if the folder cannot be written to.
    """
    folder = data_dir()
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"DATA_DIR must be a folder: {folder}: {error.strerror}."
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"DATA_DIR must be a folder of yours: {folder} cannot be written to."
        )
    return folder


def secret_key() -> str:
    """A key made on first use and kept in DATA_DIR, so that sessions survive a restart.

    Raises ImproperlyConfigured if it cannot be kept there.
    """
    file = make_data_dir() / "secret_key"
    try:
        if not file.exists():
            # Written whole, in a file of its own, and then named: others may be at it, too.
            with NamedTemporaryFile("w", dir=file.parent, prefix="secret_key.") as whole:
                whole.write(secrets.token_urlsafe(64))
                whole.flush()
                with suppress(FileExistsError):
                    os.link(whole.name, file)
        return file.read_text()
    except OSError as error:
        raise ImproperlyConfigured(f"SECRET_KEY: {file}: {error.strerror}.") from None


def whole_number(name: str, default: int, *, most: int = 1000) -> int:
    """From 1 to `most`. Raises ImproperlyConfigured if the variable is anything else."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ImproperlyConfigured(f"{name} must be a number from 1 to {most}.")
    return int(text)


def workers() -> int:
    """gunicorn's processes."""
    return whole_number("WEB_CONCURRENCY", min(2 * (os.cpu_count() or 1) + 1, 9), most=64)


def threads() -> int:
    """As many in each worker serve callers as serve the front desk (config/serving/worker.py)."""
    return whole_number("THREADS", 4, most=500)


class Database(TypedDict, total=False):
    """One of Django's DATABASES, without its engine."""

    NAME: str
    USER: str
    PASSWORD: str
    HOST: str
    PORT: int | str
    OPTIONS: dict[str, object]


def database() -> Database:
    """DATABASE_URL, read. Raises ImproperlyConfigured if it is not the address of a PostgreSQL."""
    address = os.environ.get("DATABASE_URL", "postgresql://localhost/clinics")
    found: Database = {}
    if SCHEME.match(address):
        with suppress(ValueError):
            found = environ.Env.db_url_config(address)
    if not found.get("NAME"):
        raise ImproperlyConfigured(
            "DATABASE_URL must be like postgresql://user:password@host/name."
        )
    return found


class Mail(NamedTuple):
    """A server that takes mail, and from whom it comes. `starts_tls`: by STARTTLS; `is_tls`: from
    the first byte."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False
    sender: str = ""


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
MAIL_LIKE = "smtp+tls://user:password@mail.example.com:587"


def email() -> Mail:
    """EMAIL_URL and EMAIL_FROM, or nothing. Raises ImproperlyConfigured if one of them is missing
    or is something else."""
    address, sender = os.environ.get("EMAIL_URL", ""), os.environ.get("EMAIL_FROM", "")
    if not address and not sender:
        return Mail()
    try:
        parts = urlsplit(address)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        scheme, host, port = "", None, None
    if scheme not in MAIL_PORTS or not host:
        raise ImproperlyConfigured(f"EMAIL_URL must be like {MAIL_LIKE}.")
    try:
        validate_email(sender)
    except ValidationError:
        raise ImproperlyConfigured(
            "EMAIL_FROM must be an e-mail address: mail is from it."
        ) from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    is_tls, starts_tls = scheme == "smtp+ssl", scheme == "smtp+tls"
    return Mail(host, port or MAIL_PORTS[scheme], user, password, starts_tls, is_tls, sender)


def host() -> str:
    """Where to listen: an IPv4 or IPv6 address, or a name, without brackets."""
    return os.environ.get("HOST", "").strip("[]") or "127.0.0.1"


def host_name(name: str, default: str) -> str:
    """A host name in lower case, without a port. Raises ImproperlyConfigured for anything else."""
    text = os.environ.get(name, "").lower() or default
    if not HOST_NAME.fullmatch(text):
        raise ImproperlyConfigured(f"{name} must be a host name such as admin.example.com.")
    return text


def web_address(name: str) -> str:
    """An address of the web, or empty. Raises ImproperlyConfigured for anything else."""
    text = os.environ.get(name, "")
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if text and not is_address:
        raise ImproperlyConfigured(f"{name} must be an address such as https://api.vapi.ai.")
    return text


def yes_or_no(name: str) -> bool:
    """Raises ImproperlyConfigured if the variable is neither yes nor no."""
    text = os.environ.get(name, "").lower()
    if text not in {*YES, *NO}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0.")
    return text in YES


def phone_number(name: str) -> str:
    """E.164, or empty. Raises ImproperlyConfigured if the variable is anything else."""
    text = os.environ.get(name, "")
    if text and not is_e164(text):
        raise ImproperlyConfigured(f"{name} must be a number such as +14155550123.")
    return text


def log_level() -> str:
    """Raises ImproperlyConfigured if LOG_LEVEL is not one of LEVELS."""
    level = os.environ.get("LOG_LEVEL", "INFO").upper()
    if level not in LEVELS:
        raise ImproperlyConfigured(f"LOG_LEVEL must be one of {', '.join(LEVELS)}.")
    return level


read_file(BASE_DIR / ".env")
