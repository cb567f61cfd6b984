"""The assistant's door: every message Vapi sends comes in here."""

from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assistants import calls, speech, vapi
from assistants.authentication import SecretAuthentication
from assistants.bodies import AlwaysJSON, AnyJSONParser
from tenants import organizations


class MessageView(APIView):
    """`POST /vapi/`. 401 for a bad secret, 400 for what is no envelope, 200 for all the rest."""

    authentication_classes = [SecretAuthentication]
    parser_classes = [AnyJSONParser]
    content_negotiation_class = AlwaysJSON

    def post(self, request: Request) -> Response:
        try:
            message = vapi.read(request.data)
        except vapi.NotAnEnvelope as error:
            raise ParseError(str(error)) from None
        return Response(reply(message))


def reply(message: vapi.Message) -> dict[str, Any]:
    """An answer to what wants one; to everything else, nothing."""
    if message.type in (vapi.TOOL_CALLS, vapi.FUNCTION_CALL):
        now = organizations.current().now()
        answers = [calls.answer(request, message, now=now) for request in message.requests]
        return vapi.write(message, answers)
    return {"error": speech.NOT_ON_THIS_LINE} if message.type in vapi.WANTED_SPEECH else {}
