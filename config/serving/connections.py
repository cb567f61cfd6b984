"""Connections to clients: the poller does all reading and writing, so no thread waits for one."""

import socket
from concurrent.futures import Future

from gunicorn import http
from gunicorn.config import Config

from config.serving.requests import Incoming

# An IP address and a port, or the path of a socket.
Address = tuple[str, int] | str

PIECE = 256 * 1024


class Outgoing:
    """The socket as gunicorn's threads see it: to write never waits.

    What the client does not take at once is kept for the poller, and closing is left to it.
    """

    def __init__(self, plain: socket.socket) -> None:
        plain.setblocking(False)
        self.plain = plain
        self.pending = bytearray()

    def sendall(self, data: bytes) -> None:
        self.pending += data
        self.flush()

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def flush(self) -> None:
        """Raises OSError when the client is gone."""
        while self.pending:
            try:
                sent = self.plain.send(self.pending)
            except BlockingIOError:
                return
            del self.pending[:sent]

    def fileno(self) -> int:
        return self.plain.fileno()

    def gettimeout(self) -> float:
        return 0.0

    def setblocking(self, flag: bool) -> None:
        """It never blocks."""

    def settimeout(self, seconds: float | None) -> None:
        """It never blocks."""

    def shutdown(self, how: int) -> None:
        """The poller closes."""

    def recv(self, size: int) -> bytes:
        """The poller reads: there is nothing left for a thread."""
        return b""

    def close(self) -> None:
        """The poller closes."""


class Connection:
    """A connection, as `ThreadWorker.handle` of gunicorn takes it instead of gunicorn's own
    `TConn`."""

    initialized = True
    data_ready = True
    is_http2 = False

    def __init__(self, cfg: Config, plain: socket.socket, client: Address, server: Address) -> None:
        self.sock = Outgoing(plain)
        self.client = client
        self.server = server
        # The parser only sees the bytes it is given. They are the whole request.
        self.parser = http.get_parser(cfg, iter(()), client)
        self.incoming = Incoming()
        self.until = 0.0  # when the poller gives up waiting for the client (monotonic)
        self.deadline = 0.0  # when the answer is due (monotonic)
        self.row: int | None = None  # of the request that is answered, in `pending`
        self.is_kept = True  # for another request, after this one
        self.future: Future[bool] | None = None  # the request, handed to the threads

    def init(self) -> None:
        """Called in the thread: hand the request to gunicorn's parser."""
        self.parser.unreader.unread(bytes(self.incoming.received))

    def begin_again(self) -> None:
        """Prepares for the next request, of which bytes may have arrived already."""
        self.incoming = Incoming()
        if rest := self.parser.unreader.take_buffered():
            self.incoming.receive(rest)

    def read(self) -> bytes:
        """Raises BlockingIOError when nothing has come. Empty when the client has ended."""
        return self.sock.plain.recv(PIECE)

    @property
    def kept(self) -> int:
        """Bytes in memory."""
        return len(self.incoming.received) + len(self.sock.pending)
