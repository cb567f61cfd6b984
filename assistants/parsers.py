"""Parsers: a body is read as JSON and answered in JSON, whatever its content type says."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import IO

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from assistants.conversation import JSON

LONGEST_NUMBER = 4000  # Python refuses to read one of more than 4,300 digits


class AnyJSONParser(BaseParser):
    """A tunnel may drop the content type, and a byte order mark is no reason to drop a call."""

    media_type = "*/*"

    def parse(  # type: ignore[override]  # a body may be any JSON, and not only an object
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, object] | None = None,
    ) -> JSON:
        try:
            return read(stream.read())
        except (ValueError, RecursionError):
            raise ParseError("The body is not JSON.") from None


def read(body: bytes) -> JSON:
    """Raises ValueError or RecursionError.

    A number that Python cannot write back unchanged stays text: an id is returned as it came.
    """
    value: JSON = json.loads(
        body.decode("utf-8-sig"), parse_float=fraction, parse_int=integer, parse_constant=str
    )
    return value


def fraction(text: str) -> float | str:
    return float(text) if math.isfinite(float(text)) else text


def integer(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text


class AlwaysJSON(DefaultContentNegotiation):
    def select_renderer(
        self,
        request: Request,
        renderers: Iterable[BaseRenderer],
        format_suffix: str | None = None,
    ) -> tuple[BaseRenderer, str]:
        [first, *_] = renderers
        return first, first.media_type
