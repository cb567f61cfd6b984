"""Mail, where a server for it is set. It is sent beside the request that wants it: how long that
takes, and whether it fails, is not seen from outside."""

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from structlog import get_logger

log = get_logger(__name__)

SENDERS = ThreadPoolExecutor(2, thread_name_prefix="mail")
# Longer than most servers take; a page that says whether it was sent waits no longer.
PATIENCE = 6  # seconds


def is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


def send(subject: str, text: str, *, to: str) -> "Future[bool]":
    """Whether the server takes it."""
    return SENDERS.submit(sent, EmailMessage(subject, text, to=[to]))


def is_taken(sending: "Future[bool]") -> bool:
    """Waits a little. False also if that is not known by then."""
    try:
        return sending.result(PATIENCE)
    except NotYet:
        return False


def sent(message: EmailMessage) -> bool:
    try:
        return bool(message.send())
    except (OSError, SMTPException, ValueError) as error:  # ValueError: a line break in an address
        log.warning("mail not sent", exception=type(error).__name__)
        return False
