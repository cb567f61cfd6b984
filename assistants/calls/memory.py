"""Memory: what a record keeps of an answer beside its sentence (`ToolCall.memory`)."""

from typing import TypedDict


class Memory(TypedDict, total=False):
    """No value of these is what a caller said, but for `reference`, which is counted as a guess."""

    # The row that the answer names, as it was then: keys of rows, and instants in ISO 8601, UTC.
    appointment: str
    status: str
    start: str
    practitioner: int
    service: int
    callback: int
    entry: int
    wants: str
    # The caller's visits that were listed, in that order.
    visits: list[str]
    # The days among which the caller was asked to choose, in that order, in ISO 8601.
    days: list[str]
    # The times that were offered, in that order, each with the key of its practitioner.
    offered: list[tuple[str, int]]
    # A question: what it is about, `before` how often that was asked, and the arguments it is of.
    asked: list[str]
    subject: str
    before: int
    problems: list[str]
    # The key of the request.
    request: str | None
    # An e-mail address was read back.
    read_back: bool
    # A birthday was said for it, and was wrong.
    reference: str
