"""A proxy between the application and PostgreSQL that cuts connections, most at a COMMIT.

It looks for one word only: COMMIT. A COMMIT may be cut before it is passed on, after it
is carried out and before that is answered, or be held up for longer than anybody waits. What has no
COMMIT may be cut before it is passed on: often in the middle of a transaction.
"""

import asyncio
import multiprocessing
import os
import random
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.sharedctypes import SynchronizedArray
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from config.operations.processes import ended_with_us, started

COMMIT = b"COMMIT\x00"
CHUNK = 64 * 1024
HELD_SECONDS = (2.0, 8.0)
CUTS = (
    *("commit cut before", "commit cut after", "commit held up"),
    *("connection cut", "statement cut"),
)
BEFORE, AFTER, HELD, ANY, STATEMENT = range(len(CUTS))


@dataclass(frozen=True)
class Proxy:
    """The proxy: the address to connect to instead of the database, and the cuts that were
    ordered."""

    address: str
    orders: "SynchronizedArray[int]"

    def order(self, name: str) -> None:
        """Cut the next one that passes."""
        with self.orders.get_lock():
            self.orders[CUTS.index(name)] += 1

    def withdraw(self) -> None:
        """Cancels cuts that were ordered and have not happened yet."""
        with self.orders.get_lock():
            self.orders[:] = [0] * len(CUTS)


@contextmanager
def in_front_of(database: str) -> Iterator[Proxy]:
    """Run a proxy in a process of its own, in front of the PostgreSQL at the URL `database`."""
    parts = conninfo_to_dict(database)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    user, name = quote(str(parts.get("user", ""))), quote(str(parts["dbname"]))
    orders = multiprocessing.get_context("fork").Array("i", len(CUTS))
    upstream = f"{parts['host']}/.s.PGSQL.{parts.get('port', 5432)}"

    def work() -> None:
        asyncio.run(Cutter(upstream, orders).serve(listening))

    with started([work]):
        listening.close()
        yield Proxy(f"postgresql://{user}@127.0.0.1:{port}/{name}", orders)


@dataclass
class Cutter:
    """`upstream` is the socket file of the server."""

    upstream: str
    orders: "SynchronizedArray[int]"
    writers: set[StreamWriter] = field(default_factory=set)

    async def serve(self, listening: socket.socket) -> None:
        parent = os.getppid()
        async with await asyncio.start_server(self.handle, sock=listening):
            while not ended_with_us(parent):
                await asyncio.sleep(0.05)
                if self.writers and self.take(ANY):
                    random.choice(list(self.writers)).close()  # noqa: S311

    def take(self, cut: int) -> bool:
        with self.orders.get_lock():
            is_ordered = bool(self.orders[cut] > 0)
            self.orders[cut] -= is_ordered
        return is_ordered

    async def handle(self, client: StreamReader, to_client: StreamWriter) -> None:
        try:
            server, to_server = await asyncio.open_unix_connection(self.upstream)
        except OSError:
            to_client.close()
            return
        link = Link(client, to_client, server, to_server)
        self.writers.add(to_client)
        answers = asyncio.create_task(link.pass_answers())
        try:
            await self.pass_requests(link)
        except OSError:
            pass
        finally:
            self.writers.discard(to_client)
            answers.cancel()
            to_client.close()
            to_server.close()

    async def pass_requests(self, link: "Link") -> None:
        while data := await link.client.read(CHUNK):
            cut = self.next_cut(has_commit=COMMIT in data)
            if cut in (BEFORE, STATEMENT):
                return
            link.is_silent = cut is not None
            if cut == HELD:
                await asyncio.sleep(random.uniform(*HELD_SECONDS))  # noqa: S311
            link.to_server.write(data)
            await link.to_server.drain()
            if cut is not None:
                with suppress(TimeoutError):
                    await asyncio.wait_for(link.answered.wait(), timeout=10)
                return

    def next_cut(self, *, has_commit: bool) -> int | None:
        cuts = (BEFORE, AFTER, HELD) if has_commit else (STATEMENT,)
        return next((cut for cut in cuts if self.take(cut)), None)


@dataclass
class Link:
    """A client and its server. Once `is_silent`, the client hears no more of the answers."""

    client: StreamReader
    to_client: StreamWriter
    server: StreamReader
    to_server: StreamWriter
    is_silent: bool = False
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def pass_answers(self) -> None:
        with suppress(OSError):
            while data := await self.server.read(CHUNK):
                if self.is_silent:
                    self.answered.set()
                else:
                    self.to_client.write(data)
                    await self.to_client.drain()
        if not self.is_silent:
            self.to_client.close()
        self.answered.set()
