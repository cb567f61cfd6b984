"""Bodies: JSON in and JSON out, whatever the headers call it."""

import json
import math
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser

LONGEST_NUMBER = 4000  # Python refuses to read one of more than 4,300 digits


class AnyJSONParser(BaseParser):
    """A tunnel may drop the content type, and a byte order mark is no reason to drop a call."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return read(stream.read())
        except (ValueError, RecursionError):
            raise ParseError("The body is not JSON.") from None


def read(body: bytes) -> Any:
    """Raises ValueError or RecursionError.

    A number that could not be written again, as an id has to be, stays the text it was.
    """
    return json.loads(
        body.decode("utf-8-sig"), parse_float=fraction, parse_int=integer, parse_constant=str
    )


def fraction(text: str) -> float | str:
    return float(text) if math.isfinite(float(text)) else text


def integer(text: str) -> int | str:
    return int(text) if len(text) <= LONGEST_NUMBER else text


class AlwaysJSON(DefaultContentNegotiation):
    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
