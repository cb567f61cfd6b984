"""Cleaning: values of a JSON body that may be anything, read without an error."""

import math

from assistants.conversation import JSON, JSONObject


def mapping(value: JSON) -> JSONObject:
    return value if isinstance(value, dict) else {}


def mappings(value: JSON) -> list[JSONObject]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def cleaned(value: JSON) -> JSON:
    """The same value without what PostgreSQL cannot store and nobody can say."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return cleaned_object(value)
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def cleaned_object(value: JSONObject) -> JSONObject:
    return {printable(str(name)): cleaned(item) for name, item in value.items()}


def printable(text: str) -> str:
    if text.isprintable():  # nearly all are, and Python sees it at once
        return text
    return "".join(ch if ch.isprintable() else " " for ch in text)
