"""The last net under a phone call: whatever breaks, there is something to say, in time."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError

from assistants import bodies, speech, vapi
from assistants.calls import answering, underway
from assistants.tools import registry
from tenants import budgets
from tenants.postgresql import deadlines

Handler = Callable[[HttpRequest], HttpResponse]


class SpeakableFaultMiddleware:
    """Bounds the time of `POST /vapi/`, and turns a 5xx of it into an apology with the right ids.

    The faults of a tool are caught where they happen (`calls.answer`); here end those before it:
    the organization cannot be looked up, is suspended, or is half migrated. What only tells of a
    call, and could not be kept, is answered with 503, so that Vapi sends it again (`backoffPlan`).
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not request.path.startswith("/vapi"):
            return self.get_response(request)
        try:
            body = request.body  # kept by Django, so the view can read it again
        except RequestDataTooBig:
            return JsonResponse({"error": "The body is too long."}, status=400)
        except UnreadablePostError:
            return JsonResponse({"error": "The body was cut off."}, status=400)
        with deadlines.after(budgets.REQUEST), arriving(request, body):
            # The server counts from when the request arrived; most of the time may be gone.
            if (deadlines.remaining() or 0) < budgets.LEAST:
                return apology(body)
            response = self.get_response(request)
        return apology(body) if response.status_code >= 500 else response


def arriving(request: HttpRequest, body: bytes) -> AbstractContextManager[None]:
    """Known to this process before anything is asked of the database."""
    try:
        message = vapi.read(bodies.read(body))
    except (ValueError, RecursionError):
        return nullcontext()
    writes = any(registry.writes(one.name) for one in message.requests)
    host = request.META.get("HTTP_HOST", "")
    return underway.arrival(host, message.conversation, writes=writes)


def apology(body: bytes) -> HttpResponse:
    try:
        message = vapi.read(bodies.read(body))
    except (ValueError, RecursionError):
        return JsonResponse({"error": "A body is {“message”: {…}}."}, status=400)
    sentences = [answering.unreachable(request) for request in message.requests]
    if message.type in (vapi.TOOL_CALLS, vapi.FUNCTION_CALL):
        return JsonResponse(vapi.write(message, sentences))
    if message.type in (vapi.ASSISTANT_REQUEST, vapi.TRANSFER_REQUEST) and settings.FALLBACK_NUMBER:
        return JsonResponse(vapi.put_through(settings.FALLBACK_NUMBER, speech.PUTTING_THROUGH))
    if message.type in vapi.WANTED_SPEECH:
        return JsonResponse(vapi.turn_down(speech.NOT_ON_THIS_LINE))
    if message.type in vapi.EVENTS:
        return JsonResponse({"error": "It was not kept. Please send it again."}, status=503)
    return JsonResponse({})
