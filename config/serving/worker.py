"""The worker: gunicorn's own with threads, which never wait for a client.

Connections are polled. A request is handed to a thread when all of it has arrived, and its time
runs from then on, also while it waits for a thread. A request that can no longer be answered in
time gets an apology at once, without waiting in the queue. Callers, the front desk's pages and
`/health` have threads of their own: none of them waits behind the others.
"""

import contextlib
import errno
import selectors
import socket
import statistics
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from gunicorn.http.message import Request
from gunicorn.workers.gthread import ThreadWorker

from assistants.calls import pending
from config.serving.connections import Connection
from tenants import budgets
from tenants.postgresql import deadlines

TICK = 0.2  # seconds between two looks at who is late
LEAST_KNOWN = 10  # requests, to tell how long the next ones will take
MOST_KEPT = 128 * 1024 * 1024  # bytes of all who are slow, in a worker
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_LATE = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
TOO_LONG = (
    b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/json\r\n"
    b'Content-Length: 35\r\n\r\n{"error": "The body is too long."}\n'
)

Callback = Callable[[Connection], None]


class Worker(ThreadWorker):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.polled: dict[Connection, None] = {}  # who is waited for, the oldest first
        self.queued: dict[Connection, None] = {}  # callers who wait for a thread
        self.spent: deque[float] = deque(maxlen=50)  # seconds the last of them took
        self.looked = 0.0
        self.part = pending.take_part()  # before the fork

    def init_process(self) -> None:
        pending.use_part(self.part)
        self.desk = ThreadPoolExecutor(self.cfg.threads, thread_name_prefix="desk")
        self.health = ThreadPoolExecutor(8, thread_name_prefix="health")
        self.late = ThreadPoolExecutor(2, thread_name_prefix="late")
        super().init_process()

    def run(self) -> None:
        super().run()
        for threads in (self.desk, self.health, self.late):
            threads.shutdown(wait=False)

    # --- the poller: nothing here waits

    def accept(self, listener: socket.socket) -> None:
        """If there are too many connections, the one that has been idle longest is dropped."""
        try:
            plain, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self.drop_oldest()
            return  # else it is gone again, or another worker has it
        self.nr_conns += 1
        connection = Connection(self.cfg, plain, client, listener.getsockname())
        self.poll(connection, selectors.EVENT_READ, self.receive, seconds=budgets.HEAD)
        if self.nr_conns >= self.worker_connections:
            self.drop_oldest()

    def poll(self, connection: Connection, event: int, callback: Callback, seconds: float) -> None:
        """Have `callback` called when the client is ready, or let it go after `seconds`."""
        connection.until = time.monotonic() + seconds
        self.polled[connection] = None
        self.poller.register(connection.sock, event, partial(self.called, callback, connection))

    def called(self, callback: Callback, connection: Connection, _: object) -> None:
        """An error of one client must not affect others."""
        if connection not in self.polled:
            return  # dropped a moment ago
        try:
            callback(connection)
        except BlockingIOError:
            return
        except OSError:
            self.drop(connection)

    def unpoll(self, connection: Connection) -> None:
        del self.polled[connection]
        self.poller.unregister(connection.sock)

    def drop(self, connection: Connection) -> None:
        if connection in self.polled:
            self.unpoll(connection)
        self.nr_conns -= 1
        connection.sock.plain.close()

    def drop_oldest(self) -> None:
        if self.polled:
            self.drop(next(iter(self.polled)))

    def receive(self, connection: Connection) -> None:
        incoming = connection.incoming
        was_begun, had_head = bool(incoming.received), bool(incoming.head)
        data = connection.read()
        if not data:
            self.drop(connection)
            return
        incoming.receive(data)
        if incoming.is_whole:
            self.unpoll(connection)
            self.enqueue_req(connection)
        elif incoming.head and not had_head:
            self.expect_body(connection)
        elif not (had_head or was_begun):
            connection.until = time.monotonic() + budgets.HEAD

    def expect_body(self, connection: Connection) -> None:
        connection.until = time.monotonic() + budgets.BODY
        if connection.incoming.wants_continue:
            connection.sock.sendall(CONTINUE)

    def flush(self, connection: Connection) -> None:
        connection.sock.flush()
        if not connection.sock.pending:
            self.unpoll(connection)
            self.answered(connection)

    def drain(self, connection: Connection) -> None:
        """Until the client closes too: to close before would cut off the answer (RFC 9112, 9.6)."""
        if not connection.read():
            self.drop(connection)

    # --- to a thread and back

    def enqueue_req(self, connection: Connection) -> None:
        """Its time begins. A caller who would wait too long in the queue is told so at once."""
        incoming, now = connection.incoming, time.monotonic()
        if incoming.is_too_long:
            self.refuse(connection, TOO_LONG)
            return
        connection.deadline = now + (budgets.REQUEST if incoming.is_call else budgets.DESK)
        connection.row = pending.arrive() if incoming.is_call else None
        if incoming.is_health:
            self.submit(self.health, connection)
        elif not incoming.is_call:
            self.submit(self.desk, connection)
        elif self.seconds_in_queue() > budgets.REQUEST - budgets.LEAST:
            connection.deadline = now
            self.submit(self.late, connection)
        else:
            self.queued[connection] = None
            connection.future = self.submit(self.tpool, connection)

    def seconds_in_queue(self) -> float:
        """How long the next one will wait, if all before it are as quick as a quarter of the last.

        We estimate low: a caller who is refused wrongly loses a booking, while one who waits too
        long gets the apology anyway.
        """
        if len(self.spent) < LEAST_KNOWN:
            return 0.0
        quick, *_ = statistics.quantiles(self.spent, n=4)
        return len(self.queued) / int(self.cfg.threads) * quick

    def submit(self, threads: ThreadPoolExecutor, connection: Connection) -> "Future[bool]":
        future = threads.submit(self.handle, connection)
        future.add_done_callback(
            lambda done: self.method_queue.defer(self.finish_request, connection, done)
        )
        return future

    def handle(self, connection: Connection) -> bool:
        """Called in a thread. The database may take the time that is left of the request's."""
        was_queued, began = connection in self.queued, time.monotonic()
        self.queued.pop(connection, None)
        with deadlines.at(connection.deadline), pending.answering(connection.row):
            keep = bool(super().handle(connection))
        if was_queued:
            self.spent.append(time.monotonic() - began)
        return keep

    def handle_request(self, request: Request, connection: Connection) -> bool:
        request._expected_100_continue = False  # the poller has sent 100 Continue
        return bool(super().handle_request(request, connection))

    def finish_request(self, connection: Connection, done: "Future[bool]") -> None:
        """The poller sends what the client has not received yet."""
        if done.cancelled():
            return  # `overtake` cancelled it, and `late` answers it
        connection.is_kept = done.exception() is None and done.result()
        if connection.sock.pending:
            self.poll(connection, selectors.EVENT_WRITE, self.flush, seconds=budgets.ANSWER)
        else:
            self.answered(connection)

    def answered(self, connection: Connection) -> None:
        if not connection.is_kept:
            self.close_slowly(connection)
            return
        connection.begin_again()
        if connection.incoming.is_whole:
            self.enqueue_req(connection)
            return
        idle = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, budgets.CLOSING)
        seconds = budgets.HEAD if connection.incoming.received else idle
        self.poll(connection, selectors.EVENT_READ, self.receive, seconds=seconds)

    def close_slowly(self, connection: Connection) -> None:
        with contextlib.suppress(OSError):
            connection.sock.plain.shutdown(socket.SHUT_WR)
        self.poll(connection, selectors.EVENT_READ, self.drain, seconds=budgets.CLOSING)

    def refuse(self, connection: Connection, answer: bytes) -> None:
        """Send `answer` and close, without using a thread."""
        connection.is_kept = False
        with contextlib.suppress(OSError):
            connection.sock.sendall(answer)
        self.close_slowly(connection)

    # --- who is late, looked at by gunicorn's loop

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, TICK))

    def murder_keepalived(self, force: bool = False) -> None:
        now = time.monotonic()
        if not force and now < self.looked + TICK:
            return
        self.looked = now
        for connection in [one for one in self.polled if force or one.until <= now]:
            self.give_up(connection)
        for connection in list(self.queued):
            if connection.deadline - budgets.LEAST <= now:
                self.overtake(connection)
        self.spare_memory()

    def give_up(self, connection: Connection) -> None:
        """A client that has sent a part of a request gets 408."""
        if connection.incoming.received and not connection.incoming.is_whole:
            with contextlib.suppress(OSError):
                connection.sock.sendall(TOO_LATE)
        self.drop(connection)

    def overtake(self, connection: Connection) -> None:
        """Answers a queued request at once, unless a thread has just started it."""
        if connection.future and connection.future.cancel():
            self.queued.pop(connection, None)
            self.submit(self.late, connection)

    def spare_memory(self) -> None:
        kept = sum(connection.kept for connection in self.polled)
        while kept > MOST_KEPT:
            largest = max(self.polled, key=lambda connection: connection.kept)
            kept -= largest.kept
            self.drop(largest)

    def _cap_keepalive(self, deadline: float) -> None:
        """A stopping worker does not wait long for the next request of an idle connection."""
        for connection in self.polled:
            if not connection.incoming.received:
                connection.until = min(connection.until, deadline)
