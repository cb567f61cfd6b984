"""The client: an account at Vapi, with its tools and assistants as Vapi writes them.

Vapi's own SDK is not used: see docs/vapi.md, "The client".
"""

import ssl
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

import httpx
from django.conf import settings

from assistants.conversation import JSONObject
from assistants.vapi.shapes import Assistant, Tool
from tenants import budgets
from tenants.models import Organization
from tenants.organizations import Refused

Kind = Literal["tool", "assistant"]
Row = TypeVar("Row", Tool, Assistant)
KINDS: dict[type, Kind] = {Tool: "tool", Assistant: "assistant"}

ADDRESS = "https://api.vapi.ai"
PAGE = 100
LONGEST_REASON = 300
# Seconds before the second and the third attempt, and the longest that Vapi may ask for.
PAUSES = (1.0, 2.0)
LONGEST_PAUSE = 60.0
# Beside every fault of Vapi's own: a time-out, a conflict, too many requests.
TRIED_AGAIN = frozenset({408, 409, 429})


class Failed(Exception):
    """Vapi did not do what it was asked. The text is for the operator, and holds no key."""


def of(organization: Organization, *, limit: timedelta | None = None) -> "Account":
    """The account of the org's own key, else of the key for all. Raises Refused without one.

    `limit`: how long all requests together may take from now on; nothing is then tried again.
    """
    keys = settings.VAPI_API_KEYS
    key = keys.get(organization.slug) or keys.get("")
    if not key:
        own = f"VAPI_API_KEY_{organization.slug.upper()}"
        raise Refused("VAPI_API_KEY", f"is not set, and neither is {own}")
    return Account(key, limit)


@cache
def trusted() -> ssl.SSLContext:
    """The trusted certificates, cached because reading them takes as long as a request."""
    return httpx.create_ssl_context()


class Account:
    """Every method raises Failed."""

    def __init__(self, key: str, limit: timedelta | None = None) -> None:
        self.key, self.limit = key, limit
        self.deadline = time.monotonic() + limit.total_seconds() if limit else None
        self.http = httpx.Client(
            base_url=settings.VAPI_BASE_URL or ADDRESS,
            headers={"Authorization": f"Bearer {key}"},
            verify=trusted(),
        )

    def get(self, shape: type[Row], identifier: str) -> Row | None:
        """None when it is no longer there."""
        try:
            return row(self.answer("GET", f"{KINDS[shape]}/{identifier}"), shape)
        except NotThere:
            return None

    def create(self, kind: Kind, body: JSONObject) -> str:
        """Create it, and return its id at Vapi."""
        return row(self.answer("POST", kind, body=body), Tool)["id"]

    def update(self, kind: Kind, identifier: str, body: JSONObject) -> None:
        row(self.answer("PATCH", f"{kind}/{identifier}", body=body), Tool)

    @cached_property
    def tools(self) -> list[Tool]:
        return self.everything(Tool)

    @cached_property
    def assistants(self) -> list[Assistant]:
        return self.everything(Assistant)

    def everything(self, shape: type[Row]) -> list[Row]:
        """All rows, newest first as Vapi lists them, page after page by when they were made."""
        found: dict[str, Row] = {}
        query: dict[str, str | int] = {"limit": PAGE}
        while True:
            page = rows(self.answer("GET", KINDS[shape], params=query), shape)
            new = {one["id"]: one for one in page if one["id"] not in found}
            found |= new
            if len(page) < PAGE or not new:
                return list(found.values())
            query["createdAtLe"] = min(str(one.get("createdAt")) for one in page)

    def answer(
        self,
        method: str,
        path: str,
        *,
        body: JSONObject | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Any:
        request = self.http.build_request(
            method, path, json=body, params=params, timeout=self.patience()
        )
        try:
            response = self.sent(request)
        except httpx.TimeoutException:
            raise self.too_late() from None
        except httpx.HTTPError as error:
            raise Failed(f"Vapi cannot be reached ({type(error).__name__}).") from None
        if response.status_code >= 400:
            raise self.failure(response)
        return content(response)

    def patience(self) -> float:
        """Seconds to wait for an answer. Raises Failed when there is no time left."""
        if self.deadline is None:
            return budgets.VENDOR_API
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise self.too_late()
        return left

    def sent(self, request: httpx.Request) -> httpx.Response:
        """The response of the third attempt at the latest."""
        for pause in () if self.deadline else PAUSES:
            try:
                response = self.http.send(request)
                if not is_tried_again(response):
                    return response
                pause = pause_asked_for(response) or pause
            except (httpx.ConnectError, httpx.RemoteProtocolError):
                pass
            time.sleep(pause)
        return self.http.send(request)

    def too_late(self) -> Failed:
        seconds = self.limit.total_seconds() if self.limit else budgets.VENDOR_API
        return Failed(f"Vapi did not answer within {seconds:g} seconds.")

    def failure(self, response: httpx.Response) -> Failed:
        match response.status_code:
            case 401 | 403 as status:
                return Failed(f"Vapi does not take the API key ({status}). Is it the private key?")
            case 404:
                return NotThere("Vapi has no such tool or assistant (404).")
            case 429:
                return Failed("Vapi asks to be left alone for a while (429). Run it again later.")
            case status if status >= 500:
                return Failed(f"Vapi has a fault of its own ({status}). Run it again later.")
        return Failed(
            f"Vapi refuses what was sent ({response.status_code}): {self.reason(response)}"
        )

    def reason(self, response: httpx.Response) -> str:
        """Vapi's own reasons, which name properties. A key that they quote is left out."""
        try:
            reasons = response.json().get("message")
        except (ValueError, AttributeError):
            reasons = None
        listed = reasons if isinstance(reasons, list) else [reasons or "no reason given"]
        return "; ".join(map(str, listed)).replace(self.key, "…")[:LONGEST_REASON]


class NotThere(Failed):
    """404."""


def is_tried_again(response: httpx.Response) -> bool:
    return response.status_code >= 500 or response.status_code in TRIED_AGAIN


def pause_asked_for(response: httpx.Response) -> float:
    """Seconds; 0 where none are named. RFC 9110, 10.2.3: a date, which it may be, is not read."""
    seconds = response.headers.get("Retry-After", "")
    return min(float(seconds), LONGEST_PAUSE) if seconds.isdecimal() else 0.0


def unreadable() -> Failed:
    return Failed("Vapi's answer cannot be read. Run it again; what was done is kept.")


def content(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise unreadable() from None


def row(value: Any, shape: type[Row]) -> Row:
    """It has an id. The rest is not checked; `sync.run` says when it has an unexpected form."""
    found: Row = value
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise unreadable()
    return found


def rows(value: Any, shape: type[Row]) -> list[Row]:
    if not isinstance(value, list):
        raise unreadable()
    return [row(one, shape) for one in value]
