"""Authentication: the secret of the org whose host was called, or a signature with its key."""

import structlog
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from assistants import credentials, signatures
from assistants.signatures import Signed
from tenants import organizations

log = structlog.get_logger(__name__)


class SecretAuthentication(BaseAuthentication):
    """`Authorization: Bearer <secret>`, the same secret in `X-Vapi-Secret`, or a signature.

    Vapi shows one of them: a credential of its is of one kind. Which an org takes is what it has:
    secrets, signing keys, or for the time of changing over both.
    """

    def authenticate(self, request: Request) -> tuple[AnonymousUser, None]:
        token = bearer(request) or request.headers.get("X-Vapi-Secret", "").strip()
        if token and credentials.is_valid(token):
            return AnonymousUser(), None
        now = organizations.current().now()
        if reason := signatures.reason_to_refuse(Signed.of(request._request), now=now):
            log.warning("request refused", secret="wrong" if token else "none", signature=reason)
            raise AuthenticationFailed("The secret or the signature is missing or wrong.")
        return AnonymousUser(), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
