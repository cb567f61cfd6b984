"""Calls: HTTP to a clinic's endpoint as Vapi speaks it, with its retries; each is logged."""

import json
import random
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from assistants.provisioning import rehearsal
from assistants.provisioning.rehearsal import WITHHELD, Said
from config.operations.judging import claims
from config.operations.judging.world import ANSWERED, DROPPED, LEFT, SILENT, Exchange
from config.operations.scratch import Line
from tenants import budgets

# As `assistants.provisioning.definitions` tells Vapi: twice more, further and further apart.
RETRIES_AFTER = (1.0, 2.0)
NOTHING: Said = {}


@dataclass(frozen=True)
class Person:
    name: str
    phone: str


@dataclass
class Call:
    """One telephone call. `caller` is the number that proves who it is, "" when withheld."""

    line: Line
    person: Person
    draw: random.Random
    log: Callable[[Exchange], object]
    is_withheld: bool = False
    script: str = ""
    is_at_rest: bool = False
    is_open: bool = False
    id: str = ""
    customer: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.id = str(uuid.UUID(int=self.draw.getrandbits(128)))
        number = {"number": self.person.phone}
        self.customer = self.draw.choice(WITHHELD) if self.is_withheld else number

    @property
    def caller(self) -> str:
        return "" if self.is_withheld else self.person.phone

    def new_id(self) -> str:
        return f"call_{self.draw.getrandbits(64):016x}"

    def ask(self, tool: str, said: Said = NOTHING, *, key: str = "", leave_after: float = 0) -> str:
        """The sentence heard, "" when none was. `key` is the tool call's id; a new one unless said.

        After `leave_after` seconds the connection is dropped, and the same is asked again, as Vapi
        does after a connection that was cut.
        """
        key = key or self.new_id()
        for wait in (0.0, *RETRIES_AFTER):
            time.sleep(wait)
            exchange = self.attempt(tool, key, said, leave_after)
            self.log(exchange)
            leave_after = 0
            if exchange.ended == ANSWERED and exchange.status < 500:
                self.note(exchange)
                return exchange.sentence
        self.is_open = self.is_open or exchange.writes
        return ""

    def note(self, exchange: Exchange) -> None:
        """Records the answer, and whether the call must ask later how the request ended."""
        heard = claims.read(exchange.sentence, now=exchange.now, day=exchange.day)
        if "unknown_end" in heard.kinds:
            self.is_open = True

    def attempt(self, tool: str, key: str, said: Said, leave_after: float) -> Exchange:
        now, sent = self.line.organization.now(), time.monotonic()
        posted = rehearsal.full_tool_call(tool, said, key=key, call=self.id, customer=self.customer)
        status, body, ended = self.send(json.dumps(posted).encode(), leave_after)
        received = time.monotonic()
        sentence, is_well_formed = answer_in(body, key) if ended == ANSWERED else ("", True)
        return Exchange(
            org=self.line.organization.slug,
            call=self.id,
            caller=self.caller,
            id=key,
            tool=tool,
            arguments=dict(said),
            sent=sent,
            received=received,
            now=now,
            sentence=sentence,
            ended=ended,
            status=status,
            is_well_formed=is_well_formed,
            at_rest=self.is_at_rest,
            signalled=self.customer.get("number", ""),
            script=self.script,
        )

    def send(self, body: bytes, leave_after: float) -> tuple[int, bytes, str]:
        """Status, body, and how it ended."""
        parts = urlsplit(self.line.address)
        patience = leave_after or budgets.VENDOR_WAITS
        http = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=patience)
        try:
            http.request("POST", "/vapi/", body, self.line.headers)
            response = http.getresponse()
            return response.status, response.read(), ANSWERED
        except TimeoutError:
            return 0, b"", LEFT if leave_after else SILENT
        except (OSError, HTTPException):
            return 0, b"", DROPPED
        finally:
            http.close()


def answer_in(body: bytes, key: str) -> tuple[str, bool]:
    """The sentence, and whether it came as the contract wants it: one result, under this id."""
    try:
        sentence, identifier = rehearsal.answer_in(body)
    except ValueError:
        return "", False
    return sentence, identifier == key
