"""Authentication: the bearer secret of the org whose host was called."""

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from assistants import credentials


class SecretAuthentication(BaseAuthentication):
    """`Authorization: Bearer <secret>`, or the same secret in `X-Vapi-Secret`."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, None]:
        token = bearer(request) or request.headers.get("X-Vapi-Secret", "").strip()
        if not token or not credentials.is_valid(token):
            raise AuthenticationFailed("The secret is missing or wrong.")
        return AnonymousUser(), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
