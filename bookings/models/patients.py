"""Patients, and what they are recognised by."""

import uuid
from collections.abc import Iterable
from typing import ClassVar, Self, Unpack

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from bookings import diaries, phones
from bookings.accents import without_accents
from bookings.models.practice import NAME_LENGTH, DiaryQuerySet
from bookings.models.saving import SaveOptions, insert_unless_there, write_later
from tenants.postgresql import statements
from tenants.postgresql.statements import Given


class PatientQuerySet(DiaryQuerySet["Patient"]):
    def verified(self) -> Self:
        return self.filter(claimed_by="")

    def reached_at(self, *numbers: str | Given) -> Self:
        """The patients who have one of these numbers (E.164)."""
        return self.filter(Q(phone__in=numbers) | Q(other_phones__overlap=list(numbers)))


class Patient(models.Model):
    """Whom appointments are for. A phone may be a family's: a patient is a phone and a name.

    A patient is verified or claimed. The details of a claimed one were given by a caller without a
    proof: `claimed_by` is the signalled number (E.164) or, if that was withheld, the id of the
    call. Only that caller hears of a claimed patient, whatever `phone` is.
    """

    FROM_CALLERS = ("name", "phone", "date_of_birth", "email")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    name_key = models.CharField(max_length=NAME_LENGTH * 2, editable=False)
    phone = models.CharField(max_length=16, blank=True, validators=[phones.validate])
    # They open the patient's appointments exactly as `phone` does.
    other_phones = ArrayField(
        models.CharField(max_length=16, validators=[phones.validate]),
        default=list,
        blank=True,
        verbose_name="other phones",
        help_text="Who calls from one of them hears of the patient's appointments, too.",
    )
    # The names of records that were merged into this one.
    other_names = ArrayField(
        models.CharField(max_length=NAME_LENGTH), default=list, blank=True, editable=False
    )
    date_of_birth = models.DateField(null=True, blank=True)
    # Whether the birthday proves who calls: staff wrote or checked it, or it was given in a call
    # from the patient's own number. One from a claimed record proves nothing, also after a merge.
    birthday_proves = models.BooleanField(default=True, db_default=False, editable=False)
    email = models.EmailField(blank=True)
    claimed_by = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    # For staff: no answer to a caller depends on it.
    may_be = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )
    # The call that gave the fields named in `given`, and that may correct them.
    given_in = models.CharField(max_length=NAME_LENGTH, blank=True, editable=False)
    given = ArrayField(models.CharField(max_length=20), default=list, blank=True, editable=False)
    created = models.DateTimeField(db_default=Now(), editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes: ClassVar = [
            GinIndex(fields=["other_phones"], name="patient_other_phones"),
            models.Index(fields=["phone"], name="patient_phone"),
            models.Index(fields=["date_of_birth"], name="patient_date_of_birth"),
            models.Index(
                fields=["claimed_by"], condition=~Q(claimed_by=""), name="patient_claimed_by"
            ),
        ]
        constraints: ClassVar = [
            # One row for each caller: another caller's record neither blocks nor reveals anything.
            models.UniqueConstraint(
                name="patient_is_known_once_to_each_caller",
                fields=["claimed_by", "phone", "name_key", "date_of_birth"],
                nulls_distinct=False,
                condition=~Q(phone=""),
                violation_error_message="This patient is already known.",
            ),
        ]

    def __str__(self) -> str:
        text = phones.beside(self.name, self.phone) if self.phone else self.name
        return text if self.is_verified else f"{text} (unverified)"

    def save(self, **options: Unpack[SaveOptions]) -> None:
        self.name_key = name_key(self.name)
        super().save(**options)

    def clean(self) -> None:
        self.name_key = name_key(self.name)

    @property
    def is_verified(self) -> bool:
        return not self.claimed_by

    @property
    def numbers(self) -> list[str]:
        """All numbers of the patient, E.164."""
        return [number for number in (self.phone, *self.other_phones) if number]

    @property
    def names(self) -> list[str]:
        return [self.name, *self.other_names]

    def may_be_corrected(self, field: str, call: str) -> bool:
        """Whether this very call (its id) gave the field."""
        return bool(call) and self.given_in == call and field in self.given

    @property
    def is_new(self) -> bool:
        """Whether it is not registered: there is no row of it."""
        return self._state.adding

    def register(self) -> None:
        """Insert the new row with the next statement, inside of a writing. It fails there if
        somebody else has registered the patient meanwhile."""
        write_later(self, statements.insertion(self))
        diaries.note([self])

    def lock(self) -> bool:
        """Lock the row until the transaction ends, and read it as it is now. A new one is inserted.

        False if it was merged, erased or given to another person since it was read, or if somebody
        else has registered the new one.
        """
        if self.is_new:
            is_held, _ = insert_unless_there(self)
            diaries.note([self] if is_held else [])
            return is_held
        return self.renew(Patient.objects.filter(pk=self.pk).lock())

    def renew(self, locked: Iterable[models.Model]) -> bool:
        """Read it as it is now, from its row among those that were locked. False as in `lock`."""
        row = next((row for row in locked if row == self), None)
        if not isinstance(row, Patient) or row.identity != self.identity:
            return False
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(row, field.attname))
        return True

    @property
    def identity(self) -> tuple[str, ...]:
        """What a caller is recognised by, except the birthday, which is only ever added."""
        return self.name_key, self.claimed_by, self.phone, *sorted(self.other_phones)


def name_key(name: str) -> str:
    return folded(name)[: NAME_LENGTH * 2]


def folded(text: str) -> str:
    """A text without case, spacing and accents, which are the transcriber's choice."""
    return " ".join(without_accents(text).casefold().split())
