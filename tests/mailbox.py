"""A mail server of the test's own, to which mail goes by SMTP as it does to any other."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from django.conf import LazySettings

from tests.conftest import free_port, wait_until


class Mailbox:
    """What the server took; what is for a user of `refuses` it does not take."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses: set[str] = set()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuses & set(envelope.rcpt_tos):
            return "554 no"
        self.taken.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def one(self, number: int = 1) -> str:
        """The text of the last of `number` messages, once they have come."""
        wait_until(lambda: len(self.taken) >= number)
        assert len(self.taken) == number
        return str(self.taken[-1].get_content())


@contextmanager
def mailbox(settings: LazySettings) -> Iterator[Mailbox]:
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    handler = Mailbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    use(settings, controller.port)
    yield handler
    controller.stop()


def use(settings: LazySettings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "desk@clinics.example"
