"""A clinic with one row of everything that staff see."""

import uuid
from datetime import timedelta

from assistants.models import ClinicNumber, Reception, ToolCall, TransferNumber
from bookings.models import (
    Appointment,
    BookingPolicy,
    Callback,
    Closure,
    Feed,
    Opening,
    Patient,
    Practitioner,
    ServiceType,
    WaitlistEntry,
)
from tests.conftest import BEN, MONDAY, at

SAME = uuid.UUID("6f1f6c1e-0000-4000-8000-000000000001")


def put_one_of_everything(mark: str) -> None:
    who, service, start = Practitioner.objects.get(), ServiceType.objects.get(), MONDAY
    patient = Patient.objects.create(id=SAME, name=f"Ben {mark}", phone=BEN)
    booked = {"practitioner": who, "service": service, "patient": patient, "source": "staff"}
    Appointment.objects.create(
        id=SAME, reference="SAME2", start=at("2026-12-03 14:30"), notes=mark, **booked
    )
    Callback.objects.create(name=mark, phone=BEN, reason=mark)
    WaitlistEntry.objects.create(patient=patient, service=service)
    for model in (Closure, Opening):
        model.objects.create(
            practitioner=who, start=start, end=start + timedelta(minutes=1), reason=mark
        )
    Feed.objects.create(practitioner=who, digest=mark, by=mark)
    BookingPolicy.objects.create()
    Reception.objects.create(address=f"{mark} Street", notes=f"Ask for {mark}")
    TransferNumber.objects.create(reason=mark, phone="+14155550101")
    ClinicNumber.objects.create(phone="+14155550199")
    ToolCall.objects.create(conversation="call-1", tool="clinic_info", sentence=f"{mark}.")
