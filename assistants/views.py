"""The assistant's door: every message Vapi sends comes in here."""

from datetime import datetime
from typing import Any, assert_never

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assistants import identity, speech, vapi
from assistants.authentication import SecretAuthentication
from assistants.bodies import AlwaysJSON, AnyJSONParser
from assistants.callers import Caller
from assistants.calls import answering, arrivals, events, signalling
from assistants.calls.arrivals import Arrival, Connected, PutThrough, TurnedAway
from assistants.provisioning import definitions
from assistants.tools import transfer_to_staff
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
    """An answer to what wants one; of the rest, what tells of a call is kept."""
    if message.type not in vapi.HEEDED:
        return {}
    if identity.is_a_strangers(message):
        return refusal(message)
    message = signalling.identified(message)
    now = organizations.current().now()
    match message.type:
        case vapi.TOOL_CALLS | vapi.FUNCTION_CALL:
            return vapi.write(message, answering.answer_all(message, now=now))
        case vapi.ASSISTANT_REQUEST:
            return arrival(arrivals.meet(message.caller, now=now), now=now)
        case vapi.TRANSFER_REQUEST:
            return transfer(message, now=now)
        case vapi.STATUS_UPDATE | vapi.REPORT | vapi.HANG:
            events.record(message, now=now)
        case vapi.CALL_DELETED | vapi.CHAT_DELETED:
            events.erase(message, now=now)
        case _:
            return vapi.turn_down(speech.NOT_ON_THIS_LINE)
    return {}


def refusal(message: vapi.Message) -> dict[str, Any]:
    """Words for whoever is on the line; nothing is looked up and nothing is done."""
    if message.type in (vapi.TOOL_CALLS, vapi.FUNCTION_CALL):
        return vapi.write(message, [speech.WRONG_LINE for _ in message.requests])
    return vapi.turn_down(speech.WRONG_LINE) if message.type in vapi.WANTED_SPEECH else {}


def arrival(met: Arrival, *, now: datetime) -> dict[str, Any]:
    """Who takes the call. One that Vapi does not store is sent whole, for this call alone."""
    match met:
        case Connected(assistant=assistant, first_message=words, variables=variables):
            organization = organizations.current()
            to = assistant.vapi_id or definitions.for_one_call(organization, assistant, now=now)
            return vapi.hand_over(to=to, first_message=words, variables=variables)
        case PutThrough(phone=phone):
            return vapi.put_through(phone, speech.PUTTING_THROUGH)
        case TurnedAway():
            return vapi.turn_down(speech.NOT_ON_THIS_LINE)
        case _:
            assert_never(met)


def transfer(message: vapi.Message, *, now: datetime) -> dict[str, Any]:
    """Where the clinic is open and has a number for it, that number; else why not. The clinic's
    emergency sentence comes first, as in the answers of the tools."""
    caller = Caller(message.caller, message.conversation)
    outcome = transfer_to_staff.put_through(message.wish, caller=caller, now=now)
    sentence = (
        speech.PUTTING_THROUGH if outcome.phone else answering.spoken(outcome, caller, now=now)
    )
    said = answering.alarmed([message.wish, transfer_to_staff.reason_told(caller)], sentence)
    return vapi.put_through(outcome.phone, said) if outcome.phone else vapi.turn_down(said)
