"""People: which patient it is about, when that is not clear."""

from typing import assert_never

from assistants.outcomes import NothingFound, NotProven, PersonOutcome, WhoseAppointment
from assistants.speech.wording import is_sayable
from bookings.models import Patient
from bookings.outcomes import AlikePatient, WhichPatient


def say(outcome: PersonOutcome) -> str:
    """The sentence when it is not clear whom the request is about."""
    match outcome:
        case WhichPatient():
            return (
                "I have more than one patient with that name and number."
                " What is the patient's date of birth?"
            )
        case AlikePatient(patient=patient):
            return alike(patient)
        case WhoseAppointment():
            return "Whose appointment is it? Please tell me the patient's name."
        case NothingFound() | NotProven():
            return (
                "I can't find an upcoming appointment with those details. Could you tell me the"
                " reference and the patient's date of birth, or shall the clinic call you back?"
            )
        case _:
            assert_never(outcome)


def alike(patient: Patient) -> str:
    """The name on record is told only to a call from its own number, and only if it can be said."""
    if patient.is_verified and is_sayable(patient.name):
        return f"I have {patient.name} at this number. Is the visit for them, or for somebody else?"
    return (
        "I have somebody of nearly that name already. Is the visit for somebody else? If it is for"
        " them, please say the name as it was given before."
    )
