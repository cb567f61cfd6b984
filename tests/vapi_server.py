"""Vapi's API on a free port of this machine, as strict as the real one about what it is sent.

Each body is held to the SDK's own models: an unknown property is refused as Vapi refuses it.
"""

import copy
import json
import threading
import types
import typing
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError

KEY = "sk-vapi-key-for-tests"
FIRST = datetime(2026, 11, 23, tzinfo=UTC)
# The SDK types them as objects; the API and its documentation, as a word and as numbers.
MISTYPED = {"type", "excludedStatusCodes"}


@cache
def models() -> dict[tuple[str, str], type[BaseModel]]:
    """The SDK's, loaded by whoever needs them: that takes seconds."""
    from vapi.types.assistant_overrides import AssistantOverrides
    from vapi.types.create_assistant_dto import CreateAssistantDto
    from vapi.types.create_function_tool_dto import CreateFunctionToolDto
    from vapi.types.update_function_tool_dto import UpdateFunctionToolDto

    return {
        ("POST", "tool"): CreateFunctionToolDto,
        ("PATCH", "tool"): UpdateFunctionToolDto,
        ("POST", "assistant"): CreateAssistantDto,
        ("PATCH", "assistant"): CreateAssistantDto,
        ("", "overrides"): AssistantOverrides,
    }


@dataclass
class Fault:
    """What goes wrong with requests of `method` (any, when "") after `after` of them went well."""

    status: int = 0
    method: str = ""
    after: int = 0
    times: int = 1
    body: bytes = b'{"message": "no"}'
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    # Done all the same, and only the answer is lost.
    done: bool = False

    def applies(self, method: str) -> bool:
        if self.method not in ("", method) or not self.times:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


@dataclass
class VapiServer:
    url: str
    tools: dict[str, Any] = field(default_factory=dict)
    assistants: dict[str, Any] = field(default_factory=dict)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def writes(self) -> list[tuple[str, str, Any]]:
        return [one for one in self.requests if one[0] != "GET"]

    def table(self, kind: str) -> dict[str, Any]:
        return self.tools if kind == "tool" else self.assistants

    def add(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        table = self.table(kind)
        made = FIRST + timedelta(seconds=len(self.tools) + len(self.assistants))
        row = {
            **copy.deepcopy(body),
            "id": str(uuid.uuid4()),
            "orgId": "account-1",
            "createdAt": made.isoformat().replace("+00:00", "Z"),
        }
        table[row["id"]] = row
        return row


@contextmanager
def running() -> Iterator[VapiServer]:
    models()  # before anybody waits for an answer
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    http.vapi = VapiServer(f"http://127.0.0.1:{http.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield http.vapi  # type: ignore[attr-defined]
    finally:
        http.vapi.released.set()  # type: ignore[attr-defined]
        http.shutdown()
        http.server_close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.handle_one()

    do_POST = do_PATCH = do_GET  # noqa: N815

    def handle_one(self) -> None:
        vapi: VapiServer = self.server.vapi  # type: ignore[attr-defined]
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
        vapi.requests.append((self.command, self.path, body))
        fault = next((one for one in vapi.faults if one.applies(self.command)), None)
        if fault is None or fault.done:
            status, answer = self.answer(vapi, body)
            data, headers = json.dumps(answer).encode(), {}
        if fault is not None:
            if fault.hangs:
                vapi.released.wait(20)
                return
            status, data, headers = fault.status, fault.body, fault.headers
        self.send(status, data, headers)

    def answer(self, vapi: VapiServer, body: Any) -> tuple[int, Any]:
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {"message": "Invalid Key.", "error": "Unauthorized", "statusCode": 401}
        address = urlsplit(self.path)
        kind, _, identifier = address.path.lstrip("/").partition("/")
        table = vapi.table(kind)
        if identifier and identifier not in table:
            return 404, {"message": "Couldn't Get It.", "statusCode": 404}
        if self.command == "GET":
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            return 200, table[identifier] if identifier else page(table, query)
        if wrong := problems(self.command, kind, body):
            return 400, {"message": wrong, "error": "Bad Request", "statusCode": 400}
        if self.command == "POST":
            return 201, vapi.add(kind, body)
        table[identifier].update(copy.deepcopy(body))
        unlist_pinned(table[identifier])
        return 200, table[identifier]

    def send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        pass


def unlist_pinned(row: dict[str, Any]) -> None:
    """A tool that is held at one version is named by its pin alone."""
    model = row.get("model") or {}
    pinned = {ref["toolId"] for ref in model.get("toolRefs") or []}
    if pinned and "toolIds" in model:
        model["toolIds"] = [one for one in model["toolIds"] if one not in pinned]


def page(table: dict[str, Any], query: dict[str, str]) -> list[Any]:
    """Newest first, a hundred at most."""
    latest = datetime.fromisoformat(query.get("createdAtLe", "9999-01-01T00:00:00Z"))
    rows = sorted(table.values(), key=lambda row: row["createdAt"], reverse=True)
    found = [row for row in rows if datetime.fromisoformat(row["createdAt"]) <= latest]
    return found[: int(float(query.get("limit", 100)))]


# --- bodies, held to the SDK's models


def problems(method: str, kind: str, body: Any) -> list[str]:
    model, checked = models()[method, kind], dict(body)
    if kind == "tool" and method == "POST" and checked.pop("type", None) != "function":
        return ["type must be one of the following values: function"]
    found = list(unknown(model, checked))
    try:
        model.model_validate(without_mistyped(checked))
    except ValidationError as error:
        found += [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    if len(checked.get("name") or "") > 40:
        found.append("name must be shorter than or equal to 40 characters")
    return found


def without_mistyped(value: Any) -> Any:
    if isinstance(value, list):
        return [without_mistyped(one) for one in value]
    if not isinstance(value, dict):
        return value
    inner = {key: without_mistyped(one) for key, one in value.items()}
    if "backoffPlan" in inner:
        plan = {key: one for key, one in inner["backoffPlan"].items() if key not in MISTYPED}
        inner["backoffPlan"] = {**plan, "type": {}}
    return inner


def unknown(annotation: Any, value: Any, path: str = "") -> Iterator[str]:
    """Every property the models do not have, however deep."""
    if isinstance(value, list):
        for one in value:
            yield from unknown(inside(annotation, list), one, path)
    elif isinstance(value, dict):
        model = model_of(annotation, value)
        fields = by_name(model) if model else {}
        for key, one in value.items():
            if model and key not in fields:
                yield f"{path}property {key} should not exist"
            else:
                inner = fields[key] if model else inside(annotation, dict)
                yield from unknown(inner, one, f"{path}{key}.")


def by_name(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info.annotation for name, info in model.model_fields.items()}


def options(annotation: Any) -> list[Any]:
    """What an annotation allows, without unions and the SDK's notes around it."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return options(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return [found for one in arguments for found in options(one)]
    return [annotation]


def inside(annotation: Any, shape: type) -> Any:
    """What a list or a dictionary of that annotation holds; Any when it says nothing."""
    found = [one for one in options(annotation) if typing.get_origin(one) is shape]
    return typing.get_args(found[0])[-1] if found else Any


def model_of(annotation: Any, value: dict[str, Any]) -> type[BaseModel] | None:
    """The model meant: of several, of several, by its fixed words (`type`, `provider`)."""
    models = [
        one for one in options(annotation) if isinstance(one, type) and issubclass(one, BaseModel)
    ]
    return next((one for one in models if is_meant(one, value)), models[0] if models else None)


def is_meant(model: type[BaseModel], value: dict[str, Any]) -> bool:
    return all(
        value.get(info.alias or name) == info.default
        for name, info in model.model_fields.items()
        if typing.get_origin(info.annotation) is typing.Literal and isinstance(info.default, str)
    )
