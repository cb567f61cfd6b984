"""The environment: what is set, then what the file `.env` sets. Imported before all else."""

import os
import re
from io import StringIO
from pathlib import Path
from typing import Any

import environ

from bookings.phones import is_e164

BASE_DIR = Path(__file__).resolve().parent.parent

LINE = re.compile(r"(#.*|(export )?[A-Za-z_]\w*=.*)?")
SCHEME = re.compile(r"postgres(ql)?://")
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def read_file(file: Path) -> None:
    """Ends the program with one line when a line of it would be passed over."""
    if not file.is_file():
        return
    try:
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        raise SystemExit(f"{file} cannot be read.") from None
    for number, line in enumerate(lines, start=1):
        if not LINE.fullmatch(line):
            raise SystemExit(f"{file}, line {number}: must be like NAME=value.")
    environ.Env.read_env(StringIO("\n".join(lines)))


read_file(BASE_DIR / ".env")


def data_folder() -> Path:
    """DATA_DIR, made when it is missing; a relative one is in the project's folder.

    Ends the program with one line when nothing can be kept there.
    """
    folder = BASE_DIR / (os.environ.get("DATA_DIR") or ".data")
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"DATA_DIR must be a folder: {folder}: {error.strerror}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SystemExit(f"DATA_DIR must be a folder of yours: {folder} cannot be written in.")
    return folder


DATA_DIR = data_folder()


def whole_number(name: str, default: int, *, most: int = 1000) -> int:
    """From 1 to `most`. Ends the program with one line when the variable is something else."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise SystemExit(f"{name} must be a number from 1 to {most}.")
    return int(text)


def database() -> dict[str, Any]:
    """DATABASE_URL, read. Ends the program with one line when it is no address of a PostgreSQL."""
    address = os.environ.get("DATABASE_URL", "postgresql://localhost/clinics")
    try:
        found: dict[str, Any] = environ.Env.db_url_config(address) if SCHEME.match(address) else {}
    except ValueError:
        found = {}
    if not found.get("NAME"):
        raise SystemExit("DATABASE_URL must be like postgresql://user:password@host/name.")
    return found


def host() -> str:
    """Where to listen: an IPv4 or IPv6 address, or a name, without brackets."""
    return os.environ.get("HOST", "").strip("[]") or "127.0.0.1"


def yes_or_no(name: str) -> bool:
    """Ends the program with one line when the variable is neither: nobody meant that."""
    text = os.environ.get(name, "").lower()
    if text not in {*YES, *NO}:
        raise SystemExit(f"{name} must be 1 or 0.")
    return text in YES


def phone_number(name: str) -> str:
    """E.164, or empty. Ends the program with one line when the variable is something else."""
    text = os.environ.get(name, "")
    if text and not is_e164(text):
        raise SystemExit(f"{name} must be a number such as +14155550123.")
    return text


def log_level() -> str:
    level = os.environ.get("LOG_LEVEL", "INFO").upper()
    if level not in LEVELS:
        raise SystemExit(f"LOG_LEVEL must be one of {', '.join(LEVELS)}.")
    return level
