"""A walk: every address of an org's host, read from the URL resolver and the registered models.

A page that is new is walked to by itself. An argument of a kind that is not known here is an error.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tenants.sites import front_desk

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
APP_LIST = re.compile(r"\^\(\?P<app_label>([\w|]+)\)/\$$")
WORDS = ["done", "cancel"]  # steps that an address may name
# They end a session or begin one.
SESSION = {"login", "logout"}


@dataclass(frozen=True)
class Address:
    """`names_a_row`: an argument of it is the key of a row."""

    path: str
    name: str
    names_a_row: bool


def addresses(keys: Mapping[Any, list[Any]]) -> list[Address]:
    """The addresses under /admin/, filled in with these keys, by model: pages of a model with those
    of its own rows, others with all that are of the kind they take."""
    found = []
    for route, pattern in routes(get_resolver("config.urls").url_patterns):
        if route.startswith("admin/") and pattern.name not in SESSION:
            found += list(filled_in(route, pattern, keys))
    return found


def routes(patterns: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{prefix}{one.pattern}")
        else:
            yield f"{prefix}{one.pattern}", one


def filled_in(route: str, pattern: URLPattern, keys: Mapping[Any, list[Any]]) -> Iterator[Address]:
    name = pattern.name or ""
    if not isinstance(pattern.pattern, RoutePattern):
        yield from (Address(f"/admin/{path}", name, False) for path in by_expression(route))
        return
    kinds = {one: type(kind).__name__ for one, kind in pattern.pattern.converters.items()}
    values = [values_of(kind, argument, route, keys) for argument, kind in kinds.items()]
    for chosen in product(*values):
        given = dict(zip(kinds, chosen, strict=True))
        path = ARGUMENT.sub(lambda found, given=given: str(given[found[1]]), route)  # type: ignore[misc]
        yield Address(f"/{path}", name, any(map(names_a_row, kinds, kinds.values())))


def by_expression(route: str) -> list[str]:
    rest = route.removeprefix("admin/")
    if apps := APP_LIST.match(rest):
        return [f"{app}/" for app in apps[1].split("|")]
    assert rest == "(?P<url>.*)$", f"no test walks to {route}"
    return ["nowhere"]


def values_of(kind: str, argument: str, route: str, keys: Mapping[Any, list[Any]]) -> list[Any]:
    everything = [key for found in keys.values() for key in found]
    match kind:
        case "UUIDConverter":
            return [key for key in everything if not isinstance(key, int)]
        case "IntConverter":
            return [key for key in everything if isinstance(key, int)]
        case "SlugConverter":
            return WORDS
        case "PathConverter" | "StringConverter" if names_a_row(argument, kind):
            return keys_of_page(route, keys)
        case "StringConverter":
            return ["unknown"]  # a secret, or a token
    raise AssertionError(f"no test walks to {route}")


def names_a_row(argument: str, kind: str) -> bool:
    return kind in ("UUIDConverter", "IntConverter") or argument in ("object_id", "id")


def keys_of_page(route: str, keys: Mapping[Any, list[Any]]) -> list[Any]:
    for model in front_desk._registry:
        if route.startswith(f"admin/{model._meta.app_label}/{model._meta.model_name}/"):
            return keys.get(model, [])
    return [1]
