"""Own diary: what the role “Practitioner” sees: the visits of one practitioner, and whose they are.

The rules stand here and nowhere else; `tenants.sight` applies them. Who has the role and belongs to
no practitioner yet, sees nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db.models import Model, Q
from django.http import HttpRequest

from bookings import waitlist
from bookings.availability.slots import Slot
from bookings.desk.answers import Done
from bookings.desk.refusals import ElsewhereThen, NotDone
from bookings.models import (
    Appointment,
    AppointmentChange,
    Closure,
    Feed,
    Opening,
    Patient,
    Practitioner,
    PractitionerAccount,
    Room,
    Schedule,
    ServiceType,
    WaitlistEntry,
)
from bookings.outcomes import AlreadyBooked, Booked, NobodyOffers, OutsideHours, SlotTaken
from tenants import roles, sight
from tenants.roles import Account
from tenants.sites import front_desk

PRACTITIONER = "Practitioner"
roles.roles.add(PRACTITIONER)
roles.narrowing.add(PRACTITIONER)
sight.bound.add(PRACTITIONER)

NOTHING = Q(pk__in=[])
NOBODY = 0  # the key of no practitioner
KEPT = "_own_practitioner"  # where a user keeps what was read
NOT_LINKED = (
    "Your account does not belong to a practitioner yet, so there is nothing to see. A manager"
    " chooses you under Practitioners, at “Accounts”."
)


def own(user: Account) -> int:
    """The key of the practitioner whose diary is the user's; NOBODY if there is none. Read once for
    a user of a request."""
    found: int | None = getattr(user, KEPT, None)
    if found is None:
        rows = PractitionerAccount.objects.filter(user=user.pk)
        found = rows.values_list("practitioner", flat=True).first() or NOBODY
        setattr(user, KEPT, found)
    return found


def only(user: Account) -> int | None:
    """The one practitioner whose diary this user sees, by key; None if they see all."""
    return own(user) if sight.is_bound(user) else None


def obstacle(request: HttpRequest) -> str:
    is_not_linked = sight.is_bound(request.user) and own(request.user) == NOBODY
    return NOT_LINKED if is_not_linked else ""


front_desk.obstacles.append(obstacle)


# --- the rules, each of a practitioner's key


def declare(model: type[Model], rule: Callable[[int], Q]) -> None:
    def of_user(user: Account) -> Q:
        return NOTHING if own(user) == NOBODY else rule(own(user))

    sight.rules[model] = of_user


def patients_of(key: int) -> Q:
    """Who has, or had, a visit with them, whatever became of it."""
    return Q(pk__in=Appointment.objects.filter(practitioner=key).values("patient"))


def waiting_for(key: int) -> Q:
    """Own patients, who wait for this practitioner or for anybody."""
    own_patients = Patient.objects.filter(patients_of(key)).values("pk")
    return Q(patient__in=own_patients) & (Q(practitioner=None) | Q(practitioner=key))


def closing(key: int) -> Q:
    """Their own days off, and those of the whole clinic."""
    return Q(practitioner=key) | Q(practitioner=None, room=None)


declare(Appointment, lambda key: Q(practitioner=key))
declare(AppointmentChange, lambda key: Q(appointment__practitioner=key))
declare(Patient, patients_of)
declare(WaitlistEntry, waiting_for)
declare(Practitioner, lambda key: Q(pk=key))
declare(Schedule, lambda key: Q(practitioner=key))
declare(Opening, lambda key: Q(practitioner=key))
declare(Closure, closing)
declare(Feed, lambda key: Q(practitioner=key))
# What the clinic offers, and where, says nothing about anybody.
declare(ServiceType, lambda key: Q())
declare(Room, lambda key: Q())


# --- what is told beside rows


def times(slots: tuple[Slot, ...], user: Account) -> tuple[Slot, ...]:
    """Those of the practitioners whom the user sees."""
    seen = sight.among({slot.practitioner for slot in slots}, user)
    return tuple(slot for slot in slots if slot.practitioner in seen)


def as_shown(outcome: Done | NotDone, user: Account) -> Done | NotDone:
    """The outcome without times and visits that the user does not see."""
    match outcome:
        case _ if not sight.is_bound(user):
            return outcome
        case SlotTaken(alternatives=found) | OutsideHours(alternatives=found):
            return replace(outcome, alternatives=times(found, user), colleague=None)
        case AlreadyBooked(appointment=other) | Booked(appointment=other, again=True) if (
            not sight.sees(other, user)
        ):
            return ElsewhereThen()
        case NobodyOffers():
            return replace(outcome, practitioners=())
        case AlreadyBooked(alternatives=found):
            return replace(outcome, alternatives=times(found, user))
        case _:
            return outcome


def given_back(user: Account, *, now: datetime) -> dict[int, Slot]:
    """The freed time of each entry on the waitlist, by its key; of those that the user sees."""
    freed = waitlist.given_back(now=now)
    if not sight.is_bound(user):
        return freed
    entries = sight.visible(WaitlistEntry.objects.filter(pk__in=freed), user)
    keys = set(entries.values_list("pk", flat=True))
    seen = times(tuple(freed.values()), user)
    return {key: slot for key, slot in freed.items() if key in keys and slot in seen}


def wanting(appointment: Appointment, user: Account, *, now: datetime) -> list[waitlist.Match]:
    """Who waits for a time that this visit freed, of those whom the user sees."""
    found = waitlist.wanting(appointment, now=now)
    seen = sight.among({match.entry for match in found}, user)
    return [match for match in found if match.entry in seen]
