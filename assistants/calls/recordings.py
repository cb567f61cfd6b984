"""Recordings: when the signed address of a recording stops working."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

# How Amazon and Google write when an address was signed.
SIGNED = "%Y%m%dT%H%M%SZ"


def expiry(address: str) -> datetime | None:
    """When a signed address stops working, UTC; None if it lasts, or does not say.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, Google's
    `X-Goog-`, the older `Expires` with a `Signature` (also CloudFront's), and Azure's `se`.
    """
    try:
        query = {name.casefold(): value for name, value in parse_qsl(urlsplit(address).query)}
        return signed_for(query, "x-amz-") or signed_for(query, "x-goog-") or signed_until(query)
    except (ValueError, OverflowError, OSError):
        return None


def signed_for(query: Mapping[str, str], prefix: str) -> datetime | None:
    """A time, and the seconds from then on."""
    if f"{prefix}expires" not in query or f"{prefix}date" not in query:
        return None
    signed = datetime.strptime(query[f"{prefix}date"], SIGNED).replace(tzinfo=UTC)
    return signed + timedelta(seconds=int(query[f"{prefix}expires"]))


def signed_until(query: Mapping[str, str]) -> datetime | None:
    if "expires" in query and "signature" in query:
        return datetime.fromtimestamp(int(query["expires"]), UTC)
    if "se" in query and "sig" in query:
        until = datetime.fromisoformat(query["se"])
        return (until if until.tzinfo else until.replace(tzinfo=UTC)).astimezone(UTC)
    return None
