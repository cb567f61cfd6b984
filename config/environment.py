"""The environment: what is set, then what the file `.env` sets. Imported before all else."""

import os
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

if (BASE_DIR / ".env").is_file():
    environ.Env.read_env(BASE_DIR / ".env")

env = environ.Env()
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / ".data"))


def whole_number(name: str, default: int) -> int:
    """Ends the program with one line when the variable is no number."""
    text = os.environ.get(name, "")
    if text and not text.isdecimal():
        raise SystemExit(f"{name} must be a whole number, and is “{text}”.")
    return int(text or default)
