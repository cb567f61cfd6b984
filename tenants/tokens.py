"""Tokens: secrets that are shown once, of which only a digest is stored."""

import hashlib
import secrets


def draw() -> str:
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256, in hexadecimal. A token is of 32 random bytes, so that no salt is needed."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
