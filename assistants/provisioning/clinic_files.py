"""Clinic files: the tables of the organization and of its assistant, beside those of bookings."""

from typing import ClassVar

from assistants.models import Assistant
from bookings import clinic_files
from bookings.clinic_files import RowSerializer, TableSerializer, TextField


class OrganizationSerializer(TableSerializer):
    """Read by `onboard_org`, in place of its arguments."""

    name = TextField(required=False)
    domain = TextField(required=False)
    timezone = TextField(required=False)
    phone_region = TextField(required=False)


class AssistantSerializer(RowSerializer[Assistant]):
    class Meta:
        model = Assistant
        fields: ClassVar = [
            "name",
            "personality",
            "first_message",
            "voice_provider",
            "voice_id",
            "language",
            "model_provider",
            "model",
            "temperature",
            "max_tokens",
        ]
        extra_kwargs: ClassVar = {"name": {"required": False}}


class ClinicFile(clinic_files.ClinicFile):
    organization = OrganizationSerializer(required=False)
    assistant = AssistantSerializer(required=False)
