"""Authentication: a request shows a secret of the org whose host was called, or is signed.

Secrets are shown once and stored as digests. For signatures see `signatures`.
"""

import hmac

import structlog
from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from assistants import signatures
from assistants.conversation import VoiceMessage
from assistants.models import Assistant, Secret
from assistants.models.credentials import MOST_IN_USE
from assistants.signatures import Reason, Signed
from tenants import memory, organizations, tokens
from tenants.organizations import Refused
from tenants.postgresql.statements import Statement

log = structlog.get_logger(__name__)


class SecretAuthentication(BaseAuthentication):
    """`Authorization: Bearer <secret>`, the secret in the vendor's own `header`, or a signature.

    An org accepts what it has stored: secrets, signing keys, or both while it changes over.
    """

    header = ""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, None]:
        token = bearer(request) or request.headers.get(self.header, "").strip()
        reason = reason_to_refuse(request, token)
        if reason and memory.is_used():  # a secret that was written by hand is not remembered yet
            with memory.unused():
                reason = reason_to_refuse(request, token)
        if reason:
            log.warning("request refused", secret="wrong" if token else "none", signature=reason)
            raise AuthenticationFailed("The secret or the signature is missing or wrong.")
        return AnonymousUser(), None

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def reason_to_refuse(request: Request, token: str) -> Reason | None:
    if token and is_secret(token):
        return None
    now = organizations.current().now()
    return signatures.reason_to_refuse(Signed.of(request._request), now=now)


def bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_secret(token: str) -> bool:
    """Whether it is in use in the current org. Compared with each in constant time."""
    shown = tokens.digest(token)
    known = memory.recall("secrets", DIGESTS)
    return sum(hmac.compare_digest(shown, stored) for stored in known) > 0


DIGESTS = Statement(lambda: Secret.objects.in_use().values_list("digest", flat=True))


def issue_secret() -> str:
    """A new secret, in plain text this one time. Raises Refused when two are in use already."""
    if Secret.objects.in_use().count() >= MOST_IN_USE:
        raise Refused("org", "two secrets are in use already; retire the old one first")
    token = tokens.draw()
    Secret.objects.create(digest=tokens.digest(token))
    return token


def is_of_another_assistant(message: VoiceMessage) -> bool:
    """Whether the message names an assistant that is not one of this org's.

    If no id of ours is known yet, every assistant is accepted. If one is, another id is refused,
    whatever secret came with it.
    """
    if not message.assistant:
        return False
    ours = memory.recall("assistants", NAMED)
    if not ours or message.assistant in ours:
        return False
    log.warning("message refused", reason="assistant_mismatch", type=message.type)
    return True


NAMED = Statement(lambda: Assistant.objects.exclude(vapi_id="").values_list("vapi_id", flat=True))
