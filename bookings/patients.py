"""Patients: recognised among those of the caller, or registered.

A caller without a proof learns nothing of a known patient, and changes nothing of the record: they
get a record of their own, which they claim, and which staff look at.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db.models import Q

from bookings import appointments, diaries, names
from bookings.appointments import writes_diary
from bookings.models import (
    Appointment,
    Patient,
    PatientQuerySet,
    Practitioner,
    ServiceType,
    name_key,
)
from bookings.outcomes import AlikePatient, Busy, WhichPatient
from tenants.postgresql import statements
from tenants.postgresql.statements import Bound, Given, Statement, Value, together

# A namesake at the same telephone is a parent or a child, so much older or younger. If two
# birthdays are closer than this, they are one person's, and one is a correction.
GENERATION = timedelta(days=365 * 12)
Detail = str | date | None


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of the caller, and what they say of the patient.

    `proven` is the number signalled (E.164), "" when it was withheld; `call` is the call's id, at
    most 200 characters.
    `phone` is E.164, the one said or else `proven`. `is_another` looks whether the caller was asked
    if it is a patient with a similar name, and said no.
    """

    proven: str
    call: str
    name: str
    phone: str
    date_of_birth: date | None = None
    email: str = ""
    is_another: Callable[[], bool] = lambda: False

    @property
    def other_phone(self) -> str:
        """A number that was said and is not the one proven, or ""."""
        return "" if self.phone == self.proven else self.phone


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a visit at `start`, or, if that is None, a place on the waitlist."""

    service: ServiceType
    start: datetime | None = None
    practitioner: Practitioner | None = None

    def is_had_by(self, patient: Patient) -> bool:
        if self.start is None:
            return patient.waiting.open().filter(service=self.service).exists()
        visit = appointments.same_visits(patient.pk, self.service, self.start).first()
        return visit is not None and self.practitioner in (None, visit.practitioner)


def of_caller(*, proven: str | Given, call: str | Given) -> PatientQuerySet:
    """The patients this caller may hear of: the verified ones of the proven number, and those that
    the caller claimed. For a withheld number, those claimed in this call."""
    if proven:
        return Patient.objects.reached_at(proven).verified() | Patient.objects.filter(
            claimed_by=proven
        )
    return Patient.objects.filter(claimed_by=call).exclude(claimed_by="")


def known_to(*, proven: str, call: str) -> list[Patient]:
    """As `of_caller`, the ones that were registered first before the others."""
    [rows] = together(known(proven=proven, call=call))
    return rows


def known(*, proven: str, call: str) -> Bound[Patient]:
    return OF_NUMBER.bound(number=proven) if proven else OF_CALL.bound(call=call)


OF_NUMBER = Statement(lambda: of_caller(proven=Given("number"), call="").order_by("created", "pk"))
OF_CALL = Statement(lambda: of_caller(proven="", call=Given("call")).order_by("created", "pk"))


def recognise(
    said: Details, *, wish: Wish, now: datetime
) -> Patient | WhichPatient | AlikePatient | Busy:
    """The caller's patient of this name. One who is new has no row yet: `lock` inserts it.

    A family shares a phone, so a name is needed. A father and a son may share both, so a date of
    birth decides if one is said. A name that is only similar to a known one is a correction, if
    this call has just asked for the same thing under the known one; otherwise it is asked about,
    once. So is a name that may be misheard for that of a patient who has this very visit. No known
    record is changed here: see `learn`.

    The calls of one telephone take turns here until their transactions end. Otherwise two at the
    same moment, with a slip in the name, would register two patients.
    """
    own = own_in_turn(said)
    if isinstance(own, Busy):
        return own
    named = [row for row in own if is_named(row, said.name)]
    for rows in ([row for row in named if row.is_verified], named):
        found = of_that_birthday(rows, said, wish)
        if len(found) > 1:
            return WhichPatient(said.name)
        if found:
            return found[0]
    alike = most_alike(own, said, wish)
    like = alike or misheard(own, said, wish)
    if like is None or not said.call or said.is_another():
        return new(said, like=like, now=now)
    return alike if alike and asks_the_same(alike, said, wish) else AlikePatient(like)


def recognise_and_lock(
    said: Details, *, wish: Wish, now: datetime
) -> Patient | WhichPatient | AlikePatient | Busy:
    """As `recognise`; the patient is locked, and registered if new. If it became somebody else's
    meanwhile, it is recognised again."""
    for _ in range(2):
        patient = recognise(said, wish=wish, now=now)
        if not isinstance(patient, Patient):
            return patient
        is_new = patient.is_new
        if patient.lock():
            if is_new:
                compare(patient)
            return patient
    return Busy(is_another=True)


@writes_diary
def own_in_turn(said: Details) -> list[Patient]:
    """The caller's patients, those that were registered first before the others. Waits for the
    other calls of the number. Call it before any diary is locked: the order of locks is telephone,
    then diaries."""
    if not said.proven:
        return known_to(proven="", call=said.call)
    [[[has_turn]], rows] = together(*known_in_turn(proven=said.proven, call=said.call))
    if not has_turn:
        statements.here().forget_ahead()  # the one at it may change what else was asked
        _, rows = together(take_turn(said.proven), OF_NUMBER.bound(number=said.proven))
    return rows


def known_in_turn(*, proven: str, call: str) -> list[Bound[Value]]:
    """Whether no other call of the number is at it, which then waits; and the caller's patients."""
    turn = [statements.try_turn(of_telephone(proven))] if proven else []
    return [*turn, known(proven=proven, call=call)]


def take_turn(telephone: str) -> Bound[Value]:
    return statements.turn(of_telephone(telephone))


def of_telephone(number: str) -> int:
    return diaries.lock_named("telephone", number)


def asks_the_same(like: Patient, said: Details, wish: Wish) -> bool:
    """Whether it repeats the request for `like`, with the name corrected or made shorter."""
    is_a_correction = like.may_be_corrected("name", said.call)
    return (is_a_correction or names.contains(like.name, said.name)) and wish.is_had_by(like)


def is_named(patient: Patient, name: str) -> bool:
    return any(names.are_same(known, name) for known in patient.names)


def of_that_birthday(known: Sequence[Patient], said: Details, wish: Wish) -> list[Patient]:
    """The patients whom the birthday fits. If it fits none, those without a known birthday."""
    if said.date_of_birth is None:
        return list(known)
    exact = [row for row in known if row.date_of_birth == said.date_of_birth]
    corrected = [row for row in known if has_it_corrected(row, said, wish)]
    return exact or corrected or [row for row in known if row.date_of_birth is None]


def has_it_corrected(patient: Patient, said: Details, wish: Wish) -> bool:
    """Whether the birthday said now corrects the patient's known one.

    A birthday that this call gave may be corrected. Another one stays, but a difference does not
    allow a second visit at the same time.
    """
    known, now_said = patient.date_of_birth, said.date_of_birth
    if not (known and now_said):
        return False
    is_near, has_it = abs(known - now_said) < GENERATION, wish.is_had_by(patient)
    if patient.may_be_corrected("date_of_birth", said.call):
        return is_near or has_it
    return is_near and has_it


def most_alike(own: Iterable[Patient], said: Details, wish: Wish) -> Patient | None:
    """The caller's patient with the name most similar to the one said, if one is similar enough. A
    patient with another birthday is another person."""
    alike = {
        name: row
        for row in own
        for name in row.names
        if names.are_alike(name, said.name) and of_that_birthday([row], said, wish)
    }
    return alike[names.closest(said.name, list(alike))] if alike else None


def misheard(own: Iterable[Patient], said: Details, wish: Wish) -> Patient | None:
    """A patient of the caller's who has the visit asked for, and whose name may be misheard. For
    the waitlist nobody is asked: a duplicate entry there takes no time from anybody."""
    if wish.start is None:
        return None
    return next(
        (
            row
            for row in own
            if any(names.may_be_misheard(name, said.name) for name in row.names)
            and of_that_birthday([row], said, wish)
            and wish.is_had_by(row)
        ),
        None,
    )


def new(said: Details, *, like: Patient | None, now: datetime) -> Patient:
    """A new patient: verified at the caller's own number, or claimed, if another number was said.
    `like` is a patient that staff may want to compare."""
    return Patient(
        name=said.name,
        name_key=name_key(said.name),
        phone=said.phone,
        date_of_birth=said.date_of_birth,
        birthday_proves=not said.other_phone,
        email=said.email,
        claimed_by=claimant(said),
        may_be=like,
        given_in=said.call,
        given=list(Patient.FROM_CALLERS),
        created=now,
    )


def claimant(said: Details) -> str:
    """The number or the call that claims a new patient; "" if the number is proven. A call without
    an id gets a record that no later call can reach."""
    if not said.other_phone:
        return ""
    return said.proven or said.call or f"no call {uuid4()}"


def suspected(patient: Patient) -> Patient | None:
    """A verified patient who may be the same person: a similar name, and the same number or
    birthday. Shown to staff only."""
    known = SUSPECTED(number=patient.phone, birthday=patient.date_of_birth, but=patient.pk)
    return next((row for row in known if is_like(row, patient)), None)


def of_number_or_birthday() -> PatientQuerySet:
    same_number = Q(phone=Given("number")) | Q(other_phones__contains=[Given("number")])
    same_birthday = Q(date_of_birth=Given("birthday"))
    known = Patient.objects.verified().filter(same_number | same_birthday)
    return known.exclude(pk=Given("but")).order_by("created", "pk")


SUSPECTED = Statement(of_number_or_birthday)


def may_be_the_same(chosen: Iterable[Patient]) -> list[Patient]:
    """The patients who may be one of `chosen`, by the marks on either side."""
    rows = list(chosen)
    marked = Patient.objects.filter(
        Q(may_be__in=rows) | Q(pk__in=[row.may_be_id for row in rows if row.may_be_id])
    )
    return list(marked.exclude(pk__in=[row.pk for row in rows]).order_by("created", "pk"))


def is_like(patient: Patient, other: Patient) -> bool:
    return names.is_nearly_of(patient, other.name)


def learn(patient: Patient, said: Details) -> bool:
    """Add what was missing, and correct what this very call gave before. Nothing else is
    overwritten. Returns whether anything was corrected.

    `patient` is one of the caller's. It is locked, and as it was read then.
    """
    added: dict[str, Detail] = {
        field: value
        for field, value in (("date_of_birth", said.date_of_birth), ("email", said.email))
        if value and not getattr(patient, field)
    }
    corrected = corrections(patient, said)
    is_new = patient.birthday_proves != patient.is_verified
    if said.date_of_birth and is_new and gives_birthday(patient, said, {*added, *corrected}):
        patient.birthday_proves = patient.is_verified
        patient.save(update_fields=["birthday_proves"])
    if added or corrected:
        keep(patient, said, added, corrected)
    return bool(corrected)


def compare(patient: Patient) -> None:
    """Mark a patient who was registered just now, if staff may want to compare another one.

    Those of the caller's number were compared when the patient was recognised. So others are looked
    for where another number or a birthday was said.
    """
    if patient.is_verified and patient.date_of_birth is None:
        return
    if patient.may_be is None and (like := suspected(patient)):
        patient.may_be = like
        patient.save(update_fields=["may_be"])


def gives_birthday(patient: Patient, said: Details, changed: Iterable[str]) -> bool:
    """Whether the birthday of the record was given by this caller."""
    is_said_again = patient.is_verified and said.date_of_birth == patient.date_of_birth
    return "date_of_birth" in changed or is_said_again


def corrections(patient: Patient, said: Details) -> dict[str, Detail]:
    """The fields that this call now corrects, with their new values. The proven number cannot be
    corrected, and a name is not replaced by a part of it."""
    values: dict[str, Detail] = {"date_of_birth": said.date_of_birth, "email": said.email}
    if not patient.is_verified:
        values["phone"] = said.other_phone
    if not is_named(patient, said.name) and not names.contains(patient.name, said.name):
        values["name"] = said.name
    return {
        field: value
        for field, value in values.items()
        if value
        and getattr(patient, field) not in (None, "", value)
        and patient.may_be_corrected(field, said.call)
    }


def keep(
    patient: Patient, said: Details, added: dict[str, Detail], corrected: dict[str, Detail]
) -> None:
    """A name is corrected once in a call. If it is said differently again, it is asked about."""
    for field, value in {**added, **corrected}.items():
        setattr(patient, field, value)
    before = patient.given if patient.given_in == said.call else []
    patient.given_in = said.call
    patient.given = [field for field in {*before, *added} if field not in {"name"} & {*corrected}]
    patient.may_be = patient.may_be or suspected(patient)
    patient.save()


def note_contact(appointment: Appointment, said: Details) -> None:
    """Keep with the appointment, for staff, a number that was said and is not the patient's."""
    phone = contact_phone(appointment.patient, said)
    if phone and phone != appointment.contact_phone:
        appointment.contact_phone = phone
        appointment.save(update_fields=["contact_phone"])


def contact_phone(patient: Patient, said: Details) -> str:
    """A number that was said and is not the patient's, or ""."""
    return "" if said.other_phone in patient.numbers else said.other_phone
