"""The last fallback of a phone call: whatever fails, the caller gets a sentence in time."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.urls import Resolver404, resolve

from assistants import parsers, speech
from assistants.calls import answering, underway
from assistants.conversation import EVENTS, WAIT_FOR_WORDS, Kind, Vendor, VoiceMessage
from assistants.tools import registry
from assistants.views import MESSAGE, MessageView
from tenants import budgets, memory
from tenants.postgresql import deadlines

Handler = Callable[[HttpRequest], HttpResponse]


class SpeakableFaultMiddleware:
    """Bounds the time of a vendor's message, and turns a 5xx into an apology with the right ids.

    The faults of a tool are caught where they happen (`calls.answering`); here end those before it:
    the organization cannot be looked up, is suspended, or is half migrated. An update of a call
    that could not be stored is answered with 503, so that the vendor sends it again.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        vendor = vendor_at(request.path_info) if request.method == "POST" else None
        if vendor is None:
            return self.get_response(request)
        try:
            body = request.body  # kept by Django, so the view can read it again
        except RequestDataTooBig:
            return JsonResponse({"error": "The body is too long."}, status=400)
        except UnreadablePostError:
            return JsonResponse({"error": "The body was cut off."}, status=400)
        message = request.META[MESSAGE] = message_in(body, vendor)
        with deadlines.after(budgets.REQUEST), arriving(request, message), memory.allowed():
            # The server counts from when the request arrived; most of the time may be gone.
            if (deadlines.remaining() or 0) < budgets.LEAST:
                return apology(message, vendor)
            response = self.get_response(request)
        return apology(message, vendor) if response.status_code >= 500 else response


def vendor_at(path: str) -> Vendor | None:
    """The vendor whose messages come in at this address of a clinic's host."""
    try:
        view = resolve(path, settings.ROOT_URLCONF).func
    except Resolver404:
        return None
    found: type = getattr(view, "view_class", object)
    return found.vendor if issubclass(found, MessageView) else None


def message_in(body: bytes, vendor: Vendor) -> VoiceMessage | None:
    """None for a body that is not a message of the vendor."""
    try:
        return vendor.read(parsers.read(body))
    except (ValueError, RecursionError):
        return None


def arriving(request: HttpRequest, message: VoiceMessage | None) -> AbstractContextManager[None]:
    """Counts the message in this process before the database is asked anything."""
    if message is None:
        return nullcontext()
    writes = any(registry.writes(one.name) for one in message.requests)
    host = request.META.get("HTTP_HOST", "")
    return underway.arrival(host, message.conversation, writes=writes)


def apology(message: VoiceMessage | None, vendor: Vendor) -> HttpResponse:
    if message is None:
        return JsonResponse({"error": "A body is {“message”: {…}}."}, status=400)
    if message.kind is Kind.TOOLS:
        sentences = [answering.unreachable(request) for request in message.requests]
        return JsonResponse(vendor.answer(message, sentences))
    if message.kind in (Kind.ARRIVAL, Kind.TRANSFER) and settings.FALLBACK_NUMBER:
        number = settings.FALLBACK_NUMBER
        return JsonResponse(vendor.put_through(number, speech.PUTTING_THROUGH))
    if message.kind in WAIT_FOR_WORDS:
        return JsonResponse(vendor.turn_down(speech.NOT_ON_THIS_LINE))
    if message.kind in EVENTS:
        return JsonResponse({"error": "It was not kept. Please send it again."}, status=503)
    return JsonResponse({})
