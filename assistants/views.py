"""Views: the addresses that voice vendors post their messages to."""

from datetime import datetime
from typing import ClassVar, assert_never

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assistants import authentication, speech, vapi
from assistants.authentication import SecretAuthentication
from assistants.calls import answering, arrivals, events, signalling
from assistants.calls.arrivals import Arrival, Connected, PutThrough, TurnedAway
from assistants.conversation import (
    JSON,
    WAIT_FOR_WORDS,
    Caller,
    Kind,
    NotAMessage,
    Rendered,
    Vendor,
    VoiceMessage,
)
from assistants.parsers import AlwaysJSON, AnyJSONParser
from assistants.provisioning import definitions
from assistants.tools import transfer_to_staff
from assistants.vapi import openapi
from tenants import organizations

# Under this name a request has its message, where a middleware has read it.
MESSAGE = "assistants.message"


class MessageView(APIView):
    """A vendor's messages, each answered in its own words.

    401 for a wrong secret, 400 for a body that is not a message, 200 for everything else.
    """

    vendor: ClassVar[Vendor]
    authentication_classes = [SecretAuthentication]
    parser_classes = [AnyJSONParser]
    content_negotiation_class = AlwaysJSON

    def post(self, request: Request) -> Response:
        return Response(self.reply(request.META.get(MESSAGE) or self.read(request)))

    def read(self, request: Request) -> VoiceMessage:
        try:
            return self.vendor.read(request.data)
        except NotAMessage as error:
            raise ParseError(str(error)) from None

    def reply(self, message: VoiceMessage) -> Rendered:
        """Answers messages that need an answer, and stores updates of calls."""
        if message.kind is Kind.OTHER:
            return {}
        if authentication.is_of_another_assistant(message):
            return self.refusal(message)
        message = signalling.identified(message)
        now = organizations.current().now()
        match message.kind:
            case Kind.TOOLS:
                return self.vendor.answer(message, answering.answer_all(message, now=now))
            case Kind.ARRIVAL:
                return self.arrival(arrivals.meet(message.caller, now=now), now=now)
            case Kind.TRANSFER:
                return self.transfer(message, now=now)
            case Kind.UPDATE:
                events.record(message, now=now)
            case Kind.DELETION:
                events.erase(message, now=now)
            case Kind.HANDOFF:
                return self.vendor.turn_down(speech.NOT_ON_THIS_LINE)
        return {}

    def refusal(self, message: VoiceMessage) -> Rendered:
        """A sentence for the caller; nothing is looked up and nothing is done."""
        if message.kind is Kind.TOOLS:
            return self.vendor.answer(message, [speech.WRONG_LINE for _ in message.requests])
        is_heard = message.kind in WAIT_FOR_WORDS
        return self.vendor.turn_down(speech.WRONG_LINE) if is_heard else {}

    def arrival(self, met: Arrival, *, now: datetime) -> Rendered:
        """The answer to Vapi's question who takes the call."""
        match met:
            case Connected():
                return self.connect(met, now=now)
            case PutThrough(phone=phone):
                return self.vendor.put_through(phone, speech.PUTTING_THROUGH)
            case TurnedAway():
                return self.vendor.turn_down(speech.NOT_ON_THIS_LINE)
            case _:
                assert_never(met)

    def connect(self, met: Connected, *, now: datetime) -> Rendered:
        """The assistant takes the call, where the vendor asks which one does."""
        return self.vendor.turn_down(speech.NOT_ON_THIS_LINE)

    def transfer(self, message: VoiceMessage, *, now: datetime) -> Rendered:
        """The number for the reason while the clinic is open; else why the caller cannot be put
        through. The clinic's emergency sentence comes first, as in the answers of the tools."""
        caller = Caller(message.caller, message.conversation)
        outcome = transfer_to_staff.put_through(message.wish, caller=caller, now=now)
        said: JSON = [message.wish, transfer_to_staff.reason_told(caller)]
        if outcome.phone:
            sentence = answering.alarmed(said, speech.PUTTING_THROUGH)
            return self.vendor.put_through(outcome.phone, sentence)
        sentence = answering.spoken(outcome, caller, now=now)
        return self.vendor.turn_down(answering.alarmed(said, sentence))


class VapiAuthentication(SecretAuthentication):
    header = vapi.HEADER


class VapiView(MessageView):
    """`POST /vapi/`."""

    vendor: ClassVar[Vendor] = vapi
    describe = staticmethod(openapi.describe)
    authentication_classes = [VapiAuthentication]

    def connect(self, met: Connected, *, now: datetime) -> Rendered:
        """An assistant that Vapi does not store is sent whole, for this call alone."""
        here, row = organizations.current(), met.assistant
        to = row.vapi_id or definitions.for_one_call(here, row, now=now)
        return vapi.hand_over(to=to, first_message=met.first_message, variables=met.variables)
