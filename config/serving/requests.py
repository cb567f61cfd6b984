"""Incoming requests: collected until they are complete, so that no thread waits for a client."""

import h11
from django.conf import settings

LONGEST_HEAD = 128 * 1024
LONGEST_BODY = 11 * 1024 * 1024  # more than Django takes, so that Django refuses


class Incoming:
    """The bytes of one request. `received` may also hold the beginning of the next one."""

    def __init__(self) -> None:
        self.received = bytearray()
        self.head: h11.Request | None = None
        self.is_whole = False
        self.is_too_long = False
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST_HEAD)

    def receive(self, data: bytes) -> None:
        """What is not HTTP counts as complete: gunicorn then answers with the error."""
        self.keep(data)
        try:
            self._http.receive_data(data)
            self.read_on()
        except h11.RemoteProtocolError:
            self.is_whole = True

    def keep(self, data: bytes) -> None:
        """A body that is too long is read to its end and thrown away."""
        self.received += data
        if len(self.received) > LONGEST_HEAD + LONGEST_BODY:
            self.is_too_long = True
        if self.is_too_long:
            self.received.clear()

    def read_on(self) -> None:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                return
            if isinstance(event, h11.Request):
                self.head = event
            elif not isinstance(event, h11.Data):
                self.is_whole = True
                return

    @property
    def wants_continue(self) -> bool:
        """The client waits to be told that its body is welcome (RFC 9110, section 10.1.1)."""
        return not self.is_whole and self._http.they_are_waiting_for_100_continue

    @property
    def path(self) -> str:
        """The path without the query; "" if it could not be read."""
        return self.head.target.decode("latin-1").partition("?")[0] if self.head else ""

    @property
    def is_call(self) -> bool:
        """A caller on the telephone waits for the answer."""
        return bool(
            self.head
            and self.head.method == b"POST"
            and self.path.startswith(settings.VENDOR_PATHS)
        )

    @property
    def is_health(self) -> bool:
        return self.path.rstrip("/") == "/health"
