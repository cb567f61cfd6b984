"""Live parts of a page: sent again only when they have changed. The script is live.js."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse


@dataclass(frozen=True, slots=True)
class Part:
    """`version` is a digest of what is shown, and a part of the address that asks for it again."""

    shown: str
    version: str


def part(request: HttpRequest, template: str, context: Mapping[str, object]) -> Part:
    shown = render_to_string(template, dict(context), request)
    return Part(shown, blake2b(shown.encode(), digest_size=8).hexdigest())


def is_asked_for(request: HttpRequest) -> bool:
    """Whether the part is asked for, and not the page around it."""
    return request.GET.get("part") == "live"


def answer(
    request: HttpRequest, made: Part, template: str, context: Mapping[str, object]
) -> HttpResponse:
    """The part in its frame; 204, with nothing, if it is as it was."""
    if request.GET.get("version") == made.version:
        return HttpResponse(status=204)
    return TemplateResponse(request, template, dict(context))
