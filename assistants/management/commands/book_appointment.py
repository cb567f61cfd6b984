import json
from datetime import tzinfo

from django.core.management.base import CommandParser

from assistants import speech
from assistants.conversation import JSON, Caller, JSONObject, ToolRequest
from assistants.outcomes import ToolOutcome, Unclear
from assistants.tools import running
from assistants.tools.book_appointment import BookAppointmentSerializer
from bookings.availability.slots import Slot, zone_of
from bookings.outcomes import Booked, OutsideHours, SlotTaken
from tenants import organizations
from tenants.commands import Command as BaseCommand
from tenants.organizations import Refused

# Options whose names are shorter than the tool's argument. The others have its name.
SHORT = {"patient_name": "--name", "patient_phone": "--phone", "patient_email": "--email"}


class Command(BaseCommand):
    help = "Book without HTTP, as an assistant would: the direct check of the booking path."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("org", help="the organization's slug")
        parser.add_argument("--name", dest="patient_name", required=True, help="the patient's name")
        parser.add_argument(
            "--phone",
            dest="patient_phone",
            required=True,
            help="in any format of the org's country",
        )
        parser.add_argument("--service", required=True, help="by name, or what callers say for it")
        parser.add_argument("--start", required=True, help="2026-12-03T14:30, or as it is spoken")
        parser.add_argument("--practitioner", default="", help="by name; anyone when left out")
        parser.add_argument("--email", dest="patient_email", default="")
        parser.add_argument("--date-of-birth", default="")

    def handle(self, *, org: str, **options: str) -> str:
        organization = organizations.migrated(org)
        if not organization.is_active:
            raise Refused("org", f"“{organization.slug}” is suspended")
        names = BookAppointmentSerializer.text_fields().keys() & options.keys()
        arguments: JSONObject = {name: options[name] for name in names}
        request = ToolRequest(id="command", name="book_appointment", arguments=arguments, key=None)
        with organizations.within(organization):
            now = organization.now()
            nobody = Caller("", "")
            outcome = running.run(request, caller=nobody, now=now, is_capped=False).outcome
            if isinstance(outcome, Unclear):
                raise Refused(option_of(outcome), speech.say(outcome, now=now))
            answer = described(outcome, zone=zone_of(now), sentence=speech.say(outcome, now=now))
        return json.dumps(answer)


def option_of(outcome: Unclear) -> str:
    """The option the question is about: what was misunderstood comes before what was not said."""
    first = min(outcome.problems, key=lambda name: outcome.problems[name] == "required")
    said = {"date": "start", "time": "start", "day": "start"}.get(first, first)
    return SHORT.get(said, f"--{said.replace('_', '-')}")


def described(outcome: ToolOutcome, *, zone: tzinfo, sentence: str) -> JSONObject:
    match outcome:
        case Booked(appointment=appointment):
            return {
                "success": True,
                "appointmentId": str(appointment.id),
                "reference": appointment.reference,
                "start": appointment.start.astimezone(zone).isoformat(),
                "practitioner": str(appointment.practitioner),
            }
        case SlotTaken(alternatives=found) | OutsideHours(alternatives=found):
            slots: list[JSON] = [alternative(slot, zone) for slot in found]
            return {"success": False, "error": "slot_unavailable", "alternatives": slots}
        case _:
            return {"success": False, "error": code_of(outcome), "message": sentence}


def alternative(slot: Slot, zone: tzinfo) -> dict[str, JSON]:
    return {
        "start": slot.start.astimezone(zone).isoformat(),
        "practitioner": str(slot.practitioner),
    }


def code_of(outcome: ToolOutcome) -> str:
    """SlotPassed → slot_passed."""
    name = type(outcome).__name__
    return "".join(f"_{ch.lower()}" if ch.isupper() else ch for ch in name).lstrip("_")
