"""An account at Vapi: its tools and assistants, over the vendor's SDK, as Vapi writes them.

Of the SDK it takes the connection: key, address, time limit, and when to try again. Its clients
take 15 seconds to load their two thousand models, and bend what they do not know in an answer.
"""

import ssl
import time
from datetime import timedelta
from functools import cache, cached_property
from math import ceil
from typing import Any, Literal

import httpx
from django.conf import settings
from vapi.core.client_wrapper import SyncClientWrapper
from vapi.core.request_options import RequestOptions
from vapi.environment import VapiEnvironment

from tenants import budgets
from tenants.models import Organization
from tenants.organizations import Refused

JSON = dict[str, Any]
Kind = Literal["tool", "assistant"]

PAGE = 100
LONGEST_TOLD = 300


class Failed(Exception):
    """Vapi did not do what it was asked. The text is for the operator, and holds no key."""


def of(organization: Organization, *, within: timedelta | None = None) -> "Account":
    """The account of the org's own key, else of the key for all. Raises Refused without one.

    `within`: how long all requests together may take from now on; nothing is then tried again.
    """
    keys = settings.VAPI_API_KEYS
    key = keys.get(organization.slug) or keys.get("")
    if not key:
        own = f"VAPI_API_KEY_{organization.slug.upper()}"
        raise Refused("VAPI_API_KEY", f"is not set, and neither is {own}")
    return Account(key, within)


@cache
def trusted() -> ssl.SSLContext:
    """Whom to believe that they are Vapi. To read it takes as long as a request."""
    return httpx.create_ssl_context()


class Account:
    """Every method raises Failed."""

    def __init__(self, key: str, within: timedelta | None = None) -> None:
        self.key, self.within = key, within
        self.ends = time.monotonic() + within.total_seconds() if within else None
        self.http = SyncClientWrapper(
            token=key,
            base_url=settings.VAPI_BASE_URL or VapiEnvironment.DEFAULT.value,
            timeout=budgets.VENDOR_API,
            httpx_client=httpx.Client(verify=trusted()),
        ).httpx_client

    def get(self, kind: Kind, identifier: str) -> JSON | None:
        """None when it is there no more."""
        try:
            return row(self.answer("GET", f"{kind}/{identifier}"))
        except NotThere:
            return None

    def create(self, kind: Kind, body: JSON) -> str:
        """Its id at Vapi."""
        return str(row(self.answer("POST", kind, json=body))["id"])

    def update(self, kind: Kind, identifier: str, body: JSON) -> None:
        row(self.answer("PATCH", f"{kind}/{identifier}", json=body))

    @cached_property
    def tools(self) -> list[JSON]:
        return self.everything("tool")

    @cached_property
    def assistants(self) -> list[JSON]:
        return self.everything("assistant")

    def everything(self, kind: Kind) -> list[JSON]:
        """All rows, newest first as Vapi lists them, page after page by when they were made."""
        found: dict[str, JSON] = {}
        query: JSON = {"limit": PAGE}
        while True:
            page = rows(self.answer("GET", kind, params=query))
            new = {one["id"]: one for one in page if one["id"] not in found}
            found |= new
            if len(page) < PAGE or not new:
                return list(found.values())
            query["createdAtLe"] = min(str(one.get("createdAt")) for one in page)

    def answer(self, method: str, path: str, **sent: Any) -> Any:
        try:
            response = self.http.request(
                path, method=method, request_options=self.options(), **sent
            )
        except httpx.TimeoutException:
            raise self.too_late() from None
        except httpx.HTTPError as error:
            raise Failed(f"Vapi cannot be reached ({type(error).__name__}).") from None
        if response.status_code >= 400:
            raise self.failure(response)
        return content(response)

    def options(self) -> RequestOptions | None:
        """Raises Failed when there is no time left."""
        if self.ends is None:
            return None
        left = self.ends - time.monotonic()
        if left <= 0:
            raise self.too_late()
        return {"timeout_in_seconds": ceil(left), "max_retries": 0}

    def too_late(self) -> Failed:
        seconds = f"{self.within.total_seconds():g}" if self.within else str(budgets.VENDOR_API)
        return Failed(f"Vapi did not answer within {seconds} seconds.")

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
        return Failed(f"Vapi refuses what was sent ({response.status_code}): {self.told(response)}")

    def told(self, response: httpx.Response) -> str:
        """Vapi's own reasons, which name properties; should they quote the key, without it."""
        try:
            reasons = response.json().get("message")
        except (ValueError, AttributeError):
            reasons = None
        listed = reasons if isinstance(reasons, list) else [reasons or "no reason given"]
        return "; ".join(map(str, listed)).replace(self.key, "…")[:LONGEST_TOLD]


class NotThere(Failed):
    """404."""


def unreadable() -> Failed:
    return Failed("Vapi's answer cannot be read. Run it again; what was done is kept.")


def content(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise unreadable() from None


def row(answer: Any) -> JSON:
    if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
        raise unreadable()
    return answer


def rows(answer: Any) -> list[JSON]:
    if not isinstance(answer, list):
        raise unreadable()
    return [row(one) for one in answer]
