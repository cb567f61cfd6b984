"""The environment: what is set, then what the file `.env` sets. Imported before all else."""

import os
import re
from pathlib import Path
from typing import Any

import environ

from bookings.phones import is_e164

BASE_DIR = Path(__file__).resolve().parent.parent

if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(BASE_DIR / ".env")

env = environ.Env()
SCHEME = re.compile(r"postgres(ql)?://")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / ".data"))


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
