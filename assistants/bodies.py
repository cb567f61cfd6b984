"""Bodies: JSON in and JSON out, whatever the headers call it."""

import json
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser


class AnyJSONParser(BaseParser):
    """A tunnel may drop the content type, and a byte order mark is no reason to drop a call."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(stream.read().decode("utf-8-sig"))
        except (ValueError, RecursionError):
            raise ParseError("The body is not JSON.") from None


class AlwaysJSON(DefaultContentNegotiation):
    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
